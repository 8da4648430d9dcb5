"""Several records of one conversation, in one file or in later ones, make one whole."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from src import conversations
from src.conversations.store import tables
from src.persistence.engine import transaction
from tests.unit.conversations.files import bring, jsonl, only, said

pytestmark = pytest.mark.usefixtures("any_database")


def record(*messages: tuple[str, str], **more: Any) -> dict[str, Any]:
    """A record of conversation 7: identifiers and texts of its messages."""
    told = [
        {"message_id": key, "role": ("assistant", "user")[int(key) % 2], "content": text}
        for key, text in messages
    ]
    return {"id": "7", "messages": told, **more}


def plain(*texts: str) -> dict[str, Any]:
    """A record of conversation 7 whose messages have no identifiers."""
    return {"id": "7", "messages": [{"role": "user", "content": text} for text in texts]}


def test_two_records_of_a_conversation_in_one_file_are_one_after_the_other(tmp_path: Path) -> None:
    path = jsonl(
        tmp_path / "c.jsonl",
        record(("1", "Oi"), ("2", "Olá"), status="open", rating=1),
        record(("3", "Quanto custa?"), ("4", "Dez reais"), status="closed", channel="site"),
    )
    done = bring(path)
    assert (done.conversations, done.updated, done.duplicates) == (1, 1, 0)
    assert (done.turns, done.feedback) == (4, 1)
    assert said() == ["Oi", "Olá", "Quanto custa?", "Dez reais"]
    kept = only().summary
    assert (kept.turns, kept.status, kept.channel) == (4, "closed", "site")
    again = bring(path)
    assert (again.turns, again.feedback, again.duplicates, again.updated) == (0, 0, 2, 0)
    assert len(said()) == 4


def test_a_longer_record_after_a_shorter_one_does_not_repeat_it(tmp_path: Path) -> None:
    path = jsonl(
        tmp_path / "c.jsonl",
        record(("1", "Oi"), ("2", "Olá")),
        record(("1", "Oi"), ("2", "Olá"), ("3", "Quanto?")),
        record(("1", "Oi")),
    )
    done = bring(path)
    assert (done.conversations, done.updated, done.duplicates, done.turns) == (1, 1, 1, 3)
    assert said() == ["Oi", "Olá", "Quanto?"]


def test_what_a_later_record_says_of_a_message_is_kept_with_it(tmp_path: Path) -> None:
    rated = record(("1", "Oi"), ("2", "Olá"))
    rated["messages"][1]["turn_rating"] = 2
    bring(jsonl(tmp_path / "c.jsonl", record(("1", "Oi")), rated))
    (given,) = conversations.feedback_of(only().summary.id)
    assert (given.stars, given.turn_id) == (2, only().turns[1].id)


def test_messages_that_share_an_identifier_are_all_kept_and_counted(tmp_path: Path) -> None:
    path = jsonl(tmp_path / "c.jsonl", record(("7", "a"), ("7", "b"), ("7", "c"), ("7", "b")))
    done = bring(path)
    assert (done.turns, done.repeated_ids) == (4, 3)
    assert (only().summary.turns, said()) == (4, ["a", "b", "c", "b"])
    again = bring(path)
    assert (again.turns, again.repeated_ids, again.duplicates) == (0, 0, 1)
    longer = record(("7", "a"), ("7", "b"), ("7", "c"), ("7", "b"), ("7", "d"))
    assert bring(jsonl(path, longer)).turns == 1
    assert said() == ["a", "b", "c", "b", "d"]


def test_identifiers_that_begin_anew_in_each_record_lose_no_message(tmp_path: Path) -> None:
    path = jsonl(
        tmp_path / "c.jsonl", record(("1", "a"), ("2", "b")), record(("1", "c"), ("2", "d"))
    )
    done = bring(path)
    assert (done.turns, done.repeated_ids) == (4, 2)
    assert bring(path).turns == 0
    assert said() == ["a", "b", "c", "d"]


def test_a_message_that_was_exported_twice_counts_once(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_text(
        "conversa_id,mensagem_id,papel,texto,criado_em\n"
        "1,7,cliente,Oi,2026-03-01T10:00Z\n"
        "1,7,cliente,Oi,2026-03-01T10:00Z\n"
        "1,8,bot,Olá,2026-03-01T10:01Z\n",
        encoding="utf-8",
    )
    done = bring(path)
    assert (done.turns, done.repeated_ids, only().summary.turns) == (2, 0, 2)


def test_a_message_that_was_corrected_in_the_source_stays_as_it_was_judged(tmp_path: Path) -> None:
    bring(jsonl(tmp_path / "c.jsonl", record(("1", "Oi"), ("2", "Olá"))))
    done = bring(jsonl(tmp_path / "c.jsonl", record(("1", "Oi!"), ("2", "Olá"))))
    assert (done.turns, done.duplicates, said()) == (0, 1, ["Oi", "Olá"])


def test_a_rating_that_comes_later_counts_as_a_change(tmp_path: Path) -> None:
    plain = record(("1", "Oi"), ("2", "Olá"))
    bring(jsonl(tmp_path / "c.jsonl", plain))
    with transaction() as connection:
        long_ago = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
        connection.execute(tables.conversations.update().values(changed_at=long_ago))
    rated = jsonl(tmp_path / "c.jsonl", {**plain, "rating": 1})
    for updated in (1, 0):
        done = bring(rated)
        assert (done.feedback, done.updated, done.duplicates) == (updated, updated, 1 - updated)
    with transaction() as connection:
        changed = connection.execute(sa.select(tables.conversations.c.changed_at)).scalar_one()
    assert changed > long_ago


def test_a_message_that_comes_late_takes_its_place_and_leaves_judgements_with_theirs(
    tmp_path: Path,
) -> None:
    early = record(("1", "um"), ("3", "três"))
    late = record(("1", "um"), ("2", "dois"), ("3", "três"))
    early["messages"][1]["turn_rating"] = late["messages"][2]["turn_rating"] = 5
    late["messages"][1]["turn_rating"] = 2
    bring(jsonl(tmp_path / "c.jsonl", early))
    before = {turn.content: turn.id for turn in only().turns}
    path = jsonl(tmp_path / "c.jsonl", late)
    assert bring(path).turns == 1
    kept = only()
    assert [(turn.position, turn.content) for turn in kept.turns] == [
        (0, "um"),
        (1, "dois"),
        (2, "três"),
    ]
    assert {turn.content: turn.id for turn in kept.turns} == {**before, "dois": kept.turns[1].id}
    assert bring(path).feedback == 0
    given = conversations.feedback_of(kept.summary.id)
    assert {(it.turn_id, it.stars) for it in given} == {(before["três"], 5), (kept.turns[1].id, 2)}
    assert len(given) == 2


TIMED = [("oi", 0), ("olá", 1), ("quero um", 2), ("claro", 3)]


def timed(*messages: tuple[str, int]) -> dict[str, Any]:
    told = [
        {"role": "user", "content": text, "created_at": f"2026-03-01T10:{minute:02}:00Z"}
        for text, minute in messages
    ]
    return {"id": "7", "messages": told}


def test_messages_without_identifiers_are_known_by_moment_and_text(tmp_path: Path) -> None:
    for part in (
        TIMED[1:3],
        TIMED[2:],  # goes on where the other ended
        TIMED[:3],  # begins earlier
        TIMED,
        [TIMED[0], TIMED[2]],
        [("oi", 8), ("quero dois", 9)],  # all of it later
    ):
        bring(jsonl(tmp_path / "c.jsonl", timed(*part)))
    assert said() == ["oi", "olá", "quero um", "claro", "oi", "quero dois"]


@pytest.mark.parametrize(
    "other",
    [
        plain("bom dia", "oi", "olá"),
        plain("x", "y", "oi", "olá"),
        plain("oi!", "olá"),
        plain("quanto?", "dez"),
        timed(("oi!", 0), ("olá", 1)),
    ],
)
def test_a_later_export_that_begins_otherwise_is_a_conflict(
    tmp_path: Path, other: dict[str, Any]
) -> None:
    path = jsonl(tmp_path / "c.jsonl", timed(("oi", 0), ("olá", 1)))
    bring(path)
    done = bring(jsonl(path, {**other, "status": "closed", "rating": 1}))
    assert (done.skipped, done.turns, done.feedback, done.updated) == (1, 0, 0, 0)
    assert done.reasons[0].place == 1
    assert "começa de outro modo" in str(done.reasons[0].reason)
    assert (said(), only().summary.status) == (["oi", "olá"], "")


def test_records_without_identifiers_that_share_no_text_go_on_within_one_file(
    tmp_path: Path,
) -> None:
    path = jsonl(
        tmp_path / "c.jsonl", plain("oi", "olá"), plain("quanto?", "dez"), plain("oi", "x")
    )
    done = bring(path)
    assert (done.turns, done.skipped, done.reasons[0].place) == (4, 1, 3)
    assert said() == ["oi", "olá", "quanto?", "dez"]
    again = bring(path)
    assert (again.turns, again.duplicates, again.skipped) == (0, 2, 1)
    assert bring(jsonl(path, plain("oi", "olá", "quanto?", "dez", "fico"))).turns == 1


def test_identifiers_that_only_one_of_two_exports_has_double_nothing(tmp_path: Path) -> None:
    named = record(("1", "oi"), ("2", "olá"), ("3", "quero"))
    bring(jsonl(tmp_path / "c.jsonl", plain("oi", "olá")))
    assert bring(jsonl(tmp_path / "c.jsonl", named)).turns == 1
    assert bring(jsonl(tmp_path / "c.jsonl", named)).turns == 0
    assert bring(jsonl(tmp_path / "c.jsonl", plain("oi", "olá"))).turns == 0
    assert said() == ["oi", "olá", "quero"]


def test_of_a_part_without_times_what_is_new_follows_what_it_followed(tmp_path: Path) -> None:
    bring(jsonl(tmp_path / "c.jsonl", record(("1", "a"), ("3", "c"), ("5", "e"))))
    bring(jsonl(tmp_path / "c.jsonl", record(("2", "b"), ("3", "c"), ("4", "d"))))
    bring(jsonl(tmp_path / "c.jsonl", record(("6", "f"))))
    assert said() == ["a", "b", "c", "d", "e", "f"]
    assert [turn.position for turn in only().turns] == list(range(6))
