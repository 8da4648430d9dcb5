"""Interaction events: bulk import, the screen's queries, and export, up to a million events."""

from __future__ import annotations

import datetime as dt
import os
import random
import sqlite3
import statistics
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import orjson

from benchmarks.measure import MIB, Row, interleaved, peak_memory, ratio, run_python, seconds
from src import collection, persistence
from src.config import get_settings

MILLION = 1_000_000
FEW = 10_000
IMPORTED = 200_000
CARS = 500
SPAN = dt.timedelta(days=60)
END = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)
KINDS = ("impression",) * 6 + ("click",) * 3 + ("view_details",) * 2 + ("whatsapp_contact",)
USAGES = ("trabalho", "família", "lazer", "estrada", "cidade")

EXPORT = """
import sys
from src import collection
written = sum(len(piece) for piece in collection.stream(sys.argv[1]))
assert written > 50e6, written
"""

IMPORT = """
import sys
from src import collection
assert collection.import_json(sys.argv[1]).accepted == int(sys.argv[2])
"""

FIRST_BYTE = """
import sys, time
from src import collection
started = time.perf_counter()
pieces = collection.stream(sys.argv[1])
first = next(pieces)
print(time.perf_counter() - started)
"""


def events(count: int) -> Iterator[dict[str, Any]]:
    """Yield what a site sends: sessions of some minutes, each with its own preferences.

    The same cars and the same days however many events there are; ids as the tracker makes them.
    """
    rng = random.Random(7)
    catalogue = [
        {
            "marca": rng.choice(["Chevrolet", "Fiat", "Citroën", "Volkswagen"]),
            "modelo": f"Modelo {number % 90}",
            "ano": 2008 + number % 17,
            "preco": 20_000 + 150 * number,
            "categoria": rng.choice(["Hatch", "Sedã", "SUV"]),
        }
        for number in range(CARS)
    ]
    step = SPAN / count
    open_sessions: list[tuple[str, dict[str, Any]]] = []
    for number in range(count):
        moment = END - SPAN + number * step
        if len(open_sessions) < 50 or rng.random() < 1 / 8:
            session = (
                f"sess_{int(moment.timestamp() * 1000)}_{rng.getrandbits(48):x}",
                {
                    "budget_min": rng.randrange(10, 60) * 1000,
                    "budget_max": rng.randrange(60, 200) * 1000,
                    "usage": rng.choice(USAGES),
                    "priorities": {
                        name: rng.randint(1, 5)
                        for name in ("economia", "espaco", "performance", "conforto", "seguranca")
                    },
                },
            )
            open_sessions = [*open_sessions[-49:], session]
        session_id, preferences = rng.choice(open_sessions)
        kind, car = rng.choice(KINDS), int(CARS * rng.random() ** 2)
        yield {
            "id": f"int_{rng.getrandbits(128):032x}",
            "session_id": session_id,
            "interaction_type": kind,
            "car_id": f"car_robust_{car:03d}",
            "timestamp": moment.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "user_preferences": preferences,
            "car_details": catalogue[car],
            "match_score": round(rng.random(), 2),
            "duration_seconds": round(rng.random() * 90, 1) if kind == "view_details" else None,
        }


def write_file(path: Path, count: int) -> None:
    with path.open("wb") as file:
        file.write(b'{"interactions": [')
        for number, event in enumerate(events(count)):
            file.write((b",\n" if number else b"\n") + orjson.dumps(event))
        file.write(b'\n], "metadata": {"total_count": %d, "version": "1.0"}}\n' % count)


def use(folder: Path) -> None:
    """Work on the database of this folder from here on."""
    os.environ["BANCADA_DATA_DIR"] = str(folder)
    get_settings.cache_clear()
    persistence.prepare()


def screen() -> None:
    """Ask all that the screen shows, of all days and of the last thirty."""
    collection.stats()
    today = END.date()
    collection.pace(today)
    collection.targets()
    for since in (None, today - dt.timedelta(days=30)):
        collection.overview(since)
        collection.daily(since)
        collection.funnel(since)
        collection.most_clicked(since)


