"""Do reviewers agree? Cohen's and Fleiss' kappa, over judgements made blind to each other."""

from __future__ import annotations

import itertools
import math
import warnings
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from src.review.model import CRITERIA, Annotation

Units = Mapping[object, Mapping[str, str]]
"""What was judged → reviewer → label."""


@dataclass(frozen=True)
class Agreement:
    """How far reviewers agree.

    Attributes
    ----------
    criterion : str
        ``"decision"``, a key of ``CRITERIA``, or ``"turn"`` (good or bad, of each turn).
    kind : str
        ``"pair"`` (Cohen's kappa of two reviewers), ``"reviewer"`` (Cohen's kappa of one against
        whoever judged the same) or ``"all"`` (Fleiss' kappa).
    reviewers : tuple of str
    n : int
        Judged things that two or more have in common; for ``"reviewer"``, pairs of labels.
    observed : float
        0 to 1: share of agreeing pairs.
    kappa : float or None
        At most 1; 0 is what chance would give. None if everybody gave one and the same label to
        everything, because chance would have agreed too.
    """

    criterion: str
    kind: str
    reviewers: tuple[str, ...]
    n: int
    observed: float
    kappa: float | None


def cohen(pairs: Sequence[tuple[str, str]]) -> float | None:
    """Return Cohen's kappa (Educational and Psychological Measurement 20, 1960).

    Examples
    --------
    >>> given = [("y", "y")] * 20 + [("y", "n")] * 5 + [("n", "y")] * 10 + [("n", "n")] * 15
    >>> round(cohen(given), 6)
    0.4
    """
    from sklearn.metrics import cohen_kappa_score

    if len({label for pair in pairs for label in pair}) < 2:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        kappa = float(cohen_kappa_score([a for a, _b in pairs], [b for _a, b in pairs]))
    return None if math.isnan(kappa) else kappa


def fleiss(units: Sequence[Sequence[str]]) -> float | None:
    """Return Fleiss' kappa (Psychological Bulletin 76, 1971).

    Parameters
    ----------
    units : sequence of sequence of str
        The labels that each thing was given, the same number for all.
    """
    from statsmodels.stats.inter_rater import fleiss_kappa

    labels = sorted({label for unit in units for label in unit})
    if len(labels) < 2:
        return None
    counts = [Counter(unit) for unit in units]
    kappa = float(fleiss_kappa([[count[label] for label in labels] for count in counts]))
    return None if math.isnan(kappa) else kappa


def units_by_criterion(
    judged: Iterable[tuple[int, str, Annotation]],
) -> dict[str, dict[object, dict[str, str]]]:
    """Sort annotations (item, reviewer, annotation) by what they judge."""
    found: dict[str, dict[object, dict[str, str]]] = {
        name: {} for name in ("decision", *CRITERIA, "turn")
    }
    for item, reviewer, annotation in judged:
        if annotation.decision is not None:
            found["decision"].setdefault(item, {})[reviewer] = annotation.decision
        for name, value in annotation.criteria.items():
            if name in CRITERIA:
                found[name].setdefault(item, {})[reviewer] = "yes" if value else "no"
        for note in annotation.turns:
            if note.label is not None:
                found["turn"].setdefault((item, note.turn_id), {})[reviewer] = note.label
    return found


def agreements(judged: Iterable[tuple[int, str, Annotation]]) -> list[Agreement]:
    """Return every agreement that the annotations support: of pairs, of each reviewer, of all."""
    made: list[Agreement] = []
    for criterion, units in units_by_criterion(judged).items():
        shared = {key: given for key, given in units.items() if len(given) > 1}
        if shared:
            made += _of_pairs(criterion, shared)
            made.append(_of_all(criterion, shared))
    return made


def _of_pairs(criterion: str, shared: Units) -> list[Agreement]:
    """Of each pair of reviewers, and of each reviewer against all others."""
    pairs: dict[tuple[str, tuple[str, ...]], list[tuple[str, str]]] = {}
    for given in shared.values():
        for a, b in itertools.combinations(sorted(given), 2):
            pairs.setdefault(("pair", (a, b)), []).append((given[a], given[b]))
        for a, b in itertools.permutations(sorted(given), 2):
            pairs.setdefault(("reviewer", (a,)), []).append((given[a], given[b]))
    return [
        Agreement(criterion, kind, who, len(labels), _observed(labels), cohen(labels))
        for (kind, who), labels in sorted(pairs.items())
    ]


def _of_all(criterion: str, shared: Units) -> Agreement:
    """Take the things with the most usual number of judgements: Fleiss' kappa needs one number."""
    raters = Counter(len(given) for given in shared.values()).most_common(1)[0][0]
    same = [given for given in shared.values() if len(given) == raters]
    labels = [list(given.values()) for given in same]
    pairs = [pair for unit in labels for pair in itertools.combinations(unit, 2)]
    who = tuple(sorted({reviewer for given in same for reviewer in given}))
    return Agreement(criterion, "all", who, len(same), _observed(pairs), fleiss(labels))


def _observed(pairs: Sequence[tuple[str, str]]) -> float:
    return sum(a == b for a, b in pairs) / len(pairs)
