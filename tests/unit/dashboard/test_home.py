"""The home screen's rules: what is done, and what comes next."""

from __future__ import annotations

import pytest

from src.dashboard.home.rules import Counts, Step, StepState, next_step, states


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        (Counts(), Step.TABLES),
        (Counts(tables=2), Step.COMPARISON),
        (Counts(tables=1, running=1), Step.COMPARISON),
        (Counts(tables=1, comparisons=3), Step.TOP),
        (Counts(tables=1, comparisons=1, running=1), Step.COMPARISON),
        (Counts(models=2, quarantined=2), Step.MODELS),
        (Counts(tables=1, comparisons=1, models=1), Step.PREDICTIONS),
        (Counts(tables=1, comparisons=1, models=1, predictions=9), Step.PREDICTIONS),
    ],
)
def test_the_next_step_is_the_furthest_that_can_be_worked_on(
    counts: Counts, expected: Step
) -> None:
    assert next_step(counts) is expected


def test_a_model_is_enough_to_predict_even_when_its_table_is_gone() -> None:
    assert next_step(Counts(models=1)) is Step.PREDICTIONS


def test_models_in_quarantine_do_not_count_as_able_to_predict() -> None:
    assert next_step(Counts(tables=1, comparisons=1, models=1, quarantined=1)) is Step.TOP


def test_steps_are_in_the_order_of_the_work() -> None:
    assert list(states(Counts())) == list(Step)


def test_nothing_yet_leaves_one_next_step_and_the_rest_waiting() -> None:
    found = states(Counts())
    assert found[Step.TABLES] is StepState.NEXT
    assert set(found.values()) == {StepState.NEXT, StepState.WAITING}


def test_a_running_comparison_shows_as_running_even_after_earlier_ones() -> None:
    assert states(Counts(tables=1, comparisons=4, running=1))[Step.COMPARISON] is StepState.RUNNING


def test_everything_in_use_leaves_no_next_step() -> None:
    counts = Counts(tables=1, comparisons=1, models=1, predictions=1)
    assert set(states(counts).values()) == {StepState.DONE}


@pytest.mark.parametrize("tables", [0, 1])
@pytest.mark.parametrize("comparisons", [0, 1])
@pytest.mark.parametrize("models", [0, 1])
@pytest.mark.parametrize("predictions", [0, 1])
def test_at_most_one_step_is_next(
    tables: int, comparisons: int, models: int, predictions: int
) -> None:
    found = states(
        Counts(tables=tables, comparisons=comparisons, models=models, predictions=predictions)
    )
    assert list(found.values()).count(StepState.NEXT) <= 1
