"""Five-minute tour of the model store."""
