"""Alembic's entry: run the migrations on the configured database."""

from alembic import context

from src.persistence.engine import get_engine, metadata

with get_engine().connect() as connection:
    context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
