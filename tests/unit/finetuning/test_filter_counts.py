"""What the filters would leave, counted before anything is built."""

from __future__ import annotations

import datetime as dt
import json
from zoneinfo import ZoneInfo

import pytest

from src.config import get_settings
from src.errors import FinetuningError
from src.finetuning.filter_counts import FilterCounts, group
from src.finetuning.filters import Filters
from tests.unit.finetuning.talks import talk

ZONE = ZoneInfo(get_settings().timezone)


def midnight(day: int) -> dt.datetime:
    return dt.datetime(2026, 3, day, tzinfo=ZONE)


TALKS = (
    talk(1, topic="troca", started_at=midnight(1)),
    talk(2, stars=3.9, started_at=midnight(2) - dt.timedelta(seconds=1)),
    talk(3, stars=4.4, started_at=midnight(2)),
    talk(4, ended=False, started_at=midnight(2)),
    talk(5, flags=("tom",), started_at=midnight(3)),
    talk(6, stars=None, verdict="approved", channel="telefone", started_at=midnight(3)),
    talk(7, verdict="rejected", started_at=midnight(4)),
    talk(8, stars=None, started_at=midnight(4)),
    talk(9, stars=None, verdict="approved", ended=False, started_at=midnight(5)),
    talk(10, verdict="approved", flags=("tom",), started_at=midnight(5)),
)


@pytest.mark.parametrize(
    "filters",
    [
        Filters(),
        Filters(ended=False, minimum_stars=1),
        Filters(minimum_stars=4.5),
        Filters(minimum_stars=3.5),
        Filters(since=midnight(2)),
        Filters(until=midnight(2)),
        Filters(since=midnight(2), until=midnight(3)),
        Filters(channels=("telefone",)),
        Filters(topics=("troca",)),
    ],
    ids=str,
)
def test_groups_are_counted_as_the_conversations_would_be(filters: Filters) -> None:
    passed = group(TALKS).passing(filters)
    refused = [reason for one in TALKS if (reason := filters.refusal(one)) is not None]
    assert passed.counts == {reason: refused.count(reason) for reason in refused}
    assert (passed.examined, passed.kept) == (10, 10 - len(refused))
    judged = {one.id for one in TALKS if one.verdict == "approved"}
    lost = [filters.refusal(one) for one in TALKS if one.id in judged and filters.refusal(one)]
    assert passed.approved == {reason: lost.count(reason) for reason in lost}


def test_alike_conversations_are_one_group() -> None:
    stock = group([talk(number * 12, started_at=midnight(1)) for number in range(50)])
    assert [count for _group, count in stock.groups] == [50]
    assert stock.examined == 50


def test_what_people_have_judged_is_counted() -> None:
    assert (group(TALKS).approved(), group(TALKS).rated()) == (3, 7)


def test_a_stock_is_the_same_after_json() -> None:
    stock = group(TALKS)
    again = FilterCounts.from_dict(json.loads(json.dumps(stock.to_dict())))
    assert again.passing(Filters()) == stock.passing(Filters())
    assert again == stock


def test_filters_that_contradict_themselves_are_refused() -> None:
    with pytest.raises(FinetuningError):
        group(TALKS).passing(Filters(since=midnight(2), until=midnight(1)))
