"""What Alembic runs: it migrates on the connection that `phoneline.migrate` hands over, within its transaction."""

from alembic import context

from phoneline.models import Base

connection = context.config.attributes["connection"]
# The models serve the comparison and the names of constraints; the versions themselves stand alone.
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
