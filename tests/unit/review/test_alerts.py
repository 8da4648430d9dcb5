"""When the quality has something to say: from figures alone, and from stored conversations."""

from __future__ import annotations

import datetime as dt

import pytest

from src import alerts, conversations, house, review
from src.conversations import NewConversation, NewTurn, Outcome, Role
from src.persistence import utc_now
from src.review.alerts import WORDS, reading
from src.review.figures import NAMES, Seen, changes, figures, is_drop
from src.review.quality import WATCHED_CONFIDENCE, Compared

NOON = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)


def week(count: int, good: float) -> list[Seen]:
    """Return conversations of which a share went well in every respect."""
    return [
        Seen(
            channel="",
            topic="",
            started_at=NOON,
            outcome=Outcome.RESOLVED if n < count * good else Outcome.ABANDONED,
            seconds=(10.0 if n < count * good else 40.0) + n % 3,
            positive=int(n < count * good),
            rated=1,
            tone=5 if n < count * good else 2,
        )
        for n in range(count)
    ]


def compared(now: list[Seen], before: list[Seen]) -> Compared:
    one, other = figures(now), figures(before)
    found = changes(one, other, WATCHED_CONFIDENCE)
    return Compared(one, other, found, tuple(n for n in found if is_drop(n, found[n])))


@pytest.mark.parametrize("name", WORDS)
def test_each_figure_fires_when_it_became_worse(name: str) -> None:
    found = reading(name, compared(week(100, 0.5), week(100, 0.9)))
    assert (found.state, found.firing) == ("dropped", True)
    assert found.value is not None
    assert "100" in str(found.message)


@pytest.mark.parametrize("name", WORDS)
@pytest.mark.parametrize(("now", "before"), [(0.9, 0.5), (0.78, 0.8)])
def test_better_figures_and_chance_do_not_fire(name: str, now: float, before: float) -> None:
    found = reading(name, compared(week(100, now), week(100, before)))
    assert (found.state, found.firing) == ("ok", False)


@pytest.mark.parametrize("name", WORDS)
@pytest.mark.parametrize(("now", "before"), [(0, 0), (19, 100), (100, 19)])
def test_few_conversations_say_nothing(name: str, now: int, before: int) -> None:
    found = reading(name, compared(week(now, 0.0), week(before, 1.0)))
    assert (found.state, found.firing) == ("few_conversations", False)


def test_two_alike_by_chance_are_no_change_of_the_mean() -> None:
    alike = [Seen("", "", NOON, Outcome.OPEN, tone=score) for score in (4, 4)]
    other = [Seen("", "", NOON, Outcome.OPEN, tone=score) for score in (5, 5)]
    found = changes(figures(alike), figures(other))["tone"]
    assert found.difference == -1
    assert not found.beyond_chance


def test_the_tone_says_that_it_is_off() -> None:
    found = reading("tone", compared([], []), judged=False)
    assert (found.state, found.firing) == ("off", False)
    assert "BANCADA_JUDGE_URL" in str(found.message)


def test_there_is_a_rule_for_each_figure_and_abandonment_is_told_with_resolution() -> None:
    assert set(WORDS) == set(NAMES) - {"abandonment"}
    ids = [rule.id for rule in review.alert_rules()]
    assert ids == [f"quality_{name}" for name in WORDS]


def test_a_drop_in_stored_conversations_is_found_and_told_once(any_database: str) -> None:
    now = utc_now()
    conversations.add(
        [
            NewConversation(
                origin_id=f"{days}.{n}",
                turns=(
                    NewTurn(Role.CUSTOMER, "oi", at=now - dt.timedelta(days=days)),
                    NewTurn(
                        Role.ASSISTANT, "olá", at=now - dt.timedelta(days=days) + wait * (1 + n % 2)
                    ),
                ),
            )
            for days, wait in ((3, dt.timedelta(seconds=30)), (10, dt.timedelta(seconds=5)))
            for n in range(30)
        ],
        "teste",
        actor="ana",
    )
    begun = utc_now()
    for _again in range(2):
        waits = house.check_alerts_if_due()
        assert 300 - (utc_now() - begun).total_seconds() <= waits <= 300
    logged = alerts.history([rule.id for rule in review.alert_rules()])
    assert len(logged) == len(WORDS)
    fired = [it for it in logged if it.kind is alerts.Kind.FIRED]
    assert [(it.rule, it.value) for it in fired] == [("quality_answer_seconds", 45)]
