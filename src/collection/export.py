"""Events written out piece by piece, in the forms that other programs read."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Collection, Iterator, Sequence
from functools import reduce
from itertools import chain
from operator import getitem
from typing import Any, Literal

import orjson
from pydantic import BaseModel

from src.collection import store
from src.collection.model import CarDetails, InteractionType, UserPreferences
from src.collection.moments import documented
from src.files import harmless
from src.persistence import utc_now

Form = Literal["json", "ndjson", "csv", "parquet"]

ROW_GROUP = 20_000
"""Rows of a Parquet file that are in memory at a time."""


def stream(
    form: Form,
    *,
    since: dt.datetime | None = None,
    until: dt.datetime | None = None,
    kinds: Collection[InteractionType] = (),
) -> Iterator[bytes]:
    """Yield events as a file of the form asked for, in the order they occurred.

    Memory does not grow with the events, and the file shows one moment: what is stored meanwhile
    is not in it. The database is asked when the first piece is.

    Parameters
    ----------
    form : {"json", "ndjson", "csv", "parquet"}
        ``json`` is ``{"total", "interactions", "exported_at"}``, ``ndjson`` an event a line.
        ``csv`` and ``parquet`` have flat columns such as ``user_preferences.budget_min``; in
        ``csv``, texts that a spreadsheet would run as a formula begin with an apostrophe.
    since, until : datetime, optional
        With zone; the first moment included, and the first not included.
    kinds : collection of InteractionType
        Which types; all of them when empty.

    Raises
    ------
    StorageError
        If the database does not answer.
    """
    writers = {"json": _json, "ndjson": _ndjson, "csv": _csv, "parquet": _parquet}
    with store.stored(since, until, kinds) as found:
        yield from writers[form](found)


def every(
    since: dt.datetime | None = None, until: dt.datetime | None = None
) -> Iterator[dict[str, Any]]:
    """Yield events in the order they occurred, in the documented shape, a few at a time.

    Parameters
    ----------
    since, until : datetime, optional
        With zone; the first moment included, and the first not included.
    """
    with store.stored(since, until) as found:
        for part in found.parts:
            yield from map(orjson.loads, map(as_json, part))


def _json(found: store.Stored) -> Iterator[bytes]:
    yield b'{"total": %d, "interactions": [\n' % found.count
    yield from listed(found)
    yield b'\n], "exported_at": "%s"}\n' % documented(utc_now()).encode()


def listed(found: store.Stored) -> Iterator[bytes]:
    """Yield events as the inside of a JSON list, one a line."""
    for number, part in enumerate(found.parts):
        yield (",\n" if number else "").encode() + ",\n".join(map(as_json, part)).encode()


def _ndjson(found: store.Stored) -> Iterator[bytes]:
    for part in found.parts:
        yield "".join(as_json(row) + "\n" for row in part).encode()


def as_json(row: Sequence[Any]) -> str:
    """Write one stored event in the documented shape; its parts are stored as JSON already."""
    identifier, session, kind, car, moment, preferences, details, score, seconds = row
    duration = "null" if seconds is None else repr(seconds)
    return (
        f'{{"id":"{identifier}","session_id":"{session}","interaction_type":"{kind}",'
        f'"car_id":{orjson.dumps(car).decode()},"timestamp":"{documented(moment)}",'
        f'"user_preferences":{preferences},"car_details":{details},'
        f'"match_score":{score!r},"duration_seconds":{duration}}}'
    )


Path = tuple[str, ...]


def _paths(model: type[BaseModel]) -> tuple[Path, ...]:
    """Return the way to every value of a model, in order: ``("priorities", "economia")``."""
    found: list[Path] = []
    for name, field in model.model_fields.items():
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            found.extend((name, *rest) for rest in _paths(inner))
        else:
            found.append((name,))
    return tuple(found)


PREFERENCES = _paths(UserPreferences)
DETAILS = _paths(CarDetails)
COLUMNS = (
    *("id", "session_id", "interaction_type", "car_id", "timestamp"),
    *(".".join(("user_preferences", *path)) for path in PREFERENCES),
    *(".".join(("car_details", *path)) for path in DETAILS),
    *("match_score", "duration_seconds"),
)


def _flat(row: Sequence[Any]) -> tuple[Any, ...]:
    return (
        *row[:5],
        *_values(orjson.loads(row[5]), PREFERENCES),
        *_values(orjson.loads(row[6]), DETAILS),
        *row[7:],
    )


def _values(part: dict[str, Any], paths: tuple[Path, ...]) -> Iterator[Any]:
    return (reduce(getitem, path, part) for path in paths)


def _csv(found: store.Stored) -> Iterator[bytes]:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for part in chain([()], found.parts):
        for row in part:
            cells = list(_flat(row))
            cells[4] = documented(row[4])
            writer.writerow(map(harmless, cells))
        yield text.getvalue().encode()
        text.seek(0)
        text.truncate()


def _parquet(found: store.Stored) -> Iterator[bytes]:
    import pyarrow as pa
    from pyarrow import parquet

    schema = pa.schema([(name, _arrow_type(pa, name)) for name in COLUMNS])
    sink = io.BytesIO()

    def drained() -> bytes:
        piece = sink.getvalue()
        sink.seek(0)
        sink.truncate()
        return piece

    # The sink is emptied after each row group; Arrow keeps count of the bytes by itself.
    with parquet.ParquetWriter(pa.PythonFile(sink, mode="w"), schema) as writer:
        yield drained()
        rows: list[tuple[Any, ...]] = []
        for part in found.parts:
            rows.extend(map(_flat, part))
            if len(rows) >= ROW_GROUP:
                writer.write_table(_table(pa, rows, schema))
                rows.clear()
                yield drained()
        if rows:
            writer.write_table(_table(pa, rows, schema))
    yield drained()


def _arrow_type(pa: Any, name: str) -> Any:
    if name == "timestamp":
        return pa.timestamp("us", tz="UTC")
    if "priorities." in name or name.endswith(".ano"):
        return pa.int64()
    numbers = ("budget_min", "budget_max", "preco", "match_score", "duration_seconds")
    return pa.float64() if name.endswith(numbers) else pa.string()


def _table(pa: Any, rows: list[tuple[Any, ...]], schema: Any) -> Any:
    columns = zip(*rows, strict=True)
    arrays = [
        pa.array(column, kind.type, from_pandas=False)
        for column, kind in zip(columns, schema, strict=True)
    ]
    return pa.Table.from_arrays(arrays, schema=schema)
