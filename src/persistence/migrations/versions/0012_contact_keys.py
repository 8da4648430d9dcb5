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
conversations = sa.table("conversations", sa.column("id"), sa.column("customer_id"))
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
    renamed = {}
    for row in connection.execute(told_apart).mappings().all():
        if not re.fullmatch("phone:[0-9]{8,300}", row["origin_id"]):
            continue  # not made from a telephone: what its source calls it
        name = key(row["phone"])
        if name is not None and name != row["origin_id"]:
            whole = f"{row['origin']}\0customer\0{name}"
            renamed[row["id"]] = {
                **row,
                "id": hashlib.sha256(whole.encode()).hexdigest()[:32],
                "origin_id": name,
            }
    # One may be named as another was, who is named anew as well: look at all before moving any.
    owned = {
        old: connection.execute(
            sa.select(conversations.c.id).where(conversations.c.customer_id == old)
        ).scalars().all()
        for old in renamed
    }  # fmt: skip
    arrived = set()
    for old, new in renamed.items():
        same = c.id == new["id"]
        there = connection.execute(sa.select(customers).where(same)).mappings().one_or_none()
        if there is None:
            connection.execute(customers.insert().values(new))
        elif new["id"] in renamed and new["id"] not in arrived:
            connection.execute(customers.update().where(same).values(new))
        elif learnt := {name: new[name] for name in LEARNT if new[name] and not there[name]}:
            connection.execute(customers.update().where(same).values(learnt))
        arrived.add(new["id"])
        for one in owned[old]:
            theirs = conversations.c.id == one
            connection.execute(conversations.update().where(theirs).values(customer_id=new["id"]))
    connection.execute(customers.delete().where(c.id.in_(renamed.keys() - arrived)))


def downgrade() -> None:
    """Leave the keys as they are: who is one person stays so."""
