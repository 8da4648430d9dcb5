"""What an interaction event is, and what is wrong with one that is not."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, lru_cache
from typing import Annotated, Any

import orjson
import pydantic
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)
from pydantic_core import PydanticCustomError

from src.persistence import utc_now

EARLIEST = dt.datetime(2015, 1, 1, tzinfo=dt.UTC)
"""An event before this has a clock that was never set."""

CLOCK_TOLERANCE = dt.timedelta(hours=24)
"""How far ahead of ours a browser's clock may be."""

LONGEST_SECONDS = 24 * 3600
HIGHEST_PRICE = 1e9
EXTRA = "extra_field"
WITHOUT_DETAILS = "duration_without_details"


class InteractionType(StrEnum):
    """What a person did with a car that was shown."""

    IMPRESSION = "impression"
    CLICK = "click"
    VIEW_DETAILS = "view_details"
    WHATSAPP_CONTACT = "whatsapp_contact"

    @property
    def is_interaction(self) -> bool:
        """Whether the person did something; an impression only says what was shown."""
        return self is not InteractionType.IMPRESSION


_allowed_until = EARLIEST


def _plausible_time(value: Any, parse: ValidatorFunctionWrapHandler) -> dt.datetime:
    global _allowed_until
    # Numbers would be taken for seconds or milliseconds since 1970, whichever fits; as texts, too.
    if (type(value) is not str and not isinstance(value, dt.datetime)) or _is_number(value):
        raise PydanticCustomError("not_a_text", "must be an ISO 8601 text")
    try:
        moment: dt.datetime = parse(value).astimezone(dt.UTC)
    except OverflowError:  # beyond the calendar in UTC: before the year 1, or after 9999
        raise PydanticCustomError("out_of_range", "is no plausible time") from None
    if moment > _allowed_until:
        # What was early enough once stays so: the clock is read once a day, not for every event.
        _allowed_until = utc_now() + CLOCK_TOLERANCE
        if moment > _allowed_until:
            raise PydanticCustomError("too_late", "is more than a day in the future")
    if moment < EARLIEST:
        raise PydanticCustomError("too_early", "is before 2015")
    return moment


def _is_number(value: str | dt.datetime) -> bool:
    if not isinstance(value, str) or "-" in value[1:]:
        return False
    return value.strip().lstrip("+-").replace(".", "", 1).isdecimal()


def _as_written(price: float) -> float | int:
    return int(price) if price.is_integer() else price


Moment = Annotated[AwareDatetime, Field(strict=False), WrapValidator(_plausible_time)]
"""An ISO 8601 text with zone, from 2015 to a day ahead of this machine's clock; kept in UTC."""

Text = Annotated[
    str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f-\x9f]*$")
]
"""One line without control characters."""

Price = Annotated[
    float,
    Field(ge=0, le=HIGHEST_PRICE, allow_inf_nan=False),
    PlainSerializer(_as_written, return_type=int | float, when_used="json"),
]
"""In reais. Whole ones are written as 30000, as sites send them, not as 30000.0."""

