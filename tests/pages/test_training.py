"""The training screen in each of its states."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from src import config, datasets, jobs, persistence, registry, training
from src.dashboard.training import save
from src.jobs import store as job_store
from src.jobs import worker
from src.messages import Message
from src.training import CandidateResult, ComparisonRecord, Task
from src.training import store as training_store

ROOT = Path(__file__).resolve().parents[2]
WORKER = "test:0:0"
START = "Treinar e comparar modelos"


def machine_rows(rows: int = 150) -> pd.DataFrame:
    """Readings of a machine: two columns that tell its state, one that does not."""
    rng = np.random.default_rng(7)
    hot = np.arange(rows) % 3 == 0
    return pd.DataFrame(
        {
            "temperatura": rng.normal(20, 3, rows) + 8 * hot,
            "vibracao": rng.normal(1, 0.4, rows) + 0.8 * hot,
            "turno": rng.choice(["dia", "noite"], rows),
            "falha": np.where(hot, "ruim", "boa"),
        }
    )


def import_table(folder: Path, name: str = "maquinas") -> datasets.Dataset:
    path = folder / f"{name}.csv"
    machine_rows().to_csv(path, index=False)
    return datasets.get(datasets.import_file(path, name, actor="ana"))


@pytest.fixture(autouse=True)
def no_worker_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Jobs stay queued until a test runs them itself."""
    monkeypatch.setattr(jobs, "ensure_workers", lambda *_: None)


@pytest.fixture
def table(tmp_path: Path) -> datasets.Dataset:
    return import_table(tmp_path)


def run_next_job() -> None:
    """Do what a worker process does, here."""
    job = job_store.claim(WORKER)
    assert job is not None
    worker.run(job, WORKER)


@pytest.fixture(scope="session")
def finished_folder(
    tmp_path_factory: pytest.TempPathFactory, empty_database: Path
) -> Iterator[tuple[Path, str]]:
    """A data directory in which one comparison has run from end to end."""
    folder = tmp_path_factory.mktemp("finished")
    shutil.copy(empty_database, folder / "bancada.db")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BANCADA_DATA_DIR", str(folder))
        config.get_settings.cache_clear()
        import_table(folder)
        comparison_id = training.start_comparison(
            "maquinas", training.Design("falha", folds=3), actor="ana"
        )
        run_next_job()
        assert jobs.get(comparison_id).state is jobs.JobState.SUCCEEDED
        persistence.get_engine().dispose()
    config.get_settings.cache_clear()
    yield folder, comparison_id


@pytest.fixture
def finished(finished_folder: tuple[Path, str], settings: config.Settings) -> ComparisonRecord:
    """The same, in this test's own data directory."""
    folder, comparison_id = finished_folder
    shutil.copytree(folder, settings.data_dir, dirs_exist_ok=True)
    return training.get_comparison(comparison_id)


def stored_comparison(table: datasets.Dataset, **changes: object) -> ComparisonRecord:
    """Store a comparison that waits for a worker."""
    comparison_id = jobs.submit("training.compare", {}, title=Message("Comparação"), actor="bia")
    record = ComparisonRecord(
        **{  # type: ignore[arg-type]
            "id": comparison_id,
            "dataset": table.name,
            "target": "falha",
            "task": Task.BINARY,
            "metric": "AUC",
            "settings": {
                "folds": 5,
                "n_select": 5,
                "turbo": True,
                "seed": 42,
                "tune_trials": 0,
                "ignored_columns": [],
            },
            "fingerprint": table.fingerprint,
            "rows": table.rows,
            "actor": "bia",
            "created_at": persistence.utc_now(),
            **changes,
        }
    )
    training_store.add(record)
    return record


def candidate(candidate_id: str, name: str, auc: float) -> CandidateResult:
    scores = {metric.name: auc for metric in training.METRICS[Task.BINARY]}
    return CandidateResult(
        candidate_id,
        name,
        scores,
        dict.fromkeys(scores, 0.01),
        {metric: [auc] * 5 for metric in scores},
        0.1,
    )


def open_page(**query: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "main_dash.py"), default_timeout=180)
    app.switch_page("pages/training.py")
    app.query_params.update(query)
    app.run()
    assert not app.exception
    return app


def text_of(app: AppTest) -> str:
    """Everything the page says in words."""
    parts = [
        element.value
        for kind in ("title", "subheader", "markdown", "caption", "info", "warning", "error")
        for element in app.get(kind)
    ]
    parts += [table.value.to_string() for table in app.dataframe]
    parts += [block.label for block in app.expander]
    return "\n".join(str(part) for part in parts)


