"""Records that go through JSON and come back: into a job's parameters, a database, a file."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import cache
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, PlainSerializer, TypeAdapter

Figure = Annotated[
    float,
    BeforeValidator(lambda value: math.nan if value is None else value),
    PlainSerializer(lambda value: value if math.isfinite(value) else None),
]
"""A float that may be NaN; in JSON that is null, which every database takes."""

Words = Annotated[frozenset[str], PlainSerializer(sorted)]
"""A set of texts; in JSON it is a sorted list."""


_adapter: Callable[[Any], TypeAdapter[Any]] = cache(TypeAdapter)


class Jsonable:
    """A dataclass with a form in JSON: its fields, and those of the records within it."""

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON values."""
        values: dict[str, Any] = _adapter(type(self)).dump_python(self, mode="json")
        return values

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Rebuild from :meth:`to_dict`.

        What an older version did not know yet has its default; what this one does not know is
        passed over.

        Raises
        ------
        ValueError
            If a value is none of its field's type.
        """
        value: Self = _adapter(cls).validate_python(dict(data))
        return value
