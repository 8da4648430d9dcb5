"""What matters now about the quality: what became worse, and the five figures against before."""

from __future__ import annotations

import datetime as dt

import streamlit as st

from src import alerts, review
from src.dashboard import collection_period, formats, markdown, quality_words
from src.dashboard.i18n import _, language, ngettext
from src.dashboard.quality_filters import Choice


def warnings() -> None:
    """Draw the rules that fire, as they were last checked; nothing when none does."""
    rules = [rule.id for rule in review.alert_rules()]
    for found in alerts.latest(rules).values():
        if found.firing:
            st.error(markdown.said(found.message), icon=":material/trending_down:")


def draw(found: review.Compared, choice: Choice) -> None:
    """Draw the five figures, each with its interval, its sample and the change from before."""
    with st.grid(5, min_column_width=165, gap="small", key="quality_figures"):
        for name in quality_words.TITLES:
            with st.container(border=True, height="stretch", gap="xsmall"):
                _figure(name, found)
    st.caption(_against(found, choice))


def _figure(name: str, found: review.Compared) -> None:
    now, before = getattr(found.now, name), getattr(found.before, name)
    change = found.changes[name]
    delta = None
    colour = "off"
    if change.difference is not None:
        delta = quality_words.difference(name, change.difference)
        if change.beyond_chance:
            colour = "inverse" if name in quality_words.WORSE_WHEN_HIGHER else "normal"
    st.metric(
        quality_words.title(name),
        quality_words.written(name, now.value),
        delta=delta,
        delta_color=colour,  # type: ignore[arg-type]
        delta_arrow="auto" if delta else "off",
        delta_description=quality_words.reading(name, change) if delta else None,
        help=_(quality_words.MEANINGS[name]),
    )
    if now.value is None:
        st.caption(_missing(name))
        return
    st.caption(
        _("95 %: {interval}").format(interval=quality_words.interval(name, now))
        + "  \n"
        + quality_words.counted(name, now)
    )
    if before.value is not None:
        st.caption(
            _("Antes: {value} ({counted})").format(
                value=quality_words.written(name, before.value),
                counted=quality_words.counted(name, before),
            )
        )


def _missing(name: str) -> str:
    if name == "tone":
        return _("Ninguém avaliou.") if review.judge_is_on() else _("Desligado: veja abaixo.")
    return {
        "satisfaction": _("Nenhuma reação nem nota de cliente."),
        "answer_seconds": _("As mensagens não têm horário."),
    }.get(name) or _("Nenhuma conversa terminada.")


def _against(found: review.Compared, choice: Choice) -> str:
    lang = language()
    period = choice.period
    text = ngettext(
        "{count} conversa começou no período.",
        "{count} conversas começaram no período.",
        found.now.conversations,
    ).format(count=formats.number(found.now.conversations, lang))
    if period.since is None:
        return text + " " + _("Escolha um período com começo para comparar com o anterior.")
    last = period.until or collection_period.today()
    eve = period.since - dt.timedelta(days=1)
    return (
        text
        + " "
        + ngettext(
            "Comparado com o período de {first} a {last}, de {count} conversa. Cinza: o acaso "
            "explicaria a diferença.",
            "Comparado com o período de {first} a {last}, de {count} conversas. Cinza: o acaso "
            "explicaria a diferença.",
            found.before.conversations,
        ).format(
            first=formats.day(eve - (last - period.since), lang),
            last=formats.day(eve, lang),
            count=formats.number(found.before.conversations, lang),
        )
    )
