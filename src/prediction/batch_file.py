"""The file of a batch as a table: its columns read as the model's training table was."""

from __future__ import annotations

import pandas as pd

from src import files
from src.errors import PredictionError
from src.prediction.loading import load
from src.prediction.rows import match_columns


def read_table(data: bytes, name: str, model: str | None = None) -> pd.DataFrame:
    """Read a batch file.

    Parameters
    ----------
    data : bytes
        The file, of any format that an import takes.
    name : str
        What it is called.
    model : str, optional
        The name or alias of the model it is for.

    Returns
    -------
    DataFrame, shape (n_rows, n_columns)
        A column that the model knows and remembers the reading of holds what the import of a table
        makes of the same cells; a cell that cannot be read so stays as it is. All others, such as
        those of a model that was saved before readings were kept, are left as they are in the file:
        what they mean is settled against the schema.

    Raises
    ------
    PredictionError
        If the file is empty, ragged, or nothing that can be a table.
    ModelNotFound, ModelQuarantined, SignatureMismatch
        As the registry says.
    """
    fields = (load(model).schema if model is not None else None) or ()
    with files.faults_as(PredictionError):
        source = files.open_table(data, name)
        cells = files.all_cells(source, [item.name for item in fields])
    found = match_columns(fields, cells).found
    readings = {found[item.name]: item.reading for item in fields if item.name in found}
    return pd.DataFrame(
        {
            column: files.read_series(values, readings.get(column))
            for column, values in cells.items()
        }
    )
