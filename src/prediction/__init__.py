"""Predict with registered models: single rows and batches, the reasons, and the log."""

from src.prediction.batch import BatchResult, match_batch, predict_batch
from src.prediction.batch_file import read_table
from src.prediction.explanation import explain, explain_case
from src.prediction.export import export_predictions, log_table
from src.prediction.interest import Interest, interest
from src.prediction.models import LoadedModel, class_text, load
from src.prediction.rows import ColumnMatch, match_columns
from src.prediction.scoring import Answer, class_columns, predict, predict_case
from src.prediction.store import (
    LoggedPrediction,
    count_predictions,
    list_predictions,
    logged_names,
)
