"""The tracker in a real browser, on another origin than the running API, on good days and bad."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import socket
import sqlite3
import subprocess
import sys
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from src import collection, config
from src.dashboard.collection.site import snippet
from tests.e2e.conftest import PATIENCE, ROOT
from tests.e2e.site import Gate, pages, standing_before
from tests.integration.waiting import wait_for

WRITE_KEY = "write-key-of-the-test-0123456789"
READ_KEY = "read-key-of-the-test-9876543210abc"
SCRIPT = ROOT / "src" / "api" / "static" / "tracker.js"
QUEUED = "Object.keys(localStorage).filter(key => key.startsWith('bancada.event.')).length"
BLOCKED = """
for (const name of ["localStorage", "sessionStorage"])
  Object.defineProperty(window, name, {get() { throw new DOMException("no", "SecurityError"); }});
"""


@contextmanager
def api(folder: Path, origins: str) -> Iterator[str]:
    """Run the API on a free port; give its host and port."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("BANCADA_")}
    port = free_port()
    environment = {
        "BANCADA_DATA_DIR": str(folder / "data"),
        "BANCADA_MODELS_DIR": str(folder / "models"),
        "BANCADA_API_KEY": READ_KEY,
        "BANCADA_WRITE_KEY": WRITE_KEY,
        "BANCADA_API_PORT": str(port),
        "BANCADA_CORS_ORIGINS": origins,
        "BANCADA_API_EVENTS_PER_MINUTE": "0",
    }
    with (folder / "api.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "src.api"],
            cwd=ROOT,
            env={**own, **environment},
            stdout=log,
            stderr=log,
        )

    def answers() -> bool:
        assert process.poll() is None, (folder / "api.log").read_text("utf-8", "replace")[-2000:]
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/health/live", timeout=1).close()
        except OSError:
            return False
        return True

    try:
        wait_for(answers, PATIENCE / 1000)
        yield f"127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=20)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with pages() as address:
        yield address


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tracker")


@pytest.fixture(scope="module")
def upstream(browser: Any, folder: Path, site: str) -> Iterator[str]:
    with api(folder, site) as address:
        yield address


@pytest.fixture
def gate(
    upstream: str, folder: Path, settings: config.Settings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Gate]:
    """What stands before the API, which starts without any event; this process reads its data."""
    monkeypatch.setenv("BANCADA_DATA_DIR", str(folder / "data"))
    config.get_settings.cache_clear()
    for session in {event["session_id"] for event in collection.every()}:
        collection.erase_session(session)
    with standing_before(upstream) as gate:
        yield gate


class Visitor:
    """A browser without history; what a page of it throws fails the test."""

    def __init__(self, browser: Any, site: str, gate: Gate) -> None:
        self.context = browser.new_context()
        self.context.set_default_timeout(PATIENCE)
        self.site, self.gate = site, gate
        self.thrown: list[str] = []
        self.said: list[str] = []

    def open(self, *flags: str, **attributes: str) -> Any:
        """Open the page that has the tracker, in a new tab."""
        page = self.context.new_page()
        page.on("pageerror", lambda error: self.thrown.append(str(error)))
        page.on("console", lambda line: self.said.append(f"{line.type}: {line.text}"))
        given = {
            "src": f"{self.gate.address}/tracker.js",
            "data-key": WRITE_KEY,
            **dict.fromkeys((f"data-{flag}" for flag in flags), ""),
            **{f"data-{name}": value for name, value in attributes.items()},
        }
        page.goto(f"{self.site}/?{urlencode(given)}", wait_until="load")
        return page

    def hears(self, page: Any, word: str) -> None:
        """Wait until a line of the console holds the word."""

        def heard() -> bool:
            page.wait_for_timeout(20)  # lines come in only while the browser is asked something
            return any(word in line for line in self.said)

        wait_for(heard)


@pytest.fixture
def visitor(browser: Any, site: str, gate: Gate) -> Iterator[Visitor]:
    visitor = Visitor(browser, site, gate)
    yield visitor
    visitor.context.close()
    assert visitor.thrown == []


