"""The dashboard's entry: page configuration, navigation, the chosen page."""

import streamlit as st

from src.dashboard import navigation, shell

st.set_page_config(
    page_title="Bancada",
    page_icon=str(shell.LOGO_ICON),
    layout="wide",
    # With an entry of its own the menu is shown, and in it the choice of the theme.
    menu_items={"About": "**Bancada** · tabelas, modelos, previsões · tables, models, predictions"},
)
shell.start()
shell.sidebar()
page = st.navigation(navigation.pages())
navigation.settle_addresses()
navigation.heed_address(page)
page.run()
