"""What the figures of an examination say: one verdict for each question, with its limit."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from src.finetuning.diversity import evenness
from src.finetuning.report import Check, Result
from src.messages import N_, Message

if TYPE_CHECKING:
    from src.finetuning.examination import Examination

MINIMUM_EXAMPLES = 500
EVEN_TOPICS = 0.6
"""Evenness below it: a few topics make up nearly everything."""
DISTINCT_2 = 0.2
DIFFERENT_OPENINGS = 0.5
"""Real talks (Topical-Chat) have 0.42 and 0.68; sentences made from a template 0.17 and less."""
LARGEST_TOPIC = 0.5
SINGLE_TURN = 0.9
"""Share of examples of one question and one answer; above it, a model unlearns longer talks."""
REPEATED_ANSWER = 0.05
AT_LEAST = 20
"""So often must an answer return before its share says something."""
SIDES = {"validation.jsonl": 0.1, "test.jsonl": 0.1}


def checks(seen: Examination, *, built: bool) -> tuple[Check, ...]:
    """Return the verdicts, the gravest questions first."""
    offending = Counter(offence.check for offence in seen.offences)
    lines = {
        check: len({(one.file, one.line) for one in seen.offences if one.check == check})
        for check in offending
    }
    found = [_size(seen), *_by_line(lines, scanned=seen.redact is not None, built=built)]
    found += [*_diversity(seen, built=built), *_balance(seen, built=built), _answers(seen)]
    return tuple(found)


def _check(name: str, title: str, result: Result, template: str, **params: float | str) -> Check:
    return Check(name, Message(title), result, Message(template, params))


def _size(seen: Examination) -> Check:
    count = sum(seen.examples.values())
    return _check(
        "size",
        N_("Número de exemplos"),
        "ok" if count >= MINIMUM_EXAMPLES else "error",
        N_("exemplos: {count}; o mínimo é {least}"),
        count=count,
        least=MINIMUM_EXAMPLES,
    )


_PER_LINE: tuple[tuple[str, str, Result], ...] = (
    ("format", N_("Formato de cada linha"), "error"),
    ("order", N_("Papéis e ordem das falas"), "error"),
    ("length", N_("Tamanho em tokens"), "error"),
    ("leakage", N_("Vazamento entre treino, validação e teste"), "error"),
    ("repetition", N_("Exemplos repetidos"), "warning"),
    ("personal_data", N_("Dados pessoais"), "error"),
    ("answers", N_("Qualidade dos textos"), "warning"),
)


def _by_line(lines: dict[str, int], *, scanned: bool, built: bool) -> list[Check]:
    found = []
    for name, title, result in _PER_LINE:
        count = lines.get(name, 0)
        template = N_("exemplos a conferir: {count}") if count else N_("nada a apontar")
        if name == "personal_data" and not scanned:
            found.append(_check(name, title, "warning", N_("não foi verificado")))
            continue
        if name == "leakage" and not built and not count:
            template = N_("nada a apontar nos textos; os clientes deste arquivo não são conhecidos")
        params = {"count": count} if count else {}
        found.append(_check(name, title, result if count else "ok", template, **params))
    return found


def _diversity(seen: Examination, *, built: bool) -> list[Check]:
    found = []
    topics = evenness(seen.topics) if built else None
    if topics is None or set(seen.topics) <= {""}:
        template = N_("os temas não são conhecidos")
        found.append(_check("topics", N_("Diversidade de temas"), "warning", template))
    else:
        found.append(
            _check(
                "topics",
                N_("Diversidade de temas"),
                "ok" if topics >= EVEN_TOPICS else "warning",
                N_("equilíbrio {value} (um só: 0, iguais: 1; temas: {count}); desejável {least}"),
                value=round(topics, 2),
                count=len(seen.topics),
                least=EVEN_TOPICS,
            )
        )
    distinct, different = seen.openings.distinct_2, seen.openings.different
    varied = distinct >= DISTINCT_2 and different >= DIFFERENT_OPENINGS
    found.append(
        _check(
            "variety",
            N_("Variedade das perguntas"),
            "ok" if varied else "warning",
            N_(
                "{different} % das primeiras perguntas são diferentes (desejável {most} %); pares "
                "de palavras distintos {value} (desejável {least})"
            ),
            different=round(100 * different, 1),
            most=round(100 * DIFFERENT_OPENINGS),
            value=round(distinct, 2),
            least=DISTINCT_2,
        )
    )
    return found


def _balance(seen: Examination, *, built: bool) -> list[Check]:
    found = []
    if built and seen.topics and not set(seen.topics) <= {""}:
        topic, count = min(seen.topics.items(), key=lambda pair: (-pair[1], pair[0]))
        share = count / sum(seen.topics.values())
        found.append(
            _check(
                "largest_topic",
                N_("Equilíbrio entre temas"),
                "ok" if share <= LARGEST_TOPIC else "warning",
                N_("o maior, «{topic}», tem {share} % dos exemplos; desejável até {most} %"),
                topic=topic,
                share=round(100 * share, 1),
                most=round(100 * LARGEST_TOPIC),
            )
        )
    turns = [count for counts in seen.turns.values() for count in counts]
    single = sum(count <= 2 for count in turns) / len(turns) if turns else 0.0
    found.append(
        _check(
            "single_turn",
            N_("Equilíbrio entre tipos de conversa"),
            "ok" if single <= SINGLE_TURN else "warning",
            N_("{share} % têm só uma pergunta e uma resposta; desejável até {most} %"),
            share=round(100 * single, 1),
            most=round(100 * SINGLE_TURN),
        )
    )
    total = sum(seen.examples.values())
    if set(SIDES) <= set(seen.examples) and total:
        shares = {name: seen.examples[name] / total for name in SIDES}
        good = all(0.5 * SIDES[name] <= share <= 2 * SIDES[name] for name, share in shares.items())
        found.append(
            _check(
                "sides",
                N_("Divisão em treino, validação e teste"),
                "ok" if good else "warning" if all(shares.values()) else "error",
                N_("{validation} % de validação e {test} % de teste; desejável 10 % de cada"),
                validation=round(100 * shares["validation.jsonl"], 1),
                test=round(100 * shares["test.jsonl"], 1),
            )
        )
    return found


def _answers(seen: Examination) -> Check:
    examples = sum(seen.examples.values())
    most = seen.answers.most_common(1)[0][1] if seen.answers else 0
    often = most >= AT_LEAST and most > REPEATED_ANSWER * examples
    return _check(
        "stock_answers",
        N_("Respostas prontas"),
        "warning" if often else "ok",
        N_("a resposta mais repetida está em {share} % dos exemplos; desejável até {most} %"),
        share=round(100 * most / examples, 1) if examples else 0.0,
        most=round(100 * REPEATED_ANSWER),
    )
