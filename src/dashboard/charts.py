"""One look for every chart: the theme's colours, direct labels, zero-based bars, downloads."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from src.dashboard.i18n import _

# Okabe and Ito's palette, told apart with any colour vision; the accent is the theme's.
PALETTE = ("#0F6B5C", "#E69F00", "#56B4E9", "#CC79A7", "#D55E00", "#0072B2", "#009E73")
NEUTRAL = "#8A9490"
"""For what is within the noise, and for baselines."""


def show(figure: go.Figure, *, key: str, alt: str, data: pd.DataFrame | None = None) -> None:
    """Draw a chart in the theme's colours, with its data to download.

    Parameters
    ----------
    figure : plotly Figure
        Without a template of its own.
    key : str
        The element's key.
    alt : str
        What the chart says, for people who do not see it.
    data : DataFrame, optional
        The figures behind the chart, offered as CSV.
    """
    figure.update_layout(
        margin={"l": 8, "r": 8, "t": 32, "b": 8}, colorway=list(PALETTE), separators=",."
    )
    st.plotly_chart(figure, key=key, config={"displaylogo": False})
    if data is not None:
        st.download_button(
            _("Baixar dados do gráfico"),
            data.to_csv(index=False).encode("utf-8-sig"),
            file_name=f"{key}.csv",
            mime="text/csv",
            key=f"{key}_data",
            type="tertiary",
            icon=":material/download:",
            on_click="ignore",
        )
