"""Comparing: right figures, honest failures, pipelines that stand alone."""

from __future__ import annotations

import math
import pickle
import pickletools
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.compose import ColumnTransformer
from sklearn.datasets import load_breast_cancer, load_iris
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold, train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder
from threadpoolctl import threadpool_limits

from src import training
from src.errors import TrainingError
from src.training import Task, candidates
from src.training.model import Candidate
from tests.unit.training import estimators
from tests.unit.training.tables import campaign, houses

pytestmark = pytest.mark.core
QUICK = ["nb", "dt", "ridge", "lr"]


def alone(data: pd.DataFrame, estimator: Any) -> float:
    """The AUC that scikit-learn alone gives, on the same rows in the same folds."""
    X = data.drop(columns="bought").reset_index(drop=True)
    y = (data["bought"] == "yes").to_numpy().astype(int)
    train, _ = train_test_split(np.arange(len(y)), test_size=0.3, random_state=42, stratify=y)
    X, y = X.iloc[train], y[train]
    texts = ["job", "contact", "month"]
    scores = []
    for fit, score in StratifiedKFold(5).split(X, y):
        model = make_pipeline(
            ColumnTransformer(
                [
                    ("rest", "passthrough", ["age", "duration"]),
                    ("texts", OneHotEncoder(drop="if_binary"), texts),
                ]
            ),
            estimator,
        )
        model.fit(X.iloc[fit], y[fit])
        scores.append(roc_auc_score(y[score], model.predict_proba(X.iloc[score])[:, 1]))
    return float(np.mean(scores))


def test_categories_and_a_shuffled_index_do_not_part_rows_from_labels() -> None:
    data = campaign(900)
    assert not data.index.is_monotonic_increasing
    board = training.compare_models(data, "bought", include=["lr", "rf"]).leaderboard
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        lr = alone(data, LogisticRegression(max_iter=1000, random_state=42))
        rf = alone(data, RandomForestClassifier(random_state=42))
    assert lr > 0.85
    assert board.loc["lr", "AUC"] == pytest.approx(lr, abs=0.002)
    assert board.loc["rf", "AUC"] == pytest.approx(rf, abs=0.01)
    assert board.loc["dummy", "AUC"] == 0.5


def test_a_leaderboard_has_pycarets_columns_and_each_metrics_deviation() -> None:
    comparison = training.compare_models(campaign(), "bought", include=QUICK, folds=3)
    names = [metric.name for metric in training.METRICS[Task.BINARY]]
    assert names[:7] == ["Accuracy", "AUC", "Recall", "Prec.", "F1", "Kappa", "MCC"]
    board = comparison.leaderboard
    assert list(board.columns) == ["Model", *names, *(f"{n} ±" for n in names), "TT (Sec)"]
    assert set(board.index) == {*QUICK, "dummy"}
    assert board["AUC"].is_monotonic_decreasing
    assert comparison.positive == "yes"
    result = next(entry for entry in comparison.candidates if entry.id == "lr")
    assert np.mean(result.fold_scores["AUC"]) == result.metrics["AUC"]
    assert np.std(result.fold_scores["AUC"]) == result.deviations["AUC"]


def test_the_best_answer_with_the_original_labels_from_raw_rows() -> None:
    data = campaign()
    comparison = training.compare_models(
        data, "bought", include=["lr", "xgboost", "lightgbm", "rf"], folds=2
    )
    features = data.drop(columns="bought")
    assert {entry.id for entry in comparison.top} == {"lr", "xgboost", "lightgbm", "rf"}
    assert {training.algorithm(entry.pipeline) for entry in comparison.top} == {
        "LogisticRegression",
        "XGBClassifier",
        "LGBMClassifier",
        "RandomForestClassifier",
    }
    for entry in comparison.top:
        assert list(entry.pipeline.classes_) == ["no", "yes"]
        predicted = entry.pipeline.predict(features)
        assert (predicted == data["bought"]).mean() > 0.75, entry.id
        assert entry.pipeline.predict_proba(features.head(3)).shape == (3, 2)
        assert set(entry.holdout_metrics) == {
            metric.name for metric in training.METRICS[Task.BINARY]
        }


