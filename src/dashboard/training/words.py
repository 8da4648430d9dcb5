"""Names of tasks and states, and the one line that tells a comparison from another."""

from __future__ import annotations

import math

from src import jobs, training
from src.dashboard import formats, markdown
from src.dashboard.i18n import _, ngettext
from src.dashboard.parts import tasks
from src.messages import N_

STATES = {
    jobs.JobState.QUEUED: N_("na fila"),
    jobs.JobState.RUNNING: N_("em andamento"),
    jobs.JobState.SUCCEEDED: N_("terminada"),
    jobs.JobState.FAILED: N_("falhou"),
    jobs.JobState.CANCELLED: N_("cancelada"),
}


def figure(value: float | None, decimals: int = 4) -> str:
    """Write a metric's value."""
    return formats.number(None if value is None else float(value), decimals=decimals)


def spread(result: training.CandidateResult, name: str, decimals: int = 4) -> str:
    """Write a candidate's metric with its fold deviation: ``0,9876 ± 0,0123``."""
    mean = figure(result.metrics.get(name), decimals)
    return f"{mean} ± {figure(result.deviations.get(name), decimals)}"


def decimals_for(values: list[float]) -> int:
    """How many decimals let figures of this size be compared: four below ten, then fewer.

    The middle one decides, so that a candidate gone astray does not round the others away.
    """
    sizes = sorted(abs(value) for value in values if math.isfinite(value))
    typical = sizes[len(sizes) // 2] if sizes else 0.0
    return 4 if typical < 10 else 2 if typical < 1000 else 0


def facts(record: training.ComparisonRecord) -> str:
    """Say what was compared, how, by whom and when, in one line."""
    trials, ignored = record.settings.get("tune_trials"), record.design.ignored_columns
    parts = [
        tasks.name(record.task),
        ngettext("{count} linha", "{count} linhas", record.rows),
        _("{folds} dobras").format(folds=record.design.folds),
        _("ordenada por {metric}").format(metric=record.metric),
        trials and _("ajuste com {trials} tentativas").format(trials=formats.number(trials)),
        ignored and _("sem {columns}").format(columns=markdown.escape(", ".join(ignored))),
        is_split_in_time(record) and _("separada por grupo e tempo"),
        _("por {actor} em {time}").format(
            actor=markdown.escape(record.actor), time=formats.moment(record.created_at)
        ),
    ]
    return " · ".join(part for part in parts if part)


def is_split_in_time(record: training.ComparisonRecord) -> bool:
    """Whether rows were split by group and time rather than one by one."""
    return "parts" in record.settings


def split(record: training.ComparisonRecord) -> str:
    """Say how the rows of a comparison in time were split."""
    train, holdout = (record.settings["parts"][name] for name in ("train", "holdout"))
    group, order = record.design.group, record.design.order

    count = formats.number
    if group is None:
        return _(
            "Separação no tempo, pela coluna {order}: treino com as {train_rows} primeiras linhas, "
            "teste com as {test_rows} últimas. Cada dobra treina no que veio antes e avalia no "
            "trecho seguinte."
        ).format(
            order=markdown.escape(str(order)),
            train_rows=count(train["rows"]),
            test_rows=count(holdout["rows"]),
        )
    return _(
        "Separação por grupo ({group}) e tempo: treino com os {train_groups} grupos que começaram "
        "primeiro ({train_rows} linhas), teste com os {test_groups} mais recentes ({test_rows} "
        "linhas). Cada dobra treina no que veio antes e avalia no trecho seguinte; nenhum grupo "
        "está dos dois lados."
    ).format(
        group=markdown.escape(group),
        train_groups=count(train["groups"]),
        train_rows=count(train["rows"]),
        test_groups=count(holdout["groups"]),
        test_rows=count(holdout["rows"]),
    )
