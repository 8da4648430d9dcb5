"""Whether the difference between candidates is more than the noise of the folds."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from scipy import stats

from src.messages import N_, Message
from src.training.design import Task
from src.training.metrics import Metric
from src.training.model import BASELINE, CandidateResult, leaderboard

SIGNIFICANCE = 0.05


def difference_p_value(
    first: Sequence[float], second: Sequence[float], *, in_time: bool = False
) -> float:
    """Return how likely so large a difference is when two candidates are equally good.

    Corrected resampled t-test of Nadeau & Bengio, "Inference for the Generalization Error",
    Machine Learning 52 (2003), 239-281: the training sets of k folds overlap, so the variance of
    the paired differences is multiplied by 1/k + n_test/n_train, here 1/k + 1/(k-1), rather than
    by 1/k. Student's t with k-1 degrees of freedom, two-sided. Folds in time train on 1, 2, ... k
    parts and are scored on one, so there n_test/n_train is the mean of 1, 1/2, ... 1/k.

    Parameters
    ----------
    first, second : sequence of float
        Scores of the same folds in the same order, at least two.
    in_time : bool
        Whether the folds follow each other in time.

    Returns
    -------
    float
        Between 0 and 1; 1 for equal scores, NaN where a score is missing.

    Examples
    --------
    >>> difference_p_value([0.9, 0.8], [0.9, 0.8])
    1.0
    """
    differences = np.asarray(first, dtype=float) - np.asarray(second, dtype=float)
    k = len(differences)
    mean, variance = differences.mean(), differences.var(ddof=1)
    if math.isnan(mean):
        return math.nan
    if variance == 0:
        return 1.0 if mean == 0 else 0.0
    ratio = sum(1 / part for part in range(1, k + 1)) / k if in_time else 1 / (k - 1)
    t = mean / math.sqrt((1 / k + ratio) * variance)
    return float(2 * stats.t.sf(abs(t), df=k - 1))


def verdict(
    best: Sequence[CandidateResult], metric: Metric, *, in_time: bool = False
) -> Message | None:
    """Say in a sentence whether the first candidate is really ahead.

    Parameters
    ----------
    best : sequence of CandidateResult
        Best first; compared on their paired fold scores.
    metric : Metric
        The metric that ranks.
    in_time : bool
        Whether the folds follow each other in time.

    Returns
    -------
    Message or None
        None with fewer than two candidates.
    """
    if len(best) < 2:
        return None
    first, second, *_ = best
    scores = [candidate.fold_scores[metric.name] for candidate in best]
    p_values = [difference_p_value(scores[0], other, in_time=in_time) for other in scores[1:]]
    tied = max(2, 1 + sum(_is_tied(first, other, metric.name, in_time) for other in best[1:]))
    values = {
        "first": first.name,
        "second": second.name,
        "metric": metric.name,
        "difference": round(abs(first.metrics[metric.name] - second.metrics[metric.name]), 4),
        "p": round(p_values[0], 3),
        "tied": tied,
        "count": len(best),
    }
    if p_values[0] >= SIGNIFICANCE:
        sentence = N_(
            "A diferença de {difference} de {metric} entre {first} e {second} está dentro do ruído "
            "das dobras (p = {p}). Entre os {count} primeiros, {tied} não se distinguem do melhor, "
            "contando com ele: escolha o mais simples ou o mais rápido."
        )
    elif second.id == BASELINE:
        sentence = N_(
            "{first} supera a referência ({second}) em {difference} de {metric}, mais do "
            "que o ruído das dobras explica (p = {p})."
        )
    else:
        sentence = N_(
            "{first} está à frente de {second} por {difference} de {metric}, mais do que o "
            "ruído das dobras explica (p = {p})."
        )
    return Message(sentence, values)


def tied(
    candidates: Sequence[CandidateResult], task: Task, metric: str, *, in_time: bool = False
) -> tuple[str, ...]:
    """Return the candidates whose difference to the first is within the noise of the folds.

    Parameters
    ----------
    candidates : sequence of CandidateResult
        In any order; those that failed are passed over.
    task : Task
        Says which way ``metric`` is better.
    metric : str
        Name of the metric, not necessarily the one that ranked.
    in_time : bool
        Whether the folds follow each other in time.

    Returns
    -------
    tuple of str
        Their ids, best first, without the first candidate itself.
    """
    by_id = {result.id: result for result in candidates}
    means = leaderboard(candidates, task, metric)[metric].dropna()
    ranked = [by_id[str(candidate_id)] for candidate_id in means.index]
    if not ranked or len(ranked[0].fold_scores.get(metric, [])) < 2:
        return ()
    first, *others = ranked
    return tuple(other.id for other in others if _is_tied(first, other, metric, in_time))


def _is_tied(first: CandidateResult, other: CandidateResult, metric: str, in_time: bool) -> bool:
    """Whether nothing speaks for a difference: neither the test nor its size.

    A candidate that swings from fold to fold is never significantly worse, however far behind its
    mean is. So the means must also lie within one standard deviation, the larger of the two (after
    the one-standard-error rule of Breiman et al. 1984, section 3.4.3).
    """
    gap = abs(first.metrics[metric] - other.metrics[metric])
    near = gap <= max(first.deviations[metric], other.deviations[metric])
    scores = first.fold_scores[metric], other.fold_scores[metric]
    p = difference_p_value(*scores, in_time=in_time)
    return bool(near and p >= SIGNIFICANCE)