def click(page: Any, car: str, then: str = "") -> None:
    page.evaluate(f"interactionTracker.trackCarClick({car!r}, wishes, car, 0.85); {then}")


def stored() -> list[dict[str, Any]]:
    return list(collection.every())


def arrived(*cars: str) -> list[dict[str, Any]]:
    """Wait until just these cars' events are stored; each once."""
    expected = sorted(cars)
    events: list[dict[str, Any]] = []

    def here() -> bool:
        events[:] = stored()
        return len(events) >= len(expected)

    wait_for(here)
    assert sorted(event["car_id"] for event in events) == expected
    return events


def emptied(page: Any) -> None:
    """Wait until the page's queue has been sent and answered."""
    page.wait_for_function(f"{QUEUED} === 0")


def test_the_script_is_small_and_of_a_grammar_that_older_browsers_know() -> None:
    text = SCRIPT.read_text(encoding="utf-8")
    assert len(text.encode()) < 12 * 1024
    assert not re.search(r"\?\.|\?\?|catch \{|\*\*|\{ \.\.\.|#\w+ =|import ", text)


def test_events_arrive_once_in_the_documented_shape(visitor: Visitor, gate: Gate) -> None:
    page = visitor.open()
    page.evaluate(
        """() => {
          const more = Object.assign({dono: "João", id: 7, placa: {n: 1}}, car);
          const asked = Object.assign({cpf: "123"}, wishes, {email: "x@example.org"});
          interactionTracker.trackImpression("car_1", asked, more, 0.5);
          interactionTracker.trackCarClick("car_1", asked, more, 0.5);
          interactionTracker.trackViewDetails("car_1", asked, more, 0.5, 12.5);
          interactionTracker.trackWhatsAppClick("car_1", asked, more, 0.5);
        }"""
    )
    events = arrived(*["car_1"] * 4)
    assert {event["interaction_type"]: event["duration_seconds"] for event in events} == {
        "impression": None,
        "click": None,
        "view_details": 12.5,
        "whatsapp_contact": None,
    }
    for event in events:
        assert event["car_details"] == {
            "marca": "Chevrolet",
            "modelo": "Onix",
            "ano": 2017,
            "preco": 45900,
            "categoria": "Hatch",
        }
        assert set(event["user_preferences"]) == {
            *("budget_min", "budget_max", "usage", "priorities")
        }
        assert event["match_score"] == 0.5
        assert re.fullmatch(r"sess_\d{13}_[a-z0-9]{12}", event["session_id"])
    assert len({event["session_id"] for event in events}) == 1
    emptied(page)
    assert len(gate.sent) == 1
    assert gate.sent[0].content_type == "application/json"
    assert "key" not in gate.sent[0].path
    assert not re.search("João|123|example|placa", gate.sent[0].text.replace("12.5", ""))
    assert visitor.context.cookies() == []
    assert visitor.said == []


def test_a_session_lasts_as_long_as_the_tab(visitor: Visitor) -> None:
    first, second = visitor.open(), visitor.open()
    click(first, "car_1")
    emptied(first)
    first.reload()
    click(first, "car_2")
    click(second, "car_3")
    one, two, three = sorted(arrived("car_1", "car_2", "car_3"), key=lambda e: e["car_id"])
    assert one["session_id"] == two["session_id"] != three["session_id"]


def test_with_debug_the_console_says_what_happens(visitor: Visitor) -> None:
    page = visitor.open("debug")
    click(page, "car_1")
    arrived("car_1")
    page.evaluate("interactionTracker.trackImpression('car_2', wishes, car, 7)")
    visitor.hears(page, "Evento recusado: impression")  # a batch without any valid event
    page.evaluate("interactionTracker.trackWhatsAppClick('car_3', wishes, car, 7)")
    click(page, "car_4")
    visitor.hears(page, "Evento recusado: whatsapp_contact")
    said = "\n".join(visitor.said)
    assert re.search(r"\[InteractionTracker\] Inicializado com session_id: sess_\d+_", said)
    assert "[InteractionTracker] Evento enviado: click" in said


