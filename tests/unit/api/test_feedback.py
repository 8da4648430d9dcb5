"""Feedback comes in over HTTP: stored once, safe from others, or refused with a reason."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient
from structlog.testing import capture_logs

from src import conversations, review
from src.conversations import NewConversation, NewTurn, Role
from src.errors import StorageError
from tests.unit.api.conftest import READ, WRITE
from tests.unit.api.test_events import SECRET, problem
from tests.unit.review.conftest import Store, store  # noqa: F401

PATH = "/api/feedback"
LIKE = {"id": "f1", "kind": "reaction", "turn": "c0.1", "positive": True, "visitor": "v1"}
STARS = {"id": "f2", "kind": "rating", "conversation": "c0", "stars": 4, "comment": "bom"}
FLAG = {"id": "f3", "kind": "problem", "turn": "c0.1", "problem": "tone", "comment": "seco"}

TURN = NewTurn(Role.ASSISTANT, "texto", origin_id="c0.1")


def give(client: TestClient, said: dict[str, Any], key: dict[str, str] = WRITE) -> Any:
    return client.post(PATH, json=said, headers=key)


def kept(key: str) -> list[tuple[Any, ...]]:
    """What is stored about a conversation, without moments."""
    found = conversations.feedback_of(key)
    return sorted((it.kind, it.stars, it.problem, it.comment) for it in found)


def test_each_kind_is_stored_once_with_the_public_key(
    store: Store,  # noqa: F811
    client: TestClient,
) -> None:
    (key,) = store(2)
    for said in (LIKE, STARS, FLAG, LIKE, STARS, FLAG):
        response = give(client, said)
        assert (response.status_code, response.json()) == (
            200,
            {"status": "success", "id": said["id"], "placed": None, "place": None},
        )
    assert kept(key) == [
        ("problem", None, "tone", "seco"),
        ("rating", 4, "", "bom"),
        ("reaction", 5, "", ""),
    ]
    assert {it.author for it in conversations.feedback_of(key)} == {"customer"}


def test_what_speaks_of_something_unknown_waits_for_it(
    store: Store,  # noqa: F811
    client: TestClient,
) -> None:
    waiting = give(client, LIKE, READ).json()
    assert (waiting["placed"], waiting["place"]) == (False, "unknown")
    (key,) = store(2)
    assert give(client, {**STARS, "turn": "c0.1"}, READ).json()["placed"] is True
    conversations.add([NewConversation("c0", turns=(TURN,))], "outra origem", actor="ana")
    assert give(client, {**LIKE, "visitor": "v2"}, READ).json()["place"] == "ambiguous"
    assert [entry[0] for entry in kept(key)] == ["rating", "reaction"]


def test_the_public_key_does_not_tell_what_is_known(
    store: Store,  # noqa: F811
    client: TestClient,
) -> None:
    store(2)
    answers = [
        give(client, {**said, "id": "same"})
        for said in (LIKE, {**LIKE, "turn": "nothing"}, STARS, {**STARS, "conversation": "no"})
    ]
    assert len({(answer.status_code, answer.content) for answer in answers}) == 1
    beacon = client.post(f"{PATH}?key=write-key", json=LIKE)
    assert beacon.json()["placed"] is None


def test_what_was_erased_is_said_to_the_read_key_only(
    store: Store,  # noqa: F811
    client: TestClient,
) -> None:
    (key,) = store(2)
    conversations.erase_conversation(key, actor="ana")
    told = give(client, STARS, READ)
    assert (told.status_code, told.json()["place"]) == (200, "erased")
    answers = [give(client, {**said, "id": "same"}) for said in (STARS, {**LIKE, "turn": "no"})]
    assert answers[0].content == answers[1].content


def test_a_visitor_changes_and_takes_back_their_own_reaction(
    store: Store,  # noqa: F811
    client: TestClient,
) -> None:
    (key,) = store(2)
    give(client, {**LIKE, "at": "2026-03-01T12:00:00Z"})
    no = {**LIKE, "id": "f9", "positive": False, "comment": "caro", "at": "2026-03-01T12:01:00Z"}
    give(client, no)
    assert kept(key) == [("reaction", 1, "", "caro")]
    give(client, {**LIKE, "id": "late", "at": "2026-03-01T12:00:30Z"})
    give(client, {**LIKE, "at": "2026-03-01T12:00:00Z"})
    assert kept(key) == [("reaction", 1, "", "caro")]
    back = {"id": "f10", "kind": "withdrawn", "turn": "c0.1", "visitor": "v1"}
    assert give(client, {**back, "at": "2026-03-01T12:02:00Z"}).status_code == 200
    assert kept(key) == []


def test_nobody_reaches_the_feedback_of_others(
    store: Store,  # noqa: F811
    client: TestClient,
) -> None:
    (key,) = store(2)
    review.add_feedback(
        review.Opinion("reaction", turn="c0.1", positive=True, channel="whatsapp"), actor="w"
    )
    give(client, LIKE)
    give(client, {**LIKE, "visitor": "v2", "positive": False})  # with the id of another
    give(client, {**LIKE, "id": "f4", "positive": False, "visitor": None})
    give(client, {"kind": "withdrawn", "turn": "c0.1", "visitor": "v3"})
    give(client, {"kind": "withdrawn", "turn": "c0.1"})
    assert [entry[1] for entry in kept(key)] == [1, 1, 5, 5]
    assert not any("v1" in it.actor for it in conversations.feedback_of(key))


def test_a_beacon_brings_the_write_key_in_the_address(
    store: Store,  # noqa: F811
    client: TestClient,
) -> None:
    (key,) = store(2)
    text = {"content": '{"kind": "rating", "conversation": "c0", "stars": 1}'}
    headers = {"Content-Type": "text/plain;charset=UTF-8"}
    response = client.post(f"{PATH}?key=write-key", headers=headers, **text)
    assert response.status_code == 200
    assert response.json()["id"].startswith("fb_")
    assert len(kept(key)) == 1
    problem(client.post(f"{PATH}?key=read-key", headers=headers, **text), 403)


@pytest.mark.parametrize(("key", "status"), [({}, 401), ({"X-API-Key": "x"}, 403)])
def test_without_a_key_nothing_is_taken(
    client: TestClient, key: dict[str, str], status: int
) -> None:
    problem(give(client, LIKE, key), status)
    problem(client.get(PATH, headers=WRITE), 405)


@pytest.mark.parametrize(
    ("changed", "field", "kind"),
    [
        ({"kind": "applause"}, "", "union_tag_invalid"),
        ({"kind": None}, "", "union_tag_invalid"),
        ({"positive": 1}, "positive", "bool_type"),
        ({"positive": "sim"}, "positive", "bool_type"),
        ({"turn": ""}, "turn", "string_too_short"),
        ({"turn": "a\nb"}, "turn", "string_pattern_mismatch"),
        ({"turn": "x" * 301}, "turn", "string_too_long"),
        ({"turn": 7}, "turn", "string_type"),
        ({"id": "a b"}, "id", "string_pattern_mismatch"),
        ({"visitor": "x" * 101}, "visitor", "string_pattern_mismatch"),
        ({"comment": "x" * 5_001}, "comment", "string_too_long"),
        ({"at": 1_772_366_400}, "at", "not_a_text"),
        ({"at": "2999-01-01T00:00:00Z"}, "at", "too_late"),
        ({"at": "2026-01-01T00:00:00"}, "at", "timezone_aware"),
        ({"author": "human"}, "", "extra_field"),
        ({SECRET: 1}, "", "extra_field"),
        ({"kind": "rating", "positive": None}, "stars", "missing"),
        ({"kind": "problem", "problem": "x", "positive": None}, "problem", "enum"),
    ],
)
def test_what_does_not_follow_the_schema_is_refused(
    client: TestClient, changed: dict[str, Any], field: str, kind: str
) -> None:
    with capture_logs() as log:
        found = problem(give(client, {**LIKE, "comment": SECRET, **changed}), 422)
    assert {"field": field, "kind": kind} in found["errors"]
    assert found["type"].endswith("invalid-feedback")
    assert SECRET not in repr(log)


@pytest.mark.parametrize("stars", [0, 6, 4.5, "5", True, None])
def test_stars_are_whole_numbers_from_1_to_5(client: TestClient, stars: Any) -> None:
    problem(give(client, {**STARS, "stars": stars}), 422)


def test_a_rating_names_what_it_is_of(client: TestClient) -> None:
    found = problem(give(client, {"kind": "rating", "stars": 5}), 422)
    assert found["errors"] == [{"field": "", "kind": "nothing_named"}]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff", b"[" * 50_000])
def test_what_is_no_feedback_is_refused(client: TestClient, body: bytes) -> None:
    headers = {**WRITE, "Content-Type": "application/json"}
    problem(client.post(PATH, content=body, headers=headers), 422)
    problem(client.post(PATH, content=body, headers={**headers, "Content-Type": "text/xml"}), 415)
    problem(client.post(PATH, content=b" " * 70_000, headers=headers), 413)


def test_nul_and_html_are_kept_as_the_text_they_are(
    store: Store,  # noqa: F811
    client: TestClient,
) -> None:
    (key,) = store(2)
    html = "<script>alert(1)</script> \u202e🙃"
    give(client, {**STARS, "comment": f"a\x00{html}"})
    assert kept(key)[0][3] == f"a\ufffd{html}"
    longest = {**STARS, "id": "long", "comment": "🙃" * 5_000}
    assert give(client, longest).status_code == 200


def test_a_database_that_is_away_is_a_503(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: Any, **__: Any) -> Any:
        raise StorageError(SECRET)

    monkeypatch.setattr(review, "add_feedback", gone)
    response = give(client, LIKE)
    problem(response, 503)
    assert int(response.headers["retry-after"]) > 0
