"""Conversations are searched for the same words on PostgreSQL as on SQLite.

The words of a turn are told apart at every sign, without case and accents, and are not reduced to
stems: those of the Portuguese dictionary keep `colchões` from `colchão`, and allow no beginnings.
"""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

ACCENTED = "áàâãäåéèêëíìîïóòôõöúùûüçñýÁÀÂÃÄÅÉÈÊËÍÌÎÏÓÒÔÕÖÚÙÛÜÇÑÝ"
PLAIN = "aaaaaaeeeeiiiiooooouuuucnyAAAAAAEEEEIIIIOOOOOUUUUCNY"
SIGNS = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~“”‘’«»–—…"
BEFORE = (
    "to_tsvector('portuguese', left(content, 100000) || ' ' || "
    f"translate(left(content, 100000), '{ACCENTED}', '{PLAIN}'))"
)


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute("DROP INDEX conversation_search")
    # The server's own scanner takes `2.500` for one word, and an address for another.
    op.get_bind().exec_driver_sql(
        "CREATE FUNCTION conversation_words(said text) RETURNS tsvector LANGUAGE sql IMMUTABLE "
        "PARALLEL SAFE AS $words$ SELECT pg_catalog.to_tsvector("
        "'pg_catalog.simple'::pg_catalog.regconfig, pg_catalog.translate("
        f"pg_catalog.left(said, 100000), $from${ACCENTED}{SIGNS}$from$, "
        f"$to${PLAIN}{' ' * len(SIGNS)}$to$)) $words$".replace("%", "%%")
    )
    op.execute(
        "CREATE INDEX conversation_search ON conversation_turns USING gin "
        "(conversation_words(content))"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute("DROP INDEX conversation_search")
    op.execute("DROP FUNCTION conversation_words(text)")
    op.execute(f"CREATE INDEX conversation_search ON conversation_turns USING gin ({BEFORE})")
