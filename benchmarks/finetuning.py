"""A data set from 100,000 stored conversations: memory, cost, and the same bytes twice.

Looking for personal data takes far longer than all the rest together and is linear by nature: each
conversation is looked at by itself. So it is measured apart, on some hundred conversations, and the
builds that are compared look at one conversation of 200, with everything that needs loaded. With
``BANCADA_BENCH_FULL=1`` they look at every one, which takes half an hour.
"""

from __future__ import annotations

import json
import os
import random
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.measure import MIB, Row, peak_memory

SIZES = (50_000, 100_000)
SAMPLE = 300
LOOKED_AT = 1 if os.environ.get("BANCADA_BENCH_FULL") else 200
"""One of so many conversations is looked at for personal data."""

FILL = """
import sys
from benchmarks.finetuning import fill
fill(int(sys.argv[1]), int(sys.argv[2]))
"""

BUILD = """
import sys
from benchmarks.finetuning import build
build(sys.argv[1], sys.argv[2])
"""

QUESTIONS = (
    "Oi, vocês têm {} de {} na cor {}?",
    "Qual o prazo de entrega de {} {} para {}?",
    "Meu {} {} chegou {}, como faço para trocar?",
    "Quanto sai o frete do {} {} até {}?",
    "O {} de {} serve para quem tem {}?",
)
ANSWERS = (
    "Temos sim! O {} {} sai por R$ {} e chega em {} dias úteis.",
    "Para {} o prazo é de {} dias; a {} cobre {} meses.",
    "Sinto muito. Me diga o CEP, por favor, que eu já peço a coleta do {} {} com {} e {}.",
    "Recomendo o {} com {}: é o mais {} que temos para {}.",
)
PERSONAL = (
    "Me chamo {} e meu telefone é (11) 9{:04d}-{:04d}",
    "Pode mandar para {}{:04d}{:04d}@exemplo.com.br",
    "Sou {}, CEP {:05d}-{:03d}",
)
NAMES = ("Ana Souza", "João Pereira", "Marina Lima", "Carlos Antunes", "Beatriz Rocha")
_VOWELS, _CONSONANTS = "aeiou", "bcdfglmnprstv"


def words(count: int) -> list[str]:
    """Return made-up words that sound Portuguese, so that texts differ as real ones do."""
    rng = random.Random(7)
    made = set()
    while len(made) < count:
        length = rng.randint(2, 4)
        made.add("".join(rng.choice(_CONSONANTS) + rng.choice(_VOWELS) for _ in range(length)))
    return sorted(made)


VOCABULARY = words(8_000)


def talk(number: int) -> list[tuple[str, str]]:
    """Return the turns of a conversation: 4 to 12, every fifth with personal data."""
    rng = random.Random(number)
    turns = []
    for turn in range(rng.choice((4, 4, 6, 6, 8, 12))):
        asks = turn % 2 == 0
        sentence = rng.choice(QUESTIONS if asks else ANSWERS)
        text = sentence.format(*(rng.choice(VOCABULARY) for _ in range(sentence.count("{}"))))
        more = " ".join(rng.choice(VOCABULARY) for _ in range(rng.randint(4, 16)))
        turns.append(("customer" if asks else "assistant", f"{text} {more}."))
    if number % 5 == 0:
        text = rng.choice(PERSONAL)
        filled = text.format(rng.choice(NAMES), rng.randint(0, 9999), rng.randint(0, 999))
        turns[0] = ("customer", f"{turns[0][1]} {filled}")
    return turns


