"""A table in figures, and what to look out for."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from src import datasets
from src.datasets import leaks
from src.errors import DatasetError


def imported(tmp_path: Path, frame: pd.DataFrame) -> str:
    path = tmp_path / "t.csv"
    frame.to_csv(path, index=False)
    return datasets.import_file(path)


def said(messages: tuple[object, ...]) -> str:
    return "\n".join(map(str, messages))


def test_figures_are_those_of_pandas(tmp_path: Path) -> None:
    random = np.random.default_rng(1)
    frame = pd.DataFrame(
        {
            "x": np.where(random.random(500) < 0.1, np.nan, random.normal(5, 2, 500)),
            "n": random.integers(0, 40, 500),
            "t": random.choice(["a", "b", "c"], 500, p=[0.7, 0.2, 0.1]),
        }
    )
    name = imported(tmp_path, frame)
    profile = datasets.profile(name)
    for column in ("x", "n"):
        facts = profile.column(column)
        assert facts.missing == frame[column].isna().sum()
        assert facts.distinct == frame[column].nunique()
        assert facts.minimum == pytest.approx(frame[column].min())
        assert facts.maximum == pytest.approx(frame[column].max())
        assert facts.mean == pytest.approx(frame[column].mean())
    counts = frame["t"].value_counts()
    assert dict(profile.column("t").top) == counts.to_dict()
    assert datasets.class_balance(name, "t") == counts.to_dict()
    assert profile.missing_share == pytest.approx(frame.isna().to_numpy().mean())


def test_a_date_column_has_a_period(tmp_path: Path) -> None:
    name = imported(tmp_path, pd.DataFrame({"d": ["21/11/2026 14:03", "01/02/2025"], "x": [1, 2]}))
    facts = datasets.profile(name).column("d")
    assert facts.first == dt.datetime.fromisoformat("2025-02-01")
    assert facts.last == dt.datetime.fromisoformat("2026-11-21 14:03")
    found = datasets.histogram(name, "d")
    assert found is not None
    assert sum(found.counts) == 2
    assert found.edges[0] == facts.first


def test_histograms_count_every_finite_value(tmp_path: Path) -> None:
    values = np.random.default_rng(1).normal(0, 1, 1000)
    name = imported(tmp_path, pd.DataFrame({"x": [*values, np.nan, np.inf], "c": 7}))
    found = datasets.histogram(name, "x", bins=20)
    assert found is not None
    expected, edges = np.histogram(values, 20)
    assert found.counts == expected.tolist()
    assert found.edges == pytest.approx(edges)
    constant = datasets.histogram(name, "c")
    assert constant is not None
    assert sum(constant.counts) == 1002


def test_missing_values_are_a_class_of_their_own_in_the_balance(tmp_path: Path) -> None:
    name = imported(tmp_path, pd.DataFrame({"y": ["sim", "não", None, "sim"], "x": range(4)}))
    assert datasets.class_balance(name, "y") == {True: 2, None: 1, False: 1}


def test_warnings(tmp_path: Path) -> None:
    rows = 6000
    frame = pd.DataFrame(
        {
            "constante": ["a"] * rows,
            "vazia": [None] * rows,
            "quase_vazia": [1.5 if number % 3 == 0 else None for number in range(rows)],
            "codigo": range(1000, 1000 + rows),
            "chave": [f"k{number:05}" for number in range(rows)],
            "muitas": [f"c{number % 5000}" for number in range(rows)],
            "boa": np.random.default_rng(1).normal(size=rows),
        }
    )
    profile = datasets.profile(imported(tmp_path, frame))
    text = said(profile.warnings)
    assert "constante tem sempre o mesmo valor" in text
    assert "vazia está vazia em todas as linhas" in text
    assert "quase_vazia está vazia em 4000 de 6000 linhas" in text
    assert "codigo parece um identificador" in text
    assert "chave parece um identificador" in text
    assert "muitas tem 5000 textos diferentes" in text
    assert profile.column("boa").warnings == ()


def outcomes(rows: int = 4000) -> tuple[np.random.Generator, np.ndarray]:
    random = np.random.default_rng(5)
    return random, random.random(rows) < 0.3


def test_a_column_that_is_the_target_in_other_words_is_named(tmp_path: Path) -> None:
    random, y = outcomes()
    frame = pd.DataFrame(
        {"fraco": random.normal(y, 2.0), "copia": np.where(y, "aceito", "recusado"), "y": y}
    )
    profile = datasets.profile(imported(tmp_path, frame), "y")
    leaking = [str(warning) for warning in profile.warnings if "vazamento" in str(warning)]
    assert len(leaking) == 1
    assert "copia sozinha quase determina y (AUC 1.0)" in leaking[0]
    assert "conhecido antes do desfecho" in leaking[0]


def test_a_name_that_speaks_of_the_end_is_a_hint_only_if_the_column_predicts(
    tmp_path: Path,
) -> None:
    random, y = outcomes()
    frame = pd.DataFrame(
        {
            "duration": random.normal(y, 0.9),
            "duracao_antiga": random.normal(size=len(y)),
            "poutcome": random.normal(y, 0.9),
            "y": y,
        }
    )
    found = said(datasets.profile(imported(tmp_path, frame), "y").warnings)
    assert "Indício de vazamento: duration" in found
    assert "duracao_antiga" not in found
    assert "poutcome" not in found


def test_the_strongest_column_far_ahead_is_a_hint(tmp_path: Path) -> None:
    random, y = outcomes()
    frame = pd.DataFrame(
        {"valor": random.normal(y, 0.8), "ruido": random.normal(size=len(y)), "y": y}
    )
    found = said(datasets.profile(imported(tmp_path, frame), "y").warnings)
    assert "valor prevê y sozinha" in found
    assert "muito à frente" in found


def test_columns_of_like_strength_are_no_hint(tmp_path: Path) -> None:
    random, y = outcomes()
    frame = pd.DataFrame({"a": random.normal(y, 0.9), "b": random.normal(y, 0.9), "y": y})
    assert "vazamento" not in said(datasets.profile(imported(tmp_path, frame), "y").warnings)


def test_an_identifier_predicts_nothing(tmp_path: Path) -> None:
    _random, y = outcomes()
    frame = pd.DataFrame({"chave": [f"k{number}" for number in range(len(y))], "y": y})
    kinds = {"chave": "text", "y": "boolean"}
    _measure, found = leaks.strengths(frame, "y", kinds)  # type: ignore[arg-type]
    assert found["chave"] == pytest.approx(0.5, abs=0.03)


def test_a_number_that_knows_a_number(tmp_path: Path) -> None:
    random = np.random.default_rng(3)
    y = random.normal(100, 20, 3000)
    frame = pd.DataFrame({"quase": y * 2 + 1, "x": random.normal(y, 40), "y": y})
    profile = datasets.profile(imported(tmp_path, frame), "y")
    assert "quase sozinha quase determina y (R² 0.9" in said(profile.warnings)


def test_rows_close_in_time_are_reported_for_what_they_are(tmp_path: Path) -> None:
    moments = pd.date_range("2026-01-01", periods=3000, freq="min")
    y = (np.arange(3000) // 300) % 2
    frame = pd.DataFrame(
        {"quando": moments, "x": np.random.default_rng(1).normal(size=3000), "y": y}
    )
    found = said(datasets.profile(imported(tmp_path, frame), "y").warnings)
    assert "Linhas próximas em quando" in found
    assert "vazamento" not in found


def test_the_strength_is_that_of_the_area_under_the_curve() -> None:
    random, y = outcomes()
    x = random.normal(y, 1.0)
    kinds = {"x": "number", "y": "boolean"}
    _measure, found = leaks.strengths(pd.DataFrame({"x": x, "y": y}), "y", kinds)  # type: ignore[arg-type]
    assert found["x"] == pytest.approx(roc_auc_score(y, x), abs=0.02)


def test_a_rare_class_is_named(tmp_path: Path) -> None:
    frame = pd.DataFrame({"x": np.random.default_rng(1).normal(size=1000), "y": ["não"] * 1000})
    frame.loc[:49, "y"] = "sim"
    found = said(datasets.profile(imported(tmp_path, frame), "y").warnings)
    assert "y está desbalanceada" in found
    assert "50 de 1000 linhas" in found


@pytest.mark.parametrize(
    "target",
    [["a"] * 60, [None] * 60, ["a"] * 59 + ["b"], [f"t{n}" for n in range(60)], [np.inf] * 60],
    ids=["one class", "empty", "class of one", "all different", "infinite"],
)
def test_odd_targets_give_a_profile(tmp_path: Path, target: list[object]) -> None:
    name = imported(tmp_path, pd.DataFrame({"x": range(60), "d": ["2026-01-01"] * 60, "y": target}))
    assert datasets.profile(name, "y").rows == 60


def test_three_rows_give_a_profile(tmp_path: Path) -> None:
    name = imported(tmp_path, pd.DataFrame({"x": [1, 2, 3], "y": ["a", "b", "a"]}))
    assert datasets.profile(name, "y").rows == 3


def test_a_column_that_does_not_exist(tmp_path: Path) -> None:
    name = imported(tmp_path, pd.DataFrame({"x": [1, 2]}))
    with pytest.raises(DatasetError, match="não tem a coluna «z»"):
        datasets.profile(name, "z")
    with pytest.raises(DatasetError):
        datasets.class_balance(name, "z")


def test_a_large_table_is_judged_by_a_sample(tmp_path: Path) -> None:
    random = np.random.default_rng(5)
    y = random.random(30_000) < 0.3
    name = imported(
        tmp_path,
        pd.DataFrame({"copia": y.astype(int) * 3, "x": random.normal(size=30_000), "y": y}),
    )
    assert "copia sozinha quase determina y" in said(datasets.profile(name, "y").warnings)
