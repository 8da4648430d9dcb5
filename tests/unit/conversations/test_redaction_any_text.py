"""Whatever the text: no crash, the places are right, and once is enough."""

# ruff: noqa: E501  (fragments of text)

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from src import conversations

FRAGMENTS = st.sampled_from(
    [
        "cpf ", "529.982.247-25", "52998224725", "11 98765-4321", "+55", "maria", "Maria", " da ", "Silva", "@gmail.com",
        "[CPF_1]", "[NOME_2]", "[", "]", "pix ", "chave: ", "Rua ", ", 12", "cep ", "01310-100", "ABC", "1D23", "-", ".", " ",
        "\n", "👍", "\u0301", "\u200f", "meu nome é ", "12ABC34501DE35", "4111 1111 1111 1111", "São ", "R. ", "12", "0", "e ",
    ]
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=200), st.lists(FRAGMENTS, max_size=25).map("".join))


@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_any_text_is_redacted_and_the_places_put_back_together_make_it(text: str) -> None:
    result = conversations.redact(text)
    parts, place = [], 0
    for entity in result.entities:
        assert place <= entity.start < entity.end <= len(text)
        parts += [text[place : entity.start], entity.placeholder]
        place = entity.end
    assert "".join([*parts, text[place:]]) == result.text


@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_redacting_any_text_twice_is_redacting_it_once(text: str) -> None:
    once = conversations.redact(text)
    again = conversations.redact(once.text)
    assert (again.text, again.entities) == (once.text, ())
