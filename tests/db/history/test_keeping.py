"""Backups of a station: made, verified, restored; damage is found; history goes on afterwards."""

from pathlib import Path

import pytest

from lvdesk.history import backup, backups, entries, redo_label, restore, undo, undo_label, verify
from lvdesk.kit.errors import KnownError, RefusedError
from lvdesk.network.counting import counts
from lvdesk.workspace import Workspace
from tests.helpers.stations import barcode, state, taken, workbook

pytestmark = pytest.mark.usefixtures("near_reader")
HEADERS = ["用户编号", "用户名称", "计量点编号", "台区编号", "电能表条形码"]


def ledger(folder: Path, number: int) -> Path:
    rows = [HEADERS, [f"42097470{number}", "张三", f"09747019{number}", "4231757328", barcode("01", number)]]
    return workbook(folder / f"{number}.xlsx", {"用户": rows})


def test_a_backup_brings_back_the_station_of_its_day(ws: Workspace, tmp_path: Path) -> None:
    taken(ws, ledger(tmp_path, 11))
    before = state(ws)
    made = backup(ws)
    taken(ws, ledger(tmp_path, 12))
    assert counts(ws)["customer"] == 2
    restore(ws, made.path)
    assert state(ws) == before
    assert [entry.label for entry in entries(ws)] == ["导入 11.xlsx"]
    assert len(backups(ws)) >= 2  # the state before the restore is kept too
    assert verify(ws).problems == ()
    taken(ws, ledger(tmp_path, 13))
    undo(ws)
    assert state(ws) == before


def test_a_damaged_backup_is_refused_and_found(local_ws: Workspace, tmp_path: Path) -> None:
    taken(local_ws, ledger(tmp_path, 11))
    made = backup(local_ws)
    content = bytearray(made.path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    made.path.write_bytes(content)
    with pytest.raises(KnownError):
        restore(local_ws, made.path)
    assert counts(local_ws)["customer"] == 1
    found = verify(local_ws)
    assert not found.sound
    assert len(found.problems) == 1


def test_a_damaged_station_is_restored_from_its_backup(local_ws: Workspace, tmp_path: Path) -> None:
    taken(local_ws, ledger(tmp_path, 11))
    before, made, path = state(local_ws), backup(local_ws), local_ws.store.path
    assert path is not None
    local_ws.close()  # merges the log into the file
    content = bytearray(path.read_bytes())
    for place in range(8192, len(content) - 4096, 40_960):
        content[place : place + 2000] = b"\xff" * 2000
    path.write_bytes(content)
    assert not verify(local_ws).sound
    restore(local_ws, made.path)
    assert state(local_ws) == before
    assert [kept.read_bytes() == content for kept in (local_ws.folder / "recovery").rglob("station.db")] == [True]


def test_labels_follow_undo(local_ws: Workspace, tmp_path: Path) -> None:
    assert (undo_label(local_ws), redo_label(local_ws)) == ("", "")
    with pytest.raises(RefusedError):
        undo(local_ws)
    taken(local_ws, ledger(tmp_path, 11))
    assert (undo_label(local_ws), redo_label(local_ws)) == ("导入 11.xlsx", "")
    undo(local_ws)
    assert (undo_label(local_ws), redo_label(local_ws)) == ("", "导入 11.xlsx")
    assert [(entry.label, entry.undone, entry.is_undo) for entry in entries(local_ws)] == [
        ("撤销：导入 11.xlsx", False, True),
        ("导入 11.xlsx", True, False),
    ]


def test_history_is_searched_and_paged(local_ws: Workspace, tmp_path: Path) -> None:
    for number in (11, 12, 13):
        taken(local_ws, ledger(tmp_path, number))
    newest = entries(local_ws, limit=2)
    assert [entry.label for entry in newest] == ["导入 13.xlsx", "导入 12.xlsx"]
    assert [entry.label for entry in entries(local_ws, newest[-1].id)] == ["导入 11.xlsx"]
    assert [entry.label for entry in entries(local_ws, text="12.xlsx")] == ["导入 12.xlsx"]
