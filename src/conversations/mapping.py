"""Which field of a file is what, and which word of it is which role."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath

from src.conversations.facts import folded
from src.conversations.model import Role
from src.jsonable import Jsonable

ALIASES: dict[str, tuple[str, ...]] = {
    ours: tuple(words.split())
    for ours, words in {
        "conversation_id": (
            "conversation_id conversationid conversa_id id_conversa id_da_conversa "
            "conversa_codigo codigo_conversa codigo_da_conversa chat_id id_chat dialog_id "
            "thread_id ticket_id id_atendimento atendimento_id conversa conversation dialogo "
            "protocolo chat"
        ),
        "turn_id": "message_id mensagem_id id_mensagem msg_id wamid",
        "role": (
            "role sender_type papel remetente sender from author agent speaker autor quem "
            "tipo_remetente"
        ),
        "content": "content message text mensagem texto body conteudo value utterance msg",
        "at": (
            "created_at timestamp sent_at date datetime time data data_hora criado_em enviado_em "
            "horario hora"
        ),
        "sender_id": "sender_id remetente_id user_id author_id",
        "customer_id": "customer_id cliente_id id_cliente client_id contact_id",
        "customer_name": "customer_name cliente nome_cliente nome name",
        "customer_email": "customer_email email e_mail",
        "customer_phone": "customer_phone phone telefone celular whatsapp wa_id",
        "channel": "channel canal",
        "status": "status situacao estado",
        "subject": "subject assunto titulo title",
        "session_id": "session_id sessao sessao_id",
        "topic": "topic topico tema categoria category",
        "turn_rating": "turn_rating message_rating feedback reaction reacao",
        "conversation_rating": "conversation_rating rating nota avaliacao estrelas stars csat",
    }.items()
}
"""Names that a field of ours has in other systems, the most telling first."""
TURN_FIELDS = ("turn_id", "role", "content", "at", "sender_id", "turn_rating")
"""Fields of a turn; the others are the conversation's."""

ROLES: dict[Role, tuple[str, ...]] = {
    role: tuple(words.split())
    for role, words in {
        Role.CUSTOMER: (
            "user customer client cliente human usuario consumidor visitor visitante lead contact "
            "contato inbound guest"
        ),
        Role.ASSISTANT: (
            "assistant assistente bot ai ia bia agent model gpt chatbot robo outbound virtual"
        ),
        Role.HUMAN: (
            "atendente operator operador vendedor seller staff support human_agent consultor "
            "attendant admin"
        ),
        Role.SYSTEM: "system sistema developer",
        Role.TOOL: "tool function ferramenta",
    }.items()
}
STARS: dict[str, int] = {
    word: stars
    for stars, words in {
        5: "excellent otimo excelente 👍 up thumbs_up positive positivo like",
        4: "good bom boa",
        3: "passable regular razoavel neutral neutro",
        2: "not_good ruim bad",
        1: "poor pessimo pessima terrible 👎 down thumbs_down negative negativo dislike",
    }.items()
    for word in words.split()
}
_COPY = r"c[oó]pia|copy"
_COPIED = re.compile(
    rf"\s*\(\d+\)$|\s*\((?:{_COPY})(?: \d+)?\)$|[\s_-]+(?:{_COPY})(?:\s*\d+)?$"
    r"|^(?:c[oó]pia de|copy of)\s+",
    re.IGNORECASE,
)
"""What browsers and file managers add to the name of a file that is there already."""
_COMPRESSED = re.compile(r"\.(?:gz|zip)$", re.IGNORECASE)
MOST_TOPICS = 20
"""Subjects that are more than these are no topics."""


@dataclass(frozen=True)
class FieldMapping(Jsonable):
    """How a file is read.

    Attributes
    ----------
    turns : str or None
        The field with the list of turns; None where every row is one turn.
    fields : dict
        Our field (a key of :data:`ALIASES`) → the file's field.
    roles : dict
        The file's word → role. A word that is not here is kept as ``Role.OTHER``.
    stars : dict
        The file's word for a rating → 1 to 5; numbers from 1 to 5 need no entry.
    origin : str
        Names the system that the file comes from. Identifiers are unique within it, so files of
        one system share it.
    channel : str
        Channel of conversations that do not name one.
    repair : bool
        Repair texts whose encoding is broken; the original is kept beside.
    """

    turns: str | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    roles: Mapping[str, Role] = field(default_factory=dict)
    stars: Mapping[str, int] = field(default_factory=dict)
    origin: str = "arquivo"
    channel: str = ""
    repair: bool = False


def propose_origin(file_name: str) -> str:
    """Name the system that a file comes from; copies and further downloads are of the same one.

    Examples
    --------
    >>> propose_origin("Vendas 2 (1).csv"), propose_origin("vendas - Cópia (2).csv.gz")
    ('vendas_2', 'vendas')
    """
    file_name = _COMPRESSED.sub("", unicodedata.normalize("NFC", file_name))
    stem, before = PurePath(file_name).stem.strip(), ""
    while stem != before:
        before, stem = stem, _COPIED.sub("", stem).strip() or stem
    return folded(stem)[:200] or "arquivo"


def propose_fields(names: Iterable[str], wanted: Iterable[str]) -> dict[str, str]:
    """Match the file's field names with ours, the most telling alias first."""
    by_name: dict[str, str] = {}
    for name in names:
        by_name.setdefault(folded(name).replace("-", "_"), name)
    found: dict[str, str] = {}
    for ours in wanted:
        for alias in ALIASES[ours]:
            if alias in by_name and by_name[alias] not in found.values():
                found[ours] = by_name[alias]
                break
    return found


def subject_as_topic(fields: Mapping[str, str], subjects: Sequence[str]) -> dict[str, str]:
    """Take the subject for the topic where no field is that, and few subjects come up again.

    Examples
    --------
    >>> subject_as_topic({"subject": "assunto"}, ["preço", "troca", "preço", "preço"])
    {'topic': 'assunto'}
    >>> subject_as_topic({"subject": "assunto"}, ["Pedido 1", "Pedido 2", "Pedido 3"])
    {'subject': 'assunto'}
    """
    found, written = dict(fields), [subject for subject in subjects if subject]
    if "topic" not in found and 0 < len(set(written)) <= min(MOST_TOPICS, len(written) // 2):
        found["topic"] = found.pop("subject")
    return found


def propose_roles(words: Sequence[str]) -> tuple[dict[str, Role], bool]:
    """Match words with roles; the words come in the order in which they were met.

    Two words that say nothing, and no others, are taken for the customer, who usually begins, and
    the assistant.

    Returns
    -------
    tuple
        The roles, and whether they were guessed by who began.
    """
    known = {alias: role for role, aliases in ROLES.items() for alias in aliases}
    roles = {word: known[folded(word)] for word in words if folded(word) in known}
    speaking = [word for word in words if roles.get(word) not in (Role.SYSTEM, Role.TOOL)]
    if len(speaking) == 2 and not any(word in roles for word in speaking):
        return {**roles, speaking[0]: Role.CUSTOMER, speaking[1]: Role.ASSISTANT}, True
    return roles, False


def propose_stars(words: Counter[str]) -> dict[str, int]:
    """Match the words of ratings with stars."""
    return {word: STARS[folded(word)] for word in words if folded(word) in STARS}
