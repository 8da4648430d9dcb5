"""Events are written out in four forms, the same events in each, a piece at a time."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from typing import Any

import pytest
from pyarrow import parquet

from src import collection
from src.collection import InteractionType, export
from src.collection.moments import documented
from src.collection.store import reading
from tests.unit.collection.events import event, some

pytestmark = pytest.mark.usefixtures("any_database")

FORMS: tuple[collection.Form, ...] = ("json", "ndjson", "csv", "parquet")


def flat(sent: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in sent.items():
        found |= (
            flat(value, f"{prefix}{name}.") if isinstance(value, dict) else {prefix + name: value}
        )
    return found


def read(form: collection.Form, data: bytes) -> list[dict[str, Any]]:
    """Return the events of a file, flat, with texts as values where the form knows no others."""
    if form == "json":
        return [flat(sent) for sent in json.loads(data)["interactions"]]
    if form == "ndjson":
        return [flat(json.loads(line)) for line in data.splitlines()]
    if form == "csv":
        return list(csv.DictReader(io.StringIO(data.decode())))
    rows = parquet.read_table(io.BytesIO(data)).to_pylist()
    return [{**row, "timestamp": documented(row["timestamp"])} for row in rows]


def as_texts(rows: list[dict[str, Any]]) -> list[dict[str, str]]:
    return [
        {key: "" if value is None else str(value) for key, value in row.items()} for row in rows
    ]


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "STREAMED_ROWS", 7)
    monkeypatch.setattr(export, "ROW_GROUP", 20)


@pytest.mark.parametrize("form", FORMS)
def test_every_form_has_every_event_in_order(form: collection.Form) -> None:
    collection.record_many(some(60))
    expected = [flat(sent) for sent in collection.every()]
    pieces = list(collection.stream(form))
    found = read(form, b"".join(pieces))
    if form == "csv":
        expected = as_texts(expected)  # type: ignore[assignment]
    assert found == expected
    assert len(pieces) > 3


@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_narrowed_by_moments_and_types(form: collection.Form) -> None:
    events = some(80)
    collection.record_many(events)
    since = dt.datetime(2024, 11, 3, 5, tzinfo=dt.UTC)
    until = dt.datetime(2024, 11, 6, tzinfo=dt.UTC)
    chosen = {
        sent["id"]
        for sent in events
        if since <= dt.datetime.fromisoformat(sent["timestamp"]) < until
        and sent["interaction_type"] in ("click", "impression")
    }
    kinds = (InteractionType.CLICK, InteractionType.IMPRESSION)
    data = b"".join(collection.stream(form, since=since, until=until, kinds=kinds))
    assert {row["id"] for row in read(form, data)} == chosen
    assert len(read(form, data)) == len(chosen)


@pytest.mark.parametrize("form", FORMS)
def test_without_events_a_form_is_empty_and_valid(form: collection.Form) -> None:
    assert read(form, b"".join(collection.stream(form))) == []


def test_the_json_form_is_the_documented_answer() -> None:
    collection.record_many(some(30))
    answer = json.loads(b"".join(collection.stream("json")))
    assert list(answer) == ["total", "interactions", "exported_at"]
    assert answer["total"] == len(answer["interactions"]) == 30
    assert answer["interactions"] == list(collection.every())


def test_what_is_stored_during_an_export_is_not_in_it() -> None:
    collection.record_many(some(40))
    pieces = collection.stream("json")
    first = next(pieces)
    collection.record_many([event(900 + n, timestamp="2024-11-07T23:59:00Z") for n in range(5)])
    answer = json.loads(first + b"".join(pieces))
    assert answer["total"] == len(answer["interactions"]) == 40
    assert len(list(collection.every())) == 45


@pytest.mark.parametrize("start", ["=", "+", "-", "@", " =", "＝"])
def test_no_cell_of_a_csv_is_run_as_a_formula(start: str) -> None:
    text = f'{start}HYPERLINK("http://x")'
    collection.record(event(1, car_details__marca=text, car_id=text))
    (row,) = csv.DictReader(io.StringIO(b"".join(collection.stream("csv")).decode()))
    assert row["car_details.marca"] == row["car_id"] == "'" + text
    assert row["user_preferences.budget_min"] == "30000"


def test_a_parquet_file_has_numbers_and_moments_and_not_texts() -> None:
    collection.record(event(1, interaction_type="view_details", duration_seconds=2.5))
    table = parquet.read_table(io.BytesIO(b"".join(collection.stream("parquet"))))
    types = {field.name: str(field.type) for field in table.schema}
    assert types["timestamp"] == "timestamp[us, tz=UTC]"
    assert types["car_details.ano"] == types["user_preferences.priorities.economia"] == "int64"
    assert types["user_preferences.budget_min"] == types["duration_seconds"] == "double"
    assert types["car_details.modelo"] == "string"


def test_an_export_that_nobody_reads_to_the_end_frees_its_connection() -> None:
    collection.record_many(some(40))
    for _ in range(40):  # more than the pool has connections
        pieces = collection.stream("ndjson")
        next(pieces)
        pieces.close()  # type: ignore[attr-defined]
    assert collection.erase_session(some(1)[0]["session_id"]) > 0
