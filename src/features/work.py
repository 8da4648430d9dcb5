"""Building a table outside the page: what is submitted, and what the workers call."""

from __future__ import annotations

from typing import Any

from src import datasets, jobs
from src.collection import InteractionType
from src.errors import FeatureError
from src.features.building import build_table, check_possible, default_name, origin
from src.messages import N_, Message


def start_build(kind: InteractionType | str, *, actor: str) -> str:
    """Queue the building of a table and return the job's identifier.

    The job's result is ``{"name": ..., "target": ...}``: the table, and its label column.

    Raises
    ------
    FeatureError
        If there is no such outcome, or the collected types do not allow to learn it.
    StorageError
        If the database does not answer.
    """
    wanted = check_possible(kind)
    return jobs.submit(
        "features.build",
        {"kind": wanted.value},
        title=Message(N_("Tabela de {kind} a partir dos eventos"), {"kind": wanted.value}),
        actor=actor,
    )


def build(params: dict[str, Any], context: jobs.JobContext) -> dict[str, Any]:
    """Build a table from events; a repetition after a crash does not build it twice."""
    name = build_table(
        params["kind"], actor=context.actor, on_progress=context.share, build_id=context.job_id
    )
    return {"name": name, "target": params["kind"]}


def rebuild_tables(*, actor: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Queue the tables that were built from events to be built anew, as after an erasure.

    Parameters
    ----------
    actor : str
        Who asks for it.

    Returns
    -------
    rebuilt, left : tuple of str
        Names of the tables that are built anew, and of those that keep what they hold: somebody
        named them, or the events that are left do not allow to learn their outcome.

    Raises
    ------
    StorageError
        If the database does not answer.
    """
    rebuilt, left = [], []
    for dataset in datasets.list_datasets():
        made_from = origin(dataset)
        if made_from is None:
            continue
        if dataset.name != default_name(made_from.kind):
            left.append(dataset.name)
            continue
        try:
            start_build(made_from.kind, actor=actor)
        except FeatureError:
            left.append(dataset.name)
        else:
            rebuilt.append(dataset.name)
    return tuple(rebuilt), tuple(left)
