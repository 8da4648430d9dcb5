"""The validator: each check by an example that offends it, named by file, line and conversation."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from src.errors import FinetuningError
from src.finetuning import store
from src.finetuning.model import Place, Report
from src.finetuning.recipe import Recipe
from src.finetuning.validation import examine
from tests.unit.finetuning.talks import built, redact, said, talk, turns


def chat(*texts: str, system: str | None = None) -> dict[str, Any]:
    first = [{"role": "system", "content": system}] if system else []
    return {
        "messages": first
        + [
            {"role": "user" if number % 2 == 0 else "assistant", "content": text}
            for number, text in enumerate(texts)
        ]
    }


def more(question: str, answer: dict[str, Any]) -> dict[str, Any]:
    messages = [{"role": "user", "content": question}, {"role": "assistant", **answer}]
    return {"messages": messages}


def good(number: int) -> dict[str, Any]:
    return chat(*(said(number, turn) for turn in range(4)))


def write(path: Path, lines: Iterable[Any]) -> Path:
    rows = (line if isinstance(line, str) else json.dumps(line) for line in lines)
    path.write_text("".join(row + "\n" for row in rows), encoding="utf-8")
    return path


def look(files: dict[str, Path], **options: Any) -> Report:
    others = ("redact", "origins", "tick")
    recipe = Recipe(**{name: one for name, one in options.items() if name not in others})
    options = {name: one for name, one in options.items() if name in others}
    return examine(files, recipe, **({"redact": redact} | options))


def one_file(tmp_path: Path, lines: Iterable[Any], **options: Any) -> Report:
    return look({"train.jsonl": write(tmp_path / "train.jsonl", lines)}, **options)


def results(report: Report) -> dict[str, str]:
    return {check.id: check.result for check in report.checks}


def named(report: Report) -> list[tuple[str, int, str]]:
    return [(one.check, one.line, str(one.reason)) for one in report.offences]


def test_a_compressed_file_is_examined_as_what_is_in_it(tmp_path: Path) -> None:
    plain = write(tmp_path / "train.jsonl", [*map(good, range(3)), "{"])
    packed = tmp_path / "train.jsonl.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    assert look({"train.jsonl": packed}) == look({"train.jsonl": plain})


def test_a_good_set_has_nothing_to_point_at(tmp_path: Path) -> None:
    built([talk(number) for number in range(700)], tmp_path / "w", Recipe(price=0.008, epochs=3))
    report = store.report("bia", 1)
    assert report.offences == ()
    assert report.result == "ok", [str(c.measured) for c in report.checks if c.result != "ok"]
    assert store.get("bia").result == "ok"
    cost = report.figures["training_tokens"] / 1000 * 0.008 * 3
    assert report.figures["training_cost"] == pytest.approx(cost, abs=0.01)
    assert report.figures["tokens"]["train.jsonl"]["total"] == report.figures["training_tokens"]
    assert Report.from_dict(json.loads(json.dumps(report.to_dict()))) == report


@pytest.mark.parametrize(("count", "result"), [(499, "error"), (500, "ok")])
def test_fewer_than_500_examples_are_too_few(tmp_path: Path, count: int, result: str) -> None:
    report = one_file(tmp_path, map(good, range(count)), redact=None)
    assert results(report)["size"] == result


@pytest.mark.parametrize(
    ("line", "check", "reason"),
    [
        ("{broken", "format", "não é JSON válido"),
        ("[]", "format", "não tem a lista «messages»"),
        ({"messages": "x"}, "format", "não tem a lista «messages»"),
        ({"messages": ["x"]}, "format", "não tem «role» e «content»"),
        ({"messages": [{"role": "bot", "content": "x"}]}, "format", "papel desconhecido «bot»"),
        ({"messages": [{"role": "user", "content": None}]}, "format", "não tem texto"),
        (chat("a", "b") | {"id": 3}, "format", "campos que o formato não conhece: id"),
        (
            {"messages": [{"role": "user", "content": "x", "when": 1}]},
            "format",
            "campos que o formato não conhece: when",
        ),
        ({"messages": []}, "order", "só um dos lados fala"),
        (chat("só a pergunta"), "order", "só um dos lados fala"),
        (chat("a", "b", "c"), "order", "não termina com uma resposta"),
        (
            {"messages": [*chat("a", "b")["messages"], {"role": "system", "content": "s"}]},
            "order",
            "fora do começo",
        ),
        ({"messages": chat("x", "a", "b", "c")["messages"][1:]}, "order", "começa pelo assistente"),
        (
            {"messages": [*chat("a", "b")["messages"], {"role": "assistant", "content": "c"}]},
            "order",
            "duas vezes seguidas",
        ),
        (chat("oi", "  "), "answers", "a mensagem 2 está vazia"),
        (chat("oi", "<b>oi</b><script>x</script>"), "answers", "a resposta 2 contém HTML"),
        (chat("oi", "n\ufffdo"), "answers", "caracteres perdidos"),
        (chat("oi", "nÃ£o chegou, Ã© amanhÃ£"), "answers", "a resposta 2 tem acentos trocados"),
        (more("oi", {"content": "olá", "weight": 5}), "format", "o peso da mensagem 2 é «5»"),
        (more("oi", {"content": "olá", "weight": "1"}), "format", "pode ser 0 ou 1"),
        (more("oi", {"content": "olá", "weight": True}), "format", "é «True»"),
        (more("oi", {"content": "olá", "weight": 0}), "format", "têm peso 0"),
        (more("oi", {"content": "olá", "name": 5}), "format", "o nome na mensagem 2 não é texto"),
        (
            more("oi", {"content": "olá", "name": "ana_11987654321"}),
            "personal_data",
            "(PHONE) no nome da mensagem 2",
        ),
        (chat("oi\0", "olá"), "format", "a mensagem 1 tem o caractere nulo"),
        (
            '{"messages": [], "messages": [{"role": "user", "content": "a", "content": "oi"},'
            ' {"role": "assistant", "content": "olá"}]}',
            "format",
            "só o último conta: content, messages",
        ),
        (chat("oi", "palavra " * 17_000), "length", "o máximo é 16385"),
        (chat("sou ana@x.com", "oi"), "personal_data", "(EMAIL) na mensagem 1"),
        (
            chat("pergunta", "resposta", system="Ligue 11987654321"),
            "personal_data",
            "(PHONE) nas instruções do sistema",
        ),
    ],
)
def test_each_offence_is_named_with_its_line_and_reason(
    tmp_path: Path, line: Any, check: str, reason: str
) -> None:
    report = one_file(tmp_path, [good(1), line, good(3)])
    assert [(found[0], found[1]) for found in named(report)] == [(check, 2)]
    assert reason in named(report)[0][2]
    assert results(report)[check] in ("error", "warning")
    clean = one_file(tmp_path, [good(1), good(2), good(3)])
    assert results(clean)[check] == "ok"


def test_weights_names_and_quoted_keys_of_the_format_are_no_offence(tmp_path: Path) -> None:
    line = more('o que é "content": "x"?', {"content": "Um campo.", "weight": 0, "name": "loja"})
    line["messages"] += more("e pão?", {"content": "Não sei; é à parte.", "weight": 1})["messages"]
    assert one_file(tmp_path, [line]).offences == ()


def test_a_comparison_and_quoted_code_are_no_html(tmp_path: Path) -> None:
    lines = [
        chat("oi", "se a<b e c>d, ok"),
        chat("e?", "escreva `<b>oi</b>` ou ```<p>tchau</p>```"),
    ]
    assert one_file(tmp_path, lines).offences == ()


def test_repetitions_in_a_file_and_leaks_between_files_are_told_apart(tmp_path: Path) -> None:
    nearly = good(2)
    nearly["messages"][-1]["content"] += " certo"
    files = {
        "train.jsonl": write(tmp_path / "a", [good(1), good(2), good(1)]),
        "validation.jsonl": write(tmp_path / "b", [good(3), nearly]),
        "test.jsonl": write(tmp_path / "c", [good(1)]),
    }
    report = look(files)
    found = [(one.check, one.file, one.line, str(one.reason)) for one in report.offences]
    assert found == [
        ("repetition", "train.jsonl", 3, "igual a train.jsonl, linha 1"),
        ("leakage", "validation.jsonl", 2, "quase igual a train.jsonl, linha 2"),
        ("leakage", "test.jsonl", 1, "igual a train.jsonl, linha 1"),
    ]
    assert results(report)["leakage"] == "error"
    assert results(report)["repetition"] == "warning"


def test_a_customer_on_two_sides_is_a_leak_and_the_conversation_is_named(tmp_path: Path) -> None:
    files = {
        "train.jsonl": write(tmp_path / "a", [good(1)]),
        "test.jsonl": write(tmp_path / "b", [good(2)]),
    }
    known = {"customer": "k", "channel": "site", "topic": "preço"}
    origins = [
        Place("train.jsonl", 1, "c1", **known),
        Place("test.jsonl", 1, "c2", **known),
    ]
    (offence,) = look(files, origins=origins).offences
    assert (offence.check, offence.conversation) == ("leakage", "c2")
    assert str(offence.reason) == "o mesmo cliente também está em train.jsonl"


def test_one_topic_alone_is_no_diversity(tmp_path: Path) -> None:
    built([talk(number, topic="preço") for number in range(60)], tmp_path / "1", name="um")
    even = built([talk(number) for number in range(60)], tmp_path / "2", name="quatro")
    found = results(store.report("um", 1))
    assert (found["topics"], found["largest_topic"]) == ("warning", "warning")
    found = results(store.report("quatro", even.version))
    assert (found["topics"], found["largest_topic"]) == ("ok", "ok")


def test_talks_without_a_topic_are_named_as_such_and_the_balance_is_in_words(
    tmp_path: Path,
) -> None:
    talks = [talk(number, topic="" if number else "troca") for number in range(40)]
    built(talks, tmp_path / "w")
    measured = {check.id: str(check.measured) for check in store.report("bia", 1).checks}
    assert measured["largest_topic"].startswith("o maior grupo, «sem tema», tem 97.5 %")
    assert "0 seria tudo num tema só" in measured["topics"]
    assert measured["topics"].endswith("Temas: 2")
    again = Report.from_dict(json.loads(json.dumps(store.report("bia", 1).to_dict())))
    assert again == store.report("bia", 1)


def test_the_same_question_again_and_again_is_no_variety(tmp_path: Path) -> None:
    lines = [chat("Qual o preço do frete?", said(n, 1), said(n, 2), said(n, 3)) for n in range(40)]
    assert results(one_file(tmp_path, lines))["variety"] == "warning"
    assert results(one_file(tmp_path, map(good, range(40))))["variety"] == "ok"


def test_a_stock_answer_and_single_questions_are_pointed_at(tmp_path: Path) -> None:
    stock = [chat(said(n, 0), "Consulte o site.") for n in range(40)]
    found = results(one_file(tmp_path, stock))
    assert (found["stock_answers"], found["single_turn"]) == ("warning", "warning")
    found = results(one_file(tmp_path, map(good, range(40))))
    assert (found["stock_answers"], found["single_turn"]) == ("ok", "ok")


@pytest.mark.parametrize(
    ("answers", "result", "measured"),
    [
        (["Sim."], "ok", "nenhuma resposta se repete"),
        (
            ["Sim.", "Sim.", "Não.", "Talvez."],
            "warning",
            "a resposta mais repetida está em 50.0 % dos exemplos; desejável até 5 %",
        ),
        (
            ["Sim.", "Sim.", *(f"Resposta {n}." for n in range(38))],
            "ok",
            "a resposta mais repetida está em 5.0 % dos exemplos; desejável até 5 %",
        ),
    ],
)
def test_a_repeated_answer_is_judged_by_the_figure_that_is_shown(
    tmp_path: Path, answers: list[str], result: str, measured: str
) -> None:
    lines = [chat(said(n, 0), answer) for n, answer in enumerate(answers)]
    (found,) = [one for one in one_file(tmp_path, lines).checks if one.id == "stock_answers"]
    assert (found.result, str(found.measured)) == (result, measured)


@pytest.mark.parametrize(("single", "result"), [(1801, "ok"), (1802, "warning")])
def test_a_figure_on_its_limit_is_judged_as_it_is_written(
    tmp_path: Path, single: int, result: str
) -> None:
    lines = [chat(f"caso {n}", f"resposta {n}") for n in range(single)]
    lines += [chat(f"a {n}", f"b {n}", f"c {n}", f"d {n}") for n in range(2000 - single)]
    (found,) = [one for one in one_file(tmp_path, lines).checks if one.id == "single_turn"]
    said_ = f"{'90.0' if result == 'ok' else '90.1'} % têm só uma pergunta e uma resposta"
    assert (found.result, str(found.measured)) == (result, f"{said_}; desejável até 90 %")


@pytest.mark.parametrize(("held_out", "result"), [(4, "warning"), (5, "ok"), (27, "warning")])
def test_what_is_called_normal_of_a_side_is_what_is_said(
    tmp_path: Path, held_out: int, result: str
) -> None:
    files = {
        "train.jsonl": write(tmp_path / "a", map(good, range(80))),
        "validation.jsonl": write(tmp_path / "b", map(good, range(80, 80 + held_out))),
        "test.jsonl": write(tmp_path / "c", map(good, range(200, 200 + held_out))),
    }
    (sides,) = [one for one in look(files).checks if one.id == "sides"]
    assert sides.result == result
    assert "entre 5 % e 20 %" in str(sides.measured)


def test_an_empty_side_is_an_error(tmp_path: Path) -> None:
    files = {
        "train.jsonl": write(tmp_path / "a", map(good, range(9))),
        "validation.jsonl": write(tmp_path / "b", [good(10)]),
        "test.jsonl": write(tmp_path / "c", []),
    }
    assert results(look(files))["sides"] == "error"


def test_what_was_not_looked_for_is_not_called_clean(tmp_path: Path) -> None:
    report = one_file(tmp_path, [good(1)], redact=None)
    assert results(report)["personal_data"] == "warning"
    topics = next(check for check in report.checks if check.id == "topics")
    assert str(topics.measured) == "nenhuma conversa diz o seu tema"


def test_an_empty_file_is_examined_and_a_missing_one_is_named(tmp_path: Path) -> None:
    report = one_file(tmp_path, [])
    assert results(report)["size"] == "error"
    assert report.figures["tokens"] == {"train.jsonl": {}}
    with pytest.raises(FinetuningError, match=r"falta\.jsonl"):
        look({"x": tmp_path / "falta.jsonl"})


def test_bytes_that_are_no_text_and_ten_thousand_wrong_turns_are_survived(tmp_path: Path) -> None:
    path = tmp_path / "train.jsonl"
    endless = json.dumps(chat(*[""] * 10_000)).encode()
    path.write_bytes(b"\xff\xfe\x00junk\n" + endless + b"\n" + json.dumps(good(1)).encode())
    report = look({"train.jsonl": path})
    assert report.figures["examples"] == {"train.jsonl": 3}
    assert results(report)["format"] == "error"
    assert len(report.offences) < 300


def test_a_byte_order_mark_and_right_to_left_text_are_no_problem(tmp_path: Path) -> None:
    path = tmp_path / "train.jsonl"
    line = json.dumps(chat("مرحبا كم السعر؟ 😀", "السعر مئة ريال 👍🏽"), ensure_ascii=False)
    path.write_bytes(b"\xef\xbb\xbf" + line.encode() + b"\n")
    assert look({"train.jsonl": path}).offences == ()


def test_a_conversation_in_the_report_is_the_one_that_was_built(tmp_path: Path) -> None:
    one = talk(1, turns=turns("Qual o CEP?", "Ligue para 0800 no site &lt;div&gt;x&lt;/div&gt;"))
    built([one], tmp_path / "w")
    offences = store.report("bia", 1).offences
    assert {(offence.conversation, offence.check) for offence in offences} == {(one.id, "answers")}


def test_no_count_of_one_stands_before_a_plural(tmp_path: Path) -> None:
    lines = [chat("sou ana@x.com", "oi")]
    told = [str(check.measured) for check in one_file(tmp_path, lines).checks]
    built([talk(1), talk(2, ended=False), talk(3, flags=("x",))], tmp_path / "w")
    told += [str(check.measured) for check in store.report("bia", 1).checks]
    told += map(str, store.get("bia").losses)
    assert "exemplos: 1; o mínimo é 500" in told
    assert "abertas ou abandonadas (1)" in told
    assert [said for said in told if re.search(r"(?<![\d,])1 [^\W\d]+(?:s|ões)\b", said)] == []
