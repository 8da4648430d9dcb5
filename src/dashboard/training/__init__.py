"""The screen *Treinar modelos*."""
