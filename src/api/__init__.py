"""The HTTP interface: one router per feature, FastAPI known here only."""

from src.api.app import create_app
