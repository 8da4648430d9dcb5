"""How much a person will care for a car."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

import pydantic
from fastapi import APIRouter, Request
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError
from starlette.concurrency import run_in_threadpool

from src import collection
from src.api import documents
from src.api.dependencies import Reader, read_body
from src.api.problems import invalid, language
from src.collection import CarDetails, UserPreferences
from src.translations import translate

BODY_BYTES = 64 * 1024
MOST_CARS = 1_000_000
EARLIEST_YEAR, LATEST_YEAR = 2000, 2100
Cars = Annotated[int, Field(ge=0, le=MOST_CARS)]

router = APIRouter()


class Case(BaseModel):
    """A car that is about to be shown to a person."""

    model_config = ConfigDict(extra="forbid", strict=True)

    user_preferences: UserPreferences
    car_details: CarDetails
    match_score: Annotated[
        float, Field(ge=0, le=1, allow_inf_nan=False, description="what the rules say of the pair")
    ]
    at: Annotated[AwareDatetime | None, Field(description="when it is shown; by default now")] = (
        None
    )
    cars_seen: Annotated[
        Cars, Field(description="other cars that the session had seen before the list")
    ] = 0
    cars_clicked: Annotated[Cars, Field(description="of these, the ones it had clicked")] = 0

    @pydantic.field_validator("at")
    @classmethod
    def _of_this_age(cls, at: dt.datetime | None) -> dt.datetime | None:
        # Beyond, a moment has no place in the calendar of every zone.
        if at is not None and not EARLIEST_YEAR <= at.year <= LATEST_YEAR:
            raise PydanticCustomError("not_plausible", "is not of this age")
        return at

    @pydantic.field_validator("cars_clicked")
    @classmethod
    def _of_those_seen(cls, clicked: int, info: pydantic.ValidationInfo) -> int:
        if clicked > info.data.get("cars_seen", clicked):
            raise PydanticCustomError("more_than_seen", "is more than cars_seen")
        return clicked


class InterestAnswer(BaseModel):
    """The score, who gave it, and if it was not the model, why."""

    score: float
    source: Literal["model", "rule"]
    model: str | None
    reason: str | None


@router.post(
    "/api/ml/predict-interest",
    summary="How likely a person is to go on with a car",
    dependencies=[Reader],
    openapi_extra=documents.body(
        Case,
        {name: documents.EVENT[name] for name in ("user_preferences", "car_details")}
        | {"match_score": 0.85, "cars_seen": 3, "cars_clicked": 1},
        "application/json",
    ),
    responses={
        **documents.answers(
            {"score": 0.41, "source": "model", "model": "lightgbm_eventos", "reason": None}
        ),
        **documents.refusals(401, 403, 413, 415, 422, 429),
    },
)
async def predict_interest(request: Request) -> InterestAnswer:
    """The registered model answers, else the match score of the rules does, and why is said."""
    text = await read_body(request, BODY_BYTES, ("application/json",))
    try:
        case = Case.model_validate_json(text)
    except pydantic.ValidationError as error:
        raise invalid("invalid-request", collection.faults(error)) from None
    found = await run_in_threadpool(_interest, case)
    reason = found.reason and translate(found.reason, language(request))
    return InterestAnswer(score=found.score, source=found.source, model=found.model, reason=reason)


def _interest(case: Case) -> Any:
    # Imported when it is first asked for: an API that only collects stays half as large.
    from src import prediction

    return prediction.interest(
        case.user_preferences.model_dump(),
        case.car_details.model_dump(),
        case.match_score,
        at=None if case.at is None else case.at.astimezone(dt.UTC),
        cars_seen=case.cars_seen,
        cars_clicked=case.cars_clicked,
    )
