"""Values of one kind as arrays and series of the type that pandas has for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from src.files.readings import Reading
from src.files.values import Kind

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

_MAX_SHARED = 10_000


def to_array(
    cells: Sequence[Any], kind: Kind, shared: dict[str, str] | None = None
) -> npt.NDArray[Any]:
    """Return values of a kind, None where there is none, as an array of the kind's type.

    Integers come as ``int64`` (``float64`` with NaN where some are missing), numbers as
    ``float64``, booleans as ``bool`` (objects with NaN where some are missing), moments (also as
    ISO text) as ``datetime64[us]``, texts as objects.

    Parameters
    ----------
    shared : dict, optional
        Remembers texts, so that equal ones are one object.
    """
    import numpy as np

    missing = None in cells
    if kind == "integer" and not missing:
        return np.array(cells, dtype=np.int64)
    if kind in ("integer", "number"):
        return np.array(cells, dtype=np.float64)  # None becomes NaN
    if kind == "boolean":
        if not missing:
            return np.array(cells, dtype=bool)
        return np.array([np.nan if cell is None else bool(cell) for cell in cells], dtype=object)
    if kind == "datetime":
        return np.array(["NaT" if cell is None else cell for cell in cells], dtype="datetime64[us]")
    memory = {} if shared is None else shared
    if len(memory) > _MAX_SHARED:
        memory.clear()
    texts = [np.nan if cell is None else memory.setdefault(cell, cell) for cell in cells]
    return np.array(texts, dtype=object)


def to_series(arrays: Sequence[npt.NDArray[Any]], kind: Kind) -> pd.Series[Any]:
    """Return the parts of a column, each as :func:`to_array` makes it, as one series."""
    import numpy as np
    import pandas as pd

    # int64 beside float64 becomes float64, bool beside object object
    array = np.concatenate(arrays) if arrays else to_array((), kind)
    if kind in ("text", "category"):
        return pd.Series(list(array) if array.size else array, dtype=pd.Series(["a"]).dtype)
    return pd.Series(array)


def read_series(cells: Sequence[Any], reading: Reading | None) -> pd.Series[Any]:
    """Return a file's cells as they are read, or as they are.

    Where every cell fits the reading, the series is what the import of a table makes of the same
    cells, to the type. A cell that does not fit stays as it is, among objects; so do all without a
    reading.
    """
    import pandas as pd

    if reading is None:
        return pd.Series(list(cells), dtype=object)
    values, fit = reading.convert_known(cells)
    if not fit:
        return pd.Series(values, dtype=object)
    return to_series([to_array(values, reading.kind)], reading.kind)
