"""The screen *Revisão de conversas*."""
