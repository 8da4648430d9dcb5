"""The dashboard's entry: page configuration, navigation, the chosen page."""

import streamlit as st

from src.dashboard import navigation, shell

st.set_page_config(page_title="Bancada", page_icon=":material/experiment:", layout="wide")
shell.start()
page = st.navigation(navigation.pages())
shell.sidebar_foot()
page.run()
