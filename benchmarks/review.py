"""Claims out of a queue of 100,000 items by 20 reviewers at once, on SQLite and PostgreSQL."""

from __future__ import annotations

import os
import statistics
import threading
import time
import uuid
from collections import Counter
from pathlib import Path

import psycopg

from benchmarks.measure import Row
from src import config, conversations, persistence, review
from src.conversations import NewConversation, NewTurn, Role

ITEMS = 100_000
REVIEWERS = 20
CLAIMS = 15
"""Items that each reviewer takes, the first one at the same moment as all the others."""
READING_SECONDS = 1.0
"""From a claim to its decision; even who only skims reads for longer."""


def run(folder: Path) -> list[Row]:
    rows = [_claims("SQLite")]
    server = os.environ.get("BANCADA_TEST_POSTGRES_URL", "postgresql://root@127.0.0.1:5432/test")
    name = f"bancada_bench_{uuid.uuid4().hex[:12]}"
    try:
        admin = psycopg.connect(server, autocommit=True, connect_timeout=5)
    except psycopg.OperationalError:
        return rows  # a machine without PostgreSQL has the other figure
    with admin:
        admin.execute(f"CREATE DATABASE {name}".encode())
        os.environ["BANCADA_DATABASE_URL"] = server.rsplit("/", 1)[0] + f"/{name}"
        config.get_settings.cache_clear()
        try:
            rows.append(_claims("PostgreSQL"))
        finally:
            persistence.get_engine().dispose()
            del os.environ["BANCADA_DATABASE_URL"]
            config.get_settings.cache_clear()
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
    return rows


def _claims(kind: str) -> Row:
    persistence.prepare()
    turns = (NewTurn(Role.CUSTOMER, "Oi"), NewTurn(Role.ASSISTANT, "Olá"))
    for start in range(0, ITEMS, 2_000):
        batch = [NewConversation(str(start + n), turns) for n in range(2_000)]
        conversations.add(batch, "bench", actor="bench")
    review.set_criteria(review.Criteria(share=1.0), actor="bench")
    review.refresh_queue(actor="bench")
    assert review.queue_state().waiting == ITEMS
    taken: list[str] = []
    seconds: list[float] = []
    barrier = threading.Barrier(REVIEWERS)

    def work(reviewer: str) -> None:
        barrier.wait()
        for _ in range(CLAIMS):
            started = time.perf_counter()
            claim = review.claim_next(reviewer)
            seconds.append(time.perf_counter() - started)
            assert claim is not None
            taken.append(claim.conversation_id)
            time.sleep(READING_SECONDS)
            review.submit(claim, review.Annotation(review.Decision.APPROVED))

    threads = [threading.Thread(target=work, args=(f"reviewer {n}",)) for n in range(REVIEWERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    twice = [key for key, count in Counter(taken).items() if count > 1]
    assert not twice, f"{len(twice)} items were given twice"
    assert len(taken) == REVIEWERS * CLAIMS
    return Row(
        f"p99 of claim_next, {ITEMS:,} in the queue, {REVIEWERS} reviewers at once, {kind}",
        statistics.quantiles(seconds, n=100)[98] * 1000,
        100,
        "ms",
        f"median {statistics.median(seconds) * 1000:.1f} ms, no item twice of {len(taken):,}",
    )
