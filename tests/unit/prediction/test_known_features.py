"""Icons and units appear where the name of a column tells what it measures."""

from __future__ import annotations

import pytest

from src.dashboard.prediction.units import quantity


@pytest.mark.parametrize(
    ("column", "unit"),
    [
        ("lux", "lx"),
        ("Light", "lx"),
        ("Temperatura_sala", "°C"),
        ("vibração", "mm/s"),
        ("Humidity", "%"),
        ("CO2", "ppm"),
    ],
)
def test_a_known_quantity_has_its_unit(column: str, unit: str) -> None:
    found = quantity(column)
    assert found is not None and found.unit == unit


@pytest.mark.parametrize("column", ["idade", "temperamento", "highlight", "luxo", "lightness"])
def test_other_columns_have_none(column: str) -> None:
    assert quantity(column) is None
