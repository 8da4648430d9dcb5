"""What the columns of a table and of a model are called: their kinds, and what training saw."""

from __future__ import annotations

import datetime as dt

from src import registry
from src.dashboard import formats
from src.dashboard.i18n import _, language
from src.dashboard.parts import table
from src.messages import N_

KINDS = {
    "integer": N_("número inteiro"),
    "number": N_("número"),
    "boolean": N_("sim ou não"),
    "category": N_("categoria"),
    "text": N_("texto"),
    "datetime": N_("data"),
}
SHOWN_CATEGORIES = 5


def columns() -> table.Columns[registry.Field]:
    """Return the columns of a table of a model's fields, for ``table.draw``."""
    return {
        "name": (lambda field: field.name, _("Coluna")),
        "kind": (lambda field: kind(field.kind), _("Conteúdo")),
        "seen": (seen, _("Visto no treino")),
        "nullable": (lambda field: field.nullable, _("Pode faltar")),
    }


def kind(name: str) -> str:
    """Return what a column's values are, in the person's language."""
    return _(KINDS.get(name, name))


def seen(field: registry.Field) -> str:
    """Return what training saw of a field: its range or its categories; empty when unknown."""
    if field.minimum is not None and field.maximum is not None:
        limits = (field.minimum, field.maximum)
        if field.kind == "datetime":
            moments = [as_moment(limit) for limit in limits]
            clock = any(moment.time() != dt.time() for moment in moments)
            low, high = (formats.unzoned(one, language(), clock=clock) for one in moments)
        else:
            low, high = (formats.number(limit, language()) for limit in limits)
        return _("{low} a {high}").format(low=low, high=high)
    shown = ", ".join((field.categories or ())[:SHOWN_CATEGORIES])
    more = len(field.categories or ()) - SHOWN_CATEGORIES
    return shown + (" " + _("e mais {count}").format(count=more) if more > 0 else "")


def as_moment(seconds: float) -> dt.datetime:
    """Return a limit of a date column, seconds since 1970, as it stood in the training table."""
    return dt.datetime(1970, 1, 1) + dt.timedelta(seconds=seconds)  # noqa: DTZ001 - without zone
