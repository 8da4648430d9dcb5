"""A file of cases: what matches, the scored rows beside the rejected, and both to download."""

from __future__ import annotations

import time

import pandas as pd
import streamlit as st

from src import files, prediction, registry
from src.dashboard import formats, shell, ui
from src.dashboard.i18n import _, language, ngettext, translate
from src.dashboard.parts import downloads
from src.dashboard.prediction.model import version
from src.dashboard.prediction.result import shown

PREVIEW_ROWS = 20
SHOWN_ROWS = 1_000
RESULT_KEY = "prediction_batch_result"


def draw(entry: registry.ModelEntry) -> None:
    """Draw the upload, the check of its columns, the work, and the result."""
    file = st.file_uploader(
        _("Arquivo com uma linha por caso"),
        type=list(files.FORMATS),
        key="prediction_file",
        help=_("CSV, XLSX, Parquet ou JSON, com os nomes das colunas do treino."),
    )
    if file is None:
        st.session_state.pop(RESULT_KEY, None)
        ui.empty(
            _("Nenhum arquivo ainda"),
            _(
                "Envie uma tabela com as colunas que o modelo espera. As linhas que não puderem "
                "ser previstas voltam com o motivo ao lado das outras."
            ),
            icon=":material/upload_file:",
        )
        _template(entry)
        return
    with ui.errors():
        table = _read(file.file_id, version(entry), file, entry.name)
        match = prediction.match_batch(entry.name, table)
        _preview(table, match)
        if match.missing:
            st.error(
                _(
                    "Faltam colunas que o modelo espera: {columns}. Corrija o cabeçalho do arquivo "
                    "e envie de novo."
                ).format(columns=", ".join(match.missing)),
                icon=":material/error:",
            )
            return
        if st.button(
            ngettext("Prever {count} linha", "Prever {count} linhas", len(table)),
            key="prediction_batch_start",
            type="primary",
            icon=":material/online_prediction:",
            disabled=table.empty,
        ):
            st.session_state[RESULT_KEY] = (file.file_id, version(entry), _run(entry, table))
        if table.empty:
            st.warning(_("O arquivo tem cabeçalho, mas nenhuma linha."))
        done = st.session_state.get(RESULT_KEY)
        if done and done[:2] == (file.file_id, version(entry)):
            _result(done[2], entry)


@st.cache_data(show_spinner=False, max_entries=4)
def _read(file_id: str, model_version: str, _file: object, name: str) -> pd.DataFrame:
    with st.spinner(_("Lendo o arquivo…")):
        return prediction.read_table(_file.getvalue(), _file.name, name)  # type: ignore[attr-defined]


def _template(entry: registry.ModelEntry) -> None:
    if entry.sample is None:
        return
    downloads.button(
        _("Baixar um modelo de arquivo"),
        files.to_csv(pd.DataFrame([entry.sample]), language()),
        f"{entry.name}_exemplo.csv",
        key="prediction_template",
        help=_("O cabeçalho que o modelo espera, com uma linha do treino como exemplo."),
    )


def _preview(table: pd.DataFrame, match: prediction.ColumnMatch) -> None:
    summary = _("{found} de {expected} colunas do modelo encontradas").format(
        found=len(match.found), expected=len(match.found) + len(match.missing)
    )
    if match.extra:
        summary += "; " + ngettext(
            "{count} coluna a mais fica ao lado do resultado",
            "{count} colunas a mais ficam ao lado do resultado",
            len(match.extra),
        )
    st.markdown(
        (":material/check_circle: " if not match.missing else ":material/error: ") + summary + "."
    )
    with st.expander(_("Prévia e colunas"), expanded=True, key="prediction_batch_preview"):
        rows, columns = st.columns([3, 2], gap="medium")
        rows.dataframe(
            _readable(table.head(PREVIEW_ROWS)),
            hide_index=True,
            height=_height(len(table)),
            placeholder=formats.MISSING,
            key="prediction_preview",
        )
        pairs = [
            *((name, column, _("usada")) for name, column in match.found.items()),
            *((name, formats.MISSING, _("falta no arquivo")) for name in match.missing),
            *((formats.MISSING, column, _("não usada")) for column in match.extra),
        ]
        columns.dataframe(
            pd.DataFrame(pairs, columns=[_("Modelo"), _("Arquivo"), _("Situação")]),
            hide_index=True,
            height=_height(len(pairs)),
            key="prediction_match",
        )