def fill(first: int, end: int) -> None:
    """Store conversations by their numbers: most rated well, one of 20 a repetition."""
    import datetime as dt

    from src import conversations, persistence
    from src.conversations import NewConversation, NewFeedback, NewTurn, Role

    persistence.prepare()
    start = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    batch = []
    for number in range(first, end):
        at = start + dt.timedelta(minutes=number)
        stars = 5 if number % 10 else 2
        batch.append(
            NewConversation(
                origin_id=f"c{number}",
                turns=tuple(
                    NewTurn(Role(role), text, at=at + dt.timedelta(seconds=20 * place))
                    for place, (role, text) in enumerate(
                        talk(number - 1 if number % 20 == 7 else number)
                    )
                ),
                customer={"id": f"k{number // 2}"},
                channel="whatsapp" if number % 3 else "site",
                status="resolved",
                topic=f"assunto {number % 12}",
                feedback=(NewFeedback("rating", "customer", f"r{number}", stars=stars),),
            )
        )
        if len(batch) == 1_000:
            conversations.add(batch, "bench", actor="bench")
            batch = []


def build(name: str, work: str) -> None:
    """Build one version, looking for personal data in one of ``LOOKED_AT`` conversations.

    Leaves the processor's seconds in a file beside ``work``: what else runs on the machine changes
    how long a build takes, not what it costs.
    """
    from src.finetuning import sources
    from src.finetuning.examples import Redacted
    from src.finetuning.publishing import build as build_version
    from src.finetuning.recipe import Recipe

    met = 0

    def some(texts: Sequence[str], known: Sequence[str]) -> Redacted:
        nonlocal met
        met += 1
        return sources.redact(texts, known) if met % LOOKED_AT == 0 else Redacted(tuple(texts))

    folder = Path(work)
    folder.mkdir(parents=True)
    build_version(
        name,
        Recipe(system_prompt="Você é a Bia, consultora da loja. Seja breve e gentil."),
        candidates=sources.candidates(),
        redact=some,
        work=folder,
        job_id=folder.name,
        actor="bench",
        tell=lambda *_: None,
    )
    folder.with_suffix(".seconds").write_text(str(time.process_time()))


def redaction_seconds() -> float:
    """Return the seconds that one conversation takes to be freed of personal data."""
    from src.finetuning import sources

    sources.redact(["aquecimento, meu CPF é 529.982.247-25"], ())
    started = time.perf_counter()
    for number in range(SAMPLE):
        sources.redact([text for _role, text in talk(number)], ())
    return (time.perf_counter() - started) / SAMPLE


def run(folder: Path) -> list[Row]:
    half, whole = SIZES
    env = {"BANCADA_DATA_DIR": str(folder), "BANCADA_MODELS_DIR": str(folder / "models")}
    jobs = folder / "jobs"
    peak_memory(FILL, "0", str(half), env=env)
    peak_memory(BUILD, "half", str(jobs / "half"), env=env)
    peak_memory(FILL, str(half), str(whole), env=env)
    peak = peak_memory(BUILD, "first", str(jobs / "first"), env=env)[0]
    peak_memory(BUILD, "second", str(jobs / "second"), env=env)
    half_seconds, seconds = (
        float((jobs / f"{name}.seconds").read_text()) for name in ("half", "first")
    )
    first, second = (
        json.loads((folder / "conjuntos" / name / "v1" / "manifest.json").read_text())
        for name in ("first", "second")
    )
    differing = [name for name, sha in first["hashes"].items() if second["hashes"][name] != sha]
    each = redaction_seconds()
    examples, alike = sum(first["examples"].values()), first["counts"].get("duplicate", 0)
    return [
        Row(
            "data set from 100,000 conversations: peak memory",
            peak / MIB,
            1024,
            "MiB",
            f"{seconds:.0f} s of processor; searched 1 of {LOOKED_AT} for personal data; "
            f"{examples:,} examples, {alike:,} near-duplicates left out",
        ),
        Row(
            "data set: processor time of 100,000 conversations over that of 50,000",
            seconds / half_seconds,
            2.2,
            "×",
            f"{half_seconds:.0f} s and {seconds:.0f} s",
        ),
        Row(
            "data set built twice: files that differ",
            len(differing),
            0,
            "files",
            ", ".join(differing) or f"{len(first['hashes'])} files of the same bytes",
        ),
        Row(
            "personal data: time to look at one conversation",
            1000 * each,
            50,
            "ms",
            f"done twice, for 100,000 conversations about {2 * each * 100_000 / 60:.0f} min",
        ),
    ]
