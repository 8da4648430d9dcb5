"""Records go through JSON as every database takes it, and come back from what older ones wrote."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field

import orjson
import pytest

from src.jsonable import Figure, Jsonable
from src.training import CandidateResult
from src.training.model import Diagnostics, Interval, Measured, Yardstick


@dataclass(frozen=True)
class Inner:
    mean: Figure = math.nan


@dataclass(frozen=True)
class Record(Jsonable):
    name: str
    figure: Figure = math.nan
    folds: dict[str, list[Figure]] = field(default_factory=dict)
    inner: Inner | None = None


@pytest.mark.parametrize("odd", [math.nan, math.inf, -math.inf])
def test_a_figure_that_is_no_number_is_null(odd: float) -> None:
    stored = Record("a", odd, {"AUC": [0.5, odd]}, Inner(odd)).to_dict()
    assert stored == {
        "name": "a",
        "figure": None,
        "folds": {"AUC": [0.5, None]},
        "inner": {"mean": None},
    }
    back = Record.from_dict(stored)
    assert math.isnan(back.figure) and math.isnan(back.folds["AUC"][1])
    assert back.inner is not None and math.isnan(back.inner.mean)


def test_a_candidate_without_a_metric_is_json_that_postgresql_takes() -> None:
    result = CandidateResult("ridge", "Ridge", {"AUC": math.nan}, {"AUC": math.nan})
    assert json.loads(json.dumps(result.to_dict(), allow_nan=False))["metrics"] == {"AUC": None}


def test_what_is_not_known_is_passed_over_and_what_is_not_there_has_its_default() -> None:
    assert Record.from_dict({"name": "a", "later": 1}).folds == {}


def test_what_a_model_predicts_may_be_no_number() -> None:
    seen = Diagnostics(
        {"R2": math.nan}, 2, residuals={"actual": [1, 2], "predicted": [1, math.inf]}
    )
    stored = orjson.loads(orjson.dumps(seen.to_dict()))
    assert stored["residuals"] == {"actual": [1, 2], "predicted": [1, None]}
    back = Diagnostics.from_dict(stored).residuals
    assert back is not None and math.isnan(back["predicted"][1])


def test_nothing_may_be_pointed_out_from_any_threshold_on() -> None:
    nowhere = Interval(math.nan, math.nan, math.nan)
    measured = Measured(math.inf, nowhere, nowhere, nowhere)
    stored = Yardstick("calculado", 9, 9, 1, {"lr": measured}, measured).to_dict()
    assert json.loads(json.dumps(stored, allow_nan=False))["reference"]["threshold"] is None
    assert math.isnan(Yardstick.from_dict(stored).models["lr"].threshold)


@pytest.mark.parametrize("damaged", [{}, [], "x", {"template": "a", "params": 3}])
def test_a_message_that_is_none_is_a_value_error(damaged: object) -> None:
    with pytest.raises(ValueError, match="no message"):
        CandidateResult.from_dict({"id": "a", "name": "A", "error": damaged})
