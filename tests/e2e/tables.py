"""Small tables in the forms that people bring them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd


def occupancy(path: Path, rows: int = 240) -> Path:
    """Room sensors: quoted, the header one field short of the rows, whose first is an index."""
    rng = np.random.default_rng(11)
    lines = ['"date","Temperature","Humidity","Light","CO2","Occupancy"']
    for row in range(rows):
        taken = int(row % 3 == 0)
        light = rng.normal(430 if taken else 90, 110)
        co2 = rng.normal(800 if taken else 600, 120)
        lines.append(
            f'"{row + 1}","2015-02-04 {8 + row // 60:02d}:{row % 60:02d}:00",'
            f"{rng.normal(21, 1):.2f},{rng.normal(27, 3):.3f},{light:.1f},{co2:.2f},{taken}"
        )
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def campaign(path: Path, rows: int = 400) -> Path:
    """A telephone campaign: mixed types, one in eight says yes, the duration gives it away."""
    rng = np.random.default_rng(5)
    yes = np.arange(rows) % 8 == 0
    frame = pd.DataFrame(
        {
            "age": rng.integers(18, 80, rows),
            "job": rng.choice(["admin", "technician", "retired"], rows),
            "contact": np.where(rng.random(rows) < 0.7, "cellular", "telephone"),
            "euribor": rng.normal(3.5, 1.5, rows).round(3),
            "duration": np.where(yes, rng.integers(700, 900, rows), rng.integers(40, 400, rows)),
            "y": np.where(yes, "yes", "no"),
        }
    )
    frame.sample(frac=1, random_state=3).to_csv(path, index=False, encoding="utf-8-sig")
    return path


def damaged(path: Path, rows: int = 200) -> Path:
    """Visits to a shop, after a spreadsheet has put thousands separators into the durations."""
    rng = np.random.default_rng(9)
    lines = ["Pages;Duration;BounceRates;Month;Revenue"]
    for row in range(rows):
        digits = f"{rng.integers(10**9, 10**10):,}".replace(",", ".")
        duration = digits if row % 2 else str(rng.integers(0, 900))
        bounce = f"{rng.integers(10**6, 10**8):,}".replace(",", ".") if row % 3 else "0.2"
        month, revenue = rng.choice(["Feb", "May", "Nov"]), rng.choice(["TRUE", "FALSE"])
        lines.append(f"{rng.integers(1, 60)};{duration};{bounce};{month};{revenue}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
