"""What one training would cost, for a price that is given."""

from __future__ import annotations

from typing import Any

import streamlit as st

from src import finetuning
from src.dashboard import formats
from src.dashboard.finetuning import words
from src.dashboard.i18n import _


def draw(figures: dict[str, Any], *, key: str) -> None:
    """Draw the price and the epochs, and what a training comes to."""
    tokens = figures["training_tokens"]
    price_column, epochs_column, result_column = st.columns([2, 1, 2], vertical_alignment="bottom")
    price = price_column.number_input(
        _("Preço do treino, US$ por 1.000 tokens"),
        0.0,
        None,
        0.008,
        0.001,
        format="%.4f",
        key=f"{key}_price",
        help=_("O que o provedor cobra para treinar. Confira na página de preços dele."),
        persist_state="session",
    )
    epochs = epochs_column.number_input(
        _("Épocas"), 1, 50, int(figures["epochs"]), key=f"{key}_epochs", persist_state="session"
    )
    cost = finetuning.training_cost(tokens, price or 0.0, int(epochs or 1))
    result_column.metric(_("Um treino custa cerca de"), words.money(cost))
    st.caption(
        _(
            "Tokens de treino: {tokens}; épocas: {epochs}. Contados como os modelos atuais da "
            "OpenAI contam; outros provedores podem contar até um quinto a mais em português."
        ).format(tokens=formats.number(tokens), epochs=formats.number(int(epochs or 1)))
    )
