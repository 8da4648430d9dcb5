"""Predict with registered models: single rows and batches, the reasons, and the log."""

from src.prediction.batch import match_batch, predict_batch
from src.prediction.batch_file import read_table
from src.prediction.explanation import explain, explain_case
from src.prediction.export import export_predictions, log_table
from src.prediction.interest import interest
from src.prediction.loading import LoadedModel, load
from src.prediction.model import Answer, BatchResult, ColumnMatch, Interest, LoggedPrediction
from src.prediction.rows import match_columns
from src.prediction.scoring import class_columns, predict, predict_case
from src.prediction.store import count_predictions, list_predictions, logged_names
from src.prediction.values import class_text
