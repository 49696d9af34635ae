"""The step to the checks' tables: a database of the release before keeps its records and its imports."""

import shutil
from pathlib import Path

from sqlalchemy import inspect

from lvdesk.store.backup import list_backups
from lvdesk.store.migrating import PRODUCT, Schema
from lvdesk.store.store import Store

NEW = {"batch_rows", "batch_notes", "finding", "finding_exception", "rule_setting", "check_run", "desk_check_mark"}
CUSTOMER = "INSERT INTO customer (id, version, listed, customer_no, name) VALUES (1, 3, 1, '4209747019', '张三')"
BATCH = (
    "INSERT INTO batch (id, entry, sha256, choice, name, size, kind, imported_at, person, report) "
    "VALUES (1, 1, 'abc', '', '用户.xlsx', 10, 'xlsx', '2026-01-01', '张三', {report})"
)


def before(folder: Path) -> Schema:
    """The schema as the release before had it."""
    (versions,) = PRODUCT.versions
    folder.mkdir()
    for path in versions.glob("000[12]_*.py"):
        shutil.copy(path, folder)
    return Schema(PRODUCT.metadata, (folder,))


def test_the_step_keeps_what_is_there(store_url: str, tmp_path: Path) -> None:
    old = Store.open(store_url, schema=before(tmp_path / "before"), backups=tmp_path / "backups")
    with old.write("导入 用户.xlsx") as write:
        assert not NEW & set(inspect(write.connection).get_table_names())
        write.connection.exec_driver_sql(CUSTOMER)
        write.connection.exec_driver_sql(BATCH.format(report="x'00'" if old.is_sqlite else "'\\x00'"))
    old.close()
    store = Store.open(store_url, backups=tmp_path / "backups")
    with store.read() as connection:
        rows = connection.exec_driver_sql("SELECT version, customer_no, name, recent_kwh FROM customer").all()
        assert [tuple(row) for row in rows] == [(3, "4209747019", "张三", None)]
        assert [tuple(row) for row in connection.exec_driver_sql("SELECT name, replaces FROM batch").all()] == [("用户.xlsx", None)]
        assert set(inspect(connection).get_table_names()) >= NEW
    store.close()
    assert [kept.reason for kept in list_backups(tmp_path / "backups")] == ["升级前"]
