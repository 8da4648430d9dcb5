"""The screen *Tabelas*: empty, full, wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from src import datasets, jobs
from src.config import PROJECT_ROOT, Settings
from src.datasets import work

SCRIPT = str(PROJECT_ROOT / "pages" / "datasets.py")


def opened(**address: str) -> AppTest:
    page = AppTest.from_file(SCRIPT, default_timeout=180)
    for name, value in address.items():
        page.query_params[name] = value
    return page.run()


def texts(page: AppTest) -> str:
    elements = [*page.markdown, *page.caption, *page.warning, *page.error, *page.info]
    return "\n".join(str(element.value) for element in elements)


def uploaded(page: AppTest, name: str, content: bytes) -> AppTest:
    return page.file_uploader[0].upload(name, content, "text/csv").run()


def run_queued() -> None:
    """Do what a worker process would: the oldest queued import."""
    from src.jobs import store
    from src.jobs.worker import run

    job = store.claim("test:1:0")
    assert job is not None
    run(job, "test:1:0")


CSV = "lux;sala;ok\n1.234,5;a;sim\n2,5;b;não\n3,5;a;sim\n".encode()


def test_without_tables_three_ways_to_start_are_shown() -> None:
    page = opened()
    assert not page.exception
    assert "Nenhuma tabela ainda" in texts(page)
    assert len(page.file_uploader) == 1
    assert page.button(key="tabelas_exemplo_leituras_sensores")
    assert page.button(key="tabelas_adicionar_exemplo")


def test_the_sensor_sample_is_one_click_away() -> None:
    page = opened()
    page.button(key="tabelas_exemplo_leituras_sensores").click().run()
    assert not page.exception
    assert not page.error
    assert page.selectbox(key="tabelas_aberta").value == "leituras_sensores"
    assert [metric.value for metric in page.metric] == ["3.000", "4", "0,0\u00a0%", "0"]
    assert page.query_params["tabela"] == "leituras_sensores"


def test_a_shipped_sample_can_be_chosen() -> None:
    page = opened()
    page.selectbox(key="tabelas_exemplo").select("iris").run()
    page.button(key="tabelas_adicionar_exemplo").click().run()
    assert [dataset.name for dataset in datasets.list_datasets()] == ["iris"]


def test_an_upload_shows_what_was_detected_and_is_imported_by_a_job() -> None:
    page = uploaded(opened(), "vendas.csv", CSV)
    assert not page.error
    assert (
        "**CSV** · separado por ponto e vírgula · UTF-8 · decimal com vírgula · 3 colunas"
        in texts(page)
    )
    assert page.text_input[0].value == "vendas"
    page.button[-1].click().run()
    assert not page.exception
    assert [job.params["name"] for job in jobs.in_progress("datasets.import")] == ["vendas"]
    assert datasets.list_datasets() == []
    run_queued()
    page.run()
    assert page.selectbox(key="tabelas_aberta").value == "vendas"
    assert datasets.load("vendas")["lux"].tolist() == [1234.5, 2.5, 3.5]


@pytest.mark.parametrize("before", [True, False], ids=["before it is looked for", "after"])
def test_an_import_that_ends_while_the_page_is_drawn_is_opened(
    before: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "antes.csv").write_bytes(CSV)
    datasets.import_file(tmp_path / "antes.csv", actor="Ana")
    page = uploaded(opened(tabela="antes"), "vendas.csv", CSV)
    next(button for button in page.button if button.label == "Importar").click().run()
    assert page.selectbox(key="tabelas_aberta").value == "antes"
    in_progress = jobs.in_progress

    def meanwhile(kind: str) -> list[jobs.Job]:
        monkeypatch.setattr(jobs, "in_progress", in_progress)
        running = in_progress(kind)
        run_queued()
        return in_progress(kind) if before else running

    monkeypatch.setattr(jobs, "in_progress", meanwhile)
    page.run()
    assert not page.exception
    assert page.selectbox(key="tabelas_aberta").value == "vendas"


def test_the_upload_is_removed_after_the_import(settings: Settings) -> None:
    page = uploaded(opened(), "vendas.csv", CSV)
    page.button[-1].click().run()
    run_queued()
    assert list((settings.data_dir / "uploads").iterdir()) == []


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("vazio.csv", b"", "está vazio"),
        ("foto.csv", b"\x89PNG\r\n\x1a\n" + bytes(500), "o conteúdo é PNG"),
    ],
)
def test_a_file_that_is_no_table_is_refused_before_the_import(
    name: str, content: bytes, said: str
) -> None:
    page = uploaded(opened(), name, content)
    assert not page.exception
    assert said in page.error[0].value


def test_a_taken_name_is_refused_with_a_suggestion() -> None:
    datasets.add_sample("iris", actor="")
    page = uploaded(opened(), "vendas.csv", CSV)
    page.text_input[0].input("IRIS")
    next(button for button in page.button if button.label == "Importar").click().run()
    assert "Sugestão: «IRIS_2»" in page.error[0].value
    assert jobs.in_progress("datasets.import") == []


def test_ragged_rows_fail_with_the_line_and_can_then_be_ignored() -> None:
    content = b"a,b\n" + b"1,2\n" * 1500 + b"1,2,3\n"
    page = uploaded(opened(), "torta.csv", content)
    page.button[-1].click().run()
    run_queued()
    page.run()
    assert "a linha 1.502 tem 3 colunas, o cabeçalho tem 2" in page.error[0].value
    assert datasets.list_datasets() == []
    page.checkbox(key="tabelas_irregulares").check()
    next(button for button in page.button if button.label == "Importar").click().run()
    run_queued()
    page.run()
    assert datasets.get("torta").rows == 1500


def test_a_cancelled_import_is_told(tmp_path: Path) -> None:
    page = uploaded(opened(), "vendas.csv", CSV)
    page.button[-1].click().run()
    job = jobs.in_progress("datasets.import")[0]
    page.button(key=f"tabelas_{job.id}_cancel").click().run()
    assert "Nenhuma tabela foi criada" in texts(page)
    assert jobs.get(job.id).state is jobs.JobState.CANCELLED
    assert datasets.list_datasets() == []


def test_an_import_started_elsewhere_is_shown_while_it_waits(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_bytes(CSV)
    work.start_import(tmp_path / "x.csv", "x", actor="Rui", source_name="x_dados.csv")
    page = opened()
    assert "Importação de x_dados.csv" in texts(page)


def test_a_target_in_the_address_brings_balance_and_leaks(tmp_path: Path) -> None:
    rows = "".join(
        f"{n % 7},{'aceito' if n % 10 == 0 else 'não'},{n % 10 == 0}\n" for n in range(900)
    )
    (tmp_path / "campanha.csv").write_text("x,copia,y\n" + rows)
    datasets.import_file(tmp_path / "campanha.csv")
    page = opened(tabela="campanha", alvo="y")
    assert page.selectbox(key="alvo").value == "y"
    assert "copia sozinha quase determina y (AUC 1)" in texts(page)
    assert "y está desbalanceada" in texts(page)


def test_damaged_columns_are_named(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a;b\n2.794.166.667;1\n64.6;2\n")
    datasets.import_file(tmp_path / "t.csv")
    page = opened(tabela="t")
    assert "Números estragados antes da importação em a" in page.warning[0].value


def test_a_table_that_is_gone_is_said_and_another_is_opened() -> None:
    datasets.add_sample("iris", actor="")
    page = opened(tabela="sumiu")
    assert "A tabela «sumiu» não existe" in page.warning[0].value
    assert page.selectbox(key="tabelas_aberta").value == "iris"


def test_rows_are_paged() -> None:
    datasets.add_sample("digits", actor="")
    page = opened()
    shown = [frame.value for frame in page.dataframe if len(frame.value) == 50]
    assert shown[0].index[0] == 1


def test_a_table_is_deleted_only_after_confirmation() -> None:
    datasets.add_sample("iris", actor="")
    page = opened()
    page.button(key="tabelas_excluir").click().run()
    assert "150 linhas e 5 colunas, será apagada" in texts(page)
    assert len(datasets.list_datasets()) == 1
    page.button(key="tabelas_excluir_confirm").click().run()
    assert datasets.list_datasets() == []


def test_a_new_import_of_the_same_name_is_seen_at_once(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("a,b\n1,x\n")
    datasets.import_file(path, "t")
    page = opened()
    assert page.metric[0].value == "1"
    datasets.delete("t", actor="")
    path.write_text("a,b\n1,x\n2,y\n")
    datasets.import_file(path, "t")
    page.run()
    assert page.metric[0].value == "2"


def test_a_damaged_tables_file_is_told_without_a_traceback(settings: Settings) -> None:
    settings.tables_path.write_bytes(b"this is no database" * 100)
    page = opened()
    assert not page.exception
    assert "As tabelas não puderam ser lidas" in page.error[0].value


def test_the_page_speaks_english() -> None:
    datasets.add_sample("iris", actor="")
    page = AppTest.from_file(SCRIPT, default_timeout=180)
    page.session_state["language"] = "en"
    page.run()
    assert not page.exception
    assert page.metric[0].value == "150"
