"""What counts as nearly the same conversation."""

from __future__ import annotations

import numpy as np
import pytest

from src.finetuning.duplicates import NearDuplicates, shingles


def test_texts_are_compared_by_three_words_in_a_row() -> None:
    assert shingles(["Um DOIS, três", "quatro."]) == {b"um dois tres", b"dois tres quatro"}
    assert shingles(["um dois três"]) == {b"um dois tres"}
    assert shingles(["Olá, você"]) == {b"ola voce"}
    assert shingles(["?!"]) == {b"?!"}
    assert shingles([]) == {b""}


def likenesses(share: float, **options: float) -> list[int | None]:
    """Compare two whose sketches agree in so many places."""
    near = NearDuplicates(**options)
    for _text in range(2):
        near.add(["uma conversa qualquer sobre o frete"])
    differing = round((1 - share) * 128)
    near._blocks[0][1, 128 - differing : 128] ^= np.uint32(1)
    return near.likenesses()


@pytest.mark.parametrize(
    ("agreeing", "options", "alike"),
    [
        (103, {}, True),  # of 128: 0.805
        (102, {}, False),  # 0.797
        (96, {"similarity": 0.75}, True),
        (95, {"similarity": 0.75}, False),
        (128, {"similarity": 1.0}, True),
        (127, {"similarity": 1.0}, False),
    ],
)
def test_two_are_alike_from_the_similarity_on(
    agreeing: int, options: dict[str, float], alike: bool
) -> None:
    assert likenesses(agreeing / 128, **options) == [None, 0 if alike else None]


def chain() -> NearDuplicates:
    """Return three of which each nearly equals the one before, but not the one before that."""
    near = NearDuplicates()
    for _text in range(3):
        near.add(["uma conversa qualquer sobre o frete"])
    near._blocks[0][1, 108:128] ^= np.uint32(1)
    near._blocks[0][2, 88:128] ^= np.uint32(1)
    return near


def test_what_is_left_out_makes_nothing_else_a_duplicate() -> None:
    assert chain().likenesses() == [None, 0, None]
    assert chain().likenesses(of_kept=False) == [None, 0, 1]


def test_without_conversations_there_is_nothing_to_compare() -> None:
    assert NearDuplicates().likenesses() == []
