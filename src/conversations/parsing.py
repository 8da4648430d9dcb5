"""Records become conversations by a mapping; texts are made storable, and nothing else is lost."""

from __future__ import annotations

import datetime as dt
import json
import math
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import ftfy
import ftfy.badness

from src import days, files
from src.conversations.facts import folded
from src.conversations.mapping import FieldMapping
from src.conversations.model import ANSWERING, NewConversation, NewFeedback, NewTurn, Role
from src.conversations.records import Record, grouped
from src.messages import N_, Message

_NUMBER = re.compile(
    r"\+?0*([1-5])(?:[.,]0*)?(?:\s*(?:/|de|of|out of)\s*5(?:[.,]0*)?)?\s*(?:estrelas?|stars?)?",
    re.IGNORECASE,
)
_STAR = re.compile("[★⭐🌟☆]")
_STARS = re.compile("(?:[★⭐🌟]\ufe0f?\\s*)+(?:☆\ufe0f?\\s*)*")


@dataclass(frozen=True)
class Skipped:
    """What was not imported, where it is in the file, and why."""

    place: int
    reason: Message


@dataclass
class Met:
    """Words and texts that were met while parsing."""

    roles: Counter[str] = field(default_factory=Counter)
    ratings: Counter[str] = field(default_factory=Counter)
    broken: int = 0
    examples: list[tuple[str, str]] = field(default_factory=list)
    bad_times: int = 0
    unread_ratings: Counter[str] = field(default_factory=Counter)
    empty: int = 0


def storable(text: str) -> str:
    """Return a text that every database takes: without NUL and lone surrogates."""
    text = text.replace("\x00", "\ufffd")
    try:
        text.encode()
    except UnicodeEncodeError:
        # Two halves of a pair that were written apart belong together; one alone is lost.
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def repaired(text: str) -> str | None:
    """Return the text in the encoding it was meant in, or None if nothing is broken.

    Examples
    --------
    >>> repaired("NÃ£o chegou"), repaired("Não chegou")
    ('Não chegou', None)
    """
    if text.isascii() or not ftfy.badness.is_bad(text):
        return None
    mended = ftfy.fix_encoding(text)
    return mended if mended != text else None


def moment(value: Any) -> dt.datetime | None:
    """Read a moment: ISO 8601, seconds or milliseconds since 1970, or day/month/year.

    Without a zone it is in the configured one. None if it is none of these.
    """
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, dt.datetime):
        return value
    if isinstance(value, str):
        text = value.strip()
        if not text:
            return None
        try:
            value = float(text)
        except ValueError:
            return _written(text)
    if not math.isfinite(value) or value < 10**8:
        return None
    seconds = value / 1000 if value > 10**11 else value
    try:
        return dt.datetime.fromtimestamp(seconds, dt.UTC)
    except (OverflowError, ValueError, OSError):
        return None


def _written(text: str) -> dt.datetime | None:
    try:
        found = dt.datetime.fromisoformat(text)
    except ValueError:
        text = " ".join(text.split())
        if files.form(text) != "day" or not files.is_moment(text):
            return None
        found = files.parse_moment(text)
    if found.tzinfo is None:
        found = found.replace(tzinfo=days.zone())
    try:
        return found.astimezone(dt.UTC)
    except OverflowError:
        return None


def stars(value: Any, words: Mapping[str, int]) -> int | None:
    """Read a rating: 1 to 5 as a number, of five, or in stars; or a word that the mapping knows.

    Examples
    --------
    >>> [stars(it, {}) for it in (4, "5,0", "4/5", "★★★☆☆", "2 estrelas", "8/10", 4.5, 0)]
    [4, 5, 4, 3, 2, None, None, None]
    """
    if value is None or isinstance(value, bool):
        return None
    text = str(value).strip()
    if text in words:
        return words[text]
    if (number := _NUMBER.fullmatch(text)) is not None:
        return int(number[1])
    if _STARS.fullmatch(text) is not None:
        lit = sum(text.count(star) for star in "★⭐🌟")
        return lit if lit and len(_STAR.findall(text)) <= 5 else None
    return None


