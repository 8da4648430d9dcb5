"""One row for each conversation, with what the quality figures are made of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from src.conversations import SILENCE, Outcome
from src.persistence import utc_now
from src.persistence.engine import take_turn, transaction
from src.review.figures import Seen, Span
from src.review.store.tables import conversations, feedback, tones, within


def seen(
    since: dt.datetime | None,
    until: dt.datetime | None,
    *,
    channel: str | None = None,
    topic: str | None = None,
) -> list[Seen]:
    """Return the conversations that began in a period, with what was said of the assistant.

    Those whose source has no times belong to no period: they are among all only.
    """
    c = conversations.c
    given = (
        sa.select(
            feedback.c.conversation_id,
            sa.func.count().label("rated"),
            sa.func.sum(sa.case((feedback.c.stars >= 4, 1), else_=0)).label("positive"),
        )
        .where(
            feedback.c.author == "customer",
            feedback.c.kind.in_(("reaction", "rating")),
            feedback.c.stars.is_not(None),
        )
        .group_by(feedback.c.conversation_id)
        .subquery()
    )
    conditions = within(c.started_at, since, until)
    if since is not None or until is not None:
        conditions.append(c.timed)
    if channel is not None:
        conditions.append(c.channel == channel)
    if topic is not None:
        conditions.append(c.topic == topic)
    quiet = utc_now() - SILENCE
    with transaction() as connection:
        rows = connection.execute(
            sa.select(
                c.id,
                c.channel,
                c.topic,
                c.started_at,
                c.last_at,
                c.timed,
                c.final,
                c.ending,
                c.answer_seconds,
                c.answers,
                given.c.rated,
                given.c.positive,
                tones.c.score,
            )
            .select_from(conversations)
            .outerjoin(given, given.c.conversation_id == c.id)
            .outerjoin(tones, tones.c.conversation_id == c.id)
            .where(*conditions)
        ).all()
    return [
        Seen(
            channel=row.channel,
            topic=row.topic,
            started_at=row.started_at,
            outcome=Outcome(row.ending)
            if row.final or not row.timed or row.last_at <= quiet
            else Outcome.OPEN,
            seconds=row.answer_seconds / row.answers if row.answers else None,
            positive=int(row.positive or 0),
            rated=int(row.rated or 0),
            tone=row.score,
            conversation_id=row.id,
            timed=row.timed,
        )
        for row in rows
    ]


def state() -> str:
    """Return a text that is another one when something changed that the figures are made of."""
    counted = (
        sa.select(sa.func.count(), sa.func.max(conversations.c.changed_at)),
        sa.select(sa.func.count(), sa.func.max(feedback.c.at)),
        sa.select(sa.func.count(), sa.func.max(tones.c.judged_at)),
    )
    with transaction() as connection:
        return str([tuple(connection.execute(query).one()) for query in counted])


def span() -> Span:
    """Return when the conversations with times began, and how many have none."""
    c = conversations.c
    with transaction() as connection:
        first, last = connection.execute(
            sa.select(sa.func.min(c.started_at), sa.func.max(c.started_at)).where(c.timed)
        ).one()
        untimed = connection.execute(
            sa.select(sa.func.count()).select_from(conversations).where(sa.not_(c.timed))
        ).scalar_one()
    return Span(first, last, untimed)


def without_tone(limit: int) -> list[str]:
    """Return conversations with an answer whose tone nobody has judged, newest first."""
    c = conversations.c
    judged = sa.exists().where(tones.c.conversation_id == c.id)
    with transaction() as connection:
        return list(
            connection.execute(
                sa.select(c.id)
                .where(c.answer_turns > 0, sa.not_(judged))
                .order_by(c.started_at.desc(), c.id)
                .limit(limit)
            ).scalars()
        )


def save_tone(conversation_id: str, score: int, reason: str, model: str) -> None:
    """Keep a judgement of the tone in place of an earlier one."""
    with transaction() as connection:
        take_turn(connection, "conversations")
        connection.execute(tones.delete().where(tones.c.conversation_id == conversation_id))
        there = sa.select(conversations.c.id).where(conversations.c.id == conversation_id)
        if connection.execute(there).first() is not None:
            connection.execute(
                tones.insert().values(
                    conversation_id=conversation_id,
                    score=score,
                    reason=reason,
                    model=model,
                    judged_at=utc_now(),
                )
            )


def tones_of(conversation_ids: Sequence[str]) -> dict[str, tuple[int, str, str]]:
    """Return score, reason and model of the conversations that were judged."""
    with transaction() as connection:
        rows: Sequence[sa.Row[Any]] = connection.execute(
            sa.select(tones).where(tones.c.conversation_id.in_(list(conversation_ids)))
        ).all()
    return {row.conversation_id: (row.score, row.reason, row.model) for row in rows}
