"""What an import keeps for the checks: which record each row lists, its healed cells where it is evidence, what was healed or refused."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import zstandard
from sqlalchemy import select

from lvdesk.network.batches import Batch, BatchNotes, BatchRows, BatchSheet
from lvdesk.sample import SampleStation
from lvdesk.tabular.transport import unpacked
from lvdesk.workspace import Workspace
from tests.helpers.stations import barcode, sheet_of, taken, workbook

pytestmark = pytest.mark.usefixtures("near_reader")

LEDGER = ("用户编号", "用户名称", "用电地址", "用户分类", "台区编号", "台区名称", "电能表条形码", "立户日期")
RELATION = ("电能表条形码", "计量箱条形码", "所在行", "所在列")


def rows_of(ws: Workspace, template: str) -> list[dict[str, Any]]:
    """The kept rows of all sheets of a template in the order of their numbers."""
    return frame_of(ws, template, BatchRows.sheet, BatchRows.rows).sort("row", "item").to_dicts()


def notes_of(ws: Workspace, template: str) -> list[tuple[Any, ...]]:
    """The kept notes: row, column, field, before, after, level."""
    return frame_of(ws, template, BatchNotes.sheet, BatchNotes.notes).drop("why").rows()


def frame_of(ws: Workspace, template: str, sheet: Any, content: Any) -> pl.DataFrame:
    with ws.store.read() as connection:
        query = select(content).join(BatchSheet, BatchSheet.id == sheet).where(BatchSheet.template == template)
        return pl.concat([unpacked(zstandard.decompress(kept)) for kept in connection.execute(query).scalars()], how="diagonal")


def customer(number: str | int | None, name: str = "张三", meter: int = 1, opened: str = "2011-09-24") -> Sequence[Any]:
    return (number, name, "某村1号", "03", "4231757328", "某某村2#公变", barcode("01", meter), opened)


def test_each_row_lists_its_customer(ws: Workspace, tmp_path: Path) -> None:
    rows = [customer("4209747019"), customer(" 4209747020"), customer("4209747021", meter=3)]
    taken(ws, workbook(tmp_path / "a.xlsx", {"用户": [LEDGER, *rows]}))
    kept = rows_of(ws, "customer_ledger")
    assert [(row["row"], row["item"], row["key"]) for row in kept] == [
        (2, 2000, "4209747019"), (3, 3000, "4209747020"), (4, 4000, "4209747021"),
    ]  # fmt: skip
    assert set(kept[0]) == {"row", "item", "key", "digest"}


def test_a_row_without_a_number_is_known_by_what_it_says(ws: Workspace, tmp_path: Path) -> None:
    rows = [customer(None, "李四", opened="去年"), customer(None, "李四", opened="前年"), customer("4209747019")]
    taken(ws, workbook(tmp_path / "a.xlsx", {"用户": [LEDGER, *rows]}))
    taken(ws, workbook(tmp_path / "b.xlsx", {"用户": [LEDGER, *reversed(rows)]}))
    said = [row["digest"] for row in rows_of(ws, "customer_ledger")]
    assert len(said) == 6
    assert len(set(said)) == 3


@pytest.mark.parametrize(
    "other, same",
    [
        pytest.param(customer("4209747019"), True, id="the same again"),
        pytest.param(customer(" 4209747019 ", "张三 "), True, id="but for blanks"),
        pytest.param(customer("4209747019", "李四"), False, id="another name"),
        pytest.param(customer("4209747019", opened="去年"), False, id="a date that cannot be read"),
    ],
)
def test_rows_that_say_the_same_have_one_digest(local_ws: Workspace, tmp_path: Path, other: Sequence[Any], same: bool) -> None:
    path = workbook(tmp_path / "a.xlsx", {"用户": [("序号", *LEDGER), (1, *customer("4209747019")), (2, *other)]})
    taken(local_ws, path)
    first, second = rows_of(local_ws, "customer_ledger")
    assert (first["digest"] == second["digest"]) is same


def test_rows_with_different_unreadable_cells_are_not_the_same(local_ws: Workspace, tmp_path: Path) -> None:
    rows = [customer("4209747019", opened=text) for text in ("去年", "前年", "前年")]
    taken(local_ws, workbook(tmp_path / "a.xlsx", {"用户": [LEDGER, *rows]}))
    first, second, third = [row["digest"] for row in rows_of(local_ws, "customer_ledger")]
    assert (first == second, second == third) == (False, True)


def test_equal_rows_far_apart_are_known_as_equal(local_ws: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first slice of a sheet may lack columns that only later rows fill."""
    monkeypatch.setattr("lvdesk.ledger.preparing.SLICE", 4)
    rows = [customer(f"420974700{n}", meter=n)[:-1] for n in range(6)]
    path = workbook(tmp_path / "a.xlsx", {"用户": [LEDGER, *rows, customer("4209747099", meter=99), rows[0]]})
    taken(local_ws, path)
    kept = rows_of(local_ws, "customer_ledger")
    assert kept[0]["digest"] == kept[-1]["digest"]
    assert len({row["digest"] for row in kept}) == 7