def conversations(
    found: Iterator[Record], mapping: FieldMapping, met: Met
) -> Iterator[tuple[NewConversation | Skipped, float]]:
    """Yield conversations, what is skipped, and how far into the file they are."""
    if mapping.turns is None:
        key = mapping.fields.get("conversation_id")
        if key is None:
            yield (
                Skipped(
                    1,
                    Message(
                        N_(
                            "nenhum campo foi indicado como identificador da conversa; sem ele não "
                            "se sabe que mensagens andam juntas"
                        ),
                        {},
                    ),
                ),
                1.0,
            )
            return
        for name, rows in grouped(found, key):
            if not name:
                why = rows[0].problem or Message(N_("não diz de que conversa é"), {})
                yield Skipped(rows[0].place, why), rows[0].fraction
                continue
            values = [row.value for row in rows]
            yield _conversation(name, rows[0].place, values[0], values, mapping, met), 1.0
        return
    for record in found:
        if record.problem is not None:
            yield Skipped(record.place, record.problem), record.fraction
            continue
        turns = record.value.get(mapping.turns)
        if not isinstance(turns, list):
            why = Message(N_("não tem a lista «{field}»"), {"field": mapping.turns})
            yield Skipped(record.place, why), record.fraction
            continue
        name = record.key or str(_get(record.value, mapping, "conversation_id") or "")
        made = _conversation(name, record.place, record.value, turns, mapping, met)
        yield made, record.fraction


def _conversation(
    name: str,
    place: int,
    value: Mapping[str, Any],
    rows: Sequence[Any],
    mapping: FieldMapping,
    met: Met,
) -> NewConversation | Skipped:
    turns: list[NewTurn] = []
    feedback: list[NewFeedback] = []
    mended = 0
    for number, row in enumerate(rows):
        if not isinstance(row, dict):
            why = Message(N_("a mensagem {number} não é um objeto"), {"number": number + 1})
            return Skipped(place, why)
        turn = _turn(row, mapping, met)
        if turn is None:
            continue
        mended += turn.original is not None
        rating = _rating(_get(row, mapping, "turn_rating"), mapping, met)
        if rating is not None:
            author = Role.CUSTOMER if turn.role in ANSWERING else Role.ASSISTANT
            feedback.append(
                NewFeedback(
                    "rating", author, f"turn {number}", rating, at=turn.at, position=len(turns)
                )
            )
        turns.append(turn)
    if not turns:
        if not name:
            return Skipped(place, Message(N_("a conversa não tem mensagens com texto"), {}))
        unsaid = N_("a conversa {id} não tem mensagens com texto")
        return Skipped(place, Message(unsaid, {"id": name}))
    if mapping.turns is None and all(turn.at is not None for turn in turns):
        order = sorted(range(len(turns)), key=_when(turns))
        turns = [turns[index] for index in order]
        moved = {index: position for position, index in enumerate(order)}
        feedback = [_moved(given, moved) for given in feedback]
    # What is said of the conversation may stand beside any of its messages.
    beside = rows if mapping.turns is None else [value]
    feedback += _last_ratings(beside, mapping, met)
    texts = {
        name: next(filter(None, (_text(row, mapping, name) for row in beside)), "")
        for name in ("channel", "status", "subject", "session_id", "topic")
    }
    customer = _customer(value, rows, mapping)
    for told, label in ((texts, "subject"), (texts, "topic"), (customer, "name")):
        whole = _mended(told.get(label, ""), met)
        if whole is not None and mapping.repair:
            told[label], mended = whole, mended + 1
    return NewConversation(
        origin_id=storable(name)[:300],
        turns=tuple(turns),
        customer=customer,
        feedback=tuple(feedback),
        repaired=mended,
        place=place,
        channel=texts.pop("channel") or mapping.channel,
        **texts,  # type: ignore[arg-type]
    )


def _customer(
    value: Mapping[str, Any], rows: Sequence[Any], mapping: FieldMapping
) -> dict[str, str]:
    """Return what is said of the customer; where each row is a turn, beside the customer's own."""
    beside = [value]
    if mapping.turns is None:
        own = [
            row for row in rows if mapping.roles.get(_text(row, mapping, "role")) == Role.CUSTOMER
        ]
        beside = [*own, value]
    found = {
        key: next(filter(None, (_text(row, mapping, f"customer_{key}") for row in beside)), "")
        for key in ("id", "name", "email", "phone", "source", "status")
        if f"customer_{key}" in mapping.fields
    }
    return {key: text for key, text in found.items() if text}


