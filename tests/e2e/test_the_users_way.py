"""From a file to a prediction, in a real browser against the running dashboard."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from src import datasets, registry
from tests.e2e import tables
from tests.e2e.screens import TRAINING, choose, chosen, open_screen, picture, press, settled

START = "Treinar e comparar modelos"


def import_file(page: Any, path: Path) -> None:
    open_screen(page, "/tabelas")
    folded = page.locator("summary").filter(has_text="Adicionar tabela")
    if folded.count():
        folded.click()
    page.locator("input[type=file]").first.set_input_files(path)
    page.get_by_text("O que foi detectado").wait_for()
    page.locator("[data-testid='stForm']").get_by_role("button", name="Importar").click()
    page.locator("[data-testid='stCaptionContainer']").filter(has_text=path.name).wait_for(
        timeout=TRAINING  # the workers may still be importing the training libraries
    )
    settled(page)


def best_tab(page: Any) -> Any:
    return page.get_by_role("tab", name="melhores").first


def downloaded(page: Any, key: str) -> str:
    with page.expect_download() as download:
        page.locator(f".st-key-{key} button").click()
    return Path(download.value.path()).read_text(encoding="utf-8-sig")


def compare(page: Any, table: str, target: str) -> None:
    open_screen(page, f"/treinar?tabela={table}&alvo={target}")
    press(page, START)
    page.wait_for_url("**comparacao=*")
    best_tab(page).wait_for(timeout=TRAINING)
    settled(page)


def save_best(page: Any, place: int, name: str, notes: str) -> None:
    """Save the candidate at a place of the top five under a name, with notes."""
    expander = page.locator("[class*='st-key-training_open_']").nth(place)
    if expander.locator("[data-testid='stForm']").count() == 0:
        expander.locator("summary").click()
    form = expander.locator("[data-testid='stForm']")
    form.get_by_label("Nome do modelo").fill(name)
    form.get_by_label("Notas").fill(notes)
    form.get_by_role("button", name="Salvar").click()
    page.get_by_text(f"Salvo como {name}").first.wait_for()
    settled(page)


def test_sensor_file_to_a_class_with_probabilities(page: Any, inside: Any, tmp_path: Path) -> None:
    import_file(page, tables.occupancy(tmp_path / "sala.txt"))
    page.get_by_text("Humidity").first.wait_for(state="attached")  # the grid is a canvas
    choose(page, "alvo", "Occupancy")
    picture(page, "way-1-table", tmp_path)
    page.locator(".st-key-tabelas_treinar button").click()
    page.get_by_role("button", name=START).wait_for()
    settled(page)
    assert chosen(page, "alvo") == "Occupancy"

    page.get_by_role("button", name=START).click()
    page.wait_for_url("**comparacao=*")
    # The first candidate is there while others still run; a reload finds the comparison again.
    page.locator("[data-testid='stDataFrame']").first.wait_for(timeout=TRAINING)
    page.reload()
    best_tab(page).wait_for(timeout=TRAINING)
    settled(page)
    assert page.locator("[class*='st-key-training_open_']").count() == 5
    picture(page, "way-2-comparison", tmp_path)

    save_best(page, 0, "ocupacao_a", "o melhor de todos")
    save_best(page, 1, "ocupacao_b", "o segundo")
    assert {"ocupacao_a", "ocupacao_b"} <= set(registry.list_models())
    assert registry.get_model("ocupacao_a").metadata["description"] == "o melhor de todos"

    open_screen(page, "/classificador?modelo=ocupacao_a")
    form = page.locator("[data-testid='stForm']").first
    for label, value in (("Light", "450"), ("CO2", "820")):
        form.locator("[data-testid='stNumberInput']").filter(has_text=label).locator("input").fill(
            value
        )
    form.get_by_role("button", name="Fazer previsão").click()
    page.locator(".st-key-prediction_probabilities").wait_for()
    answer = page.locator("[data-testid='stMetric']").filter(has_text="Occupancy")
    answer.get_by_text("1", exact=True).wait_for()
    page.locator(".st-key-prediction_reasons").wait_for()
    picture(page, "way-3-answer", tmp_path)

    open_screen(page, "/")
    page.get_by_text("Todas as etapas estão em uso").wait_for()


def test_unbalanced_table_with_a_leak_is_warned_about_and_trained(
    page: Any, inside: Any, tmp_path: Path
) -> None:
    datasets.import_file(tables.campaign(tmp_path / "campanha.csv"), actor="Ana")
    open_screen(page, "/treinar?tabela=campanha&alvo=y")
    page.locator(".st-key-training_warnings").get_by_text("duration").first.wait_for()
    compare(page, "campanha", "y")


def test_regression_sample(page: Any, inside: Any, tmp_path: Path) -> None:
    name = datasets.add_sample("diabetes", actor="Ana")
    target = datasets.get(name).columns[-1].name
    compare(page, name, target)
    figures = page.locator(".st-key-training_figures")
    figures.get_by_text("R2 do melhor").wait_for()
    figures.get_by_text("Linha de base").wait_for()
    expander = page.locator("[class*='st-key-training_open_']").first
    expander.locator("summary").click()
    page.locator("[class*='_residuos']").first.wait_for()


def test_batch_file_returns_rows_and_reasons(page: Any, inside: Any, tmp_path: Path) -> None:
    from sklearn.linear_model import LogisticRegression

    rows = pd.DataFrame({"lux": [float(i % 100) for i in range(120)]})
    target = ["claro" if lux > 50 else "escuro" for lux in rows["lux"]]
    model = LogisticRegression().fit(rows, target)
    registry.save_model(model, "luz", training_data=rows, target="estado", actor="Ana")
    batch = tmp_path / "leituras.csv"
    batch.write_text("lux\n10\n90\nsem leitura\n", encoding="utf-8")

    open_screen(page, "/classificador?modelo=luz")
    page.get_by_role("tab", name="Em lote").click()
    page.locator("input[type=file]").first.set_input_files(batch)
    page.locator(".st-key-prediction_batch_start button").click()
    scored = downloaded(page, "prediction_scored_download")
    rejected = downloaded(page, "prediction_rejected_download")
    assert "claro" in scored and "escuro" in scored and "sem leitura" not in scored
    assert "sem leitura" in rejected
    picture(page, "way-4-batch", tmp_path)


def test_damaged_numbers_are_named(page: Any, inside: Any, tmp_path: Path) -> None:
    import_file(page, tables.damaged(tmp_path / "loja.csv"))
    for column in ("Duration", "BounceRates"):
        page.locator("[data-testid='stAlert']").filter(has_text=column).first.wait_for()
