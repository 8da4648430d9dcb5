"""The screen *Qualidade*."""
