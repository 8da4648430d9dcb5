"""``python -m benchmarks [NAME ...]``: print the table; ends with 1 if a figure is missed."""

from __future__ import annotations

import importlib
import os
import platform
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.measure import Row
from src.config import get_settings

NAMES = (
    "training",
    "memory",
    "registry",
    "datasets",
    "redaction",
    "review",
    "finetuning",
    "pages",
    "browser",
    "collection",
    "api",
)


def main(names: list[str]) -> int:
    missed = 0
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores\n")
    print("| what | measured | limit | |\n|---|---|---|---|", flush=True)
    for name in names or NAMES:
        with tempfile.TemporaryDirectory() as folder:
            os.environ["BANCADA_DATA_DIR"] = str(Path(folder) / "data")
            os.environ["BANCADA_MODELS_DIR"] = str(Path(folder) / "models")
            os.environ["BANCADA_API_PORT"] = "0"  # the dashboards start no API
            get_settings.cache_clear()  # a benchmark before this one had folders of its own
            started = time.perf_counter()
            rows: list[Row] = importlib.import_module(f"benchmarks.{name}").run(Path(folder))
            for row in rows:
                missed += not row.met
                print(
                    f"| {row.what} | {row.figure:.4g} {row.unit} "
                    f"| {'≥' if row.at_least else '≤'} {row.limit:.4g} {row.unit} "
                    f"| {'met' if row.met else 'MISSED'} {row.detail} |",
                    flush=True,
                )
            print(f"  ({name}: {time.perf_counter() - started:.0f} s)", file=sys.stderr)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
