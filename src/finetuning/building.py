"""Conversations → files, in three passes over work files, so that memory does not hold the texts.

1. *select*: who passes the filters, written out as they are now; later passes no longer depend on
   what people change meanwhile.
2. *prepare*: clean and redact, the slow part; after an interruption it goes on at the next line.
3. *assemble*: near-duplicates, balance, sides; writes what will be published.

Whatever order the conversations come in, the bytes are the same.
"""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from src.finetuning.duplicates import NearDuplicates
from src.finetuning.examples import Example, Redact, messages, prepare
from src.finetuning.model import Candidate
from src.finetuning.people import People
from src.finetuning.recipe import Recipe
from src.finetuning.splits import SHARES, capped, digest, pseudonym, side
from src.jobs import SHARE
from src.messages import N_, Message
from src.persistence import read_json, write_json

Tell = Callable[[int, int, Message], None]
"""Told how much of how much is done, and what is being done; may stop the work by raising."""

SELECTION, SELECTED, PREPARED = "selection.jsonl", "selected.json", "prepared.jsonl"
ORIGINS, LEFT_OUT, REPLACED = "origins.jsonl", "left_out.jsonl", "replaced.jsonl"
EVERY = 200
"""So many conversations between two reports; a tenth where each is looked at for personal data."""


@dataclass(frozen=True, kw_only=True)
class Built:
    """What was written.

    Attributes
    ----------
    examined : int
        Conversations in all.
    counts : dict
        How many each step left out, by the keys of :data:`filters.STEPS`.
    approved : dict
        How many of them reviewers had approved; empty for versions from before it was counted.
    examples, tokens : dict
        By split.
    source : str
        SHA-256 (hex) over the conversations that passed the filters, with their turns.
    replaced : dict
        How often each kind of personal data was replaced.
    corrected, trimmed : int
        Answers that a reviewer wrote anew; turns left out at the ends.
    """

    examined: int
    counts: dict[str, int]
    approved: dict[str, int] = field(default_factory=dict)
    examples: dict[str, int]
    tokens: dict[str, int]
    source: str
    replaced: dict[str, int]
    corrected: int
    trimmed: int


def dump(value: Any) -> bytes:
    """Return one line of JSON, always the same for the same value."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE)


def build(
    candidates: Iterable[tuple[Candidate, float]],
    recipe: Recipe,
    *,
    work: Path,
    target: Path,
    redact: Redact,
    tell: Tell,
) -> Built:
    """Write ``train.jsonl``, ``validation.jsonl`` and ``test.jsonl`` and what tells their origin.

    Parameters
    ----------
    candidates : iterable of (Candidate, float)
        With how far along the whole it is, 0 to 1.
    work : Path
        Keeps what is done between attempts.
    target : Path
        An empty folder.

    Raises
    ------
    OSError
        As the file system gives it.
    """
    selected = _select(candidates, recipe, work, tell)
    _prepare(recipe, work, selected["kept"], redact, tell)
    return _assemble(recipe, work, target, selected, tell)


def _select(
    candidates: Iterable[tuple[Candidate, float]], recipe: Recipe, work: Path, tell: Tell
) -> dict[str, Any]:
    if (work / SELECTED).exists():
        found: dict[str, Any] = read_json(work / SELECTED)
        return found
    refused: list[tuple[str, str]] = []
    approved: list[str] = []
    digests: list[bytes] = []
    people = People()
    examined = 0
    with (work / SELECTION).open("wb") as file:
        for examined, (candidate, fraction) in enumerate(candidates, 1):
            if examined % EVERY == 1:
                step = Message(N_("conversas examinadas: {count}"), {"count": examined})
                tell(round(fraction * 50), SHARE, step)
            # Those who are left out, too: they may be what two others have in common.
            people.add(candidate.customer, candidate.known)
            if candidate.verdict == "approved":
                approved.append(candidate.id)
            reason = recipe.filters.refusal(candidate)
            if reason is not None:
                refused.append((candidate.id, reason))
                continue
            line = dump(candidate.to_dict())
            digests.append(hashlib.sha256(line).digest())
            file.write(line)
        file.flush()
        os.fsync(file.fileno())
    result = {
        "examined": examined,
        "kept": len(digests),
        "refused": refused,
        "same": people.same(),
        "approved": approved,
        "source": hashlib.sha256(b"".join(sorted(digests))).hexdigest(),
    }
    write_json(work / SELECTED, result)
    return result


def _prepare(recipe: Recipe, work: Path, total: int, redact: Redact, tell: Tell) -> None:
    path = work / PREPARED
    with path.open("ab") as file, (work / SELECTION).open("rb") as selection:
        done = _whole_lines(path)
        file.truncate(done[1])
        for number, line in enumerate(selection):
            if number % (EVERY // 10) == 0 or number == total - 1:
                step = Message(
                    N_("dados pessoais retirados, conversas: {count} de {total}"),
                    {"count": number, "total": total},
                )
                tell(50 + round(800 * number / max(1, total)), SHARE, step)
            if number < done[0]:
                continue
            candidate = Candidate.from_dict(orjson.loads(line))
            outcome = prepare(
                candidate,
                system_prompt=recipe.system_prompt,
                max_tokens=recipe.max_tokens,
                redact=redact,
            )
            if isinstance(outcome, str):
                file.write(dump({"id": candidate.id, "reason": outcome}))
            else:
                file.write(dump(outcome.to_dict()))
            file.flush()  # a killed process then repeats one conversation, not all


def _whole_lines(path: Path) -> tuple[int, int]:
    """Return how many whole lines a file has, and the bytes they take."""
    with path.open("rb") as file:
        sizes = [len(line) for line in file if line.endswith(b"\n")]
    return len(sizes), sum(sizes)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an example stands in the prepared file, and what decides about it."""

    rank: int
    started_at: str
    id: str
    offset: int
    topic: str


