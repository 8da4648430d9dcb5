"""What customers say of answers: reactions, stars, problems; also by WhatsApp's webhook."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import re
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from src import conversations
from src.conversations import NewFeedback, Place, storable
from src.errors import InvalidFeedback
from src.messages import N_, Message
from src.review.model import Problem

HEARTS = "❤♥❣💙🩵💚💛🧡💜🩷🖤🤍🤎🩶💕💖💗💓💞💘💝💟💌🫶😍😘🥰😻"
LIKED = frozenset(HEARTS + "👍😊☺😀😁😃😄🙂🤗🤩🥳👏🙏🙌👌🤝💪🎉💯✅🔥⭐🌟🌹💐")
DISLIKED = frozenset((*"👎🖕😡😠🤬😤😞😢😭💔😒🙄🙁☹😩😫🤢🤮💩❌", "🙂\u200d↔"))
"""By the emoji alone or the first of a sequence; a face that shakes its head is a sequence."""
_LOOKS = re.compile("[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]")
"""How an emoji is drawn, as text or in colour, and its skin."""

LONGEST_COMMENT = 5_000
LONGEST_NAME = 300
LONGEST_ACTOR = 200


@dataclass(frozen=True)
class Receipt:
    """What became of feedback.

    Attributes
    ----------
    new : bool
        False if the same had been given before.
    place : Place
        Whether what it speaks of is here, or why not.
    """

    id: str
    new: bool
    place: Place

    @property
    def placed(self) -> bool:
        """Whether it stands beside its conversation; what does not so far waits, if it is kept."""
        return self.place is Place.FOUND


@dataclass(frozen=True, kw_only=True)
class Opinion:
    """What someone says of a conversation or of one of its turns.

    Attributes
    ----------
    kind : str
        ``"reaction"`` to a turn (``positive``), ``"withdrawn"`` for the reaction to a turn that is
        taken back, ``"rating"`` of a conversation or a turn (``stars``), or ``"problem"`` with a
        turn (``problem``).
    turn, conversation : str
        Identifiers, ours or the source's; for a conversation also its session. What is not
        imported yet may be named too: the feedback waits for it.
    stars : int, optional
        1 to 5.
    problem : str, optional
        A value of :class:`Problem`.
    comment : str
        At most 5,000 characters.
    author : str
        ``"customer"``, or ``"human"`` for someone of the team, whose judgement does not count as
        satisfaction.
    source_id : str
        Names this feedback on its channel; the same again changes nothing.
    at : datetime, optional
        When it was given; by default now.
    """

    kind: str = field(kw_only=False)
    turn: str = ""
    conversation: str = ""
    positive: bool | None = None
    stars: int | None = None
    problem: str | None = None
    comment: str = ""
    author: str = "customer"
    source_id: str = ""
    channel: str = ""
    at: dt.datetime | None = None

    def checked(self) -> NewFeedback:
        """Return it as it is stored.

        Raises
        ------
        InvalidFeedback
            If it does not follow what is said above.
        """
        stars, comment = self._judgement()
        names = (self.turn, self.conversation, self.source_id, self.channel)
        if not self.turn and not self.conversation:
            raise InvalidFeedback(N_("Falta dizer de que conversa ou mensagem é."))
        if self.author not in ("customer", "human"):
            raise InvalidFeedback(N_("O autor é customer ou human."))
        if len(comment) > LONGEST_COMMENT or max(map(len, names)) > LONGEST_NAME:
            raise InvalidFeedback(
                N_(
                    "O comentário tem até {comment} caracteres e os identificadores até {name}. "
                    "Encurte e envie de novo."
                ),
                comment=LONGEST_COMMENT,
                name=LONGEST_NAME,
            )
        return NewFeedback(
            kind=self.kind,
            author=self.author,
            origin_id=storable(self.source_id) or uuid.uuid4().hex,
            stars=stars,
            problem=(self.problem or "") if self.kind == "problem" else "",
            comment=storable(comment),
            at=self.at,
            conversation_ref=storable(self.conversation),
            turn_ref=storable(self.turn),
            channel=storable(self.channel),
        )

    def _judgement(self) -> tuple[int | None, str]:
        """Return the stars and the comment that its kind has."""
        stars, comment = None, self.comment
        if self.kind == "reaction":
            if not isinstance(self.positive, bool) or not self.turn:
                raise InvalidFeedback(
                    N_("Uma reação diz de que mensagem é e se é positiva. Envie as duas coisas.")
                )
            stars = 5 if self.positive else 1
        elif self.kind == "withdrawn":
            if not self.turn:
                raise InvalidFeedback(N_("Para retirar uma reação, diga de que mensagem ela é."))
            comment = ""
        elif self.kind == "rating":
            stars = self.stars
            if isinstance(stars, bool) or not isinstance(stars, int) or not 1 <= stars <= 5:
                raise InvalidFeedback(N_("Uma avaliação tem de 1 a 5 estrelas, em número inteiro."))
        elif self.kind == "problem":
            if self.problem not in list(Problem) or not self.turn:
                raise InvalidFeedback(
                    N_("Um problema diz de que mensagem é e qual é. Os tipos são: {kinds}."),
                    kinds=", ".join(Problem),
                )
        else:
            raise InvalidFeedback(N_("O tipo de retorno é reaction, withdrawn, rating ou problem."))
        return stars, comment


def add_feedback(opinion: Opinion, *, actor: str) -> Receipt:
    """Store what someone says of a conversation or of one of its turns.

    Parameters
    ----------
    actor : str
        Who gives it, in at most 200 characters. A reaction takes the place of an earlier one to
        the same turn only if actor and channel are the same.

    Raises
    ------
    InvalidFeedback
        If it does not follow this.
    StorageError
        If the database does not answer.
    """
    new = opinion.checked()
    if len(actor) > LONGEST_ACTOR or storable(actor) != actor:
        raise InvalidFeedback(
            N_(
                "O nome de quem envia tem até {count} caracteres e nenhum caractere nulo ou "
                "quebrado. Corrija o nome e envie de novo."
            ),
            count=LONGEST_ACTOR,
        )
    return _store(new, actor)


def _store(new: NewFeedback, actor: str) -> Receipt:
    return Receipt(*conversations.add_feedback(new, actor=actor))


def verify_signature(body: bytes, header: str | None, secret: str) -> bool:
    """Whether Meta signed these very bytes, in constant time.

    Parameters
    ----------
    body : bytes
        The request's body as it came.
    header : str or None
        ``X-Hub-Signature-256``: ``sha256=`` and the HMAC-SHA256 in hexadecimal.
    secret : str
        The app's secret. An empty one verifies nothing.
    """
    if not secret or not header or not header.startswith("sha256="):
        return False
    expected = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(
        expected.encode(), header.removeprefix("sha256=").strip().lower().encode()
    )


@dataclass(frozen=True)
class Webhook:
    """What a WhatsApp notification says.

    Attributes
    ----------
    said : tuple of NewFeedback
        Reactions, and that one was taken back, in the order in which they came: WhatsApp's times
        are whole seconds, so that within one only the order says what is the last word.
    ignored : tuple of Message
        What was left out, and why.
    """

    said: tuple[NewFeedback, ...] = ()
    ignored: tuple[Message, ...] = ()


def parse_whatsapp(payload: Any) -> Webhook:
    """Read the reactions out of a notification of the WhatsApp Cloud API.

    A reaction without an emoji is one that was taken back
    (developers.facebook.com/documentation/business-messaging/whatsapp/webhooks). Anything else
    (messages, delivery receipts, emoji that neither praise nor complain, shapes of the future) is
    ignored with a reason, because Meta repeats what is not accepted.
    """
    said: list[NewFeedback] = []
    ignored: list[Message] = []
    for message in _messages(payload, ignored):
        kind = message.get("type")
        if kind != "reaction":
            ignored.append(Message(N_("mensagem do tipo {kind}"), {"kind": str(kind)[:40]}))
            continue
        reaction, identifier = message.get("reaction"), message.get("id")
        turn = reaction.get("message_id") if isinstance(reaction, dict) else None
        if not all(
            isinstance(text, str) and 0 < len(text) <= LONGEST_NAME for text in (turn, identifier)
        ):
            ignored.append(Message(N_("reação sem mensagem ou sem identificador"), {}))
            continue
        assert isinstance(reaction, dict)
        given = reaction.get("emoji")
        emoji = "" if given is None else str(given)
        positive = _positive(emoji)
        if emoji and positive is None:
            ignored.append(
                Message(N_("reação {emoji} não é elogio nem queixa"), {"emoji": emoji[:8]})
            )
            continue
        said.append(
            NewFeedback(
                kind="reaction" if emoji else "withdrawn",
                author="customer",
                origin_id=storable(str(identifier)),
                stars=(5 if positive else 1) if emoji else None,
                comment=storable(emoji[:20]),
                at=_moment(message.get("timestamp")),
                turn_ref=storable(str(turn)),
                channel="whatsapp",
            )
        )
    return Webhook(tuple(said), tuple(ignored))


def _positive(emoji: str) -> bool | None:
    """Return whether an emoji praises, or None if it neither praises nor complains."""
    plain = _LOOKS.sub("", emoji)
    for sign in (plain, plain[:1]):
        if sign in LIKED or sign in DISLIKED:
            return sign in LIKED
    return None


def _messages(payload: Any, ignored: list[Message]) -> Iterator[Mapping[str, Any]]:
    if not isinstance(payload, dict) or payload.get("object") != "whatsapp_business_account":
        ignored.append(Message(N_("não é uma notificação do WhatsApp"), {}))
        return
    for entry in _dicts(payload.get("entry")):
        for change in _dicts(entry.get("changes")):
            value = change.get("value")
            found = value.get("messages") if isinstance(value, dict) else None
            if change.get("field") != "messages" or not isinstance(found, list):
                ignored.append(Message(N_("notificação sem mensagens"), {}))
                continue
            yield from _dicts(found)


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [it for it in value if isinstance(it, dict)] if isinstance(value, list) else []


def _moment(value: Any) -> dt.datetime:
    from src.persistence import utc_now

    try:
        return dt.datetime.fromtimestamp(int(value), dt.UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return utc_now()


def accept_whatsapp(webhook: Webhook, *, actor: str = "whatsapp") -> int:
    """Store what a notification says, in its order; return how much of it was new.

    Raises
    ------
    StorageError
        If the database does not answer; Meta sends the notification again then.
    """
    return sum(_store(told, actor).new for told in webhook.said)
