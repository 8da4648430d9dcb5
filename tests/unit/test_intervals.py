"""Intervals, against published figures and what defines them."""

from __future__ import annotations

import math
from statistics import NormalDist

import pytest

from src.intervals import wilson


@pytest.mark.parametrize(
    ("seen", "n", "low", "high"),
    [  # Newcombe (Statistics in Medicine 17, 1998, 857), table I, method 3
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_the_interval_of_a_share_is_wilsons(seen: int, n: int, low: float, high: float) -> None:
    assert wilson(seen / n, n) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize("confidence", [0.8, 0.95, 0.99])
@pytest.mark.parametrize(("share", "n"), [(0.3, 10), (0.85, 7.5), (0.5, 1), (0.999, 4_000)])
def test_each_end_is_as_far_from_the_share_as_chance_may_take_it(
    share: float, n: float, confidence: float
) -> None:
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    for end in wilson(share, n, confidence):
        assert abs(share - end) == pytest.approx(z * math.sqrt(end * (1 - end) / n))


def test_the_ends_stay_shares() -> None:
    for n in (1, 3, 7.5, 500):
        assert 0 <= wilson(0.0, n)[0] == pytest.approx(0)
        assert 1 >= wilson(1.0, n)[1] == pytest.approx(1)
    assert wilson(0.4, 0) == (0.0, 1.0)
