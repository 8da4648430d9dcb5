"""The screen *Modelos registrados*."""
