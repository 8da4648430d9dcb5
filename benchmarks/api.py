"""Events over HTTP, one by one: how many a second are safe on disk, and how long each waits.

One server process with SQLite that syncs every commit, and beside it, on the same cores, a load
generator with 32 connections that stay open. Requests are made beforehand; an answer is read to
its end before the next request goes out.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from benchmarks.measure import ROOT, Row, run_python

CLIENTS = 32
SECONDS = 12
WARM_UP_SECONDS = 3
EVENTS_AT_MOST = 120_000

LOAD = r"""
import asyncio, json, random, sys, time

port, key, clients, warm_up, seconds, most = sys.argv[1], sys.argv[2], *map(int, sys.argv[3:])
rng = random.Random(0)
KINDS = ("impression", "click", "view_details", "whatsapp_contact")

def request(number):
    kind = rng.choice(KINDS)
    body = json.dumps({
        "id": f"int_bench_{number}", "session_id": f"sess_1699999999999_s{rng.randrange(3000)}",
        "interaction_type": kind, "car_id": f"car_{rng.randrange(400)}",
        "timestamp": f"2024-11-{rng.randrange(1, 29):02d}T{rng.randrange(24):02d}:30:00.000Z",
        "user_preferences": {"budget_min": 30000, "budget_max": 60000, "usage": "trabalho",
            "priorities": {"economia": 5, "espaco": 3, "performance": 2, "conforto": 3,
                           "seguranca": 4}},
        "car_details": {"marca": "Chevrolet", "modelo": "Onix", "ano": 2017, "preco": 45900,
                        "categoria": "Hatch"},
        "match_score": 0.85, "duration_seconds": 12.5 if kind == "view_details" else None,
    }).encode()
    head = (f"POST /api/interactions/track HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
            f"Origin: http://localhost:3000\r\nX-API-Key: {key}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n").encode()
    return head + body

requests = [request(number) for number in range(most)]
taken, waits, failed = iter(requests), [], []

class Client(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport, self.left = transport, b""
        self.send()
    def send(self):
        request = None if time.perf_counter() > end else next(taken, None)
        if request is None:
            self.transport.close()
            return
        self.sent = time.perf_counter()
        self.transport.write(request)
    def data_received(self, data):
        self.left += data
        head, found, body = self.left.partition(b"\r\n\r\n")
        if not found or len(body) < int(head.lower().split(b"content-length: ")[1].split()[0]):
            return
        self.left = b""
        if head.startswith(b"HTTP/1.1 200"):
            waits.append((self.sent, time.perf_counter() - self.sent))
        else:
            failed.append(head[:60])
        self.send()
    def connection_lost(self, error):
        closed.release()

async def main():
    global end, closed
    closed = asyncio.Semaphore(0)
    end = time.perf_counter() + warm_up + seconds
    start = time.perf_counter() + warm_up
    loop = asyncio.get_running_loop()
    for _ in range(clients):
        await loop.create_connection(Client, "127.0.0.1", int(port))
    for _ in range(clients):
        await closed.acquire()
    took = time.perf_counter() - start
    measured = sorted(wait for sent, wait in waits if sent >= start)
    print(json.dumps({
        "acknowledged": len(waits), "failed": len(failed), "example": repr(failed[:1]),
        "rate": len(measured) / took, "p50": measured[len(measured) // 2],
        "p99": measured[int(len(measured) * 0.99)], "worst": measured[-1],
    }))

asyncio.run(main())
"""


def run(folder: Path) -> list[Row]:
    port = _free_port()
    environment = {
        **os.environ,
        "BANCADA_API_PORT": str(port),
        "BANCADA_WRITE_KEY": "bench-write",
        "BANCADA_API_KEY": "bench-read",
        "BANCADA_API_EVENTS_PER_MINUTE": "0",
        "BANCADA_API_READS_PER_MINUTE": "0",
    }
    with (folder / "api.log").open("ab") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "src.api"], cwd=ROOT, env=environment, stdout=log, stderr=log
        )
        try:
            _wait(f"http://127.0.0.1:{port}/health/ready")
            found = json.loads(
                run_python(
                    LOAD,
                    *(str(port), "bench-write", str(CLIENTS)),
                    *(str(WARM_UP_SECONDS), str(SECONDS), str(EVENTS_AT_MOST)),
                )
            )
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(timeout=30)
    if found["failed"]:
        raise RuntimeError(f"{found['failed']} requests failed, such as {found['example']}")
    stored = int(
        run_python(
            "from src import collection; print(collection.overview().interactions"
            " + collection.overview().impressions)"
        )
    )
    if stored != found["acknowledged"]:
        raise RuntimeError(f"{found['acknowledged']} events acknowledged, {stored} counted")
    what = f"POST track, {CLIENTS} clients, safe on disk when answered"
    return [
        Row(
            f"{what}: time for 1,000",
            1000 / found["rate"],
            1.0,
            "s",
            f"{found['rate']:.0f} a second, {found['acknowledged']} events, all counted",
        ),
        Row(
            f"{what}: p99",
            found["p99"] * 1000,
            100,
            "ms",
            f"p50 {found['p50'] * 1000:.0f} ms, worst {found['worst'] * 1000:.0f} ms",
        ),
    ]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(address: str) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(address, timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the API did not start")
