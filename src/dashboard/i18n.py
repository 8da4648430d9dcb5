"""The interface's language: Portuguese in the code, English from the translations."""

from __future__ import annotations

import streamlit as st
from babel import Locale

from src import translations
from src.config import get_settings
from src.errors import BancadaError
from src.messages import Message
from src.translations import texts

STATE_KEY = "language"


def language() -> str:
    """Return the language of the person looking at the page, one of ``LANGUAGES``."""
    return st.session_state.get(STATE_KEY) or get_settings().language


def _(text: str) -> str:
    """Return ``text`` in the person's language."""
    found = texts(language()).get(text, text)
    return found if isinstance(found, str) else found[0]


def ngettext(one: str, many: str, count: int) -> str:
    """Return the singular or the plural in the person's language, its ``{count}`` filled in."""
    found = texts(language()).get(one)
    pair = (one, many) if found is None or isinstance(found, str) else found
    # Portuguese counts 0 as singular, English as plural.
    singular = Locale.parse(language()).plural_form(count) == "one"
    return pair[not singular].replace("{count}", translations.number(count, language()))


def translate(message: Message | BancadaError | str) -> str:
    """Return a message in the person's language, numbers written as that language does."""
    if isinstance(message, BancadaError):
        message = message.message
    if isinstance(message, str):
        return _(message)
    return translations.translate(message, language())
