"""Words are found whatever their case and accents, and no query breaks the search."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings, strategies

from src import conversations
from src.conversations import Filters, NewConversation, NewTurn, Role
from src.conversations.store.reading import _holds
from src.conversations.store.tables import turns
from src.conversations.words import other_numbers, words
from src.persistence import get_engine
from tests.unit.conversations.files import chat, jsonl

TEXTS = (
    "A garantia do COLCHÃO é de 5 anos",
    "Quanto custa a entrega?",
    "100% 👍 C:\\x_y",
    "Os papéis e as cores dos animais: R$ 2.500,90 em ana@exemplo.com",
)


@pytest.fixture(autouse=True)
def _stored(any_database: str, tmp_path: Path) -> None:
    path = jsonl(tmp_path / "c.jsonl", *[chat(("user", t), ("assistant", "ok")) for t in TEXTS])
    conversations.import_file(path, conversations.inspect_file(path).mapping, actor="ana")


def test_a_conversation_is_known_by_the_customers_first_words() -> None:
    said = (Role.ASSISTANT, "Olá."), (Role.CUSTOMER, "Bom dia, tem frete?"), (Role.CUSTOMER, "Oi?")
    made = [
        NewConversation("com", turns=tuple(NewTurn(role, text) for role, text in said)),
        NewConversation("sem", turns=(NewTurn(Role.ASSISTANT, "Alô?"),)),
    ]
    conversations.add(made, "loja", actor="ana")
    ids = {one.origin_id: one.id for one in conversations.list_conversations().items}
    found = conversations.openings([ids["com"], ids["sem"], "nenhuma"], length=9)
    assert found == {ids["com"]: "Bom dia, "}
    assert conversations.openings([]) == {}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("colchão", 0),
        ("colchao", 0),
        ("COLCHÃO garantia", 0),
        ("garantias", 0),
        ("colchoes", 0),
        ("COLCHÕES", 0),
        ("colch", 0),
        ("olchão", None),
        ("entregas", 1),
        ("entreg", 1),
        ("entregue", None),
        ("entregas custam", None),
        ("papel", 3),
        ("papeis", 3),
        ("animal", 3),
        ("cor", 3),
        ("2.500", 3),
        ("500", 3),
        ("exemplo", 3),
        ("ana@exemplo.com", 3),
        ("entrega", 1),
        ("entrega colchão", None),
        ("👍", 2),
        ("x_y", 2),
        ("%", 2),
        ("_", 2),
        ("", None),
    ],
)
def test_the_turn_with_the_words_is_found(query: str, found: int | None) -> None:
    hits = [hit.content for hit in conversations.search(query)]
    assert hits == ([] if found is None else [TEXTS[found]])


@pytest.mark.parametrize(
    ("one", "many"),
    [
        ("entrega", "entregas"),
        ("colchão", "colchões"),
        ("pão", "pães"),
        ("mão", "mãos"),
        ("animal", "animais"),
        ("papel", "papéis"),
        ("fóssil", "fósseis"),
        ("barril", "barris"),
        ("lençol", "lençóis"),
        ("azul", "azuis"),
        ("homem", "homens"),
        ("cor", "cores"),
        ("vez", "vezes"),
        ("mês", "meses"),
        ("classe", "classes"),
    ],
)
def test_singular_and_plural_find_each_other(one: str, many: str) -> None:
    for said, asked in ((one, many), (many, one)):
        text = f"zz {said} zz"
        conversations.add(
            [NewConversation(origin_id="", turns=(NewTurn(Role.CUSTOMER, text),))], "x", actor="a"
        )
        assert text in [hit.content for hit in conversations.search(f"ZZ {asked}")]


@pytest.mark.parametrize("word", ["mais", "mas", "dois", "à", "s", "ões"])
def test_little_words_have_no_other_number(word: str) -> None:
    assert [
        it for it in other_numbers(words(word)[0]) if it in ("mal", "ma", "dol", "", "ao")
    ] == []


@pytest.mark.parametrize(
    "any_database", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)
def test_the_index_serves_the_search(any_database: str) -> None:  # on SQLite it is the search
    query = sa.select(turns.c.id).where(_holds("entregas", "postgresql"))
    with get_engine().connect() as connection:
        connection.execute(sa.text("SET enable_seqscan = off"))
        compiled = query.compile(connection, compile_kwargs={"literal_binds": True})
        plan = "\n".join(connection.exec_driver_sql(f"EXPLAIN {compiled}").scalars())
    assert "conversation_search" in plan


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(strategies.text(max_size=30))
def test_no_query_breaks_the_search(query: str) -> None:
    conversations.search(query)
    conversations.list_conversations(Filters(query=query))


@pytest.mark.parametrize(
    "query", ['"', "a AND", "NEAR(", "*", "col:x", "a OR -b", "' ; --", "\ud83d"]
)
def test_the_engines_own_signs_are_plain_text(query: str) -> None:
    conversations.search(query)
