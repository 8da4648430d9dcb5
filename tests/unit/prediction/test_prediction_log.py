"""The log of predictions, on SQLite and on PostgreSQL."""

from __future__ import annotations

import datetime as dt

import numpy as np
import orjson
import pandas as pd
import pytest

from src import prediction, registry
from src.errors import StorageError
from src.files import harmless, to_csv
from src.persistence import utc_now
from src.prediction import store
from tests import prediction_examples as examples

pytestmark = pytest.mark.core

ROW = {"lux": 15.0, "temperatura": 14.0, "vibracao": 0.5}


def test_a_prediction_is_logged_with_all_that_led_to_it(any_database: str) -> None:
    entry = examples.save_sensors()
    before = utc_now()
    scored = prediction.predict("sensores", [ROW], actor="ana")
    (logged,) = prediction.list_predictions()
    assert (logged.model, logged.model_version) == ("sensores", entry.sha256)
    assert logged.actor == "ana"
    assert before <= logged.created_at <= utc_now()
    assert logged.inputs == ROW
    assert logged.output["prediction"] == "normal"
    assert logged.output["probability_normal"] == pytest.approx(scored["probability_normal"][0])
    assert logged.batch_id is None and logged.batch_row is None


def test_an_alias_is_logged_under_the_name_of_its_model(any_database: str) -> None:
    examples.save_sensors()
    registry.set_alias("sensores", "champion", actor="ana")
    prediction.predict("champion", [ROW])
    assert prediction.list_predictions()[0].model == "sensores"


def test_nothing_is_logged_when_it_is_not_wanted(any_database: str) -> None:
    examples.save_sensors()
    prediction.predict("sensores", [ROW], log=False)
    assert prediction.count_predictions() == 0


def test_gaps_dates_and_odd_texts_survive_the_log(any_database: str) -> None:
    inputs = pd.DataFrame(
        {
            "renda": [np.nan],
            "quando": [pd.Timestamp("2022-05-03")],
            "nota": pd.Series(["a\x00b 🌡️ \ud800"], dtype=object),
            "idade": [np.int64(3)],
        }
    )
    outputs = pd.DataFrame({"prediction": [np.inf]})
    store.add("m", "0" * 64, inputs, outputs, actor="a\x00na")
    (logged,) = prediction.list_predictions()
    assert logged.inputs["renda"] is None
    assert logged.inputs["quando"] == "2022-05-03T00:00:00"
    assert logged.inputs["nota"] == "a\x00b 🌡️ \ud800"
    assert logged.inputs["idade"] == 3
    assert logged.output == {"prediction": "inf"}


def test_the_log_is_filtered_by_model_actor_and_period(any_database: str) -> None:
    examples.save_sensors("um")
    examples.save_sensors("dois")
    prediction.predict("um", [ROW], actor="ana")
    prediction.predict("dois", [ROW], actor="ana")
    prediction.predict("dois", [ROW], actor="bia")
    now = utc_now()
    assert prediction.count_predictions("dois") == 2
    assert prediction.count_predictions(actor="ana") == 2
    assert prediction.count_predictions("dois", actor="ana") == 1
    assert prediction.count_predictions(since=now) == 0
    assert prediction.count_predictions(until=now, since=now - dt.timedelta(minutes=5)) == 3
    assert prediction.logged_names() == (["dois", "um"], ["ana", "bia"])


def test_the_log_is_listed_newest_first_page_by_page(any_database: str) -> None:
    inputs = pd.DataFrame({"lux": range(10)})
    store.add("m", "0" * 64, inputs, pd.DataFrame({"prediction": range(10)}), actor="")
    page = prediction.list_predictions(limit=3, offset=3)
    assert [entry.inputs["lux"] for entry in page] == [6, 5, 4]


def test_a_chunk_is_logged_whole_or_not_at_all(any_database: str) -> None:
    inputs = pd.DataFrame({"lux": [1, 2]})
    outputs = pd.DataFrame({"prediction": [1]})
    with pytest.raises(ValueError, match="shorter"):
        store.add("m", "0" * 64, inputs, outputs, actor="")
    assert prediction.count_predictions() == 0


def test_without_its_log_no_prediction_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    examples.save_sensors()
    from src.persistence.engine import transaction

    with transaction() as connection:
        store.table.drop(connection)
    with pytest.raises(StorageError):
        prediction.predict("sensores", [ROW])


def test_the_log_is_exported_as_a_table(any_database: str) -> None:
    examples.save_sensors()
    prediction.predict("sensores", [ROW], actor="=HYPERLINK()")
    text = prediction.export_predictions("csv").decode("utf-8-sig")
    header, line = text.strip().splitlines()
    assert header.startswith("created_at;model;model_version;actor;batch_id;batch_row;prediction")
    assert "entrada_lux" in header
    assert ";'=HYPERLINK();" in line
    assert line.endswith(";15,0;14,0;0,5")


def test_the_log_is_exported_as_json_lines(any_database: str) -> None:
    examples.save_sensors("um")
    examples.save_sensors("dois")
    prediction.predict("um", [ROW])
    prediction.predict("dois", [ROW, ROW])
    lines = prediction.export_predictions("json", "dois").splitlines()
    assert [orjson.loads(line)["inputs"] for line in lines] == [ROW, ROW]


def test_the_export_goes_on_past_the_first_part(
    any_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "EXPORT_CHUNK_ROWS", 4)
    inputs = pd.DataFrame({"lux": range(10)})
    store.add("m", "0" * 64, inputs, pd.DataFrame({"prediction": range(10)}), actor="")
    assert len(prediction.export_predictions("json").splitlines()) == 10


def test_an_empty_log_is_an_empty_file() -> None:
    assert prediction.list_predictions() == []
    assert prediction.export_predictions("json") == b""
    assert prediction.export_predictions("csv").decode("utf-8-sig").startswith("created_at;")


@pytest.mark.parametrize("cell", ["=1+1", "+cmd", "-2+3", "@SUM(A1)", "\t=1", "\r=1", " =1"])
def test_a_cell_that_would_run_as_a_formula_is_made_text(cell: str) -> None:
    assert harmless(cell) == "'" + cell


@pytest.mark.parametrize("cell", ["-1,5", "+3", "-0.2", "texto", "a=b", 5, None])
def test_other_cells_are_left_as_they_are(cell: object) -> None:
    assert harmless(cell) == cell


def test_a_formula_in_a_column_name_is_made_text_too() -> None:
    assert to_csv(pd.DataFrame({"=x": [1.5]}), "pt_BR").decode("utf-8-sig") == "'=x\n1,5\n"
    assert to_csv(pd.DataFrame({"x": [1.5]}), "en").decode("utf-8-sig") == "x\n1.5\n"
