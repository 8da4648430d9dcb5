"""Predicting with registered models: what comes back, and what is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LinearRegression, RidgeClassifier

from src import prediction, registry
from src.errors import ModelNotFound, PredictionError
from tests import prediction_examples as examples

pytestmark = pytest.mark.core

COLD_AND_DARK = {"lux": 15.0, "temperatura": 14.0, "vibracao": 0.5}
MACHINE_ROOM = {"lux": 400.0, "temperatura": 35.0, "vibracao": 6.0}


def test_a_class_comes_with_a_probability_for_each() -> None:
    examples.save_sensors()
    found = prediction.predict("sensores", [COLD_AND_DARK, MACHINE_ROOM])
    assert list(found.columns) == ["prediction", "probability_falha", "probability_normal"]
    assert found["prediction"].tolist() == ["normal", "falha"]
    assert np.allclose(found.filter(like="probability_").sum(axis=1), 1)


def test_the_index_of_the_rows_is_kept() -> None:
    examples.save_sensors()
    rows = pd.DataFrame([COLD_AND_DARK, MACHINE_ROOM], index=["b", "a"])
    assert prediction.predict("sensores", rows).index.tolist() == ["b", "a"]


def test_the_prediction_is_what_the_model_itself_says() -> None:
    examples.save_mixed()
    table = examples.mixed()
    found = prediction.predict("clientes", table)
    model = registry.load_model("clientes")
    assert found["prediction"].tolist() == model.predict(table).tolist()
    assert np.allclose(found["probability_1"], model.predict_proba(table)[:, 1])


def test_values_written_as_text_give_the_same_prediction() -> None:
    examples.save_mixed()
    table = examples.mixed(20)
    written = pd.DataFrame(
        {
            "renda": table["renda"].map(lambda value: f"{value:.2f}".replace(".", ",")),
            "idade": table["idade"].astype(str),
            "cidade": table["cidade"],
            "cliente": table["cliente"].map({True: "sim", False: "não"}),
            "desde": table["desde"].dt.strftime("%d/%m/%Y"),
        }
    )
    expected = prediction.predict("clientes", table)
    pd.testing.assert_frame_equal(prediction.predict("clientes", written), expected)


def test_a_regression_gives_a_number() -> None:
    examples.save_regression()
    found = prediction.predict("consumo", [{"lux": 100, "temperatura": 30}])
    assert list(found.columns) == ["prediction"]
    assert found["prediction"].tolist() == pytest.approx([91.0])


def test_a_classifier_without_probabilities_gives_the_class() -> None:
    table = examples.sensors()
    model = RidgeClassifier().fit(table, examples.state(table))
    registry.save_model(model, "ridge", training_data=table)
    found = prediction.predict("ridge", [MACHINE_ROOM])
    assert list(found.columns) == ["prediction"]
    assert found["prediction"].tolist() == ["falha"]


def test_an_older_model_without_schema_takes_bare_rows() -> None:
    table = examples.sensors()
    model = RandomForestClassifier(5, random_state=0).fit(table.to_numpy(), examples.state(table))
    registry.save_model(model, "antigo")
    found = prediction.predict("antigo", [[15.0, 14.0, 0.5]])
    assert found["prediction"].tolist() == ["normal"]


def test_an_older_model_that_knows_its_columns_takes_named_rows() -> None:
    table = examples.sensors()
    model = RandomForestClassifier(5, random_state=0).fit(table, examples.state(table))
    registry.save_model(model, "antigo")
    found = prediction.predict("antigo", [{**COLD_AND_DARK, "lux": "15,0"}])
    assert found["prediction"].tolist() == ["normal"]


def test_rows_of_another_width_are_refused() -> None:
    examples.save_sensors()
    with pytest.raises(PredictionError, match="espera 3 valores por linha e recebeu 2"):
        prediction.predict("sensores", [[15.0, 14.0]])


def test_a_missing_column_is_named_and_nothing_is_logged() -> None:
    examples.save_sensors()
    with pytest.raises(PredictionError, match="vibracao"):
        prediction.predict("sensores", [{"lux": 1.0, "temperatura": 20.0}])
    assert prediction.count_predictions() == 0


def test_one_bad_row_stops_all_and_is_pointed_at() -> None:
    examples.save_sensors()
    with pytest.raises(PredictionError, match=r"1 de 2 linhas.*Linha 2: lux: «escuro»"):
        prediction.predict("sensores", [COLD_AND_DARK, {**COLD_AND_DARK, "lux": "escuro"}])
    assert prediction.count_predictions() == 0


@pytest.mark.parametrize("rows", [[], pd.DataFrame(), pd.DataFrame({"lux": []})])
def test_no_rows_are_refused(rows: object) -> None:
    examples.save_sensors()
    with pytest.raises(PredictionError, match="nenhuma linha"):
        prediction.predict("sensores", rows)  # type: ignore[arg-type]


def test_an_infinite_value_is_refused() -> None:
    examples.save_sensors()
    with pytest.raises(PredictionError, match="infinito"):
        prediction.predict("sensores", [{**COLD_AND_DARK, "lux": np.inf}])


def test_a_value_too_large_for_the_model_is_refused_with_its_reason() -> None:
    table = examples.sensors()
    model = RandomForestClassifier(5, random_state=0).fit(table, examples.state(table))
    registry.save_model(model, "floresta", training_data=table)
    with pytest.raises(PredictionError, match="O modelo não aceitou os valores"):
        prediction.predict("floresta", [{**COLD_AND_DARK, "lux": 1e300}])


def test_a_prediction_that_is_no_number_is_refused() -> None:
    table = examples.sensors()
    model = LinearRegression().fit(table, table["lux"])
    model.coef_ = np.array([np.nan, 0.0, 0.0])
    registry.save_model(model, "quebrado", {"task": "regression"}, training_data=table)
    with pytest.raises(PredictionError, match="não é um número finito"):
        prediction.predict("quebrado", [COLD_AND_DARK])


def test_something_that_is_no_model_is_refused() -> None:
    registry.save_model({"lux": 1}, "dicionario")
    with pytest.raises(PredictionError, match="não contém um modelo"):
        prediction.predict("dicionario", [[1.0]])


def test_a_model_that_is_not_there_is_said_to_be_missing() -> None:
    with pytest.raises(ModelNotFound):
        prediction.predict("nenhum", [COLD_AND_DARK])


def test_a_model_saved_anew_under_its_name_is_used_at_once() -> None:
    examples.save_regression()
    before = prediction.predict("consumo", [{"lux": 0, "temperatura": 10}])["prediction"][0]
    table = examples.sensors().drop(columns="vibracao")
    model = LinearRegression().fit(table, 2 * table["temperatura"])
    registry.save_model(model, "consumo", overwrite=True, training_data=table)
    after = prediction.predict("consumo", [{"lux": 0, "temperatura": 10}])["prediction"][0]
    assert (before, after) == (pytest.approx(30), pytest.approx(20))


def test_a_column_of_five_thousand_categories_is_scored() -> None:
    rng = np.random.default_rng(3)
    table = pd.DataFrame({"codigo": [f"c{n}" for n in range(5_000)], "lux": rng.random(5_000)})
    target = (table["lux"] > 0.5).astype(int)
    from sklearn.compose import make_column_transformer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder

    prepare = make_column_transformer(
        (OneHotEncoder(handle_unknown="ignore"), ["codigo"]), remainder="passthrough"
    )
    model = make_pipeline(prepare, RandomForestClassifier(3, max_depth=4, random_state=0))
    registry.save_model(model.fit(table, target), "codigos", training_data=table)
    found = prediction.predict("codigos", [{"codigo": "c4321", "lux": 0.9}])
    assert len(found) == 1


def test_one_case_comes_with_its_probabilities_warnings_and_reasons() -> None:
    examples.save_sensors()
    loaded = prediction.load("sensores")
    case = {**COLD_AND_DARK, "lux": "5000"}  # training ended at 800
    answer = prediction.predict_case(loaded, case, actor="ana")
    scored = prediction.predict("sensores", [case], log=False)
    assert answer.predicted == scored["prediction"][0]
    assert answer.probabilities == {
        label: scored[column][0] for column, label in prediction.class_columns(scored).items()
    }
    assert "lux" in str(answer.warnings[0])
    assert [logged.actor for logged in prediction.list_predictions()] == ["ana"]
    pd.testing.assert_frame_equal(
        prediction.explain_case(loaded, answer.case), prediction.explain("sensores", case)
    )
