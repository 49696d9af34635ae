"""Rows of one import that say different things: one counts, the other is kept as a difference with its place."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from lvdesk.history import undo
from lvdesk.network.batches import BatchSheet, Difference
from lvdesk.workspace import Workspace
from tests.helpers.stations import barcode, record, sheet_of, taken, workbook

pytestmark = pytest.mark.usefixtures("near_reader")

LEDGER = ("用户编号", "用户名称", "用电地址", "用户分类", "合同容量", "台区编号", "台区名称", "电能表条形码", "计量箱条形码")
ONE, TWO = "4209747019", "4209747020"


def customer(number: str | int, name: str = "张三", capacity: str = "6", meter: int = 1, area: str = "4231757328") -> Sequence[Any]:
    return (number, name, "某村1号", "03", capacity, area, "某某村2#公变", barcode("01", meter), barcode("05", 1))


def ledger(folder: Path, name: str, *rows: Sequence[Any]) -> Path:
    return workbook(folder / name, {"用户": [LEDGER, *rows]})


def kept(ws: Workspace) -> list[tuple[Any, ...]]:
    """(entity, key, field, accepted, other, system, batch, row) of every difference; the record is the stored one."""
    columns = (Difference.entity, Difference.key, Difference.field, Difference.current, Difference.other, Difference.system)
    query = select(*columns, BatchSheet.batch, Difference.sheet_row, Difference.record).join(
        BatchSheet, BatchSheet.id == Difference.sheet_id
    )
    with ws.store.read() as connection:
        rows: list[tuple[Any, ...]] = [tuple(row) for row in connection.execute(query.order_by(Difference.id))]
    assert all(row[-1] > 0 for row in rows)
    return [row[:-1] for row in rows]


def test_in_one_slice_the_first_row_counts(ws: Workspace, tmp_path: Path) -> None:
    result = taken(ws, ledger(tmp_path, "a.xlsx", customer(ONE), customer(TWO, "李四", meter=2), customer(ONE, "王五", "8")))
    assert (record(ws, "customer", ONE)["name"], record(ws, "customer", ONE)["contract_capacity"]) == ("张三", 6.0)
    assert kept(ws) == [
        ("customer", ONE, "name", "张三", "王五", "marketing", 1, 4),
        ("customer", ONE, "contract_capacity", "6.0", "8.0", "marketing", 1, 4),
    ]
    warnings = [finding.message for finding in sheet_of(result, "customer_ledger").findings]
    assert warnings[:1] == [f"用户 {ONE} 的用户名称前后不一：“张三”与“王五”，采用先出现的"]


def test_between_slices_the_later_row_counts(ws: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lvdesk.ledger.preparing.SLICE", 2)
    taken(ws, ledger(tmp_path, "a.xlsx", customer(ONE), customer(TWO, "李四", meter=2), customer(ONE, "王五")))
    assert record(ws, "customer", ONE)["name"] == "王五"
    assert kept(ws) == [("customer", ONE, "name", "王五", "张三", "marketing", 1, 2)]


def test_between_files_of_one_import_the_later_counts(ws: Workspace, tmp_path: Path) -> None:
    first = ledger(tmp_path, "a.xlsx", customer(ONE), customer(TWO, "李四", meter=2))
    second = ledger(tmp_path, "b.xlsx", customer("4209747031", "赵六", meter=3, area="9"), customer(ONE, area="9"))
    taken(ws, first, second)
    point = ("metering_point", f"@{ONE}", "area_no", "9", "4231757328", "marketing", 1, 2)
    assert [line for line in kept(ws) if line[0] == "metering_point"] == [point]


def test_numbers_written_differently_are_no_contradiction(local_ws: Workspace, tmp_path: Path) -> None:
    taken(local_ws, ledger(tmp_path, "a.xlsx", customer(ONE), customer(ONE, capacity="6.0")))
    assert kept(local_ws) == []


def test_a_number_without_its_zeros_contradicts_the_right_record(ws: Workspace, tmp_path: Path) -> None:
    full = [f"00008048{n}" for n in range(10, 16)]
    taken(ws, ledger(tmp_path, "a.xlsx", *(customer(number, meter=n) for n, number in enumerate(full, 1))))
    again = [customer(int(number), meter=n) for n, number in enumerate(full, 1)]
    taken(ws, ledger(tmp_path, "b.xlsx", *again, customer(int(full[2]), "王五", meter=3)))
    assert kept(ws) == [("customer", full[2], "name", "张三", "王五", "marketing", 2, 8)]


def test_the_same_contradiction_again_moves_to_the_newer_file(ws: Workspace, tmp_path: Path) -> None:
    rows = [customer(ONE), customer(TWO, "李四", meter=2), customer(ONE, "王五")]
    taken(ws, ledger(tmp_path, "a.xlsx", *rows))
    second = taken(ws, ledger(tmp_path, "b.xlsx", *rows, customer("4209747031", "赵六", meter=3)))
    assert kept(ws) == [("customer", ONE, "name", "张三", "王五", "marketing", 2, 4)]
    undo(ws, second.entry_id)
    assert kept(ws) == [("customer", ONE, "name", "张三", "王五", "marketing", 1, 4)]


def test_what_is_accepted_in_the_end_is_no_difference(ws: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A, then B, then A again: A counts, and only B stands beside it."""
    monkeypatch.setattr("lvdesk.ledger.preparing.SLICE", 2)
    rows = [customer(ONE), customer(TWO, "李四", meter=2), customer(ONE, "王五"), customer(TWO, "李四", meter=2), customer(ONE)]
    taken(ws, ledger(tmp_path, "a.xlsx", *rows))
    assert record(ws, "customer", ONE)["name"] == "张三"
    assert kept(ws) == [("customer", ONE, "name", "张三", "王五", "marketing", 1, 4)]


def test_a_file_that_contradicts_in_every_row_is_taken(local_ws: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lvdesk.ledger.differing._PIECE", 7)
    monkeypatch.setattr("lvdesk.ledger.preparing.SLICE", 9)
    rows = [customer(ONE, f"张{n}") for n in range(40)]
    taken(local_ws, ledger(tmp_path, "a.xlsx", *rows))
    lines = kept(local_ws)
    accepted = record(local_ws, "customer", ONE)["name"]
    assert sorted([*(line[4] for line in lines), accepted]) == sorted(f"张{n}" for n in range(40))
    assert {line[3] for line in lines} == {accepted}
    assert [(line[4], line[-1]) for line in lines] == [(f"张{row - 2}", row) for row in range(2, 42) if f"张{row - 2}" != accepted]
