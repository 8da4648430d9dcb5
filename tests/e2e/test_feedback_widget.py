"""The feedback buttons in a real browser, on another origin than the running API."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from src import config, conversations
from src.conversations import NewConversation, NewTurn, Role
from src.review import Problem
from tests.e2e.conftest import PATIENCE, ROOT
from tests.e2e.site import Gate, pages, standing_before
from tests.e2e.test_tracker import BLOCKED, WRITE_KEY, api
from tests.integration.waiting import wait_for

SCRIPT = ROOT / "src" / "api" / "static" / "feedback.js"
QUEUED = "Object.keys(localStorage).filter(key => key.startsWith('bancada.feedback.')).length"
GOOD, BAD = "Resposta boa", "Resposta ruim"
numbers = itertools.count()


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with pages() as address:
        yield address


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("feedback")


@pytest.fixture(scope="module")
def upstream(browser: Any, folder: Path, site: str) -> Iterator[str]:
    with api(folder, site) as address:
        yield address


@pytest.fixture
def gate(
    upstream: str, folder: Path, settings: config.Settings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Gate]:
    """What stands before the API; this process reads and writes the same data."""
    monkeypatch.setenv("BANCADA_DATA_DIR", str(folder / "data"))
    config.get_settings.cache_clear()
    with standing_before(upstream) as gate:
        yield gate


class Visitor:
    """A browser without history before a conversation; what a page of it throws fails the test."""

    def __init__(self, browser: Any, site: str, gate: Gate, **options: Any) -> None:
        self.context = browser.new_context(**options)
        self.context.set_default_timeout(PATIENCE)
        self.site, self.gate = site, gate
        self.thrown: list[str] = []
        self.name = f"talk{next(numbers)}"
        turns = tuple(
            NewTurn(role, "texto", origin_id=f"{self.name}.{n}")
            for n, role in enumerate((Role.CUSTOMER, Role.ASSISTANT))
        )
        conversations.add([NewConversation(origin_id=self.name, turns=turns)], "site", actor="ana")
        (self.id,) = (
            it.summary.id for it in conversations.every() if it.summary.origin_id == self.name
        )
        self.shows(
            f'<p data-bancada-turn="{self.name}.1">Custa R$ 45.900.</p>'
            f'<section data-bancada-conversation="{self.name}"></section>'
        )

    def shows(self, html: str) -> None:
        """Let every page that is opened from now on have this in its body."""
        self.context.add_init_script(
            "document.addEventListener('DOMContentLoaded', () => document.body"
            f".insertAdjacentHTML('beforeend', {json.dumps(html)}))"
        )

    def open(self, policy: str = "", **attributes: str) -> Any:
        page = self.context.new_page()
        page.on("pageerror", lambda error: self.thrown.append(str(error)))
        given = {
            "src": f"{self.gate.address}/feedback.js",
            "data-key": WRITE_KEY,
            **{f"data-{name}": value for name, value in attributes.items()},
            **({"policy": policy} if policy else {}),
        }
        page.goto(f"{self.site}/?{urlencode(given)}", wait_until="load")
        return page

    def said(self) -> list[tuple[Any, ...]]:
        """What is stored about the conversation."""
        found = conversations.feedback_of(self.id)
        return sorted((it.kind, it.stars, it.comment) for it in found)

    def flagged(self) -> list[tuple[str, str]]:
        """What problems are stored about the conversation, and what was said of them."""
        found = conversations.feedback_of(self.id)
        return [(it.problem, it.comment) for it in found if it.kind == "problem"]

    def arrives(self, *expected: tuple[Any, ...]) -> None:
        """Wait until just this is stored."""
        wait_for(lambda: self.said() == sorted(expected))


@pytest.fixture
def visitor(browser: Any, site: str, gate: Gate) -> Iterator[Visitor]:
    visitor = Visitor(browser, site, gate)
    yield visitor
    visitor.context.close()
    assert visitor.thrown == []


@dataclass
class Button:
    """A button by its name, wherever in a shadow it is."""

    page: Any
    name: str

    @property
    def there(self) -> Any:
        return self.page.get_by_role("button", name=self.name, exact=True)

    def press(self) -> None:
        self.there.click()

    @property
    def pressed(self) -> bool:
        found: bool = self.there.get_attribute("aria-pressed") == "true"
        return found


def emptied(page: Any) -> None:
    """Wait until what waited has been sent and answered."""
    page.wait_for_function(f"{QUEUED} === 0")


def test_the_script_is_small_and_of_a_grammar_that_older_browsers_know() -> None:
    text = SCRIPT.read_text(encoding="utf-8")
    assert len(text.encode()) < 15 * 1024
    assert not re.search(r"\?\.|\?\?|catch \{|\*\*|\{ \.\.\.|#\w+ =|import |innerHTML", text)


def test_a_reaction_is_stored_changed_remembered_and_taken_back(
    visitor: Visitor, gate: Gate
) -> None:
    page = visitor.open()
    good, bad = Button(page, GOOD), Button(page, BAD)
    good.there.wait_for()
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert gate.sent == []
    good.press()
    visitor.arrives(("reaction", 5, ""))
    assert (good.pressed, bad.pressed) == (True, False)
    bad.press()
    visitor.arrives(("reaction", 1, ""))
    emptied(page)
    page.reload()
    bad.there.wait_for()
    assert (good.pressed, bad.pressed) == (False, True)
    bad.press()
    visitor.arrives()
    assert (good.pressed, bad.pressed) == (False, False)
    assert {sent.content_type for sent in gate.sent} == {"application/json"}
    assert {sent.path for sent in gate.sent} == {"/api/feedback"}
    assert visitor.context.cookies() == []


def test_who_says_no_may_say_why(visitor: Visitor) -> None:
    page = visitor.open()
    why = page.get_by_role("textbox", name="O que houve de errado?")
    Button(page, BAD).press()
    why.fill("  <b>preço</b> errado  ")
    Button(page, "Enviar").press()
    visitor.arrives(("reaction", 1, "<b>preço</b> errado"))
    assert not why.is_visible()
    assert page.get_by_role("status").first.inner_text() == "Obrigado pela avaliação."


def test_who_says_no_may_name_the_problem(visitor: Visitor, gate: Gate) -> None:
    page = visitor.open()
    kind = page.get_by_role("combobox", name="Tipo de problema (opcional)")
    Button(page, BAD).there.wait_for()
    assert not kind.is_visible()  # it is asked only of who says no
    Button(page, BAD).press()
    visitor.arrives(("reaction", 1, ""))
    Button(page, "Enviar").press()  # says nothing, so nothing is sent
    offered = kind.locator("option").evaluate_all("all => all.map((one) => one.value)")
    assert offered == ["", *Problem]
    kind.select_option(label="Informação errada")
    page.get_by_role("textbox", name="O que houve de errado?").fill("<i>R$ 1</i>")
    Button(page, "Enviar").press()
    visitor.arrives(("reaction", 1, ""), ("problem", None, "<i>R$ 1</i>"))
    assert visitor.flagged() == [("wrong_information", "<i>R$ 1</i>")]
    emptied(page)
    assert len(gate.sent) == 2
    assert not kind.is_visible()
    assert page.get_by_role("status").first.inner_text() == "Obrigado pela avaliação."
    assert Button(page, BAD).pressed


def test_stars_are_given_once_with_a_comment(visitor: Visitor, gate: Gate) -> None:
    page = visitor.open()
    Button(page, "2 estrelas").press()
    Button(page, "4 estrelas").press()
    assert not Button(page, "2 estrelas").pressed
    assert gate.sent == []  # a slip of the finger costs nothing
    page.get_by_role("textbox", name="Comentário (opcional)").fill("Foi útil.")
    Button(page, "Enviar").press()
    visitor.arrives(("rating", 4, "Foi útil."))
    emptied(page)
    page.reload()
    Button(page, "4 estrelas").there.wait_for()
    assert Button(page, "4 estrelas").pressed
    assert Button(page, "1 estrela").there.is_disabled()


def test_the_keyboard_is_enough(visitor: Visitor) -> None:
    page = visitor.open()
    page.evaluate("window.keys = 0; document.onkeydown = () => { window.keys++; }; null")
    Button(page, GOOD).there.wait_for()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    visitor.arrives(("reaction", 1, ""))
    page.keyboard.press("Tab")
    page.keyboard.type("Tom")
    page.keyboard.press("Tab")
    page.keyboard.type("seco")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    visitor.arrives(("reaction", 1, ""), ("problem", None, "seco"))
    assert visitor.flagged() == [("tone", "seco")]
    focused = "document.activeElement.shadowRoot.activeElement.getAttribute('aria-label')"
    assert page.evaluate(focused) == BAD
    for _ in range(5):
        page.keyboard.press("Tab")
    assert page.evaluate(focused) == "5 estrelas"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    visitor.arrives(("reaction", 1, ""), ("problem", None, "seco"), ("rating", 5, ""))
    assert page.evaluate("window.keys") == 1  # the site's own shortcuts heard the first Tab only


def test_offline_it_waits_over_a_reload_and_online_it_is_sent(visitor: Visitor, gate: Gate) -> None:
    gate.broken = True
    page = visitor.open()
    Button(page, GOOD).press()
    wait_for(lambda: gate.sent)
    page.reload()
    visitor.context.set_offline(True)
    Button(page, BAD).press()
    assert page.evaluate(QUEUED) == 2
    gate.broken = False
    visitor.context.set_offline(False)
    visitor.arrives(("reaction", 1, ""))
    emptied(page)


def test_errors_of_the_server_are_outlived_and_it_waits_as_long_as_asked(
    visitor: Visitor, gate: Gate
) -> None:
    gate.answers = [(500, {}), (429, {"Retry-After": "2"})]
    page = visitor.open()
    Button(page, GOOD).press()
    visitor.arrives(("reaction", 5, ""))
    emptied(page)
    assert len({json.loads(sent.text)["id"] for sent in gate.sent}) == 1
    assert gate.sent[2].at - gate.sent[1].at > 1.9


def test_what_is_refused_is_dropped_and_the_rest_is_sent(visitor: Visitor, gate: Gate) -> None:
    visitor.shows(f'<p data-bancada-turn="{"x" * 400}"></p>')
    page = visitor.open()
    page.get_by_role("button", name=GOOD).nth(1).click()
    page.get_by_role("button", name=GOOD).nth(0).click()
    visitor.arrives(("reaction", 5, ""))
    emptied(page)
    assert gate.handed_on == [422, 200]


@pytest.mark.parametrize("storage", ["there", "blocked"])
def test_what_is_said_while_leaving_arrives(visitor: Visitor, gate: Gate, storage: str) -> None:
    if storage == "blocked":
        visitor.context.add_init_script(BLOCKED)
    gate.open.clear()
    page = visitor.open()
    Button(page, GOOD).press()
    wait_for(lambda: gate.sent)
    page.goto(f"{visitor.site}/")
    wait_for(lambda: any("?" in sent.path for sent in gate.sent))
    gate.open.set()
    visitor.arrives(("reaction", 5, ""))
    (beacon,) = [sent for sent in gate.sent if "?" in sent.path]
    assert beacon.path == f"/api/feedback?key={WRITE_KEY}"
    assert beacon.content_type == "text/plain;charset=UTF-8"


def test_two_visitors_do_not_touch_each_other(
    visitor: Visitor, browser: Any, site: str, gate: Gate
) -> None:
    other = Visitor(browser, site, gate)
    other.shows(f'<p data-bancada-turn="{visitor.name}.1"></p>')
    Button(visitor.open(), GOOD).press()
    page = other.open()
    page.get_by_role("button", name=BAD).nth(1).click()
    visitor.arrives(("reaction", 5, ""), ("reaction", 1, ""))
    page.get_by_role("button", name=BAD).nth(1).click()
    visitor.arrives(("reaction", 5, ""))
    other.context.close()
    assert other.thrown == []


def test_neither_the_sites_styles_come_in_nor_ours_go_out(visitor: Visitor) -> None:
    visitor.shows(
        "<style>div, button, textarea {display: none !important; color: red; font-size: 90px}"
        "</style><button id='own'>x</button>"
    )
    page = visitor.open()
    look = "getComputedStyle({}).{}"
    button = "document.querySelector('p > div').shadowRoot.querySelector('button')"
    Button(page, GOOD).there.wait_for()
    assert page.evaluate(look.format(button, "fontSize")) == "14px"
    assert page.evaluate(look.format(button, "color")) != "rgb(255, 0, 0)"
    assert page.evaluate(look.format("document.getElementById('own')", "minHeight")) != "32px"


CONTRAST = """() => {
  const part = (n) => (n /= 255) <= 0.04045 ? n / 12.92 : Math.pow((n + 0.055) / 1.055, 2.4);
  const light = (color) => {
    const [r, g, b] = color.match(/[\\d.]+/g).map((n) => part(Number(n)));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const found = [];
  document.querySelectorAll("[data-bancada-feedback]").forEach((host) =>
    host.shadowRoot.querySelectorAll("button:not(:disabled), select, textarea, .words:not(:empty)")
      .forEach((one) => {
        const look = getComputedStyle(one);
        const [a, b] = [light(look.color), light(look.backgroundColor)].sort((x, y) => y - x);
        found.push((a + 0.05) / (b + 0.05));
      }));
  return [Math.min(...found), light(getComputedStyle(document.querySelector("p > div").shadowRoot
    .querySelector("button")).backgroundColor)];
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_legible_by_day_and_by_night(
    browser: Any, site: str, gate: Gate, scheme: str
) -> None:
    visitor = Visitor(browser, site, gate, color_scheme=scheme)
    page = visitor.open()
    Button(page, BAD).press()
    Button(page, "3 estrelas").press()
    contrast, paper = page.evaluate(CONTRAST)
    assert contrast >= 4.5
    assert (paper > 0.5) == (scheme == "light")
    visitor.context.close()
    assert visitor.thrown == []


def test_texts_are_the_sites_own_if_it_likes(visitor: Visitor) -> None:
    page = visitor.open(
        **{
            "text-good": "Good <b>answer</b>",
            "text-bad": "Bad",
            "text-stars": "{n} stars",
            "text-rate": "How was it?",
            "text-problem": "What was it?",
            "text-send": "Send",
            "text-wrong-information": "It is <b>wrong</b>",
        }
    )
    Button(page, "Bad").press()
    page.get_by_role("combobox", name="What was it?").select_option(label="It is <b>wrong</b>")
    Button(page, "Send").there.first.click()
    wait_for(lambda: visitor.flagged() == [("wrong_information", "")])
    Button(page, "Good <b>answer</b>").press()
    assert page.get_by_role("group", name="How was it?").count() == 1
    Button(page, "4 stars").there.wait_for()
    visitor.arrives(("problem", None, ""), ("reaction", 5, ""))
    assert page.evaluate("document.querySelector('p > div').shadowRoot.querySelector('b')") is None


def test_messages_may_come_change_and_be_written_anew(visitor: Visitor) -> None:
    page = visitor.open()
    Button(page, GOOD).there.wait_for()
    page.evaluate(
        """(name) => {
          const first = document.querySelector("p");
          first.textContent = "escrita de novo";  // removes what was in it
          const late = document.createElement("p");
          late.dataset.bancadaTurn = "other";
          document.body.append(late);
          setTimeout(() => { late.dataset.bancadaTurn = name; }, 300);
        }""",
        f"{visitor.name}.0",
    )
    page.wait_for_function(
        "[...document.querySelectorAll('p')].every((one) => one.querySelectorAll("
        "'[data-bancada-feedback]').length === 1)"
    )
    page.wait_for_timeout(600)
    page.get_by_role("button", name=BAD).nth(1).click()
    visitor.arrives(("reaction", 1, ""))
    (kept,) = conversations.feedback_of(visitor.id)
    turns = conversations.get_conversation(visitor.id).turns
    assert kept.turn_id == turns[0].id


def test_it_works_under_a_strict_content_security_policy(visitor: Visitor, gate: Gate) -> None:
    policy = f"default-src 'none'; script-src {gate.address}; connect-src {gate.address}"
    page = visitor.open(policy=policy)
    Button(page, GOOD).press()
    visitor.arrives(("reaction", 5, ""))
    look = "getComputedStyle(document.querySelector('p > div').shadowRoot.querySelector('button'))"
    assert page.evaluate(f"{look}.minHeight") == "32px"


def test_nothing_makes_it_throw(visitor: Visitor, gate: Gate) -> None:
    visitor.context.add_init_script(
        BLOCKED + "delete window.crypto; delete window.AbortController;"
        "Object.defineProperty(window, 'CSSStyleSheet', {value: undefined});"
    )
    visitor.shows("<img data-bancada-turn='a'><p data-bancada-turn=' '></p><svg data-bancada-turn>")
    page = visitor.open(api="http://[")
    Button(page, GOOD).there.first.click()
    page.add_script_tag(url=f"{gate.address}/feedback.js")
    page.wait_for_timeout(300)
    assert page.evaluate("1 + 1") == 2
    assert page.locator(f"[data-bancada-turn='{visitor.name}.1'] > div").count() == 1


def test_what_is_kept_in_the_browser_that_is_no_longer_right_does_no_harm(
    visitor: Visitor,
) -> None:
    visitor.context.add_init_script(
        "if (!localStorage.length) for (const [key, value] of [['given', '{'], ['visitor', '<x>'],"
        "['feedback.1.old', '{}'], ['feedback.' + Date.now() + '.x', '{\"id\": ']])"
        " localStorage.setItem('bancada.' + key, value);"
    )
    page = visitor.open()
    Button(page, GOOD).press()
    visitor.arrives(("reaction", 5, ""))
    emptied(page)
