"""Events in files: the documented JSON and other forms to take away, and a file to bring in."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from src import collection, days, jobs
from src.collection import InteractionType
from src.dashboard import formats, markdown, shell, ui
from src.dashboard.collection import quality, words
from src.dashboard.i18n import _, ngettext
from src.dashboard.parts import downloads, periods
from src.dashboard.parts.own_job import OwnJob
from src.dashboard.parts.periods import Period
from src.dashboard.parts.upload import Upload
from src.messages import N_

FORMS: dict[collection.Form, str] = {
    "json": N_("JSON, como a API o entrega"),
    "ndjson": N_("NDJSON, um evento por linha"),
    "csv": N_("CSV, para planilhas"),
    "parquet": N_("Parquet, para programas"),
}
_IMPORTED, _EXPORTED = OwnJob("collection_imported"), OwnJob("collection_exported")
_UPLOAD = Upload("collection_upload")


def draw(period: Period | None, kinds: Sequence[InteractionType]) -> None:
    """Draw the export of what the filters show, and the import.

    Parameters
    ----------
    period : Period or None
        None while there is nothing to export.
    """
    with st.expander(
        _("Importar interações") if period is None else _("Exportar e importar"),
        icon=":material/swap_vert:",
        expanded=_IMPORTED.exists or _EXPORTED.exists,
        key="collection_files",
    ):
        for job in jobs.in_progress("collection.import", "collection.export"):
            st.markdown(f"**{markdown.said(job.title)}**")
            ui.watch(job, key=f"collection_{job.id}")
        if period is None:
            _import()
            return
        left, right = st.columns(2, gap="large")
        with left:
            _export(period, kinds)
        with right:
            _import()


def _export(period: Period, kinds: Sequence[InteractionType]) -> None:
    st.markdown("##### :material/download: " + _("Exportar"))
    form = st.selectbox(
        _("Formato"),
        list(FORMS),
        format_func=lambda form: _(FORMS[form]),
        key="collection_form",
    )
    st.caption(_what(period, kinds))
    if st.button(_("Preparar arquivo"), key="collection_export", icon=":material/file_save:"):
        with ui.errors():
            since, until = periods.moments(period)
            _EXPORTED.remember(
                collection.start_export(
                    form, since=since, until=until, kinds=kinds, actor=shell.actor()
                )
            )
            st.rerun()
    if (job := _EXPORTED.outcome()) is not None:
        _offer(job)


def _what(period: Period, kinds: Sequence[InteractionType]) -> str:
    names = ", ".join(words.kind(kind) for kind in kinds)
    if period.since is None and period.until is None:
        return _("Todo o período; {types}. Os filtros acima mudam isso.").format(types=names)
    return _("De {first} a {last}; {types}. Os filtros acima mudam isso.").format(
        first=formats.day(period.since),
        last=formats.day(period.until),
        types=names,
    )


def _offer(job: jobs.Job) -> None:
    path = Path((job.result or {})["path"])
    size = formats.size((job.result or {})["bytes"])
    if not path.exists():
        st.info(_("O arquivo já foi removido. Prepare-o de novo."), icon=":material/schedule:")
        return
    if path.stat().st_size > downloads.LARGEST:
        st.info(
            _(
                "O arquivo tem {size}, demais para baixar pelo navegador. Copie-o do servidor em "
                "até um dia, ou baixe-o aos poucos por /api/ml/export-data."
            ).format(size=size),
            icon=":material/folder_open:",
        )
        st.code(str(path), language=None, wrap_lines=True)
        return
    downloads.button(
        _("Baixar ({size})").format(size=size),
        path,
        f"interacoes_{days.today().isoformat()}{path.suffix}",
        key="collection_download",
    )
    st.caption(_("O arquivo fica no servidor por um dia. Ele contém o que as pessoas fizeram."))


def _import() -> None:
    st.markdown("##### :material/upload_file: " + _("Importar"))
    sent = _UPLOAD.choose(_("Arquivo user_interactions.json"), ["json", "gz", "zip"])
    st.caption(_("Um evento que já está aqui conta uma vez só, mesmo se vier de novo."))
    pressed = st.button(
        _("Importar"), key="collection_import", icon=":material/upload:", disabled=sent is None
    )
    if pressed and sent is not None:
        with ui.errors():
            path = _UPLOAD.stored(sent)
            _IMPORTED.remember(
                collection.start_import(path, source_name=sent.name, actor=shell.actor())
            )
            _UPLOAD.clear()
            st.rerun()
    if (job := _IMPORTED.outcome()) is not None:
        _say_imported(job)


def _say_imported(job: jobs.Job) -> None:
    result: dict[str, Any] = job.result or {}
    text = " · ".join(
        [
            ngettext("{count} novo", "{count} novos", result["accepted"]),
            ngettext("{count} já estava aqui", "{count} já estavam aqui", result["duplicates"]),
            ngettext("{count} recusado", "{count} recusados", result["rejected"]),
        ]
    )
    if not result["rejected"]:
        st.success(text, icon=":material/check_circle:")
        return
    st.warning(text, icon=":material/warning:")
    quality.reasons(result["reasons"], key="collection_import_rejected")
