"""Rows split by group and time."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from src import training
from src.errors import TrainingError
from src.training import Design, candidates, chronology
from src.training.folds import split
from src.training.model import Task
from src.training.table import TRAIN_SHARE, prepare_table

pytestmark = pytest.mark.core


def visits(sessions: int = 40, each: int = 6, seed: int = 0) -> pd.DataFrame:
    """Sessions whose rows lie apart in the table, and whose names do not tell their order."""
    rng = np.random.default_rng(seed)
    rows = sessions * each
    session = np.repeat(rng.permutation(sessions), each)
    started = np.repeat(np.arange(sessions), each)
    x = rng.normal(size=rows)
    return pd.DataFrame(
        {
            "session": [f"s{number}" for number in session],
            "at": pd.Timestamp("2024-01-01")
            + pd.to_timedelta(started * 60 + rng.uniform(0, 50, rows), unit="min"),
            "x": x,
            "use": rng.choice(["a", "b"], rows),
            "score": 1 / (1 + np.exp(-x + rng.normal(0, 2, rows))),
            "bought": (x + rng.normal(0, 1, rows) > 0).astype(int),
        }
    ).sample(frac=1, random_state=seed)


def test_the_latest_sessions_are_held_out_and_no_session_is_on_both_sides() -> None:
    data = visits().reset_index(drop=True)
    table = prepare_table(data, Design("bought", group="session", order="at"))
    rows = split(table, seed=1)
    sides = [data.iloc[rows.train], data.iloc[rows.holdout]]
    assert not set(sides[0]["session"]) & set(sides[1]["session"])
    begins = data.groupby("session")["at"].min()
    assert begins[sides[0]["session"]].max() < begins[sides[1]["session"]].min()
    assert sides[1]["session"].nunique() == round(40 * (1 - TRAIN_SHARE))
    assert len(rows.train) + len(rows.holdout) == len(data)
    assert set(table.features) == {"x", "use", "score"}


def test_each_fold_trains_on_earlier_sessions_and_is_scored_on_the_next() -> None:
    data = visits().reset_index(drop=True)
    table = prepare_table(data, Design("bought", group="session", order="at", folds=4))
    rows = split(table, seed=1)
    begins = data.groupby("session")["at"].min()
    assert len(rows.folds) == 4
    scored: list[int] = []
    for fit, score in rows.folds:
        before, after = data.iloc[fit], data.iloc[score]
        assert not set(before["session"]) & set(after["session"])
        assert begins[before["session"]].max() < begins[after["session"]].min()
        assert {*fit, *score} <= set(rows.train)
        assert before["bought"].nunique() == after["bought"].nunique() == 2
        scored.extend(score)
    assert len(scored) == len(set(scored))


def test_the_seed_has_no_say_in_a_split_by_time() -> None:
    table = prepare_table(visits(), Design("bought", group="session", order="at"))
    first, second = split(table, seed=1), split(table, seed=2)
    assert np.array_equal(first.holdout, second.holdout)


def test_without_a_group_each_row_is_one_and_without_an_order_rows_come_as_they_stand() -> None:
    data = visits().reset_index(drop=True)
    by_time = chronology.ranks(data, None, "at")
    assert np.array_equal(np.argsort(by_time, kind="stable"), np.argsort(data["at"], kind="stable"))
    as_they_stand = chronology.ranks(data, "session", None)
    assert as_they_stand[0] == 0
    seen = dict.fromkeys(data["session"])
    assert [as_they_stand[data.index[data["session"] == name][0]] for name in seen] == list(
        range(len(seen))
    )


def test_rows_without_a_session_are_sessions_of_their_own() -> None:
    data = visits().reset_index(drop=True)
    data.loc[:2, "session"] = None
    ranks = chronology.ranks(data, "session", "at")
    assert len(set(ranks[:3])) == 3
    assert all((ranks == rank).sum() == 1 for rank in ranks[:3])


def test_a_class_that_came_late_leaves_fewer_folds_and_says_so() -> None:
    data = visits().sort_values("at").reset_index(drop=True)
    early = data["at"] < data["at"].quantile(0.2)
    data.loc[early, "bought"] = 0
    table = prepare_table(data, Design("bought", group="session", order="at", folds=6))
    assert table.folds < 6
    assert any("trecho de tempo" in str(warning) for warning in table.warnings)


def test_a_class_missing_among_the_latest_is_refused() -> None:
    data = visits().sort_values("at").reset_index(drop=True)
    data.loc[data["at"] > data["at"].quantile(0.6), "bought"] = 0
    with pytest.raises(TrainingError, match="últimos grupos"):
        prepare_table(data, Design("bought", group="session", order="at"))


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"group": "nowhere"}, "nowhere"),
        ({"order": "use"}, "não tem datas nem números"),
        ({"group": "use"}, "2 grupos"),
    ],
)
def test_columns_that_do_not_split_are_refused(changes: dict[str, str], problem: str) -> None:
    with pytest.raises(TrainingError, match=problem):
        prepare_table(visits(), Design("bought", **{"group": "session", "order": "at", **changes}))


def test_a_missing_moment_is_refused() -> None:
    data = visits()
    data.iloc[3, data.columns.get_loc("at")] = pd.NaT
    with pytest.raises(TrainingError, match="sem valor"):
        prepare_table(data, Design("bought", group="session", order="at"))


def test_regression_is_split_by_time_too() -> None:
    table = prepare_table(visits(), Design("x", Task.REGRESSION, group="session", order="at"))
    rows = split(table, seed=1)
    assert len(rows.folds) == 5
    assert len(rows.holdout) == 72


def test_a_comparison_in_time_scores_every_candidate_and_keeps_the_columns_out() -> None:
    comparison = training.compare_models(
        visits(), "bought", include=["lr", "nb"], folds=3, group="session", order="at"
    )
    assert not comparison.failures
    assert comparison.yardstick is None
    lr = next(result for result in comparison.candidates if result.id == "lr")
    assert len(lr.fold_scores["AUC"]) == 3
    assert list(comparison.top[0].pipeline.feature_names_in_) == ["x", "use", "score"]


def test_boosted_trees_are_among_the_usual_candidates() -> None:
    usual = {candidate.id for candidate in candidates.for_task(Task.BINARY, turbo=True)}
    assert {"xgboost", "lightgbm"} <= usual
