"""What a model may be called."""

from __future__ import annotations

import unicodedata

import pytest

from src.errors import InvalidModelName
from src.registry import names

pytestmark = pytest.mark.core


@pytest.mark.parametrize(
    "name",
    [
        "../fora", "a/b", "a\\b", "nulo\0", "linha\nnova", ".oculto", "..", "", "   ", "x" * 300,
        "x" * 121, "registry", "CON", "lpt1", "vira\u202elado", "solto\ud800", "invisivel\u200b",
    ],
)  # fmt: skip
def test_a_name_that_could_leave_the_folder_or_deceive_is_refused(name: str) -> None:
    with pytest.raises(InvalidModelName) as raised:
        names.clean(name)
    assert str(raised.value).endswith(".")


@pytest.mark.parametrize(
    "name",
    ["Ocupação v1", "modelo 🌡️ da sala", "família 👨‍👩‍👧", "模型", "a.b", "x" * 120, "R² > 0,9"],
)
def test_a_name_that_people_give_is_kept(name: str) -> None:
    assert names.clean(f"  {name} ") == name


def test_two_ways_to_write_an_accent_are_one_name() -> None:
    apart = unicodedata.normalize("NFD", "Ação")
    assert apart != "Ação"
    assert names.clean(apart) == "Ação"


def test_names_that_differ_in_case_have_one_key() -> None:
    assert names.key("MODELO Ção") == names.key("modelo ção")


@pytest.mark.parametrize("name", ["Ocupação v1", "🌡️", "模型", "CON.", "registry!", "x" * 120])
def test_a_slug_is_a_safe_file_name(name: str) -> None:
    slug = names.slug(name)
    assert slug.isascii()
    assert 0 < len(slug) <= 61
    assert slug not in names.RESERVED
    assert slug.replace("_", "").replace("-", "").isalnum()


def test_a_free_name_is_numbered_and_stays_within_the_limit() -> None:
    taken = {names.key("Modelo"), names.key("modelo 2")}
    assert names.free("MODELO", taken) == "MODELO 3"
    long = "x" * 120
    assert names.free(long, {long}) == "x" * 118 + " 2"
