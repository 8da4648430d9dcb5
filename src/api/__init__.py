"""The HTTP interface: one router per feature, FastAPI known here only."""
