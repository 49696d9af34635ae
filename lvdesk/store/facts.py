"""Small facts about a database that belong to no table, by key."""

from sqlalchemy import Connection, insert, select, update

from lvdesk.store.tables import setting


def remembered(connection: Connection, key: str) -> str | None:
    """The fact, None when nobody remembered one."""
    return connection.execute(select(setting.c.value).where(setting.c.key == key)).scalar()


def remember(connection: Connection, key: str, value: str) -> None:
    """Keeps the fact instead of an earlier one; for the connection of a write."""
    changed = connection.execute(update(setting).where(setting.c.key == key).values(value=value))
    if not changed.rowcount:
        connection.execute(insert(setting), {"key": key, "value": value})
