"""How long one script run of each page takes on sample data, warm."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.measure import ROOT, Row, run_python, seconds

PREPARE = """
from benchmarks.collection import FEW, events
from src import collection, datasets, jobs, persistence, registry, training
from src.jobs import store, worker
persistence.prepare()
collection.record_many(events(FEW))
datasets.add_sample("leituras_sensores", actor="bench")
datasets.add_sample("breast_cancer", actor="bench")
comparison = training.start_comparison("breast_cancer", training.Design("target"), actor="bench")
worker.run(store.claim(worker.worker_id()), worker.worker_id())
record = training.get_comparison(comparison)
data = training.training_sample(comparison)
for candidate in record.top_ids[:3]:
    registry.save_model(
        training.load_pipeline(comparison, candidate), f"modelo {candidate}",
        {"model_type": candidate, "metrics": {}}, training_data=data, target="target",
        actor="bench")
print(comparison)
"""

RUNS = 20


def run(folder: Path) -> list[Row]:
    from streamlit.testing.v1 import AppTest

    from src import jobs
    from src.dashboard.navigation import SCREENS

    comparison = run_python(PREPARE).strip().splitlines()[-1]
    jobs.ensure_workers = lambda *_: None  # the workers are another figure's matter
    addresses = {
        "pages/collection.py": {"periodo": "Tudo"},
        "pages/datasets.py": {"tabela": "leituras_sensores"},
        "pages/training.py": {"tabela": "breast_cancer", "comparacao": comparison},
        "pages/registry.py": {"modelo": "modelo lr"},
    }
    rows = []
    for screen in SCREENS:
        # The home screen links to the others, which only the entry script knows.
        script = "main_dash.py" if screen.default else screen.script
        app = AppTest.from_file(str(ROOT / script), default_timeout=60)
        for name, value in addresses.get(screen.script, {}).items():
            app.query_params[name] = value
        for _ in range(3):
            app.run()
        assert app.title, f"{screen.script} drew nothing"
        assert not app.exception, (screen.script, app.exception)
        assert not app.error, (screen.script, app.error[0].value)
        rows.append(_row(f"script run of {screen.script}", app.run))
        if screen.script == "pages/prediction.py":
            rows.append(_row("predicting and saying why", partial(_predict, app)))
            assert len(app.get("plotly_chart")) == 2, "no prediction with its reasons"
            rows.append(_row("with both on screen", app.run))
    return rows


def _predict(app: Any) -> None:
    app.button[0].click().run()


def _row(what: str, run: Callable[[], object]) -> Row:
    times = [seconds(run) * 1000 for _ in range(RUNS)]
    p95 = statistics.quantiles(times, n=20)[-1]
    return Row(f"{what}, warm, p95", p95, 300, "ms", f"median {statistics.median(times):.0f} ms")
