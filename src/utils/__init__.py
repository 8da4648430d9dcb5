"""Documented shortcuts into the rooms."""
