"""A table of messages: what is said of a conversation on any row, and the order of its rows."""

from __future__ import annotations

from pathlib import Path

import pytest

from src import conversations

pytestmark = pytest.mark.usefixtures("any_database")

HEADER = "conversa,quem,mensagem,nota,situacao,tema,canal,assunto"
FIELDS = ("conversation_rating", "status", "topic", "channel", "subject")


def rated(path: Path, *rows: str) -> tuple[conversations.Summary, list[int | None]]:
    """Import a table of one conversation and return it with the stars that it was given."""
    path.write_text("\n".join([HEADER, *rows]), encoding="utf-8")
    mapping = conversations.inspect_file(path).mapping
    assert set(FIELDS) <= set(mapping.fields)
    conversations.import_file(path, mapping, actor="ana")
    (found,) = conversations.every()
    given = conversations.feedback_of(found.summary.id)
    return found.summary, [it.stars for it in given]


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_rating_counts_on_whatever_row_it_stands(tmp_path: Path, place: int) -> None:
    said = ["1,cliente,oi", "1,assistente,olá", "1,cliente,tchau"]
    rows = [f"{row},{'2' if number == place else ''},,,," for number, row in enumerate(said)]
    assert rated(tmp_path / "c.csv", *rows)[1] == [2]


def test_a_rating_on_a_row_without_a_text_counts_too(tmp_path: Path) -> None:
    assert rated(tmp_path / "c.csv", "1,cliente,oi,,,,,", "1,cliente,,4,,,,")[1] == [4]


def test_of_ratings_that_differ_the_last_counts_and_what_is_none_does_not(tmp_path: Path) -> None:
    rows = ("1,cliente,oi,2,,,,", "1,assistente,olá,5,,,,", "1,cliente,tchau,talvez,,,,")
    assert rated(tmp_path / "c.csv", *rows)[1] == [5]


def test_of_other_fields_the_first_that_is_not_empty_counts(tmp_path: Path) -> None:
    rows = ("1,cliente,oi,,,,,", "1,bot,olá,,resolvida,frete,web,Prazo", "1,bot,e,,aberta,x,y,z")
    summary, _stars = rated(tmp_path / "c.csv", *rows)
    assert (summary.status, summary.topic) == ("resolvida", "frete")
    assert (summary.channel, summary.subject) == ("web", "Prazo")


def test_messages_of_one_moment_come_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    rows = [f"1,{number},cliente,{number},2026-03-01 10:00" for number in range(11, 0, -1)]
    path.write_text("\n".join(["conversa,msg_id,quem,texto,data", *rows]), encoding="utf-8")
    conversations.import_file(path, conversations.inspect_file(path).mapping, actor="ana")
    (found,) = conversations.every()
    assert [turn.content for turn in found.turns] == [str(number) for number in range(1, 12)]
