"""When is a difference between folds more than noise."""

from __future__ import annotations

import math

import numpy as np
import pytest

from src.messages import Message
from src.training import Task, choose_metric
from src.training.model import CandidateResult
from src.training.noise import difference_p_value, tied, verdict

pytestmark = pytest.mark.core
AUC = choose_metric(Task.BINARY, "AUC")


def candidate(name: str, scores: list[float]) -> CandidateResult:
    return CandidateResult(
        name,
        name,
        metrics={"AUC": float(np.mean(scores))},
        deviations={"AUC": float(np.std(scores))},
        fold_scores={"AUC": scores},
    )


def test_a_candidate_that_swings_far_behind_is_no_tie() -> None:
    best = candidate("best", [0.9999, 0.9998, 0.9999, 0.9999, 1.0])
    near = candidate("near", [0.9990, 0.9999, 0.9985, 0.9999, 0.9998])
    far = candidate("far", [0.72, 0.98, 0.81, 0.92, 0.75])
    scores = [entry.fold_scores["AUC"] for entry in (best, far)]
    assert difference_p_value(*scores) > 0.05
    assert tied([far, best, near], Task.BINARY, "AUC") == ("near",)


def test_the_p_value_is_that_of_the_corrected_resampled_t_test() -> None:
    # By hand: differences 0.01, 0.02, 0.03; mean 0.02, variance 1e-4, (1/3 + 1/2) * 1e-4 under the
    # root: t = 2.1909; two-sided p of Student's t with 2 degrees of freedom is
    # 1 - t / sqrt(2 + t^2).
    t = 0.02 / math.sqrt((1 / 3 + 1 / 2) * 1e-4)
    expected = 1 - t / math.sqrt(2 + t * t)
    assert difference_p_value([0.91, 0.92, 0.93], [0.90, 0.90, 0.90]) == pytest.approx(expected)


def test_equal_scores_are_no_difference_and_a_constant_gain_is_one() -> None:
    assert difference_p_value([0.9, 0.8], [0.9, 0.8]) == 1
    assert difference_p_value([1.0, 1.0], [0.5, 0.5]) == 0


def test_candidates_within_the_noise_are_called_a_tie() -> None:
    sentence = verdict(
        [
            candidate("a", [0.90, 0.80, 0.95, 0.85]),
            candidate("b", [0.85, 0.86, 0.90, 0.87]),
            candidate("c", [0.10, 0.11, 0.10, 0.12]),
        ],
        AUC,
    )
    assert "dentro do ruído" in str(sentence)
    assert sentence.params["tied"] == 2


def test_a_real_lead_is_called_one() -> None:
    sentence = verdict([candidate("a", [0.90, 0.91, 0.92]), candidate("b", [0.5, 0.51, 0.53])], AUC)
    assert "está à frente" in str(sentence)


def test_one_candidate_has_nothing_to_be_compared_with() -> None:
    assert verdict([candidate("a", [0.9, 0.8])], AUC) is None


def test_ties_are_named_by_the_rule_of_the_verdict() -> None:
    def scored(candidate_id: str, folds: list[float]) -> CandidateResult:
        mean = {"Accuracy": sum(folds) / len(folds)}
        deviation = {"Accuracy": float(np.std(folds))}
        return CandidateResult(candidate_id, candidate_id, mean, deviation, {"Accuracy": folds})

    candidates = [
        scored("worse", [0.50, 0.51, 0.49, 0.50, 0.52]),
        scored("first", [0.90, 0.91, 0.89, 0.92, 0.90]),
        scored("close", [0.91, 0.89, 0.90, 0.90, 0.91]),
        CandidateResult("failed", "failed", error=Message("Falhou.")),
    ]
    assert tied(candidates, Task.BINARY, "Accuracy") == ("close",)
    assert tied(candidates[:1], Task.BINARY, "Accuracy") == ()
    assert tied([], Task.BINARY, "Accuracy") == ()


def test_folds_that_follow_each_other_train_on_less_and_are_believed_less() -> None:
    scores = [0.91, 0.92, 0.93], [0.90, 0.90, 0.90]
    # As above, with (1 + 1/2 + 1/3) / 3 instead of 1/2 for what overlaps.
    t = 0.02 / math.sqrt((1 / 3 + (1 + 1 / 2 + 1 / 3) / 3) * 1e-4)
    expected = 1 - t / math.sqrt(2 + t * t)
    assert difference_p_value(*scores, in_time=True) == pytest.approx(expected)
    a, b = (candidate(name, fold) for name, fold in zip("ab", scores, strict=True))
    for given in ({}, {"in_time": True}):
        sentence = verdict([a, b], AUC, **given)
        assert sentence is not None
        assert sentence.params["p"] == round(difference_p_value(*scores, **given), 3)


def test_missing_scores_are_no_verdict() -> None:
    assert math.isnan(difference_p_value([0.9, math.nan], [0.8, 0.7]))


def test_a_mean_within_one_deviation_is_a_tie() -> None:
    # The mean lies 0.25 behind; a deviation of 0.25 exactly is that of these four folds.
    first = candidate("first", [0.75, 0.75, 0.75, 0.75])
    for half, expected in ((0.25, ("second",)), (0.2421875, ())):
        second = candidate("second", [0.5 - half, 0.5 + half, 0.5 - half, 0.5 + half])
        assert tied([first, second], Task.BINARY, "AUC") == expected


def test_one_fold_is_no_comparison_and_two_are() -> None:
    for folds, expected in (([0.9], ()), ([0.9, 0.9], ("other",))):
        first, other = candidate("first", folds), candidate("other", folds)
        assert tied([first, other], Task.BINARY, "AUC") == expected
