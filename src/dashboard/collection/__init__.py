"""The screen *Coleta de dados*."""
