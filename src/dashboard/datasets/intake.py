"""Ways to get a table: send a file, see what was detected, import it; or add a sample."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import streamlit as st

from src import datasets, files, jobs
from src.dashboard import formats, markdown, shell, ui
from src.dashboard.datasets import listing, words
from src.dashboard.i18n import _, translate
from src.dashboard.parts import fields
from src.dashboard.parts.own_job import OwnJob
from src.dashboard.parts.upload import Upload

_JOB = OwnJob("tabelas_importacao")
_UPLOAD = Upload("tabelas_arquivo")
_SHOWN_WARNINGS = 3
_SENSORS = "leituras_sensores"


def settle() -> Sequence[jobs.Job]:
    """Say how this person's import ended, open the table it made; return the imports that run."""
    running = jobs.in_progress("datasets.import")
    job = _JOB.settle(_("Importação cancelada. Nenhuma tabela foi criada."))
    if job is not None and job.result:
        listing.open_next(job.result["name"])
        _UPLOAD.clear()
        st.toast(
            _("Tabela {name} importada.").format(name=markdown.escape(job.result["name"])),
            icon=":material/check_circle:",
        )
    return running


def first_steps() -> bool:
    """Draw the empty state, three ways to a first table; returns whether a file is looked at."""
    ui.empty(
        _("Nenhuma tabela ainda"),
        _(
            "As tabelas que você importar ficam aqui, com o perfil de cada coluna, prontas para "
            "treinar. Comece de um destes três jeitos."
        ),
        icon=":material/table:",
    )
    upload, sensors, shipped = st.columns([2, 1, 1])
    with upload, st.container(border=True, height="stretch"):
        st.markdown("##### :material/upload_file: " + _("Enviar um arquivo"))
        chosen = _chosen_file()
    with sensors, st.container(border=True, height="stretch"):
        st.markdown("##### :material/sensors: " + _("Leituras de sensores"))
        sample = next(sample for sample in datasets.samples() if sample.id == _SENSORS)
        _sample(sample, _("Adicionar"), key=f"tabelas_exemplo_{_SENSORS}")
    with shipped, st.container(border=True, height="stretch"):
        st.markdown("##### :material/science: " + _("Exemplos do scikit-learn"))
        _sample_choice()
    return _detected(chosen)


def add() -> bool:
    """Draw the same ways folded away; returns whether a file is looked at.

    Drawn during an import too: an uploader that is not drawn forgets its file, and a file that
    failed can be imported again with other options.
    """
    with st.expander(
        _("Adicionar tabela"),
        icon=":material/add:",
        expanded=_UPLOAD.exists and _JOB.running() is None,
    ):
        upload, samples = st.columns([2, 1])
        with upload:
            chosen = _chosen_file()
        with samples:
            _sample_choice(with_sensors=True)
        return _detected(chosen)


def _sample_choice(*, with_sensors: bool = False) -> None:
    offered = {
        sample.id: sample for sample in datasets.samples() if with_sensors or sample.id != _SENSORS
    }
    sample_id = st.selectbox(
        _("Exemplo"),
        list(offered),
        format_func=lambda sample_id: translate(offered[sample_id].title),
        key="tabelas_exemplo",
    )
    _sample(offered[sample_id], _("Adicionar exemplo"), key="tabelas_adicionar_exemplo")


def _sample(sample: datasets.Sample, label: str, *, key: str) -> None:
    """Draw what a sample is, and the button that adds it."""
    st.markdown(translate(sample.description))
    st.caption(_size(sample))
    if st.button(label, key=key, icon=":material/add:"):
        with ui.errors():
            listing.open_next(datasets.add_sample(sample.id, actor=shell.actor()))
            st.rerun()


def _size(sample: datasets.Sample) -> str:
    size = f"{formats.number(sample.rows)} × {formats.number(sample.columns)}"
    return f"{size} · " + _("alvo: {target}").format(target=sample.target)


def _chosen_file() -> tuple[Path, str] | None:
    return _UPLOAD.receive(_("Arquivo CSV, TSV, JSON, XLSX ou Parquet"), files.FORMATS)


def _detected(chosen: tuple[Path, str] | None) -> bool:
    """Draw what a file's first rows say, and the import form; False when there is no file."""
    if chosen is None or _JOB.running() is not None:
        return False
    path, file_name = chosen
    with ui.errors():
        with st.skeleton(height=200):
            found = _inspect(str(path), file_name)
        st.markdown("##### " + _("O que foi detectado"))
        st.markdown(words.detection(found))
        for warning in found.warnings[:_SHOWN_WARNINGS]:
            st.warning(markdown.said(warning), icon=":material/warning:")
        kinds, rows = st.columns([1, 2])
        with kinds:
            st.dataframe(
                pd.DataFrame(
                    [(column.name, fields.kind(column.kind)) for column in found.columns],
                    columns=[_("Coluna"), _("Tipo")],
                ),
                hide_index=True,
                height=260,
                key="tabelas_colunas_detectadas",
            )
        with rows:
            st.dataframe(
                words.shortened(found.sample),
                hide_index=True,
                height=260,
                key="tabelas_previa",
            )
        st.caption(_("Pelas primeiras linhas; a importação olha todas antes de decidir os tipos."))
        _import_form(path, file_name)
        return True
    return False


@st.cache_data(show_spinner=False, max_entries=8)
def _inspect(path: str, file_name: str) -> datasets.Detection:
    return datasets.inspect_file(path, file_name)


def _import_form(path: Path, file_name: str) -> None:
    with st.form("tabelas_importar", border=False):
        name_column, button_column = st.columns([3, 1], vertical_alignment="bottom")
        name = name_column.text_input(
            _("Nome da tabela"), datasets.free_name(file_name), key=f"tabelas_nome_{path.stem}"
        )
        skip = st.checkbox(
            _("Ignorar linhas irregulares (com colunas a mais ou a menos)"),
            key="tabelas_irregulares",
        )
        if button_column.form_submit_button(
            _("Importar"), type="primary", icon=":material/download_done:", width="stretch"
        ):
            _JOB.remember(
                datasets.start_import(
                    path, name, actor=shell.actor(), source_name=file_name, skip_ragged=skip
                )
            )
            st.rerun()
