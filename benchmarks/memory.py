"""Peak memory of a comparison on 100,000 rows × 20 mixed columns."""

from __future__ import annotations

from pathlib import Path

from benchmarks.measure import MIB, Row, peak_memory

COMPARE = """
import numpy as np, pandas as pd
from src import training
rng = np.random.default_rng(0)
n = 100_000
data = pd.DataFrame({f"n{i}": rng.normal(size=n) for i in range(12)})
for i in range(6):
    data[f"c{i}"] = np.array([f"v{k}" for k in range(5 + 10 * i)])[rng.integers(0, 5 + 10 * i, n)]
data["when"] = pd.Timestamp("2026-01-01") + pd.to_timedelta(rng.integers(0, 10**7, n), unit="s")
data["flag"] = rng.random(n) < 0.3
data["target"] = np.where(
    data.n0 + data.n1 * data.n2 + (data.c1 == "v1") + rng.normal(size=n) > 0.3, "yes", "no")
comparison = training.compare_models(data, "target", folds=3)
print(comparison.leaderboard.iloc[:, :3].head(3).to_string(), dict(comparison.failures))
"""


def run(folder: Path) -> list[Row]:
    peak, seconds = peak_memory(COMPARE)
    return [
        Row(
            "compare_models on 100,000 × 20 mixed columns, 3 folds: peak memory of all processes",
            peak / MIB / 1024,
            3,
            "GiB",
            f"{seconds:.0f} s",
        )
    ]