def test_a_saved_pipeline_needs_neither_pycaret_nor_this_package(tmp_path: Path) -> None:
    comparison = training.compare_models(
        campaign(), "bought", include=["xgboost", "lightgbm", "lr"], folds=2
    )
    for entry in comparison.top:
        content = pickle.dumps(entry.pipeline, protocol=2)
        used = {
            str(argument).split(".")[0]
            for code, argument, _ in pickletools.genops(content)
            if code.name == "GLOBAL"
        }
        assert not used & {"src", "pycaret", "tests"}, (entry.id, used)
        (tmp_path / "model.pkl").write_bytes(pickle.dumps(entry.pipeline))
        code = (
            "import pickle, sys; model = pickle.load(open('model.pkl', 'rb'));"
            "assert not {'src', 'pycaret'} & set(sys.modules)"
        )
        subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True, timeout=300)


def test_more_than_two_classes() -> None:
    data = load_iris(as_frame=True).frame
    data["target"] = data["target"].map({0: "setosa", 1: "versicolor", 2: "virginica"})
    comparison = training.compare_models(data, "target", include=["lda", "ridge", "xgboost"])
    assert comparison.task is Task.MULTICLASS
    assert comparison.metric == "Accuracy"
    assert comparison.positive is None
    assert comparison.leaderboard.loc["lda", "Accuracy"] > 0.95
    # No probabilities, so no AUC: missing, rather than 0 as PyCaret has it.
    assert np.isnan(comparison.leaderboard.loc["ridge", "AUC"])
    assert list(comparison.top[0].pipeline.classes_) == ["setosa", "versicolor", "virginica"]


def test_regression() -> None:
    comparison = training.compare_models(houses(), "price", include=["ridge", "dt"], folds=3)
    assert comparison.task is Task.REGRESSION
    assert comparison.leaderboard.index[-1] == "dummy"
    assert comparison.leaderboard.loc["ridge", "R2"] > 0.95
    predicted = comparison.top[0].pipeline.predict(houses().drop(columns="price"))
    assert np.corrcoef(predicted, houses()["price"])[0, 1] > 0.95


def test_an_error_ranks_upwards() -> None:
    board = training.compare_models(
        houses(), "price", metric="MAE", include=["ridge"], folds=2
    ).leaderboard
    assert list(board.index) == ["ridge", "dummy"]


def test_each_candidate_is_told_the_moment_it_is_there() -> None:
    told: list[str] = []
    comparison = training.compare_models(
        campaign(), "bought", include=QUICK, folds=2, on_candidate=lambda r: told.append(r.id)
    )
    assert told == [entry.id for entry in comparison.candidates]


def test_the_baseline_is_never_among_the_best_while_another_finished() -> None:
    comparison = training.compare_models(campaign(), "bought", include=["nb"], folds=2)
    assert [entry.id for entry in comparison.top] == ["nb"]
    assert [entry.id for entry in training.compare_models(
        campaign(), "bought", include=[], folds=2).top] == ["dummy"]  # fmt: skip


def test_the_same_seed_gives_the_same_figures() -> None:
    first, second = (
        training.compare_models(campaign(), "bought", include=["rf", "svm"], folds=2).leaderboard
        for _ in range(2)
    )
    pd.testing.assert_frame_equal(first.drop(columns="TT (Sec)"), second.drop(columns="TT (Sec)"))


def test_two_workers_and_one_give_the_same_figures() -> None:
    one, two = (
        training.compare_models(
            campaign(), "bought", include=["rf"], folds=2, n_jobs=count
        ).leaderboard
        for count in (1, 2)
    )
    pd.testing.assert_frame_equal(one.drop(columns="TT (Sec)"), two.drop(columns="TT (Sec)"))


def test_tuning_keeps_what_is_better_than_the_defaults() -> None:
    plain = training.compare_models(campaign(), "bought", include=["dt", "nb"], folds=3)
    tuned = training.compare_models(
        campaign(), "bought", include=["dt", "nb"], folds=3, tune_trials=6
    )
    assert tuned.leaderboard.loc["dt", "AUC"] > plain.leaderboard.loc["dt", "AUC"]
    result = next(entry for entry in tuned.candidates if entry.id == "dt")
    assert result.tuned
    model = next(entry for entry in tuned.top if entry.id == "dt").pipeline[-1]
    assert result.parameters.items() <= model.get_params().items()


