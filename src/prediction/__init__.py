"""From a model's schema to a form, a prediction, its reasons and its log."""