def boards(app: AppTest) -> list[pd.DataFrame]:
    """The leaderboards on screen."""
    return [table.value for table in app.dataframe if training.SECONDS_COLUMN in table.value]


def labels(app: AppTest) -> list[str]:
    return [button.label for button in app.button]


def primary_buttons(app: AppTest) -> list[str]:
    return [button.label for button in app.button if button.proto.type == "primary"]


def test_a_target_left_open_on_another_screen_is_the_last_column_here(
    table: datasets.Dataset,
) -> None:
    app = AppTest.from_file(str(ROOT / "main_dash.py"), default_timeout=180)
    app.switch_page("pages/training.py")
    app.session_state["alvo"] = None
    app.run()
    assert not app.error
    assert app.selectbox(key="alvo").value == "falha"


def test_without_tables_the_page_says_how_to_get_one() -> None:
    app = open_page()
    assert "Ainda não há tabela para treinar" in text_of(app)
    assert START not in labels(app)
    assert primary_buttons(app) == ["Usar a amostra de sensores"]


def test_the_sensor_sample_is_one_click_away() -> None:
    app = open_page()
    app.button("training_sample").click().run()
    assert not app.exception
    assert app.selectbox("tabela").value == "leituras_sensores"
    assert app.selectbox("alvo").value == "estado"
    assert primary_buttons(app) == [START]


def test_the_last_column_is_offered_as_target_with_its_task_and_metric(
    table: datasets.Dataset,
) -> None:
    app = open_page()
    assert app.selectbox("tabela").value == table.name
    assert app.selectbox("alvo").value == "falha"
    assert app.selectbox("training_metric_binary").value == "AUC"
    assert app.selectbox("training_task_maquinas_falha").options[0] == "Automática: duas classes"


def test_table_and_target_are_in_the_address(table: datasets.Dataset, tmp_path: Path) -> None:
    import_table(tmp_path, "outras")
    app = open_page(tabela="maquinas", alvo="temperatura")
    assert app.selectbox("tabela").value == "maquinas"
    assert app.selectbox("alvo").value == "temperatura"
    assert app.selectbox("training_metric_regression").value == "R2"


def test_another_table_brings_its_own_target(table: datasets.Dataset, tmp_path: Path) -> None:
    path = tmp_path / "casas.csv"
    rng = np.random.default_rng(1)
    pd.DataFrame({"area": rng.normal(80, 20, 60), "preco": rng.normal(3e5, 5e4, 60)}).to_csv(
        path, index=False
    )
    datasets.import_file(path, "casas", actor="ana")
    app = open_page(tabela="maquinas")
    assert app.selectbox("alvo").value == "falha"
    app.selectbox("tabela").select("casas").run()
    assert app.selectbox("alvo").value == "preco"
    assert app.selectbox("training_metric_regression").value == "R2"


def test_a_target_that_cannot_be_trained_is_refused_before_the_button(tmp_path: Path) -> None:
    path = tmp_path / "unica.csv"
    machine_rows().assign(falha="boa").to_csv(path, index=False)
    datasets.import_file(path, "unica", actor="ana")
    app = open_page(tabela="unica", alvo="falha")
    assert app.error
    assert app.button("training_start").disabled


def test_a_leaking_column_is_named_and_left_out_with_one_click(tmp_path: Path) -> None:
    path = tmp_path / "vaza.csv"
    rows = machine_rows(300)
    rows.insert(0, "codigo_falha", (rows["falha"] == "ruim").astype(int) * 1.5)
    rows.to_csv(path, index=False)
    datasets.import_file(path, "vaza", actor="ana")
    app = open_page(tabela="vaza")
    assert any("codigo_falha" in warning.value for warning in app.warning)
    app.button("training_leave_codigo_falha").click().run()
    assert app.multiselect("training_ignored_vaza").value == ["codigo_falha"]
    assert not any("codigo_falha" in warning.value for warning in app.warning)


def test_a_column_that_is_left_out_anyway_is_said_once_and_not_offered(tmp_path: Path) -> None:
    path = tmp_path / "parada.csv"
    machine_rows().assign(linha="A").to_csv(path, index=False)
    datasets.import_file(path, "parada", actor="ana")
    app = open_page(tabela="parada", alvo="falha")
    said = "\n".join(warning.value for warning in app.warning)
    assert said.count("linha") == 1
    assert "training_leave_linha" not in [button.key for button in app.button]


