"""Raw values against a schema: what is understood, what is warned of, what is refused."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from src.errors import PredictionError
from src.files import read_number
from src.prediction.rows import check_table, match_columns
from src.prediction.values import to_booleans, to_moments
from src.registry import Field

pytestmark = pytest.mark.core

LUX = Field(name="lux", kind="number", minimum=0.0, maximum=800.0, nullable=False)
AGE = Field(name="idade", kind="integer", minimum=18, maximum=79, nullable=False)
CITY = Field(name="cidade", kind="category", categories=("Belém", "Recife"), nullable=True)
CLIENT = Field(name="cliente", kind="boolean", nullable=False)
SINCE = Field(
    name="desde", kind="datetime", minimum="2020-01-01", maximum="2024-12-05", nullable=False
)
NOTE = Field(name="nota", kind="text", nullable=True)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("15,5", 15.5),
        ("15.5", 15.5),
        ("1.234,56", 1234.56),
        ("1,234.56", 1234.56),
        ("1.234.567", 1234567.0),
        ("1,234,567", 1234567.0),
        (" -3 ", -3.0),
        ("−3,5", -3.5),
        ("1 234,5", 1234.5),
        ("1e3", 1000.0),
    ],
)
def test_a_number_is_read_as_brazilians_and_english_speakers_write_it(
    text: str, number: float
) -> None:
    assert read_number(text) == number


@pytest.mark.parametrize("text", ["abc", "12 kg", "1_000", "", "--1", "1,2,3.4.5"])
def test_what_is_no_number_is_not_read_as_one(text: str) -> None:
    assert np.isnan(read_number(text))


def test_truths_are_read_in_both_languages() -> None:
    given = pd.Series(["sim", "Não", "TRUE", "f", 1, 0, True, np.bool_(False), "talvez", None])
    expected = [True, False, True, False, True, False, True, False, None, None]
    assert to_booleans(given).tolist() == expected


def test_dates_are_read_in_iso_and_in_brazilian_order() -> None:
    given = pd.Series(
        ["2026-11-03", "03/11/2026 14:03", "2026-11-03T12:00:00-03:00", dt.date(2026, 11, 3), "x"],
        dtype=object,
    )
    read = to_moments(given)
    assert read[0] == pd.Timestamp("2026-11-03")
    assert read[1] == pd.Timestamp("2026-11-03 14:03")
    assert read[2] == pd.Timestamp("2026-11-03 15:00")
    assert read[3] == pd.Timestamp("2026-11-03")
    assert pd.isna(read[4])


def test_each_value_takes_the_kind_of_its_field() -> None:
    row = {
        "lux": "15,5",
        "idade": "40",
        "cidade": "Recife ",
        "cliente": "sim",
        "desde": "21/11/2022",
        "nota": "NA",
    }
    frame = check_table((LUX, AGE, CITY, CLIENT, SINCE, NOTE), pd.DataFrame([row])).frame
    assert frame["lux"].tolist() == [15.5]
    assert frame["idade"].dtype == np.dtype("int64")
    assert frame["cidade"].tolist() == ["Recife"]
    assert frame["cliente"].dtype == bool
    assert frame["desde"].tolist() == [pd.Timestamp("2022-11-21")]
    assert frame["nota"].tolist() == ["NA"]


def test_decimals_and_numpy_scalars_are_numbers() -> None:
    table = pd.DataFrame({"lux": [Decimal("1.5"), np.float32(2.5), True]}, dtype=object)
    assert check_table((LUX,), table).frame["lux"].tolist() == [1.5, 2.5, 1.0]


def test_columns_come_in_the_order_of_the_schema_and_extra_ones_are_left_aside() -> None:
    table = pd.DataFrame({"hora": [1], "idade": [30], "lux": [3.0]})
    assert list(check_table((LUX, AGE), table).frame.columns) == ["lux", "idade"]


def test_columns_match_by_name_then_leaving_aside_case_and_spaces() -> None:
    match = match_columns((LUX, AGE), ["Lux ", "hora"])
    assert match.found == {"lux": "Lux "}
    assert match.missing == ("idade",)
    assert match.extra == ("hora",)


def test_two_columns_that_could_be_meant_are_not_guessed_between() -> None:
    assert match_columns((LUX,), ["Lux", "LUX"]).missing == ("lux",)


def test_a_missing_column_is_named() -> None:
    with pytest.raises(PredictionError, match="idade"):
        check_table((LUX, AGE), pd.DataFrame({"lux": [1.0]}))


def test_two_columns_of_one_name_are_refused() -> None:
    table = pd.DataFrame([[1.0, 2.0]], columns=["lux", "lux"])
    with pytest.raises(PredictionError, match="mesmo nome: lux"):
        check_table((LUX,), table)


def test_a_table_without_rows_is_refused() -> None:
    with pytest.raises(PredictionError, match="nenhuma linha"):
        check_table((LUX,), pd.DataFrame({"lux": []}))


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        (LUX, "escuro", "não é um número"),
        (LUX, float("inf"), "infinito"),
        (LUX, "-inf", "infinito"),
        (LUX, None, "falta o valor"),
        (LUX, "n/a", "falta o valor"),
        (LUX, [1, 2], "não é um número"),
        (CLIENT, "talvez", "não é sim nem não"),
        (CLIENT, "", "falta o valor"),
        (SINCE, "ontem", "não é uma data"),
        (SINCE, 20220101, "não é uma data"),
        (SINCE, "31/02/2022", "não é uma data"),
        (SINCE, None, "falta o valor"),
    ],
)
def test_a_row_that_cannot_be_scored_says_why(field: Field, value: object, reason: str) -> None:
    good = {LUX: 1.0, CLIENT: True, SINCE: "2022-01-01"}[field]
    table = pd.DataFrame({field.name: pd.Series([good, value], dtype=object)})
    checked = check_table((field,), table)
    assert list(checked.frame.index) == [0]
    assert [field.name in str(found) for found in checked.rejected[1]] == [True]
    assert reason in str(checked.rejected[1][0])


@pytest.mark.parametrize(
    ("field", "value", "warning"),
    [
        (LUX, 900, "acima do maior valor visto no treino (800)"),
        (LUX, -1, "abaixo do menor valor visto no treino (0"),
        (AGE, 30.5, "casas decimais"),
        (CITY, "Natal", "não apareceu no treino"),
        (SINCE, "2026-01-01", "acima"),
    ],
)
def test_what_the_model_never_saw_is_scored_with_a_warning(
    field: Field, value: object, warning: str
) -> None:
    checked = check_table((field,), pd.DataFrame({field.name: [value]}))
    assert len(checked.frame) == 1
    assert warning in str(checked.warnings[0][0])


def test_an_ordinary_row_raises_no_warning() -> None:
    checked = check_table((LUX, CITY), pd.DataFrame([{"lux": 15.0, "cidade": "Belém"}]))
    assert checked.rejected == {} and checked.warnings == {}


def test_a_missing_value_passes_where_training_had_gaps() -> None:
    checked = check_table((CITY,), pd.DataFrame({"cidade": [None, "", "Recife"]}))
    assert checked.rejected == {} and checked.warnings == {}
    assert checked.frame["cidade"].isna().tolist() == [True, True, False]


def test_one_row_collects_all_its_reasons() -> None:
    checked = check_table((LUX, CLIENT), pd.DataFrame([{"lux": "x", "cliente": "z"}]))
    assert len(checked.rejected[0]) == 2


def test_a_million_characters_are_cut_in_the_message() -> None:
    checked = check_table((LUX,), pd.DataFrame([{"lux": "x" * 1_000_000}]))
    (message,) = checked.rejected[0]
    assert len(str(message)) < 200


def test_categories_that_were_numbers_in_training_are_numbers_again() -> None:
    field = Field(name="loja", kind="category", categories=("1", "2"), nullable=False)
    checked = check_table((field,), pd.DataFrame({"loja": ["1", "2"]}), sample={"loja": 1})
    assert checked.frame["loja"].tolist() == [1.0, 2.0]
    assert checked.warnings == {}


@pytest.mark.parametrize(("missing", "end"), [(10, ""), (11, " (+1)"), (12, " (+2)")])
def test_missing_columns_are_named_up_to_ten(missing: int, end: str) -> None:
    schema = [Field(name=f"x{number}", kind="number") for number in range(missing)]
    with pytest.raises(PredictionError) as raised:
        check_table(schema, pd.DataFrame([{"lux": 1.0}]))
    named = ", ".join(f"x{number}" for number in range(10))
    assert raised.value.message.params["columns"] == named + end


def test_a_number_beyond_its_range_is_told_as_it_was_given() -> None:
    for given, told in ((10.0**15 - 1, "999999999999999"), (10.0**15, "1000000000000000.0")):
        checked = check_table([LUX], pd.DataFrame([{"lux": given}]))
        assert [message.params["value"] for message in checked.warnings[0]] == [
            int(told) if told.isdigit() else float(told)
        ]
        assert str(checked.warnings[0][0].params["value"]) == told
