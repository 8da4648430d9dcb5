"""What the browser tests do again and again on a screen."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import Any

from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
KEEPS_PICTURES = os.environ.get("BANCADA_SCREENSHOTS") == "1"  # read before tests clear it
TRAINING = 400_000
"""Milliseconds that a comparison of a small table may take on a busy machine."""


def settled(page: Any) -> None:
    """Wait until the script has run and nothing is loading."""
    page.locator("h1").first.wait_for()  # first: before the script begins, nothing runs either
    page.locator("[data-testid='stApp'][data-test-script-state='notRunning']").wait_for()


def open_screen(page: Any, path: str) -> None:
    """Open an address of the dashboard and wait until it is drawn."""
    page.goto(path)
    settled(page)
    assert page.locator("[data-testid='stException']").count() == 0


def choose(page: Any, key: str, option: str) -> None:
    """Choose an option of the selectbox with that key, by typing."""
    box = page.locator(f".st-key-{key} input").first
    box.click()
    box.fill(option)
    page.get_by_role("option", name=option, exact=True).first.click()
    settled(page)


def chosen(page: Any, key: str) -> str:
    """Return the option that the selectbox with that key shows."""
    return str(page.locator(f".st-key-{key} input").first.input_value())


def press(page: Any, label: str) -> None:
    """Press the button with that label."""
    page.get_by_role("button", name=label).first.click()


def picture(page: Any, name: str, folder: Path) -> Path:
    """Keep a small picture: in ``docs/screenshots`` with ``BANCADA_SCREENSHOTS=1``."""
    page.wait_for_function("!document.querySelector('[data-testid=\"stSkeleton\"]')")
    if KEEPS_PICTURES:
        folder = ROOT / "docs" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.png"
    with Image.open(io.BytesIO(page.screenshot())) as image:
        image.convert("RGB").quantize(128).save(path, optimize=True)
    return path
