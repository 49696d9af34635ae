"""The database: one commit point, a journal of every change, undo, migrations and backups, on SQLite and PostgreSQL alike."""
