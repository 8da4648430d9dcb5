"""What a column is, from all its cells."""

from __future__ import annotations

import pytest

from src.files import Reading
from src.files.inference import Evidence, decide


def read(
    *columns: list[object], delimiter: str | None = ","
) -> tuple[list[Reading], list[str], list[list[object]]]:
    evidence = []
    for cells in columns:
        seen = Evidence()
        for at in range(0, len(cells), 2):  # in chunks, as a file comes
            part = cells[at : at + 2]
            seen.update(part, list(range(at + 2, at + 2 + len(part))))
        evidence.append(seen)
    names = [chr(ord("a") + position) for position in range(len(columns))]
    readings, notes = decide(names, evidence, delimiter=delimiter)
    values = [reading.convert(cells) for reading, cells in zip(readings, columns, strict=True)]
    return readings, [str(note) for note in notes], values


@pytest.mark.parametrize(
    ("cells", "kind", "values"),
    [
        (["1", "2", ""], "integer", [1, 2, None]),
        (["1", "2.5", "NA"], "number", [1.0, 2.5, None]),
        (["1.234,56", "7", "0,5"], "number", [1234.56, 7.0, 0.5]),
        (["1.234.567", "1.000", "12"], "integer", [1234567, 1000, 12]),
        (["R$ 1.045,90", "R$ 3,00"], "number", [1045.9, 3.0]),
        (["sim", "não", "SIM", ""], "boolean", [True, False, True, None]),
        (["TRUE", "FALSE"], "boolean", [True, False]),
        (["verdadeiro", "falso"], "boolean", [True, False]),
        (["yes", "no", "yes", "no"], "category", ["yes", "no", "yes", "no"]),
        (["007", "012", "007"], "category", ["007", "012", "007"]),
        (["3", "?", "4"], "integer", [3, None, 4]),
        (["inf", "1", "-inf"], "number", [float("inf"), 1.0, float("-inf")]),
        (["", "", ""], "text", [None, None, None]),
        (["99999999999999999999", "1"], "text", ["99999999999999999999", "1"]),
        (["9007199254740993", "", "1"], "text", ["9007199254740993", None, "1"]),
        (["9007199254740993", "1"], "integer", [9007199254740993, 1]),
        ([1, 2.5, None], "number", [1.0, 2.5, None]),
        ([True, None], "boolean", [True, None]),
    ],
)
def test_kinds_and_values(cells: list[object], kind: str, values: list[object]) -> None:
    readings, _notes, found = read(cells)
    assert readings[0].kind == kind
    assert found[0] == values


def test_one_cell_at_the_very_end_decides() -> None:
    readings, notes, values = read([*map(str, range(99)), "noventa e nove"])
    assert readings[0].kind == "text"
    assert "1 de 100 valores não são números" in notes[0]
    assert "«noventa e nove», linha 101" in notes[0]
    assert values[0][0] == "0"


def test_a_decimal_comma_elsewhere_makes_a_dot_a_thousand() -> None:
    readings, notes, values = read(["1.234", "2.500"], ["0,5", "1,5"], delimiter=";")
    assert readings[0].kind == "integer"
    assert values[0] == [1234, 2500]
    assert not notes


def test_a_decimal_point_elsewhere_makes_a_dot_a_decimal() -> None:
    _readings, notes, values = read(["1.234", "2.500"], ["0.5", "1.55"], delimiter=";")
    assert values[0] == [1.234, 2.5]
    assert not notes


def test_what_cannot_be_known_is_said() -> None:
    _readings, notes, values = read(["1.234", "2.500"], delimiter=";")
    assert values[0] == [1.234, 2.5]
    assert "tanto podem ter decimais como milhares" in notes[0]
    assert "decimais" in notes[0]


def test_dotted_groups_among_plain_decimals_are_damage() -> None:
    readings, notes, values = read(["2.794.166.667", "64.6", "0"], ["0.2", "0.1", "0"])
    assert readings[0].damaged
    assert readings[0].kind == "text"
    assert values[0] == ["2.794.166.667", "64.6", "0"]
    assert not readings[1].damaged
    assert "estragados antes da importação em a (1 valores" in notes[0]
    assert "«2.794.166.667» já foi um número com decimais" in notes[0]


def test_dotted_groups_in_a_file_of_decimal_points_are_damage_too() -> None:
    readings, _notes, _values = read(["2.794.166.667", "64"], ["0.25", "0.1"])
    assert readings[0].damaged


def test_the_mirror_image_is_damage_too() -> None:
    readings, _notes, _values = read(["2,794,166,667", "64,6"], delimiter=";")
    assert readings[0].damaged


def test_both_decimal_marks_in_one_column_stay_text_and_are_reported() -> None:
    readings, notes, _values = read(["1,5", "2.75", "3"])
    assert readings[0].kind == "text"
    assert not readings[0].damaged
    assert "mistura vírgula e ponto" in notes[0]


def test_days_come_first_unless_they_cannot() -> None:
    readings, notes, values = read(["03/04/2026", "05/06/2026"])
    assert readings[0].kind == "datetime"
    assert values[0][0].day == 3  # type: ignore[attr-defined]
    assert "dia/mês/ano" in notes[0]
    _readings, notes, values = read(["03/14/2026", "05/06/2026"])
    assert values[0][0].day == 14  # type: ignore[attr-defined]
    assert not notes


def test_a_day_that_does_not_exist_keeps_the_column_text() -> None:
    readings, notes, _values = read([f"{day:02}/01/2026" for day in range(1, 31)] + ["31/02/2026"])
    assert readings[0].kind == "text"
    assert "1 de 31 valores não são datas" in notes[0]


def test_text_that_repeats_is_a_category_and_other_text_is_not() -> None:
    readings, _notes, _values = read(["ana", "rui", "eva", "leo"], ["a", "b", "a", "b"])
    assert [reading.kind for reading in readings] == ["text", "category"]


def test_five_thousand_categories_are_text() -> None:
    readings, _notes, _values = read([f"c{number % 5000}" for number in range(20_000)])
    assert readings[0].kind == "text"


@pytest.mark.parametrize(
    ("chunks", "consecutive"),
    [
        ([["1", "2", "3"], ["4", "5"], ["6"]], True),
        ([["1", "2", "3"], ["5", "6"]], False),
        ([["1", "2", "3"], ["3", "4"]], False),
        ([["1", "2"], ["3", ""]], False),
    ],
)
def test_row_numbers_are_followed_from_chunk_to_chunk(
    chunks: list[list[object]], consecutive: bool
) -> None:
    seen = Evidence(consecutive=True)
    for cells in chunks:
        seen.update(cells, list(range(len(cells))))
    assert seen.consecutive == consecutive
