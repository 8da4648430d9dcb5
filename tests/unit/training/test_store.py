"""Comparisons kept in the database."""

from __future__ import annotations

import math

import pytest

from src.errors import ComparisonNotFound
from src.messages import Message
from src.persistence import utc_now
from src.training import Task, store
from src.training.model import CandidateResult, ComparisonRecord

pytestmark = pytest.mark.core


def record(comparison_id: str = "c1", dataset: str = "sala") -> ComparisonRecord:
    return ComparisonRecord(
        id=comparison_id,
        dataset=dataset,
        target="estado",
        task=Task.BINARY,
        metric="AUC",
        settings={"folds": 5},
        fingerprint="f" * 64,
        rows=100,
        actor="ana",
        created_at=utc_now(),
        warnings=(Message("A coluna {column} está vazia.", {"column": "lux"}),),
    )


def result(candidate_id: str, auc: float) -> CandidateResult:
    return CandidateResult(
        id=candidate_id,
        name=candidate_id.upper(),
        metrics={"AUC": auc, "Accuracy": 0.5},
        deviations={"AUC": 0.1, "Accuracy": 0.1},
        fold_scores={"AUC": [auc, auc]},
        seconds=0.5,
    )


def test_a_comparison_is_read_back_as_it_was_stored() -> None:
    stored = record()
    store.add(stored)
    assert store.get_comparison("c1") == stored


def test_candidates_are_readable_while_the_comparison_runs() -> None:
    store.add(record())
    store.put_candidate("c1", result("lr", 0.7))
    store.put_candidate("c1", result("rf", 0.9))
    running = store.get_comparison("c1")
    assert running.finished_at is None
    assert list(running.leaderboard.index) == ["rf", "lr"]
    assert running.leaderboard.loc["rf", "AUC ±"] == 0.1


def test_a_metric_that_does_not_exist_is_missing_and_ranks_last() -> None:
    store.add(record())
    store.put_candidate("c1", result("svm", math.nan))
    store.put_candidate("c1", result("dummy", 0.5))
    board = store.get_comparison("c1").leaderboard
    assert list(board.index) == ["dummy", "svm"]
    assert math.isnan(board.loc["svm", "AUC"])


def test_a_candidate_that_failed_is_kept_with_its_reason() -> None:
    store.add(record())
    reason = Message("Passou de {seconds} s.", {"seconds": 3})
    store.put_candidate("c1", CandidateResult("gbc", "Gradient Boosting", error=reason))
    kept = store.get_comparison("c1")
    assert kept.failures == {"gbc": reason}
    assert kept.leaderboard.empty


def test_a_second_result_replaces_the_first() -> None:
    store.add(record())
    store.put_candidate("c1", result("lr", 0.7))
    store.put_candidate("c1", result("lr", 0.8))
    assert [entry.metrics["AUC"] for entry in store.get_comparison("c1").candidates] == [0.8]


def test_a_finished_comparison_has_its_best_and_a_verdict() -> None:
    store.add(record())
    store.finish("c1", top_ids=("rf", "lr"), verdict=Message("Empate."))
    finished = store.get_comparison("c1")
    assert finished.top_ids == ("rf", "lr")
    assert finished.verdict == Message("Empate.")
    assert finished.finished_at is not None


def test_comparisons_are_listed_newest_first_and_by_table() -> None:
    store.add(record("c1"))
    store.add(record("c2", dataset="banco"))
    store.add(record("c3"))
    assert [entry.id for entry in store.list_comparisons()] == ["c3", "c2", "c1"]
    assert [entry.id for entry in store.list_comparisons("sala")] == ["c3", "c1"]
    assert [entry.id for entry in store.list_comparisons(limit=1)] == ["c3"]


def test_an_unknown_comparison_is_said_to_be_unknown() -> None:
    with pytest.raises(ComparisonNotFound):
        store.get_comparison("nada")
