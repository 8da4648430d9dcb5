"""Bad files, bad names, full disks and killed processes: a clear message, and nothing half done."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from src import datasets
from src.config import PROJECT_ROOT, Settings
from src.errors import DatasetNotFound, ImportFailed, JobCancelled, StorageError


def refused(path: Path, **options: object) -> str:
    with pytest.raises(ImportFailed) as raised:
        datasets.import_file(path, **options)  # type: ignore[arg-type]
    assert datasets.list_datasets() == []
    return str(raised.value)


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize("content", [b"", b"\n\n  \n", b"\xef\xbb\xbf", b"\xff\xfe"])
def test_an_empty_file(tmp_path: Path, content: bytes) -> None:
    assert "está vazio" in refused(write(tmp_path / "vendas.csv", content))


def test_a_header_without_rows(tmp_path: Path) -> None:
    assert "não tem linhas" in refused(write(tmp_path / "t.csv", "a,b,c\n"))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, "o conteúdo é PNG"),
        (b"PK\x03\x04" + bytes(500), "o conteúdo é ZIP"),
        (bytes(range(256)) * 40, "não é texto"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "formato antigo"),
        (b"PAR1" + bytes(100), "Parquet"),
    ],
)
def test_a_binary_file_named_csv(tmp_path: Path, content: bytes, said: str) -> None:
    assert said in refused(write(tmp_path / "dados.csv", content))


@pytest.mark.parametrize("name", ["t.xlsx", "t.parquet"])
def test_text_named_as_a_binary_format(tmp_path: Path, name: str) -> None:
    assert "não pôde ser lido" in refused(write(tmp_path / name, "a,b\n1,2\n"))


def test_a_missing_file(tmp_path: Path) -> None:
    assert "Não foi possível abrir sumiu.csv" in refused(tmp_path / "sumiu.csv")


RAGGED = "a,b,c\n" + "1,2,3\n" * 216 + "1,2,3,4,5\n" + "1,2,3\n1,2\n"


def test_a_ragged_row_is_named_by_its_line(tmp_path: Path) -> None:
    message = refused(write(tmp_path / "vendas.csv", RAGGED))
    assert "vendas.csv: a linha 218 tem 5 colunas, o cabeçalho tem 3" in message
    assert "ignorando linhas irregulares" in message


def test_ragged_rows_can_be_left_out(tmp_path: Path) -> None:
    name = datasets.import_file(write(tmp_path / "t.csv", RAGGED), skip_ragged=True)
    dataset = datasets.get(name)
    assert dataset.rows == 217
    warning = str(dataset.warnings[0])
    assert warning.startswith("2 linhas irregulares")
    assert warning.endswith("a primeira é a linha 218.")


def test_the_line_is_right_after_cells_with_line_breaks(tmp_path: Path) -> None:
    message = refused(write(tmp_path / "t.csv", 'a,b\n"x\ny\nz",1\n1,2\n1,2,3\n'))
    assert "a linha 6 tem 3 colunas" in message


def test_duplicate_and_blank_column_names(tmp_path: Path) -> None:
    name = datasets.import_file(
        write(tmp_path / "t.csv", "lux,,LUX,lux,  \n1,2,3,4,x\n5,6,7,8,y\n")
    )
    assert list(datasets.load(name)) == ["lux", "coluna_2", "LUX_2", "lux_3", "coluna_5"]
    said = " ".join(map(str, datasets.get(name).warnings))
    assert "coluna_2, coluna_5" in said
    assert "LUX_2, lux_3" in said


def test_awkward_column_names(tmp_path: Path) -> None:
    names = ['a "b"', "x[1]", "select", "naïve; drop", "💡", "n" * 300, "with\nbreak"]
    quoted = ",".join('"' + name.replace('"', '""') + '"' for name in names)
    name = datasets.import_file(write(tmp_path / "t.csv", quoted + "\n1,2,3,4,5,6,7\n"))
    found = list(datasets.load(name))
    assert found[:5] == names[:5]
    assert len(found[5]) == 120
    assert found[6] == "with break"
    assert datasets.profile(name).column("💡").maximum == 5


def test_a_million_character_cell(tmp_path: Path) -> None:
    long = "x" * 1_000_000
    name = datasets.import_file(write(tmp_path / "t.csv", f"a,b\n1,{long}\n2,y\n"))
    assert datasets.load(name)["b"][0] == long
    assert len(str(datasets.profile(name).column("b").top)) < 1000


def test_a_quote_that_never_closes(tmp_path: Path) -> None:
    text = 'a,b\n1,2\n3,"aberta\n' + "1,2\n" * 5_000_000
    message = refused(write(tmp_path / "t.csv", text))
    assert "a partir da linha 3" in message
    assert "aspas" in message


def test_infinite_values_survive_and_are_reported(tmp_path: Path) -> None:
    name = datasets.import_file(write(tmp_path / "t.csv", "x,y\ninf,1\n-inf,2\n1.5,3\n2.5,4\n"))
    profile = datasets.profile(name)
    column = profile.column("x")
    assert (column.infinite, column.minimum, column.maximum, column.mean) == (2, 1.5, 2.5, 2.0)
    assert any("2 valores infinitos" in str(warning) for warning in profile.warnings)
    assert datasets.load(name)["x"].tolist() == [float("inf"), float("-inf"), 1.5, 2.5]
    assert datasets.histogram(name, "x") is not None


def test_too_many_columns(tmp_path: Path) -> None:
    header = ",".join(f"c{number}" for number in range(2001))
    message = refused(write(tmp_path / "t.csv", header + "\n" + ",".join("1" * 2001) + "\n"))
    assert "2001 colunas; o limite é 2000" in message


@pytest.mark.parametrize(
    "text",
    ["{", "[1, 2]", '[{"a": 1}', '{"a": [1, 2], "b": [1]}', '{"a": 1}\n{"a": \n', "[]", '"x"'],
)
def test_json_that_is_no_table(tmp_path: Path, text: str) -> None:
    assert "t.json" in refused(write(tmp_path / "t.json", text))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("../fora", "«/»"),
        ("a/b", "«/»"),
        ("a\\b", "«\\»"),
        ('a "b" c', '«"»'),
        ("a\x00b", "caractere de controle"),
        ("n" * 300, "300 caracteres; o limite é 80"),
        ("", "precisa de um nome"),
        ("   ", "precisa de um nome"),
        (".oculta", "«.»"),
        ("sqlite_master", "reservado"),
        ("_bancada_tabelas", "reservado"),
    ],
)
def test_names_that_are_refused(tmp_path: Path, name: str, said: str) -> None:
    assert said in refused(write(tmp_path / "t.csv", "a,b\n1,2\n"), name=name)


@pytest.mark.parametrize("name", ["💡 luz", "Ação nº 1", "select", "x'; DROP TABLE y"])
def test_names_that_are_fine(tmp_path: Path, name: str) -> None:
    made = datasets.import_file(write(tmp_path / "t.csv", "a,b\n1,2\n"), name)
    assert made == name
    assert datasets.load(name)["a"].tolist() == [1]


@pytest.mark.parametrize("other", ["VENDAS", "Vendas", "vendas", " vendas "])
def test_a_name_that_differs_only_by_case_is_taken(tmp_path: Path, other: str) -> None:
    path = write(tmp_path / "t.csv", "a,b\n1,2\n")
    datasets.import_file(path, "vendas")
    with pytest.raises(ImportFailed, match="Já existe uma tabela") as raised:
        datasets.import_file(path, other)
    assert f"{other.strip()}_2" in str(raised.value)
    assert len(datasets.list_datasets()) == 1


@pytest.mark.parametrize(
    "file_name",
    ["../../etc/passwd", "a\x00b.csv", "n" * 300 + ".csv", "💡.csv", ".csv", "///", "sqlite_x.csv"],
)
def test_any_file_name_gives_a_usable_table_name(tmp_path: Path, file_name: str) -> None:
    name = datasets.import_file(write(tmp_path / "t.csv", "a,b\n1,2\n"), source_name=file_name)
    assert 0 < len(name) <= 80
    assert "/" not in name
    assert datasets.load(name)["b"].tolist() == [2]


def test_a_table_that_does_not_exist() -> None:
    for action in (datasets.load, datasets.get, datasets.profile, datasets.preview):
        with pytest.raises(DatasetNotFound, match="não existe"):
            action("nada")  # type: ignore[operator]
    with pytest.raises(DatasetNotFound):
        datasets.delete("nada", actor="Ana")
    assert datasets.list_datasets() == []


def test_a_cancelled_import_leaves_nothing(tmp_path: Path, settings: Settings) -> None:
    path = write(tmp_path / "t.csv", "a,b\n" + "1,x\n" * 60_000)

    def cancel_while_writing(_rows: int, fraction: float) -> None:
        if fraction > 0.5:
            raise JobCancelled

    with pytest.raises(JobCancelled):
        datasets.import_file(path, on_progress=cancel_while_writing)
    assert datasets.list_datasets() == []
    assert tables(settings) == []
    assert datasets.import_file(path) == "t"


def test_a_damaged_tables_file_is_reported(settings: Settings) -> None:
    settings.tables_path.write_bytes(b"this is no database" * 100)
    with pytest.raises(StorageError, match="não puderam ser lidas"):
        datasets.list_datasets()


def tables(settings: Settings) -> list[str]:
    connection = sqlite3.connect(settings.tables_path)
    try:
        rows = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB '_bancada*'"
        )
        return [row[0] for row in rows]
    finally:
        connection.close()


def python(code: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code), *arguments],
        cwd=PROJECT_ROOT,
        env=os.environ | {"PYTHONPATH": str(PROJECT_ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def test_a_full_disk_is_said_and_loses_nothing(tmp_path: Path) -> None:
    datasets.import_file(write(tmp_path / "antes.csv", "a,b\n1,2\n"))
    path = write(tmp_path / "grande.csv", "a,b\n" + "".join(f"{n},{n}x\n" for n in range(200_000)))
    worker = python(
        """
        import resource, sys
        from src import datasets
        from src.errors import StorageError
        limit = 2 * 2**20  # the file system takes no byte more of any file
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        try:
            datasets.import_file(sys.argv[1])
        except StorageError as error:
            print(error)
        """,
        str(path),
    )
    said, _nothing = worker.communicate(timeout=300)
    assert "Confira se o disco tem espaço" in said
    assert [dataset.name for dataset in datasets.list_datasets()] == ["antes"]
    assert datasets.load("antes")["a"].tolist() == [1]
    assert datasets.import_file(path) == "grande"


@pytest.mark.parametrize("moment", [0.1, 0.35, 0.6, 0.75, 0.9])
def test_a_killed_import_leaves_no_half_table(
    tmp_path: Path, settings: Settings, moment: float
) -> None:
    datasets.import_file(write(tmp_path / "antes.csv", "a,b\n1,2\n"))
    path = write(tmp_path / "t.csv", "a,b,c\n" + "".join(f"{n},x,{n}.5\n" for n in range(120_000)))
    worker = python(
        """
        import sys, time
        from src import datasets
        def pause(rows, fraction):
            if fraction >= float(sys.argv[2]):
                print("there", flush=True)
                time.sleep(60)
        datasets.import_file(sys.argv[1], on_progress=pause)
        """,
        str(path),
        str(moment),
    )
    assert worker.stdout is not None
    while line := worker.stdout.readline():
        if line.strip() == "there":
            break
    worker.send_signal(signal.SIGKILL)
    worker.wait(timeout=60)
    assert [dataset.name for dataset in datasets.list_datasets()] == ["antes"]
    assert tables(settings) == ["antes"]
    assert datasets.import_file(path) == "t"
    assert len(datasets.load("t")) == 120_000


def test_two_imports_at_once_both_arrive(tmp_path: Path) -> None:
    paths = [
        write(tmp_path / f"t{number}.csv", "a,b\n" + f"{number},x\n" * 30_000) for number in (1, 2)
    ]
    code = "import sys; from src import datasets; datasets.import_file(sys.argv[1])"
    workers = [python(code, str(path)) for path in paths]
    for worker in workers:
        assert worker.wait(timeout=300) == 0
    assert {dataset.name for dataset in datasets.list_datasets()} == {"t1", "t2"}
    assert set(datasets.load("t1")["a"]) == {1}


def test_while_an_import_is_written_tables_can_be_read(tmp_path: Path) -> None:
    datasets.import_file(write(tmp_path / "antes.csv", "a,b\n1,2\n"))
    path = write(tmp_path / "t.csv", "a,b\n" + "1,x\n" * 60_000)
    seen = []

    def look(_rows: int, fraction: float) -> None:
        if fraction > 0.5 and not seen:
            seen.append(datasets.load("antes")["a"].tolist())

    datasets.import_file(path, on_progress=look)
    assert seen == [[1]]


def test_json_cells_beyond_64_bits_do_not_break_the_import(tmp_path: Path) -> None:
    path = write(tmp_path / "t.json", json.dumps([{"n": 10**30, "x": 1}, {"n": 5, "x": 2}]))
    assert datasets.load(datasets.import_file(path))["n"].tolist() == [str(10**30), "5"]
