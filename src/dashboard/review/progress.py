"""How the review goes: the queue, who did how much and how fast, and whether people agree."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import streamlit as st

from src import days, review
from src.dashboard import formats, ui
from src.dashboard.i18n import _, ngettext
from src.dashboard.parts import periods, table
from src.dashboard.review import criteria, words
from src.persistence import utc_now
from src.review import Agreement, QueueState, Work

PACE_DAYS = 7
TREND_DAYS = 14


def draw() -> None:
    """Draw the progress of the review."""
    criteria.refreshing()
    state = review.queue_state()
    _queue(state)
    since = _since()
    works = review.reviewer_progress(since)
    st.markdown("#### " + _("Quem revisou"))
    if works:
        _people(works)
    else:
        st.info(
            _("Ninguém decidiu nada neste período. As decisões aparecem aqui assim que houver."),
            icon=":material/hourglass_empty:",
        )
    st.markdown("#### " + _("As pessoas concordam?"))
    _agreement(review.measure_agreement(since))


def _midnight(days_ago: int) -> dt.datetime:
    return days.beginning(days.today() - dt.timedelta(days=days_ago))


def _queue(state: QueueState) -> None:
    age = None if state.oldest is None else formats.age(state.oldest, utc_now())
    figures = (
        (_("Esperando"), state.waiting, age and _("desde há {age}").format(age=age)),
        (_("Em leitura agora"), state.claimed, None),
        (_("Falta outra opinião"), state.partly, None),
        (_("Em desacordo"), state.adjudication, None),
        (
            _("Decididas"),
            state.approved + state.rejected,
            ngettext("{count} aprovada", "{count} aprovadas", state.approved),
        ),
    )
    for column, (label, value, note) in zip(st.columns(5), figures, strict=True):
        with column:
            ui.metric(label, formats.number(value), note, height="stretch")
    st.caption(_pace(state.decisions_left))


def _pace(left: int) -> str:
    """Say how fast it goes, and how long the rest takes at that pace."""
    works = review.reviewer_progress(_midnight(PACE_DAYS - 1))
    # What was sent back is asked of someone else, and so leaves as many to make.
    made = sum(work.approved + work.rejected for work in works)
    if not left:
        return _("Nada espera na fila.")
    if not made:
        return _("Nos últimos {days} dias ninguém decidiu nada; sem ritmo não há previsão.").format(
            days=PACE_DAYS
        )
    over = _days_at_work()
    if over is None:
        return _(
            "As decisões começaram há menos de um dia. Quanto tempo o resto leva, aparece aqui "
            "depois do primeiro dia de trabalho."
        )
    a_day = made / over
    rest = max(1, round(left / a_day))
    return (
        _("Nos últimos {days} dias, {pace} decisões por dia.").format(
            days=over, pace=formats.number(a_day, decimals=1)
        )
        + " "
        + ngettext(
            "Nesse ritmo, o que falta leva cerca de {count} dia (decisões a tomar: {left}).",
            "Nesse ritmo, o que falta leva cerca de {count} dias (decisões a tomar: {left}).",
            rest,
        ).format(left=formats.number(left))
    )


def _days_at_work() -> int | None:
    """Return over how many days the pace is measured; None until there is a whole one.

    Who comes back after a week without a decision begins anew.
    """
    ago = dt.timedelta(days=1)
    before = review.reviewer_progress(_midnight(2 * PACE_DAYS - 1), utc_now() - ago)
    if not before:
        return None
    first = min(day for work in before for day in work.days)
    return min(PACE_DAYS, (days.today() - first).days + 1)


def _since() -> dt.datetime | None:
    choice = periods.pick([*periods.DAYS, periods.ALL], key="periodo_revisao")
    return periods.moments(periods.chosen(choice, days.today()))[0]


def _people(works: Sequence[Work]) -> None:
    today = days.today()
    columns = [today - dt.timedelta(days=back) for back in range(TREND_DAYS - 1, -1, -1)]
    table.draw(
        works,
        {
            "who": (lambda work: work.reviewer, table.text(_("Pessoa"), "medium")),
            "decisions": (lambda work: work.decisions, table.count(_("Decisões"))),
            "approved": (lambda work: work.approved, table.count(_("Aprovadas"))),
            "rejected": (lambda work: work.rejected, table.count(_("Rejeitadas"))),
            "returned": (lambda work: work.returned, table.count(_("Devolvidas"))),
            "time": (
                lambda work: formats.duration(work.median_seconds),
                st.column_config.TextColumn(
                    _("Tempo típico"), help=_("Mediana, de pegar a conversa a decidir.")
                ),
            ),
            "days": (
                lambda work: [work.days.get(day, 0) for day in columns],
                st.column_config.BarChartColumn(_("Por dia, 14 dias"), y_min=0, width="medium"),
            ),
        },
        height="content",
        key="review_people",
    )


def _agreement(found: Sequence[Agreement]) -> None:
    if not found:
        st.info(
            _(
                "Nenhuma conversa foi julgada por duas pessoas neste período. Para medir, peça "
                "duas ou mais pessoas por conversa em Critérios."
            ),
            icon=":material/group:",
        )
        return
    st.caption(
        _(
            "O kappa desconta o acaso: 0 é o que duas pessoas que sorteiam alcançam, 1 é acordo "
            "total. Só contam opiniões dadas sem ver as outras."
        )
    )
    st.markdown("**" + _("Por critério, todas as pessoas (kappa de Fleiss)") + "**")
    _table([it for it in found if it.kind == "all"], "review_agreement_all", who=False)
    with st.expander(_("Cada pessoa contra as outras (kappa de Cohen)"), icon=":material/person:"):
        _table([it for it in found if it.kind == "reviewer"], "review_agreement_each")
    with st.expander(_("Cada par de pessoas (kappa de Cohen)"), icon=":material/group:"):
        _table([it for it in found if it.kind == "pair"], "review_agreement_pairs")


def _table(found: Sequence[Agreement], key: str, *, who: bool = True) -> None:
    people = (lambda it: " × ".join(it.reviewers), table.text(_("Quem"), "medium"))
    table.draw(
        found,
        {
            "criterion": (
                lambda it: words.criterion(it.criterion),
                table.text(_("Critério"), "medium"),
            ),
            **({"who": people} if who else {}),
            "n": (
                lambda it: it.n,
                st.column_config.NumberColumn(
                    "n", format="localized", width=60, help=_("Coisas que julgaram em comum.")
                ),
            ),
            "observed": (
                lambda it: formats.percent(it.observed, decimals=0),
                table.text(_("Mesma resposta"), 120),
            ),
            "kappa": (lambda it: formats.number(it.kappa, decimals=2), table.text("kappa", 80)),
            "means": (
                lambda it: words.agreement(it.kappa, it.n),
                table.text(_("A concordância é"), "large"),
            ),
        },
        height="content",
        key=key,
    )
