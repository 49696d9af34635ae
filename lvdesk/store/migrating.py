"""Brings a database to this program's schema: all pending steps in one transaction, or none."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, MetaData, inspect

from lvdesk.kit.errors import KnownError
from lvdesk.store import engines
from lvdesk.store.tables import metadata

_SCRIPTS = Path(__file__).parent / "migrations"


@dataclass(frozen=True)
class Schema:
    """What a database should look like.

    Attributes:
        metadata: the tables the program knows.
        versions: folders of migration steps that lead there; each file name begins with its revision.
    """

    metadata: MetaData
    versions: tuple[Path, ...]

    def revisions(self) -> frozenset[str]:
        """Every revision this program knows.

        Raises:
            RuntimeError: when a folder is empty: an installed program that lost its steps must not pass for a new one.
        """
        found = [self._in(folder) for folder in self.versions]
        if not all(found):
            raise RuntimeError(f"no migration steps in {self.versions}")
        return frozenset().union(*found)

    def heads(self) -> frozenset[str]:
        """The revisions of an up-to-date database, from the file names alone: no need to load Alembic on every start."""
        return frozenset(max(self._in(folder)) for folder in self.versions)

    @staticmethod
    def _in(folder: Path) -> list[str]:
        return [path.name.split("_")[0] for path in folder.glob("[0-9]*_*.py")]


PRODUCT = Schema(metadata, (_SCRIPTS / "versions",))


def current(connection: Connection) -> frozenset[str]:
    """The revisions the database stands at; empty for a new one."""
    if not inspect(connection).has_table("alembic_version"):
        return frozenset()
    return frozenset(connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalars())


def _config(connection: Connection, schema: Schema) -> Any:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.set_main_option("version_locations", os.pathsep.join(map(str, schema.versions)).replace("%", "%%"))
    config.attributes.update(connection=connection, metadata=schema.metadata)
    return config


def upgrade(connection: Connection, schema: Schema, target: frozenset[str] | None = None) -> None:
    """Runs the pending steps (up to ``target``) in the connection's transaction; committing is the caller's."""
    from alembic import command

    for revision in sorted(target) if target is not None else ["heads"]:
        command.upgrade(_config(connection, schema), revision)


def differences(connection: Connection, schema: Schema = PRODUCT) -> list[str]:
    """What autogenerate would still change; empty when the migrations arrive at the tables."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return [str(difference) for difference in compare_metadata(context, schema.metadata)]


def refuse_newer(found: frozenset[str], schema: Schema) -> None:
    """Stops an old program from opening a newer database.

    Raises:
        KnownError: ``store.newer``.
    """
    if unknown := found - schema.revisions():
        raise KnownError(
            "store.newer",
            f"数据库由更新版本的程序建立（{', '.join(sorted(unknown))}），当前版本不能打开",
            "请升级本程序后再打开；数据没有被改动",
        )


def prepare(engine: Engine, schema: Schema, before: Callable[[frozenset[str]], None]) -> None:
    """Creates or upgrades the schema; ``before`` (the backup) is called first when there are data to lose.

    Raises:
        KnownError: ``store.newer``, ``store.migration`` when the keys do not hold afterwards.
    """
    with engine.connect() as connection:
        found = current(connection)
    if found == schema.heads():
        return
    refuse_newer(found, schema)
    if found:
        before(found)
    with engine.connect().execution_options(**{engines.BEGIN: engines.MIGRATE}) as connection:
        with connection.begin():
            engines.lock_writers(connection)
            # Another program may have done it while we waited.
            if current(connection) != schema.heads():
                upgrade(connection, schema)
                _check_keys(connection)
        # This connection has the foreign keys off: it must not return to the pool.
        connection.invalidate()


def _check_keys(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        return
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if broken is not None:
        raise KnownError("store.migration", f"升级数据库失败：表 {broken[0]} 中有无效引用，数据没有被改动", "请把工作区的备份发给维护人员")
