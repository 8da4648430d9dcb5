"""Names of people's own stay as they are in Markdown."""

from __future__ import annotations

import pytest

from src.dashboard import markdown
from src.errors import BancadaError
from src.messages import Message


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("leituras_sensores", "leituras_sensores"),
        ("_x_", r"\_x\_"),
        ("preço $x$", r"preço \$x\$"),
        ("a*b*c", r"a\*b\*c"),
        ("[x](http://y)", r"\[x\]\(http\://y\)"),
        ("# título", r"\# título"),
        ("1. um", r"1\. um"),
        (":red[x]", r"\:red\[x\]"),
        ("a `b`", r"a \`b\`"),
        (3.5, r"3\.5"),
    ],
)
def test_a_text_is_shown_as_it_is(text: object, shown: str) -> None:
    assert markdown.escape(text) == shown


def test_a_message_keeps_its_sentence_and_shows_its_names() -> None:
    message = Message("A tabela {name} não existe. Há: {others}.", {"name": "$a$", "others": "b_c"})
    assert markdown.said(message) == r"A tabela \$a\$ não existe. Há: b_c."
    assert markdown.said(BancadaError("{x} - não", x="*")) == r"\* - não"