def _height(rows: int) -> int:
    """Return a table's height in pixels: its rows, seven at most."""
    return 36 * (1 + min(max(rows, 1), 7))


def _run(entry: registry.ModelEntry, table: pd.DataFrame) -> prediction.BatchResult:
    bar = st.progress(0.0)
    started = time.monotonic()

    def told(done: int, rows: int) -> None:
        elapsed = time.monotonic() - started
        bar.progress(
            done / rows,
            text=_(
                "{done} de {rows} linhas · {elapsed} decorridos · cerca de {rest} restantes"
            ).format(
                done=formats.number(done),
                rows=formats.number(rows),
                elapsed=formats.duration(elapsed),
                rest=formats.duration(elapsed / done * (rows - done)),
            ),
        )

    try:
        return prediction.predict_batch(entry.name, table, actor=shell.actor(), on_progress=told)
    finally:
        bar.empty()


def _result(result: prediction.BatchResult, entry: registry.ModelEntry) -> None:
    warned = sum(map(bool, result.warnings))
    scored, rejected, unusual = st.columns(3)
    scored.metric(_("Linhas previstas"), formats.number(len(result.scored)), border=True)
    rejected.metric(_("Linhas rejeitadas"), formats.number(len(result.rejected)), border=True)
    unusual.metric(
        _("Previstas com aviso"),
        formats.number(warned),
        border=True,
        help=_("O modelo não viu valores assim no treino; a previsão é menos segura."),
    )
    table = _with_notes(result.scored, result.warnings, _("avisos"))
    refused = _with_notes(result.rejected, result.reasons, _("motivo"))
    _part(table, _("Previsões"), f"{entry.name}_previsoes.csv", "prediction_scored")
    _part(refused, _("Linhas rejeitadas"), f"{entry.name}_rejeitadas.csv", "prediction_rejected")


def _part(table: pd.DataFrame, title: str, file_name: str, key: str) -> None:
    if table.empty:
        return
    st.subheader(title)
    if len(table) > SHOWN_ROWS:
        st.caption(
            _("As primeiras {shown} de {rows} linhas; o arquivo tem todas.").format(
                shown=formats.number(SHOWN_ROWS), rows=formats.number(len(table))
            )
        )
    first = [name for name in table.columns if name in (_("motivo"), _("avisos"), "prediction")]
    classes = prediction.class_columns(table.columns)
    first += classes
    st.dataframe(
        _readable(table.head(SHOWN_ROWS)),
        column_order=[*first, *(name for name in table.columns if name not in first)],
        column_config={
            name: st.column_config.ProgressColumn(
                label, min_value=0.0, max_value=1.0, format="percent"
            )
            for name, label in classes.items()
        },
        placeholder=formats.MISSING,
        key=f"{key}_table",
    )
    downloads.button(
        _("Baixar CSV"),
        lambda: files.to_csv(table, language()),
        file_name,
        key=f"{key}_download",
    )


def _readable(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with words in each column that mixes words with other values.

    Streamlit shows such a column by ``astype("string")``, by which pandas changes the cells of the
    table itself where that comes out of a cache.
    """
    mixed = [str(name) for name in table if set(map(type, table[name].dropna())) > {str}]
    return table.assign(**{name: table[name].map(shown, na_action="ignore") for name in mixed})


def _with_notes(table: pd.DataFrame, notes: list[list], title: str) -> pd.DataFrame:  # type: ignore[type-arg]
    texts = [" ".join(translate(note) for note in found) for found in notes]
    return table.assign(**{title: texts})
