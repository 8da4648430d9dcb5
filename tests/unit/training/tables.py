"""Tables that the training tests share, generated with a fixed seed."""

from __future__ import annotations

import numpy as np
import pandas as pd


def campaign(rows: int = 600, seed: int = 0) -> pd.DataFrame:
    """Like a bank's campaign: categories and numbers decide, and the index is shuffled."""
    rng = np.random.default_rng(seed)
    job = rng.choice(["admin", "services", "student", "retired", "technician"], rows)
    contact = rng.choice(["cellular", "telephone"], rows)
    month = rng.choice(["mar", "may", "jul", "oct"], rows)
    age = rng.integers(18, 80, rows)
    duration = rng.exponential(250, rows)
    strength = (
        1.6 * np.isin(job, ["student", "retired"])
        + 1.2 * (contact == "cellular")
        + 1.0 * (month == "oct")
        + duration / 300
        - 2.9
    )
    bought = rng.random(rows) < 1 / (1 + np.exp(-2 * strength))
    table = pd.DataFrame(
        {
            "age": age,
            "job": job,
            "contact": contact,
            "month": month,
            "duration": duration,
            "bought": np.where(bought, "yes", "no"),
        }
    )
    return table.sample(frac=1, random_state=seed)


def houses(rows: int = 120, seed: int = 0) -> pd.DataFrame:
    """A regression: price from size and district."""
    rng = np.random.default_rng(seed)
    size = rng.uniform(30, 200, rows)
    district = rng.choice(["norte", "sul"], rows)
    price = 3 * size + 80 * (district == "sul") + rng.normal(0, 10, rows)
    return pd.DataFrame({"size": size, "district": district, "price": price})
