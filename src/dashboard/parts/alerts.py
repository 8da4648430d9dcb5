"""A room's alert rules on its screen: how each stands, a test of each, and what they said."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

import pandas as pd
import streamlit as st

from src import alerts
from src.config import get_settings
from src.dashboard import formats, markdown, shell, ui
from src.dashboard.i18n import _, ngettext, translate
from src.messages import N_

LOOKS = {
    alerts.Severity.GOOD: (":material/check:", "green"),
    alerts.Severity.PENDING: (":material/hourglass_top:", "blue"),
    alerts.Severity.IDLE: (":material/more_horiz:", "gray"),
    alerts.Severity.WARNING: (":material/notifications:", "orange"),
    alerts.Severity.ALARM: (":material/error:", "red"),
}
KINDS = {
    alerts.Kind.CHECK: N_("conferido"),
    alerts.Kind.FIRED: N_("disparou"),
    alerts.Kind.RECOVERED: N_("voltou ao normal"),
    alerts.Kind.TEST: N_("teste"),
}
HISTORY = 50
FAILED = "failed: "


def draw(rules: Sequence[alerts.Rule], *, key: str) -> None:
    """Draw rules folded away, with a test of each and the log; read when it is opened.

    Parameters
    ----------
    key : str
        The screen's word; its widgets' keys begin with it.
    """
    place = st.expander(
        _("Alertas"), icon=":material/notifications:", key=folded(key), on_change="rerun"
    )
    if not place.open:
        return
    with place, ui.errors():
        _webhook()
        latest = alerts.latest([rule.id for rule in rules])
        for rule in rules:
            _rule(rule, latest.get(rule.id), key)
        _history(rules, key)


def folded(key: str) -> str:
    """Return the widget key of the folded part."""
    return f"{key}_alerts"


def badge(state: alerts.State) -> None:
    """Draw a state in its words and colour."""
    icon, colour = LOOKS[state.severity]
    st.badge(_(state.label), icon=icon, color=colour)  # type: ignore[arg-type]


def tell(state: alerts.State, text: str) -> None:
    """Draw what a rule that fires has to say, at the top of its screen.

    Good news is left to the screen, which has something to press for it.

    Parameters
    ----------
    text : str
        Markdown.
    """
    if state.severity is not alerts.Severity.GOOD:
        box = st.error if state.severity is alerts.Severity.ALARM else st.warning
        box(text, icon=LOOKS[state.severity][0])


def _webhook() -> None:
    address = get_settings().alert_webhook_url
    secret = address.get_secret_value() if address else ""
    text = (
        _("Conferidos a cada {every}, também com esta página fechada. Avisos vão para {host}.")
        if secret
        else _(
            "Conferidos a cada {every}, também com esta página fechada. Nenhum webhook "
            "configurado: para receber avisos no Slack, Teams, Mattermost ou Discord, ponha o "
            "endereço em `BANCADA_ALERT_WEBHOOK_URL` e reinicie."
        )
    )
    every = formats.duration(get_settings().alert_seconds)
    host = markdown.escape(urlsplit(secret).hostname or "?")
    st.caption(text.format(every=every, host=host))


def _rule(rule: alerts.Rule, last: alerts.Evaluation | None, key: str) -> None:
    reading = rule.read()
    with st.container(border=True, gap="xsmall"):
        with st.container(
            horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
        ):
            with st.container(horizontal=True, vertical_alignment="center", width="content"):
                st.markdown(f"**{translate(rule.title)}**", width="content")
                badge(rule.state(reading.state))
            pressed = st.button(
                _("Testar"),
                key=f"{key}_test_{rule.id}",
                icon=":material/send:",
                help=_("Avalia a regra agora e manda um aviso marcado como teste ao webhook."),
            )
        st.markdown(markdown.said(reading.message))
        st.caption(
            _("Ainda não conferida pelo agendamento.")
            if last is None
            else _("Conferida pela última vez em {time}.").format(time=formats.moment(last.at))
        )
        if pressed:
            with ui.errors():
                _tested(alerts.test(rule, actor=shell.actor()))


def _tested(evaluation: alerts.Evaluation) -> None:
    if evaluation.delivery is None:
        st.info(
            _("Teste registrado no histórico. Sem webhook configurado, nada foi enviado."),
            icon=":material/info:",
        )
    elif evaluation.delivery.startswith(FAILED):
        st.error(
            _(
                "O webhook não recebeu o teste ({reason}). Confira o endereço e tente de novo."
            ).format(reason=markdown.escape(evaluation.delivery.removeprefix(FAILED))),
            icon=":material/error:",
        )
    else:
        st.success(_("O webhook recebeu o teste."), icon=":material/check_circle:")


def _history(rules: Sequence[alerts.Rule], key: str) -> None:
    by_id = {rule.id: rule for rule in rules}
    found = alerts.history(list(by_id), limit=HISTORY)
    if not found:
        st.caption(_("O histórico começa com a primeira conferência."))
        return
    title = ngettext("Última avaliação", "Últimas {count} avaliações", len(found))
    st.markdown(f"**{title}**")
    st.dataframe(
        pd.DataFrame(
            {
                _("Quando"): [formats.moment(item.at, seconds=True) for item in found],
                _("Regra"): [translate(by_id[item.rule].title) for item in found],
                _("O quê"): [_(KINDS[item.kind]) for item in found],
                _("Estado"): [_(by_id[item.rule].state(item.state).label) for item in found],
                _("Webhook"): [_delivery(item.delivery) for item in found],
                _("Por"): [item.actor or _("agendamento") for item in found],
                _("Mensagem"): [translate(item.message) for item in found],
            }
        ),
        hide_index=True,
        height=min(36 * (len(found) + 1), 260),
        key=f"{key}_alert_history",
    )


def _delivery(delivery: str | None) -> str:
    if delivery is None:
        return formats.MISSING
    if delivery.startswith(FAILED):
        return _("falhou: {reason}").format(reason=delivery.removeprefix(FAILED))
    return _("entregue") if delivery == "delivered" else _("enviando")