Priority = Annotated[int, Field(ge=1, le=5)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    @cached_property
    def as_json(self) -> str:
        """The documented JSON, written once however many events share this part."""
        return self.model_dump_json()


class Priorities(_Strict):
    """How much each quality matters to the person, 1 to 5."""

    economia: Priority
    espaco: Priority
    performance: Priority
    conforto: Priority
    seguranca: Priority


class UserPreferences(_Strict):
    """What the person is looking for; the budget in reais."""

    budget_min: Price
    budget_max: Price
    usage: Text
    priorities: Priorities

    @pydantic.model_validator(mode="after")
    def _in_order(self) -> UserPreferences:
        if self.budget_min > self.budget_max:
            raise PydanticCustomError("budget_order", "budget_min is above budget_max")
        return self


class CarDetails(_Strict):
    """The car as it was shown; the price in reais."""

    marca: Text
    modelo: Text
    ano: Annotated[int, Field(ge=1900, le=2100)]
    preco: Price
    categoria: Text


def _of_details(seconds: float, info: ValidationInfo) -> float:
    if info.data.get("interaction_type", InteractionType.VIEW_DETAILS) != "view_details":
        raise PydanticCustomError(WITHOUT_DETAILS, "duration_seconds belongs to view_details only")
    return seconds


class Event(_Strict):
    """One interaction of one session with one car.

    Parameters
    ----------
    id : str
        The sender's; the same twice is one event. Made here when absent.
    session_id : str
        ``sess_<milliseconds>_<letters and digits>``.
    timestamp : datetime
        With zone; from 2015 to a day ahead of this machine's clock. Kept in UTC.
    match_score : float
        What the rules said of the pair, 0 to 1.
    duration_seconds : float or None
        How long details were on screen, 0 to 86,400; None for every other type.
    """

    id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.:-]{1,100}$")] = Field(
        default_factory=lambda: f"int_{uuid.uuid4().hex}"
    )
    session_id: Annotated[str, StringConstraints(pattern=r"^sess_\d{10,16}_[A-Za-z0-9]{1,64}$")]
    interaction_type: Annotated[InteractionType, Field(strict=False)]
    car_id: Text
    timestamp: Moment
    user_preferences: UserPreferences
    car_details: CarDetails
    match_score: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
    duration_seconds: (
        Annotated[
            float,
            Field(ge=0, le=LONGEST_SECONDS, allow_inf_nan=False),
            AfterValidator(_of_details),
        ]
        | None
    ) = None


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with an event, without anything the sender wrote.

    Parameters
    ----------
    field : str
        Dotted path; empty for the event as a whole.
    kind : str
        What is wrong, as a word of the schema: ``missing``, ``less_than_equal`` and so on.
    """

    field: str
    kind: str

    @property
    def reason(self) -> str:
        """A short text that counters are kept by."""
        return f"{self.field}: {self.kind}" if self.field else self.kind


def check(raw: Mapping[str, Any] | Any) -> Event | tuple[Fault, ...]:
    """Return the event, or everything that is wrong with it.

    Parameters
    ----------
    raw : mapping
        As JSON gives it.
    """
    try:
        return Event.model_validate(raw)
    except pydantic.ValidationError as error:
        return faults(error)


def check_json(text: bytes) -> Event | tuple[Fault, ...]:
    """Return the event that a JSON text in UTF-8 holds, or everything that is wrong with it."""
    try:
        return Event.model_validate_json(text)
    except pydantic.ValidationError as error:
        return faults(error)


_EVENTS = pydantic.TypeAdapter(list[Event])
_preferences = lru_cache(2_000)(UserPreferences.model_validate_json)
_details = lru_cache(2_000)(CarDetails.model_validate_json)


def check_all(raws: list[Any]) -> Sequence[Event | tuple[Fault, ...]]:
    """Return each event, or everything that is wrong with it, as :func:`check` does.

    Parts that repeat are checked once: a session sends the same preferences with each event, and a
    car has the same details for everyone. Checking these again would be half the time of an import.

    Parameters
    ----------
    raws : list
        What a JSON parser made. The values are taken over: parts of them are replaced.
    """
    for raw in raws:
        try:
            raw["user_preferences"] = _preferences(orjson.dumps(raw["user_preferences"]))
            raw["car_details"] = _details(orjson.dumps(raw["car_details"]))
        except (pydantic.ValidationError, LookupError, TypeError):
            pass  # the event is checked with what came, and what is wrong with it is said
    try:
        return _EVENTS.validate_python(raws)
    except pydantic.ValidationError:
        return [check(raw) for raw in raws]


def faults(error: pydantic.ValidationError) -> tuple[Fault, ...]:
    """Return what a validation found, without anything the sender wrote."""
    found = error.errors(include_url=False, include_context=False, include_input=False)
    return tuple(dict.fromkeys(_fault(entry) for entry in found))


def _fault(entry: Any) -> Fault:
    place = [str(part) for part in entry["loc"]]
    if entry["type"] == "extra_forbidden":
        # The name of a field nobody asked for is the sender's own text: it is not kept.
        return Fault(".".join(place[:-1]), EXTRA)
    if entry["type"] == WITHOUT_DETAILS:  # neither field is wrong by itself
        return Fault("", WITHOUT_DETAILS)
    return Fault(".".join(place), str(entry["type"]))