def bare(path: Path, schema: list[str], rows: list[tuple[Any, ...]]) -> None:
    """Insert ready-made rows in one transaction, with the same tables, indexes and durability."""
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    for statement in schema:
        connection.execute(statement)
    with connection:
        connection.executemany(f"INSERT INTO collection_events VALUES ({', '.join('?' * 9)})", rows)
    connection.close()


def import_ratio(folder: Path) -> Row:
    source = folder / "import.json"
    write_file(source, IMPORTED)
    use(folder / "rows")
    assert collection.import_json(source).accepted == IMPORTED
    with sqlite3.connect(folder / "rows" / "bancada.db") as stored:
        rows = stored.execute("SELECT * FROM collection_events ORDER BY rowid").fetchall()
        schema = [
            sql
            for (sql,) in stored.execute(
                "SELECT sql FROM sqlite_master WHERE tbl_name = 'collection_events' AND sql <> ''"
            )
        ]
    assert len(rows) == IMPORTED
    ours, reference = [], []
    for turn in range(3):
        use(folder / f"import-{turn}")
        ours.append(seconds(lambda: collection.import_json(source)))
        reference.append(seconds(lambda n=turn: bare(folder / f"bare-{n}.db", schema, rows)))
    return Row(
        f"import_json of {IMPORTED:,} events: rate against a bare sqlite3 executemany",
        ratio(reference, ours),
        0.3,
        "x",
        f"{IMPORTED / statistics.median(ours):,.0f} events a second",
        at_least=True,
    )


def query_rows(many: Path, few: Path) -> list[Row]:
    def timed(folder: Path) -> Callable[[], None]:
        def ask() -> None:
            os.environ["BANCADA_DATA_DIR"] = str(folder)
            get_settings.cache_clear()
            screen()

        return ask

    at_many, at_few = interleaved([timed(many), timed(few)], repeats=15, warmup=2)
    milliseconds = [statistics.median(times) * 1000 for times in (at_many, at_few)]
    return [
        Row(
            f"stats() and the page's queries at {MILLION:,} events",
            milliseconds[0],
            50,
            "ms",
            f"{milliseconds[1]:.1f} ms at {FEW:,}",
        ),
        Row(
            f"the same, against what they take at {FEW:,} events", ratio(at_many, at_few), 1.5, "x"
        ),
    ]


def export_rows() -> list[Row]:
    forms = ("json", "ndjson", "csv", "parquet")
    memory = {form: peak_memory(EXPORT, form) for form in forms}
    first = {form: float(run_python(FIRST_BYTE, form)) for form in forms}
    worst, latest = max(forms, key=memory.__getitem__), max(forms, key=first.__getitem__)
    return [
        Row(
            f"export of {MILLION:,} events: memory of the process, worst of {len(forms)} forms",
            memory[worst][0] / MIB,
            300,
            "MiB",
            ", ".join(f"{form} {memory[form][1]:.0f} s" for form in forms),
        ),
        Row(
            f"export of {MILLION:,} events: first byte, latest of {len(forms)} forms",
            first[latest],
            1,
            "s",
            latest,
        ),
    ]


def memory_of_import(folder: Path) -> Row:
    """Make the databases of few and of many events that the other rows ask."""
    for count in (FEW, MILLION):
        source = folder / f"{count}.json"
        write_file(source, count)
        use(folder / f"events-{count}")
        peak, took = peak_memory(IMPORT, str(source), str(count))
    return Row(
        f"import_json of {MILLION:,} events: memory of the process",
        peak / MIB,
        300,
        "MiB",
        f"{took:.0f} s, {source.stat().st_size / MIB:.0f} MiB file",
    )


def run(folder: Path) -> list[Row]:
    rows = [import_ratio(folder), memory_of_import(folder)]
    rows += query_rows(folder / f"events-{MILLION}", folder / f"events-{FEW}")
    use(folder / f"events-{MILLION}")
    return rows + export_rows()
