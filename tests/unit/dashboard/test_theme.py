"""Both themes can be read: WCAG 2.1 contrast of every pair that carries text or a mark."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from src.dashboard import shell

ROOT = Path(__file__).resolve().parents[3]
THEME = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))["theme"]
TEXT, MARK = 4.5, 3.0
"""Least contrast of normal text, and of what is not text (borders of inputs, selection)."""

CAPTION_OPACITY = 0.6
"""Streamlit draws captions in the text's colour at this opacity."""


def rgb(colour: str) -> tuple[float, ...]:
    return tuple(int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))


def luminance(colour: tuple[float, ...]) -> float:
    # https://www.w3.org/TR/WCAG21/#dfn-relative-luminance
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str, opacity: float = 1.0) -> float:
    below = rgb(other)
    above = tuple(opacity * a + (1 - opacity) * b for a, b in zip(rgb(one), below, strict=True))
    lighter, darker = sorted((luminance(above), luminance(below)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_the_measure_itself() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("ground", ["backgroundColor", "secondaryBackgroundColor"])
class TestContrast:
    def test_text(self, mode: str, ground: str) -> None:
        assert contrast(THEME[mode]["textColor"], THEME[mode][ground]) >= TEXT

    def test_captions(self, mode: str, ground: str) -> None:
        theme = THEME[mode]
        assert contrast(theme["textColor"], theme[ground], CAPTION_OPACITY) >= TEXT

    def test_links(self, mode: str, ground: str) -> None:
        assert contrast(THEME[mode]["linkColor"], THEME[mode][ground]) >= TEXT

    def test_what_is_selected(self, mode: str, ground: str) -> None:
        assert contrast(THEME[mode]["primaryColor"], THEME[mode][ground]) >= MARK


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_the_white_label_of_the_primary_button(mode: str) -> None:
    assert contrast("#FFFFFF", THEME[mode]["primaryColor"]) >= TEXT


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_what_is_selected_in_the_sidebar(mode: str) -> None:
    accent = THEME[mode].get("sidebar", THEME[mode])["primaryColor"]
    assert contrast(accent, THEME[mode]["secondaryBackgroundColor"]) >= TEXT


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("ground", ["backgroundColor", "secondaryBackgroundColor"])
def test_the_logo_stands_out_in_both_themes(mode: str, ground: str) -> None:
    assert "#2F9C87" in shell.LOGO.read_text("utf-8")
    assert contrast("#2F9C87", THEME[mode][ground]) >= MARK
