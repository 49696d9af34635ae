"""The schema: what the migrations build is what the tables say; an upgrade is all or nothing, after a backup."""

import importlib
import shutil
from pathlib import Path

import pytest
from sqlalchemy import inspect

from lvdesk.kit.errors import KnownError
from lvdesk.store.backup import list_backups, verify_backup
from lvdesk.store.migrating import PRODUCT, Schema, differences
from lvdesk.store.store import Store
from tests.db.store.sample import SAMPLE, add_towns, metadata, opened, rows

PACKAGE = Path(importlib.import_module("lvdesk").__path__[0])


def _later(folder: Path, *statements: str) -> Schema:
    """The sample schema with one more step."""
    lines = "".join(f"    op.execute({statement!r})\n" for statement in statements)
    head = "from alembic import op\n\nrevision = '9501'\ndown_revision = '9001'\nbranch_labels = None\ndepends_on = None\n"
    shutil.copytree(SAMPLE.versions[-1], folder)
    (folder / "9501_later.py").write_text(f"{head}\n\ndef upgrade() -> None:\n{lines}", encoding="utf-8")
    return Schema(metadata, (*PRODUCT.versions, folder))


def test_migrations_arrive_at_the_products_tables(store_url: str) -> None:
    for path in sorted(PACKAGE.glob("*/*.py")):
        if "__tablename__" in path.read_text(encoding="utf-8"):
            importlib.import_module(f"lvdesk.{path.parent.name}.{path.stem}")
    store = Store.open(store_url)
    with store.read() as connection:
        found = differences(connection)
    store.close()
    assert found == []


def test_migrations_arrive_at_the_sample_tables(store_url: str) -> None:
    with opened(store_url) as store, store.read() as connection:
        built = [line for line in differences(connection, SAMPLE) if "remove_" not in line]
    assert built == []


def test_every_step_is_named_after_its_revision() -> None:
    for folder in PRODUCT.versions:
        for path in folder.glob("[0-9]*_*.py"):
            assert f'revision = "{path.name.split("_")[0]}"' in path.read_text(encoding="utf-8")


def test_an_upgrade_keeps_the_data_and_makes_a_verified_backup_first(store_url: str, tmp_path: Path) -> None:
    with opened(store_url, backups=tmp_path / "b") as store:
        add_towns(store, "甲")
    assert list_backups(tmp_path / "b") == []
    later = _later(tmp_path / "later", "ALTER TABLE town ADD COLUMN mayor TEXT", "UPDATE town SET mayor = '王'")
    store = Store.open(store_url, schema=later, backups=tmp_path / "b")
    with store.read() as connection:
        assert connection.exec_driver_sql("SELECT name, mayor FROM town").all() == [("甲", "王")]
    store.close()
    (kept,) = list_backups(tmp_path / "b")
    assert kept.reason == "升级前"
    assert verify_backup(kept.path).rows == kept.rows


def test_a_failing_upgrade_leaves_everything_as_it_was(store_url: str, tmp_path: Path) -> None:
    with opened(store_url, backups=tmp_path / "b") as store:
        add_towns(store, "甲")
    later = _later(tmp_path / "later", "ALTER TABLE town ADD COLUMN mayor TEXT", "DELETE FROM town", "SELECT nonsense FROM nowhere")
    with pytest.raises(Exception, match="nowhere"):
        Store.open(store_url, schema=later, backups=tmp_path / "b")
    with opened(store_url) as store:
        assert [row["name"] for row in rows(store)] == ["甲"]
        with store.read() as connection:
            assert "mayor" not in {column["name"] for column in inspect(connection).get_columns("town")}


def test_a_newer_database_is_not_touched(store_url: str, tmp_path: Path) -> None:
    later = _later(tmp_path / "later", "ALTER TABLE town ADD COLUMN mayor TEXT")
    Store.open(store_url, schema=later, backups=tmp_path / "b").close()
    with pytest.raises(KnownError) as caught, opened(store_url):
        pass
    assert caught.value.code == "store.newer"


def test_lost_migration_steps_are_noticed(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises((RuntimeError, ValueError)):
        Store.open(f"sqlite:///{tmp_path}/a.db", schema=Schema(metadata, (tmp_path / "empty",)))
