"""Conversations become files: what stays, in which form, on which side, always the same."""

from __future__ import annotations

import datetime as dt
import json
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from src.errors import FinetuningError
from src.finetuning import store
from src.finetuning.filters import Filters
from src.finetuning.model import Candidate, Said
from src.finetuning.recipe import Recipe, named_in
from src.finetuning.validation import validate
from tests.unit.finetuning.talks import START, built, files, read, redact, talk, turns

_MINUTES = dt.timedelta(minutes=1)


def chats(found: store.TrainingSet) -> list[list[dict[str, str]]]:
    return [line["messages"] for file in store.FILES for line in read(found, file)]


def left_out(found: store.TrainingSet) -> dict[str, str]:
    return {line["conversation"]: line["reason"] for line in read(found, "left_out.jsonl")}


def test_a_conversation_becomes_a_chat_with_the_system_prompt(tmp_path: Path) -> None:
    one = talk(1, turns=turns("Tem colchão azul?", "Temos sim."))
    found = built([one], tmp_path / "w", Recipe(system_prompt="Você é a Bia."))
    assert chats(found) == [
        [
            {"role": "system", "content": "Você é a Bia."},
            {"role": "user", "content": "Tem colchão azul?"},
            {"role": "assistant", "content": "Temos sim."},
        ]
    ]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"started_at": START.replace(year=2025)}, "period"),
        ({"channel": "telefone"}, "channel"),
        ({"topic": "outro"}, "topic"),
        ({"ended": False}, "open"),
        ({"verdict": "rejected"}, "rejected"),
        ({"flags": ("wrong",)}, "flagged"),
        ({"flags": ("wrong",), "verdict": "approved"}, "flagged"),
        ({"stars": 3.9}, "rating"),
        ({"stars": None}, "rating"),
        ({"turns": (Said("unknown", "?"), Said("assistant", "Oi"))}, "unknown_role"),
        ({"turns": ()}, "empty"),
        ({"turns": turns(" \u200b ", "<Mídia oculta>")}, "empty"),
        ({"turns": turns("Oi", "<Mídia oculta>", "Alguém?")}, "one_sided"),
        ({"turns": (Said("assistant", "Oi"), Said("assistant", "Tudo bem?"))}, "one_sided"),
        ({"turns": turns("Oi", "palavra " * 20_000)}, "too_long"),
        ({"turns": turns("Oi", "p" * 300_000)}, "too_long"),
    ],
)
def test_what_is_not_good_enough_is_left_out_by_name(
    tmp_path: Path, changes: dict[str, Any], reason: str
) -> None:
    recipe = Recipe(
        filters=Filters(
            since=START, channels=("whatsapp", "site"), topics=("entrega", "preço", "troca")
        )
    )
    good, bad = talk(1), talk(2, **changes)
    found = built([good, bad], tmp_path / "w", recipe)
    assert left_out(found) == {bad.id: reason}
    assert found.counts == {reason: 1}
    assert sum(found.examples.values()) == 1


def test_an_approval_stands_in_for_stars_and_a_rejection_overrules_them(tmp_path: Path) -> None:
    approved = talk(1, stars=2.0, verdict="approved")
    rejected = talk(2, stars=5.0, verdict="rejected")
    found = built([approved, rejected], tmp_path / "w")
    assert list(left_out(found)) == [rejected.id]


def test_an_approval_outweighs_how_a_conversation_ended_and_nothing_else(tmp_path: Path) -> None:
    abandoned = talk(1, ended=False, verdict="approved", stars=None)
    flagged = talk(2, verdict="approved", flags=("tom",))
    found = built([talk(0), abandoned, talk(3, ended=False), flagged], tmp_path / "w")
    assert left_out(found) == {talk(3).id: "open", flagged.id: "flagged"}


def test_of_what_reviewers_approved_and_a_step_left_out_count_and_names_are_told(
    tmp_path: Path,
) -> None:
    elsewhere = [talk(number, channel="site", verdict="approved") for number in (1, 2)]
    twin = talk(5, verdict="approved", channel="whatsapp")
    again = talk(6, verdict="approved", channel="whatsapp", turns=twin.turns)
    others = [talk(8, channel="site"), talk(9, channel="whatsapp", ended=False)]
    recipe = Recipe(filters=Filters(channels=("whatsapp",)))
    found = built([*elsewhere, twin, again, *others], tmp_path / "w", recipe)
    assert found.counts == {"channel": 3, "open": 1, "duplicate": 1}
    assert found.approved == {"channel": 2, "duplicate": 1}
    assert [str(said) for said in found.losses] == [
        "de outros canais (3; delas aprovadas por revisores: 2)",
        "abertas ou abandonadas (1)",
        "repetidas ou quase iguais a outra (1; delas aprovadas por revisores: 1)",
    ]
    named = {one["conversation"] for one in read(found, "left_out.jsonl") if one.get("approved")}
    assert named == {elsewhere[0].id, elsewhere[1].id, again.id}


