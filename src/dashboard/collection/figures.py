"""What matters now about the collection: figures, what asks for action, how far the goals are."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from src import collection, days
from src.alerts import Reading
from src.collection import InteractionType, Overview
from src.dashboard import formats, markdown, ui
from src.dashboard.collection import words
from src.dashboard.i18n import _, ngettext
from src.dashboard.parts import alerts as panel
from src.dashboard.parts import periods
from src.dashboard.parts.periods import Period
from src.persistence import utc_now

SHORT_SECONDS = 100
"""Mean durations below are written in seconds alone, so that they fit beside the others."""


def figures(found: Overview, period: Period) -> None:
    """Draw the five figures of the period, and its events by type."""
    now = utc_now()
    delta, against = _trend(period)
    with st.grid(5, min_column_width=145, gap="small", key="collection_figures"):
        st.metric(
            _("Interações"),
            formats.number(found.interactions),
            delta=delta,
            border=True,
            height="stretch",
            help=_(
                "Cliques, visualizações de detalhes e contatos; o que só foi exibido não conta."
            ),
        )
        ui.metric(
            _("Sessões"),
            formats.number(found.sessions),
            height="stretch",
            help=_("Sessões cuja primeira interação está no período."),
        )
        ui.metric(
            _("Carros"),
            formats.number(found.cars),
            height="stretch",
            help=_("Carros diferentes com pelo menos uma interação no período."),
        )
        ui.metric(
            _("Tempo médio"),
            _seconds(found.mean_duration),
            ngettext("{count} medida", "{count} medidas", found.timed),
            height="stretch",
            help=_("Por quanto tempo, em média, os detalhes de um carro ficam abertos."),
        )
        ui.metric(
            _("Último evento há"),
            formats.age(found.last_event, now),
            formats.moment(found.last_event),
            height="stretch",
        )
    st.caption(by_type(found) + (f"  \n{against}" if against else ""))


def by_type(found: Overview) -> str:
    """Say how many events of each type there are, with the share among interactions."""
    parts = []
    for kind in words.TYPES:
        count = found.by_type[kind]
        text = f"{words.kind(kind)} **{formats.number(count)}**"
        if kind.is_interaction and found.interactions:
            text += f" ({words.share(count, found.interactions)})"
        parts.append(text)
    return " · ".join(parts)


def _seconds(mean: float | None) -> str:
    if mean is None or mean >= SHORT_SECONDS:
        return formats.duration(mean)
    return formats.number(mean, decimals=0 if mean >= 10 else 1) + " s"


def _trend(period: Period) -> tuple[str | None, str | None]:
    """Return how much the interactions changed, and against what; None without a before."""
    spans = periods.compared(period, days.today())
    if spans is None:
        return None, None
    later, earlier = spans
    rows = collection.daily(earlier.since, later.until)
    done = [row for row in rows if row.kind.is_interaction]
    before = sum(row.events for row in done if earlier.until and row.day <= earlier.until)
    after = sum(row.events for row in done) - before
    if not before or earlier.since is None or earlier.until is None:
        return None, None
    length = (earlier.until - earlier.since).days + 1
    change = formats.percent((after - before) / before, decimals=0)
    return change, ngettext(
        "Variação das interações ante o dia anterior, sem contar hoje.",
        "Variação das interações ante os {count} dias anteriores, sem contar hoje.",
        length,
    )


def readings() -> dict[str, Reading]:
    """Return what each rule of the collection finds now, by its id."""
    return {rule.id: rule.read() for rule in collection.alert_rules()}


def alerts(now: Mapping[str, Reading], found: Overview) -> None:
    """Draw the rules that fire, each with what to do; nothing when none does.

    That there is enough to train is said by the button that does it.
    """
    for rule in collection.alert_rules():
        reading = now[rule.id]
        if not reading.firing:
            continue
        text = markdown.said(reading.message)
        reason = next(iter(found.rejections), None)
        if rule.id == "error_rate" and reason is not None:
            text += " " + _("Motivo mais frequente no período: {reason}.").format(
                reason=markdown.escape(words.reason(reason))
            )
        panel.tell(rule.state(reading.state), text)


def goals(interactions: int) -> None:
    """Draw how far the goals are, and when each will be reached."""
    today = days.today()
    pace = collection.pace(today)
    found = collection.progress(interactions, pace, today)
    st.subheader(_("Quanto falta"))
    st.caption(
        _(
            "{count} interações desde o começo. Ritmo dos últimos 7 dias inteiros: {pace} por dia."
        ).format(
            count=formats.number(interactions),
            pace=formats.number(pace, decimals=0 if pace >= 10 or not pace else 1),
        )
    )
    with st.grid(len(found), min_column_width=230, gap="small", key="collection_goals"):
        for goal in found:
            with st.container(border=True, gap="xsmall", height="stretch"):
                _goal(goal)


def _goal(goal: collection.Goal) -> None:
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        st.markdown("##### " + formats.number(goal.target), width="content")
        if goal.is_met:
            st.badge(_("atingida"), icon=":material/check:", color="green")
        elif goal.expected is not None:
            st.badge(
                _("em {day}").format(day=formats.day(goal.expected)),
                icon=":material/event:",
                color="blue",
                help=_("Se o ritmo dos últimos 7 dias continuar."),
            )
        else:
            st.badge(
                _("sem previsão"),
                icon=":material/event_busy:",
                color="gray",
                help=_("Nenhuma interação nos últimos 7 dias inteiros, ou um ritmo baixo demais."),
            )
    st.progress(goal.share)
    st.caption(
        _("{reached} de {target} ({share}).").format(
            reached=formats.number(min(goal.reached, goal.target)),
            target=formats.number(goal.target),
            share=formats.percent(goal.share, decimals=0),
        )
        + " "
        + _(words.GOALS[goal.target])
    )


def is_empty(found: Overview) -> bool:
    """Whether no event of any type is there."""
    return not any(found.by_type[kind] for kind in InteractionType)
