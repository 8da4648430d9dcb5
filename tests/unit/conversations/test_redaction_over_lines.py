"""Numbers that go on in the next line, as where messages sent in pieces are put together."""

from __future__ import annotations

import pytest

from src import conversations

BROKEN = [
    ("529.982.\n247-25", "[CPF_1]"),
    ("meu cpf é 529.982. \n 247-25, ok?", "meu cpf é [CPF_1], ok?"),
    ("cpf:\n529982\n24725", "cpf:\n[CPF_1]"),
    ("cpf 529\n982\n247\n25", "cpf [CPF_1]"),
    ("11.222.333/\n0001-81", "[CNPJ_1]"),
    ("cnpj 11222333\r\n000181", "cnpj [CNPJ_1]"),
    ("cnpj AB.\nCDE.FGH/0001-95", "cnpj [CNPJ_1]"),
    ("fone 11 98765\n4321", "fone [TELEFONE_1]"),
    ("é 11 98765\n-4321 viu", "é [TELEFONE_1] viu"),
    ("zap 98765\n4321", "zap [TELEFONE_1]"),
    ("(11)\n98765-4321", "[TELEFONE_1]"),
    ("meu cep é 01310\n100", "meu cep é [CEP_1]"),
    ("01310-\n100", "[CEP_1]"),
    ("meu cartão é 4111 1111\n1111 1111", "meu cartão é [CARTAO_1]"),
    ("4111-1111-\n1111-1111", "[CARTAO_1]"),
    ("pix 529982\n24725", "pix [PIX_1]"),
    ("chave pix 123e4567-e89b-\n42d3-a456-426614174000", "chave pix [PIX_1]"),
]

OTHER_NUMBERS = [
    "pedidos:\n529982\n24725",
    "4111 1111\n1111 1111",
    "parcelas de 2500\n3000\n4500",
    "liguei ontem e paguei 3500\n2000",
    "qtd 12\n9876 5432",
    "pedido 11 98765\n4321",
    "0349\n4349\n3716",
    "12345\n678",
]


@pytest.mark.parametrize(("text", "expected"), BROKEN)
def test_a_number_is_found_that_goes_on_in_the_next_line(text: str, expected: str) -> None:
    assert conversations.redact(text).text == expected


@pytest.mark.parametrize("text", OTHER_NUMBERS)
def test_numbers_one_below_the_other_are_not_put_together(text: str) -> None:
    assert conversations.redact(text).text == text


@pytest.mark.parametrize(
    ("question", "answer", "expected"),
    [
        ("qual seu CPF?", "529982\n24725", "[CPF_1]"),
        ("e o telefone?", "98765\n4321", "[TELEFONE_1]"),
        ("qual o CEP?", "01310\n100", "[CEP_1]"),
    ],
)
def test_what_was_asked_for_is_found_in_two_pieces(
    question: str, answer: str, expected: str
) -> None:
    session = conversations.RedactionSession()
    session.redact(question)
    assert session.redact(answer).text == expected


def test_in_two_pieces_or_one_it_is_the_same_value() -> None:
    session = conversations.RedactionSession()
    assert session.redact("cpf 529.982.247-25").text == "cpf [CPF_1]"
    assert session.redact("repetindo: 529.982.\n247-25").text == "repetindo: [CPF_1]"


def test_two_whole_numbers_in_two_lines_are_two() -> None:
    text = "529.982.247-25\n111.444.777-35\n(11) 98765-4321\n(11) 98765-4322"
    assert conversations.redact(text).text == "[CPF_1]\n[CPF_2]\n[TELEFONE_1]\n[TELEFONE_2]"
