"""Customers that are known by their telephone are named by it as libphonenumber reads it.

Foreign numbers keep their `+`, and the carrier of a call leaves them. Who was two customers by that
becomes one: the one that is there already takes the conversations, and learns what it did not know.
"""

import hashlib
import re

import phonenumbers
import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

customers = sa.table(
    "conversation_customers",
    *map(sa.column, ("id", "origin", "origin_id", "name", "email", "phone", "source", "status")),
)
conversations = sa.table("conversations", sa.column("customer_id"))
LEARNT = ("name", "email", "phone", "source", "status")


def key(text: str) -> str | None:
    """Return a telephone as `conversations.contact_key` does."""
    text = text.strip()
    digits = phonenumbers.normalize_digits_only(text)
    if len(digits) < 8 or "@" in text:
        return None
    abroad = text.startswith("+") or digits.startswith("00")
    try:
        number = phonenumbers.parse(f"+{digits.lstrip('0')}" if abroad else digits, "BR")
    except phonenumbers.NumberParseException:
        return None
    national = str(number.national_number)
    if number.country_code != 55:
        national = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    elif len(national) in (8, 10) and national[-8] in "6789":
        national = f"{national[:-8]}9{national[-8:]}"
    digits = national.removeprefix("+")
    return f"phone:{national}" if len(digits) >= 8 and len(set(digits)) > 2 else None


def upgrade() -> None:
    connection, c = op.get_bind(), customers.c
    told_apart = sa.select(customers).where(c.origin_id.like("phone:%")).order_by(c.id)
    for row in connection.execute(told_apart).mappings().all():
        if not re.fullmatch("phone:[0-9]{8,300}", row["origin_id"]):
            continue  # not made from a telephone: what its source calls it
        name = key(row["phone"])
        if name is None or name == row["origin_id"]:
            continue
        identifier = hashlib.sha256(f"{row['origin']}\0customer\0{name}".encode()).hexdigest()[:32]
        same = sa.select(customers).where(c.id == identifier)
        there = connection.execute(same).mappings().one_or_none()
        if there is None:
            values = {**row, "id": identifier, "origin_id": name}
            connection.execute(customers.insert().values(values))
        elif learnt := {name: row[name] for name in LEARNT if row[name] and not there[name]}:
            connection.execute(customers.update().where(c.id == identifier).values(learnt))
        theirs = conversations.c.customer_id == row["id"]
        connection.execute(conversations.update().where(theirs).values(customer_id=identifier))
        connection.execute(customers.delete().where(c.id == row["id"]))


def downgrade() -> None:
    """Leave the keys as they are: who is one person stays so."""
