"""The analyst's own tables: import, profile, samples."""