def test_turns_of_one_side_become_one_and_the_ends_are_trimmed(tmp_path: Path) -> None:
    one = talk(
        1,
        turns=(
            Said("assistant", "Bem-vindo"),
            Said("system", "conversa transferida"),
            Said("user", "Oi"),
            Said("user", "tem frete?"),
            Said("assistant", "Tem", corrected=True),
            Said("assistant", "e é grátis"),
            Said("user", "obrigada"),
        ),
    )
    found = built([one], tmp_path / "w")
    assert chats(found) == [
        [
            {"role": "user", "content": "Oi\ntem frete?"},
            {"role": "assistant", "content": "Tem\ne é grátis"},
        ]
    ]
    assert (found.corrected, found.trimmed) == (1, 2)


def test_what_was_replaced_is_told_by_its_place_in_the_example(tmp_path: Path) -> None:
    said = ("Bem-vinda, ana@x.com", "Oi", "Enviei para ana@x.com", "Obrigada, ana@x.com")
    speakers = ("assistant", "user", "assistant", "user")
    turns = tuple(map(Said, speakers, said))  # type: ignore[arg-type]
    found = built([talk(1, turns=turns)], tmp_path / "w")
    assert [message["content"] for message in chats(found)[0]] == ["Oi", "Enviei para [EMAIL_1]"]
    (line,) = read(found, "replaced.jsonl")
    assert line["replaced"] == [[1, "EMAIL", "[EMAIL_1]"]]


def test_personal_data_is_replaced_consistently_and_told(tmp_path: Path) -> None:
    one = talk(1, turns=turns("Sou ana@x.com, tel 11987654321", "Anotei ana@x.com"))
    found = built([one], tmp_path / "w")
    assert [message["content"] for message in chats(found)[0]] == [
        "Sou [EMAIL_1], tel [PHONE_2]",
        "Anotei [EMAIL_1]",
    ]
    assert found.replaced == {"EMAIL": 2, "PHONE": 1}
    email, phone = "[EMAIL_1]", "[PHONE_2]"
    replaced = [[0, "EMAIL", email], [0, "PHONE", phone], [1, "EMAIL", email]]
    assert read(found, "replaced.jsonl") == [{"conversation": one.id, "replaced": replaced}]
    for content in files(found).values():
        assert b"ana@x" not in content
        assert b"11987654321" not in content


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("<p>Oi,&nbsp;tudo   bem?</p><script>alert(1)</script>", "Oi, tudo bem?"),
        ("amo <3 e 2 < 3 > 1", "amo <3 e 2 < 3 > 1"),
        ("a<b e c>d, p<a ou b>i", "a<b e c>d, p<a ou b>i"),
        ('<a href="x?a>b" target=_blank >aqui</a > e <input disabled/>', "aqui e"),
        ("um<br clear='all'>dois<hr>", "um\ndois"),
        ("assim\n```\n<b>&amp;</b>\n```\n<i>ok</i>", "assim\n```\n<b>&amp;</b>\n```\nok"),
        ("use `<br>` no lugar de <b>isso</b>", "use `<br>` no lugar de isso"),
        ("família 👨‍👩‍👧 ok 👍🏽", "família 👨‍👩‍👧 ok 👍🏽"),
        ("مرحبا\u202e بكم", "مرحبا بكم"),
        ("cafe\u0301\u200b\r\n\r\n\r\n\r\nsim", "café\n\nsim"),
        ("**negrito** [x](javascript:alert(1))", "**negrito** [x](javascript:alert(1))"),
    ],
)
def test_text_is_put_into_one_form_and_keeps_its_meaning(
    tmp_path: Path, raw: str, clean: str
) -> None:
    found = built([talk(1, turns=turns(raw, "Sim."))], tmp_path / "w")
    assert chats(found)[0][0]["content"] == clean


def test_ten_thousand_turns_become_one_example_or_are_said_to_be_too_long(tmp_path: Path) -> None:
    long = talk(1, turns=turns(*(f"fala número {n}" for n in range(10_000))))
    found = built([long, talk(2)], tmp_path / "short")
    assert left_out(found) == {long.id: "too_long"}
    found = built([long], tmp_path / "long", Recipe(max_tokens=1_000_000))
    assert len(chats(found)[0]) == 10_000


def test_near_duplicates_leave_the_earliest(tmp_path: Path) -> None:
    first = talk(7)
    again = talk(8, turns=first.turns)
    nearly = talk(9, turns=(*first.turns[:-1], Said("assistant", first.turns[-1].text + " certo")))
    other = talk(10)
    found = built([nearly, other, again, first], tmp_path / "w")
    assert left_out(found) == {again.id: "duplicate", nearly.id: "duplicate"}
    like = {line["conversation"]: line["like"] for line in read(found, "left_out.jsonl")}
    assert set(like.values()) == {first.id}


