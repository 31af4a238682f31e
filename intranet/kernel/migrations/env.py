"""Alembic's environment: always online, on the connection that `intranet.kernel.migrate` hands over."""

from alembic import context

from intranet.kernel.tables import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=False,
    transactional_ddl=True,  # on SQLite too: who dies in the middle has migrated nothing
)
with context.begin_transaction():
    context.run_migrations()
