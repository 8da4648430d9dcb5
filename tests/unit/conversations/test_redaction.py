"""Personal data is replaced, the same value by the same placeholder, and the places are told."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from src import conversations
from src.conversations import EntityType, RedactionSession

CPF = "529.982.247-25"
ROOT = Path(__file__).resolve().parents[3]


def pieces(text: str) -> list[tuple[str, str]]:
    """Return type and value of what is found, in the order of the text."""
    return [(str(e.type), text[e.start : e.end]) for e in conversations.redact(text).entities]


def test_text_without_personal_data_stays_as_it_is() -> None:
    text = "Vi o HB20 2019 por R$ 65.900 com 45.000 km. Ainda tem? Protocolo 20261234567."
    result = conversations.redact(text)
    assert (result.text, result.entities, result.counts) == (text, (), {})


def test_the_empty_text_has_nothing() -> None:
    assert conversations.redact("").text == ""


def test_entities_tell_type_and_place_in_the_original() -> None:
    text = f"Sou a Mariana, cpf {CPF}"
    result = conversations.redact(text)
    assert result.text == "Sou a [NOME_1], cpf [CPF_1]"
    name, cpf = result.entities
    assert (name.type, text[name.start : name.end]) == (EntityType.NAME, "Mariana")
    assert (cpf.type, text[cpf.start : cpf.end]) == ("CPF", CPF)
    assert result.counts == {EntityType.NAME: 1, EntityType.CPF: 1}


def test_placeholders_are_numbered_in_the_order_of_the_text() -> None:
    result = conversations.redact("a@gmail.com, b@gmail.com e de novo A@GMAIL.COM")
    assert result.text == "[EMAIL_1], [EMAIL_2] e de novo [EMAIL_1]"


@pytest.mark.parametrize(
    ("first", "again"),
    [
        (CPF, "52998224725"),
        ("(11) 98765-4321", "+55 11 98765 4321"),
        ("(11) 98765-4321", "98765-4321"),
        ("maria@gmail.com", "Maria@Gmail.com"),
        ("maria@gmail.com", "maria arroba gmail ponto com"),
        ("cep 01310-100", "cep 01310100"),
        ("placa ABC-1234", "placa abc1c34"),
        ("12.ABC.345/01DE-35", "cnpj 12abc34501de35"),
        ("falei com Júlia Andrade", "FALEI COM JULIA ANDRADE"),
    ],
)
def test_a_value_has_one_placeholder_in_all_turns_however_it_is_typed(
    first: str, again: str
) -> None:
    session = RedactionSession()
    one = session.redact(first).entities
    other = session.redact(again).entities
    assert [e.placeholder for e in one] == [e.placeholder for e in other] != []


def test_different_values_have_different_placeholders() -> None:
    session = RedactionSession()
    session.redact("fala com Pedro Nunes")
    assert session.redact("ou com Pedro Lima").entities[0].placeholder == "[NOME_2]"


def test_a_first_name_alone_is_the_person_met_before() -> None:
    session = RedactionSession()
    assert session.redact("Aqui é o João Silva").text == "Aqui é o [NOME_1]"
    assert session.redact("bom dia joão").text == "bom dia [NOME_1]"
    assert session.redact("João da Silva aguarda").text == "[NOME_1] aguarda"


def test_an_unusual_name_is_known_once_it_was_introduced() -> None:
    assert pieces("a kwiatkowski não veio") == []
    session = RedactionSession()
    session.redact("meu nome é Ione Kwiatkowski")
    assert session.redact("a kwiatkowski não veio").text == "a [NOME_1] não veio"


def test_a_value_read_as_another_type_later_keeps_its_placeholder() -> None:
    session = RedactionSession()
    session.redact("meu zap é 11 98765-4321")
    result = session.redact("minha chave pix é 11987654321")
    assert result.text == "minha chave pix é [TELEFONE_1]"
    assert result.entities[0].type == EntityType.PIX


def test_the_question_of_the_turn_before_tells_what_a_bare_number_is() -> None:
    assert pieces("01310100") == []
    session = RedactionSession()
    session.redact("Qual o CEP da entrega?")
    assert session.redact("01310100").text == "[CEP_1]"


def test_the_question_also_tells_a_name_in_small_letters() -> None:
    session = RedactionSession()
    session.redact("Com quem eu falo? Qual seu nome?")
    assert session.redact("keirrison bragança").text == "[NOME_1]"


def test_conversations_know_nothing_of_each_other() -> None:
    for _ in range(2):
        assert RedactionSession().redact("Carla Dias").text == "[NOME_1]"


def test_a_session_keeps_no_value_in_clear() -> None:
    session = RedactionSession()
    session.redact(f"Sou Josimara Kwiatkowski, {CPF}, josi@gmail.com, 11 98765-4321")

    def inside(value: object) -> str:
        if isinstance(value, dict):
            return " ".join(inside(part) for pair in value.items() for part in pair)
        if isinstance(value, list | tuple | set | frozenset):
            return " ".join(inside(part) for part in value)
        return repr(value) + (inside(vars(value)) if hasattr(value, "__dict__") else "")

    kept = inside(vars(session)).lower()
    assert len(kept) > 500
    for word in ("josimara", "kwiatkowski", "529", "98765", "josi@"):
        assert word not in kept


def test_overlapping_readings_give_disjoint_entities_that_cover_them() -> None:
    text = f"pix é {CPF}, Rua Maria José, 123, 01310-100 maria.jose@gmail.com"
    result = conversations.redact(text)
    assert [str(e.type) for e in result.entities] == ["PIX", "ENDERECO", "CEP", "EMAIL"]
    ends = [0]
    for entity in result.entities:
        assert entity.start >= ends[-1] < entity.end
        ends.append(entity.end)
    assert result.text == "pix é [PIX_1], [ENDERECO_1], [CEP_1] [EMAIL_1]"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("👩🏽‍🦱👍🏿 cpf 529.982.247-25 🙏", ["529.982.247-25"]),
        ("ola\u0301 Joa\u0303o, tudo bem?", ["Joa\u0303o"]),
        ("\u202bمرحبا 529.982.247-25 שלום\u202c", ["529.982.247-25"]),
        ("zap \u202a+55 11 98765\u20114321\u202c ok", ["+55 11 98765\u20114321"]),
        ("cpf 529\u200b.982\u200b.247-25", ["529\u200b.982\u200b.247-25"]),
        ("cel 1️⃣1️⃣ 9️⃣8️⃣7️⃣6️⃣5️⃣ 4321", ["1️⃣1️⃣ 9️⃣8️⃣7️⃣6️⃣5️⃣ 4321"]),
        ("cpf\u00a0529\u00a0982\u00a0247\u00a025", ["529\u00a0982\u00a0247\u00a025"]),
        ("JoÃ£o disse: cpf 529.982.247-25 é meu", ["529.982.247-25"]),
        ("<b onclick='x()'>529.982.247-25</b>", ["529.982.247-25"]),
        ("<a href=\"mailto:ana@uol.com.br\">ana</a>", ["ana@uol.com.br"]),
        ("\ud800 cpf 529.982.247-25 \udfff", ["529.982.247-25"]),
        ("\x00cpf\x00529.982.247-25", ["529.982.247-25"]),
    ],
)  # fmt: skip
def test_places_are_right_in_any_script(text: str, found: list[str]) -> None:
    values = [
        text[e.start : e.end].strip("\u202a\u202c") for e in conversations.redact(text).entities
    ]
    assert set(found) <= set(values)


def test_redacting_again_changes_nothing() -> None:
    text = f"Sou a Mariana Alves, cpf {CPF}, Rua das Flores, 12, pix 11 98765-4321, placa ABC1D23"
    once = conversations.redact(text).text
    again = conversations.redact(once)
    assert (again.text, again.entities) == (once, ())


def test_placeholders_that_somebody_typed_stay() -> None:
    result = conversations.redact(f"[CPF_1] [CPF_2] {CPF}")
    assert result.text == "[CPF_1] [CPF_2] [CPF_3]"


@pytest.mark.parametrize(
    "text", [f"[CPF_{CPF}]", "[CPF_52998224725]", "[[CPF_1]52998224725[CPF_2]]"]
)
def test_a_value_dressed_up_as_a_placeholder_is_removed(text: str) -> None:
    redacted = conversations.redact(text).text
    assert "529" not in redacted


def test_a_placeholder_inside_a_value_does_not_hide_its_neighbours() -> None:
    assert CPF not in conversations.redact(f"[NOME_1]{CPF}[NOME_2]").text


def test_a_very_long_text_is_redacted_to_its_end() -> None:
    text = "bom dia, ainda tem o carro por 45 mil? " * 5000 + f"cpf {CPF}"
    result = conversations.redact(text)
    assert result.text.endswith("cpf [CPF_1]")
    assert len(result.entities) == 1


def test_a_text_of_nothing_but_values_is_redacted_whole() -> None:
    result = conversations.redact("\n".join(f"cliente{n}@gmail.com" for n in range(3000)))
    assert result.text.split("\n")[-1] == "[EMAIL_3000]"


@pytest.mark.parametrize(
    "text",
    [
        "1" * 20_000,
        "a" * 20_000,
        "a@" * 10_000,
        "1 " * 10_000,
        "Ana de " * 5000,
        "(" * 10_000,
        "pix " * 5000,
    ],
)
def test_texts_made_to_be_slow_are_not(text: str) -> None:
    conversations.redact(text, not_personal=["Ana"])


NOT_PERSONAL = ("Bia", "Bella", "Ana Rosa")


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("Oi, sou a Bia. Meu nome é Bia", None),
        ("vi a Bella e a BELLA, a bía disse", None),
        ("o modelo Ana Rosa da loja", None),
        ("falei com a Ana", "falei com a [NOME_1]"),
        ("sou a Bia Souza", "sou a [NOME_1]"),
        ("SOU BIA DA SILVA", "SOU [NOME_1]"),
        ("Bia Bella", "[NOME_1]"),
        ("Sou Ana Bia Lima. Bia, por favor", "Sou [NOME_1]. [NOME_1], por favor"),
        ("Bia, meu e-mail é bia@gmail.com", "Bia, meu e-mail é [EMAIL_1]"),
        ("Bia, moro na Rua Bella, 10", "Bia, moro na [ENDERECO_1]"),
        (f"Bia, cpf {CPF}", "Bia, cpf [CPF_1]"),
    ],
)
def test_names_of_the_assistant_and_of_products_stay_and_nothing_else_does(
    text: str, redacted: str | None
) -> None:
    result = conversations.redact(text, not_personal=NOT_PERSONAL)
    assert result.text == (redacted or text)
    assert conversations.redact(result.text, not_personal=NOT_PERSONAL).text == result.text
    assert conversations.redact(text).entities  # what stays, stays for this reason only


@pytest.mark.parametrize("number", ["529.982.247-25", "11987654321", "ana@gmail.com"])
def test_only_names_can_be_excepted(number: str) -> None:
    text = f"o meu é {number}"
    assert (
        conversations.redact(text, not_personal=(number,)).text == conversations.redact(text).text
    )


def test_who_bears_the_assistants_name_loses_it_once_it_is_known() -> None:
    session = RedactionSession()
    turns = ["Oi, sou a Bia", "Aqui é Bia Souza", "Obrigada, Bia"]
    assert [session.redact(turn, not_personal=["Bia"]).text for turn in turns] == [
        "Oi, sou a Bia",
        "Aqui é [NOME_1]",
        "Obrigada, [NOME_1]",
    ]


def test_importing_conversations_imports_neither_presidio_nor_spacy() -> None:
    code = (
        "import sys; from src import conversations; "
        "heavy = {'presidio_analyzer', 'spacy'}; print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
