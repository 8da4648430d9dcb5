"""Who may do what: the two keys of the interface, one that sends and one that reads."""

from src.access.keys import Keys, load_keys, write_key
