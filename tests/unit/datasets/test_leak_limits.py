"""From which strength on a column is called a leak, and what it is compared with."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from src.datasets import leaks

KINDS = {"y": "boolean", "a": "number", "b": "number", "quando": "datetime", "resultado": "number"}


def warned(
    monkeypatch: pytest.MonkeyPatch, measure: str, strengths: dict[str, float]
) -> dict[str, str]:
    """Return what is said of each column when alone they predict the target so well."""
    ranked = dict(sorted(strengths.items(), key=lambda pair: -pair[1]))
    monkeypatch.setattr(leaks, "strengths", lambda *_arguments: (measure, ranked))
    messages = leaks.warnings(pd.DataFrame(), "y", KINDS)  # type: ignore[arg-type]
    return {str(message.params["column"]): str(message) for message in messages}


@pytest.mark.parametrize(("measure", "limit"), [("auc", 0.98), ("r2", 0.97)])
def test_nearly_perfect_is_a_leak(
    measure: str, limit: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = warned(monkeypatch, measure, {"a": limit, "b": limit, "quando": limit})
    assert at["a"].startswith("Possível vazamento") and at["b"].startswith("Possível vazamento")
    assert at["quando"].startswith("Linhas próximas")
    assert not warned(monkeypatch, measure, {"a": limit - 0.001, "b": limit - 0.001})


@pytest.mark.parametrize(("measure", "limit"), [("auc", 0.65), ("r2", 0.15)])
def test_a_name_of_something_that_comes_after_is_a_hint(
    measure: str, limit: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = warned(monkeypatch, measure, {"a": limit, "resultado": limit})
    assert list(at) == ["resultado"]
    assert "o nome sugere" in at["resultado"]
    assert not warned(monkeypatch, measure, {"a": limit, "resultado": limit - 0.001})


@pytest.mark.parametrize(("measure", "limit", "chance"), [("auc", 0.75, 0.5), ("r2", 0.5, 0.0)])
def test_a_strong_column_far_ahead_is_a_hint(
    measure: str, limit: float, chance: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    weak = chance + (limit - chance) / 2
    assert "muito à frente" in warned(monkeypatch, measure, {"a": limit, "b": weak})["a"]
    assert not warned(monkeypatch, measure, {"a": limit - 0.001, "b": chance})
    assert not warned(monkeypatch, measure, {"a": limit})  # ahead of nothing


@pytest.mark.parametrize(("measure", "chance"), [("auc", 0.5), ("r2", 0.0)])
def test_far_ahead_is_half_as_much_again(
    measure: str, chance: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert warned(monkeypatch, measure, {"a": 0.9, "b": chance + (0.9 - chance) / 1.5 - 0.001})
    assert not warned(monkeypatch, measure, {"a": 0.9, "b": chance + (0.9 - chance) / 1.5 + 0.001})


def test_the_strength_is_told_to_three_places(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "0.988" in warned(monkeypatch, "auc", {"a": 0.98765})["a"]


@pytest.mark.parametrize(
    ("distinct", "kind", "classes"),
    [(20, "integer", True), (21, "integer", False), (2, "number", False), (99, "text", True)],
)
def test_few_whole_numbers_are_classes(distinct: int, kind: str, classes: bool) -> None:
    assert leaks.is_classification(pd.Series(range(distinct)), kind) == classes  # type: ignore[arg-type]


def test_three_rows_a_fold_are_enough_to_look() -> None:
    kinds = {"y": "boolean", "x": "number"}
    frame = pd.DataFrame({"y": [True, False, True] * 3, "x": np.arange(9.0)})
    assert list(leaks.strengths(frame, "y", kinds)[1]) == ["x"]  # type: ignore[arg-type]
    assert leaks.strengths(frame[:8], "y", kinds) == ("auc", {})  # type: ignore[arg-type]
