"""Whether what was collected is good enough, and what it allows to learn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import streamlit as st

from src import collection
from src.collection import Overview, Quality
from src.dashboard import formats, markdown
from src.dashboard.collection import words
from src.dashboard.i18n import _, ngettext
from src.dashboard.parts import table
from src.messages import N_


def draw(found: Overview) -> None:
    """Draw the quality targets, and what was rejected.

    Parameters
    ----------
    found : Overview
        Since the beginning.
    """
    targets = collection.quality(
        accepted=found.interactions + found.impressions,
        rejected=found.rejected,
        sessions=found.sessions,
        cars=found.cars,
        by_type={kind.value: count for kind, count in found.by_type.items() if kind.is_interaction},
    )
    met = sum(target.is_met for target in targets)
    st.subheader(_("Qualidade dos dados"))
    st.caption(
        _("{met} de {count} metas cumpridas, contando desde o começo da coleta.").format(
            met=met, count=len(targets)
        )
    )
    with st.grid(len(targets), min_column_width=190, gap="small", key="collection_quality"):
        for target in targets:
            with st.container(border=True, gap="xsmall", height="stretch"):
                _target(target, found)
    _rejected(found)


def _target(target: Quality, found: Overview) -> None:
    title, measured, reason = _SAID[target.name](target, found)
    if target.is_met:
        st.badge(_("cumprida"), icon=":material/check:", color="green")
    else:
        st.badge(_("ainda não"), icon=":material/close:", color="orange")
    st.metric(title, measured)
    st.caption(reason)


def _error_rate(target: Quality, found: Overview) -> tuple[str, str, str]:
    received = found.rejected + found.interactions + found.impressions
    return (
        _("Taxa de erro"),
        formats.percent(target.measured),
        ngettext(
            "{rejected} de {count} evento recusado; a meta é menos de {limit}.",
            "{rejected} de {count} eventos recusados; a meta é menos de {limit}.",
            received,
        ).format(
            rejected=formats.number(found.rejected),
            limit=formats.percent(target.target, decimals=0),
        ),
    )


def _enough(title: str, target: Quality, found: Overview) -> tuple[str, str, str]:
    measured, least = int(target.measured), formats.number(int(target.target))
    if target.is_met:
        reason = _("A meta é mais de {limit}.")
    else:
        reason = ngettext(
            "A meta é mais de {limit}: falta {count}.",
            "A meta é mais de {limit}: faltam {count}.",
            int(target.target) + 1 - measured,
        )
    return _(title), formats.number(measured), reason.format(limit=least)


def _balance(target: Quality, found: Overview) -> tuple[str, str, str]:
    done = {kind: count for kind, count in found.by_type.items() if kind.is_interaction}
    rarest = min(done, key=lambda kind: done[kind])
    limit = formats.percent(target.target, decimals=0)
    said = _("{kind}. Cada tipo deve ter pelo menos {limit} das interações.")
    return (
        _("Tipo mais raro"),
        formats.percent(target.measured),
        said.format(kind=words.kind(rarest), limit=limit),
    )


_SAID: dict[str, Callable[[Quality, Overview], tuple[str, str, str]]] = {
    "error_rate": _error_rate,
    "sessions": partial(_enough, N_("Sessões únicas")),
    "cars": partial(_enough, N_("Carros únicos")),
    "balance": _balance,
}


def _rejected(found: Overview) -> None:
    if not found.rejected:
        return
    label = ngettext(
        "{count} evento recusado, por motivo",
        "{count} eventos recusados, por motivo",
        found.rejected,
    )
    with st.expander(label, icon=":material/block:", key="collection_rejected"):
        reasons(found.rejections, key="collection_rejections")
        st.caption(_("O que o site enviou não é guardado, só o campo e o que há de errado nele."))


def reasons(counts: Mapping[str, int], *, key: str) -> None:
    """Draw how many events were rejected, by reason."""
    table.draw(
        list(counts),
        {
            "events": (lambda reason: counts[reason], table.count(_("Eventos"), 90)),
            "reason": (words.reason, table.text(_("Motivo"), "large")),
        },
        height="content",
        key=key,
    )


def learnable() -> None:
    """Draw which outcomes the collected types allow to learn, and why."""
    st.subheader(_("O que dá para aprender"))
    for target in collection.targets():
        icon = (
            ":green[:material/check_circle:]" if target.possible else ":orange[:material/cancel:]"
        )
        st.markdown(
            f"{icon} **{_(words.OUTCOMES[target.kind])}** · "
            + _("{positives} sim, {negatives} não").format(
                positives=formats.number(target.positives),
                negatives=formats.number(target.negatives),
            )
        )
        st.caption(markdown.said(target.reason))
