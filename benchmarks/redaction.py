"""Personal data in Portuguese: what is missed and what is taken wrongly, by type; speed.

Names are also measured on LeNER-Br (legal Portuguese, people's own labels) when its ``dev.conll``
is there: ``BANCADA_LENER`` names it, by default it is looked for beside the project's folder.
"""

from __future__ import annotations

import os
import re
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from benchmarks.measure import ROOT, Row, interleaved, ratio, run_python
from benchmarks.redaction_cases import Case, cases, over_lines, spelt_emails
from src import conversations
from src.conversations import EntityType, RedactionSession

SEED = 20261125
EACH = 400
LENER = Path(os.environ.get("BANCADA_LENER", ROOT.parent / "shared/data/lener_br/dev.conll"))

PROMISED = ("CPF", "CNPJ", "EMAIL", "CEP", "TELEFONE", "PLACA", "PIX")
WHOLE = {"NOME", "ENDERECO"}
"""Of these a find counts when it covers the value; of all others it must be the value exactly."""

FIRST_TEXT = """
import time
started = time.perf_counter()
from src import conversations
imported = time.perf_counter()
conversations.redact("Oi, sou a Ana")
print(imported - started, time.perf_counter() - imported)
"""


def signs(text: str, start: int, end: int) -> str:
    return "".join(character for character in text[start:end] if character.isalnum())


def judge(case: Case, found: Iterable[tuple[str, int, int]]) -> tuple[Counter[str], ...]:
    """Return the types that were found, missed, and found wrongly."""
    hits: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    spans = list(found)
    right = set()
    for kind, start, end in case.gold:
        over = [span for span in spans if span[0] == kind and span[1] < end and start < span[2]]
        if kind in WHOLE:
            covered = {place for span in over for place in range(span[1], span[2])}
            hit = all(p in covered for p in range(start, end) if case.text[p].isalnum())
            right.update(over)
        else:
            value = signs(case.text, start, end)
            exact = [span for span in over if signs(case.text, span[1], span[2]) == value]
            hit = bool(exact)
            right.update(exact)
        (hits if hit else missed)[kind] += 1
    return hits, missed, Counter(span[0] for span in spans if span not in right)


def found_in(case: Case) -> list[tuple[str, int, int]]:
    session = RedactionSession()
    if case.question:
        session.redact(case.question)
    return [(str(e.type), e.start, e.end) for e in session.redact(case.text).entities]


def chat_rows() -> list[Row]:
    hits, missed, wrong = Counter[str](), Counter[str](), Counter[str]()
    for case in cases(SEED, EACH):
        for total, part in zip((hits, missed, wrong), judge(case, found_in(case)), strict=True):
            total.update(part)
    rows = []
    for kind in [kind for kind in EntityType if kind != EntityType.DOCUMENT]:
        number, found = hits[kind] + missed[kind], hits[kind] + wrong[kind]
        most_missed = 1 if kind in PROMISED else 15
        rows += [
            Row(
                f"{kind} in chat: missed",
                100 * missed[kind] / number,
                most_missed,
                "%",
                f"of {number}",
            ),
            Row(f"{kind} in chat: wrong", 100 * wrong[kind] / found, 5, "%", f"of {found} found"),
        ]
    spelt = spelt_emails(SEED, EACH)
    unheard = sum(judge(case, found_in(case))[1]["EMAIL"] for case in spelt)
    return [*rows, Row("EMAIL spelt out: missed", 100 * unheard / EACH, 5, "%", f"of {EACH}")]


def over_lines_rows() -> list[Row]:
    hits, missed, wrong = Counter[str](), Counter[str](), Counter[str]()
    for case in over_lines(SEED, EACH):
        for total, part in zip((hits, missed, wrong), judge(case, found_in(case)), strict=True):
            total.update(part)
    rows = []
    for kind in sorted(hits):
        number, found = hits[kind] + missed[kind], hits[kind] + wrong[kind]
        rows += [
            Row(f"{kind} over a line: missed", 100 * missed[kind] / number, 1, "%", f"of {number}"),
            Row(
                f"{kind} over a line: wrong", 100 * wrong[kind] / found, 5, "%", f"of {found} found"
            ),
        ]
    others = {kind: count for kind, count in wrong.items() if not hits[kind]}
    count = sum(others.values())
    return [*rows, Row("over a line: wrong as anything else", count, 20, "", f"{others or ''}")]