@pytest.mark.parametrize(
    ("estimator", "reason", "seconds"),
    [
        (estimators.Exits(), "O processo caiu", None),
        (estimators.Segfaults(), "O processo caiu", None),
        (estimators.Raises(), "não sei ajustar isto", None),
        (estimators.RunsOutOfMemory(), "Faltou memória", None),
        (estimators.Sleeps(), "limite de 4", 4),
        (estimators.Hangs(), "limite de 4", 4),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_candidate_that_fails_is_shown_and_harms_no_other(
    estimator: Any, reason: str, seconds: float | None
) -> None:
    bad = Candidate("bad", "Mau", estimator, cost=9)
    comparison = training.compare_models(
        campaign(), "bought", include=[bad, *QUICK], folds=2, time_limit=seconds
    )
    assert set(comparison.failures) == {"bad"}
    assert reason in str(comparison.failures["bad"])
    assert set(comparison.leaderboard.index) == {*QUICK, "dummy"}
    assert len(comparison.top) == len(QUICK)


def test_one_that_fails_in_the_final_fit_is_a_failure_with_its_reason() -> None:
    bad = Candidate("bad", "Mau", estimators.FailsOnManyRows(), cost=9)
    comparison = training.compare_models(campaign(400), "bought", include=[bad, "lr"], folds=3)
    assert [entry.id for entry in comparison.top] == ["lr"]
    assert "ajuste final" in str(comparison.failures["bad"])
    assert "Faltou memória" in str(comparison.failures["bad"])
    assert "bad" not in comparison.leaderboard.index
    with pytest.raises(TrainingError, match="ajuste final"):
        training.compare_models(campaign(400), "bought", include=[bad], folds=3)


def test_scores_that_are_no_numbers_give_no_auc() -> None:
    odd = Candidate("odd", "Estranho", estimators.ScoresNothing())
    comparison = training.compare_models(campaign(200), "bought", include=[odd, "nb"], folds=2)
    assert math.isnan(comparison.leaderboard.loc["odd", "AUC"])
    assert comparison.leaderboard.loc["odd", "Accuracy"] > 0


def test_two_that_crash_are_both_found() -> None:
    bad = [
        Candidate("exits", "Sai", estimators.Exits(), cost=9),
        Candidate("segfaults", "Cai", estimators.Segfaults(), cost=8),
    ]
    comparison = training.compare_models(campaign(), "bought", include=[*bad, "nb"], folds=2)
    assert set(comparison.failures) == {"exits", "segfaults"}
    assert set(comparison.leaderboard.index) == {"nb", "dummy"}


def test_a_metric_of_another_task_is_refused() -> None:
    with pytest.raises(TrainingError, match="R2"):
        training.compare_models(campaign(), "bought", metric="R2")


def test_a_candidate_that_does_not_exist_is_refused() -> None:
    with pytest.raises(TrainingError, match="catboost"):
        training.compare_models(campaign(), "bought", include=["catboost"])


def test_the_front_door_does_not_import_pycaret() -> None:
    code = "import sys; from src import training; assert 'pycaret' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=300)


def test_figures_and_candidates_are_pycarets_own() -> None:
    pytest.importorskip("six", reason="a library that PyCaret's plots import is not installed")
    from pycaret.classification import ClassificationExperiment

    data = load_breast_cancer(as_frame=True).frame
    experiment = ClassificationExperiment()
    experiment.setup(
        data, target="target", session_id=42, preprocess=False, fold=5, n_jobs=1, html=False,
        verbose=False, system_log=False,
    )  # fmt: skip
    turbo = [name for name, row in experiment.models().iterrows() if row["Turbo"]]
    ours = {entry.id for entry in candidates.for_task(Task.BINARY)}
    every = {entry.id for entry in candidates.for_task(Task.BINARY, turbo=False)}
    assert (ours, every) == (set(turbo), set(experiment.models().index))
    # "lr" stops unconverged here, so its figures follow the number of BLAS threads: one for both.
    with threadpool_limits(1):
        experiment.compare_models(verbose=False)
    theirs = experiment.pull()
    comparison = training.compare_models(data, "target")
    board = comparison.leaderboard
    assert set(board.index) == set(theirs.index)
    assert set(comparison.failures) == set(turbo) - set(theirs.index)
    shared = [each.name for each in training.METRICS[Task.BINARY] if each.name in theirs]
    assert len(shared) == 7
    for column in shared:
        assert np.allclose(theirs[column], board.loc[theirs.index, column], atol=0.001), column
