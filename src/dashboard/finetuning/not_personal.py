"""Words that are names and no personal data: typed, and proposed from the system prompt."""

from __future__ import annotations

import streamlit as st

from src import finetuning
from src.dashboard.i18n import _
from src.finetuning import Recipe

PROMPT = "finetuning_prompt"
_WORDS = "finetuning_not_personal"
_PROPOSED = "finetuning_proposed"


def propose() -> None:
    """Add the names in the system prompt, and take those back that it no longer has.

    What the person has added stays, and what the person has removed is not added again.
    """
    before = st.session_state.get(_PROPOSED, ())
    named = finetuning.named_in(st.session_state[PROMPT])
    typed = _lines(st.session_state.get(_WORDS, ""))
    kept = [words for words in typed if words in named or words not in before]
    new = [words for words in named if words not in before and words not in kept]
    st.session_state[_WORDS] = "\n".join([*kept, *new])
    st.session_state[_PROPOSED] = named


def fill(recipe: Recipe) -> None:
    """Write a recipe's words into the list; its prompt's names were proposed already."""
    st.session_state[_WORDS] = "\n".join(recipe.not_personal)
    st.session_state[_PROPOSED] = finetuning.named_in(recipe.system_prompt)


def draw(*, key: str = _WORDS) -> tuple[str, ...]:
    """Draw the list, one name a line, and return it."""
    text = st.text_area(
        _("Palavras que não são dados pessoais"),
        key=key,
        height=100,
        placeholder=_("uma por linha: o nome do assistente, os produtos"),
        help=_(
            "Nomes do assistente e de produtos, que a busca tomaria por nomes de pessoas. Ficam no "
            "texto quando estão sozinhos: com «Bia» na lista, «Bia Souza» ainda é trocado. Só "
            "valem para nomes; CPF, telefone e o mais saem sempre. Não ponha nomes de clientes."
        ),
        persist_state="session",
    )
    return _lines(text)


def _lines(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))