def test_offline_it_waits_and_online_it_sends(visitor: Visitor, gate: Gate) -> None:
    page = visitor.open()
    visitor.context.set_offline(True)
    click(page, "car_1")
    click(page, "car_2")
    page.wait_for_timeout(500)
    assert (page.evaluate(QUEUED), gate.sent, stored()) == (2, [], [])
    visitor.context.set_offline(False)
    arrived("car_1", "car_2")
    emptied(page)


def test_what_waits_outlives_a_reload(visitor: Visitor, gate: Gate) -> None:
    gate.broken = True
    page = visitor.open()
    click(page, "car_1")
    wait_for(lambda: gate.sent)
    page.reload()
    click(page, "car_2")
    assert page.evaluate(QUEUED) == 2
    gate.broken = False
    arrived("car_1", "car_2")
    emptied(page)


def test_a_slow_server_holds_up_nothing(visitor: Visitor, gate: Gate) -> None:
    gate.open.clear()
    page = visitor.open()
    click(page, "car_1")
    wait_for(lambda: gate.sent)
    click(page, "car_2")
    assert page.evaluate("1 + 1") == 2
    page.goto(f"{visitor.site}/")  # the site goes on; the browser carries what is left
    assert page.title() == "Carros"
    assert stored() == []
    gate.open.set()
    arrived("car_1", "car_2")


def test_errors_of_the_server_are_outlived(visitor: Visitor, gate: Gate) -> None:
    gate.answers = [(500, {}), (503, {})]
    page = visitor.open()
    click(page, "car_1")
    arrived("car_1")
    emptied(page)
    assert len(gate.sent) == 3
    assert len({tuple(sent.ids) for sent in gate.sent}) == 1


def test_it_waits_as_long_as_the_server_asks(visitor: Visitor, gate: Gate) -> None:
    gate.answers = [(429, {"Retry-After": "2"})]
    page = visitor.open()
    click(page, "car_1")
    wait_for(lambda: gate.sent)
    click(page, "car_2")
    arrived("car_1", "car_2")
    first, second = gate.sent
    assert second.at - first.at > 1.9


