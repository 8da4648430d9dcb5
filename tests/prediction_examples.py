"""Tables and models that the tests of prediction share; small, generated, seeded."""

from __future__ import annotations

import numpy as np
import pandas as pd
from sklearn.compose import make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from src import registry


def sensors(rows: int = 200) -> pd.DataFrame:
    rng = np.random.default_rng(7)
    return pd.DataFrame(
        {
            "lux": rng.uniform(0, 800, rows).round(1),
            "temperatura": rng.normal(22, 5, rows).round(1),
            "vibracao": rng.gamma(2, 1, rows).round(2),
        }
    )


def state(table: pd.DataFrame) -> pd.Series:
    risk = table["vibracao"] * 0.8 + (table["temperatura"] - 22) * 0.1
    return pd.Series(np.where(risk > 1.6, "falha", "normal"), index=table.index)


def mixed(rows: int = 300) -> pd.DataFrame:
    """Numbers with gaps, whole numbers, categories with gaps, truths and dates."""
    rng = np.random.default_rng(11)
    income = pd.Series(rng.gamma(3, 1500, rows).round(2))
    income[rng.random(rows) < 0.1] = np.nan
    cities = rng.choice(["São Paulo", "Recife", "Belém"], rows).tolist()
    gaps = rng.random(rows) < 0.05
    city = pd.Series([None if gap else name for name, gap in zip(cities, gaps, strict=True)])
    return pd.DataFrame(
        {
            "renda": income,
            "idade": rng.integers(18, 80, rows),
            "cidade": city,
            "cliente": rng.random(rows) < 0.4,
            "desde": pd.Timestamp("2020-01-01")
            + pd.to_timedelta(rng.integers(0, 1800, rows), unit="D"),
        }
    )


def bought(table: pd.DataFrame) -> pd.Series:
    points = table["cliente"] * 1.5 + (table["cidade"] == "Recife") * 1.0 + table["idade"] / 60
    return (points > 1.7).astype(int)


def save_sensors(name: str = "sensores") -> registry.ModelEntry:
    table = sensors()
    model = make_pipeline(StandardScaler(), LogisticRegression()).fit(table, state(table))
    return registry.save_model(
        model, name, {"task": "binary"}, training_data=table, target="estado", actor="ana"
    )


def save_mixed(name: str = "clientes") -> registry.ModelEntry:
    table = mixed()
    prepare = make_column_transformer(
        (make_pipeline(SimpleImputer(), StandardScaler()), ["renda", "idade"]),
        (OneHotEncoder(handle_unknown="ignore"), ["cidade", "cliente"]),
        ("drop", ["desde"]),
    )
    model = make_pipeline(prepare, LogisticRegression()).fit(table, bought(table))
    return registry.save_model(
        model, name, {"task": "binary"}, training_data=table, target="comprou", actor="ana"
    )


def save_regression(name: str = "consumo") -> registry.ModelEntry:
    table = sensors().drop(columns="vibracao")
    target = 3 * table["temperatura"] + 0.01 * table["lux"]
    model = LinearRegression().fit(table, target)
    return registry.save_model(
        model, name, {"task": "regression"}, training_data=table, target="kWh", actor="ana"
    )


class Constant:
    """A model of somebody's own: it predicts, and tells nothing about itself."""

    def predict(self, rows: object) -> np.ndarray:
        return np.zeros(len(rows))  # type: ignore[arg-type]
