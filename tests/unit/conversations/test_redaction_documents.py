"""CPF and CNPJ are known by their check digits, with letters in the CNPJ too."""

from __future__ import annotations

import pytest

from src import conversations
from src.conversations.recognisers.documents import is_cnpj, is_cpf

CPF = "529.982.247-25"


def types(text: str) -> list[str]:
    return [str(entity.type) for entity in conversations.redact(text).entities]


@pytest.mark.parametrize("number", [CPF, "52998224725", "111.444.777-35", "000.000.001-91"])
def test_a_cpf_has_its_check_digits(number: str) -> None:
    assert is_cpf(number)


@pytest.mark.parametrize(
    "number",
    ["529.982.247-24", "529.982.247-52", "111.111.111-11", "5299822472", "", "529982247²5"],
)
def test_what_has_not_is_no_cpf(number: str) -> None:
    assert not is_cpf(number)


@pytest.mark.parametrize(
    "number", ["11.222.333/0001-81", "11222333000181", "00.000.000/0001-91", "33.000.167/0001-01"]
)
def test_a_cnpj_has_its_check_digits(number: str) -> None:
    assert is_cnpj(number)


def test_the_example_the_tax_office_published_is_a_cnpj_with_letters() -> None:
    assert is_cnpj("12.ABC.345/01DE-35")
    assert is_cnpj("12abc34501de35")
    assert not is_cnpj("12.ABC.345/01DE-36")
    assert not is_cnpj("12.ABC.345/01DE-3A")
    assert not is_cnpj("12.ABD.345/01DE-35")


@pytest.mark.parametrize("place", range(11))
def test_one_wrong_digit_makes_a_cpf_none(place: int) -> None:
    digits = CPF.replace(".", "").replace("-", "")
    other = str((int(digits[place]) + 1) % 10)
    assert not is_cpf(digits[:place] + other + digits[place + 1 :])


@pytest.mark.parametrize(
    "typed",
    [
        CPF, "52998224725", "529 982 247 25", "529.982.247/25", "529982247-25", "529-982-247-25",
        "529.982.24725", "529. 982. 247-25", "529,982,247-25",
        "529．982．247－25", "５２９.９８２.２４７-２５",
    ],
)  # fmt: skip
def test_a_cpf_is_found_however_it_is_typed(typed: str) -> None:
    result = conversations.redact(f"o cpf é {typed}, obrigado")
    assert result.text == "o cpf é [CPF_1], obrigado"


@pytest.mark.parametrize(
    "typed",
    [
        "12.ABC.345/01DE-35",
        "12abc34501de35",
        "12.abc.345/01de-35",
        "12ABC345/01DE-35",
        "11 222 333 0001 81",
    ],
)
def test_a_cnpj_is_found_however_it_is_typed(typed: str) -> None:
    assert conversations.redact(f"cnpj {typed} pfv").text == "cnpj [CNPJ_1] pfv"


def test_a_number_with_wrong_check_digits_is_no_cpf() -> None:
    assert types("pedido 52998224724 saiu") == []
    assert types("529.982.247-24") == []


def test_a_mistyped_cpf_that_is_called_one_is_removed_as_a_document() -> None:
    result = conversations.redact("meu cpf é 529.982.247-24")
    assert result.text == "meu cpf é [DOCUMENTO_1]"


def test_eleven_digits_of_an_order_are_left_although_they_would_be_a_cpf() -> None:
    assert types("protocolo 52998224725") == []
    assert types("protocolo 123, cpf 52998224725") == ["CPF"]


def test_identity_cards_are_found_by_their_name_only() -> None:
    assert types("meu rg é 12.345.678-9") == ["DOCUMENTO"]
    assert types("CNH: 01234567890") == ["DOCUMENTO"]
    assert types("peça 12.345.678-9") == []
