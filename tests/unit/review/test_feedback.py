"""Feedback is stored once, finds its conversation, and comes from WhatsApp only if Meta sent it."""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
import hmac
import json
import time
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given, strategies

from src import conversations, house, review
from src.conversations import NewConversation, NewTurn, Place, Role
from src.conversations.store.feedback import WAIT
from src.conversations.store.tables import feedback
from src.errors import InvalidFeedback
from src.persistence import utc_now
from src.persistence.engine import transaction
from tests.unit.review.conftest import Store


def give(kind: str, *, actor: str, **said: Any) -> review.Receipt:
    return review.add_feedback(review.Opinion(kind, **said), actor=actor)


def test_the_same_feedback_twice_counts_once(store: Store) -> None:
    (key,) = store(2)
    for new in (True, False):
        done = review.add_feedback(
            review.Opinion("rating", conversation=key, stars=4, comment="bom\x00", source_id="7"),
            actor="api",
        )
        assert (done.new, done.placed) == (new, True)
    (kept,) = conversations.feedback_of(key)
    assert (kept.stars, kept.comment, kept.positive) == (4, "bom\ufffd", True)


def test_feedback_waits_for_its_conversation(store: Store) -> None:
    reaction = review.add_feedback(
        review.Opinion("reaction", turn="c0.1", positive=True), actor="api"
    )
    rating = review.add_feedback(review.Opinion("rating", conversation="c0", stars=2), actor="api")
    assert (reaction.placed, rating.placed) == (False, False)
    (key,) = store(2)
    kept = conversations.feedback_of(key)
    assert {(it.kind, it.turn_id is not None) for it in kept} == {
        ("reaction", True),
        ("rating", False),
    }


def test_a_later_reaction_replaces_the_earlier_one(store: Store) -> None:
    (key,) = store(2)
    noon = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
    for minutes, positive in ((0, True), (5, False), (2, True)):
        review.add_feedback(
            review.Opinion(
                "reaction",
                turn="c0.1",
                positive=positive,
                source_id=str(minutes),
                at=noon + dt.timedelta(minutes=minutes),
            ),
            actor="api",
        )
    assert [it.positive for it in conversations.feedback_of(key)] == [False]


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "reaction", "turn": "t"},
        {"kind": "reaction", "positive": True},
        {"kind": "rating", "conversation": "c", "stars": 0},
        {"kind": "rating", "conversation": "c", "stars": True},
        {"kind": "rating", "stars": 3},
        {"kind": "problem", "turn": "t", "problem": "x"},
        {"kind": "problem", "conversation": "c", "problem": "tone"},
        {"kind": "x", "turn": "t"},
        {"kind": "withdrawn", "conversation": "c"},
        {"kind": "rating", "conversation": "c", "stars": 3, "author": "bot"},
        {"kind": "rating", "conversation": "c", "stars": 3, "comment": "x" * 5_001},
        {"kind": "rating", "conversation": "c" * 301, "stars": 3},
    ],
)
def test_what_does_not_follow_the_schema_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidFeedback):
        review.add_feedback(review.Opinion(**wrong), actor="api")


def test_who_gives_it_is_a_name_that_every_database_takes(store: Store) -> None:
    (key,) = store(2)
    for actor in ("a" * 500, "a" * 201, "ana\x00", "ana\ud83d"):
        with pytest.raises(InvalidFeedback, match="até 200 caracteres"):
            review.add_feedback(review.Opinion("rating", conversation=key, stars=3), actor=actor)
    assert conversations.feedback_of(key) == []
    review.add_feedback(review.Opinion("rating", conversation=key, stars=3), actor="á" * 200)
    assert [it.actor for it in conversations.feedback_of(key)] == ["á" * 200]


BODY = b'{"object": "whatsapp_business_account"}'
SIGNED = "sha256=" + hmac.new(b"segredo", BODY, hashlib.sha256).hexdigest()