def test_the_button_starts_a_comparison_with_the_choices_and_opens_it(
    table: datasets.Dataset,
) -> None:
    app = open_page()
    app.session_state["actor"] = "Carla"
    app.selectbox("training_metric_binary").select("F1")
    app.number_input("training_folds").set_value(3)
    app.multiselect("training_ignored_maquinas").select("turno")
    app.button("training_start").click().run()
    assert not app.exception
    (record,) = training.list_comparisons()
    assert (record.dataset, record.target, record.metric) == ("maquinas", "falha", "F1")
    assert record.settings["folds"] == 3
    assert list(record.settings["ignored_columns"]) == ["turno"]
    assert record.actor == "Carla"
    assert app.query_params["comparacao"] == record.id
    assert jobs.get(record.id).state is jobs.JobState.QUEUED
    assert "Na fila" in " ".join(bar.proto.text for bar in app.get("progress"))


def test_candidates_are_on_screen_while_the_comparison_runs(table: datasets.Dataset) -> None:
    record = stored_comparison(table)
    job_store.claim(WORKER)
    job_store.report(record.id, WORKER, jobs.Progress(1, 14, Message("Rodando Naive Bayes")))
    training_store.put_candidate(record.id, candidate("lr", "Logistic Regression", 0.91))
    failed = CandidateResult("qda", "Quadratic", error=Message("Colunas colineares."))
    training_store.put_candidate(record.id, failed)
    app = open_page(comparacao=record.id)
    assert "Rodando Naive Bayes · 1 / 14" in app.get("progress")[0].proto.text
    assert "Logistic Regression" in text_of(app)
    assert "Colunas colineares." in text_of(app)
    assert primary_buttons(app) == [START]


def test_a_running_comparison_can_be_cancelled(table: datasets.Dataset) -> None:
    record = stored_comparison(table)
    app = open_page(comparacao=record.id)
    app.button("training_job_cancel").click().run()
    assert jobs.get(record.id).state is jobs.JobState.CANCELLED
    assert "Cancelado" in text_of(app)


def test_a_running_comparison_is_offered_after_a_reload_without_its_address(
    table: datasets.Dataset,
) -> None:
    record = stored_comparison(table)
    app = open_page()
    assert "está em andamento" in text_of(app)
    app.button("training_offer").click().run()
    assert app.query_params["comparacao"] == record.id


def test_what_a_failed_comparison_kept_can_be_read(table: datasets.Dataset) -> None:
    record = stored_comparison(table)
    job_store.claim(WORKER)
    training_store.put_candidate(record.id, candidate("lr", "Logistic Regression", 0.91))
    reason = Message("O processo caiu 3 vezes.")
    job_store.finish(record.id, WORKER, jobs.JobState.FAILED, error=reason)
    app = open_page(comparacao=record.id)
    assert "O processo caiu 3 vezes." in text_of(app)
    assert "Logistic Regression" in text_of(app)
    assert "Salvar" not in labels(app)


def test_an_address_of_a_comparison_that_is_gone_says_so(table: datasets.Dataset) -> None:
    app = open_page(comparacao="nunca-existiu")
    assert any("nunca-existiu" in warning.value for warning in app.warning)
    assert START in labels(app)


def test_an_earlier_comparison_opens_from_the_list(table: datasets.Dataset) -> None:
    now = persistence.utc_now()
    older = stored_comparison(table, created_at=now - dt.timedelta(hours=1))
    newer = stored_comparison(table, created_at=now)
    app = open_page(comparacao=newer.id)
    history = app.dataframe[-1]
    assert history.value["state"].tolist() == ["na fila", "na fila"]
    app.session_state[f"training_history_{newer.id}"] = {
        "selection": {"rows": [1], "columns": [], "cells": []}
    }
    app.run()
    assert app.query_params["comparacao"] == older.id


def test_two_people_see_their_own_comparisons(table: datasets.Dataset) -> None:
    one, other = open_page(), open_page()
    one.button("training_start").click().run()
    other.button("training_start").click().run()
    assert one.query_params["comparacao"] != other.query_params["comparacao"]
    one.run()
    assert one.query_params["comparacao"] != other.query_params["comparacao"]


