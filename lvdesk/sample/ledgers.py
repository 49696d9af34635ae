"""One workbook per feeder, as exported from the marketing system: transformers and low-voltage customers."""

from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from lvdesk.sample.dirt import Cell, Cells, Dirt
from lvdesk.sample.model import STATION, Area, Customer, Feeder, Station
from lvdesk.sample.sheets import Book

_PAGE = 120
_GROUPS = ("单位",) * 2 + ("线路信息",) * 2 + ("台区信息",) * 5 + ("变压器信息",) * 3 + ("坐标",) * 2 + ("台区经理",)
_DIRT = {
    "full_width": "用户编号",
    "space": "用户名称",
    "number": "用户编号",
    "date": "立户日期",
    "scientific": "电能表条形码",
    "nbsp": "台区编号",
    "cut": "计量箱条形码",
    "apostrophe": "计量点编号",
    "lost_zeros": "台区编号",
    "wide_space": "用电地址",
    "zero_width": "计量箱条形码",
    "unit": "合同容量",
    "decimal": "计量点编号",
}


def write(path: Path, station: Station, feeder: Feeder, *, dirt: bool) -> Counter[str]:
    """Writes the feeder's workbook and returns its rows and dirt."""
    areas = [area for area in station.areas if area.feeder is feeder]
    customers = [customer for customer in station.customers if customer.box.area.feeder is feeder]
    spoiler = Dirt(_DIRT, enabled=dirt)
    counts: Counter[str] = Counter(transformer_rows=len(areas), ledger_rows=len(customers))
    headers = tuple(_customer_cells(customers[0])) if customers else ()
    rows = [*_with_interruptions(customers, headers, spoiler, counts, dirt=dirt)]
    title = f"{feeder.name}台账导出\u3000导出日期：2026-03-02\u3000导出单位：{STATION}"
    groups = _GROUPS if dirt and feeder is station.feeders[-1] else ()
    with Book(path) as book:
        book.sheet("变压器台账", tuple(_area_cells(areas[0])), [[*_area_cells(area).values()] for area in areas], title, groups)
        book.sheet("低压用户台账", headers, rows, title)
    return counts + spoiler.counts


def _with_interruptions(
    customers: list[Customer], headers: tuple[str, ...], spoiler: Dirt, counts: Counter[str], *, dirt: bool
) -> Iterator[list[Cell]]:
    """The customers' rows; when dirty, with a subtotal and a blank row behind each area and the header on every page."""
    written = 0
    for _area, members in groupby(customers, key=lambda customer: customer.box.area.area_no):
        here = 0
        for customer in members:
            if dirt and written and written % _PAGE == 0:
                counts["dirt.repeated_headers"] += 1
                yield list(headers)
            cells = _customer_cells(customer)
            spoiler.spoil(cells)
            yield [*cells.values()]
            written, here = written + 1, here + 1
        if dirt:
            counts["dirt.subtotals"] += 1
            counts["dirt.blank_rows"] += 1
            yield ["小计", f"{here}户", *[None] * (len(headers) - 2)]
            yield [None] * len(headers)
    if dirt:
        counts["dirt.subtotals"] += 1
        yield ["合计", f"{written}户", *[None] * (len(headers) - 2)]


def _area_cells(area: Area) -> Cells:
    return {
        "供电单位": STATION,
        "变电站名称": area.feeder.substation.name,
        "线路编号": area.feeder.feeder_no,
        "线路名称": area.feeder.name,
        "台区编号": area.area_no,
        "台区名称": area.name,
        "公专变标志": "01" if area.is_public else "02",
        "台区容量(kVA)": area.capacity_kva,
        "运行状态": "01",
        "变压器资产编号": area.transformer_no,
        "变压器容量(kVA)": area.capacity_kva,
        "型号": area.transformer_model,
        "经度": area.longitude,
        "纬度": area.latitude,
        "台区经理": area.manager,
    }


def _customer_cells(customer: Customer) -> Cells:
    area = customer.box.area
    return {
        "用户编号": customer.customer_no,
        "用户名称": customer.name,
        "用电地址": customer.address,
        "用户分类": customer.sort,
        "用电类别": customer.elec_type,
        "供电电压": customer.voltage,
        "合同容量": customer.capacity,
        "用户状态": "正常用电客户",
        "立户日期": customer.opened_on.isoformat(),
        "城乡类别": "02",
        "计量点编号": customer.mp_no,
        "台区编号": area.area_no,
        "台区名称": area.name,
        "电能表条形码": customer.meter_bar,
        "接线方式": customer.wiring,
        "计量箱条形码": customer.box.bar_code,
        "联系电话": customer.phone,
    }
