"""From a file to a logged prediction: datasets, jobs, training, registry, prediction."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from src import datasets, jobs, prediction, registry, training
from src.config import PROJECT_ROOT
from src.jobs import JobState
from tests.integration import waiting

pytestmark = pytest.mark.core


def test_a_file_becomes_a_model_that_predicts_and_says_why(tmp_path: Path) -> None:
    rows = pd.DataFrame(
        {
            "temperatura": [20.0 + n % 9 + (n % 3) * 6 for n in range(240)],
            "luz": [(n % 3) * 150.0 + n % 40 for n in range(240)],
            "andar": [["térreo", "primeiro"][n % 2] for n in range(240)],
            "sala": [["escritório", "depósito", "máquinas"][n % 3] for n in range(240)],
        }
    )
    path = tmp_path / "Salas do prédio.csv"
    rows.to_csv(path, index=False, sep=";", decimal=",", encoding="cp1252")
    table = datasets.import_file(path, actor="ana")
    pd.testing.assert_frame_equal(datasets.load(table), rows, check_dtype=False)

    jobs.ensure_workers("tests.integration.duties:PREPARED")
    try:
        comparison_id = training.start_comparison(
            table, training.Design("sala", folds=3), actor="ana"
        )
        job = waiting.wait_for(lambda: waiting.ended(comparison_id), seconds=150)
    finally:
        jobs.stop_workers()
    assert job.state is JobState.SUCCEEDED, job.error
    record = training.get_comparison(comparison_id)
    best = record.top_ids[0]
    assert record.leaderboard.loc[best, "Accuracy"] > 0.95

    features = training.training_sample(comparison_id)
    registry.save_model(
        training.load_pipeline(comparison_id, best),
        "Salas v1",
        {"model_type": best, "metrics": {"Accuracy": 1.0}},
        training_data=features,
        target="sala",
        actor="ana",
    )
    registry.set_alias("Salas v1", registry.CHAMPION, actor="ana")

    # The training file itself, sent as a batch, is read as it was for training.
    batch = prediction.read_table(path.read_bytes(), path.name, "champion")
    pd.testing.assert_frame_equal(batch[[*features]], datasets.load(table)[[*features]])
    scored = prediction.predict_batch("champion", batch, actor="bia").scored
    assert (scored["prediction"] == rows["sala"]).mean() > 0.95

    asked = [
        {"temperatura": 21.0, "luz": 5.0, "andar": "térreo"},
        {"temperatura": 34.0, "luz": 310.0, "andar": "primeiro"},
    ]
    answers = prediction.predict("champion", asked, actor="bia")
    assert list(answers["prediction"]) == ["escritório", "máquinas"]
    chances = answers.filter(like="probability_")
    assert chances.shape == (2, 3)
    assert chances.sum(axis=1).to_list() == pytest.approx([1.0, 1.0])
    why = prediction.explain("champion", asked[0])
    assert set(why["feature"]) == set(features.columns)
    assert why.attrs["base"] + why["contribution"].sum() == pytest.approx(why.attrs["output"])

    # A fresh process has nothing but the registry.
    code = (
        "import sys; from src import prediction; "
        "print(prediction.predict('Salas v1', [{'temperatura': 21, 'luz': 5, "
        "'andar': 'térreo'}], actor='x')['prediction'].iloc[0]); "
        "assert 'pycaret' not in sys.modules"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT_ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["escritório"]
