"""Rules that are checked on a schedule, logged, and told to a webhook when they fire."""