def sentences(path: Path) -> list[list[tuple[str, str]]]:
    blocks = path.read_text(encoding="utf-8").split("\n\n")
    lines = [
        [line.rsplit(" ", 1) for line in block.splitlines() if " " in line] for block in blocks
    ]
    return [[(word, tag) for word, tag in block] for block in lines if block]


def as_case(sentence: list[tuple[str, str]]) -> Case:
    """Return the words put together again, with the labelled people."""
    case = Case("")
    for word, tag in sentence:
        if case.text and word not in ".,;:!?)%º]" and case.text[-1] not in "([":
            case.text += " "
        start = len(case.text)
        case.text += word
        if tag == "B-PESSOA":
            case.gold.append(("NOME", start, len(case.text)))
        elif tag == "I-PESSOA" and case.gold:
            kind, begun, _ = case.gold[-1]
            case.gold[-1] = (kind, begun, len(case.text))
    return case


def lener_rows() -> list[Row]:
    if not LENER.is_file():
        print(f"  ({LENER} is not there: names in legal text are not measured)", file=sys.stderr)
        return []
    hits, missed, wrong, found = Counter[str](), Counter[str](), 0, 0
    touched = 0
    for sentence in sentences(LENER):
        case = as_case(sentence)
        spans = [span for span in found_in(case) if span[0] == "NOME"]
        found += len(spans)
        for gold in case.gold:
            look = "capitals" if case.text[gold[1] : gold[2]].isupper() else "mixed"
            one, none, _ = judge(Case(case.text, [gold]), spans)
            hits[look] += one["NOME"]
            missed[look] += none["NOME"]
            touched += any(span[1] < gold[2] and gold[1] < span[2] for span in spans)
        wrong += judge(case, spans)[2]["NOME"]
    total = sum((hits + missed).values())
    rows = [
        Row(
            f"NOME in LeNER-Br, {look}: not wholly found",
            100 * missed[look] / (hits[look] + missed[look]),
            15,
            "%",
            f"of {hits[look] + missed[look]}",
        )
        for look in ("mixed", "capitals")
    ]
    return [
        *rows,
        Row(
            "NOME in LeNER-Br: not found at all",
            100 * (1 - touched / total),
            15,
            "%",
            f"of {total}",
        ),
        Row("NOME in LeNER-Br: wrong", 100 * wrong / found, 15, "%", f"of {found} found"),
    ]


def speed_rows() -> list[Row]:
    texts = [case.text for case in cases(SEED + 1, 60)]
    characters = sum(map(len, texts))
    words = re.compile(r"\w+")
    long = "\n".join(texts)
    times = interleaved(
        [
            lambda: [conversations.redact(text) for text in texts],
            lambda: [words.findall(text.casefold()) for text in texts for _ in range(100)],
            lambda: conversations.redact(long),
            lambda: conversations.redact(f"{long}\n" * 4),
        ],
        repeats=3,
    )
    rate = characters / min(times[0])
    imported, first = map(float, run_python(FIRST_TEXT).split())
    return [
        Row(
            "redacting messages, against finding their words 100 times",
            ratio(times[0], times[1]),
            10,
            "×",
            f"{rate:,.0f} characters, {len(texts) / min(times[0]):,.0f} messages a second",
        ),
        Row(
            "redacting four times as long a text",
            ratio(times[3], times[2]),
            8,
            "×",
            f"import {imported:.2f} s, first text {first:.1f} s",
        ),
    ]


def run(folder: Path) -> list[Row]:
    return [*chat_rows(), *over_lines_rows(), *lener_rows(), *speed_rows()]
