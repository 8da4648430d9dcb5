"""Looking through the conversations: filters and search in the address, one opened to read."""

from __future__ import annotations

import streamlit as st

from src import conversations, days
from src.conversations import Filters, Outcome, Summary
from src.dashboard import formats
from src.dashboard.i18n import _, ngettext
from src.dashboard.parts import review_tabs, table
from src.dashboard.review import erasure, reading, words

PER_PAGE = 25
SNIPPET = 160
_TABLE_ROUND = "conversations_round"


def draw() -> None:
    """Draw the one that is opened, else the list."""
    opened = st.query_params.get(review_tabs.OPEN)
    if opened:
        if st.button(_("Voltar à lista"), key="conversations_back", icon=":material/arrow_back:"):
            del st.query_params[review_tabs.OPEN]
            st.session_state[_TABLE_ROUND] = st.session_state.get(_TABLE_ROUND, 0) + 1
            st.rerun()
        reading.draw(opened)
        return
    _browse()
    erasure.search()


def _browse() -> None:
    filters = _filters()
    page = int(st.session_state.get("conversations_page", 1))
    found = conversations.list_conversations(filters, offset=(page - 1) * PER_PAGE, limit=PER_PAGE)
    if not found.items and page > 1:
        st.session_state["conversations_page"] = 1
        st.rerun()
    st.caption(
        ngettext("{count} conversa", "{count} conversas", found.total)
        + " · "
        + _("as mais novas primeiro, as sem data no fim; escolha uma linha para ler")
    )
    if not found.total:
        st.info(
            _("Nenhuma conversa corresponde. Tire um filtro ou procure por outras palavras."),
            icon=":material/search_off:",
        )
        return
    _table(found.items, filters.query)
    pages = -(-found.total // PER_PAGE)
    if pages > 1:
        st.pagination(pages, key="conversations_page")


def _filters() -> Filters:
    pattern = formats.day_pattern()
    query = st.text_input(
        _("Procurar no texto das mensagens"),
        key="busca",
        bind="query-params",
        icon=":material/search:",
        placeholder=_("entrega atrasada"),
        help=_("Todas as palavras, na mesma mensagem; maiúsculas e acentos não contam."),
        max_chars=200,
    )
    with (
        st.expander(_("Filtros"), icon=":material/filter_list:", key="conversations_filters"),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        since = st.date_input(
            _("De"), value=None, format=pattern, key="desde", bind="query-params", width=160
        )
        until = st.date_input(
            _("Até"), value=None, format=pattern, key="ate_dia", bind="query-params", width=160
        )
        channel = _choice(_("Canal"), "channel", "canal")
        status = _choice(_("Situação"), "status", "situacao")
        topic = _choice(_("Tema"), "topic", "tema")
        outcome = st.selectbox(
            _("Como terminou"),
            [str(one) for one in Outcome],
            index=None,
            placeholder=_("todas"),
            format_func=lambda one: _(words.OUTCOMES[Outcome(one)]),
            key="desfecho",
            bind="query-params",
            width=180,
        )
        at_least = st.number_input(
            _("Mensagens, no mínimo"),
            min_value=0,
            value=0,
            key="minimo",
            bind="query-params",
            width=180,
        )
    begins, ends = days.between(since, until)
    return Filters(
        since=begins,
        until=ends,
        channel=channel,
        status=status,
        topic=topic,
        outcome=Outcome(outcome) if outcome else None,
        minimum_turns=int(at_least),
        query=query or "",
    )


def _choice(label: str, field: str, key: str) -> str | None:
    values = conversations.values_of(field)
    if not values:
        return None
    found: str | None = st.selectbox(
        label,
        values,
        index=None,
        placeholder=_("todas"),
        key=key,
        bind="query-params",
        width=180,
    )
    return found


def _table(items: tuple[Summary, ...], query: str) -> None:
    snippets: dict[str, str] = {}
    if query.strip():
        for hit in conversations.search(query, limit=20 * PER_PAGE):
            snippets.setdefault(hit.conversation_id, hit.content[:SNIPPET])
    begins = conversations.beginnings([it.id for it in items], length=SNIPPET)
    columns = {
        "start": (
            lambda it: formats.moment(it.started_at) if it.timed else "",
            table.text(_("Início"), 140),
        ),
        "subject": (lambda it: it.subject, table.text(_("Assunto"), "medium")),
        "topic": (lambda it: it.topic, table.text(_("Tema"), "small")),
        "snippet": (
            lambda it: snippets.get(it.id) or begins.get(it.id, ""),
            table.text(_("Trecho") if snippets else _("Começa com"), "large"),
        ),
        "channel": (lambda it: it.channel, table.text(_("Canal"), "small")),
        "turns": (lambda it: it.turns, table.count(_("Mensagens"), "small")),
        "outcome": (
            lambda it: _(words.OUTCOMES[it.outcome]),
            table.text(_("Como terminou"), "small"),
        ),
        "status": (lambda it: it.status, table.text(_("Situação"), "small")),
    }
    always = ("snippet", "turns")  # to choose by
    event = table.draw(
        items,
        {
            name: (value, look)
            for name, (value, look) in columns.items()
            if name in always or any(map(value, items))
        },
        height="content",
        key=f"conversations_table_{st.session_state.get(_TABLE_ROUND, 0)}",
        on_select="rerun",
        selection_mode="single-row",
    )
    chosen = event.selection.rows
    if chosen:
        st.query_params[review_tabs.OPEN] = items[chosen[0]].id
        st.rerun()