def test_a_finished_comparison_shows_verdict_tables_and_baseline(
    finished: ComparisonRecord,
) -> None:
    app = open_page(comparacao=finished.id)
    said = text_of(app)
    assert finished.verdict is not None
    assert any(box.icon == ":material/balance:" for box in app.info)
    assert "linha de base" in said
    top, everyone = boards(app)
    assert top["id"].tolist() == list(finished.top_ids)
    assert everyone["id"].tolist() == finished.leaderboard.index.tolist()
    assert "AUC ±" in everyone
    assert app.get("plotly_chart")
    assert len([block for block in app.expander if "AUC" in block.label]) == len(finished.top_ids)


def test_details_are_drawn_only_when_opened(finished: ComparisonRecord) -> None:
    app = open_page(comparacao=finished.id)
    assert len(app.get("plotly_chart")) == 1
    app = opened(app, finished, finished.top_ids[0])
    assert len(app.get("plotly_chart")) >= 4
    metrics = next(table.value for table in app.dataframe if "holdout" in table.value)
    assert metrics["metric"].tolist() == [m.name for m in training.METRICS[Task.BINARY]]
    assert list(metrics.columns) == ["metric", "folds", "holdout", "baseline"]


def opened(app: AppTest, record: ComparisonRecord, candidate_id: str) -> AppTest:
    app.session_state[f"training_open_{record.id}_{candidate_id}"] = True
    app.run()
    assert not app.exception
    assert not app.error
    return app


def test_a_candidate_is_saved_with_what_is_known_of_it(finished: ComparisonRecord) -> None:
    best = finished.top_ids[0]
    app = opened(open_page(comparacao=finished.id), finished, best)
    key = f"training_save_{finished.id}_{best}"
    name = app.text_input(f"{key}_name").value
    assert name == save.default_name(finished, best)
    assert name.startswith(f"{best}_maquinas_2")
    app.text_area(f"{key}_notes").set_value("para o turno da noite")
    app.button(f"{key}_submit").click().run()
    assert not app.exception
    assert not app.error
    metadata = registry.list_models()[name]["metadata"]
    assert metadata["description"] == "para o turno da noite"
    assert metadata["dataset"] == "maquinas"
    assert metadata["comparison_id"] == finished.id
    assert metadata["candidate_id"] == best
    assert registry.get_model(name).data_fingerprint == finished.fingerprint
    assert metadata["auc"] == pytest.approx(metadata["metrics"]["AUC"])
    predicted = registry.load_model(name).predict(machine_rows().drop(columns="falha").head(5))
    assert set(predicted) <= {"ruim", "boa"}
    assert f"Salvo como **{name}**." in text_of(app)
    assert f"Já salvos: **{name}**." in text_of(app)


def test_a_name_that_is_taken_is_refused_with_a_free_one(finished: ComparisonRecord) -> None:
    best, second = finished.top_ids[:2]
    app = opened(open_page(comparacao=finished.id), finished, best)
    key = f"training_save_{finished.id}_{best}"
    app.text_input(f"{key}_name").set_value("campeao")
    app.button(f"{key}_submit").click().run()
    app = opened(app, finished, second)
    key = f"training_save_{finished.id}_{second}"
    app.text_input(f"{key}_name").set_value("campeao")
    app.button(f"{key}_submit").click().run()
    assert any("campeao" in error.value for error in app.error)
    assert list(registry.list_models()) == ["campeao"]
    app.button(f"{key}_suggestion").click().run()
    assert not app.error
    names = list(registry.list_models())
    assert len(names) == 2
    assert save.saved_from(finished) == {
        best: ["campeao"],
        second: [name for name in names if name != "campeao"],
    }


def test_a_name_that_cannot_be_used_is_explained(finished: ComparisonRecord) -> None:
    best = finished.top_ids[0]
    app = opened(open_page(comparacao=finished.id), finished, best)
    key = f"training_save_{finished.id}_{best}"
    app.text_input(f"{key}_name").set_value("../fora")
    app.button(f"{key}_submit").click().run()
    assert app.error
    assert registry.list_models() == {}


def test_the_page_speaks_english(finished: ComparisonRecord) -> None:
    app = AppTest.from_file(str(ROOT / "main_dash.py"), default_timeout=180)
    app.switch_page("pages/training.py")
    app.session_state["language"] = "en"
    app.query_params["comparacao"] = finished.id
    app.run()
    assert not app.exception
    assert app.title[0].value == "Train models"
    best = app.metric[0].value
    assert "." in best
    assert "," not in best
