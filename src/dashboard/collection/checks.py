"""Why no event comes in: what can be looked at from here, and what to do about each finding."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

import httpx
import streamlit as st

from src import access, collection, days
from src.config import get_settings
from src.dashboard import formats, markdown
from src.dashboard.collection import words
from src.dashboard.i18n import _

TIMEOUT_SECONDS = 1.0
"""For each of two calls; the page waits for them."""

CACHE_SECONDS = 15
LEAST_FREE_BYTES = 2**30
LOCAL_HOSTS = {"localhost", "127.0.0.1", "::1"}


class Api(StrEnum):
    """How the API answered."""

    READY = "ready"
    NOT_READY = "not_ready"
    SILENT = "silent"


class Key(StrEnum):
    """Whether the API's keys are those of this installation, the one on the site among them."""

    TAKEN = "taken"
    REFUSED = "refused"
    NOT_MADE = "not_made"
    NOT_TRIED = "not_tried"


@dataclass(frozen=True)
class Facts:
    """What was found.

    Parameters
    ----------
    url : str
        Where pages are told to send events.
    api : Api
        How it answered there.
    answer : str
        The status or the kind of error, for who has to mend it.
    origins : str or None
        The setting: sites that may send; None for the default, this machine's own.
    refused : dict of str to int
        Events refused today, by reason.
    free_bytes : int
        Room on the disk of the data directory.
    impressions, interactions : int
        Events that came in, ever.
    """

    url: str
    api: Api
    answer: str
    key: Key
    origins: str | None
    refused: dict[str, int]
    free_bytes: int
    impressions: int
    interactions: int


class State(StrEnum):
    """How one check came out."""

    OK = "ok"
    DOUBT = "doubt"
    WRONG = "wrong"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Check:
    """One line of the checklist: what was looked at, what was found and what to do (Markdown)."""

    state: State
    title: str
    said: str


def look() -> Facts:
    """Gather what can be seen from here; calls of the API are kept for some seconds."""
    settings = get_settings()
    today = days.today()
    found = collection.overview()
    url = settings.resolved_api_url
    api, answer = _health(url)
    return Facts(
        url=url,
        api=api,
        answer=answer,
        key=_key(url, api),
        origins=settings.cors_origins,
        refused=collection.overview(today, today).rejections,
        free_bytes=shutil.disk_usage(settings.data_dir).free,
        impressions=found.impressions,
        interactions=found.interactions,
    )


def forget() -> None:
    """Let the next look call the API again."""
    _health.clear()
    _same_keys.clear()


@st.cache_data(ttl=CACHE_SECONDS, show_spinner=False)
def _health(url: str) -> tuple[Api, str]:
    try:
        answer = httpx.get(f"{url}/health/ready", timeout=TIMEOUT_SECONDS)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return Api.SILENT, type(error).__name__
    return (Api.READY if answer.is_success else Api.NOT_READY), f"HTTP {answer.status_code}"


def _key(url: str, api: Api) -> Key:
    if access.write_key() is None:
        return Key.NOT_MADE
    if api is Api.SILENT or not _is_private(url):
        return Key.NOT_TRIED
    return _same_keys(url)


def _is_private(url: str) -> bool:
    """Whether a key can be sent there without others reading it on the way."""
    parts = urlsplit(url)
    return parts.scheme == "https" or parts.hostname in LOCAL_HOSTS


@st.cache_data(ttl=CACHE_SECONDS, show_spinner=False)
def _same_keys(url: str) -> Key:
    """Ask for something that changes nothing: a refused event would count as an error."""
    try:
        answer = httpx.get(
            f"{url}/health/detailed",
            headers={"X-API-Key": access.load_keys().read},
            timeout=TIMEOUT_SECONDS,
        )
    except (httpx.HTTPError, httpx.InvalidURL):
        return Key.NOT_TRIED
    if answer.status_code == httpx.codes.FORBIDDEN:
        return Key.REFUSED
    # Anything else, such as a 404 of another program there, says nothing of the key.
    return Key.TAKEN if answer.is_success else Key.NOT_TRIED


def checks(facts: Facts) -> tuple[Check, ...]:
    """Return the checklist, from the way in to the people on the site."""
    outcomes = (
        (_("A API responde"), _api(facts)),
        (_("O site usa o endereço certo"), _address(facts)),
        (_("O site tem permissão (CORS)"), _origins(facts)),
        (_("A chave do site é aceita"), _write_key(facts)),
        (_("Os eventos seguem o esquema"), _refused(facts)),
        (_("Há onde gravar"), _room(facts)),
        (_("As pessoas interagem"), _people(facts)),
    )
    return tuple(Check(state, title, said) for title, (state, said) in outcomes)


