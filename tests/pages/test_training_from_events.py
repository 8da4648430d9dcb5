"""The training screen on a table that was built from events."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from src import collection, config, features, jobs, persistence, registry, training
from src.training import ComparisonRecord
from tests import collection_world as world
from tests.pages.test_training import open_page, opened, run_next_job, text_of

TABLE, TARGET = "eventos_click", "click"


@pytest.fixture(autouse=True)
def no_worker_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "ensure_workers", lambda preload=(): None)


@pytest.fixture(scope="session")
def compared_folder(
    tmp_path_factory: pytest.TempPathFactory, empty_database: Path
) -> Iterator[tuple[Path, str]]:
    """A data directory with events, their table, and a comparison as the screen starts it."""
    folder = tmp_path_factory.mktemp("from-events")
    shutil.copy(empty_database, folder / "bancada.db")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BANCADA_DATA_DIR", str(folder))
        patch.setattr(jobs, "ensure_workers", lambda preload=(): None)
        config.get_settings.cache_clear()
        collection.record_many(world.events(world.showings(60)))
        features.build_table(TARGET, actor="ana")
        app = open_page(tabela=TABLE, alvo=TARGET)
        app.number_input("training_folds").set_value(2)
        app.number_input("training_n_select").set_value(10)
        app.button("training_start").click().run()
        assert not app.exception
        run_next_job()
        (record,) = training.list_comparisons()
        assert jobs.get(record.id).state is jobs.JobState.SUCCEEDED
        persistence.get_engine().dispose()
    config.get_settings.cache_clear()
    yield folder, record.id


@pytest.fixture
def compared(compared_folder: tuple[Path, str], settings: config.Settings) -> ComparisonRecord:
    folder, comparison_id = compared_folder
    shutil.copytree(folder, settings.data_dir, dirs_exist_ok=True)
    return training.get_comparison(comparison_id)


def test_a_table_from_events_is_split_by_session_and_time_without_asking(
    compared: ComparisonRecord,
) -> None:
    settings = compared.settings
    assert (settings["group"], settings["order"]) == ("session_id", "moment")
    assert settings["reference"] == "match_score"
    assert settings["events"] == "click"
    app = open_page(tabela=TABLE, alvo=TARGET)
    assert "separadas por session_id e no tempo" in text_of(app).replace("\\", "")
    assert not any("session_id" in warning.value for warning in app.warning)


def test_the_proposal_can_be_declined(compared: ComparisonRecord) -> None:
    app = open_page(tabela=TABLE, alvo=TARGET)
    for name in ("group", "order", "reference"):
        app.selectbox(f"training_{name}_{TABLE}_{TARGET}").set_value("")
    app.button("training_start").click().run()
    newest = training.list_comparisons(limit=1)[0]
    assert not {"group", "order", "reference", "parts"} & set(newest.settings)


def test_another_target_of_that_table_brings_no_proposal(compared: ComparisonRecord) -> None:
    app = open_page(tabela=TABLE, alvo="preco")
    assert "e no tempo" not in text_of(app)


def test_results_stand_against_the_goals_the_rules_and_chance(compared: ComparisonRecord) -> None:
    app = open_page(comparacao=compared.id)
    said = text_of(app)
    assert "nenhum grupo está dos dois lados" in said
    assert "42 grupos" in said
    found = training.load_yardstick(compared.id)
    assert found is not None
    assert f"de {found.groups} grupos" in said
    assert said.count("meta: acima de") == 3
    table = next(each.value for each in app.dataframe if "threshold" in each.value)
    assert table["name"].tolist()[-2:] == ["match_score (referência)", "acaso"]
    assert len(table) == len(found.models) + 2
    assert table["auc"].iloc[-1] == "0,50"
    assert len(app.get("plotly_chart")) == 2


def test_a_model_is_put_in_use_and_says_which_it_replaces(compared: ComparisonRecord) -> None:
    able = [name for name in compared.top_ids if name not in ("ridge", "svm")][:2]
    for number, candidate_id in enumerate(able):
        app = opened(open_page(comparacao=compared.id), compared, candidate_id)
        key = f"training_save_{compared.id}_{candidate_id}"
        assert app.checkbox(f"{key}_interest").value is True
        expected = "Substitui **modelo 0**" if number else "responde a nota das regras"
        assert expected in text_of(app)
        app.text_input(f"{key}_name").set_value(f"modelo {number}")
        app.button(f"{key}_submit").click().run()
        assert not app.error
        assert registry.get_model(features.INTEREST_ALIAS).name == f"modelo {number}"


def test_a_model_may_be_saved_without_putting_it_in_use(compared: ComparisonRecord) -> None:
    best = next(name for name in compared.top_ids if name not in ("ridge", "svm"))
    app = opened(open_page(comparacao=compared.id), compared, best)
    key = f"training_save_{compared.id}_{best}"
    app.checkbox(f"{key}_interest").uncheck()
    app.button(f"{key}_submit").click().run()
    (entry,) = registry.list_models().values()
    assert registry.get_model(next(iter(registry.list_models()))).aliases == ()
    assert entry["metadata"]["target"] == "click"


def test_a_model_without_probabilities_cannot_be_put_in_use(compared: ComparisonRecord) -> None:
    without = [name for name in compared.top_ids if name in ("ridge", "svm")]
    assert without, "none of the ten best is of the kind that only names a class"
    app = opened(open_page(comparacao=compared.id), compared, without[0])
    box = app.checkbox(f"training_save_{compared.id}_{without[0]}_interest")
    assert box.disabled
    assert box.value is False