def test_only_what_was_signed_with_the_secret_passes() -> None:
    assert review.verify_signature(BODY, SIGNED, "segredo")
    assert not review.verify_signature(BODY + b" ", SIGNED, "segredo")
    assert not review.verify_signature(BODY, SIGNED, "outro")
    for header in (None, "", "sha256=", SIGNED.removeprefix("sha256="), "sha256=çé", SIGNED[:-1]):
        assert not review.verify_signature(BODY, header, "segredo")
    empty = "sha256=" + hmac.new(b"", BODY, hashlib.sha256).hexdigest()
    assert not review.verify_signature(BODY, empty, "")


def notification(*messages: dict[str, Any]) -> dict[str, Any]:
    value = {"messaging_product": "whatsapp", "messages": list(messages)}
    change = {"field": "messages", "value": value}
    return {"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [change]}]}


RECENTLY = int(time.time()) - 3600


def reaction(emoji: str | None, turn: str = "c0.1", second: int = 0) -> dict[str, Any]:
    told: dict[str, Any] = {"message_id": turn}
    if emoji is not None:
        told["emoji"] = emoji
    return {
        "from": "5511999990000",
        "id": f"wamid.{emoji}{second}",
        "timestamp": str(RECENTLY + second),
        "type": "reaction",
        "reaction": told,
    }


HEARTS = "❤️ ❤ ♥️ ♥ 🩷 🧡 💛 💚 💙 🩵 💜 🤎 🖤 🩶 🤍 ❣️ 💕 💞 💓 💗 💖 💘 💝 💟 ❤️‍🔥 🫶 🫶🏾 😻"


@pytest.mark.parametrize(
    ("emoji", "stars"),
    [
        *((emoji, 5) for emoji in ("👍", "👍🏽", "🙂", "☺️", "🤝🏼", *HEARTS.split())),
        *((emoji, 1) for emoji in ("👎🏿", "😡", "☹️", "💔", "🙂‍↔️")),
    ],
)
def test_reactions_are_read_whatever_the_skin_and_the_colour(emoji: str, stars: int) -> None:
    (found,) = review.parse_whatsapp(notification(reaction(emoji))).said
    assert (found.stars, found.turn_ref, found.channel) == (stars, "c0.1", "whatsapp")
    assert "5511999990000" not in repr(found)


def test_a_notification_is_stored_once_and_a_reaction_can_be_taken_back(store: Store) -> None:
    (key,) = store(2)
    sent = notification(reaction("👎"))
    assert review.accept_whatsapp(review.parse_whatsapp(sent)) == 1
    assert review.accept_whatsapp(review.parse_whatsapp(sent)) == 0
    assert [it.stars for it in conversations.feedback_of(key)] == [1]
    review.accept_whatsapp(review.parse_whatsapp(notification(reaction("", second=1))))
    assert conversations.feedback_of(key) == []


def test_what_was_taken_back_stays_so_when_old_notifications_come_again(store: Store) -> None:
    (key,) = store(2)
    sent = [notification(reaction(emoji, second=at)) for at, emoji in enumerate(("👍", "👎", ""))]
    for again in (*sent, *sent, sent[0]):
        review.accept_whatsapp(review.parse_whatsapp(again))
    assert conversations.feedback_of(key) == []
    # Also if the withdrawal overtakes the reaction.
    for second in (8, 7):
        emoji = "👍" if second == 7 else ""
        review.accept_whatsapp(review.parse_whatsapp(notification(reaction(emoji, second=second))))
    assert conversations.feedback_of(key) == []
    review.accept_whatsapp(review.parse_whatsapp(notification(reaction("👎", second=9))))
    assert [it.positive for it in conversations.feedback_of(key)] == [False]


def test_within_a_second_the_order_of_a_notification_says_what_comes_last(store: Store) -> None:
    (key,) = store(2)
    review.accept_whatsapp(review.parse_whatsapp(notification(reaction("👎"))))
    back, again = reaction("", second=1), reaction("👍", second=1)
    sent = notification(back, again)
    for new in (2, 0):
        assert review.accept_whatsapp(review.parse_whatsapp(sent)) == new
        assert [it.positive for it in conversations.feedback_of(key)] == [True]
    sent = notification(reaction("👎", second=2), reaction("", second=2))
    for new in (2, 0):
        assert review.accept_whatsapp(review.parse_whatsapp(sent)) == new
        assert conversations.feedback_of(key) == []


def test_an_emoji_that_is_not_known_leaves_what_was_said(store: Store) -> None:
    (key,) = store(2)
    review.accept_whatsapp(review.parse_whatsapp(notification(reaction("👍"))))
    strange: list[Any] = ["🤔", "😂", "😮", "🫠", "🏳️‍🌈", "👀", "\ufe0f", " ", 7, [], False]
    for second, emoji in enumerate(strange, start=1):
        found = review.parse_whatsapp(notification(reaction(emoji, second=second)))
        assert len(found.ignored) == 1
        assert review.accept_whatsapp(found) == 0
    assert [it.positive for it in conversations.feedback_of(key)] == [True]


def test_a_reaction_without_the_field_is_taken_back(store: Store) -> None:
    (key,) = store(2)
    for second, emoji in enumerate(("👍", None)):
        review.accept_whatsapp(review.parse_whatsapp(notification(reaction(emoji, second=second))))
    assert conversations.feedback_of(key) == []


def test_nobody_replaces_or_takes_back_the_reaction_of_another(store: Store) -> None:
    (key,) = store(2)
    review.accept_whatsapp(review.parse_whatsapp(notification(reaction("👍"))))
    for actor in ("ana", "bia"):
        review.add_feedback(
            review.Opinion("reaction", turn="c0.1", positive=False, channel="site"), actor=actor
        )
    review.add_feedback(review.Opinion("withdrawn", turn="c0.1", channel="site"), actor="caio")
    assert sorted(str(it.positive) for it in conversations.feedback_of(key)) == [
        *("False", "False", "True")
    ]
    review.add_feedback(review.Opinion("withdrawn", turn="c0.1", channel="site"), actor="bia")
    assert sorted(it.actor for it in conversations.feedback_of(key)) == ["ana", "whatsapp"]


def test_what_is_taken_back_weighs_no_more_in_the_queue(store: Store) -> None:
    store(2)
    review.set_criteria(review.Criteria(share=0), actor="ana")
    review.add_feedback(review.Opinion("reaction", turn="c0.1", positive=False), actor="bia")
    assert review.refresh_queue(actor="ana").added == 1
    review.add_feedback(review.Opinion("withdrawn", turn="c0.1"), actor="bia")
    assert review.refresh_queue(actor="ana").removed == 1


def numbered(origin: str, *names: str) -> list[str]:
    """Store conversations of a source that numbers their messages from 1, and return their ids."""
    turns = tuple(
        NewTurn(role, "texto", origin_id=str(number))
        for number, role in enumerate((Role.CUSTOMER, Role.ASSISTANT), start=1)
    )
    conversations.add([NewConversation(name, turns=turns) for name in names], origin, actor="ana")
    found = {
        (it.summary.origin, it.summary.origin_id): it.summary.id for it in conversations.every()
    }
    return [found[origin, name] for name in names]


@pytest.mark.usefixtures("any_database")
def test_a_turn_that_several_conversations_have_waits_until_one_is_named() -> None:
    first, other = numbered("site", "a", "b")
    say = functools.partial(give, "reaction", turn="2", positive=True, actor="api")
    for new in (True, False):
        done = say(source_id="x")
        assert (done.new, done.placed, done.place) == (new, False, Place.AMBIGUOUS)
    (whatsapp,) = numbered("whatsapp", "a")
    assert say(conversation="a", source_id="y").place is Place.AMBIGUOUS
    assert say(turn="9").place is Place.UNKNOWN
    for key in (first, other, whatsapp):
        assert conversations.feedback_of(key) == []
    assert say(conversation="b").place is Place.FOUND
    assert say(conversation=whatsapp).place is Place.FOUND
    assert [len(conversations.feedback_of(key)) for key in (first, other, whatsapp)] == [0, 1, 1]


@pytest.mark.usefixtures("any_database")
def test_a_reaction_replaces_one_to_the_same_turn_however_it_is_named() -> None:
    first, other = numbered("site", "a", "b")
    say = functools.partial(give, "reaction", turn="2", actor="api")
    say(conversation="a", positive=True)
    say(conversation="b", positive=True)
    assert [len(conversations.feedback_of(key)) for key in (first, other)] == [1, 1]
    turn = conversations.get_conversation(first).turns[1].id
    say(turn=turn, positive=False)
    assert [it.positive for it in conversations.feedback_of(first)] == [False]
    late = say(conversation="a", positive=True, at=dt.datetime(2026, 3, 1, tzinfo=dt.UTC))
    assert (late.new, late.place) == (False, Place.REPLACED)
    assert [it.positive for it in conversations.feedback_of(first)] == [False]
    assert [it.positive for it in conversations.feedback_of(other)] == [True]


@pytest.mark.usefixtures("any_database")
def test_of_conversations_of_one_name_none_is_rated_but_of_a_session_the_latest() -> None:
    numbered("site", "a")
    numbered("whatsapp", "a")
    rate = functools.partial(give, "rating", stars=2, actor="api")
    assert rate(conversation="a").place is Place.AMBIGUOUS
    noon = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
    talks = [
        NewConversation(
            name,
            turns=(NewTurn(Role.CUSTOMER, "oi", at=noon + dt.timedelta(days=day), origin_id=name),),
            session_id="s",
        )
        for name, day in (("early", 0), ("latest", 2), ("between", 1))
    ]
    conversations.add(talks, "site", actor="ana")
    assert rate(conversation="s").place is Place.FOUND
    said = {
        it.summary.origin_id: len(conversations.feedback_of(it.summary.id))
        for it in conversations.every()
    }
    assert said == {"a": 0, "early": 0, "latest": 1, "between": 0}


def test_a_turn_is_looked_for_in_the_conversation_that_is_named(store: Store) -> None:
    store(2, 2)
    for conversation, placed in (("c1", True), ("c0", False), ("", True)):
        done = review.add_feedback(
            review.Opinion("reaction", turn="c1.1", conversation=conversation, positive=True),
            actor="ana",
        )
        assert done.placed is placed


def rows() -> set[tuple[str, str]]:
    """What is stored of any feedback, placed or not: its comment and its turn's name."""
    with transaction() as connection:
        return set(
            connection.execute(sa.text("SELECT comment, turn_ref FROM conversation_feedback"))
        )


def test_feedback_on_what_was_erased_is_not_kept(store: Store) -> None:
    gone, stays = store(2, 2)
    turn = conversations.get_conversation(gone).turns[1].id
    say = functools.partial(give, comment="moro na rua A", actor="api")
    assert say("rating", conversation="c0", stars=5).placed
    conversations.erase_conversation(gone, actor="ana")
    for name in ("c0", gone):
        assert say("rating", conversation=name, stars=1).place is Place.ERASED
        done = say("problem", turn="c0.1", conversation=name, problem="tone")
        assert (done.new, done.place) == (False, Place.ERASED)
    for name in ("c0.1", turn):
        assert say("reaction", turn=name, positive=False).place is Place.ERASED
        assert say("withdrawn", turn=name).place is Place.ERASED
    assert say("reaction", turn=turn, conversation="c7", positive=True).place is Place.ERASED
    assert review.accept_whatsapp(review.parse_whatsapp(notification(reaction("👍")))) == 0
    assert rows() == set()
    assert say("rating", conversation="c1", stars=4).placed
    assert say("reaction", turn="c7.1", positive=True).place is Place.UNKNOWN
    assert len(conversations.feedback_of(stays)) == 1


@pytest.mark.usefixtures("any_database")
def test_an_erasure_takes_what_waits_and_may_be_about_it_along() -> None:
    first, _ = numbered("site", "a", "b")
    numbered("whatsapp", "a")
    say = functools.partial(give, "problem", problem="tone", actor="api")
    for turn, conversation in (("2", ""), ("2", "a"), ("7", "a"), ("7", ""), ("7", "b")):
        assert not say(
            turn=turn, conversation=conversation, comment=f"{conversation}.{turn}"
        ).placed
    conversations.erase_conversation(first, actor="ana")
    assert {comment for comment, _ in rows()} == {".7", "b.7"}
    assert say(turn="2", conversation="a").placed  # the other one of that name is still here


def test_an_erased_customers_session_is_known_too(any_database: str) -> None:
    talk = NewConversation(
        "a", turns=(NewTurn(Role.CUSTOMER, "oi"),), session_id="s", customer={"id": "bia"}
    )
    conversations.add([talk], "site", actor="ana")
    (customer,) = conversations.find_customers("bia")
    conversations.erase_customer(customer.id, actor="ana")
    done = review.add_feedback(
        review.Opinion("rating", conversation="s", stars=2, comment="x"), actor="api"
    )
    assert done.place is Place.ERASED
    assert rows() == set()


def test_what_nobody_imports_is_removed_in_the_end(store: Store) -> None:
    (key,) = store(2)
    ago = utc_now() - WAIT
    day = dt.timedelta(days=1)
    say = functools.partial(give, "reaction", positive=True, actor="api")
    assert say(turn="c0.1", at=ago - day).placed  # what has its place stays for good
    old = say(turn="x", at=ago - day, comment="velho")
    assert (old.new, old.place) == (False, Place.TOO_OLD)
    say(turn="y", at=ago + day)
    say(turn="z", at=ago + day)
    with transaction() as connection:
        connection.execute(feedback.update().where(feedback.c.turn_ref == "y").values(at=ago - day))
    assert conversations.remove_old_feedback() >= 60
    assert {turn for _, turn in rows()} == {"c0.1", "z"}
    assert len(conversations.feedback_of(key)) == 1


def test_the_dashboard_and_the_api_remove_it() -> None:
    for periodic in (house.DUTIES.periodic, house.ALWAYS):
        assert "src.conversations:remove_old_feedback" in periodic


def test_what_is_no_reaction_is_ignored_with_a_reason() -> None:
    text = {"type": "text", "id": "w", "timestamp": "1", "text": {"body": "oi"}}
    broken = {"type": "reaction", "id": "w", "reaction": None}
    found = review.parse_whatsapp(notification(text, broken, reaction("🤔")))
    assert not found.said
    assert [str(reason) for reason in found.ignored] == [
        "mensagem do tipo text",
        "reação sem mensagem ou sem identificador",
        "reação 🤔 não é elogio nem queixa",
    ]
    assert review.parse_whatsapp({"object": "page"}).ignored
    assert review.parse_whatsapp(
        {"object": "whatsapp_business_account", "entry": [{"changes": [{"field": "x"}]}]}
    ).ignored


anything = strategies.recursive(
    strategies.none() | strategies.booleans() | strategies.integers() | strategies.text(max_size=5),
    lambda inner: (
        strategies.lists(inner, max_size=3)
        | strategies.dictionaries(
            strategies.sampled_from(
                [
                    "object",
                    "entry",
                    "changes",
                    "value",
                    "messages",
                    "type",
                    "reaction",
                    "field",
                    "id",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=15,
)


@given(anything)
def test_no_payload_breaks_the_reading(payload: Any) -> None:
    review.parse_whatsapp(payload)
    review.parse_whatsapp(notification(payload))  # type: ignore[arg-type]
    json.dumps(payload)
