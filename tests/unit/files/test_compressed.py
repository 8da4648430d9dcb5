"""A file inside a gzip or a zip is read as the file itself, up to a limit."""

from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path

import pytest

from src import datasets, files
from src.errors import FileUnreadable
from src.files import contents, json_text

TABLE = b"lux,sala\n1.5,a\n2,b\n"


def archive(**members: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in members.items():
            made.writestr(name.replace("_", "."), data)
    return file.getvalue()


def refused(data: bytes, name: str) -> str:
    with pytest.raises(FileUnreadable) as raised:
        for chunk in files.open_table(data, name).chunks(False):
            assert chunk
    return str(raised.value)


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("salas.csv.gz", gzip.compress(TABLE), "CSV"),
        (
            "salas.gz",
            gzip.compress(b'[{"lux": 1.5, "sala": "a"}, {"lux": 2, "sala": "b"}]'),
            "JSON",
        ),
        ("salas.zip", archive(salas_csv=TABLE), "CSV"),
    ],
)
def test_what_is_inside_is_imported(tmp_path: Path, name: str, data: bytes, kind: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    assert files.open_table(path).format == kind
    table = datasets.import_file(path)
    assert table == "salas"
    assert datasets.load(table).to_dict("list") == {"lux": [1.5, 2.0], "sala": ["a", "b"]}


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("t.csv.gz", gzip.compress(TABLE * 1000)[:40], "não pôde ser descomprimido"),
        ("t.csv.gz", gzip.compress(TABLE)[:-5] + b"\0\0\0\0\0", "não pôde ser descomprimido"),
        ("t.csv.gz", b"\x1f\x8b", "não pôde ser descomprimido"),
        ("t.csv.gz", gzip.compress(b""), "está vazio"),
        ("t.csv.gz", gzip.compress(gzip.compress(TABLE)), "não pôde ser lido"),
        ("t.zip", archive(a_csv=TABLE, b_csv=TABLE), "tem 2 arquivos dentro"),
        ("t.zip", archive(foto_png=b"\x89PNG\r\n"), "o conteúdo é PNG"),
        ("t.zip", archive(), "não pôde ser lido"),
    ],
)
def test_what_cannot_be_read_says_why(name: str, data: bytes, reason: str) -> None:
    assert reason in refused(data, name)


@pytest.mark.parametrize("pack", [gzip.compress, lambda data: archive(t_csv=data)])
def test_what_is_too_large_inside_is_refused(monkeypatch: pytest.MonkeyPatch, pack: object) -> None:
    monkeypatch.setattr(contents, "LARGEST_INFLATED", 1_000_000)
    bomb = pack(b"a,b\n" + b"1,2\n" * 1_000_000)  # type: ignore[operator]
    assert len(bomb) < 20_000
    assert "descomprimido" in refused(bomb, "t.csv.gz")


def test_what_a_mac_puts_into_a_zip_beside_the_file_is_no_second_one() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        made.writestr("salas.csv", TABLE)
        made.writestr("__MACOSX/._salas.csv", b"\x00\x05\x16\x07")
    source = files.open_table(file.getvalue(), "salas.zip")
    assert (source.name, source.columns) == ("salas.csv", ("lux", "sala"))


def test_compressed_columns_of_json_are_held_in_memory_up_to_a_limit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data = b'{"lux": [' + b"0," * 500 + b"0]}"
    monkeypatch.setattr(json_text, "LARGEST_WHOLE", 1000)
    assert files.open_table(data, "salas.json").columns == ("lux",)
    assert "descomprimido" in refused(gzip.compress(data), "salas.json.gz")
