"""The prediction page as a person uses it: form, reasons, batch, log, and what goes wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from sklearn.ensemble import RandomForestClassifier
from streamlit.testing.v1 import AppTest

from src import datasets, files, prediction, registry
from tests import prediction_examples as examples

PAGE = str(Path(__file__).resolve().parents[2] / "pages" / "prediction.py")


def open_page(**query: str) -> AppTest:
    page = AppTest.from_file(PAGE, default_timeout=180)
    for name, value in query.items():
        page.query_params[name] = value
    page.run()
    assert not page.exception
    return page


def send(page: AppTest) -> AppTest:
    page.button(key="prediction_submit").click().run()
    assert not page.exception
    return page


def key(entry: registry.ModelEntry, position: int) -> str:
    return f"prediction_{entry.sha256[:8]}_{position}"


def texts(page: AppTest) -> str:
    parts = [*page.markdown, *page.caption, *page.warning, *page.error, *page.info]
    return "\n".join(str(part.value) for part in parts)


def test_without_models_the_page_says_how_to_get_one() -> None:
    page = open_page()
    assert "Nenhum modelo registrado" in texts(page)
    assert not page.error
    assert page.button(key="prediction_train")


def test_the_form_follows_the_schema_with_icons_units_and_ranges() -> None:
    entry = examples.save_sensors()
    page = open_page()
    labels = [field.label for field in page.number_input]
    assert labels == ["💡 lux (lx)", "🌡️ temperatura (°C)", "📳 vibracao (mm/s)"]
    assert "No treino" in page.number_input(key=key(entry, 0)).help


def test_a_case_gives_a_class_with_probabilities_and_reasons() -> None:
    entry = examples.save_sensors()
    page = open_page()
    page.number_input(key=key(entry, 2)).set_value(6.0)
    send(page)
    assert page.metric[0].label == "estado"
    assert page.metric[0].value == "falha"
    assert "Probabilidade de" in texts(page)
    assert "As barras somam a diferença" in texts(page)
    assert len(page.get("plotly_chart")) == 2
    assert not page.warning


def test_a_value_outside_the_training_range_is_warned_about() -> None:
    entry = examples.save_sensors()
    page = open_page()
    page.number_input(key=key(entry, 0)).set_value(5_000.0)
    send(page)
    assert "acima do maior valor visto no treino" in page.warning[0].value
    assert page.metric


def test_every_kind_of_column_has_its_field() -> None:
    entry = examples.save_mixed()
    page = open_page()
    page.number_input(key=key(entry, 1)).set_value(33)
    page.selectbox(key=key(entry, 2)).set_value("Recife")
    page.toggle(key=key(entry, 3)).set_value(True)
    send(page)
    assert page.metric[0].value == "1"
    (logged,) = prediction.list_predictions()
    assert logged.inputs["renda"] is None  # a field with gaps in training starts empty
    assert logged.inputs["idade"] == 33
    assert logged.inputs["cidade"] == "Recife"
    assert logged.inputs["cliente"] is True


def test_a_category_the_model_never_saw_is_warned_about() -> None:
    entry = examples.save_mixed()
    page = open_page()
    page.selectbox(key=key(entry, 2)).options.append("Natal")  # typed, not chosen
    page.selectbox(key=key(entry, 2)).set_value("Natal")
    send(page)
    assert "«Natal» não apareceu no treino" in page.warning[0].value


def test_a_regression_shows_its_value_and_the_mean_it_starts_from() -> None:
    entry = examples.save_regression()
    page = open_page()
    page.number_input(key=key(entry, 0)).set_value(100.0)
    page.number_input(key=key(entry, 1)).set_value(30.0)
    send(page)
    assert page.metric[0].value == "91"
    assert "Em média, nas linhas de treino" in texts(page)


def test_the_prediction_is_logged_with_the_persons_name() -> None:
    examples.save_sensors()
    page = open_page()
    page.session_state["actor"] = "ana"
    send(page)
    assert prediction.list_predictions()[0].actor == "ana"


def test_cases_of_this_session_stay_on_the_page() -> None:
    entry = examples.save_sensors()
    page = send(open_page())
    page.number_input(key=key(entry, 2)).set_value(6.0)
    send(page)
    table = page.dataframe[0].value
    assert table["Previsão"].tolist() == ["falha", "normal"]


def test_the_model_in_the_address_is_the_one_that_is_open() -> None:
    examples.save_regression()
    examples.save_sensors()
    assert open_page(modelo="consumo").selectbox(key="modelo").value == "consumo"


def test_the_champion_is_offered_first() -> None:
    examples.save_regression("velho")
    examples.save_sensors("novo")
    registry.set_alias("velho", "champion", actor="ana")
    page = open_page()
    assert page.selectbox(key="modelo").value == "velho"
    assert page.selectbox(key="modelo").options[0] == "velho (champion)"


def test_an_older_model_without_schema_gets_a_form_from_its_columns() -> None:
    table = examples.sensors()
    model = RandomForestClassifier(5, random_state=0).fit(table.to_numpy(), examples.state(table))
    registry.save_model(model, "antigo")
    page = send(open_page())
    assert len(page.number_input) == 3
    assert "não guarda o esquema" in texts(page)
    assert page.metric
    assert "sem linhas de treino" in texts(page)


def test_a_model_that_tells_no_columns_gets_no_form_but_a_word() -> None:
    registry.save_model(examples.Constant(), "mudo")
    page = open_page()
    assert "não diz que colunas espera" in texts(page)


def test_a_model_that_refuses_the_values_says_so_and_keeps_the_form() -> None:
    table = examples.sensors()
    model = RandomForestClassifier(5, random_state=0).fit(table, examples.state(table))
    entry = registry.save_model(model, "floresta", training_data=table)
    page = open_page()
    page.number_input(key=key(entry, 0)).set_value(1e300)
    send(page)
    assert "não aceitou os valores" in page.error[0].value
    assert page.number_input(key=key(entry, 0)).value == 1e300


def test_a_quarantined_model_points_to_the_registry(settings) -> None:  # type: ignore[no-untyped-def]
    import pickle

    settings.models_dir.mkdir(parents=True, exist_ok=True)
    (settings.models_dir / "estranho.pkl").write_bytes(pickle.dumps({"a": 1}))
    page = open_page()
    assert "estranho" in page.selectbox(key="modelo").options[0]
    assert "quarentena" in page.error[0].value
    assert page.button(key="prediction_registry")
    assert not page.number_input


def test_many_columns_are_folded_away_but_sent() -> None:
    import numpy as np
    import pandas as pd

    rng = np.random.default_rng(0)
    table = pd.DataFrame(rng.normal(size=(60, 40))).add_prefix("c")
    model = RandomForestClassifier(3, random_state=0).fit(table, table["c0"] > 0)
    registry.save_model(model, "largo", training_data=table)
    page = send(open_page())
    assert any("Mais 28 colunas" in part.label for part in page.expander)
    assert len(prediction.list_predictions()[0].inputs) == 40


def test_details_show_schema_and_all_models() -> None:
    examples.save_sensors()
    page = open_page()
    page.session_state["prediction_details"] = True
    page.run()
    assert not page.exception
    assert page.dataframe[0].value.iloc[0, 0] == "lux"
    assert len(page.dataframe[1].value) == 1


def upload(page: AppTest, name: str, content: bytes) -> AppTest:
    page.file_uploader(key="prediction_file").set_value((name, content, "text/csv")).run()
    assert not page.exception
    return page


def test_the_batch_tab_starts_with_what_it_is_for() -> None:
    examples.save_sensors()
    assert "Nenhum arquivo ainda" in texts(open_page(aba="Em lote"))


def test_a_batch_shows_scored_and_rejected_rows() -> None:
    examples.save_sensors()
    page = open_page(aba="Em lote")
    content = "sala;lux;temperatura;vibracao\nA;15,0;14;0,5\nB;escuro;20;1\nC;400;35;60\n"
    upload(page, "salas.csv", content.encode())
    assert "3 de 3 colunas do modelo encontradas" in texts(page)
    page.button(key="prediction_batch_start").click().run()
    assert not page.exception
    assert [metric.value for metric in page.metric] == ["2", "1", "1"]
    scored = page.dataframe[2].value
    assert scored["prediction"].tolist() == ["normal", "falha"]
    assert scored["sala"].tolist() == ["A", "C"]
    rejected = page.dataframe[3].value
    assert "«escuro» não é um número" in rejected["motivo"].iloc[0]


def test_a_cell_that_is_no_number_leaves_the_others_numbers(tmp_path: Path) -> None:
    path = tmp_path / "salas.csv"
    path.write_bytes(files.to_csv(examples.sensors(), "pt_BR"))
    table = datasets.load(datasets.import_file(path))
    model = RandomForestClassifier(3, random_state=0).fit(table, table["vibracao"] > 2)
    registry.save_model(model, "salas", training_data=table)
    page = open_page(aba="Em lote")
    content = "lux;temperatura;vibracao;nota\n1234,5;14;0,25;a\nescuro;20;1;b\n300;35;60;\n"
    upload(page, "salas.csv", content.encode())
    page.run()  # the table comes out of the cache now
    page.button(key="prediction_batch_start").click().run()
    assert page.dataframe[0].value["lux"].tolist() == ["1.234,5", "escuro", "300"]
    assert [row.inputs["lux"] for row in prediction.list_predictions()] == [300, 1234.5]
    _file, _version, result = page.session_state["prediction_batch_result"]
    assert files.to_csv(result.scored[["lux", "vibracao"]], "pt_BR").decode("utf-8-sig") == (
        "lux;vibracao\n1234,5;0,25\n300,0;60,0\n"
    )


def test_a_batch_without_a_column_says_which() -> None:
    examples.save_sensors()
    page = upload(open_page(aba="Em lote"), "salas.csv", b"lux,temperatura\n1,2\n")
    assert "vibracao" in page.error[0].value
    assert not [button for button in page.button if button.key == "prediction_batch_start"]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("vazio.csv", b"", "vazio"),
        ("foto.csv", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "não é texto"),
        ("torto.csv", b"lux,temperatura,vibracao\n1,2,3\n1,2\n", "linha 3 tem 2 colunas"),
        ("quebrado.json", b"[{", "quebrado.json"),
        ("lista.json", b"[1, 2]", "lista de objetos"),
        ("quebrado.xlsx", b"nada", "quebrado.xlsx"),
        ("quebrado.parquet", b"nada", "quebrado.parquet"),
    ],
)
def test_a_broken_batch_file_is_refused_with_its_reason(
    name: str, content: bytes, reason: str
) -> None:
    examples.save_sensors()
    page = upload(open_page(aba="Em lote"), name, content)
    assert reason in page.error[0].value


def test_a_batch_file_with_a_header_alone_is_refused() -> None:
    examples.save_sensors()
    page = upload(open_page(aba="Em lote"), "so.csv", b"lux,temperatura,vibracao\n")
    assert "nenhuma linha" in page.warning[0].value
    assert page.button(key="prediction_batch_start").disabled


def test_the_log_starts_with_what_it_is_for() -> None:
    examples.save_sensors()
    assert "Nenhuma previsão registrada" in texts(open_page(aba="Previsões registradas"))


def test_the_log_is_filtered_and_paged() -> None:
    examples.save_sensors("um")
    examples.save_sensors("dois")
    prediction.predict("um", examples.sensors(60), actor="ana")
    prediction.predict("dois", examples.sensors(3), actor="bia")
    page = open_page(aba="Previsões registradas")
    assert "63 previsões" in texts(page)
    assert len(page.dataframe[0].value) == 50
    page.selectbox(key="prediction_log_model").set_value("dois").run()
    assert not page.exception
    table = page.dataframe[0].value
    assert table["Quem pediu"].tolist() == ["bia"] * 3


def test_the_log_says_when_no_prediction_meets_the_filters() -> None:
    examples.save_sensors("um")
    examples.save_sensors("dois")
    prediction.predict("um", examples.sensors(1), actor="ana")
    prediction.predict("dois", examples.sensors(1), actor="bia")
    page = open_page(aba="Previsões registradas")
    page.selectbox(key="prediction_log_model").set_value("um").run()
    page.selectbox(key="prediction_log_actor").set_value("bia").run()
    assert "Nenhuma previsão com estes filtros" in texts(page)
