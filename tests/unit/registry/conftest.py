"""A table of sensor readings and models fitted on it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from src import config


@pytest.fixture(scope="session")
def readings() -> pd.DataFrame:
    random = np.random.default_rng(7)
    return pd.DataFrame(
        {
            "lux": random.uniform(0, 1000, 80),
            "temperatura": random.normal(22, 4, 80),
            "vibracao": random.exponential(1, 80),
        }
    )


@pytest.fixture(scope="session")
def model(readings: pd.DataFrame) -> Pipeline:
    states = np.where(readings["lux"] > 500, "claro", "escuro")
    return make_pipeline(StandardScaler(), LogisticRegression()).fit(readings, states)


@pytest.fixture
def folder(settings: config.Settings) -> Path:
    return settings.models_dir
