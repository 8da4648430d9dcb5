"""Events written out piece by piece, in the forms that other programs read."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Collection, Iterator
from typing import Any, Literal

from src.collection import store
from src.collection.event import InteractionType
from src.persistence import utc_now

Form = Literal["json", "ndjson", "csv", "parquet"]


def stream(
    form: Form,
    *,
    since: dt.datetime | None = None,
    until: dt.datetime | None = None,
    kinds: Collection[InteractionType] = (),
) -> Iterator[bytes]:
    """Yield events as a file of the form asked for, a few at a time.

    Parameters
    ----------
    form : {"json", "ndjson", "csv", "parquet"}
        ``json`` is ``{"total", "interactions", "exported_at"}``; ``csv`` and ``parquet`` have flat
        columns such as ``user_preferences.budget_min``.
    since, until : datetime, optional
        With zone; the first moment included, and the first not included.
    kinds : collection of InteractionType
        Which types; all of them when empty.
    """
    found = [e for e in store.every(since, until) if not kinds or e["interaction_type"] in kinds]
    if form == "json":
        document = {
            "total": len(found),
            "interactions": found,
            "exported_at": store.written(utc_now()),
        }
        yield json.dumps(document, ensure_ascii=False).encode()
    elif form == "ndjson":
        for event in found:
            yield json.dumps(event, ensure_ascii=False).encode() + b"\n"
    elif form == "csv":
        text = io.StringIO()
        rows = [_flat(event) for event in found]
        writer = csv.DictWriter(text, list(rows[0]) if rows else ["id"])
        writer.writeheader()
        writer.writerows(rows)
        yield text.getvalue().encode()
    else:
        import pyarrow
        from pyarrow import parquet

        sink = io.BytesIO()
        parquet.write_table(pyarrow.Table.from_pylist([_flat(event) for event in found]), sink)
        yield sink.getvalue()


def _flat(event: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in event.items():
        flat |= (
            _flat(value, f"{prefix}{name}.") if isinstance(value, dict) else {prefix + name: value}
        )
    return flat
