"""The screen *Início*."""
