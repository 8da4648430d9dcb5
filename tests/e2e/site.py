"""A site on another origin than the API, and what may stand between the two."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

PAGE = """<!doctype html><html lang="pt-BR"><title>Carros</title>
<script>
  const wishes = {budget_min: 30000, budget_max: 60000, usage: "trabalho", priorities:
    {economia: 5, espaco: 3, performance: 2, conforto: 3, seguranca: 4}};
  const car = {marca: "Chevrolet", modelo: "Onix", ano: 2017, preco: 45900, categoria: "Hatch"};
</script>
<body>%s</body></html>"""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: browsers hang up as they like."""


@contextmanager
def serving(handler: type[_Handler]) -> Iterator[int]:
    server = _Server(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def pages() -> Iterator[str]:
    """Serve a page with a script: ``/?src=...&data-key=...``; without ``src`` a plain one.

    ``/?pasted=...`` is a page with just that in its body. A ``policy`` becomes the page's
    Content-Security-Policy.
    """

    class Handler(_Handler):
        def do_GET(self) -> None:
            given = parse_qs(urlsplit(self.path).query, keep_blank_values=True)
            policy = given.pop("policy", [""])[0]
            written = " ".join(f'{name}="{values[0]}"' for name, values in given.items())
            tag = f"<script {written} defer></script>" if "src" in given else ""
            body = (PAGE % given.get("pasted", [tag])[0]).encode()
            headers = {
                "Content-Type": "text/html; charset=utf-8",
                "Content-Security-Policy": policy,
            }
            self.answer(200, headers, body)

    with serving(Handler) as port:
        yield f"http://localhost:{port}"


@dataclass
class Sent:
    """One request that carried events."""

    path: str
    content_type: str
    text: str
    at: float

    @property
    def ids(self) -> list[str]:
        return [event["id"] for event in json.loads(self.text)["events"]]


@dataclass
class Gate:
    """Stands before the API: hands everything on, unless told to answer itself or to wait.

    Attributes
    ----------
    upstream : str
        Host and port of the API.
    answers : list
        Status and headers of the next answers to requests with events; these do not get through.
    broken : bool
        Whether every request with events is answered with 500.
    handed_on : list
        What the API answered to requests with events: their status.
    open : Event
        Requests with events wait while it is not set.
    """

    upstream: str
    address: str = ""
    sent: list[Sent] = field(default_factory=list)
    answers: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    broken: bool = False
    handed_on: list[int] = field(default_factory=list)
    open: threading.Event = field(default_factory=threading.Event)
    passing: threading.Lock = field(default_factory=threading.Lock)


@contextmanager
def standing_before(upstream: str) -> Iterator[Gate]:
    gate = Gate(upstream)
    gate.open.set()

    class Handler(_Handler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            kind = self.headers.get("Content-Type", "")
            gate.sent.append(Sent(self.path, kind, body.decode(), time.monotonic()))
            gate.open.wait(60)
            with gate.passing:
                self._let_through(body)

        def _let_through(self, body: bytes) -> None:
            if gate.broken or gate.answers:
                status, headers = gate.answers.pop(0) if gate.answers else (500, {})
                origin = self.headers.get("Origin", "*")
                self.answer(
                    status,
                    {
                        "Access-Control-Allow-Origin": origin,
                        "Access-Control-Expose-Headers": "Retry-After",
                        **headers,
                    },
                    b"{}",
                )
                return
            self._hand_on(body)

        def do_GET(self) -> None:
            self._hand_on(None)

        def do_OPTIONS(self) -> None:
            self._hand_on(None)

        def _hand_on(self, body: bytes | None) -> None:
            connection = http.client.HTTPConnection(gate.upstream, timeout=60)
            try:
                connection.request(self.command, self.path, body, dict(self.headers))
                answer = connection.getresponse()
                if body is not None:
                    gate.handed_on.append(answer.status)
                kept = {
                    name: value
                    for name, value in answer.getheaders()
                    if name.lower() not in ("content-length", "transfer-encoding", "connection")
                }
                self.answer(answer.status, kept, answer.read())
            except OSError:
                self.close_connection = True  # as if nobody were there
            finally:
                connection.close()

    with serving(Handler) as port:
        gate.address = f"http://127.0.0.1:{port}"
        yield gate
    with gate.passing:  # what was on its way has come through, and nothing comes after it
        gate.upstream = "127.0.0.1:1"
