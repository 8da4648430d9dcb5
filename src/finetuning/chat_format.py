"""Whether a line is a chat that a model can learn from, and if not, why."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import orjson

from src import conversations
from src.finetuning.cleaning import has_markup
from src.messages import N_, Message

ROLES = ("system", "user", "assistant")
_KEYS = {"role", "content", "name", "weight"}

Chat = list[dict[str, Any]]
Finding = tuple[str, Message]
"""The check it counts for, and the reason."""


def read(line: bytes) -> tuple[Chat | None, list[Finding]]:
    """Return the messages of a line, or None if it is no chat, and what is wrong with it."""
    try:
        value = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        reason = N_("a linha não é JSON válido ({reason})")
        return None, [("format", Message(reason, {"reason": str(error)[:200]}))]
    if not isinstance(value, dict) or not isinstance(value.get("messages"), list):
        return None, [("format", Message(N_("a linha não tem a lista «messages»")))]
    problems: list[Finding] = []
    if extra := sorted(set(value) - {"messages"}):
        template = N_("há campos que o formato não conhece: {fields}")
        problems.append(("format", Message(template, {"fields": ", ".join(extra)})))
    if repeated := _repeated(line):
        problem = Message(
            N_("há campos repetidos num mesmo objeto, e só o último conta: {fields}"),
            {"fields": ", ".join(repeated)[:200]},
        )
        problems.append(("format", problem))
    chat = value["messages"]
    for number, message in enumerate(chat, 1):
        if wrong := _wrong(message):
            template, fields = wrong
            return None, [*problems, ("format", Message(template, {"number": number, **fields}))]
    return chat, problems + _weights(chat) + _order(chat) + _quality(chat)


def _repeated(line: bytes) -> list[str]:
    """Return the keys that an object of the line has twice: orjson, too, keeps the last only."""
    found: set[str] = set()

    def note(pairs: list[tuple[str, Any]]) -> None:
        keys = [key for key, _value in pairs]
        if len(set(keys)) < len(keys):
            found.update(key for key in keys if keys.count(key) > 1)

    try:
        json.loads(line, object_pairs_hook=note)
    except (ValueError, RecursionError):
        return []  # a number or a nesting beyond what Python reads; the rest says what is wrong
    return sorted(found)


def _wrong(message: Any) -> tuple[str, dict[str, str]] | None:
    """Return what is wrong with a message, and what is told of it besides its number."""
    if not isinstance(message, dict) or not {"role", "content"} <= set(message):
        return N_("a mensagem {number} não tem «role» e «content»"), {}
    if message["role"] not in ROLES:
        role = str(message["role"])[:50]
        return N_("a mensagem {number} tem o papel desconhecido «{role}»"), {"role": role}
    if not isinstance(message["content"], str):
        return N_("a mensagem {number} não tem texto"), {}
    if extra := set(message) - _KEYS:
        fields = ", ".join(sorted(extra))[:200]
        template = N_("a mensagem {number} tem campos que o formato não conhece: {fields}")
        return template, {"fields": fields}
    if not isinstance(message.get("name", ""), str):
        return N_("o nome na mensagem {number} não é texto"), {}
    weight = message.get("weight", 1)
    if isinstance(weight, bool) or weight not in (0, 1):
        template = N_("o peso da mensagem {number} é «{weight}»; pode ser 0 ou 1")
        return template, {"weight": str(weight)[:50]}
    if "\0" in message["content"] or "\0" in message.get("name", ""):
        return N_("a mensagem {number} tem o caractere nulo, que nenhum texto tem"), {}
    return None


def _weights(chat: Chat) -> list[Finding]:
    weights = [message.get("weight", 1) for message in chat if message["role"] == "assistant"]
    if weights and not any(weights):
        reason = N_("todas as respostas têm peso 0: não há o que aprender")
        return [("format", Message(reason))]
    return []


def _order(chat: Chat) -> list[Finding]:
    roles = [message["role"] for message in chat]
    if not {"user", "assistant"} <= set(roles):
        return [("order", Message(N_("só um dos lados fala")))]
    said = [role for role in roles if role != "system"]
    twice = any(one == other for one, other in pairwise(said))
    questions = (
        ("system" in roles[1:], N_("há instruções do sistema fora do começo")),
        (said[0] != "user", N_("começa pelo assistente, não pelo cliente")),
        (said[-1] != "assistant", N_("não termina com uma resposta do assistente")),
        (twice, N_("o mesmo lado fala duas vezes seguidas")),
    )
    return [("order", Message(template)) for is_so, template in questions if is_so]


def _quality(chat: Chat) -> list[Finding]:
    return [
        ("answers", Message(template, {"number": number}))
        for number, message in enumerate(chat, 1)
        if (template := _blemish(message["content"], message["role"]))
    ]


def _blemish(text: str, role: str) -> str | None:
    if not text.strip():
        return N_("a mensagem {number} está vazia")
    if role != "assistant":
        return None
    if has_markup(text):
        return N_("a resposta {number} contém HTML")
    if "\ufffd" in text:
        return N_("a resposta {number} tem caracteres perdidos na leitura")
    if conversations.repaired(text) is not None:
        return N_("a resposta {number} tem acentos trocados por outros sinais, como em «nÃ£o»")
    return None