def _assemble(
    recipe: Recipe, work: Path, target: Path, selected: dict[str, Any], tell: Tell
) -> Built:
    approved = frozenset(selected.get("approved", ()))
    left_out: list[dict[str, Any]] = []

    def leave_out(name: str, reason: str, like: str | None = None) -> None:
        more = {"like": like, "approved": name in approved}
        given = {key: value for key, value in more.items() if value}
        left_out.append({"conversation": name, "reason": reason, **given})

    for name, reason in selected["refused"]:
        leave_out(name, reason)

    with (work / PREPARED).open("rb") as prepared:
        places = []
        for offset, record in _records(prepared):
            if "reason" in record:
                leave_out(record["id"], record["reason"])
            else:
                # Of two that look alike the first stays: what a person approved, then what one
                # has corrected, then the earlier.
                rank = 2 * (record["id"] not in approved) + (not record["corrected"])
                places.append(
                    _Place(rank, record["started_at"], record["id"], offset, record["topic"])
                )
        places.sort(key=lambda place: (place.rank, place.started_at, place.id))
        unique = _without_duplicates(prepared, places, recipe.similarity, leave_out, tell)
        kept = capped(
            ((place.topic, digest(recipe.seed, "order", place.id), place) for place in unique),
            recipe.per_topic,
        )
        staying = {place.id for place in kept}
        for place in unique:
            if place.id not in staying:
                leave_out(place.id, "balance")
        written = _write(prepared, kept, selected.get("same", {}), recipe, target, tell)
    left_out.sort(key=lambda entry: entry["conversation"])
    with (target / LEFT_OUT).open("wb") as file:
        file.writelines(dump(entry) for entry in left_out)
        _settle(file)
    return Built(
        examined=selected["examined"],
        counts=dict(Counter(entry["reason"] for entry in left_out)),
        approved=dict(Counter(entry["reason"] for entry in left_out if "approved" in entry)),
        source=selected["source"],
        **written,
    )


def records(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the objects of a file of lines."""
    with path.open("rb") as file:
        for line in file:
            yield orjson.loads(line)


def _records(file: BinaryIO) -> Iterator[tuple[int, dict[str, Any]]]:
    offset = 0
    for line in file:
        yield offset, orjson.loads(line)
        offset += len(line)


def _read(file: BinaryIO, place: _Place) -> Example:
    file.seek(place.offset)
    return Example.from_dict(orjson.loads(file.readline()))


def _without_duplicates(
    prepared: BinaryIO,
    places: list[_Place],
    similarity: float,
    leave_out: Callable[[str, str, str | None], None],
    tell: Tell,
) -> list[_Place]:
    met = NearDuplicates(similarity)
    for place in _told(places, N_("conversas comparadas: {count} de {total}"), tell, 850, 80):
        met.add(_read(prepared, place).texts)
    unique = []
    for place, like in zip(places, met.likenesses(), strict=True):
        if like is None:
            unique.append(place)
        else:
            leave_out(place.id, "duplicate", places[like].id)
    return unique


def _write(
    prepared: BinaryIO,
    kept: list[_Place],
    same: dict[str, str],
    recipe: Recipe,
    target: Path,
    tell: Tell,
) -> dict[str, Any]:
    examples = dict.fromkeys(SHARES, 0)
    lengths = dict(examples)
    replaced: Counter[str] = Counter()
    corrected = trimmed = 0
    with ExitStack() as stack:
        files = {
            name: stack.enter_context((target / name).open("wb"))
            for name in (*(f"{split}.jsonl" for split in examples), ORIGINS, REPLACED)
        }
        for place in _told(kept, N_("exemplos gravados: {count} de {total}"), tell, 930, 30):
            example = _read(prepared, place)
            customer = same.get(example.customer, example.customer)
            split = side(customer, recipe.seed)
            examples[split] += 1
            lengths[split] += example.tokens
            corrected += example.corrected
            trimmed += example.trimmed
            replaced.update(kind for _turn, kind, _text in example.replaced)
            name = f"{split}.jsonl"
            files[name].write(dump({"messages": messages(example.turns, recipe.system_prompt)}))
            origin = {
                "file": name,
                "line": examples[split],
                "conversation": example.id,
                "customer": pseudonym(customer, recipe.seed),
                "channel": example.channel,
                "topic": example.topic,
            }
            files[ORIGINS].write(dump(origin))
            if example.replaced:
                entry = {"conversation": example.id, "replaced": example.replaced}
                files[REPLACED].write(dump(entry))
        for file in files.values():
            _settle(file)
    return {
        "examples": examples,
        "tokens": lengths,
        "replaced": dict(sorted(replaced.items())),
        "corrected": corrected,
        "trimmed": trimmed,
    }


def _told(
    places: list[_Place], template: str, tell: Tell, start: int, span: int
) -> Iterator[_Place]:
    for number, place in enumerate(places):
        if number % EVERY == 0:
            step = Message(template, {"count": number, "total": len(places)})
            tell(start + round(span * number / len(places)), SHARE, step)
        yield place


def _settle(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())
