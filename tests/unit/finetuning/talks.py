"""Conversations for the tests, and a small redactor that knows e-mails and long numbers."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from src.finetuning import store
from src.finetuning.examples import Redacted
from src.finetuning.model import Candidate, Said
from src.finetuning.publishing import build
from src.finetuning.recipe import Recipe

START = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
WORDS = [a + b for a in ("col", "tra", "es", "den", "en") for b in ("chão", "ves", "pu", "sida")]
WORDS += [a + b + c for a in WORDS for b in ("lar", "mente", "do") for c in ("", "s")]
TOPICS = ("entrega", "preço", "troca", "produto")


def said(number: int, turn: int, length: int = 14) -> str:
    """Return a sentence of its own for each number and turn."""
    picks = [
        WORDS[(number * 7 + turn * 13 + i * (3 + number % 11)) % len(WORDS)] for i in range(length)
    ]
    return " ".join([f"caso{number}", *picks, f"fala{turn}x{number % 97}"])


def talk(number: int, **changes: Any) -> Candidate:
    """Return a complete, well rated conversation of four turns."""
    values: dict[str, Any] = {
        "id": f"c{number:06d}",
        "customer": f"cliente-{number // 2}",
        "channel": "whatsapp" if number % 3 else "site",
        "topic": TOPICS[number % len(TOPICS)],
        "started_at": START + dt.timedelta(minutes=number),
        "ended": True,
        "stars": 5.0,
        "turns": turns(*(said(number, turn) for turn in range(4))),
    }
    return Candidate(**(values | changes))


def turns(*texts: str) -> tuple[Said, ...]:
    """Return turns of the customer and the assistant by turns."""
    return tuple(
        Said("user" if number % 2 == 0 else "assistant", text) for number, text in enumerate(texts)
    )


_PERSONAL = re.compile(r"(?P<EMAIL>[\w.]+@[\w.]+\w)|(?P<PHONE>\d{8,})")


def redact(texts: Sequence[str], _known: Sequence[str]) -> Redacted:
    """Replace e-mails and long numbers; the same one has the same placeholder."""
    names: dict[str, str] = {}
    replaced = []
    result = []
    for turn, text in enumerate(texts):

        def placeholder(match: re.Match[str], turn: int = turn) -> str:
            kind = str(match.lastgroup)
            name = names.setdefault(match[0], f"[{kind}_{len(names) + 1}]")
            replaced.append((turn, kind, name))
            return name

        result.append(_PERSONAL.sub(placeholder, text))
    return Redacted(tuple(result), tuple(replaced))


def stream(candidates: Iterable[Candidate]) -> Iterator[tuple[Candidate, float]]:
    """Return conversations as the builder wants them."""
    return ((candidate, 0.5) for candidate in candidates)


def built(
    candidates: Iterable[Candidate],
    work: Path,
    recipe: Recipe | None = None,
    *,
    name: str = "bia",
    **changes: Any,
) -> store.TrainingSet:
    """Build and publish one version."""
    work.mkdir(parents=True, exist_ok=True)
    options: dict[str, Any] = {
        "redact": redact,
        "work": work,
        "job_id": work.name,
        "actor": "ana",
        "tell": lambda *_: None,
    }
    return build(name, recipe or Recipe(), candidates=stream(candidates), **(options | changes))


def read(found: store.TrainingSet, file: str) -> list[dict[str, Any]]:
    """Return the lines of a file of a version."""
    path = store.folder_of(found.name, found.version) / file
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def files(found: store.TrainingSet) -> dict[str, bytes]:
    """Return the bytes of all files but the manifest, which has a time."""
    folder = store.folder_of(found.name, found.version)
    return {
        path.name: path.read_bytes() for path in folder.iterdir() if path.name != "manifest.json"
    }
