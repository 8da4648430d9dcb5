"""Batches: what can be scored is, the rest comes back with its reason, nothing is lost."""

from __future__ import annotations

import numpy as np
import pandas as pd
from tests import prediction_examples as examples
import pytest
from sklearn.ensemble import RandomForestClassifier

from src import prediction, registry
from src.errors import PredictionError, StorageError
from src.prediction import batch, store

pytestmark = pytest.mark.core


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "CHUNK_ROWS", 7)


def test_rows_are_scored_beside_the_rejected(small_chunks: None) -> None:
    examples.save_sensors()
    table = examples.sensors(20).astype(object)
    table.loc[3, "lux"] = "escuro"
    table.loc[15, "vibracao"] = np.inf
    result = prediction.predict_batch("sensores", table)
    assert result.scored.index.tolist() == [row for row in range(20) if row not in (3, 15)]
    assert result.rejected.index.tolist() == [3, 15]
    assert result.rejected.loc[3, "lux"] == "escuro"
    assert "não é um número" in str(result.reasons[0][0])
    assert "infinito" in str(result.reasons[1][0])


def test_the_batch_says_what_single_predictions_say(small_chunks: None) -> None:
    examples.save_mixed()
    table = examples.mixed(25)
    single = prediction.predict("clientes", table, log=False)
    scored = prediction.predict_batch("clientes", table).scored
    pd.testing.assert_frame_equal(scored[single.columns], single)
    assert list(scored.columns[: table.shape[1]]) == list(table.columns)


def test_warnings_stand_beside_their_row(small_chunks: None) -> None:
    examples.save_sensors()
    table = examples.sensors(10)
    table.loc[9, "lux"] = 5_000.0
    result = prediction.predict_batch("sensores", table)
    assert [len(found) for found in result.warnings] == [0] * 9 + [1]


def test_progress_is_told_after_each_part(small_chunks: None) -> None:
    examples.save_sensors()
    told: list[tuple[int, int]] = []
    prediction.predict_batch(
        "sensores", examples.sensors(20), on_progress=lambda done, rows: told.append((done, rows))
    )
    assert told == [(7, 20), (14, 20), (20, 20)]


def test_rows_the_model_itself_refuses_are_found_one_by_one() -> None:
    table = examples.sensors()
    model = RandomForestClassifier(5, random_state=0).fit(table, examples.state(table))
    registry.save_model(model, "floresta", training_data=table)
    rows = examples.sensors(40)
    rows.loc[[5, 21], "lux"] = 1e300  # finite, but beyond the forest's 32 bits
    result = prediction.predict_batch("floresta", rows)
    assert result.rejected.index.tolist() == [5, 21]
    assert "não aceitou" in str(result.reasons[0][0])
    assert len(result.scored) == 38


def test_a_model_that_refuses_everything_gives_up_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "MAX_REFUSALS", 5)
    table = examples.sensors()
    model = RandomForestClassifier(5, random_state=0).fit(table, examples.state(table))
    registry.save_model(model, "floresta", training_data=table)
    rows = examples.sensors(200)
    rows["lux"] = 1e300
    result = prediction.predict_batch("floresta", rows)
    assert len(result.rejected) == 200
    assert result.scored.empty


def test_a_missing_column_stops_the_batch() -> None:
    examples.save_sensors()
    with pytest.raises(PredictionError, match="temperatura"):
        prediction.predict_batch("sensores", examples.sensors().drop(columns="temperatura"))


def test_an_empty_batch_is_refused() -> None:
    examples.save_sensors()
    with pytest.raises(PredictionError, match="nenhuma linha"):
        prediction.predict_batch("sensores", examples.sensors(5).iloc[:0])


def test_further_columns_and_taken_names_are_kept() -> None:
    examples.save_sensors()
    table = examples.sensors(3).assign(hora=["a", "b", "c"], prediction=["x", "y", "z"])
    scored = prediction.predict_batch("sensores", table).scored
    assert scored["hora"].tolist() == ["a", "b", "c"]
    assert scored["prediction (entrada)"].tolist() == ["x", "y", "z"]
    assert set(scored["prediction"]) <= {"normal", "falha"}


def test_a_repeated_index_does_not_mix_rows() -> None:
    examples.save_sensors()
    table = examples.sensors(6).set_axis([1, 1, 1, 2, 2, 2], axis="index")
    scored = prediction.predict_batch("sensores", table).scored
    assert scored.index.tolist() == [1, 1, 1, 2, 2, 2]
    assert scored["lux"].tolist() == table["lux"].tolist()


def test_the_rows_of_a_batch_are_logged_together(small_chunks: None) -> None:
    examples.save_sensors()
    table = examples.sensors(20).astype(object)
    table.loc[3, "lux"] = "escuro"
    result = prediction.predict_batch("sensores", table, actor="ana")
    logged = prediction.list_predictions(batch_id=result.batch_id, limit=100)
    assert sorted(entry.batch_row or 0 for entry in logged) == result.scored.index.tolist()
    assert {entry.actor for entry in logged} == {"ana"}


def test_rows_that_could_not_be_logged_come_back_with_the_reason(
    small_chunks: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    examples.save_sensors()
    add = store.add

    def full_after_first(*args, first_row=0, **kwargs):  # type: ignore[no-untyped-def]
        if first_row:
            raise StorageError("O disco está cheio.")
        add(*args, first_row=first_row, **kwargs)

    monkeypatch.setattr(store, "add", full_after_first)
    result = prediction.predict_batch("sensores", examples.sensors(20))
    assert len(result.scored) == 7
    assert len(result.rejected) == 13
    assert str(result.reasons[0][0]) == "O disco está cheio."


def test_which_columns_match_is_known_before_anything_is_scored() -> None:
    examples.save_sensors()
    table = examples.sensors(2).rename(columns={"lux": " LUX"}).assign(hora=1)
    match = prediction.match_batch("sensores", table.drop(columns="vibracao"))
    assert match.found == {"lux": " LUX", "temperatura": "temperatura"}
    assert (match.missing, match.extra) == (("vibracao",), ("hora",))
