"""Which pairs are rows, and from how many on a table is built."""

from __future__ import annotations

import numpy as np
import pytest

from src.collection import InteractionType
from src.errors import FeatureError
from src.features.pairs import STAGES
from src.features.populations import Population, choose, notes

SHOWN, CLICKED, VIEWED, ASKED = (
    STAGES.index(kind)
    for kind in (
        InteractionType.IMPRESSION,
        InteractionType.CLICK,
        InteractionType.VIEW_DETAILS,
        InteractionType.WHATSAPP_CONTACT,
    )
)
CONTACT = InteractionType.WHATSAPP_CONTACT


def chosen(
    kind: InteractionType,
    *groups: tuple[int, int, int],
    still_open: tuple[int, int, int] = (0, 0, 0),
) -> Population:
    """Choose among groups of pairs: how many, their first stage, their furthest."""
    rows = [*groups, still_open]
    first = np.repeat([row[1] for row in rows], [row[0] for row in rows]).astype(np.uint8)
    reached = np.repeat([row[2] for row in rows], [row[0] for row in rows]).astype(np.uint8)
    ended = np.arange(len(first)) < len(first) - still_open[0]
    return choose(kind, first, reached, ended)


def test_ten_of_each_class_are_enough() -> None:
    found = chosen(CONTACT, (10, SHOWN, ASKED), (10, SHOWN, SHOWN))
    assert (found.given, found.positives, found.rows) == (InteractionType.IMPRESSION, 10, 20)


@pytest.mark.parametrize(("positives", "negatives"), [(9, 30), (30, 9)])
def test_nine_of_one_are_not(positives: int, negatives: int) -> None:
    with pytest.raises(FeatureError) as raised:
        chosen(CONTACT, (positives, SHOWN, ASKED), (negatives, SHOWN, SHOWN))
    params = raised.value.message.params
    assert (params["positives"], params["negatives"], params["fewest"]) == (
        positives,
        negatives,
        10,
    )


def test_a_contact_is_asked_of_what_was_clicked_while_too_little_was_shown() -> None:
    found = chosen(CONTACT, (9, SHOWN, ASKED), (10, CLICKED, ASKED), (10, CLICKED, CLICKED))
    assert found.given is InteractionType.CLICK
    assert (found.positives, found.rows) == (19, 29)


def test_the_refusal_is_about_the_first_population_that_there_is() -> None:
    with pytest.raises(FeatureError) as raised:
        chosen(CONTACT, (3, SHOWN, ASKED), (4, CLICKED, ASKED))
    assert raised.value.message.params["positives"] == 3  # of what was shown
    with pytest.raises(FeatureError) as raised:
        chosen(CONTACT, (4, CLICKED, ASKED))
    assert raised.value.message.params["positives"] == 4  # nothing was shown
    with pytest.raises(FeatureError) as raised:
        chosen(CONTACT, (4, CLICKED, ASKED), still_open=(2, SHOWN, SHOWN))
    assert raised.value.message.params["open"] == 2


def test_what_was_met_by_the_outcome_itself_and_what_may_go_on_are_no_rows() -> None:
    found = chosen(
        InteractionType.VIEW_DETAILS,
        (10, CLICKED, VIEWED),
        (11, SHOWN, ASKED),
        (12, CLICKED, CLICKED),
        (2, VIEWED, VIEWED),
        (5, SHOWN, SHOWN),
        still_open=(3, CLICKED, CLICKED),
    )
    assert (found.positives, found.rows, found.unmet, found.open) == (21, 33, 2, 3)
    assert [note.params.get("count") for note in notes(found)] == [None, 2, 3]


def test_a_row_that_was_shown_begins_with_being_shown() -> None:
    found = chosen(
        InteractionType.CLICK, (10, SHOWN, CLICKED), (10, SHOWN, SHOWN), (4, CLICKED, CLICKED)
    )
    assert (found.rows, found.unmet, found.open) == (20, 4, 0)
    assert len(notes(found)) == 2
