"""A data set examined before it is trained on: one pass, and every offending example is named."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np

from src.finetuning import chat_format, tokens
from src.finetuning.chat_format import Chat
from src.finetuning.cost import training_cost
from src.finetuning.diversity import Openings
from src.finetuning.duplicates import NearDuplicates
from src.finetuning.examples import Redact
from src.finetuning.model import Offence, Place
from src.messages import N_, Message

PER_LINE = 100
"""So many reasons of one example are told; a chat of ten thousand wrong turns needs no more."""


class Examination:
    """What has been seen so far. Keeps no texts, but some 1 KB for each example."""

    def __init__(self, *, max_tokens: int, similarity: float, redact: Redact | None) -> None:
        self.max_tokens = max_tokens
        self.redact = redact
        self.offences: list[Offence] = []
        self.examples: dict[str, int] = {}
        self.lengths: dict[str, list[int]] = {}
        self.turns: dict[str, list[int]] = {}
        self.topics: Counter[str] = Counter()
        self.channels: Counter[str] = Counter()
        self.openings = Openings()
        self.answers: Counter[bytes] = Counter()
        self._prompts: dict[str, Place] = {}
        self._customers: dict[str, set[str]] = defaultdict(set)
        self._exact: dict[bytes, int] = {}
        self._repeated: set[int] = set()
        self._near = NearDuplicates(similarity)
        self._places: list[Place] = []

    def open(self, name: str) -> None:
        """Begin the next file."""
        self.examples[name] = 0
        self.lengths[name] = []
        self.turns[name] = []

    def take(self, place: Place, line: bytes) -> None:
        """Examine one line."""
        self.examples[place.file] += 1
        chat, problems = chat_format.read(line)
        for check, reason in problems[:PER_LINE]:
            self._note(check, place, reason)
        if place.conversation is not None:
            self.topics[place.topic] += 1
            self.channels[place.channel] += 1
            self._customer(place)
        if chat is not None:
            self._measure(place, chat)
            said = [message["content"] for message in chat if message["role"] != "system"]
            self._compare(place, said)
            self._scan(place, chat, said)

    def _note(self, check: str, place: Place, reason: Message) -> None:
        offence = Offence(check, place.file, place.line, place.conversation, reason)
        self.offences.append(offence)

    def _customer(self, place: Place) -> None:
        assert place.customer is not None
        elsewhere = self._customers[place.customer] - {place.file}
        if elsewhere:
            reason = Message(N_("o mesmo cliente também está em {file}"), {"file": min(elsewhere)})
            self._note("leakage", place, reason)
        self._customers[place.customer].add(place.file)

    def _measure(self, place: Place, chat: Chat) -> None:
        length = tokens.count(chat)
        self.lengths[place.file].append(length)
        self.turns[place.file].append(sum(message["role"] != "system" for message in chat))
        if length > self.max_tokens:
            reason = Message(
                N_("tem {count} tokens; o máximo é {most}"),
                {"count": length, "most": self.max_tokens},
            )
            self._note("length", place, reason)
        first = next((message["content"] for message in chat if message["role"] == "user"), None)
        if first is not None:
            self.openings.add(first)
        # Each answer counts once an example, so that one long chat does not look like a habit.
        answers = {message["content"] for message in chat if message["role"] == "assistant"}
        self.answers.update(_key([answer]) for answer in answers)

    def _compare(self, place: Place, said: Sequence[str]) -> None:
        number = len(self._places)
        first = self._exact.setdefault(_key(said), number)
        if first != number:
            self._repeated.add(number)
            self._alike(place, self._places[first], N_("igual a {file}, linha {line}"))
        self._places.append(place)
        self._near.add(said)

    def _alike(self, place: Place, other: Place, template: str) -> None:
        check = "repetition" if place.file == other.file else "leakage"
        self._note(check, place, Message(template, {"file": other.file, "line": other.line}))

    def _scan(self, place: Place, chat: Chat, said: Sequence[str]) -> None:
        if self.redact is None:
            return
        for message in chat:
            if message["role"] == "system":
                self._prompts.setdefault(message["content"], place)
        self._personal(place, said, N_("parece haver dado pessoal ({kind}) na mensagem {number}"))
        # A name has no spaces ("Maria_Souza").
        names = [message.get("name", "").replace("_", " ") for message in chat]
        if any(names):
            template = N_("parece haver dado pessoal ({kind}) no nome da mensagem {number}")
            self._personal(place, names, template)

    def _personal(self, place: Place, texts: Sequence[str], template: str) -> None:
        assert self.redact is not None
        for turn, kind, _text in self.redact(texts, ()).replaced[:PER_LINE]:
            params = {"kind": kind, "number": turn + 1}
            fields = {name: params[name] for name in params if "{" + name + "}" in template}
            reason = Message(template, fields)
            if kind == "NOME":
                advice = N_(
                    "{what}; se for do assistente ou de um produto, ponha-o entre as palavras que "
                    "não são dados pessoais"
                )
                reason = Message(advice, {"what": reason})
            self._note("personal_data", place, reason)

    def figures(self, *, price: float, epochs: int) -> dict[str, Any]:
        """Return the figures of a report, once everything was taken; offences are in order then."""
        for number, like in enumerate(self._near.likenesses(of_kept=False)):
            if like is not None and number not in self._repeated:
                template = N_("quase igual a {file}, linha {line}")
                self._alike(self._places[number], self._places[like], template)
        for prompt, place in self._prompts.items():
            self._personal(
                place, [prompt], N_("parece haver dado pessoal ({kind}) nas instruções do sistema")
            )
        order = {name: number for number, name in enumerate(self.examples)}
        self.offences.sort(key=lambda one: (order[one.file], one.line, one.check))
        training = sum(next(iter(self.lengths.values()), []))
        return {
            "examples": self.examples,
            "tokens": {name: _spread(values) for name, values in self.lengths.items()},
            "turns": {name: _spread(values) for name, values in self.turns.items()},
            "topics": dict(sorted(self.topics.items())),
            "channels": dict(sorted(self.channels.items())),
            "training_tokens": training,
            "epochs": epochs,
            "training_cost": round(training_cost(training, price, epochs), 2) if price else None,
        }


def _key(texts: Sequence[str]) -> bytes:
    return hashlib.blake2b("\x1e".join(texts).encode(), digest_size=16).digest()


def _spread(values: Sequence[int]) -> dict[str, int]:
    if not values:
        return {}
    least, median, p95, most = map(int, np.percentile(values, (0, 50, 95, 100)))
    return {"least": least, "median": median, "p95": p95, "most": most, "total": sum(values)}
