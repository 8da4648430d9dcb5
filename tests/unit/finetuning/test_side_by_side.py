"""What was replaced, found again by laying an example over its conversation."""

from __future__ import annotations

import pytest

from src import conversations, finetuning
from src.finetuning import Recipe
from src.finetuning.side_by_side import places
from src.review import Decision, TurnNote
from tests.unit.finetuning.test_sources import decide, rate, run_queued, stored


def built(**changes: str) -> None:
    finetuning.start_build("bia", Recipe(**changes), actor="ana")  # type: ignore[arg-type]
    run_queued()


@pytest.mark.parametrize(
    ("before", "kept", "found"),
    [
        ("Ana", ["", ""], ["Ana"]),
        ("sou Ana, CPF 123.", ["sou ", ", CPF ", "."], ["Ana", "123"]),
        ("Ana e Ana", ["", " e ", ""], ["Ana", "Ana"]),
        ("AnaLima", ["", "", ""], ["A", "naLima"]),
        ("sou\nAna", ["sou\n", ""], ["Ana"]),
        ("sou Bia", ["sou ", "!"], None),
        ("ele é Ana", ["sou ", ""], None),
        ("sou ", ["sou ", ""], None),
        ("aba", ["ab", "ba"], None),
        ("sou Ana", ["sou Ana"], None),
    ],
)
def test_what_is_between_the_texts_that_stayed_is_found(
    before: str, kept: list[str], found: list[str] | None
) -> None:
    spans = places(before, kept)
    assert (None if spans is None else [before[a:b] for a, b in spans]) == found


def test_a_turn_of_thousands_of_replacements_takes_one_pass() -> None:
    before = "x a " * 20_000 + "b"
    assert places(before, ["", *[" "] * 20_000, "c"]) is None
    found = places(before, ["", *[" a "] * 20_000, ""])
    assert found is not None
    assert len(found) == 20_001


def test_each_turn_stands_beside_the_one_it_was_made_of() -> None:
    one = stored(
        "1",
        "<p>Oi, sou Ana Souza</p>",
        "Olá, Ana Souza. Qual o seu CPF?",
        "É 529.982.247-25",
        "Anotei.",
    )
    decide(one, Decision.APPROVED, TurnNote(one.turns[3].id, correction="Anotei, Ana Souza."))
    built(system_prompt="Seja breve.")
    found = finetuning.example_of("bia", 1, one.summary.id)
    assert found is not None
    assert found.stored
    assert [pair.role for pair in found.pairs] == ["user", "assistant"] * 2
    assert [pair.before for pair in found.pairs] == [
        "Oi, sou Ana Souza",
        "Olá, Ana Souza. Qual o seu CPF?",
        "É 529.982.247-25",
        "Anotei, Ana Souza.",
    ]
    gone = [[(pair.before or "")[a:b] for a, b in pair.places or ()] for pair in found.pairs]
    assert gone == [["Ana Souza"], ["Ana Souza"], ["529.982.247-25"], ["Ana Souza"]]
    assert [pair.replaced for pair in found.pairs] == [1, 1, 1, 1]


def test_a_conversation_that_is_gone_leaves_the_set_alone_to_read() -> None:
    one = stored("1", "Oi, sou Ana Souza", "Olá.")
    decide(one, Decision.APPROVED)
    built()
    assert finetuning.example_of("bia", 1, "de-outro") is None
    conversations.erase_conversation(one.summary.id, actor="ana")
    found = finetuning.example_of("bia", 1, one.summary.id)
    assert found is not None
    assert not found.stored
    assert [pair.before for pair in found.pairs] == [None, None]
    assert found.pairs[0].replaced == 1


def test_a_turn_that_changed_since_is_not_marked_at_a_wrong_place() -> None:
    one = stored("1", "Oi, sou Ana Souza", "Olá, Ana Souza.")
    rate(one, 5)
    built()
    first = finetuning.example_of("bia", 1, one.summary.id)
    assert first is not None
    assert all(pair.places for pair in first.pairs)
    decide(one, Decision.APPROVED, TurnNote(one.turns[1].id, correction="Bem-vinda, Ana Souza."))
    again = finetuning.example_of("bia", 1, one.summary.id)
    assert again is not None
    assert again.pairs[0] == first.pairs[0]
    assert again.pairs[1].before == "Bem-vinda, Ana Souza."
    assert again.pairs[1].places is None


def test_a_conversation_that_grew_since_is_compared_as_far_as_the_set_goes() -> None:
    one = stored("1", "Oi, sou Ana Souza", "Olá, Ana Souza.")
    rate(one, 5)
    built()
    before = finetuning.example_of("bia", 1, one.summary.id)
    stored("1", "Oi, sou Ana Souza", "Olá, Ana Souza.", "Tchau", "Volte sempre.")
    assert finetuning.example_of("bia", 1, one.summary.id) == before