def test_a_row_without_usable_number_is_kept_without_record(ws: Workspace, tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", {"用户": [LEDGER, customer("4209747019"), customer(None, meter=2), customer(None, meter=2)]})
    report = sheet_of(taken(ws, path), "customer_ledger")
    kept = rows_of(ws, "customer_ledger")
    assert (report.rows_stored, report.rows_refused) == (1, 2)
    assert [(row["row"], row["key"]) for row in kept] == [(2, "4209747019"), (3, None), (4, None)]
    assert len({row["digest"] for row in kept}) == 2


def test_a_number_that_lost_its_zeros_lists_the_full_one(ws: Workspace, tmp_path: Path) -> None:
    full = [f"00008048{n:02d}" for n in range(8)]
    taken(ws, workbook(tmp_path / "a.xlsx", {"用户": [LEDGER, *(customer(number, meter=n + 1) for n, number in enumerate(full))]}))
    taken(ws, workbook(tmp_path / "b.xlsx", {"用户": [LEDGER, *(customer(int(number), meter=n + 1) for n, number in enumerate(full))]}))
    assert [row["key"] for row in rows_of(ws, "customer_ledger")] == [number for number in full for _ in range(2)]
    assert [note[1:4] for note in notes_of(ws, "customer_ledger")] == [("A", "customer.customer_no", str(int(number))) for number in full]


def test_field_results_are_kept_cell_by_cell(ws: Workspace, tmp_path: Path) -> None:
    box, meters = barcode("05", 1), [barcode("01", number) for number in (1, 2)]
    path = workbook(tmp_path / "a.xlsx", {"箱表关系": [RELATION, (meters[0], box, 1, 1), (f" {meters[1]}", box, "1", 2)]})
    taken(ws, path)
    kept = rows_of(ws, "box_meter_relation")
    assert [row["key"] for row in kept] == [meters[0][7:21], meters[1][7:21]]
    cells = ("meter.bar_code", "meter_box.bar_code", "meter.slot_row", "meter.slot_column")
    assert [tuple(row[name] for name in cells) for row in kept] == [(meters[0], box, "1", "1"), (meters[1], box, "1", "2")]
    assert "meter.box_no" not in kept[0]


def test_each_meter_of_a_handheld_row_is_a_row(ws: Workspace, tmp_path: Path) -> None:
    box, meters = barcode("05", 1), [barcode("01", number) for number in (1, 2, 3)]
    head = ("电表箱条形码编号", "电表箱资产编号", "scanTime", "GPS经度", "GPS纬度", "安装地址", "电能表条形码", "计量箱图片名称")
    line = (box, box[7:21], "2021-05-06 10:00:00", "116.4", "39.9", "某村", "/".join(meters), "a.jpg")
    taken(ws, workbook(tmp_path / "a.xlsx", {"Sheet1": [head, line]}))
    kept = rows_of(ws, "handheld_scan")
    assert [(row["row"], row["item"], row["key"], row["meter.bar_code"]) for row in kept] == [
        (2, 2000 + n, box[7:21], meter) for n, meter in enumerate(meters)
    ]


def test_damaged_rows_are_kept_once_decided(ws: Workspace, tmp_path: Path) -> None:
    """The barcode of row 3 comes back by its asset number; that of row 4 and the number of row 5 cannot be told."""
    head = (*LEDGER, "电能表资产号")
    whole = [(*customer(f"420974701{n}", meter=n + 1), None) for n in range(5)]
    code = barcode("01", 77)
    rows = [
        whole[0],
        (*customer("4209747091")[:6], f"{code[:15]}0000000", "2011-09-24", code[7:21]),
        (*customer("4209747092")[:6], "4.13E+21", "2011-09-24", None),
        (*customer("4.2E+9", meter=9), None),
        *whole[1:],
    ]
    report = sheet_of(taken(ws, workbook(tmp_path / "a.xlsx", {"用户": [head, *rows]})), "customer_ledger")
    kept = rows_of(ws, "customer_ledger")
    assert [row["row"] for row in kept] == list(range(2, 10))
    assert [row["key"] for row in kept if row["row"] in {3, 4, 5}] == ["4209747091", "4209747092", None]
    assert report.rows_stored == sum(row["key"] is not None for row in kept)
    assert [(note[0], note[2], note[-1]) for note in notes_of(ws, "customer_ledger")] == [
        (3, "meter.bar_code", "healed"),
        (4, "meter.bar_code", "refused"),
        (5, "customer.customer_no", "refused"),
        (5, "customer.customer_no", "row"),
    ]


def test_notes_say_what_was_put_right_or_refused(ws: Workspace, tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", {"用户": [LEDGER, customer("４209747019", opened="去年"), customer(None, meter=2)]})
    taken(ws, path)
    assert notes_of(ws, "customer_ledger") == [
        (2, "A", "customer.customer_no", "４209747019", "4209747019", "healed"),
        (2, "H", "customer.opened_on", "去年", None, "refused"),
        (3, "", "customer.customer_no", "", None, "row"),
    ]


def test_every_stored_row_of_a_station_is_kept_once(ws: Workspace, dirty: SampleStation) -> None:
    result = taken(ws, *dirty.files)
    with ws.store.read() as connection:
        query = select(Batch.name, BatchSheet.name, BatchSheet.id).join(Batch, Batch.id == BatchSheet.batch)
        ids = {(file, sheet): number for file, sheet, number in connection.execute(query)}
        kept: dict[int, list[tuple[int, str | None]]] = {}
        for sheet, rows in connection.execute(select(BatchRows.sheet, BatchRows.rows)):
            frame = unpacked(zstandard.decompress(rows))
            assert frame["item"].is_unique().all()
            kept.setdefault(sheet, []).extend(frame.select("row", "key").unique().iter_rows())
    for report in result.files:
        for found in report.sheets:
            lines = kept[ids[report.path.name, found.name]]
            refused = {refusal.row for refusal in found.refused if refusal.whole_row}
            assert len({row for row, _ in lines}) == len(lines) == found.rows_in
            assert {row for row, key in lines if key is None} == refused