def _when(turns: Sequence[NewTurn]) -> Callable[[int], tuple[Any, ...]]:
    """Return the order of the turns: by time, then by their numbers if they have, then as read."""
    numbered = all(turn.origin_id.isdecimal() for turn in turns)
    return lambda index: (
        turns[index].at,
        int(turns[index].origin_id) if numbered else 0,
        index,
    )


def _moved(given: NewFeedback, moved: Mapping[int, int]) -> NewFeedback:
    return replace(given, position=moved[given.position or 0])


def _get(value: Mapping[str, Any], mapping: FieldMapping, name: str) -> Any:
    return value.get(mapping.fields[name]) if name in mapping.fields else None


def _text(value: Mapping[str, Any], mapping: FieldMapping, name: str) -> str:
    found = _get(value, mapping, name)
    return "" if found is None or isinstance(found, list | dict) else storable(str(found))[:300]


def _turn(row: Mapping[str, Any], mapping: FieldMapping, met: Met) -> NewTurn | None:
    word = _text(row, mapping, "role")
    met.roles[word] += 1
    content = _content(_get(row, mapping, "content"))
    role = mapping.roles.get(word, Role.OTHER)
    if not content.strip() and row.get("tool_calls"):
        content, role = json.dumps(row["tool_calls"], ensure_ascii=False), Role.TOOL
    content = storable(content)
    if not content.strip():
        met.empty += 1
        return None
    original = None
    mended = _mended(content, met)
    if mended is not None and mapping.repair:
        original, content = content, mended
    raw = _get(row, mapping, "at")
    at = moment(raw)
    met.bad_times += at is None and raw not in (None, "")
    return NewTurn(
        role=role,
        content=content,
        sender_type=word,
        sender_id=_text(row, mapping, "sender_id"),
        at=at,
        origin_id=_text(row, mapping, "turn_id"),
        original=original,
    )


def _mended(text: str, met: Met) -> str | None:
    """Return a text in the encoding it was meant in and count it, or None if nothing is broken."""
    mended = repaired(text)
    if mended is not None:
        met.broken += 1
        if len(met.examples) < 5:
            met.examples.append((text[:300], mended[:300]))
    return mended


def _content(value: Any) -> str:
    """Return the text of a turn; of a list of parts, their texts and the names of the others."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, list):
        parts = []
        for part in value:
            if isinstance(part, dict) and isinstance(part.get("text"), str):
                parts.append(part["text"])
            elif isinstance(part, str):
                parts.append(part)
            else:
                kind = part.get("type", "?") if isinstance(part, dict) else "?"
                parts.append(f"[{kind}]")
        return "\n".join(parts)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value)


def _rating(value: Any, mapping: FieldMapping, met: Met) -> int | None:
    if value is None or not str(value).strip():
        return None
    word = str(value).strip()[:300]
    read = None
    if not isinstance(value, list | dict):
        met.ratings[word] += 1
        read = stars(value, mapping.stars)
    if read is None:
        met.unread_ratings[word] += 1
    return read


def _last_ratings(
    beside: Sequence[Mapping[str, Any]], mapping: FieldMapping, met: Met
) -> list[NewFeedback]:
    """Read the conversation's rating where it is said last."""
    made = (
        _ratings(_get(row, mapping, "conversation_rating"), mapping, met)
        for row in reversed(beside)
    )
    return next(filter(None, made), [])


def _ratings(value: Any, mapping: FieldMapping, met: Met) -> list[NewFeedback]:
    """Read the conversation's rating: one, or one of each side by the word for its role."""
    sides = value.items() if isinstance(value, dict) else [("", value)]
    made = []
    for word, given in sides:
        rating = _rating(given, mapping, met)
        if rating is not None:
            author = mapping.roles.get(word, Role.OTHER) if word else Role.CUSTOMER
            made.append(NewFeedback("rating", author, f"conversation {word}", rating))
    return made


def usual_turns_field(value: Mapping[str, Any]) -> str | None:
    """Return the field of a record that holds its turns, if any does."""
    lists = [
        name
        for name, inner in value.items()
        if isinstance(inner, list) and inner and isinstance(inner[0], dict)
    ]
    known = ("messages", "mensagens", "content", "turns", "conversation", "conversations", "chat")
    for name in known:
        for found in lists:
            if folded(found) == name:
                return found
    return lists[0] if lists else None
