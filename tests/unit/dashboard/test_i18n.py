"""The interface in the person's language."""

from __future__ import annotations

import datetime as dt
from typing import get_args

import pytest

from src import translations
from src.config import Settings
from src.dashboard import formats, i18n
from src.errors import DatasetNotFound
from src.messages import Message


@pytest.fixture(params=["pt_BR", "en"])
def language(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(i18n, "language", lambda: request.param)
    return request.param


def test_a_known_string_is_translated(language: str) -> None:
    assert i18n._("Cancelar") == {"pt_BR": "Cancelar", "en": "Cancel"}[language]


def test_an_unknown_string_stays_as_it_is(language: str) -> None:
    assert i18n._("sem tradução alguma") == "sem tradução alguma"


@pytest.mark.parametrize(
    ("count", "portuguese", "english"),
    [(0, "linha", "linhas"), (1, "linha", "linha"), (2, "linhas", "linhas")],
)
def test_zero_is_singular_in_portuguese_and_plural_in_english(
    language: str, count: int, portuguese: str, english: str
) -> None:
    # An unknown pair shows the rule alone, whatever the catalogue holds.
    expected = portuguese if language == "pt_BR" else english
    assert i18n.ngettext("linha", "linhas", count) == expected


def test_a_plural_has_its_number_and_leaves_its_other_fields(language: str) -> None:
    text = i18n.ngettext("{count} linha de {name}", "{count} linhas de {name}", 1234)
    assert text == {"pt_BR": "1.234 linhas de {name}", "en": "1,234 linhas de {name}"}[language]


def test_numbers_in_a_message_are_written_as_the_language_does(language: str) -> None:
    message = Message("{count} de {share}", {"count": 12345, "share": 0.5})
    assert i18n.translate(message) == {"pt_BR": "12.345 de 0,5", "en": "12,345 de 0.5"}[language]


def test_truth_and_nothing_are_not_numbers(language: str) -> None:
    message = Message("{flag} {nothing} {text}", {"flag": True, "nothing": None, "text": "1.5"})
    assert i18n.translate(message) == "True None 1.5"


def test_a_message_within_a_message_is_translated(language: str) -> None:
    inner = Message("Cancelar")
    assert i18n.translate(Message("<{inner}>", {"inner": inner})) == f"<{i18n._('Cancelar')}>"


def test_an_error_is_translated_by_its_message(language: str) -> None:
    error = DatasetNotFound("falta {name}", name="x")
    assert i18n.translate(error) == "falta x"


def test_every_language_can_be_set_and_has_its_texts_and_its_ways_of_writing() -> None:
    assert get_args(Settings.model_fields["language"].annotation) == tuple(translations.LANGUAGES)
    for code in translations.LANGUAGES:
        assert code == "pt_BR" or translations.texts(code)
        assert formats.day(dt.date(2026, 11, 21), code)
        assert formats.day(dt.date(2026, 11, 21), code, year=False)
