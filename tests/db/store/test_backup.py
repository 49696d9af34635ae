"""Backups: complete, checked and readable; damage is found; restoring keeps what was there."""

import random
from pathlib import Path

import pytest

from lvdesk.kit.errors import Cancelled, KnownError
from lvdesk.kit.progress import Progress
from lvdesk.store.backup import backup, list_backups, verify_backup
from lvdesk.store.journal import entries, verify_chain
from lvdesk.store.restoring import restore
from lvdesk.store.undo import undo
from tests.db.store.sample import SAMPLE, add_towns, clock, house, opened, remark, rows


def test_a_backup_restores_every_row_and_the_history(store_url: str, tmp_path: Path) -> None:
    with opened(store_url) as store:
        add_towns(store, "甲", "乙")
        with store.write("更多") as write:
            write.insert(house, ("town_id", "number"), [(1, "1号")], 1)
            write.insert(remark, ("text", "data"), [("注", {"键": [1.5, None]})], 1)
        saved = [rows(store, table, versions=True) for table in (house, remark)], rows(store), entries(store)
        info = backup(store, tmp_path / "out", "手动 备份")
        assert verify_backup(info.path).rows == info.rows
        undo(store)
        undo(store)
    kept = restore(store_url, info.path, tmp_path / "recovery", clock=clock, schema=SAMPLE)
    with opened(store_url) as store:
        assert ([rows(store, table, versions=True) for table in (house, remark)], rows(store), entries(store)) == saved
        assert verify_chain(store) == []
        assert add_towns(store, "丙") == range(3, 4)
    # What was there before can itself be restored.
    restore(store_url, kept, tmp_path / "recovery2", clock=clock, schema=SAMPLE)
    with opened(store_url) as store:
        assert rows(store) == []
        assert len(entries(store)) == 4


def test_a_backup_of_a_server_opens_as_a_local_database(store_url: str, tmp_path: Path) -> None:
    with opened(store_url) as store:
        add_towns(store, "甲")
        expected = rows(store)
        info = backup(store, tmp_path / "out")
    with opened(f"sqlite:///{info.path}") as copy:
        assert rows(copy) == expected
        assert undo(copy).label == "撤销：导入乡镇"


def test_a_backup_is_one_file_named_by_time_and_reason(store_url: str, tmp_path: Path) -> None:
    with opened(store_url) as store:
        first = backup(store, tmp_path, '导入前：a/b:"c"')
        second = backup(store, tmp_path, '导入前：a/b:"c"')
    assert [first.path.name, second.path.name] == ["20260308-093000-导入前：a-b-c.db", "20260308-093000-导入前：a-b-c-2.db"]
    found = {info.path.name: info for info in list_backups(tmp_path)}
    assert found[first.path.name] == first
    written = {path.name for path in tmp_path.iterdir() if path.name.startswith((".", "20"))}
    assert written == {f"{info.path.name}{end}" for info in (first, second) for end in ("", ".json")}


def test_cancel_leaves_nothing_behind(store_url: str, tmp_path: Path) -> None:
    progress = Progress()
    progress.cancel()
    with opened(store_url) as store, pytest.raises(Cancelled):
        backup(store, tmp_path / "out", progress=progress)
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize("with_note", [True, False])
def test_damage_is_found(tmp_path: Path, *, with_note: bool) -> None:
    chance = random.Random(4)
    with opened(f"sqlite:///{tmp_path}/a.db") as store:
        with store.write("导入") as write:
            write.insert(remark, ("text",), [(f"备注{number}" * 20,) for number in range(500)], 500)
        info = backup(store, tmp_path / "out")
    whole = info.path.read_bytes()
    if not with_note:
        info.path.with_name(f"{info.path.name}.json").unlink()
    missed = 0
    for _ in range(20):
        broken = bytearray(whole)
        at = chance.randrange(len(broken) - 300)
        broken[at : at + 300] = chance.randbytes(300)
        info.path.write_bytes(broken)
        try:
            verify_backup(info.path)
            missed += 1
        except KnownError:
            continue
    # Without the noted hash, damage inside a text is nobody's to see.
    assert missed == 0 if with_note else missed < 20


def test_a_damaged_or_strange_file_is_not_restored(store_url: str, tmp_path: Path) -> None:
    strange = tmp_path / "strange.db"
    strange.write_bytes(b"not a database" * 1000)
    with opened(store_url) as store:
        add_towns(store, "甲")
    for path, code in ((strange, "backup.damaged"), (tmp_path / "none.db", "backup.missing")):
        with pytest.raises(KnownError) as caught:
            restore(store_url, path, tmp_path / "recovery", schema=SAMPLE)
        assert caught.value.code == code
    with opened(store_url) as store:
        assert len(rows(store)) == 1


def test_a_destroyed_database_is_replaced_and_its_remains_kept(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/a.db"
    with opened(url) as store:
        add_towns(store, "甲")
        info = backup(store)
    (tmp_path / "a.db").write_bytes(b"rubbish" * 5000)
    with pytest.raises(KnownError) as caught, opened(url):
        pass
    assert caught.value.code == "store.not_database"
    kept = restore(url, info.path, tmp_path / "recovery", clock=clock, schema=SAMPLE)
    assert kept.read_bytes() == b"rubbish" * 5000
    with opened(url) as store:
        assert [row["name"] for row in rows(store)] == ["甲"]


def test_a_database_in_use_is_not_replaced(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/a.db"
    with opened(url) as store:
        add_towns(store, "甲")
        info = backup(store)
        with store.read(), pytest.raises(KnownError) as caught:
            restore(url, info.path, tmp_path / "recovery", clock=clock, schema=SAMPLE)
        assert caught.value.code == "store.busy"
        assert len(rows(store)) == 1


def test_the_own_folder_keeps_ten(tmp_path: Path) -> None:
    with opened(f"sqlite:///{tmp_path}/a.db") as store:
        made = [backup(store) for _ in range(12)]
        assert list_backups(store.backups) == made[:1:-1]
        assert len(list(store.backups.iterdir())) == 20
