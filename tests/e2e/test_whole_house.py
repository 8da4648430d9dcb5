"""Every screen in a real browser: wide and narrow, light and dark, in both languages.

The house is full when the user's way has been walked before, as in a run of the whole folder.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from src import training
from src.dashboard import navigation
from tests.e2e.conftest import start_dashboard, stop_dashboard
from tests.e2e.screens import open_screen, picture

PAGES = {"inicio": "/"} | {
    screen.url_path: f"/{screen.url_path}" for screen in navigation.SCREENS if not screen.default
}


@pytest.mark.parametrize("width, height", [(1280, 800), (390, 844)])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_screens_fit_and_show_no_error(
    page: Any, inside: Any, tmp_path: Path, width: int, height: int, scheme: str
) -> None:
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(color_scheme=scheme)
    latest = next((record.id for record in training.list_comparisons(limit=1)), None)
    for name, path in PAGES.items():
        if name == "treinar" and latest:
            path += f"?comparacao={latest}"
        open_screen(page, path)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{name} is {wide} px wide"
        assert picture(page, f"{name}-{width}-{scheme}", tmp_path).stat().st_size < 200_000


def test_language_switch_is_in_the_address_and_stays(page: Any) -> None:
    open_screen(page, "/")
    page.get_by_role("radio", name="English").or_(
        page.get_by_role("button", name="English")
    ).first.click()
    page.get_by_role("heading", name="Home").wait_for()
    page.wait_for_url("**language=*")
    page.get_by_role("link", name="Train models").first.click()
    page.get_by_role("heading", name="Train models").wait_for()
    page.reload()
    page.get_by_role("heading", name="Train models").wait_for()


def test_the_name_outlives_a_reload(page: Any) -> None:
    open_screen(page, "/")
    field = page.locator(".st-key-actor input")
    field.fill("Ana Lúcia")
    field.press("Enter")
    page.wait_for_function("document.cookie.includes('bancada_nome')")
    page.reload()
    page.wait_for_function("document.querySelector('.st-key-actor input')?.value === 'Ana Lúcia'")


def test_the_theme_can_be_chosen_in_the_menu(page: Any) -> None:
    open_screen(page, "/")
    page.locator("[data-testid='stMainMenu'] button").first.click()
    page.get_by_text("Dark", exact=False).first.wait_for()


def test_the_first_visitor_of_a_server_may_come_by_any_address(
    browser: Any, tmp_path: Path
) -> None:
    process, address = start_dashboard(tmp_path)
    try:
        page = browser.new_page()
        page.goto(f"{address}/treinar?language=English")
        page.get_by_role("heading", name="Train models").wait_for(timeout=60_000)
        assert page.get_by_role("dialog").count() == 0
        assert "language=English" in page.url
        page.close()
    finally:
        stop_dashboard(process)