def test_a_locked_database_delays_and_loses_nothing(
    visitor: Visitor, gate: Gate, folder: Path
) -> None:
    page = visitor.open()
    holder = sqlite3.connect(folder / "data" / "bancada.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    try:
        click(page, "car_1")
        wait_for(lambda: gate.handed_on)
        assert (gate.handed_on, page.evaluate(QUEUED), stored()) == ([503], 1, [])
    finally:
        holder.execute("ROLLBACK")
        holder.close()
    arrived("car_1")
    emptied(page)
    assert gate.handed_on == [503, 200]


def test_a_wrong_key_loses_nothing(visitor: Visitor, gate: Gate) -> None:
    page = visitor.open(key="wrong")
    click(page, "car_1")
    wait_for(lambda: gate.sent)
    page.wait_for_timeout(300)
    assert page.evaluate(QUEUED) == 1
    assert stored() == []
    page.close()
    emptied(visitor.open())
    arrived("car_1")


def test_what_is_no_event_is_dropped_and_the_others_are_sent(visitor: Visitor) -> None:
    page = visitor.open()
    visitor.context.set_offline(True)
    for number in range(7):
        click(page, f"car_{number}")
    page.evaluate("localStorage.setItem('bancada.event.' + (Date.now() - 5) + '.x', '{\"id\": ')")
    visitor.context.set_offline(False)
    arrived(*(f"car_{number}" for number in range(7)))
    emptied(page)


def test_an_invalid_event_is_counted_by_the_server_and_not_sent_for_ever(
    visitor: Visitor, gate: Gate
) -> None:
    page = visitor.open()
    page.evaluate("interactionTracker.trackCarClick('car_1', wishes, car, 85)")
    click(page, "car_2")
    arrived("car_2")
    emptied(page)
    assert len(gate.sent) == 1
    assert collection.overview().rejections["match_score: less_than_equal"] >= 1


def test_blocked_by_cors_the_site_goes_on_and_the_events_wait(
    visitor: Visitor, gate: Gate, folder: Path
) -> None:
    allowed = gate.upstream
    with api(folder, "https://elsewhere.example") as refusing:
        gate.upstream = refusing
        page = visitor.open()
        click(page, "car_1")
        visitor.hears(page, "CORS")
        assert page.evaluate("1 + 1") == 2
        assert page.evaluate(QUEUED) == 1
        assert stored() == []
        gate.upstream = allowed
        arrived("car_1")
        emptied(page)


@pytest.mark.parametrize("storage", ["there", "blocked"])
def test_a_click_that_leaves_the_page_arrives(visitor: Visitor, gate: Gate, storage: str) -> None:
    if storage == "blocked":
        visitor.context.add_init_script(BLOCKED)
    gate.open.clear()  # no answer comes before the page goes
    page = visitor.open()
    with page.expect_navigation():
        click(page, "car_1", then="location.href = '/'")
    wait_for(lambda: any("?" in sent.path for sent in gate.sent))
    gate.open.set()
    arrived("car_1")
    (beacon,) = [sent for sent in gate.sent if "?" in sent.path]
    assert beacon.content_type == "text/plain;charset=UTF-8"
    assert beacon.path.endswith(f"?key={WRITE_KEY}")


def test_a_click_whose_tab_is_closed_arrives(visitor: Visitor) -> None:
    page = visitor.open()
    click(page, "car_1")
    page.close(run_before_unload=True)
    arrived("car_1")


def test_what_a_beacon_carried_counts_once_on_the_next_page(visitor: Visitor, gate: Gate) -> None:
    gate.open.clear()
    page = visitor.open()
    with page.expect_navigation():
        click(page, "car_1", then="location.href += '&again='")
    wait_for(lambda: any("?" in sent.path for sent in gate.sent))
    gate.open.set()
    emptied(page)
    arrived("car_1")
    assert gate.sent[-1].content_type == "application/json"
    assert len({tuple(sent.ids) for sent in gate.sent}) == 1


VIEW = "window.view = interactionTracker.trackViewDetails({!r}, wishes, car, 0.85); null"


def seconds(*cars: str) -> list[float]:
    events = sorted(arrived(*cars), key=lambda event: event["car_id"])
    assert {event["interaction_type"] for event in events} == {"view_details"}
    return [event["duration_seconds"] for event in events]


def test_a_view_is_measured_until_its_end(visitor: Visitor) -> None:
    page = visitor.open()
    began = page.evaluate(VIEW.format("car_1") + ", performance.now()")
    page.wait_for_timeout(600)
    passed = page.evaluate("view.end(), view.end(), performance.now()") - began
    (measured,) = seconds("car_1")
    assert 0.5 <= measured <= passed / 1000 + 0.2


def test_a_view_ends_when_the_next_begins(visitor: Visitor) -> None:
    page = visitor.open()
    page.evaluate(VIEW.format("car_1"))
    page.wait_for_timeout(400)
    page.evaluate("window.first = view; null")
    page.evaluate(VIEW.format("car_2") + ", first.end(), view.end()")
    one, two = seconds("car_1", "car_2")
    assert one >= 0.3
    assert two < one


@pytest.mark.parametrize("how", ["left", "hidden"])
def test_a_view_ends_with_the_page(visitor: Visitor, how: str) -> None:
    page = visitor.open()
    page.evaluate(VIEW.format("car_1"))
    page.wait_for_timeout(400)
    if how == "left":
        page.goto(f"{visitor.site}/")
    else:
        page.evaluate(
            """() => {
              Object.defineProperty(document, "visibilityState", {value: "hidden"});
              document.dispatchEvent(new Event("visibilitychange"));
              view.end();
            }"""
        )
    (measured,) = seconds("car_1")
    assert measured >= 0.3


def test_without_storage_it_works_as_long_as_the_page(visitor: Visitor, gate: Gate) -> None:
    visitor.context.add_init_script(BLOCKED)
    gate.answers = [(500, {})]
    page = visitor.open()
    click(page, "car_1")
    click(page, "car_2")
    events = arrived("car_1", "car_2")
    assert len({event["session_id"] for event in events}) == 1


def test_with_a_full_storage_it_works_as_long_as_the_page(visitor: Visitor) -> None:
    page = visitor.open()
    page.evaluate(
        """() => {
          for (let size = 1 << 22; size >= 1; size >>= 1)
            try { while (true) localStorage.setItem("x" + Math.random(), "x".repeat(size)); }
            catch (error) {}
        }"""
    )
    click(page, "car_1")
    assert page.evaluate(QUEUED) == 0
    arrived("car_1")
    with page.expect_navigation():
        click(page, "car_2", then="location.href = '/'")
    arrived("car_1", "car_2")


def test_the_queue_is_bounded_and_keeps_the_newest(visitor: Visitor, gate: Gate) -> None:
    page = visitor.open()
    visitor.context.set_offline(True)
    page.evaluate(
        """async () => {
          for (let n = 0; n < 900; n++) {
            interactionTracker.trackCarClick("car_" + n, wishes, car, 0.85);
            if (n % 100 === 0) await new Promise((done) => setTimeout(done, 5));
          }
        }"""
    )
    kept = page.evaluate(QUEUED)
    assert 300 <= kept <= 550
    visitor.context.set_offline(False)
    emptied(page)
    numbers = [int(event["car_id"].removeprefix("car_")) for event in stored()]
    assert len(numbers) == len(set(numbers)) <= 500
    assert min(numbers) >= 350
    assert 899 in numbers
    assert max(len(sent.text) for sent in gate.sent) < 64 * 1024 / 3
    assert max(Counter(one for sent in gate.sent for one in sent.ids).values()) == 1


def test_what_is_too_old_or_too_large_is_not_sent(visitor: Visitor, gate: Gate) -> None:
    page = visitor.open()
    page.evaluate(
        """() => {
          const old = Date.now() - 8 * 24 * 3600 * 1000;
          localStorage.setItem("bancada.event." + old + ".x", "{}");
          interactionTracker.trackCarClick("x".repeat(9000), wishes, car, 0.85);
        }"""
    )
    click(page, "car_1")
    arrived("car_1")
    emptied(page)
    assert [len(sent.ids) for sent in gate.sent] == [1]


def test_two_tabs_lose_nothing_and_send_nothing_twice(visitor: Visitor, gate: Gate) -> None:
    tabs = [visitor.open(), visitor.open()]
    visitor.context.set_offline(True)
    cars = [f"car_{number}" for number in range(40)]
    for number, car in enumerate(cars):
        click(tabs[number % 2], car)
    visitor.context.set_offline(False)
    arrived(*cars)
    emptied(tabs[0])
    assert max(Counter(one for sent in gate.sent for one in sent.ids).values()) == 1


def test_no_argument_makes_it_throw(visitor: Visitor, gate: Gate) -> None:
    page = visitor.open()
    thrown = page.evaluate(
        """() => {
          const circle = {}; circle.marca = circle;
          const trap = new Proxy({}, {get() { throw new Error("trap"); }});
          const odd = [undefined, null, NaN, Infinity, -1, "", "\\u0000", "<b>", [], {}, () => 1,
            Symbol("s"), 10n, new Date(NaN), circle, trap, document, "x".repeat(1e6)];
          const thrown = [];
          for (const name of ["trackCarClick", "trackViewDetails", "trackWhatsAppClick",
                              "trackImpression"]) {
            const track = interactionTracker[name];  // on its own, too
            for (const one of [[], ...odd.map((x) => [x]), ...odd.map((x) => [x, x, x, x, x]),
                               ...odd.map((x) => ["car_1", x, x, 0.5]),
                               ...odd.map((x) => ["car_1", wishes, x, x])]) {
              try {
                const handle = track(...one);
                if (name === "trackViewDetails") handle.end("x");
              } catch (error) { thrown.push(String(error)); }
            }
          }
          for (const options of [undefined, null, 3, {api: 7, key: {}}, {api: "http://["}])
            try { new InteractionTracker(options).trackCarClick(); }
            catch (error) { thrown.push(String(error)); }
          return thrown;
        }"""
    )
    assert thrown == []
    click(page, "car_good")
    wait_for(lambda: any(event["car_id"] == "car_good" for event in stored()))
    assert all(event["car_id"] in ("car_good", "car_1") for event in stored())


def test_who_opts_out_is_left_alone_in_every_tab(visitor: Visitor, gate: Gate) -> None:
    page, other = visitor.open(), visitor.open()
    visitor.context.set_offline(True)
    click(page, "car_1")
    page.evaluate("interactionTracker.optOut()")
    assert page.evaluate(QUEUED) == 0
    click(page, "car_2")
    click(other, "car_3")
    page.evaluate(VIEW.format("car_4") + "; view.end()")
    visitor.context.set_offline(False)
    page.reload()
    click(page, "car_5")
    page.wait_for_timeout(600)
    page.goto(f"{visitor.site}/")
    assert page.evaluate("Object.keys(localStorage)") == ["bancada.choice"]
    assert page.evaluate("sessionStorage.length") == 0
    page.go_back()
    page.evaluate("interactionTracker.optIn()")
    click(page, "car_6")
    arrived("car_6")
    assert len(gate.sent) == 1


def test_where_consent_is_required_nothing_is_kept_before_it(visitor: Visitor, gate: Gate) -> None:
    page = visitor.open(consent="required")
    click(page, "car_1")
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    page.evaluate("interactionTracker.optIn()")
    click(page, "car_2")
    arrived("car_2")
    page.reload()
    click(page, "car_3")
    arrived("car_2", "car_3")
    assert not any("car_1" in sent.text for sent in gate.sent)


def test_a_site_sets_one_up_of_its_own(visitor: Visitor, gate: Gate) -> None:
    page = visitor.open(key="wrong")
    page.evaluate(
        """([api, key]) => {
          window.own = new InteractionTracker({api: api + "/", key: key});
          own.trackWhatsAppClick("car_1", wishes, car, 1);
        }""",
        [gate.address, WRITE_KEY],
    )
    (event,) = arrived("car_1")
    assert event["interaction_type"] == "whatsapp_contact"
    happened = dt.datetime.fromisoformat(event["timestamp"])
    assert abs(happened - dt.datetime.now(dt.UTC)) < dt.timedelta(minutes=5)


def test_a_second_copy_of_the_script_changes_nothing(visitor: Visitor, gate: Gate) -> None:
    page = visitor.open()
    page.evaluate("window.first = interactionTracker; null")
    page.add_script_tag(url=f"{gate.address}/tracker.js")
    assert page.evaluate("first === interactionTracker")
    click(page, "car_1")
    arrived("car_1")
    assert len(gate.sent) == 1


def test_the_batches_are_what_the_api_documents(visitor: Visitor, gate: Gate) -> None:
    page = visitor.open()
    click(page, "car_1")
    wait_for(lambda: gate.sent)
    assert gate.sent[0].path == "/api/interactions/batch"
    assert list(json.loads(gate.sent[0].text)) == ["events"]


@pytest.mark.parametrize("blocked", [False, True])
def test_the_snippet_of_the_screen_works_as_it_stands(visitor: Visitor, blocked: bool) -> None:
    page = visitor.context.new_page()
    page.on("pageerror", lambda error: visitor.thrown.append(str(error)))
    if blocked:
        page.route("**/tracker.js", lambda route: route.abort("blockedbyclient"))
    pasted = snippet(visitor.gate.address, WRITE_KEY, example="such", when="then")
    page.goto(f"{visitor.site}/?{urlencode({'pasted': pasted})}", wait_until="load")
    if blocked:
        assert page.evaluate("typeof interactionTracker") == "undefined"
    else:
        kinds = {event["interaction_type"] for event in arrived(*["car_001"] * 4)}
        assert kinds == {"impression", "click", "view_details", "whatsapp_contact"}
