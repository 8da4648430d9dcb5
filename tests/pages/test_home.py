"""The home screen: empty, on the way, in use, and when the house does not answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from sklearn.dummy import DummyClassifier
from streamlit.testing.v1 import AppTest

from src import collection, config, datasets, jobs, prediction, registry
from src.errors import StorageError
from src.messages import Message
from src.training import CandidateResult, ComparisonRecord, Task
from src.training import store as training_store
from tests import collection_world

ROOT = Path(__file__).resolve().parents[2]
TABLE = "maquinas"


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> Iterator[AppTest]:
    monkeypatch.setattr(jobs, "ensure_workers", lambda *_: None)
    yield AppTest.from_file(str(ROOT / "main_dash.py"), default_timeout=60)


def import_table(tmp_path: Path) -> pd.DataFrame:
    path = tmp_path / f"{TABLE}.csv"
    rows = [(20 + i % 7, "sim" if i % 3 == 0 else "nao") for i in range(60)]
    frame = pd.DataFrame(rows, columns=["temperatura", "falha"])
    frame.to_csv(path, index=False)
    assert datasets.import_file(path, actor="Ana") == TABLE
    return frame


def start_comparison() -> str:
    title = Message("Comparar modelos em {dataset}", {"dataset": TABLE})
    job_id = jobs.submit("src.training.work:compare", {}, title=title, actor="Ana")
    training_store.add(
        ComparisonRecord(
            id=job_id,
            dataset=TABLE,
            target="falha",
            task=Task.BINARY,
            metric="AUC",
            settings={"folds": 5},
            fingerprint="0" * 64,
            rows=60,
            actor="Ana",
            created_at=dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC),
        )
    )
    return job_id


def finish_comparison() -> str:
    job_id = start_comparison()
    jobs.cancel(job_id, actor="Ana")  # the job no longer waits; its comparison is whole
    for name, model, auc in (
        ("lr", "Logistic Regression", 0.912),
        ("dummy", "Dummy Classifier", 0.5),
    ):
        training_store.put_candidate(
            job_id, CandidateResult(id=name, name=model, metrics={"AUC": auc}, seconds=0.1)
        )
    training_store.finish(job_id, top_ids=("lr",), verdict=None)
    return job_id


def save_model(frame: pd.DataFrame) -> None:
    features = frame[["temperatura"]]
    model = DummyClassifier().fit(features, frame["falha"])
    registry.save_model(model, "falha_v1", training_data=features, target="falha", actor="Ana")


def figures(app: AppTest) -> list[str]:
    return [metric.value for metric in app.metric]


def test_an_empty_house_asks_for_a_table_and_offers_a_sample(app: AppTest) -> None:
    app.run()
    assert not app.exception
    assert figures(app) == ["0", "0", "—", "0", "0"]
    assert app.button(key="home_next").label == "Importar uma tabela"
    app.button(key="home_sample").click().run()
    assert not app.exception
    assert [table.name for table in datasets.list_datasets()]
    assert figures(app)[0] == "1"
    assert app.button(key="home_next").label == "Treinar modelos"


def collect(sessions: int) -> None:
    shown = collection_world.showings(sessions, shown=6)
    collection.record_many(collection_world.events(shown))


def test_the_collection_is_shown_with_its_state_even_before_it_began(app: AppTest) -> None:
    app.run()
    assert any("viram tabelas para treinar" in caption.value for caption in app.caption)
    collect(20)
    app.run()
    assert not app.exception
    assert any("último evento há" in caption.value for caption in app.caption)


def test_enough_interactions_lead_to_training_on_them(app: AppTest) -> None:
    collect(150)
    app.run()
    assert app.button(key="home_next").label == "Treinar com a coleta"
    app.button(key="home_next").click().run()
    assert not app.exception
    assert app.title[0].value == "Coleta de dados"


def test_there_is_exactly_one_primary_button(app: AppTest) -> None:
    app.run()
    primary = [button for button in app.button if button.proto.type == "primary"]
    assert [button.key for button in primary] == ["home_next"]


def test_a_table_without_comparison_leads_to_training(app: AppTest, tmp_path: Path) -> None:
    import_table(tmp_path)
    app.run()
    assert any(TABLE in text.value for text in app.markdown)
    app.button(key="home_next").click().run()
    assert not app.exception
    assert app.title[0].value == "Treinar modelos"


def test_a_running_comparison_is_shown_with_its_progress(app: AppTest, tmp_path: Path) -> None:
    import_table(tmp_path)
    job_id = start_comparison()
    app.run()
    assert not app.exception
    assert app.button(key="home_next").label == "Acompanhar a comparação"
    assert any("Comparar modelos em maquinas" in text.value for text in app.markdown)
    assert app.button(key=f"home_job_{job_id}_cancel")


def test_a_finished_comparison_leads_to_its_best_candidates(app: AppTest, tmp_path: Path) -> None:
    import_table(tmp_path)
    finish_comparison()
    app.run()
    assert figures(app)[1:3] == ["1", "0,9120"]
    best = next(caption.value for caption in app.caption if "Logistic Regression" in caption.value)
    assert "0,500" in best  # beside the baseline
    assert app.button(key="home_next").label == "Ver os cinco melhores"


def test_a_registered_model_leads_to_predicting(app: AppTest, tmp_path: Path) -> None:
    save_model(import_table(tmp_path))
    app.run()
    assert figures(app)[3] == "1"
    assert any("falha_v1" in text.value for text in app.markdown)
    assert app.button(key="home_next").label == "Fazer uma previsão"


def test_a_house_in_use_counts_its_predictions(app: AppTest, tmp_path: Path) -> None:
    frame = import_table(tmp_path)
    finish_comparison()
    save_model(frame)
    prediction.predict("falha_v1", frame[["temperatura"]].head(3), actor="Ana")
    app.run()
    assert not app.exception
    assert figures(app)[4] == "3"
    assert app.button(key="home_next").label == "Fazer uma previsão"


def test_models_in_quarantine_ask_for_a_decision(app: AppTest) -> None:
    folder = config.get_settings().models_dir
    folder.mkdir(parents=True)
    (folder / "antigo.pkl").write_bytes(b"not a pickle that anyone has signed")
    app.run()
    assert not app.exception
    assert app.button(key="home_next").label == "Conferir os modelos"


def test_a_database_that_does_not_answer_is_said_so(
    app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent() -> list[datasets.Dataset]:
        raise StorageError("O banco de dados não respondeu.")

    monkeypatch.setattr(datasets, "list_datasets", silent)
    app.run()
    assert not app.exception
    assert [error.value for error in app.error] == ["O banco de dados não respondeu."]
    assert app.title[0].value == "Início"
