"""The analyst's own tables: import, profile, samples."""

from src.datasets.frames import load, preview
from src.datasets.importing import Detection, check_free, import_file, inspect_file
from src.datasets.model import Column, Dataset, Kind
from src.datasets.names import derived_table_name
from src.datasets.profiling import (
    ColumnProfile,
    Histogram,
    Profile,
    class_balance,
    histogram,
    profile,
)
from src.datasets.samples import Sample, add_sample, samples
from src.datasets.sources import FORMATS
from src.datasets.store import delete, get, list_datasets
from src.datasets.uploads import store_upload
from src.datasets.work import start_import

__all__ = [
    "FORMATS",
    "Column",
    "ColumnProfile",
    "Dataset",
    "Detection",
    "Histogram",
    "Kind",
    "Profile",
    "Sample",
    "add_sample",
    "check_free",
    "class_balance",
    "delete",
    "derived_table_name",
    "get",
    "histogram",
    "import_file",
    "inspect_file",
    "list_datasets",
    "load",
    "preview",
    "profile",
    "samples",
    "start_import",
    "store_upload",
]
