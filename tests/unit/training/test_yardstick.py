"""The best against a reference: figures, thresholds, intervals."""

from __future__ import annotations

import math

import numpy as np
import pytest
from sklearn import metrics

from src import training
from src.errors import TrainingError
from src.training import noise
from src.training.yardstick import (
    Interval,
    Scored,
    Yardstick,
    best_threshold,
    measure,
    scores,
)
from tests.unit.training.test_chronology import visits

pytestmark = pytest.mark.core


def sample(groups: int = 60, each: int = 5, seed: int = 0) -> tuple[np.ndarray, ...]:
    rng = np.random.default_rng(seed)
    codes = np.repeat(np.arange(groups), each)
    labels = (rng.random(groups * each) < 0.3).astype(int)
    good = np.round(labels + rng.normal(0, 0.8, len(labels)), 1)  # with ties
    return labels, codes, good, rng.random(len(labels))


def measured(seed: int = 0) -> Yardstick:
    labels, codes, good, chance = sample()
    return measure(
        labels,
        codes,
        {"good": Scored(0.5, good)},
        column="rule",
        reference=Scored(0.5, chance),
        seed=seed,
    )


def test_figures_are_scikit_learns_on_the_held_out_rows() -> None:
    labels, codes, good, _chance = sample()
    found = measured().models["good"]
    assert found.auc.value == pytest.approx(metrics.roc_auc_score(labels, good))
    assert found.precision.value == pytest.approx(metrics.precision_score(labels, good >= 0.5))
    assert found.recall.value == pytest.approx(metrics.recall_score(labels, good >= 0.5))
    assert found.gain is not None
    assert found.gain.value == found.auc.value - measured().reference.auc.value
    assert (measured().rows, measured().groups) == (len(labels), len(set(codes)))
    assert measured().prevalence == labels.mean()


def test_the_threshold_is_that_of_the_greatest_f1() -> None:
    labels, _codes, good, _chance = sample()
    threshold = best_threshold(labels, good)
    tried = {value: metrics.f1_score(labels, good >= value) for value in np.unique(good)}
    assert tried[threshold] == max(tried.values())


def test_whole_groups_are_drawn_so_copies_of_rows_make_nothing_surer() -> None:
    labels, codes, good, chance = sample(each=1)
    once = measure(
        labels, codes, {"good": Scored(0.5, good)}, column="rule",
        reference=Scored(0.5, chance), seed=0,
    )  # fmt: skip
    four = [np.repeat(part, 4) for part in (labels, codes, good, chance)]
    copied = measure(
        four[0], four[1], {"good": Scored(0.5, four[2])}, column="rule",
        reference=Scored(0.5, four[3]), seed=0,
    )  # fmt: skip
    assert copied.models["good"].auc == once.models["good"].auc
    by_row = measure(
        four[0], np.arange(len(four[0])), {"good": Scored(0.5, four[2])}, column="rule",
        reference=Scored(0.5, four[3]), seed=0,
    )  # fmt: skip
    width = [each.models["good"].auc.high - each.models["good"].auc.low for each in (once, by_row)]
    assert width[1] < 0.7 * width[0]


def test_an_interval_holds_the_truth_about_as_often_as_it_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("src.training.yardstick.RESAMPLES", 300)
    held = 0
    for seed in range(100):
        rng = np.random.default_rng(1000 + seed)  # not the numbers that the resamples are made of
        labels = (rng.random(200) < 0.4).astype(int)
        values = rng.normal(labels * 1.0, 1)  # AUC = Phi(1 / sqrt 2)
        truth = 0.5 * (1 + math.erf(0.5))
        found = measure(
            labels, np.arange(200) // 2, {"m": Scored(0.5, values)}, column="r",
            reference=Scored(0.5, values), seed=seed,
        ).models["m"]  # fmt: skip
        held += found.auc.low <= truth <= found.auc.high
        assert found.gain is not None
        assert (found.gain.low, found.gain.high) == (0, 0)
    assert held >= 89  # of 100; sound ones would do worse once in 200 times


@pytest.mark.parametrize(
    ("low", "high", "reached"), [(0.76, 0.9, True), (0.6, 0.74, False), (0.7, 0.8, None)]
)
def test_a_goal_inside_the_interval_is_within_noise(
    low: float, high: float, reached: bool | None
) -> None:
    assert Interval(0.75, low, high).reaches(0.75) is reached


def test_it_survives_json() -> None:
    found = measured()
    assert Yardstick.from_dict(found.to_dict()) == found


def test_a_comparison_measures_the_best_against_the_reference() -> None:
    comparison = training.compare_models(
        visits(80), "bought", include=["lr", "ridge", "lightgbm"], folds=2, n_select=3,
        group="session", order="at", reference="score",
    )  # fmt: skip
    found = comparison.yardstick
    assert found is not None
    assert set(found.models) == {"lr", "ridge", "lightgbm"}
    assert list(found.models) == [entry.id for entry in comparison.top]
    assert found.groups == 24
    for entry in comparison.top:
        auc = found.models[entry.id].auc.value
        assert auc == pytest.approx(entry.holdout_metrics["AUC"])
    assert found.models["lr"].gain.reaches(0)  # type: ignore[union-attr]


def test_the_held_out_rows_have_no_say_in_a_threshold() -> None:
    data = visits(60).sort_values("at").reset_index(drop=True)
    options = {"group": "session", "order": "at", "reference": "score"}
    first = training.compare_models(data, "bought", include=["lr"], folds=2, **options)
    begins = data.groupby("session")["at"].transform("min")
    late = begins > begins.drop_duplicates().quantile(0.72)
    data.loc[late, "bought"] = 1 - data.loc[late, "bought"]
    second = training.compare_models(data, "bought", include=["lr"], folds=2, **options)
    assert first.yardstick is not None
    assert second.yardstick is not None
    assert first.yardstick.models["lr"].threshold == second.yardstick.models["lr"].threshold
    assert first.yardstick.reference.threshold == second.yardstick.reference.threshold
    assert first.yardstick.models["lr"].auc.value > 0.6 > second.yardstick.models["lr"].auc.value


@pytest.mark.parametrize(
    ("column", "problem"), [("use", "não é uma coluna de números"), ("gaps", "sem valor")]
)
def test_what_cannot_be_a_reference_is_refused(column: str, problem: str) -> None:
    data = visits()
    data["gaps"] = np.where(np.arange(len(data)) == 3, np.nan, 0.5)
    with pytest.raises(TrainingError, match=problem):
        scores(data, column, training.Task.BINARY)


def test_only_two_classes_have_a_reference() -> None:
    with pytest.raises(TrainingError, match="duas classes"):
        training.check_table(
            visits(), training.Design("x", training.Task.REGRESSION, reference="score")
        )


def test_folds_in_time_need_more_for_a_difference_to_be_real() -> None:
    first, second = [0.80, 0.82, 0.79, 0.83, 0.81], [0.79, 0.80, 0.79, 0.81, 0.80]
    shuffled = noise.difference_p_value(first, second)
    assert noise.difference_p_value(first, second, in_time=True) > shuffled
