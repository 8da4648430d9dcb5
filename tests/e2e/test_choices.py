"""What is chosen on a screen, when the person comes back to it, and when the rows change."""

from __future__ import annotations

from typing import Any

from src import registry
from tests import prediction_examples as examples
from tests.e2e.screens import choose, chosen, open_screen, press, settled


def tick(page: Any, row: int) -> None:
    """Click the box before a row of the screen's first table."""
    grid = page.locator("[data-testid='stDataFrame']").first.bounding_box()
    page.mouse.click(grid["x"] + 14, grid["y"] + 36 * (row + 1) + 16)


def test_a_link_to_a_model_opens_that_one_not_the_one_of_an_earlier_visit(
    page: Any, inside: Any
) -> None:
    for name in ("antigo", "novo"):
        examples.save_sensors(name)
    registry.set_alias("novo", registry.CHAMPION, actor="ana")
    open_screen(page, "/classificador")
    choose(page, "modelo", "antigo")
    page.wait_for_url("**modelo=antigo*")
    page.get_by_role("link", name="Modelos registrados").first.click()
    page.get_by_role("heading", name="Modelos registrados").wait_for()
    settled(page)
    tick(page, list(registry.list_models()).index("novo"))
    page.wait_for_url("**modelo=novo*")
    press(page, "Usar este modelo")
    page.get_by_role("heading", name="Classificador manual").wait_for()
    settled(page)
    assert chosen(page, "modelo").startswith("novo")


def test_a_mark_is_taken_away_by_one_click_also_after_the_model_became_champion(
    page: Any, inside: Any
) -> None:
    examples.save_sensors("outro")
    open_screen(page, "/modelos?modelo=outro")
    press(page, "Tornar campeão")
    page.get_by_role("button", name="Tornar campeão").wait_for(state="hidden")
    settled(page)
    tick(page, list(registry.list_models()).index("outro"))
    page.wait_for_function("!location.search.includes('outro')")
