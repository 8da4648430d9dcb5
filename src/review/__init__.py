"""Feedback on conversations, the queue of those that people judge, and how good they are."""
