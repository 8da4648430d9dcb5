"""How a file of conversations is read: what was recognised, for a person to correct."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from itertools import cycle
from pathlib import Path

import streamlit as st

from src import conversations
from src.conversations import TURN_FIELDS, FieldMapping, Inspection, Role
from src.dashboard import formats, markdown
from src.dashboard.i18n import _, ngettext
from src.dashboard.parts import chat
from src.messages import N_

FIELDS = {
    "content": N_("Texto da mensagem"),
    "role": N_("Quem escreveu"),
    "conversation_id": N_("Código da conversa"),
    "at": N_("Data e hora"),
    "turn_rating": N_("Nota da mensagem"),
    "conversation_rating": N_("Nota da conversa"),
    "customer_id": N_("Código do cliente"),
    "customer_name": N_("Nome do cliente"),
    "customer_email": N_("E-mail do cliente"),
    "customer_phone": N_("Telefone do cliente"),
    "channel": N_("Canal"),
    "status": N_("Situação"),
    "topic": N_("Tema"),
    "subject": N_("Assunto"),
    "session_id": N_("Sessão"),
    "sender_id": N_("Código de quem escreveu"),
    "turn_id": N_("Código da mensagem"),
}
FIRST = ("content", "role", "conversation_id")
"""Without these nothing can be read; the others are folded away."""

FORMS = {
    "jsonl": N_("uma conversa ou mensagem por linha (JSONL)"),
    "json": N_("um arquivo JSON"),
    "csv": N_("uma tabela CSV"),
}
MOST_WORDS = 24
SHOWN_TURNS = 4


def choose(path: Path, name: str) -> FieldMapping | None:
    """Draw the mapping step and return what was chosen; None while something needed is missing."""
    with st.skeleton(height=200):
        proposed = inspect(str(path), name)
    key = f"mapa_{path.stem[:12]}"
    st.markdown("##### :material/rule: " + _("Como o arquivo foi entendido"))
    st.markdown(_summary(proposed))
    left, right = st.columns(2, gap="large")
    with left:
        mapping = _fields(proposed, key)
        # Words are read by the fields as they are now: another field has other words.
        found = inspect(str(path), name, fields=json.dumps(mapping.fields, sort_keys=True))
        mapping = dataclasses.replace(mapping, roles=_roles(found, key), stars=_stars(found, key))
        mapping = _origin(mapping, key)
        _elsewhere(path, name, mapping, key)
        mapping = dataclasses.replace(mapping, repair=_repair(found, key))
    looked = inspect(str(path), name, mapping=json.dumps(mapping.to_dict(), sort_keys=True))
    with right:
        _preview(looked)
    for warning in looked.warnings:
        if not looked.broken or "codificação" not in warning.template:
            st.warning(markdown.said(warning), icon=":material/warning:")
    if not mapping.fields.keys() >= set(_needed(mapping)):
        return None
    return mapping if _somebody(found, mapping, key) else None


def _needed(mapping: FieldMapping) -> Sequence[str]:
    return FIRST if mapping.turns is None else FIRST[:2]


@st.cache_data(show_spinner=False, max_entries=32)
def inspect(path: str, name: str, *, mapping: str = "", fields: str = "") -> Inspection:
    """Look at a file by a mapping, or with a proposal by fields or of its own; both as JSON."""
    return conversations.inspect_file(
        path,
        name=name,
        mapping=FieldMapping.from_dict(json.loads(mapping)) if mapping else None,
        fields=json.loads(fields) if fields else None,
    )


def _summary(found: Inspection) -> str:
    said = _("É {form}.").format(form=_(FORMS[found.form]))
    if found.mapping.turns is None:
        return said + " " + _("Cada linha é uma mensagem.")
    return (
        said
        + " "
        + _("As mensagens de cada conversa estão em **{field}**.").format(
            field=markdown.escape(found.mapping.turns)
        )
    )


def _fields(found: Inspection, key: str) -> FieldMapping:
    st.markdown("**" + _("O que é cada campo") + "**")
    chosen: dict[str, str] = {}

    def ask(ours: str) -> None:
        of_turn = ours in TURN_FIELDS
        offered = found.turn_fields if of_turn else found.conversation_fields
        offered = tuple(field for field in offered if field != found.mapping.turns)
        known = found.mapping.fields.get(ours)
        picked = st.selectbox(
            _(FIELDS[ours]),
            offered,
            index=offered.index(known) if known in offered else None,
            placeholder=_("não há"),
            key=f"{key}_{ours}",
        )
        if picked is not None:
            chosen[ours] = picked

    first = _needed(found.mapping)
    for ours in first:
        ask(ours)
    with st.expander(
        _("Outros campos ({count} reconhecidos)").format(
            count=len(found.mapping.fields.keys() - set(first))
        ),
        icon=":material/more_horiz:",
    ):
        for ours in FIELDS:
            if ours not in first:
                ask(ours)
    return dataclasses.replace(found.mapping, fields=chosen)


def _roles(found: Inspection, key: str) -> dict[str, Role]:
    words = list(found.roles)[:MOST_WORDS]
    if not words:
        return {}
    st.markdown("**" + _("Quem é quem") + "**")
    if found.roles_guessed:
        st.warning(
            _("Os nomes não dizem quem é quem: quem começa foi tomado por cliente. Confira."),
            icon=":material/help:",
        )
    chosen = {word: role for word, role in found.mapping.roles.items() if word not in words}
    for column, word in zip(cycle(st.columns(2)), words, strict=False):
        known = found.mapping.roles.get(word, Role.OTHER)
        with column:
            picked = st.selectbox(
                ngettext(
                    "«{word}» ({count} mensagem)", "«{word}» ({count} mensagens)", found.roles[word]
                ).format(word=markdown.escape(word[:40]) or _("vazio")),
                list(Role),
                index=list(Role).index(known),
                format_func=chat.role,
                key=f"{key}_papel_{word}",
            )
        if picked is not None and picked is not Role.OTHER:
            chosen[word] = picked
    return chosen


def _somebody(found: Inspection, mapping: FieldMapping, key: str) -> bool:
    """Whether a role is known; if none is, ask whether the file is meant to come in like that."""
    if not found.roles or any(word in mapping.roles for word in found.roles):
        return True
    return st.checkbox(
        _("Importar assim mesmo: sem saber quem escreveu, não haverá o que revisar nem medir"),
        key=f"{key}_sem_papeis",
    )


def _stars(found: Inspection, key: str) -> dict[str, int]:
    words = [word for word in found.ratings if word not in {"1", "2", "3", "4", "5"}][:MOST_WORDS]
    if not words:
        return dict(found.mapping.stars)
    chosen: dict[str, int] = {}
    with st.expander(_("Quanto vale cada nota"), icon=":material/star:"):
        for column, word in zip(cycle(st.columns(2)), words, strict=False):
            known = found.mapping.stars.get(word)
            with column:
                picked = st.selectbox(
                    f"«{markdown.escape(word[:40])}»",
                    [5, 4, 3, 2, 1],
                    index=None if known is None else 5 - known,
                    format_func=lambda stars: "★" * stars + "☆" * (5 - stars),
                    placeholder=_("não conta"),
                    key=f"{key}_nota_{word}",
                )
            if picked is not None:
                chosen[word] = picked
    return chosen


def _origin(mapping: FieldMapping, key: str) -> FieldMapping:
    st.session_state.setdefault(f"{key}_origem", mapping.origin)  # which a button may fill
    with st.container(horizontal=True):
        origin = st.text_input(
            _("De que sistema vem"),
            key=f"{key}_origem",
            max_chars=200,
            help=_(
                "Arquivos do mesmo sistema têm o mesmo nome aqui: é por ele e pelo código que uma "
                "conversa repetida é reconhecida."
            ),
        )
        channel = st.text_input(
            _("Canal, onde o arquivo não diz"),
            value=mapping.channel,
            key=f"{key}_canal",
            max_chars=100,
            placeholder="whatsapp",
        )
    return dataclasses.replace(
        mapping, origin=origin.strip() or mapping.origin, channel=channel.strip()
    )


@st.cache_data(show_spinner=False, max_entries=32, ttl=60)
def known_origins(path: str, name: str, mapping: str) -> dict[str, int]:
    """Return under which names conversations of a file are here already, by a mapping as JSON."""
    given = FieldMapping.from_dict(json.loads(mapping))
    return conversations.known_origins(path, given, name=name)


def _elsewhere(path: Path, name: str, mapping: FieldMapping, key: str) -> None:
    """Say that the conversations are here under another name, and offer that name."""
    any_origin = dataclasses.replace(mapping, origin="", channel="")
    known = known_origins(str(path), name, json.dumps(any_origin.to_dict(), sort_keys=True))
    if not known or mapping.origin in known:
        return
    origin, count = next(iter(known.items()))
    shown = markdown.escape(origin)
    st.warning(
        ngettext(
            "{count} conversa deste arquivo já está aqui como «{origin}». Com outro nome de "
            "sistema, entra outra vez.",
            "{count} conversas deste arquivo já estão aqui como «{origin}». Com outro nome de "
            "sistema, entram outra vez.",
            count,
        ).format(origin=shown),
        icon=":material/content_copy:",
    )
    st.button(
        _("Usar «{origin}»").format(origin=shown),
        key=f"{key}_usar_origem",
        on_click=st.session_state.__setitem__,
        args=(f"{key}_origem", origin),
    )


def _repair(found: Inspection, key: str) -> bool:
    if not found.broken:
        return False
    with st.container(border=True):
        st.markdown(
            ":material/healing: "
            + ngettext(
                "**{count} texto** parece ter a codificação quebrada.",
                "**{count} textos** parecem ter a codificação quebrada.",
                found.broken,
            )
        )
        for before, after in found.repairs[:3]:
            st.text(f"{_line(before)}\n→ {_line(after)}")
        return st.checkbox(
            _("Reparar na importação; o original fica guardado ao lado"),
            value=True,
            key=f"{key}_reparar",
        )


def _line(text: str) -> str:
    return text if len(text) <= 100 else text[:99] + "…"


def _preview(found: Inspection) -> None:
    st.markdown("**" + _("Como vai ficar") + "**")
    if not found.preview:
        st.caption(_("Nada que se possa mostrar: confira os campos."))
        return
    first = found.preview[0]
    with st.container(border=True):
        for turn in first.turns[:SHOWN_TURNS]:
            with st.chat_message(chat.role(turn.role), avatar=chat.ICONS[turn.role]):
                at = "" if turn.at is None else " · " + formats.moment(turn.at)
                st.caption(chat.role(turn.role) + at)
                chat.text(turn.content[:500])
        rest = len(first.turns) - SHOWN_TURNS
        if rest > 0:
            st.caption(ngettext("e mais {count} mensagem", "e mais {count} mensagens", rest))
