"""How much a person will care for a car: the registered model's word, else the rules'.

Asked for every car of every list that a site shows, so it is quick and never refuses: what keeps
the model from answering becomes the reason beside the score of the rules. For the same reasons it
is not kept in the log of predictions, which is for decisions that someone looks at; what came of
the cars that were shown comes back as events.
"""

from __future__ import annotations

import datetime as dt
import math
import threading
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from src import features, registry, training
from src.config import get_settings
from src.errors import BancadaError, ModelNotFound, PredictionError
from src.logs import get_logger
from src.messages import N_, Message
from src.persistence import utc_now
from src.prediction.model import Interest
from src.prediction.scoring import REASON_CHARACTERS
from src.prediction.values import class_text
from src.registry import ModelEntry

log = get_logger(__name__)

POSITIVE = "1"
"""The class of a table of events whose outcome came."""


def interest(
    preferences: Mapping[str, Any],
    car: Mapping[str, Any],
    match_score: float,
    *,
    at: dt.datetime | None = None,
    cars_seen: int = 0,
    cars_clicked: int = 0,
) -> Interest:
    """Return how likely a person is to go on with a car that is shown.

    The model is the one under the alias ``features.INTEREST_ALIAS``. It stays in memory, and is
    read again when the folder of models, or the model's file, changes. Any thread may ask.

    Parameters
    ----------
    preferences, car : mapping
        ``user_preferences`` and ``car_details`` of a valid event.
    match_score : float
        What the rules say, 0 to 1.
    at : datetime, optional
        With zone; by default now.
    cars_seen, cars_clicked : int
        As in :func:`src.features.row`.

    Examples
    --------
    >>> interest(event["user_preferences"], event["car_details"], 0.85)  # doctest: +SKIP
    Interest(score=0.41, source='model', model='lightgbm_eventos', reason=None)
    """
    served = _served()
    reason = served.reason
    if reason is None:
        context = {"cars_seen": cars_seen, "cars_clicked": cars_clicked}
        row = features.row(preferences, car, match_score, at or utc_now(), **context)
        try:
            score = served.answer(row)
        except Exception as error:  # noqa: BLE001 - a model is anybody's code
            reason = _refused(error)
            served.complain(type(error).__name__)
        else:
            if 0 <= score <= 1:
                return Interest(score, "model", served.name, None)
            reason = Message(N_("O modelo devolveu um valor que não é um número finito."))
            served.complain("no probability")
    return Interest(float(match_score), "rule", served.name, reason)


@dataclass
class _Served:
    """What is in memory, and the state of the files it was read from."""

    stamp: tuple[Any, ...]
    name: str | None = None
    artifact: Path | None = None
    reason: Message | None = None
    columns: tuple[str, ...] = ()
    position: int = 1
    probabilities: Callable[[pd.DataFrame], Any] | None = None
    complained: bool = False

    def answer(self, row: Mapping[str, Any]) -> float:
        """Return the probability of the outcome, NaN where the model says none."""
        assert self.probabilities is not None  # or there is a reason
        frame = pd.DataFrame([[row[name] for name in self.columns]], columns=list(self.columns))
        found = self.probabilities(frame)
        return float(found[0][self.position]) if len(found) == 1 else math.nan

    def complain(self, kind: str) -> None:
        """Log once that this model fails; a site asks thousands of times.

        An error's own text may repeat what is known of the person: it is only for who asked.
        """
        if not self.complained:
            self.complained = True
            log.warning("interest_model_failed", model=self.name, kind=kind)


_lock = threading.Lock()
_in_memory: _Served | None = None


def _served() -> _Served:
    global _in_memory
    known = _in_memory
    if known is not None and known.stamp == _stamp(known.artifact):
        return known
    with _lock:
        known = _in_memory
        if known is None or known.stamp != _stamp(known.artifact):
            known = _in_memory = _read()
        return known


def _stamp(artifact: Path | None) -> tuple[Any, ...]:
    """Return what changes when a model, an alias or the file changes.

    The registry replaces files by renaming, which changes the folder; the two files themselves are
    looked at for what is written into them from outside.
    """
    folder = get_settings().models_dir
    return (folder, *(_state(path) for path in (folder, folder / "registry.json", artifact)))


def _state(path: Path | None) -> tuple[int, int] | None:
    try:
        status = None if path is None else path.stat()
    except OSError:
        return None
    return None if status is None else (status.st_mtime_ns, status.st_size)


def _read() -> _Served:
    # The state before reading: whatever changes meanwhile is seen at the next call.
    before = _stamp(None)
    try:
        entry = registry.get_model(features.INTEREST_ALIAS)
    except ModelNotFound:
        return _Served(
            before, reason=Message(N_("Nenhum modelo foi posto em uso para o interesse."))
        )
    except BancadaError as error:
        return _Served(before, reason=error.message)
    artifact = get_settings().models_dir / Path(entry.path).name
    served = _Served((*before[:-1], _state(artifact)), entry.name, artifact)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # other library versions, which the registry logs
            _load(served, entry)
    except BancadaError as error:
        served.reason = error.message
    except Exception as error:  # noqa: BLE001 - tried on a row, and a model is anybody's code
        served.reason = _refused(error)
    log.info("interest_model_read", model=entry.name, reason=str(served.reason or ""))
    return served


def _load(served: _Served, entry: ModelEntry) -> None:
    """Read the model and try it.

    Raises
    ------
    BancadaError
        If it cannot be loaded, or is no model of interest.
    """
    estimator = registry.load_model(entry.name)
    example = features.row(_PREFERENCES, _CAR, 0.5, utc_now())
    fields = entry.schema or ()
    unknown = [
        field.name
        for field in fields
        if field.name not in example
        or (field.kind in ("integer", "number")) is isinstance(example[field.name], str)
    ]
    if not fields or entry.sample is None or unknown:
        raise PredictionError(
            N_(
                "O modelo «{name}» não foi treinado numa tabela de eventos: as colunas dele não "
                "são as do interesse ({columns}). Ponha em uso um modelo treinado com os eventos."
            ),
            name=entry.name,
            columns=", ".join(unknown[:5]),
        )
    labels = [class_text(label) for label in getattr(estimator, "classes_", ())]
    if POSITIVE not in labels or not hasattr(estimator, "predict_proba"):
        raise PredictionError(
            N_(
                "O modelo «{name}» não dá a probabilidade do resultado. Ponha em uso um que dê, "
                "como LightGBM ou XGBoost."
            ),
            name=entry.name,
        )
    served.columns = tuple(field.name for field in fields)
    served.position = labels.index(POSITIVE)
    rows = [entry.sample, *(entry.background or ())]
    examples = pd.DataFrame(rows, columns=list(served.columns))
    served.probabilities = training.single_row_probabilities(estimator, examples)
    served.answer(example)


def _refused(error: Exception) -> Message:
    return Message(
        N_("O modelo não aceitou os valores ({kind}: {reason})."),
        {"kind": type(error).__name__, "reason": str(error).strip()[:REASON_CHARACTERS]},
    )


_PREFERENCES = {
    "budget_min": 30_000.0,
    "budget_max": 60_000.0,
    "usage": "trabalho",
    "priorities": dict.fromkeys(("economia", "espaco", "performance", "conforto", "seguranca"), 3),
}
_CAR = {
    "marca": "Chevrolet",
    "modelo": "Onix",
    "ano": 2017,
    "preco": 45_900.0,
    "categoria": "Hatch",
}
"""A case to try a model on before anyone waits for it."""
