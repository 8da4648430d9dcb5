"""Contributions: they add up, they follow the definition, they leave bystanders at zero."""

from __future__ import annotations

import itertools
import math
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LinearRegression, RidgeClassifier

from src import prediction, registry
from src.errors import PredictionError
from src.prediction import explanation
from src.prediction.explanation import _shapley
from tests import prediction_examples as examples

pytestmark = pytest.mark.core

MACHINE_ROOM = {"lux": 400.0, "temperatura": 35.0, "vibracao": 6.0}
CLIENT = {"renda": None, "idade": 40, "cidade": "Recife", "cliente": "sim", "desde": "03/05/2022"}


def save(model: object, name: str) -> None:
    table = examples.sensors()
    registry.save_model(model, name, training_data=table)


@pytest.mark.parametrize(
    ("save_model", "name", "row"),
    [
        (examples.save_sensors, "sensores", MACHINE_ROOM),
        (examples.save_mixed, "clientes", CLIENT),
        (examples.save_regression, "consumo", {"lux": 1, "temperatura": 40}),
    ],
)
def test_contributions_and_base_add_up_to_the_output(save_model, name, row) -> None:  # type: ignore[no-untyped-def]
    save_model()
    found = prediction.explain(name, row)
    total = found.attrs["base"] + found["contribution"].sum()
    assert total == pytest.approx(found.attrs["output"], abs=1e-9)
    assert list(found.columns) == ["feature", "value", "contribution"]
    assert found["contribution"].abs().is_monotonic_decreasing


def test_the_probability_of_the_predicted_class_is_explained() -> None:
    examples.save_sensors()
    found = prediction.explain("sensores", MACHINE_ROOM)
    scored = prediction.predict("sensores", [MACHINE_ROOM], log=False)
    assert found.attrs["scale"] == "probability"
    assert found.attrs["label"] == "falha"
    assert found.attrs["output"] == pytest.approx(scored["probability_falha"][0])
    assert found["feature"][0] == "vibracao"


def test_a_column_the_model_does_not_use_contributes_nothing() -> None:
    examples.save_mixed()
    found = prediction.explain("clientes", CLIENT).set_index("feature")["contribution"]
    assert found["desde"] == 0


def test_a_linear_model_gives_the_known_contributions() -> None:
    """Shapley values of a linear model are coefficient × (value - mean of the background)."""
    examples.save_regression()
    entry = registry.get_model("consumo")
    background = pd.DataFrame(list(entry.background))
    found = prediction.explain("consumo", {"lux": 1, "temperatura": 40}).set_index("feature")
    expected = 3 * (40 - background["temperatura"].mean())
    assert found["contribution"]["temperatura"] == pytest.approx(expected)


def test_the_estimate_comes_close_to_the_definition() -> None:
    """Against the sum over all coalitions, for a function with an interaction of three columns."""
    rng = np.random.default_rng(5)
    background = pd.DataFrame(rng.normal(size=(50, 4)), columns=list("abcd"))
    given = pd.DataFrame([[1.0, -2.0, 1.5, 0.5]], columns=list("abcd"))

    def output(frame: pd.DataFrame) -> np.ndarray:
        a, b, c, d = (frame[name].to_numpy() for name in "abcd")
        return a * b * c + 2 * b + np.where(d > 0, a, 0.0)

    def worth(coalition: tuple[str, ...]) -> float:
        mixed = background.copy()
        for name in coalition:
            mixed[name] = given[name].iloc[0]
        return float(output(mixed).mean())

    exact = []
    for name in "abcd":
        others = [other for other in "abcd" if other != name]
        exact.append(
            sum(
                math.factorial(size)
                * math.factorial(3 - size)
                / math.factorial(4)
                * (worth((*coalition, name)) - worth(coalition))
                for size in range(4)
                for coalition in itertools.combinations(others, size)
            )
        )
    found, base = _shapley(output, given, background, np.random.default_rng(0))
    assert base == pytest.approx(float(output(background).mean()))
    assert np.allclose(found, exact, atol=0.25)


def test_the_same_row_is_explained_in_the_same_way_twice() -> None:
    examples.save_mixed()
    first = prediction.explain("clientes", CLIENT)
    pd.testing.assert_frame_equal(first, prediction.explain("clientes", CLIENT))


def test_a_classifier_without_probabilities_is_explained_by_its_score() -> None:
    table = examples.sensors()
    save(RidgeClassifier().fit(table, examples.state(table)), "ridge")
    found = prediction.explain("ridge", MACHINE_ROOM)
    assert found.attrs["scale"] == "score"
    assert found.attrs["output"] > 0
    total = found.attrs["base"] + found["contribution"].sum()
    assert total == pytest.approx(found.attrs["output"])


def test_a_wide_and_slow_model_is_explained_within_its_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rng = np.random.default_rng(1)
    table = pd.DataFrame(rng.normal(size=(300, 300))).add_prefix("c")
    target = (table["c0"] + table["c1"] > 0).astype(int)
    model = RandomForestClassifier(200, random_state=0).fit(table, target)
    registry.save_model(model, "largo", training_data=table)
    prediction.load("largo")
    looks = (
        itertools.count()
    )  # at a clock on which each group of walks takes half of the time there is
    clock = SimpleNamespace(monotonic=lambda: next(looks) * explanation.SECONDS / 2)
    monkeypatch.setattr(explanation, "time", clock)
    found = prediction.explain("largo", table.iloc[0].to_dict())
    assert next(looks) == 4  # the beginning, half of the time, all of it, and too late
    total = found.attrs["base"] + found["contribution"].sum()
    assert total == pytest.approx(found.attrs["output"], abs=1e-9)


def test_without_training_rows_there_is_no_explanation() -> None:
    table = examples.sensors()
    registry.save_model(LinearRegression().fit(table, table["lux"]), "antigo")
    with pytest.raises(PredictionError, match="sem linhas de treino"):
        prediction.explain("antigo", MACHINE_ROOM)


def test_a_row_that_cannot_be_scored_is_not_explained() -> None:
    examples.save_sensors()
    with pytest.raises(PredictionError, match="não é um número"):
        prediction.explain("sensores", {**MACHINE_ROOM, "lux": "x"})
