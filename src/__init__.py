"""Bancada: events become tables, tables become compared models, models are registered and used."""
