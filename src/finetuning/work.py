"""Building and examining a data set outside the page, as jobs."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from src import jobs
from src.finetuning import sources, store
from src.finetuning.model import Report
from src.finetuning.publishing import build
from src.finetuning.recipe import Recipe
from src.finetuning.stored_counts import StoredCounts, count_stored
from src.finetuning.validation import validate, validate_file
from src.messages import N_, Message


def start_build(name: str, recipe: Recipe, *, actor: str) -> str:
    """Queue the building of a data set's next version and return the job's identifier.

    The job's result is ``{"name": ..., "version": ...}``. It can be cancelled; after a crash it
    goes on where it was.

    Raises
    ------
    FinetuningError
        If the name or the recipe cannot be used.
    """
    name = store.check_name(name)
    recipe.check()
    return jobs.submit(
        "finetuning.build",
        {"name": name, "recipe": recipe.to_dict()},
        title=Message(N_("Conjunto de dados «{name}»"), {"name": name}),
        actor=actor,
    )


def build_dataset(params: dict[str, Any], context: jobs.JobContext) -> dict[str, Any]:
    """Build and publish; a repetition after a crash publishes once."""
    finished = store.built_by(context.job_id)
    if finished is None:
        recipe = Recipe.from_dict(params["recipe"])
        finished = build(
            params["name"],
            recipe,
            candidates=sources.candidates(),
            redact=partial(sources.redact, not_personal=recipe.not_personal),
            work=context.workdir,
            job_id=context.job_id,
            actor=context.actor,
            tell=context.report,
        )
    return {"name": finished.name, "version": finished.version}


def start_validation(name: str, version: int, *, actor: str) -> str:
    """Queue a new examination of a version and return the job's identifier.

    Once it has succeeded, :func:`validation` returns the report.

    Raises
    ------
    TrainingSetNotFound
        If there is no such version.
    """
    store.folder_of(name, version)
    return jobs.submit(
        "finetuning.validate",
        {"name": name, "version": version},
        title=Message(N_("Validação de «{name}» v{version}"), {"name": name, "version": version}),
        actor=actor,
    )


def start_file_validation(path: Path | str, recipe: Recipe, *, source_name: str, actor: str) -> str:
    """Queue the examination of a file of chats and return the job's identifier.

    The file is removed once it is examined. Of the recipe only the limit of tokens, the price, the
    epochs and the words that are no personal data matter.

    Raises
    ------
    FinetuningError
        If a figure of the recipe is out of its range.
    """
    recipe.check()
    return jobs.submit(
        "finetuning.validate_file",
        {"path": str(path), "recipe": recipe.to_dict(), "source_name": source_name},
        title=Message(N_("Validação de {file}"), {"file": source_name}),
        actor=actor,
    )


def run_validation(params: dict[str, Any], context: jobs.JobContext) -> dict[str, Any]:
    """Examine a version and keep the report."""
    report = validate(params["name"], params["version"], tick=_tick(context))
    return _keep(report, context)


def run_file_validation(params: dict[str, Any], context: jobs.JobContext) -> dict[str, Any]:
    """Examine a file, keep the report, and remove the file."""
    recipe, path = Recipe.from_dict(params["recipe"]), Path(params["path"])
    report = validate_file(
        path,
        max_tokens=recipe.max_tokens,
        price=recipe.price,
        epochs=recipe.epochs,
        not_personal=recipe.not_personal,
        name=params["source_name"],
        tick=_tick(context),
    )
    result = _keep(report, context)
    path.unlink(missing_ok=True)
    return result


def _tick(context: jobs.JobContext) -> Callable[[int], None]:
    def tick(done: int) -> None:
        context.report(done, 0, Message(N_("exemplos validados: {count}"), {"count": done}))

    return tick


def _keep(report: Report, context: jobs.JobContext) -> dict[str, Any]:
    store.keep_report(context.job_id, report)
    return {"result": report.result}


def validation(job_id: str) -> Report:
    """Return the report of a validation that has succeeded; it is kept for 30 days.

    Raises
    ------
    StorageError
        If it is no longer there.
    """
    return store.kept_report(job_id)


def start_count(*, actor: str) -> str:
    """Queue the counting of what is stored and return the job's identifier."""
    return jobs.submit(
        "finetuning.survey", {}, title=Message(N_("Contagem das conversas guardadas")), actor=actor
    )


def run_count(_params: dict[str, Any], context: jobs.JobContext) -> dict[str, Any]:
    """Count what is stored; :func:`last_count` returns it."""

    def tick(done: int, fraction: float) -> None:
        step = Message(N_("conversas examinadas: {count}"), {"count": done})
        context.share(fraction, step)

    return count_stored(tick=tick).to_dict()


def last_count() -> StoredCounts | None:
    """Return what the last finished counting found, whoever started it."""
    found = jobs.list_jobs(handler="finetuning.survey", states=(jobs.JobState.SUCCEEDED,), limit=1)
    return StoredCounts.from_dict(found[0].result or {}) if found else None
