"""The served interface: killed, locked out, out of space, without its database, and back."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from src import alerts, collection, config
from src.collection import store
from tests.integration import waiting
from tests.integration.api_server import KEYS, Gate, Server, free_port, serving
from tests.unit.collection.events import event

CLIENTS = 8


def stored() -> Counter[str]:
    return Counter(entry["id"] for entry in collection.every())


def figures() -> list[Any]:
    """Everything that is counted rather than read from the events."""
    span = collection.overview()
    return [
        collection.stats(),
        (span.by_type, span.sessions, span.cars, span.timed, span.mean_duration),
        collection.daily(),
        collection.funnel(),
        collection.most_clicked(limit=100),
    ]


def numbered(client: int, number: int) -> dict[str, Any]:
    kinds = ("impression", "click", "view_details", "whatsapp_contact")
    kind = kinds[(client + number) % 4]
    return event(
        client * 1_000_000 + number,
        interaction_type=kind,
        session_id=f"sess_1699999999999_s{number % 7}",
        car_id=f"car_{number % 5}",
        duration_seconds=2.5 if kind == "view_details" else None,
    )


@pytest.mark.usefixtures("any_database")
def test_a_server_killed_under_load_loses_and_doubles_nothing(tmp_path: Path) -> None:
    acknowledged: list[str] = []
    sent: list[str] = []
    stop = threading.Event()
    with serving(tmp_path / "log") as server:

        def send(client: int) -> None:
            number = 0
            while not stop.is_set():
                entry = numbered(client, number)
                sent.append(entry["id"])
                try:
                    if number % 5 == 4:
                        batch = [entry, numbered(client, number - 1)]
                        path, body = "/api/interactions/batch", {"events": batch}
                        status = server.request("POST", path, body)[0]
                    else:
                        status = server.track(entry)
                except (OSError, http.client.HTTPException, ValueError):
                    stop.wait(0.05)
                    continue  # as the tracker does: the same event again
                if status == 200:
                    acknowledged.append(entry["id"])
                    number += 1

        threads = [threading.Thread(target=send, args=(client,)) for client in range(CLIENTS)]
        for thread in threads:
            thread.start()
        for _ in range(2):
            before = len(acknowledged)
            while len(acknowledged) < before + 150:
                threading.Event().wait(0.01)
            assert server.stop(signal.SIGKILL) == -signal.SIGKILL
            server.start()
        stop.set()
        for thread in threads:
            thread.join()
    found = stored()
    assert set(acknowledged) <= set(found) <= set(sent)
    assert set(found.values()) == {1}
    before_counting = figures()
    collection.rebuild_counters()
    assert figures() == before_counting
    assert before_counting[0]["total_interactions"] > 0


@pytest.mark.usefixtures("any_database")
def test_two_servers_of_one_database_store_and_count_each_event_once(tmp_path: Path) -> None:
    answers: list[int] = []
    with serving(tmp_path / "one.log") as one, serving(tmp_path / "two.log") as two:

        def send(server: Server, client: int) -> None:
            answers.extend(server.track(numbered(client, number)) for number in range(60))

        threads = [
            threading.Thread(target=send, args=(server, client))
            for server in (one, two)
            for client in range(3)  # the same events reach both
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert Counter(answers) == {200: 360}
    assert stored() == Counter(
        numbered(client, number)["id"] for client in range(3) for number in range(60)
    )
    before_counting = figures()
    collection.rebuild_counters()
    assert figures() == before_counting


def test_a_server_that_is_told_to_stop_answers_what_it_has_begun(tmp_path: Path) -> None:
    with serving(tmp_path / "log") as server:
        answers: list[int] = []

        def send(client: int) -> None:
            for number in range(1000):
                try:
                    answers.append(server.track(numbered(client, number)))
                except ConnectionRefusedError:
                    return  # it has stopped listening; nothing of this one was sent

        threads = [threading.Thread(target=send, args=(client,)) for client in range(4)]
        for thread in threads:
            thread.start()
        while len(answers) < 100:
            threading.Event().wait(0.01)
        server.stop()
        for thread in threads:
            thread.join()
        assert set(answers) == {200}
        assert len(stored()) == len(answers)


def wait_for(server: Server, status: int) -> None:
    """Send an event until it is answered so; other answers must be 503."""
    for number in range(600):
        found = server.track(event(900_000))
        if found == status:
            return
        assert found == 503, number
        threading.Event().wait(0.05)
    raise AssertionError


def test_a_locked_database_is_a_503_in_seconds_and_then_events_are_taken_again(
    tmp_path: Path, settings: config.Settings
) -> None:
    with serving(tmp_path / "log") as server:
        assert server.track(event(1)) == 200
        holder = sqlite3.connect(settings.data_dir / "bancada.db", isolation_level=None)
        holder.execute("BEGIN EXCLUSIVE")
        answers = []

        def send(number: int) -> None:
            answers.append(server.request("POST", "/api/interactions/track", event(number)))

        threads = [threading.Thread(target=send, args=(number,)) for number in range(2, 8)]
        for thread in threads:
            thread.start()
        # What only reads is still answered, and so is what is wrong with an event.
        assert server.request("GET", "/api/ml/stats", key="read-key")[0] == 200
        assert server.track({"id": "x"}) == 422
        for thread in threads:
            thread.join()
        for status, headers, body in answers:
            assert status == 503
            assert int(headers["retry-after"]) >= 1
            assert body["type"] == "urn:bancada:problem:unavailable"
        holder.execute("ROLLBACK")
        holder.close()
        assert server.track(event(2)) == 200
        assert stored() == Counter(["int_000001", "int_000002"])
        assert sum(store.rejected().values()) >= 1  # counted when the database came back


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small disk needs root")
def test_a_full_disk_is_a_503_and_room_is_enough_to_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(disk)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("this machine lets nobody mount a disk")
    try:
        monkeypatch.setenv("BANCADA_DATA_DIR", str(disk))
        config.get_settings.cache_clear()
        with serving(tmp_path / "log") as server:
            assert server.track(event(1)) == 200
            ballast = disk / "ballast"
            with ballast.open("wb", buffering=0) as file, pytest.raises(OSError, match="space"):
                while True:
                    file.write(b"x" * 4096)
            taken = 1
            for number in range(2, 20_000):
                status = server.track(event(number))
                if status != 200:
                    break
                taken += 1
            assert status == 503
            assert server.request("GET", "/health/live")[0] == 200
            ballast.unlink()
            wait_for(server, 200)
            assert len(stored()) == taken + 1
            server.stop()
        from src import persistence

        persistence.get_engine().dispose()
    finally:
        subprocess.run(["umount", str(disk)], check=True)


@pytest.mark.usefixtures("any_database")
@pytest.mark.parametrize(
    "any_database", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)
def test_a_database_that_is_gone_is_a_503_until_it_is_back(
    tmp_path: Path,
) -> None:
    url = urlsplit(os.environ["BANCADA_DATABASE_URL"])
    gate = Gate(url.port or 5432)
    gate.open()
    through = url._replace(netloc=f"{url.username}@127.0.0.1:{gate.port}").geturl()
    try:
        with serving(tmp_path / "log", BANCADA_DATABASE_URL=through) as server:
            assert server.track(event(1)) == 200
            gate.close()
            for number in (2, 3):
                status, headers, body = server.request(
                    "POST", "/api/interactions/track", event(number)
                )
                assert (status, bool(headers["retry-after"])) == (503, True)
                assert str(gate.port) not in str(body)
            assert server.request("GET", "/health/ready")[0] == 503
            assert server.request("GET", "/api/ml/stats", key="read-key")[0] == 503
            found = server.request("GET", "/health/detailed", key="read-key")
            assert (found[0], found[2]["status"]) == (200, "degraded")
            gate.open()
            wait_for(server, 200)
            assert server.request("GET", "/health/ready")[0] == 200
            assert stored() == Counter(["int_000001", "int_900000"])
    finally:
        gate.close()


def run_api(port: int, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "src.api"],
        cwd=config.PROJECT_ROOT,
        env={**os.environ, "BANCADA_API_PORT": str(port), **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.mark.parametrize(("proxies", "last"), [({}, 429), ({"FORWARDED_ALLOW_IPS": "*"}, 200)])
def test_a_client_cannot_choose_its_address_unless_it_is_a_known_proxy(
    tmp_path: Path, proxies: dict[str, str], last: int
) -> None:
    with serving(tmp_path / "log", BANCADA_API_READS_PER_MINUTE="2", **proxies) as server:
        for number in range(3):
            headers = {"X-API-Key": "read-key", "X-Forwarded-For": f"192.0.2.{number}"}
            connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
            connection.request("GET", "/api/ml/stats", headers=headers)
            status = connection.getresponse().status
            connection.close()
        assert status == last


def test_an_interface_that_runs_alone_checks_the_alerts(tmp_path: Path) -> None:
    with serving(tmp_path / "log", BANCADA_ALERT_SECONDS="1"):
        waiting.wait_for(lambda: len(alerts.history(["silence"])) >= 2)


def test_a_taken_port_is_said_clearly() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        ended = run_api(port)
    assert ended.returncode == 3
    assert f"a porta {port} de 127.0.0.1 já está em uso" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"BANCADA_API_HOST": "192.0.2.1"}, "não pode ser usada"),
        ({"BANCADA_API_HOST": "no.such.host.invalid"}, "não pode ser usada"),
        ({"BANCADA_API_KEY": "igual", "BANCADA_WRITE_KEY": "igual"}, "iguais"),
        ({"BANCADA_DATABASE_URL": "postgresql://127.0.0.1:1/nada"}, "O banco de dados não"),
    ],
)
def test_what_keeps_it_from_starting_is_said_clearly(
    environment: dict[str, str], said: str
) -> None:
    ended = run_api(free_port(), **environment)
    assert ended.returncode == 1
    assert said in ended.stderr
    assert "Traceback" not in ended.stderr


def test_keys_are_shown_at_the_start_that_made_them_and_never_again(
    tmp_path: Path, settings: config.Settings
) -> None:
    empty = dict.fromkeys(KEYS, "")
    with serving(tmp_path / "first.log", **empty) as server:
        shown = (tmp_path / "first.log").read_text("utf-8")
        keys = [
            next(line.split("=")[1].split()[0] for line in shown.splitlines() if name in line)
            for name in KEYS
        ]
        assert server.request("GET", "/api/ml/stats", key=keys[0])[0] == 200
        assert server.request("GET", "/api/ml/stats", key=keys[1])[0] == 403
        assert server.request("POST", "/api/interactions/track", event(), keys[1])[0] == 200
        server.stop()
    for name in ("api-read.key", "api-write.key"):
        assert stat.S_IMODE((settings.data_dir / name).stat().st_mode) == 0o600
    with serving(tmp_path / "second.log", **empty) as server:
        assert server.request("GET", "/api/ml/stats", key=keys[0])[0] == 200
        server.stop()
    for key in keys:
        assert key not in (tmp_path / "second.log").read_text("utf-8")