def _api(facts: Facts) -> tuple[State, str]:
    url = _code(facts.url)
    if facts.api is Api.READY:
        return State.OK, _("{url} está pronta para receber eventos.").format(url=url)
    if facts.api is Api.NOT_READY:
        return (
            State.WRONG,
            _(
                "{url} está no ar, mas diz que não está pronta ({answer}), em geral porque não "
                "alcança o banco de dados. Veja /health/detailed e o log dela."
            ).format(url=url, answer=facts.answer),
        )
    return (
        State.WRONG,
        _(
            "Ninguém responde em {url} ({answer}). Inicie-a com `make run` ou `python -m src.api` "
            "e confira `BANCADA_API_PORT`."
        ).format(url=url, answer=facts.answer),
    )


def _address(facts: Facts) -> tuple[State, str]:
    parts = urlsplit(facts.url)
    if parts.hostname in LOCAL_HOSTS:
        return (
            State.DOUBT,
            _(
                "{url} só existe nesta máquina. Para um site publicado, ponha o endereço público "
                "da API em `BANCADA_API_URL` e copie de novo o trecho para o site."
            ).format(url=_code(facts.url)),
        )
    if parts.scheme != "https":
        return (
            State.DOUBT,
            _(
                "{url} não usa HTTPS, e o navegador bloqueia o envio a partir de um site que usa. "
                "Publique a API com HTTPS e ajuste `BANCADA_API_URL`."
            ).format(url=_code(facts.url)),
        )
    return (
        State.OK,
        _("Confira que o trecho no site aponta para {url}.").format(url=_code(facts.url)),
    )


def _origins(facts: Facts) -> tuple[State, str]:
    if not facts.origins:
        return (
            State.DOUBT,
            _(
                "Só páginas abertas em localhost podem enviar. Ponha a origem do site, por exemplo "
                "`https://www.exemplo.com.br`, em `BANCADA_CORS_ORIGINS` e reinicie a API."
            ),
        )
    return (
        State.OK,
        _(
            "Podem enviar: {origins}. O endereço do site precisa estar aqui, com o mesmo https://."
        ).format(origins=_code(facts.origins)),
    )


def _write_key(facts: Facts) -> tuple[State, str]:
    if facts.key is Key.TAKEN:
        return State.OK, _("A API usa a chave de escrita do trecho para o site.")
    if facts.key is Key.REFUSED:
        return (
            State.WRONG,
            _(
                "A API usa outras chaves que este painel. Os dois precisam da mesma pasta de "
                "dados, ou das mesmas `BANCADA_API_KEY` e `BANCADA_WRITE_KEY`; depois reinicie "
                "a API."
            ),
        )
    if facts.key is Key.NOT_MADE:
        return (
            State.WRONG,
            _("Ainda não há chave de escrita: ela é feita quando a API inicia pela primeira vez."),
        )
    return State.UNKNOWN, _("Só é conferida quando a API responde, por HTTPS ou nesta máquina.")


def _refused(facts: Facts) -> tuple[State, str]:
    count = sum(facts.refused.values())
    if not count:
        return State.OK, _("Nenhum evento foi recusado hoje.")
    reason = next(iter(facts.refused))
    return (
        State.WRONG,
        _(
            "Eventos recusados hoje: {count}. O motivo mais frequente: {reason}. Corrija o que o "
            "site envia."
        ).format(
            count=formats.number(count),
            reason=markdown.escape(words.reason(reason)),
        ),
    )


def _room(facts: Facts) -> tuple[State, str]:
    free = formats.size(facts.free_bytes)
    if facts.free_bytes < LEAST_FREE_BYTES:
        return (
            State.WRONG,
            _(
                "Restam só {free} no disco do servidor. Libere espaço antes que a gravação pare."
            ).format(free=free),
        )
    return (
        State.OK,
        _("O banco de dados responde e há {free} livres no disco.").format(free=free),
    )


def _people(facts: Facts) -> tuple[State, str]:
    if facts.interactions:
        return State.OK, _("Já chegaram interações; compare com as visitas do site.")
    if facts.impressions:
        return (
            State.DOUBT,
            _(
                "Chegam exibições, mas nenhum clique: o rastreador funciona. Confira se "
                "`trackCarClick` é chamado no clique, e se as pessoas clicam."
            ),
        )
    return (
        State.UNKNOWN,
        _(
            "Ponha `data-debug` no script, abra o site com o console do navegador (F12), clique "
            "em um carro e procure as linhas do InteractionTracker ou erros de rede. Veja também "
            "se o site tem visitas."
        ),
    )


def _code(address: str) -> str:
    """Write an address so that it is read, not followed."""
    return "`" + address.replace("`", "") + "`"
