"""Every row of the navigation opens, in both languages, and its address is its own."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from src import jobs
from src.dashboard import navigation

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> AppTest:
    # The worker processes belong to other tests; here they would only cost time.
    monkeypatch.setattr(jobs, "ensure_workers", lambda *_: None)
    return AppTest.from_file(str(ROOT / "main_dash.py"), default_timeout=180)


@pytest.mark.parametrize("screen", navigation.SCREENS, ids=lambda screen: screen.url_path)
@pytest.mark.parametrize("language", ["pt_BR", "en"])
def test_every_screen_opens_on_an_empty_house(
    app: AppTest, screen: navigation.Screen, language: str
) -> None:
    app.session_state["language"] = language
    app.run()
    app.switch_page(str(ROOT / screen.script)).run()
    assert not app.exception
    assert not app.error
    assert app.title[0].value


def test_addresses_and_scripts_are_not_shared() -> None:
    for values in (
        [screen.url_path for screen in navigation.SCREENS],
        [screen.script for screen in navigation.SCREENS],
        [screen.title for screen in navigation.SCREENS],
    ):
        assert len(values) == len(set(values))


def test_there_is_one_screen_to_begin_with() -> None:
    assert [screen.script for screen in navigation.SCREENS if screen.default] == ["pages/home.py"]


def test_every_page_script_is_in_the_navigation() -> None:
    scripts = {f"pages/{path.name}" for path in (ROOT / "pages").glob("*.py")}
    assert scripts == {screen.script for screen in navigation.SCREENS}


def test_the_language_comes_from_the_address(app: AppTest) -> None:
    app.query_params["language"] = "English"
    app.run()
    assert app.session_state["language"] == "en"
    assert app.title[0].value == "Home"


def test_the_name_typed_once_is_kept_on_other_screens(app: AppTest) -> None:
    app.run()
    app.text_input(key="actor").set_value("Ana").run()
    app.switch_page(str(ROOT / "pages/registry.py")).run()
    assert app.text_input(key="actor").value == "Ana"


def test_a_name_cannot_leave_its_cookie(app: AppTest) -> None:
    app.run()
    app.text_input(key="actor").set_value('"; alert(1) //</script>').run()
    script = next(html.value for html in app.html if "document.cookie" in html.value)
    assert "alert(1)" not in script
    assert script.count("</script>") == 1


def test_the_language_goes_along_to_the_next_screen(app: AppTest) -> None:
    app.query_params["language"] = "English"
    app.run()
    app.button(key="home_next").click().run()
    assert not app.exception
    assert not app.error
    assert app.title[0].value == "Tables"
