"""The analyst's own tables: import, profile, samples."""

from src.datasets.frames import load, preview
from src.datasets.importing import Detection, free_name, import_file, inspect_file
from src.datasets.model import Column, Dataset
from src.datasets.profiling import (
    ColumnProfile,
    Histogram,
    Profile,
    class_balance,
    histogram,
    profile,
)
from src.datasets.samples import Sample, add_sample, samples
from src.datasets.store import delete, get, list_datasets
from src.datasets.work import start_import
