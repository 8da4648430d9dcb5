"""Kappas against examples worked out in print."""

from __future__ import annotations

import pytest

from src.review import Annotation, Decision, Label, TurnNote
from src.review.agreement import agreements, cohen, fleiss


def test_cohen_of_the_grant_proposals() -> None:
    # 50 proposals, two readers: 20 yes/yes, 5 yes/no, 10 no/yes, 15 no/no: p_o 0.7, p_e 0.5.
    pairs = [("y", "y")] * 20 + [("y", "n")] * 5 + [("n", "y")] * 10 + [("n", "n")] * 15
    assert cohen(pairs) == pytest.approx(0.4)


def test_cohen_depends_on_the_margins() -> None:
    # The two tables with the same observed agreement of 0.6, by which the measure is explained.
    first = [("y", "y")] * 45 + [("y", "n")] * 15 + [("n", "y")] * 25 + [("n", "n")] * 15
    second = [("y", "y")] * 25 + [("y", "n")] * 35 + [("n", "y")] * 5 + [("n", "n")] * 35
    assert cohen(first) == pytest.approx(0.1304, abs=5e-5)
    assert cohen(second) == pytest.approx(0.2593, abs=5e-5)


def test_fleiss_of_fourteen_raters() -> None:
    # Ten subjects, fourteen raters, five categories: the worked example gives 0.210.
    table = [
        (0, 0, 0, 0, 14),
        (0, 2, 6, 4, 2),
        (0, 0, 3, 5, 6),
        (0, 3, 9, 2, 0),
        (2, 2, 8, 1, 1),
        (7, 7, 0, 0, 0),
        (3, 2, 6, 3, 0),
        (2, 5, 3, 2, 2),
        (6, 5, 2, 1, 0),
        (0, 2, 2, 3, 7),
    ]
    units = [[str(c) for c, count in enumerate(row) for _ in range(count)] for row in table]
    assert fleiss(units) == pytest.approx(0.210, abs=5e-4)


def test_one_and_the_same_label_says_nothing() -> None:
    assert cohen([("y", "y")] * 10) is None
    assert fleiss([["y", "y", "y"]] * 4) is None


def test_agreement_is_told_by_criterion_pair_reviewer_and_all() -> None:
    def said(yes: bool, label: Label) -> Annotation:
        return Annotation(
            Decision.APPROVED if yes else Decision.REJECTED,
            "x",
            {"tone": yes},
            (TurnNote("t", label),),
        )

    judged = []
    for item, (a, b, c) in enumerate([(1, 1, 1), (0, 0, 0), (1, 0, 1), (0, 1, 0)]):
        for who, value in (("a", a), ("b", b), ("c", c)):
            judged.append((item, who, said(bool(value), Label.GOOD if value else Label.BAD)))
    found = {(it.criterion, it.kind, it.reviewers): it for it in agreements(judged)}
    assert found["tone", "pair", ("a", "c")].kappa == pytest.approx(1)
    assert found["tone", "pair", ("a", "b")].kappa == pytest.approx(0)
    assert found["turn", "pair", ("a", "b")].n == 4
    everyone = found["decision", "all", ("a", "b", "c")]
    # P: 1, 1, 1/3, 1/3 → 2/3; six of twelve yes → P_e 1/2; kappa 1/3.
    assert everyone.observed == pytest.approx(2 / 3)
    assert everyone.kappa == pytest.approx(1 / 3)
    assert found["decision", "reviewer", ("a",)].n == 8


def test_what_one_alone_judged_is_left_out() -> None:
    assert agreements([(1, "a", Annotation(Decision.APPROVED))]) == []
