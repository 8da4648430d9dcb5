"""Loading in a fresh process, saving and listing with a thousand models registered."""

from __future__ import annotations

import os
import statistics
import time
from pathlib import Path

import joblib

from benchmarks.measure import Row, ratio, run_python

MAKE_PIPELINE = """
import sys
from lightgbm import LGBMClassifier
from sklearn.datasets import load_breast_cancer
from src import registry, training
data = load_breast_cancer(as_frame=True).frame
data["group"] = ["abc"[i % 3] for i in range(len(data))]
comparison = training.compare_models(data, "target", n_select=1, n_jobs=1, folds=2,
                                     include=["lightgbm"])
import joblib
joblib.dump(comparison.top[0].pipeline, sys.argv[1])
registry.save_model(comparison.top[0].pipeline, "bench", {"auc": 0.99},
                    training_data=data.drop(columns="target"), target="target")
"""

BARE = """
import sys, time
started = time.perf_counter()
import joblib
joblib.load(sys.argv[1])
print(time.perf_counter() - started)
"""

REGISTERED = """
import sys, time
started = time.perf_counter()
from src.utils.model_store import load_model
load_model("bench")
print(time.perf_counter() - started)
assert not any(name.split(".")[0] == "pycaret" for name in sys.modules), "pycaret was imported"
"""

MODELS = 1000


def run(folder: Path) -> list[Row]:
    return [_load(folder), *_thousand(folder)]


def _load(folder: Path) -> Row:
    bare = folder / "bare.pkl"
    run_python(MAKE_PIPELINE, str(bare))
    plain, ours = [], []
    for _ in range(7):
        plain.append(float(run_python(BARE, str(bare))))
        ours.append(float(run_python(REGISTERED)))
    detail = f"{statistics.median(ours):.2f} s against {statistics.median(plain):.2f} s"
    return Row(
        "load of a registered model in a fresh process / joblib.load of the bare pipeline",
        ratio(ours, plain),
        1.3,
        "×",
        detail,
    )


def _thousand(folder: Path) -> list[Row]:
    import pandas as pd
    from sklearn.linear_model import LogisticRegression

    from src import registry

    data = pd.DataFrame({f"x{i}": range(40) for i in range(10)})
    model = LogisticRegression().fit(data, [0, 1] * 20)
    metrics = {"accuracy": 0.9, "auc": 0.95, "model_type": "LogisticRegression"}

    def save(name: str) -> None:
        registry.save_model(model, name, metrics, training_data=data, target="y")

    for number in range(MODELS):
        save(f"modelo {number}")

    def dump() -> None:
        with (folder / "plain.pkl").open("wb") as file:
            joblib.dump(model, file)
            file.flush()
            os.fsync(file.fileno())

    extra = []
    for number in range(40):
        started = time.perf_counter()
        dump()
        middle = time.perf_counter()
        save(f"a mais {number}")
        extra.append(time.perf_counter() - middle - (middle - started))
    listed = []
    for number in range(40):
        save(f"lista {number}")  # so that nothing read earlier can serve
        started = time.perf_counter()
        assert len(registry.list_models()) > MODELS + 40 + number
        listed.append(time.perf_counter() - started)
    return [
        Row(
            "save with 1,000 models registered, above joblib.dump + fsync",
            statistics.median(extra) * 1000,
            25,
            "ms",
        ),
        Row("list_models() at 1,000 models", statistics.median(listed) * 1000, 20, "ms"),
    ]
