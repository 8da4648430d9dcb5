"""The screen *Classificador manual*."""
