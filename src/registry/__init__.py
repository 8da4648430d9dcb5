"""Save, sign, verify, load, list, promote and delete models."""
