"""What a finished comparison leaves on disk: its pipelines, how they did, and the rows."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import joblib
import pandas as pd

from src.config import get_settings
from src.errors import TrainingError
from src.messages import N_, Message
from src.persistence import read_json, write_json
from src.training import store
from src.training.model import Diagnostics, Yardstick

if TYPE_CHECKING:
    from sklearn.pipeline import Pipeline


def folder(comparison_id: str) -> Path:
    """Where the files of a comparison are."""
    return get_settings().data_dir / "comparisons" / comparison_id


def keep_pipeline(comparison_id: str, candidate_id: str, written: Path) -> None:
    """Move a pipeline that a worker wrote to its place, in one step."""
    target = _pipeline(comparison_id, candidate_id)
    target.parent.mkdir(parents=True, exist_ok=True)
    if written.exists():  # an earlier attempt may have moved it already
        written.replace(target)


def keep_features(comparison_id: str, features: pd.DataFrame) -> None:
    """Keep the raw feature columns that were trained on."""
    target = folder(comparison_id) / "features.parquet"
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_suffix(".tmp")
    features.to_parquet(temporary, index=False)
    temporary.replace(target)


def keep_diagnostics(comparison_id: str, candidate_id: str, outcome: Diagnostics | Message) -> None:
    """Keep the close look at a candidate, or why it failed."""
    content = {"error": outcome.to_dict()} if isinstance(outcome, Message) else outcome.to_dict()
    write_json(folder(comparison_id) / f"{candidate_id}.json", content)


def diagnostics(comparison_id: str, candidate_id: str) -> Diagnostics:
    """Return the close look at one of the best candidates, on held-out rows.

    Raises
    ------
    ComparisonNotFound
        If there is no such comparison.
    TrainingError
        If the candidate is not among its best, has not been looked at yet, or could not be.
    """
    try:
        content = read_json(folder(comparison_id) / f"{candidate_id}.json")
    except FileNotFoundError:
        raise _absent(comparison_id, candidate_id) from None
    if content.get("error"):
        raise TrainingError(
            N_("O exame deste candidato nas linhas de teste falhou. {reason}"),
            reason=Message.from_dict(content["error"]),
        )
    return Diagnostics.from_dict(content)


def keep_yardstick(comparison_id: str, yardstick: Yardstick) -> None:
    """Keep what the held-out rows say of the best candidates and of the reference."""
    write_json(folder(comparison_id) / "yardstick.json", yardstick.to_dict())


def load_yardstick(comparison_id: str) -> Yardstick | None:
    """Return the best candidates beside the reference; None for a comparison without one."""
    try:
        return Yardstick.from_dict(read_json(folder(comparison_id) / "yardstick.json"))
    except FileNotFoundError:
        return None


def load_pipeline(comparison_id: str, candidate_id: str) -> Pipeline:
    """Return one of the best candidates, fitted on all rows; takes the raw columns.

    Raises
    ------
    ComparisonNotFound
        If there is no such comparison.
    TrainingError
        If the candidate is not among its best, or has not been refitted yet.
    """
    try:
        return joblib.load(_pipeline(comparison_id, candidate_id))
    except FileNotFoundError:
        raise _absent(comparison_id, candidate_id) from None


def algorithm(pipeline: Pipeline) -> str:
    """Return the class that learned in a pipeline, such as ``XGBClassifier``.

    A vote of one is only there to translate the labels; see ``evaluation``.
    """
    from sklearn.ensemble import VotingClassifier

    model = pipeline.steps[-1][1]
    if isinstance(model, VotingClassifier) and len(model.estimators) == 1:
        ((_name, model),) = model.estimators
    return type(model).__name__


def training_sample(comparison_id: str) -> pd.DataFrame:
    """Return the raw feature columns that were trained on, every row.

    Raises
    ------
    ComparisonNotFound
        If there is no such comparison.
    TrainingError
        If it has not come that far yet.
    """
    try:
        return pd.read_parquet(folder(comparison_id) / "features.parquet")
    except FileNotFoundError:
        store.get_comparison(comparison_id)
        raise TrainingError(
            N_("As linhas desta comparação ainda não estão prontas. Espere ela terminar.")
        ) from None


def _pipeline(comparison_id: str, candidate_id: str) -> Path:
    return folder(comparison_id) / f"{candidate_id}.joblib"


def _absent(comparison_id: str, candidate_id: str) -> TrainingError:
    store.get_comparison(comparison_id)
    return TrainingError(
        N_(
            "{candidate} ainda não está pronto nesta comparação, ou não está entre os melhores "
            "dela. Espere a comparação terminar ou escolha um dos melhores."
        ),
        candidate=candidate_id,
    )
