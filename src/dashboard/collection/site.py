"""Getting the site to send events: what to put on its pages, and why nothing comes in."""

from __future__ import annotations

import html

import streamlit as st

from src import access
from src.config import get_settings
from src.dashboard import ui
from src.dashboard.collection import checks, live
from src.dashboard.collection.checks import State
from src.dashboard.i18n import _

OPEN = "collection_site"
"""Widget key of the folded checklist."""

ICONS = {
    State.OK: ":green[:material/check_circle:]",
    State.DOUBT: ":orange[:material/help:]",
    State.WRONG: ":red[:material/error:]",
    State.UNKNOWN: ":gray[:material/radio_button_unchecked:]",
}
SNIPPET = """\
<script src="{url}/tracker.js" data-key="{key}" defer></script>
<script>
  addEventListener("DOMContentLoaded", () => {{
    // {example}
    const preferences = {{
      budget_min: 30000, budget_max: 60000, usage: "trabalho",
      priorities: {{ economia: 5, espaco: 3, performance: 2, conforto: 3, seguranca: 4 }},
    }};
    const car = {{
      id: "car_001", marca: "Chevrolet", modelo: "Onix", ano: 2017, preco: 45900,
      categoria: "Hatch",
    }};
    const score = 0.85;

    // {when}
    const tracker = window.interactionTracker;
    tracker?.trackImpression(car.id, preferences, car, score);
    tracker?.trackCarClick(car.id, preferences, car, score);
    const view = tracker?.trackViewDetails(car.id, preferences, car, score);
    view?.end();
    tracker?.trackWhatsAppClick(car.id, preferences, car, score);
  }});
</script>"""
"""It works as it stands, and where a blocker keeps the tracker away the page goes on."""


def empty() -> None:
    """Draw the screen before the first event."""
    ui.empty(
        _("Nenhum evento ainda"),
        _(
            "Aqui aparecem, minuto a minuto, as exibições, os cliques, as visualizações de "
            "detalhes e os contatos do site, e quanto falta para treinar. Ponha o rastreador "
            "nas páginas do site, ou importe um `user_interactions.json`."
        ),
        icon=":material/ads_click:",
    )
    live.until_first_event()
    with ui.errors():
        st.subheader(_("1. No site"))
        _snippet()
        st.subheader(_("2. Se nada chegar"))
        _checklist()


def draw(*, silent: bool) -> None:
    """Draw the same folded away; the checks run when it is opened.

    Parameters
    ----------
    silent : bool
        Open it at first: that nothing comes in any more is what there is to look into.
    """
    place = st.expander(
        _("Instalação no site e diagnóstico"),
        icon=":material/troubleshoot:",
        key=OPEN,
        expanded=silent,
        on_change="rerun",
    )
    if place.open:
        with place, ui.errors():
            st.markdown("##### " + _("Por que não chegam eventos?"))
            _checklist()
            st.markdown("##### " + _("O que pôr no site"))
            _snippet()


def _snippet() -> None:
    key = access.write_key()
    st.markdown(
        _(
            "Cole nas páginas, ponha no lugar do exemplo os valores do site e chame cada função "
            "quando acontecer. A chave só envia eventos e avaliações, por isso pode ser pública."
        )
    )
    st.code(
        snippet(
            get_settings().resolved_api_url,
            key or "…",
            example=_("exemplo dos campos que são enviados; a nota vai de 0 a 1:"),
            when=_("cada uma quando acontecer:"),
        ),
        "html",
        wrap_lines=True,
    )


def snippet(url: str, key: str, *, example: str, when: str) -> str:
    """Return what a site puts on its pages.

    Examples
    --------
    >>> snippet("https://api.exemplo", "k", example="such", when="then").splitlines()[0]
    '<script src="https://api.exemplo/tracker.js" data-key="k" defer></script>'
    """
    return SNIPPET.format(url=html.escape(url), key=html.escape(key), example=example, when=when)


def _checklist() -> None:
    with st.skeleton(height=200):
        facts = checks.look()
    with st.container(border=True, gap="small", key="collection_checklist"):
        for check in checks.checks(facts):
            st.markdown(f"{ICONS[check.state]} **{check.title}**  \n{check.said}")
    st.button(
        _("Conferir de novo"),
        key="collection_check_again",
        icon=":material/refresh:",
        on_click=checks.forget,
    )
