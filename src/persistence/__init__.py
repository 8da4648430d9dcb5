"""The operational database and files written whole or not at all."""

from src.persistence.atomic import read_json, write_bytes, write_json
from src.persistence.engine import get_engine, metadata, prepare, utc_now

__all__ = ["get_engine", "metadata", "prepare", "read_json", "utc_now", "write_bytes", "write_json"]
