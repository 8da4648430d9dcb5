"""What the figures of an examination say: one verdict for each question, with its limit.

A figure is rounded before it is compared, so that no verdict contradicts what is shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from src.finetuning.diversity import evenness
from src.finetuning.examination import Examination
from src.finetuning.model import Check, Result
from src.messages import N_, Message

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
SIDES = ("validation.jsonl", "test.jsonl")
NORMAL_SIDE = (0.05, 0.2)


def checks(seen: Examination, *, built: bool) -> tuple[Check, ...]:
    """Return the verdicts, the gravest questions first."""
    lines = Counter(name for name, *_place in {(o.check, o.file, o.line) for o in seen.offences})
    return (
        _size(seen),
        *_by_line(lines, scanned=seen.redact is not None, built=built),
        *_diversity(seen, built=built),
        *_balance(seen, built=built),
        _answers(seen),
    )


def _check(
    name: str, title: str, result: Result, template: str, **params: float | str | Message
) -> Check:
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


def _by_line(lines: dict[str, int], *, scanned: bool, built: bool) -> Iterator[Check]:
    for name, title, result in _PER_LINE:
        count = lines.get(name, 0)
        template = N_("exemplos a conferir: {count}") if count else N_("nada a apontar")
        if name == "personal_data" and not scanned:
            yield _check(name, title, "warning", N_("não foi verificado"))
            continue
        if name == "leakage" and not built and not count:
            template = N_("nada a apontar nos textos; os clientes deste arquivo não são conhecidos")
        params = {"count": count} if count else {}
        yield _check(name, title, result if count else "ok", template, **params)


def _diversity(seen: Examination, *, built: bool) -> Iterator[Check]:
    topics = evenness(seen.topics) if built else None
    if topics is None or set(seen.topics) <= {""}:
        template = N_("nenhuma conversa diz o seu tema")
        yield _check("topics", N_("Diversidade de temas"), "warning", template)
    else:
        topics = round(topics, 2)
        yield _check(
            "topics",
            N_("Diversidade de temas"),
            "ok" if topics >= EVEN_TOPICS else "warning",
            N_(
                "equilíbrio de {value}: 0 seria tudo num tema só, 1 seria o mesmo tanto de "
                "cada tema; desejável {least} ou mais. Temas: {count}"
            ),
            value=topics,
            count=len(seen.topics),
            least=EVEN_TOPICS,
        )
    distinct = round(seen.openings.distinct_2, 2)
    different = round(seen.openings.different, 3)
    varied = distinct >= DISTINCT_2 and different >= DIFFERENT_OPENINGS
    yield _check(
        "variety",
        N_("Variedade das perguntas"),
        "ok" if varied else "warning",
        N_(
            "{different} % das primeiras perguntas são diferentes (desejável {most} % ou "
            "mais); pares de palavras distintos: {value} (desejável {least} ou mais)"
        ),
        different=round(100 * different, 1),
        most=round(100 * DIFFERENT_OPENINGS),
        value=distinct,
        least=DISTINCT_2,
    )


def _balance(seen: Examination, *, built: bool) -> Iterator[Check]:
    if built and seen.topics and not set(seen.topics) <= {""}:
        topic, count = min(seen.topics.items(), key=lambda pair: (-pair[1], pair[0]))
        share = round(count / sum(seen.topics.values()), 3)
        yield _check(
            "largest_topic",
            N_("Equilíbrio entre temas"),
            "ok" if share <= LARGEST_TOPIC else "warning",
            N_("o maior grupo, «{topic}», tem {share} % dos exemplos; desejável até {most} %"),
            topic=topic or Message(N_("sem tema")),
            share=round(100 * share, 1),
            most=round(100 * LARGEST_TOPIC),
        )
    turns = [count for counts in seen.turns.values() for count in counts]
    single = round(sum(count <= 2 for count in turns) / len(turns), 3) if turns else 0.0
    yield _check(
        "single_turn",
        N_("Equilíbrio entre tipos de conversa"),
        "ok" if single <= SINGLE_TURN else "warning",
        N_("{share} % têm só uma pergunta e uma resposta; desejável até {most} %"),
        share=round(100 * single, 1),
        most=round(100 * SINGLE_TURN),
    )
    total = sum(seen.examples.values())
    if set(SIDES) <= set(seen.examples) and total:
        shares = {name: round(seen.examples[name] / total, 3) for name in SIDES}
        least, most = NORMAL_SIDE
        good = all(least <= share <= most for share in shares.values())
        there = all(seen.examples[name] for name in SIDES)
        yield _check(
            "sides",
            N_("Divisão em treino, validação e teste"),
            "ok" if good else "warning" if there else "error",
            N_(
                "{validation} % de validação e {test} % de teste; desejável perto de 10 % de "
                "cada, entre {least} % e {most} %"
            ),
            validation=round(100 * shares["validation.jsonl"], 1),
            test=round(100 * shares["test.jsonl"], 1),
            least=round(100 * least),
            most=round(100 * most),
        )


def _answers(seen: Examination) -> Check:
    examples = sum(seen.examples.values())
    most = seen.answers.most_common(1)[0][1] if seen.answers else 0
    if most <= 1:  # of nine examples, each answer alone would be a ninth
        template = N_("nenhuma resposta se repete")
        return _check("stock_answers", N_("Respostas prontas"), "ok", template)
    share = round(most / examples, 3)
    return _check(
        "stock_answers",
        N_("Respostas prontas"),
        "ok" if share <= REPEATED_ANSWER else "warning",
        N_("a resposta mais repetida está em {share} % dos exemplos; desejável até {most} %"),
        share=round(100 * share, 1),
        most=round(100 * REPEATED_ANSWER),
    )
