"""Tables to try things on."""

from __future__ import annotations

import pandas as pd
import pytest
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import cross_val_score

from src import datasets
from src.datasets import sensors
from src.errors import DatasetNotFound


@pytest.mark.parametrize("sample", datasets.samples(), ids=lambda sample: sample.id)
def test_every_sample_is_added_as_described(sample: datasets.Sample) -> None:
    name = datasets.add_sample(sample.id, actor="Ana")
    frame = datasets.load(name)
    assert name == sample.id
    assert frame.shape == (sample.rows, sample.columns)
    assert sample.target in frame
    assert not frame.isna().any().any()
    assert datasets.get(name).actor == "Ana"
    assert datasets.profile(name, sample.target).rows == sample.rows


def test_the_samples_that_users_know_are_there() -> None:
    offered = {sample.id for sample in datasets.samples()}
    assert offered == {"breast_cancer", "diabetes", "iris", "wine", "digits", "leituras_sensores"}


def test_a_sample_added_twice_gets_a_free_name() -> None:
    assert datasets.add_sample("iris", actor="") == "iris"
    assert datasets.add_sample("iris", actor="") == "iris_2"


def test_an_unknown_sample() -> None:
    with pytest.raises(DatasetNotFound, match="não existe"):
        datasets.add_sample("titanic", actor="")


def test_sensor_readings_are_always_the_same() -> None:
    pd.testing.assert_frame_equal(sensors.readings(), sensors.readings())
    assert not sensors.readings(seed=1).equals(sensors.readings())


def test_sensor_readings_can_be_told_apart_but_not_perfectly() -> None:
    frame = sensors.readings()
    model = RandomForestClassifier(100, random_state=0)
    accuracy = cross_val_score(model, frame.drop(columns="estado"), frame["estado"], cv=5).mean()
    assert 0.93 < accuracy < 0.98


def test_the_three_scenes_of_the_demonstration_are_recognised() -> None:
    frame = sensors.readings()
    model = RandomForestClassifier(100, random_state=0)
    model.fit(frame.drop(columns="estado").to_numpy(), frame["estado"])
    scenes = [[15.0, 14.0, 0.5], [450.0, 22.0, 0.6], [200.0, 30.0, 4.5]]
    assert model.predict(scenes).tolist() == ["escuro_frio", "escritorio", "sala_de_maquinas"]


def test_the_sensors_drift() -> None:
    frame = sensors.readings(30_000)
    office = frame[frame["estado"] == "escritorio"]
    early, late = office.iloc[:2000], office.iloc[-2000:]
    assert late["temperatura"].mean() - early["temperatura"].mean() > 0.8
    assert late["lux"].median() < 0.93 * early["lux"].median()
    assert late["vibracao"].median() > 1.1 * early["vibracao"].median()
