"""Text that a person will read, kept apart from the values in it.

A room of ``src`` says what happened in Portuguese, marked with :func:`N_` so that the string is
collected for translation, and hands the values over separately. The edge that shows it (a page,
a job's state, an API answer) translates the template and formats the values in the reader's
language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic_core import CoreSchema, core_schema


def N_(template: str) -> str:  # noqa: N802 - gettext's own name for "collect, translate later"
    """Mark a string for translation without translating it here."""
    return template


@dataclass(frozen=True)
class Message:
    """A translatable sentence and the values that fill it.

    Parameters
    ----------
    template : str
        Portuguese sentence with ``str.format`` fields, marked with :func:`N_` where it is written.
    params : mapping
        Values by field name: strings, numbers, or further messages. They must survive JSON.

    Examples
    --------
    >>> str(Message("A coluna {column} está vazia.", {"column": "lux"}))
    'A coluna lux está vazia.'
    """

    template: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.template.format(**self.params)

    def to_dict(self) -> dict[str, Any]:
        """Return the message as plain JSON values."""
        params = {
            key: value.to_dict() if isinstance(value, Message) else value
            for key, value in self.params.items()
        }
        return {"template": self.template, "params": params}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Message:
        """Rebuild a message from :meth:`to_dict`."""
        params = {
            key: cls.from_dict(value)
            if isinstance(value, Mapping) and set(value) == {"template", "params"}
            else value
            for key, value in data.get("params", {}).items()
        }
        return cls(data["template"], params)

    @classmethod
    def _validate(cls, data: Any) -> Message:
        try:
            return data if isinstance(data, cls) else cls.from_dict(data)
        except (AttributeError, KeyError, TypeError) as error:
            raise ValueError("no message") from error

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: Any, _handler: Any) -> CoreSchema:
        """Let a record that holds messages go through JSON as they do."""
        return core_schema.no_info_plain_validator_function(
            cls._validate,
            serialization=core_schema.plain_serializer_function_ser_schema(cls.to_dict),
        )
