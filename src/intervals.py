"""How far a figure may be from the true one: intervals that several rooms show."""

from __future__ import annotations


def wilson(share: float, n: float, confidence: float = 0.95) -> tuple[float, float]:
    """Return the interval of a share (Wilson, JASA 22, 1927).

    Parameters
    ----------
    share : float
        0 to 1.
    n : float
        Cases it was seen in; fewer, and no whole number, where cases depend on each other.

    Returns
    -------
    tuple of float
        Lowest and highest, 0 to 1; both ends where there is no case.
    """
    if not n:
        return 0.0, 1.0
    from statsmodels.stats.proportion import proportion_confint  # takes most of a second

    low, high = proportion_confint(share * n, n, alpha=1 - confidence, method="wilson")
    return max(0.0, float(low)), min(1.0, float(high))
