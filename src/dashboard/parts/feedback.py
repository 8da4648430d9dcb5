"""Getting the customers' opinion of the answers: what to put on a site, and the other ways in."""

from __future__ import annotations

import html

import streamlit as st

from src import access
from src.config import get_settings
from src.dashboard.i18n import _

SNIPPET = """\
<script src="{url}/feedback.js" data-key="{key}" defer></script>

<!-- {answer} -->
<p data-bancada-turn="{turn}">{text}</p>

<!-- {end} -->
<div data-bancada-conversation="{conversation}"></div>"""


def draw(key: str, *, expanded: bool = False) -> None:
    """Draw the ways in, folded away unless there is no feedback yet.

    Parameters
    ----------
    key : str
        Tells apart the screens that draw it.
    """
    with st.expander(
        _("Receber a opinião dos clientes: 👍, 👎 e estrelas"),
        icon=":material/thumbs_up_down:",
        expanded=expanded,
        key=f"{key}_feedback",
    ):
        st.markdown(
            _(
                "**No site.** Cole o trecho nas páginas da conversa. Cada mensagem marcada ganha "
                "👍 e 👎; a conversa, cinco estrelas com comentário. Ponha no lugar do exemplo os "
                "códigos com que as mensagens e as conversas são importadas aqui: é por eles que a "
                "opinião chega à mensagem certa, antes ou depois da importação."
            )
        )
        st.code(
            snippet(
                get_settings().resolved_api_url,
                access.write_key() or "…",
                answer=_("em cada resposta do assistente, quando estiver completa:"),
                turn=_("CODIGO_DA_MENSAGEM"),
                text=_("O Onix 2017 custa R$ 45.900."),
                end=_("onde a conversa termina:"),
                conversation=_("CODIGO_DA_CONVERSA"),
            ),
            "html",
            wrap_lines=True,
        )
        st.caption(
            _(
                "A chave só envia eventos e avaliações, por isso pode ser pública. O endereço do "
                "site precisa estar em `BANCADA_CORS_ORIGINS`."
            )
        )
        st.markdown(_whatsapp())
        st.markdown(
            _(
                "**De qualquer programa.** `POST {url}/api/feedback` com a chave no cabeçalho "
                "`X-API-Key`; os campos estão em `docs/feedback.md`."
            ).format(url=get_settings().resolved_api_url)
        )


def _whatsapp() -> str:
    settings = get_settings()
    if settings.whatsapp_app_secret is None or settings.whatsapp_verify_token is None:
        return _(
            "**No WhatsApp.** Desligado. Quem cuida da instalação define "
            "`BANCADA_WHATSAPP_APP_SECRET` e `BANCADA_WHATSAPP_VERIFY_TOKEN` e reinicia; depois as "
            "reações às mensagens do assistente chegam sozinhas."
        )
    return _(
        "**No WhatsApp.** Ligado: as reações chegam por `{url}/api/webhooks/whatsapp`, o endereço "
        "que se põe no aplicativo da Meta."
    ).format(url=settings.resolved_api_url)


def snippet(
    url: str, key: str, *, answer: str, turn: str, text: str, end: str, conversation: str
) -> str:
    """Return what a site puts on its pages.

    Examples
    --------
    >>> said = {"answer": "a", "turn": "m1", "text": "Oi", "end": "b", "conversation": "c1"}
    >>> snippet("https://api.exemplo", "k", **said).splitlines()[0]
    '<script src="https://api.exemplo/feedback.js" data-key="k" defer></script>'
    """
    return SNIPPET.format(
        url=html.escape(url),
        key=html.escape(key),
        answer=answer,
        turn=html.escape(turn),
        text=html.escape(text),
        end=end,
        conversation=html.escape(conversation),
    )
