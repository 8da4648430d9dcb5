"""How the review goes: the queue, who did how much and how fast, and whether people agree."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pandas as pd
import streamlit as st

from src import days, review
from src.dashboard import formats
from src.dashboard.i18n import _, language, plural
from src.dashboard.parts import periods
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
    lang = language()
    columns = st.columns(5)
    for column, label, value, note in (
        (
            columns[0],
            _("Esperando"),
            state.waiting,
            None
            if state.oldest is None
            else _("desde há {age}").format(age=formats.age(state.oldest, utc_now(), lang)),
        ),
        (columns[1], _("Em leitura agora"), state.claimed, None),
        (columns[2], _("Falta outra opinião"), state.partly, None),
        (columns[3], _("Em desacordo"), state.adjudication, None),
        (
            columns[4],
            _("Decididas"),
            state.approved + state.rejected,
            plural("{count} aprovada", "{count} aprovadas", state.approved),
        ),
    ):
        column.metric(
            label,
            formats.number(value, lang),
            note,
            delta_color="off",
            delta_arrow="off",
            border=True,
            height="stretch",
        )
    st.caption(_pace(state.decisions_left))


def _pace(left: int) -> str:
    """Say how fast it goes, and how long the rest takes at that pace."""
    lang = language()
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
            days=over, pace=formats.number(a_day, lang, decimals=1)
        )
        + " "
        + plural(
            "Nesse ritmo, o que falta leva cerca de {count} dia (decisões a tomar: {left}).",
            "Nesse ritmo, o que falta leva cerca de {count} dias (decisões a tomar: {left}).",
            rest,
            left=formats.number(left, lang),
        )
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
    lang, today = language(), days.today()
    columns = [today - dt.timedelta(days=back) for back in range(TREND_DAYS - 1, -1, -1)]
    st.dataframe(
        pd.DataFrame(
            {
                "who": [work.reviewer for work in works],
                "decisions": [work.decisions for work in works],
                "approved": [work.approved for work in works],
                "rejected": [work.rejected for work in works],
                "returned": [work.returned for work in works],
                "time": [formats.duration(work.median_seconds, lang) for work in works],
                "days": [[work.days.get(day, 0) for day in columns] for work in works],
            }
        ),
        hide_index=True,
        height="content",
        key="review_people",
        column_config={
            "who": st.column_config.TextColumn(_("Pessoa"), width="medium"),
            "decisions": st.column_config.NumberColumn(_("Decisões"), format="localized"),
            "approved": st.column_config.NumberColumn(_("Aprovadas"), format="localized"),
            "rejected": st.column_config.NumberColumn(_("Rejeitadas"), format="localized"),
            "returned": st.column_config.NumberColumn(_("Devolvidas"), format="localized"),
            "time": st.column_config.TextColumn(
                _("Tempo típico"), help=_("Mediana, de pegar a conversa a decidir.")
            ),
            "days": st.column_config.BarChartColumn(_("Por dia, 14 dias"), y_min=0, width="medium"),
        },
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
    lang = language()
    rows = pd.DataFrame(
        {
            "criterion": [words.criterion(it.criterion) for it in found],
            "who": [" × ".join(it.reviewers) for it in found],
            "n": [it.n for it in found],
            "observed": [formats.percent(it.observed, lang, decimals=0) for it in found],
            "kappa": [formats.number(it.kappa, lang, decimals=2) for it in found],
            "means": [words.agreement(it.kappa, it.n) for it in found],
        }
    )
    st.dataframe(
        rows if who else rows.drop(columns="who"),
        hide_index=True,
        height="content",
        key=key,
        column_config={
            "criterion": st.column_config.TextColumn(_("Critério"), width="medium"),
            "who": st.column_config.TextColumn(_("Quem"), width="medium"),
            "n": st.column_config.NumberColumn(
                "n", format="localized", width=60, help=_("Coisas que julgaram em comum.")
            ),
            "observed": st.column_config.TextColumn(_("Mesma resposta"), width=120),
            "kappa": st.column_config.TextColumn("kappa", width=80),
            "means": st.column_config.TextColumn(_("A concordância é"), width="large"),
        },
    )
