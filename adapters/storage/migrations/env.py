"""Alembic runs this file for every command; the connection is handed over by the caller."""

from __future__ import annotations

from alembic import context

from adapters.storage.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite cannot alter a column: the table is made anew
    transactional_ddl=True,  # SQLite can, once BEGIN is ours (engines.py): all of it or nothing
)
with context.begin_transaction():
    context.run_migrations()
