"""The screen *Tabelas*."""
