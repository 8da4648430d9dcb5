"""The collected events as a table in Tabelas, in one reading and without holding them."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from src import collection, datasets
from src.collection import InteractionType
from src.errors import DatasetNotFound, FeatureError
from src.features.model import SOURCE, Origin
from src.features.pairs import Pairs
from src.features.populations import TARGETS, Population, choose, notes
from src.messages import N_, Message
from src.persistence import utc_now

CHUNK_ROWS = 20_000
READING = 0.6
"""Progress when the events have been read; the import is the rest."""

OnProgress = Callable[[float, Message], None]


def origin(dataset: datasets.Dataset) -> Origin | None:
    """Return how a table was built from events, or None if it was not."""
    parts = dataset.source.split("/")
    if len(parts) != 3 or parts[0] != SOURCE:
        return None
    return Origin(InteractionType(parts[1]), InteractionType(parts[2]))


def build_table(
    kind: InteractionType | str,
    *,
    name: str | None = None,
    actor: str,
    on_progress: OnProgress | None = None,
    build_id: str | None = None,
) -> str:
    """Make the collected events into a table and return its name.

    Events are read once, in order; rows go to disk as they are made. What is held is the pairs:
    see docs/features.md for what that takes.

    Parameters
    ----------
    kind : InteractionType
        The outcome to predict, one of ``TARGETS``; the table's last column, 0 or 1.
    name : str, optional
        What to call it. By default ``eventos_<kind>``, which takes the place of the table that was
        built from events of that kind before.
    actor : str
        Who builds it.
    on_progress : callable, optional
        Called as ``on_progress(fraction, step)``; what it raises ends the building.
    build_id : str, optional
        Repeating a building with the same identifier returns the table that the first one made.

    Raises
    ------
    FeatureError
        If there is no such outcome, or the events do not allow to learn it.
    ImportFailed
        If the name cannot be used.
    StorageError
        If the database or the disk does not answer.
    """
    wanted = check_possible(kind)
    report = on_progress or (lambda _fraction, _step: None)
    with tempfile.TemporaryDirectory(prefix="bancada-") as folder:
        spool, final = Path(folder) / "pairs.parquet", Path(folder) / "table.parquet"
        pairs = Pairs()
        _write(spool, pairs.follow(_counted(collection.every(), report)))
        population = choose(
            wanted,
            np.fromiter(pairs.first, np.uint8),
            np.fromiter(pairs.reached, np.uint8),
            np.fromiter(pairs.ended(utc_now()), bool),
        )
        del pairs
        _label(spool, final, population, wanted.value)
        made_from = Origin(wanted, population.given)
        replaced = name is None and _is_ours(default_name(wanted), wanted)

        def reported(rows: int, fraction: float) -> None:
            step = Message(N_("{rows} linhas gravadas"), {"rows": rows})
            report(READING + (1 - READING) * fraction, step)

        return datasets.import_file(
            final,
            name
            or (default_name(wanted) if replaced else datasets.free_name(default_name(wanted))),
            actor=actor,
            source_name=made_from.source,
            on_progress=reported,
            import_id=build_id,
            replace=replaced,
            notes=notes(population),
        )


def check_possible(kind: InteractionType | str) -> InteractionType:
    """Return the outcome if the collected types allow to learn it.

    Raises
    ------
    FeatureError
        If not, with what is missing.
    """
    found = {target.kind: target for target in collection.targets()}
    if kind not in TARGETS:
        raise FeatureError(
            N_("Não há alvo {kind}. Escolha entre {choices}."),
            kind=str(kind),
            choices=", ".join(TARGETS),
        )
    target = found[InteractionType(kind)]
    if not target.possible:
        raise FeatureError(
            N_("Os eventos coletados ainda não permitem prever {kind}. {reason}"),
            kind=str(kind),
            reason=target.reason,
        )
    return target.kind


def default_name(kind: InteractionType) -> str:
    """Return what a table of that outcome is called when nobody names it."""
    return f"eventos_{kind.value}"


def _is_ours(name: str, kind: InteractionType) -> bool:
    """Whether the table of that name was built from events, and so may be built anew."""
    try:
        found = origin(datasets.get(name))
    except DatasetNotFound:
        return False
    return found is not None and found.kind is kind


def _counted(
    events: Iterable[Mapping[str, Any]], report: OnProgress
) -> Iterator[Mapping[str, Any]]:
    known = collection.overview()
    total = max(1, known.interactions + known.impressions)
    for number, event in enumerate(events):
        if number % CHUNK_ROWS == 0:
            step = Message(N_("{count} eventos lidos"), {"count": number})
            report(READING * min(1.0, number / total), step)
        yield event


def _write(path: Path, rows: Iterator[dict[str, Any]]) -> None:
    writer = None
    try:
        while chunk := list(islice(rows, CHUNK_ROWS)):
            table = pa.Table.from_pylist(chunk, schema=None if writer is None else writer.schema)
            writer = writer or pq.ParquetWriter(path, table.schema)
            writer.write_table(table)
    finally:
        if writer is not None:
            writer.close()


def _label(spool: Path, final: Path, population: Population, label: str) -> None:
    """Write the chosen rows with their label as the last column."""
    with pq.ParquetFile(spool) as file:
        schema = file.schema_arrow.append(pa.field(label, pa.int64()))
        done = 0
        with pq.ParquetWriter(final, schema) as writer:
            for batch in file.iter_batches(batch_size=CHUNK_ROWS):
                part = slice(done, done + batch.num_rows)
                done += batch.num_rows
                labels = pa.array(population.label[part].astype(np.int64))
                table = pa.Table.from_batches([batch]).append_column(label, labels)
                writer.write_table(table.filter(pa.array(population.chosen[part])))
