"""What matters now about the quality: what became worse, and the five figures against before."""

from __future__ import annotations

import datetime as dt

import streamlit as st

from src import alerts, days, review
from src.dashboard import formats, markdown
from src.dashboard.i18n import _, ngettext, translate
from src.dashboard.parts import alerts as panel
from src.dashboard.parts.periods import Period
from src.dashboard.quality import words
from src.dashboard.quality.filters import Choice

COMPARED = {"now", "before", "count", "count_before"}
"""What the message of a figure that became worse tells."""


def warnings() -> None:
    """Draw the rules that fire, as they were last checked; nothing when none does."""
    rules = {rule.id: rule for rule in review.alert_rules()}
    firing = [found for found in alerts.latest(list(rules)).values() if found.firing]
    worse = [found for found in firing if found.message.params.keys() >= COMPARED]
    for found in firing:
        if found not in worse:
            panel.tell(rules[found.rule].state(found.state), markdown.said(found.message))
    if not worse:
        return
    st.error(
        _("Nos últimos 7 dias piorou mais do que o acaso explica, contra os 7 anteriores:")
        + "".join(
            f"\n- **{translate(rules[found.rule].title)}**: {_now_and_before(found)}"
            for found in worse
        )
        + "\n\n"
        + _(
            "Escolha **7 dias** e a medida, veja em que canal e tema foi, e ponha as conversas "
            "por trás do número na fila de revisão. O que conferir está em Alertas."
        ),
        icon=":material/trending_down:",
    )


def _now_and_before(found: alerts.Evaluation) -> str:
    values = found.message.params
    name = found.rule.removeprefix("quality_")

    def written(value: float) -> str:
        if name in words.SHARES:  # the message has them from 0 to 100
            return formats.percent(value / 100)
        return formats.number(value, decimals=1) + (" s" if name == "answer_seconds" else "")

    return _("{now} ({count} conversas); antes {before} ({count_before})").format(
        now=written(float(values["now"])),
        before=written(float(values["before"])),
        count=formats.number(int(values["count"])),
        count_before=formats.number(int(values["count_before"])),
    )


def draw(found: review.Compared, choice: Choice) -> None:
    """Draw the five figures, each with its interval, its sample and the change from before."""
    with st.grid(5, min_column_width=145, gap="small", key="quality_figures"):
        for name in words.TITLES:
            with st.container(border=True, height="stretch", gap="xsmall"):
                _figure(name, found)
    st.caption(_against(found, choice))


def _figure(name: str, found: review.Compared) -> None:
    now, before = getattr(found.now, name), getattr(found.before, name)
    change = found.changes[name]
    colour = "off"
    if change.beyond_chance:
        colour = "inverse" if name in words.WORSE_WHEN_HIGHER else "normal"
    st.metric(
        _(words.NARROW[name]),
        words.written(name, now.value),
        delta=None if change.difference is None else words.difference(name, change.difference),
        delta_color=colour,  # type: ignore[arg-type]
        help=_(words.MEANINGS[name]),
    )
    if now.value is None:
        st.caption(_missing(name))
        return
    median = words.median(name, now)
    lines = [
        *([_("é a média; {median}").format(median=median)] if median else []),
        _("95 %: {interval}").format(interval=words.interval(name, now)),
        words.counted(now),
    ]
    if before.value is not None:
        reading = words.reading(name, change)
        lines = [
            f"**{reading}**" if change.beyond_chance else reading,
            *lines,
            _("antes {value} (de {count})").format(
                value=", ".join(
                    filter(None, (words.written(name, before.value), words.median(name, before)))
                ),
                count=formats.number(before.conversations),
            ),
        ]
    st.caption("  \n".join(lines))


def _missing(name: str) -> str:
    if name == "tone":
        return _("Ninguém avaliou.") if review.judge_is_on() else _("Desligado: veja abaixo.")
    return {
        "satisfaction": _("Nenhuma reação nem nota de cliente."),
        "answer_seconds": _("Sem horários ou sem respostas."),
    }.get(name) or _("Nenhuma conversa terminada.")


def _against(found: review.Compared, choice: Choice) -> str:
    period = choice.period
    count, untimed = found.now.conversations, review.quality_span().untimed
    said = [
        ngettext(
            "{count} conversa começou no período.", "{count} conversas começaram no período.", count
        )
        if count
        else _("Nenhuma conversa começou no período.")
    ]
    if untimed and (period.since is not None or period.until is not None):
        said.append(
            ngettext(
                "{count} conversa não tem horários e só entra em **Tudo**.",
                "{count} conversas não têm horários e só entram em **Tudo**.",
                untimed,
            )
        )
    said.append(_before(found.before.conversations, period))
    return " ".join(said)


def _before(count: int, period: Period) -> str:
    """Say what the figures are compared with."""
    if period.since is None:
        return _("Escolha um período com começo para comparar com o anterior.")
    eve = period.since - dt.timedelta(days=1)
    first = formats.day(eve - ((period.until or days.today()) - period.since))
    last = formats.day(eve)
    if not count:
        return _("De {first} a {last} não começou nenhuma: não há com que comparar.").format(
            first=first, last=last
        )
    return ngettext(
        "Comparado com o período de {first} a {last}, de {count} conversa. Cinza: o acaso "
        "explicaria a diferença.",
        "Comparado com o período de {first} a {last}, de {count} conversas. Cinza: o acaso "
        "explicaria a diferença.",
        count,
    ).format(first=first, last=last)
