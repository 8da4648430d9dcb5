"""How tables are put into words: kinds, detections, values."""

from __future__ import annotations

import pandas as pd

from src import datasets
from src.dashboard import formats
from src.dashboard.i18n import _
from src.messages import N_

MAX_SHOWN = 200
"""Characters of a cell that a page shows."""

_DELIMITERS = {
    ",": N_("separado por vírgula"),
    ";": N_("separado por ponto e vírgula"),
    "\t": N_("separado por tabulação"),
    "|": N_("separado por barra vertical"),
}
_DECIMALS = {",": N_("decimal com vírgula"), ".": N_("decimal com ponto")}


def detection(found: datasets.Detection) -> str:
    """Return one line on how a file would be read."""
    parts = (
        f"**{found.format}**",
        found.delimiter and _(_DELIMITERS[found.delimiter]),
        found.encoding and found.encoding.replace("_", "-").upper().replace("-SIG", " (BOM)"),
        found.decimal and _(_DECIMALS[found.decimal]),
        _("{count} colunas").format(count=formats.number(len(found.columns))),
    )
    return " · ".join(part for part in parts if part)


def shortened(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the frame with long texts cut, so that one cell cannot fill the browser."""
    return frame.map(
        lambda cell: (
            cell[:MAX_SHOWN] + "…" if isinstance(cell, str) and len(cell) > MAX_SHOWN else cell
        )
    )


def values(column: datasets.ColumnProfile) -> str:
    """Return a column's most frequent values, or its period."""
    if column.kind == "datetime" and column.first and column.last:
        return f"{moment(column.first)} – {moment(column.last)}"
    return " · ".join(
        f"{value(found)} ({formats.number(count)})" for found, count in column.top[:4]
    )


def value(found: object) -> str:
    """Return one stored value in the person's language."""
    if found is None:
        return _("(vazio)")
    if isinstance(found, bool):
        return _("sim") if found else _("não")
    if isinstance(found, int | float):
        return formats.number(found)
    return str(found)


def moment(local: object) -> str:
    """Return a table's own moment, which has no zone."""
    stamp = pd.Timestamp(str(local))
    return formats.unzoned(stamp)
