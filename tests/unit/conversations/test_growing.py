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
        {"message_id": key, "role": ("user", "assistant")[n % 2], "content": text}
        for n, (key, text) in enumerate(messages)
    ]
    return {"id": "7", "messages": told, **more}


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
