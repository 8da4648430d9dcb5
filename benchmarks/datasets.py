"""Memory of importing a large CSV."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from benchmarks.measure import MIB, Row, peak_memory

ROWS = 1_000_000

IMPORT = """
import sys
from src import datasets
name = datasets.import_file(sys.argv[1], "grande")
assert datasets.get(name).rows == int(sys.argv[2])
"""


def write_csv(path: Path, rows: int) -> None:
    """Write ``rows`` × 10 mixed columns: numbers, whole numbers, texts, dates, booleans."""
    rng = np.random.default_rng(0)
    cities = np.array(["São Paulo", "Recife", "Curitiba", "Manaus", "Belém"])
    with path.open("w", encoding="utf-8") as file:
        file.write("id,valor,lux,temperatura,vibracao,cidade,tipo,quando,ativo,nota\n")
        for start in range(0, rows, 50_000):
            size = min(50_000, rows - start)
            numbers = rng.normal(size=(size, 4)).round(4)
            city = cities[rng.integers(0, 5, size)]
            kind = rng.integers(0, 30, size)
            active = rng.integers(0, 2, size)
            for row in range(size):
                a, b, c, d = numbers[row]
                file.write(
                    f"{start + row},{a},{b},{c},{d},{city[row]},tipo {kind[row]},"
                    f"2026-01-{row % 28 + 1:02d} 10:{row % 60:02d}:00,"
                    f"{'true' if active[row] else 'false'},{row % 11}\n"
                )


def run(folder: Path) -> list[Row]:
    path = folder / "grande.csv"
    write_csv(path, ROWS)
    peak, seconds = peak_memory(IMPORT, str(path), str(ROWS))
    detail = f"{seconds:.0f} s, {path.stat().st_size / MIB:.0f} MiB file"
    return [
        Row(
            "import of a 1,000,000 × 10 CSV: memory of the process", peak / MIB, 1024, "MiB", detail
        )
    ]
