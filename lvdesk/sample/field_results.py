"""What a field team brings back: one row per customer visited, with the differences found at the site."""

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from random import Random

from lvdesk.network.identifiers import METER
from lvdesk.sample.dirt import Cells, Dirt, full_width
from lvdesk.sample.inventing import Numbers
from lvdesk.sample.model import Box, Customer, Station
from lvdesk.sample.sheets import Book
from lvdesk.sample.words import person

_SHARE = 8  # one area in eight was visited
_EVERY = 11
_DIRT = {
    "full_width": "用户编号",
    "date": "采录日期",
    "space": "电能表条码",
    "scientific": "计量箱条码",
    "nbsp": "台区编号",
    "wide_space": "用户名称",
}


def write(path: Path, station: Station, seed: int, *, dirt: bool) -> Counter[str]:
    """Writes the workbook and returns its rows, differences (``field.cancelled`` …) and dirt."""
    visited = _visited(station)
    found = _Found(Random(f"field{seed}"), station)  # noqa: S311 - invented names need no secrecy
    spoiler, counts, rows = Dirt(_DIRT, enabled=dirt), Counter[str](), []
    headers: tuple[str, ...] = ()
    for place, customer in enumerate(visited, 1):
        cells = _cells(place, customer)
        headers = tuple(cells)
        if dirt and place % _EVERY == 0:
            counts[f"field.{found.change(cells, customer, place // _EVERY)}"] += 1
        spoiler.spoil(cells)
        rows.append([*cells.values()])
    with Book(path) as book:
        book.sheet("采录结果", headers, rows)
    return Counter(field_rows=len(rows)) + counts + spoiler.counts


def _visited(station: Station) -> list[Customer]:
    public = [area.area_no for area in station.areas if area.is_public]
    chosen = set(public[::_SHARE])
    return [customer for customer in station.customers if customer.box.area.area_no in chosen]


class _Found:
    """Turns a row that agrees with the ledger into one that differs, in a different way each time."""

    def __init__(self, random: Random, station: Station) -> None:
        self._random, self._numbers = random, Numbers(random)
        self._boxes: dict[str, list[Box]] = {}
        for box in station.boxes:
            self._boxes.setdefault(box.area.area_no, []).append(box)
        self._changes: tuple[Callable[[Cells, Customer], str], ...] = (
            self._cancelled,
            self._new,
            self._meter_replaced,
            self._other_box,
            self._zero,
            self._swapped,
            self._all_full_width,
        )

    def change(self, cells: Cells, customer: Customer, turn: int) -> str:
        """Changes the row and returns the class of the difference."""
        return self._changes[turn % len(self._changes)](cells, customer)

    def _cancelled(self, cells: Cells, _customer: Customer) -> str:
        cells.update({"电能表条码": None, "核对结论": "疑似销户", "备注": "现场无表"})
        return "cancelled"

    def _new(self, cells: Cells, _customer: Customer) -> str:
        cells.update({"用户编号": self._numbers.digits("429", 10), "用户名称": person(self._random)})
        cells.update({"电能表条码": self._numbers.barcode(METER, "189"), "核对结论": "新增(业扩)"})
        return "new"

    def _meter_replaced(self, cells: Cells, _customer: Customer) -> str:
        cells.update({"电能表条码": self._numbers.barcode(METER, "189"), "核对结论": "信息不符", "备注": "已换表"})
        return "meter_replaced"

    def _other_box(self, cells: Cells, customer: Customer) -> str:
        others = [box for box in self._boxes[customer.box.area.area_no] if box is not customer.box] or [customer.box]
        cells.update({"计量箱条码": self._random.choice(others).bar_code, "核对结论": "信息不符"})
        return "other_box"

    def _zero(self, cells: Cells, _customer: Customer) -> str:
        cells.update({"经度": 0, "纬度": 0})
        return "coordinate_zero"

    def _swapped(self, cells: Cells, customer: Customer) -> str:
        cells.update({"经度": customer.box.latitude, "纬度": customer.box.longitude})
        return "coordinate_swapped"

    def _all_full_width(self, cells: Cells, customer: Customer) -> str:
        cells.update({"台区编号": full_width(customer.box.area.area_no), "计量箱条码": full_width(customer.box.bar_code)})
        return "full_width"


def _cells(place: int, customer: Customer) -> Cells:
    box = customer.box
    return {
        "序号": place,
        "采录日期": (date(2026, 3, 3) + timedelta(days=place // 60)).isoformat(),
        "采录人": f"外勤{place % 4 + 1}号",
        "用户编号": customer.customer_no,
        "用户名称": customer.name,
        "用电地址": customer.address,
        "台区编号": box.area.area_no,
        "台区名称": box.area.name,
        "计量箱条码": box.bar_code,
        "电能表条码": customer.meter_bar,
        "所在行": customer.row,
        "所在列": customer.column,
        "经度": box.longitude,
        "纬度": box.latitude,
        "坐标系": "CGCS2000",
        "核对结论": "正常",
        "备注": None,
        "挂接设备类型": ("低压杆塔", "墙支架", "分支箱")[place % 3],
        "挂接设备名称": f"{box.area.name}{place % 30 + 1:02d}号杆",
    }
