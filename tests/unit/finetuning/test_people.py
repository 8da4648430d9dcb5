"""Who wrote from two sources is on one side; whose contacts are unique stays where they were."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from src.conversations import contact_key
from src.finetuning.people import SHARED, People
from src.finetuning.splits import pseudonym, side
from tests.unit.finetuning.talks import built, files, read, talk


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("+55 (11) 98765-4321", "11987654321"),
        ("011 98765-4321", "(11) 8765-4321"),
        ("0055 11 98765 4321", "11 9 8765 4321"),
        ("Ana.S@Exemplo.com ", "ana.s@exemplo.com"),
    ],
)
def test_a_contact_is_the_same_however_it_is_written(one: str, other: str) -> None:
    assert contact_key(one) == contact_key(other) is not None


@pytest.mark.parametrize(
    "text", ["Ana Lima", "00000000", "1234", "", "Loja 11", "@ana", "R2D2", "3º andar, sala 12"]
)
def test_what_is_no_contact_links_nobody(text: str) -> None:
    assert contact_key(text) is None


def test_a_number_of_another_area_is_another_one() -> None:
    assert len({contact_key(n) for n in ("11 3456-7890", "21 3456-7890", "3456-7890")}) == 3


def test_a_number_in_a_name_links_nobody() -> None:
    people = People()
    for customer in ("a", "b"):
        people.add(customer, ["Cliente VIP loja 12345678"])
    assert people.same() == {}


def test_people_are_linked_through_others_in_any_order() -> None:
    known = [
        ("d", ["11987654321"]),
        ("b", ["Bia", "b@x.com", "(11) 98765-4321"]),
        ("c", ["B@x.com", "c@x.com"]),
        ("a", ["c@x.com"]),
        ("z", ["z@x.com"]),
    ]
    for seed in range(6):
        people = People()
        for customer, contacts in random.Random(seed).sample(known, len(known)):
            people.add(customer, contacts)
        assert people.same() == {"b": "a", "c": "a", "d": "a"}


def test_what_very_many_share_is_nobodys() -> None:
    people, fewer = People(), People()
    for number in range(SHARED + 1):
        people.add(f"c{number:03d}", ["loja@x.com"])
        if number:
            fewer.add(f"c{number:03d}", ["loja@x.com"])
    assert people.same() == {}
    assert len(fewer.same()) == SHARED - 1


def test_one_person_of_two_sources_is_on_one_side_whatever_the_order(tmp_path: Path) -> None:
    many = [
        talk(2 * n + i, customer=f"{place}-{n}", known=("Zeca", f"119{80_000_000 + n * 137}"))
        for n in range(40)
        for i, place in enumerate(("site", "zap"))
    ]
    first = built(many, tmp_path / "1")
    second = built(random.Random(1).sample(many, len(many)), tmp_path / "2")
    assert files(first) == files(second)
    number = {candidate.id: candidate.customer.split("-")[1] for candidate in many}
    sides: dict[str, set[str]] = {}
    for line in read(first, "origins.jsonl"):
        person = number[line["conversation"]]
        assert line["customer"] == pseudonym(f"site-{person}", 0)
        sides.setdefault(person, set()).add(line["file"])
    assert len(sides) == 40
    assert all(len(found) == 1 for found in sides.values())
    assert any(side(f"site-{n}", 0) != side(f"zap-{n}", 0) for n in sides)


def test_whose_contacts_are_unique_is_where_the_customer_alone_puts_them(tmp_path: Path) -> None:
    many = [talk(n, customer=f"k{n}", known=(f"k{n}@x.com",)) for n in range(60)]
    for line in read(built(many, tmp_path / "w"), "origins.jsonl"):
        customer = f"k{int(line['conversation'][1:])}"
        assert line["file"] == f"{side(customer, 0)}.jsonl"