def test_of_lookalikes_the_approved_then_the_corrected_stays(tmp_path: Path) -> None:
    first = talk(7)
    corrected = talk(
        8, turns=(*first.turns[:-1], Said("assistant", first.turns[-1].text, corrected=True))
    )
    approved = [talk(number, turns=first.turns, verdict="approved") for number in (9, 10)]
    both = talk(11, turns=corrected.turns, verdict="approved")
    for number, (lookalikes, stays) in enumerate(
        (
            ([first, corrected], corrected),
            ([first, corrected, *approved], approved[0]),
            ([first, corrected, *approved, both], both),
        )
    ):
        for order, talks in enumerate((lookalikes, lookalikes[::-1])):
            found = built(talks, tmp_path / f"{number}-{order}")
            assert set(left_out(found)) == {one.id for one in talks if one is not stays}


@pytest.mark.parametrize(("similarity", "kept"), [(0.6, 1), (0.8, 2), (1.0, 3)])
def test_the_recipe_says_from_when_on_conversations_are_repeated(
    tmp_path: Path, similarity: float, kept: int
) -> None:
    first = [f"palavra{number}" for number in range(300)]
    nine_tenths = [*first[:285], *("outra" + word for word in first[285:])]
    seven_tenths = [*first[:247], *("mais" + word for word in first[247:])]
    texts = [" ".join(words) for words in (first, nine_tenths, seven_tenths)]
    many = [talk(number, turns=turns(text, "Sim.")) for number, text in enumerate(texts)]
    found = built(many, tmp_path / "w", Recipe(similarity=similarity))
    assert sum(found.examples.values()) == kept
    offences = store.report("bia", 1).offences
    assert [one for one in offences if one.check in ("leakage", "repetition")] == []


def test_the_bytes_are_those_of_builds_before(tmp_path: Path) -> None:
    # Whoever has trained on a version must be able to build it again with a later Bancada.
    found = built([talk(number) for number in range(60)], tmp_path / "w")
    assert {file: found.hashes[file][:16] for file in (*store.FILES, "origins.jsonl")} == {
        "train.jsonl": "958b0cc3ed05b498",
        "validation.jsonl": "d9e4a180782f3506",
        "test.jsonl": "35f39aad1ff71420",
        "origins.jsonl": "42e63feda19e8bc8",
    }


def test_a_topic_is_capped_by_a_sample_that_stays_the_same(tmp_path: Path) -> None:
    many = [talk(number) for number in range(80)]
    recipe = Recipe(per_topic=5)
    first = built(many, tmp_path / "1", recipe)
    topics = [line["topic"] for line in read(first, "origins.jsonl")]
    assert {topic: topics.count(topic) for topic in set(topics)} == dict.fromkeys(set(topics), 5)
    assert len(set(topics)) == 4
    again = built(many, tmp_path / "2", recipe)
    assert files(first) == files(again)
    other = built(many, tmp_path / "3", replace(recipe, seed=1))
    assert files(other)["origins.jsonl"] != files(first)["origins.jsonl"]


def test_no_customer_is_on_two_sides_and_nobody_changes_sides_when_data_grows(
    tmp_path: Path,
) -> None:
    def sides(found: store.TrainingSet) -> dict[str, set[str]]:
        found_sides: dict[str, set[str]] = {}
        for line in read(found, "origins.jsonl"):
            found_sides.setdefault(line["customer"], set()).add(line["file"])
        return found_sides

    few = sides(built([talk(number) for number in range(300)], tmp_path / "1"))
    more = sides(built([talk(number) for number in range(600)], tmp_path / "2"))
    assert all(len(files) == 1 for files in more.values())
    assert {customer: more[customer] for customer in few} == few
    shares = [sum(file in files for files in more.values()) / len(more) for file in store.FILES]
    assert shares == pytest.approx([0.8, 0.1, 0.1], abs=0.06)


def test_the_bytes_do_not_depend_on_the_order_of_the_conversations(tmp_path: Path) -> None:
    many = [talk(number) for number in range(120)] + [talk(500, turns=talk(3).turns)]
    shuffled = random.Random(4).sample(many, len(many))
    first, second = built(many, tmp_path / "1"), built(shuffled, tmp_path / "2")
    assert files(first) == files(second)
    assert first.source == second.source
    assert first.hashes == second.hashes
    assert second.version == first.version + 1


