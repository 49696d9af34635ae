"""Alembic's entry: runs the steps on the connection it is handed, inside that connection's transaction."""

from alembic import context

options = context.config.attributes
context.configure(
    connection=options["connection"],
    target_metadata=options["metadata"],
    compare_type=True,
    # SQLite rebuilds tables to alter them; only matters to comparisons and new steps.
    render_as_batch=options["connection"].dialect.name == "sqlite",
)
context.run_migrations()
