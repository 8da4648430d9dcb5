"""What is stored of a model: its line in the index, its place in the trash, its manifest.

They are exact JSON values, and what another version has written beside them is kept.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

NEVER = "1970-01-01T00:00:00"


def moment(text: str) -> dt.datetime:
    """Read a stored moment; one without a zone (an older index) is taken as UTC."""
    value = dt.datetime.fromisoformat(text)
    return value if value.tzinfo else value.replace(tzinfo=dt.UTC)


def metrics_of(metadata: Mapping[str, Any]) -> dict[str, float]:
    """Return the metrics in a model's metadata: under ``metrics``, or its flat numbers."""
    metrics = metadata.get("metrics")
    source = metrics if isinstance(metrics, Mapping) else metadata
    return {
        str(name): float(value)
        for name, value in source.items()
        if isinstance(value, int | float) and not isinstance(value, bool)
    }


def text_of(value: Any) -> str | None:
    """Return what metadata say of a target or a task as text, if they say anything."""
    return None if value is None else str(value)


def _check_moment(text: str) -> str:
    dt.datetime.fromisoformat(text)
    return text


Moment = Annotated[str, AfterValidator(_check_moment)]


class Record(BaseModel):
    """What every record says of a model; ``key`` names the key that signed it."""

    model_config = ConfigDict(strict=True, extra="allow", populate_by_name=True)

    metadata: dict[str, Any] = {}
    saved_at: Moment = NEVER
    actor: str = ""
    task: str | None = None
    size: int = 0
    sha256: str = ""
    key: str = ""

    def shared(self) -> dict[str, Any]:
        """Return what the model's other records say as well."""
        return {name: getattr(self, name) for name in Record.model_fields}


R = TypeVar("R", bound=Record)


def sound_part(kind: type[R], stored: Any) -> R | None:
    """Return a record without what cannot be read in it; None if it lacks what it must have."""
    if not isinstance(stored, dict):
        return None
    if isinstance(stored.get("aliases"), list):
        aliases = [alias for alias in stored["aliases"] if isinstance(alias, str)]
        stored = stored | {"aliases": aliases}
    try:
        return kind.model_validate(stored)
    except ValidationError as error:
        unsound = {problem["loc"][0] for problem in error.errors()}
    try:
        return kind.model_validate({k: value for k, value in stored.items() if k not in unsound})
    except ValidationError:
        return None


class IndexLine(Record):
    """The index's line of a model; older ones have the first three keys.

    ``quarantined`` (it may not be opened) and ``registered`` (the index has it) are found on
    reading and not stored there.
    """

    path: str
    aliases: list[str] = []
    quarantined: bool = Field(False, exclude=True)
    registered: bool = Field(True, exclude=True)

    @property
    def file(self) -> str:
        """The artifact's file name; whatever folder the index may name, it is in ours."""
        return self.path.replace("\\", "/").rpartition("/")[2]


class DeletedLine(IndexLine):
    """What the index said of a model that is in the trash, with its name and who deleted it."""

    name: str
    deleted_at: Moment
    deleted_by: str = ""


class Manifest(Record):
    """All that is known of a model, as it is signed; see ``ModelEntry``.

    ``aliases`` has since when each leads here, ``edited`` who edited it last and when.
    """

    name: str
    file: str
    saved_at: Moment
    size: int
    sha256: str
    aliases: dict[str, str]
    metrics: dict[str, Any]
    columns: list[dict[str, Any]] | None = Field(None, alias="schema")
    sample: dict[str, Any] | None = None
    background: list[dict[str, Any]] | None = None
    target: str | None = None
    classes: list[Any] | None = None
    data_fingerprint: str | None = None
    libraries: dict[str, str] = {}
    python: str | None = None
    trusted: dict[str, Any] | None = None
    edited: dict[str, Any] | None = None
    signature: str = ""

    def as_signed(self) -> dict[str, Any]:
        """Return exactly what was read: what another version did not write has no key here."""
        return self.model_dump(by_alias=True, exclude_unset=True)


def unsigned(name: str, line: IndexLine) -> Manifest:
    """Return what is known of a model whose manifest nobody has written."""
    return Manifest(
        **line.shared() | {"task": text_of(line.metadata.get("task"))},
        name=name,
        file=line.file,
        aliases=dict.fromkeys(line.aliases, line.saved_at),
        target=text_of(line.metadata.get("target")),
        metrics=metrics_of(line.metadata),
    )