def test_without_times_the_bytes_do_not_depend_on_when_a_conversation_was_stored(
    tmp_path: Path,
) -> None:
    def stored(numbers: list[int]) -> list[Candidate]:
        return [
            talk(number, timed=False, turns=talk(number % 40).turns, started_at=START + minutes)
            for number, minutes in zip(numbers, map(_MINUTES.__mul__, range(60)), strict=True)
        ]

    first = built(stored(list(range(60))), tmp_path / "1")
    second = built(stored(list(range(59, -1, -1))), tmp_path / "2")
    assert files(first) == files(second)
    assert first.source == second.source
    assert {line["conversation"] for line in read(first, "left_out.jsonl")} == {
        talk(number).id for number in range(40, 60)
    }


def test_the_time_that_a_source_tells_is_part_of_the_selection(tmp_path: Path) -> None:
    first = built([talk(1)], tmp_path / "1")
    later = built([talk(1, started_at=START)], tmp_path / "2")
    assert first.source != later.source


def test_a_changed_conversation_changes_the_source_hash(tmp_path: Path) -> None:
    first = built([talk(1), talk(2)], tmp_path / "1")
    second = built([talk(1), talk(2, turns=turns("Outra coisa", "Sim"))], tmp_path / "2")
    assert first.source != second.source


def test_the_manifest_says_who_when_how_and_of_what(tmp_path: Path) -> None:
    recipe = Recipe(system_prompt="Seja breve.", filters=Filters(channels=("site",)), seed=3)
    found = built([talk(number) for number in range(30)], tmp_path / "w", recipe)
    again = store.get("bia")
    assert again == found
    assert again.actor == "ana"
    assert again.recipe == recipe
    assert again.examined == 30
    assert again.counts == {"channel": 20}
    assert sum(again.examples.values()) == 10
    assert {"datasketch", "toktok-rs", "python", "tokens"} <= set(again.libraries)
    assert store.changed_files("bia", found.version) == ()


@pytest.mark.parametrize(
    "candidates", [[], [talk(1, stars=1.0), talk(2, stars=None), talk(3, flags=("x",))]]
)
def test_when_nothing_is_left_each_step_says_what_it_took(
    tmp_path: Path, candidates: list[Candidate]
) -> None:
    with pytest.raises(FinetuningError) as refused:
        built(candidates, tmp_path / "w")
    said = str(refused.value)
    if not candidates:
        assert "Importe conversas" in said
    else:
        assert "com problema apontado (1); sem 4 ★ ou mais e sem aprovação (2)" in said
    assert store.list_sets() == []


@pytest.mark.parametrize(
    "recipe",
    [
        Recipe(per_topic=0),
        Recipe(max_tokens=-1),
        Recipe(epochs=51),
        Recipe(similarity=0.5),
        Recipe(similarity=1.1),
        Recipe(not_personal=("123",)),
        Recipe(not_personal=("x" * 101,)),
        Recipe(not_personal=tuple(f"nome{number}" for number in range(501))),
        Recipe(system_prompt="x" * 200_000),
        Recipe(filters=Filters(minimum_stars=6)),
        Recipe(filters=Filters(since=START, until=START)),
        Recipe(filters=Filters(since=START.replace(tzinfo=None))),
    ],
)
def test_an_impossible_recipe_is_refused(recipe: Recipe) -> None:
    with pytest.raises(FinetuningError):
        recipe.check()


def test_a_recipe_survives_the_way_through_the_database() -> None:
    recipe = Recipe(
        "Oi",
        Filters(START, None, ("site",), ("preço",), False, 3),
        9,
        2,
        500,
        0.8,
        4,
        0.9,
        ("Bia",),
    )
    assert Recipe.from_dict(json.loads(json.dumps(recipe.to_dict()))) == recipe


def test_a_manifest_from_before_an_option_was_there_still_loads(tmp_path: Path) -> None:
    found = built([talk(1)], tmp_path / "w", Recipe(seed=3))
    path = store.folder_of("bia", 1) / "manifest.json"
    manifest = json.loads(path.read_text("utf-8"))
    del manifest["recipe"]["similarity"], manifest["recipe"]["not_personal"], manifest["approved"]
    path.write_text(json.dumps(manifest), encoding="utf-8")
    assert store.get("bia", 1) == found
    assert validate("bia", 1).checks[0].result == "ok"


@pytest.mark.parametrize(
    ("prompt", "named"),
    [
        ("Você é a Bia, da loja Slim Quality.", ("Bia", "Slim Quality")),
        ("Bia responde. Indique o Bella; **Seja** breve.\n- Nunca minta", ("Bella",)),
        ("NUNCA dê desconto na BIA", ()),
        ("Escreva para ana@Loja.com sobre o Bella e o Bella", ("Bella",)),
        ("", ()),
    ],
)
def test_a_prompt_names_the_assistant_and_products(prompt: str, named: tuple[str, ...]) -> None:
    assert named_in(prompt) == named


def test_redaction_in_the_tests_is_what_it_claims() -> None:
    assert redact(["a@b.co a@b.co"], ()).texts == ("[EMAIL_1] [EMAIL_1]",)
