"""Every string a person sees exists in both languages."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def load_script() -> object:
    spec = importlib.util.spec_from_file_location("messages", ROOT / "scripts" / "messages.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_marked_string_has_its_english_text() -> None:
    assert load_script().problems() == []  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("x = f\"a {_('erro')}\"", [1]),
        ("y = 1\nx = f\"a {ngettext('um', 'dois', y)}\"", [2]),
        ("erro = _('erro')\nx = f\"a {erro} {_(name)}\"", []),
    ],
)
def test_a_string_that_the_catalogue_would_miss_is_pointed_at(
    source: str, lines: list[int]
) -> None:
    assert load_script().hidden(source) == lines  # type: ignore[attr-defined]
