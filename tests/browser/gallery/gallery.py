"""Every element that shows words of Streamlit's own; ours are French, but for what a person may have typed."""

import datetime

import pandas as pd
import streamlit as st

from core.errors import Unavailable

st.set_page_config(page_title="Galerie", page_icon=":material/home:")
DAY = datetime.datetime(2026, 11, 28, 14, 5, tzinfo=datetime.UTC)


@st.dialog("Tiroir", position="right")
def drawer() -> None:
    with st.form("fiche"):
        st.text_input("Nom *")
        st.form_submit_button("Créer")


def gallery() -> None:
    st.title("Galerie")
    st.text("Close")
    st.markdown("Search")
    st.multiselect("Rôles", ["Close", "Clear all"], default=["Close"])
    st.selectbox("Rôle", ["Search", "Dismiss"], index=None)
    st.selectbox("Ville", ["Lyon"], index=None, accept_new_options=True)
    st.dataframe(pd.DataFrame({"nom": ["Close"], "jour": [DAY]}), on_select="rerun", key="grille", alt="Grille")
    st.data_editor(pd.DataFrame({"a": [1]}), num_rows="dynamic", key="saisie")
    st.text_input("Recherche", type="search")
    st.text_input("Portable", type="phone")
    st.text_input("Courriel", type="email")
    st.text_input("Secret", type="password")
    st.text_area("Notes", max_chars=100)
    st.number_input("Nombre")
    st.date_input("Jour", value=None, format="DD/MM/YYYY")
    st.date_input("Vacances", value=(), format="DD/MM/YYYY")
    st.datetime_input("Moment", value=None)
    st.time_input("Montre", value=None)
    st.file_uploader("Fichier", type=["csv"])
    st.pagination(12, key="pages")
    st.feedback("stars")
    st.code("1 + 1")
    st.checkbox("Case", help="Une aide")
    st.metric("Mesure", 3)
    st.download_button("Exporter", data=lambda: 1 / 0, on_click="ignore")
    st.button("Tiroir", on_click=drawer)
    st.button("Touche", shortcut="T")
    if st.button("Panne"):
        raise ValueError("ce que quelqu'un a saisi")
    if st.button("Base muette"):
        raise Unavailable
    if st.button("Annonce"):
        st.toast("Bonjour. " * 40, duration="long")


def other() -> None:
    st.title("Autre")


pages = [st.Page(gallery, title="Galerie", default=True), st.Page(other, title="Autre", url_path="autre")]
st.navigation(pages).run()
