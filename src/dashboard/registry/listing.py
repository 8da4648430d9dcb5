"""The list of registered models: filters, table, and which of them are chosen."""

from __future__ import annotations

import hashlib
from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from src.dashboard import formats, markdown, ui
from src.dashboard.i18n import _, ngettext
from src.dashboard.registry import words as registry_words

if TYPE_CHECKING:
    from pandas.io.formats.style import Styler

ADDRESS = "modelo"
"""The chosen models' names in the address, once for each."""

READY, CHAMPION, QUARANTINED = "prontos", "apelidados", "quarentena"

Records = dict[str, dict[str, Any]]


def chosen(records: Records) -> list[str]:
    """Return the models that the address names, and say which of them do not exist."""
    asked = st.query_params.get_all(ADDRESS)
    by_alias = {alias: name for name, record in records.items() for alias in record["aliases"]}
    found = [name if name in records else by_alias.get(name) for name in asked]
    for name, known in zip(asked, found, strict=True):
        if known is None:
            st.warning(
                _(
                    "O modelo «{name}» não existe. Ele pode ter sido excluído; escolha outro na "
                    "tabela ou procure na lixeira."
                ).format(name=markdown.escape(name)),
                icon=":material/warning:",
            )
    return list(dict.fromkeys(name for name in found if name))


def choose_next(*names: str) -> None:
    """Let the address name these models, so that the next run shows them."""
    if names:
        st.query_params[ADDRESS] = list(names)
    else:
        st.query_params.pop(ADDRESS, None)


def show_quarantined() -> None:
    """Filter the list down to what waits for a decision."""
    st.session_state["registry_state"] = QUARANTINED


def filters(records: Records) -> Records:
    """Draw the filters in one row and return the models that pass them."""
    tasks = sorted({str(record["task"]) for record in records.values() if record.get("task")})
    states = {
        READY: _("disponíveis"),
        CHAMPION: _("com apelido"),
        QUARANTINED: _("em quarentena"),
    }
    words, task_column, state_column = st.columns([2, 1, 1])
    text = words.text_input(
        _("Procurar"),
        key="registry_text",
        placeholder=_("nome, tipo, tabela, autor, apelido ou notas"),
        icon=":material/search:",
        bind="query-params",
    )
    task = task_column.selectbox(
        _("Tarefa"),
        tasks,
        index=None,
        format_func=registry_words.task,
        key="registry_task",
        placeholder=_("todas"),
        bind="query-params",
    )
    state = state_column.selectbox(
        _("Estado"),
        list(states),
        index=None,
        format_func=states.__getitem__,
        key="registry_state",
        placeholder=_("todos"),
        bind="query-params",
    )
    wanted = text.casefold().split()
    return {
        name: record
        for name, record in records.items()
        if (task is None or record.get("task") == task)
        and (state is None or _is_in(record, state))
        and all(word in _searched(name, record) for word in wanted)
    }


def _is_in(record: dict[str, Any], state: str) -> bool:
    if state == CHAMPION:
        return bool(record["aliases"])
    return bool(record["quarantined"]) == (state == QUARANTINED)


def _searched(name: str, record: dict[str, Any]) -> str:
    metadata = record["metadata"]
    facts = ("model_type", "model_name", "dataset", "target", "description")
    known = (str(metadata.get(fact) or "") for fact in facts)
    return " ".join([name, record.get("actor", ""), *record["aliases"], *known]).casefold()


def table(shown: Records, total: int, marked: list[str]) -> None:
    """Draw the models with those chosen marked; a mark changes the address."""
    if not shown:
        st.info(_("Nenhum modelo passa por estes filtros. Limpe um deles."), icon=":material/info:")
        return
    names = list(shown)
    frame = _frame(shown)
    # Marks are positions: when the rows are others, the old marks must not apply to them. When only
    # a cell is, the browser forgets its marks and shows them still; the next click does nothing.
    digest = hashlib.sha256(frame.to_json().encode()).hexdigest()[:12]
    key = f"registry_table_{digest}"
    ui.mark_rows(key, [names.index(name) for name in marked if name in shown])

    def choose() -> None:
        rows = st.session_state[key]["selection"]["rows"]
        choose_next(*(names[row] for row in rows if row < len(names)))

    text = st.column_config.TextColumn
    st.dataframe(
        _styled(frame),
        hide_index=True,
        key=key,
        on_select=choose,
        selection_mode="multi-row",
        height="content" if len(names) <= 10 else 388,
        placeholder=formats.MISSING,
        alt=_("Modelos registrados, do mais novo ao mais antigo"),
        column_config={
            "name": text(_("Modelo"), width=222),
            "state": text(_("Estado"), width=102),
            "aliases": text(_("Apelidos"), width=90),
            "metric": text(_("Métrica"), width=68, help=_("A que ordena modelos desta tarefa.")),
            "score": st.column_config.NumberColumn(_("Valor"), width=62),
            "type": text(_("Tipo"), width=118),
            "saved_at": ui.moment_column(_("Salvo em"), width=125),
            "task": text(_("Tarefa"), width=105),
            "dataset": text(_("Tabela"), width=140),
            "actor": text(_("Por"), width=90),
            "size": st.column_config.NumberColumn(_("Tamanho"), width=85),
        },
    )
    st.caption(_count(len(names), total))


def _count(shown: int, total: int) -> str:
    count = ngettext("{count} modelo", "{count} modelos", shown)
    if shown != total:
        count = _("{count} de {total}").format(count=count, total=formats.number(total))
    return f"{count}. " + _("Marque um para ver os detalhes, ou mais de um para comparar.")


def _styled(frame: pd.DataFrame) -> Styler:
    """Write the figures as the language does; sorting and download keep the numbers."""

    score = partial(formats.number, decimals=registry_words.DECIMALS)
    writers: dict[Any, Any] = {"score": score, "size": formats.size}
    return frame.style.format(writers)


def _frame(shown: Records) -> pd.DataFrame:
    rows = []
    for name, record in shown.items():
        found = registry_words.figures(record["metadata"])
        main = next(iter(registry_words.ranked(found, record.get("task"))), None)
        rows.append(
            {
                "name": name,
                "state": _("em quarentena") if record["quarantined"] else _("disponível"),
                "aliases": ", ".join(record["aliases"]) or None,
                "metric": main,
                "score": found[main] if main else None,
                "type": registry_words.model_type(record["metadata"]),
                "saved_at": record["saved_at"],
                "task": registry_words.task(record.get("task")),
                "dataset": record["metadata"].get("dataset"),
                "actor": record.get("actor") or None,
                "size": record.get("size"),
            }
        )
    frame = pd.DataFrame(rows)
    frame["saved_at"] = pd.to_datetime(frame["saved_at"], utc=True, format="ISO8601")
    frame["score"] = frame["score"].astype(float)
    return frame
