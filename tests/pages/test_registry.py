"""The screen *Modelos registrados*: empty, full, wrong."""

from __future__ import annotations

import pickle
from pathlib import Path

import pandas as pd
import pytest
from sklearn.datasets import load_iris
from sklearn.dummy import DummyClassifier
from sklearn.linear_model import LogisticRegression
from streamlit.testing.v1 import AppTest

from src import config, registry

PAGE = str(Path(__file__).resolve().parents[2] / "pages" / "registry.py")

pytestmark = pytest.mark.core


class Danger:
    """A model that would run a command when it is opened."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        import os

        return os.system, ("touch /tmp/never-run-by-the-registry-page",)


def save(name: str, accuracy: float = 0.9, *, features: int = 4, dummy: bool = False) -> None:
    data, target = load_iris(return_X_y=True, as_frame=True)
    data = data.iloc[:, :features]
    model = DummyClassifier() if dummy else LogisticRegression(max_iter=500)
    registry.save_model(
        model.fit(data, target),
        name,
        {
            "model_type": type(model).__name__,
            "task": "multiclass",
            "dataset": "iris",
            "metrics": {"Accuracy": accuracy, "F1": accuracy / 2},
            "description": "primeira versão",
        },
        training_data=data,
        target="especie",
        actor="ana",
    )


def opened(*models: str) -> AppTest:
    page = AppTest.from_file(PAGE, default_timeout=180)
    if models:
        page.query_params["modelo"] = list(models)
    return ran(page.run())


def ran(page: AppTest) -> AppTest:
    assert not page.exception
    return page


def texts(page: AppTest) -> str:
    parts = (
        *page.markdown, *page.caption, *page.warning, *page.error, *page.info, *page.success,
        *page.subheader,
    )  # fmt: skip
    return "\n".join(str(part.value) for part in parts)


def table(page: AppTest, word: str = "score") -> pd.DataFrame:
    """Return the table that has this column or this row."""
    return next(
        item.value for item in page.dataframe if word in {*item.value.columns, *item.value.index}
    )


def press(page: AppTest, key: str) -> AppTest:
    return ran(page.button(key=key).click().run())


def open_part(page: AppTest, *keys: str) -> AppTest:
    return ran(unfolded(page, *keys).run())


def unfolded(page: AppTest, *keys: str) -> AppTest:
    # A browser keeps a part open from one run to the next; AppTest is told so each time.
    for key in keys:
        page.session_state[key] = True
    return page


def test_without_models_the_page_says_how_to_get_one() -> None:
    page = opened()
    assert "Nenhum modelo registrado" in texts(page)
    assert page.button(key="registry_train")
    assert not page.dataframe
    assert not page.error


def test_the_newest_model_comes_first_with_its_main_metric() -> None:
    save("velho", 0.8)
    save("novo", 0.9)
    page = opened()
    shown = table(page)
    assert shown["name"].tolist() == ["novo", "velho"]
    assert shown["metric"].tolist() == ["Accuracy", "Accuracy"]
    assert "2 modelos" in texts(page)
    assert not page.subheader


def test_filters_narrow_the_list() -> None:
    save("bom")
    save("base", 0.3, dummy=True)
    registry.import_model(pickle.dumps(LogisticRegression()), "de fora", actor="rui")
    page = opened()
    ran(page.text_input(key="registry_text").set_value("DUMMY ana").run())
    assert table(page)["name"].tolist() == ["base"]
    assert "1 modelo de 3" in texts(page)
    ran(page.text_input(key="registry_text").set_value("nada disso").run())
    assert "Nenhum modelo passa por estes filtros" in texts(page)
    page.text_input(key="registry_text").set_value("")
    press(page, "registry_show_waiting")
    assert table(page)["name"].tolist() == ["de fora"]


def test_a_link_opens_a_model_and_its_parts() -> None:
    save("bom", 0.9)
    page = opened("bom")
    assert [metric.label for metric in page.metric] == ["Accuracy", "F1"]
    assert page.metric[0].value == "0,9000"
    assert page.button(key="registry_use")
    open_part(page, "registry_origin", "registry_schema", "registry_versions")
    assert table(page, "nullable")["name"].tolist()[0] == "sepal length (cm)"
    assert "scikit-learn" in texts(page)
    assert registry.get_model("bom").data_fingerprint in texts(page)


def test_a_link_by_alias_opens_the_model_it_leads_to() -> None:
    save("bom")
    registry.set_alias("bom", "producao", actor="ana")
    assert opened("producao").subheader[0].value.startswith("bom")


def test_a_link_to_a_model_that_is_gone_says_so() -> None:
    save("bom")
    page = opened("sumido")
    assert "«sumido» não existe" in page.warning[0].value
    assert table(page)["name"].tolist() == ["bom"]


def test_champion_in_one_click_and_other_aliases_by_name() -> None:
    save("bom")
    page = opened("bom")
    press(page, "registry_champion")
    assert registry.get_model("champion").name == "bom"
    assert page.button(key="registry_champion").disabled
    page.text_input(key="registry_alias").set_value("producao")
    press(page, "registry_alias_save")
    assert registry.get_model("bom").aliases == ("champion", "producao")
    press(page, "registry_alias_remove_0")
    assert registry.get_model("bom").aliases == ("producao",)


def test_an_alias_that_is_a_models_name_is_refused_with_a_reason() -> None:
    save("bom")
    save("outro")
    page = opened("bom")
    page.text_input(key="registry_alias").set_value("outro")
    press(page, "registry_alias_save")
    assert "é o nome de um modelo" in page.error[0].value


def test_notes_are_kept() -> None:
    save("bom")
    page = opened("bom")
    page.text_area[0].set_value("para a sala 2")
    press(page, "registry_notes_save")
    assert registry.get_model("bom").notes == "para a sala 2"
    assert page.text_area[0].value == "para a sala 2"


def test_a_model_is_deleted_after_a_question_and_can_come_back() -> None:
    save("bom")
    save("outro")
    registry.set_alias("bom", "producao", actor="ana")
    page = opened("bom")
    press(page, "registry_delete")
    assert "30 dias na lixeira" in texts(page)
    assert "producao" in page.warning[-1].value
    assert len(registry.list_models()) == 2
    press(page, "registry_delete_confirm")
    assert list(registry.list_models()) == ["outro"]
    assert "foi para a lixeira" in texts(page)
    press(page, "registry_undo")
    assert set(registry.list_models()) == {"bom", "outro"}
    assert "foi para a lixeira" not in texts(page)


def test_the_last_model_deleted_is_restored_from_the_trash() -> None:
    save("bom")
    registry.delete_model("bom", actor="ana")
    page = open_part(opened(), "registry_trash")
    assert "Nenhum modelo registrado" in texts(page)
    press(unfolded(page, "registry_trash"), "registry_restore")
    assert list(registry.list_models()) == ["bom"]
    assert page.subheader[0].value == "bom"


def test_marked_models_are_compared_and_the_best_figures_marked() -> None:
    save("menor", 0.8, features=3)
    save("maior", 0.9)
    page = opened("maior", "menor")
    figures = table(page, "Accuracy")
    assert figures.loc["Accuracy"].tolist() == ["★ 0,9000", "0,8000"]
    assert "não foram treinados com os mesmos dados" in texts(page)
    open_part(page, "registry_compare_columns")
    columns = table(page, "petal width (cm)")
    assert columns.index.tolist() == ["petal width (cm)"]
    open_part(page, "registry_compare_settings")
    assert "LogisticRegression" in table(page, "Tipo").to_string()


def test_a_quarantined_model_is_examined_and_then_trusted() -> None:
    data, target = load_iris(return_X_y=True, as_frame=True)
    model = LogisticRegression(max_iter=500).fit(data, target)
    registry.import_model(pickle.dumps(model), "de fora", actor="rui")
    page = opened("de fora")
    assert "Só importa o que se espera de um modelo" in texts(page)
    assert not page.metric
    press(page, "registry_trust")
    assert page.button(key="registry_trust_confirm").disabled
    page.text_input(key="registry_trust_reason").set_value("feito pela Bia")
    ran(page.checkbox(key="registry_trust_agreed").check().run())
    press(page, "registry_trust_confirm")
    entry = registry.get_model("de fora")
    assert not entry.quarantined
    assert entry.trusted is not None
    assert entry.trusted["reason"] == "feito pela Bia"
    assert page.button(key="registry_use")


def test_a_file_that_changes_while_the_decision_is_made_is_not_trusted() -> None:
    registry.import_model(pickle.dumps(LogisticRegression()), "de fora", actor="rui")
    page = press(opened("de fora"), "registry_trust")
    file = config.get_settings().models_dir / Path(registry.get_model("de fora").path).name
    file.write_bytes(pickle.dumps(Danger()))
    page.text_input(key="registry_trust_reason").set_value("feito pela Bia")
    ran(page.checkbox(key="registry_trust_agreed").check().run())
    press(page, "registry_trust_confirm")
    assert "mudou depois que foi examinado" in texts(page)
    assert registry.get_model("de fora").quarantined
    assert not Path("/tmp/never-run-by-the-registry-page").exists()


def test_dangerous_imports_are_named_without_running_them() -> None:
    registry.import_model(pickle.dumps(Danger()), "suspeito", actor="rui")
    page = opened("suspeito")
    assert "1 importação perigosa" in page.error[0].value
    assert "posix.system" in page.error[0].value
    assert not Path("/tmp/never-run-by-the-registry-page").exists()


def test_an_imported_file_arrives_in_quarantine_and_is_shown() -> None:
    page = open_part(opened(), "registry_import")
    content = pickle.dumps(LogisticRegression())
    page.file_uploader[0].upload("meu modelo.pkl", content)
    ran(unfolded(page, "registry_import").run())
    press(unfolded(page, "registry_import"), "registry_import_send")
    assert registry.get_model("meu modelo").quarantined
    assert "Em quarentena" in texts(page)


def test_a_changed_manifest_is_a_message_and_the_model_can_be_deleted() -> None:
    save("bom")
    save("outro")
    folder = config.get_settings().models_dir
    manifest = next(path for path in folder.glob("bom*.json") if path.name != "registry.json")
    manifest.write_text(manifest.read_text().replace('"ana"', '"eva"'))
    page = opened("bom")
    assert "não conferem com a assinatura" in page.error[0].value
    assert page.button(key="registry_delete")
    both = opened("bom", "outro")
    assert "não conferem com a assinatura" in both.error[0].value


def test_a_flipped_byte_is_a_message_where_the_file_is_asked_for() -> None:
    save("bom")
    path = config.get_settings().models_dir / Path(registry.get_model("bom").path).name
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    page = open_part(opened("bom"), "registry_download")
    assert "o conteúdo mudou depois da assinatura" in page.error[0].value
    assert not page.get("download_button")


def test_a_rebuilt_index_is_told_until_someone_has_seen_it() -> None:
    save("bom")
    (config.get_settings().models_dir / "registry.json").write_text("{")
    page = opened()
    assert table(page)["name"].tolist() == ["bom"]
    assert "índice dos modelos estava danificado" in texts(page)
    press(page, "registry_notices")
    assert "índice dos modelos estava danificado" not in texts(page)
