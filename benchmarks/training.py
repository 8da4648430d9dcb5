"""A comparison against plain scikit-learn and against PyCaret's own: time and figures."""

from __future__ import annotations

import json
import statistics
import warnings
from pathlib import Path
from typing import Any

from sklearn.metrics import cohen_kappa_score, make_scorer

from benchmarks.measure import Row, interleaved, ratio, run_python

FOLDS = 5
REPEATS = 9
SCORERS = {
    "Accuracy": "accuracy",
    "AUC": "roc_auc",
    "Recall": "recall",
    "Prec.": "precision",
    "F1": "f1",
    "Kappa": make_scorer(cohen_kappa_score),
    "MCC": "matthews_corrcoef",
}

PYCARET = """
import json, sys, time, warnings
warnings.filterwarnings("ignore")
from sklearn.datasets import load_breast_cancer
from threadpoolctl import threadpool_limits
from pycaret.classification import ClassificationExperiment
from src.training import candidates  # lets it find XGBoost's build for the processor
data = load_breast_cancer(as_frame=True).frame
experiment = ClassificationExperiment()
table, n_jobs = None, int(sys.argv[1])
if n_jobs == 1:
    experiment.setup(data, target="target", session_id=42, preprocess=False, fold=5,
                     n_jobs=1, html=False, verbose=False)
    # "lr" stops unconverged, so its figures follow the number of BLAS threads; ours have one.
    with threadpool_limits(1):
        experiment.compare_models(n_select=5, turbo=True, sort="AUC", verbose=False)
    table = experiment.pull().to_dict(orient="index")
else:  # as it comes: its own preparation, its own number of jobs
    experiment.setup(data, target="target", session_id=42, fold=5, html=False, verbose=False)
times = []
for _ in range(int(sys.argv[2])):
    started = time.perf_counter()
    experiment.compare_models(n_select=5, turbo=True, sort="AUC", verbose=False)
    times.append(time.perf_counter() - started)
print(json.dumps({"times": times, "table": table}))
"""


def run(_folder: Path) -> list[Row]:
    warnings.filterwarnings("ignore")
    from joblib import Parallel, delayed, parallel_config
    from sklearn.datasets import load_breast_cancer
    from sklearn.model_selection import cross_validate, train_test_split

    from src import training
    from src.training import pool

    data = load_breast_cancer(as_frame=True).frame
    features, target = data.drop(columns="target"), data["target"]
    X, _, y, _ = train_test_split(
        features.to_numpy(), target.to_numpy(), test_size=0.3, random_state=42, stratify=target
    )
    estimators = _estimators()

    def plain() -> None:
        # The same executor as ours, so that both find their workers warm.
        with parallel_config(
            "loky", n_jobs=2, inner_max_num_threads=1, idle_worker_timeout=pool.IDLE_SECONDS
        ):
            Parallel(max_nbytes=None)(
                delayed(cross_validate)(estimator, X, y, cv=FOLDS, scoring=SCORERS)
                for estimator in estimators.values()
            )

    found: dict[str, training.Comparison] = {}

    def ours() -> None:
        found["comparison"] = training.compare_models(data, "target", metric="AUC", folds=FOLDS)

    ours_times, plain_times = interleaved([ours, plain], repeats=REPEATS)
    comparison = found["comparison"]
    tried = set(comparison.leaderboard.index) | set(comparison.failures)
    assert tried == set(estimators), "the references differ"
    one = json.loads(run_python(PYCARET, "1", "2").strip().splitlines()[-1])
    # Its default swings widely on few cores; each time as a notebook meets it, in a fresh process.
    fresh = [run_python(PYCARET, "-1", "1").strip().splitlines()[-1] for _ in range(3)]
    all_cores = [json.loads(run)["times"][0] for run in fresh]
    median = statistics.median(ours_times)
    return [
        Row(
            "compare_models on breast cancer / cross_validate of the same in two joblib workers",
            ratio(ours_times, plain_times),
            1.3,
            "×",
            f"{median:.2f} s against {statistics.median(plain_times):.2f} s",
        ),
        Row(
            "the same / PyCaret's compare_models, n_jobs=1",
            median / statistics.median(one["times"]),
            0.4,
            "×",
            f"against {statistics.median(one['times']):.1f} s",
        ),
        Row(
            "the same / PyCaret's compare_models as it comes (n_jobs=-1), median of 3 runs",
            median / statistics.median(all_cores),
            0.2,
            "×",
            "against " + ", ".join(f"{seconds:.1f} s" for seconds in all_cores),
        ),
        Row(
            "largest difference from PyCaret's leaderboard, any candidate, any metric",
            _largest_difference(comparison.leaderboard, one["table"]),
            0.001,
            "",
            f"{len(one['table'])} candidates",
        ),
    ]


def _estimators() -> dict[str, Any]:
    """Return the same estimators that the comparison runs, by PyCaret's id."""
    from src.training import Task, candidates

    return {entry.id: entry.estimator for entry in candidates.for_task(Task.BINARY)}


def _largest_difference(leaderboard: Any, table: dict[str, dict[str, Any]]) -> float:
    """Return the largest absolute difference between two leaderboards, every metric column."""
    assert set(leaderboard.index) == set(table), "the leaderboards have other candidates"
    return max(
        abs(leaderboard.loc[candidate, metric] - figures[metric])
        for candidate, figures in table.items()
        for metric in SCORERS
    )
