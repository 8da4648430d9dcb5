"""The screen *Conjuntos de dados*."""
