"""The box survey sheet: 35 columns, one row per meter, box columns repeated."""

from collections import Counter
from pathlib import Path

from lvdesk.network.identifiers import asset_no
from lvdesk.sample.dirt import Cells, Dirt
from lvdesk.sample.model import STATION, Customer, Station
from lvdesk.sample.sheets import write_csv

_DIRT = {
    "space": "用电地址",
    "full_width": "用户编号",
    "scientific": "电能表资产号",
    "date": "普查时间",
    "nbsp": "台区编号",
    "apostrophe": "计量箱条形码",
    "wide_space": "用户名称",
}


def write(path: Path, station: Station, *, dirt: bool) -> Counter[str]:
    """Writes the sheet and returns its rows and dirt."""
    spoiler = Dirt(_DIRT, enabled=dirt)
    rows = []
    headers: tuple[str, ...] = ()
    for customer in station.customers:
        cells = _cells(customer)
        headers = tuple(cells)
        spoiler.spoil(cells)
        rows.append([*cells.values()])
    write_csv(path, headers, rows)
    return Counter(survey_rows=len(rows)) + spoiler.counts


def _cells(customer: Customer) -> Cells:
    box = customer.box
    return {
        "计量箱资产号": asset_no(box.bar_code),
        "计量箱条形码": box.bar_code,
        "计量箱出厂编号": None,
        "施封锁": None,
        "计量箱业务编码": None,
        "类别": "单体表箱" if box.rows * box.columns == 1 else "合体表箱",
        "计量箱列数和": str(box.columns),
        "计量箱行数和": str(box.rows),
        "管理单位": STATION,
        "产权": "01",
        "产权单位": None,
        "安装位置": box.location,
        "材料类型": box.material,
        "制造单位": None,
        "型号": None,
        "GPS经度坐标": str(box.longitude),
        "GPS纬度坐标": str(box.latitude),
        "用户编号": customer.customer_no,
        "计量点编号": customer.mp_no,
        "电能表资产号": asset_no(customer.meter_bar),
        "所在行": str(customer.row),
        "所在列": str(customer.column),
        "用户名称": customer.name,
        "用电地址": customer.address,
        "台区编号": box.area.area_no,
        "用户分类": customer.sort,
        "接线方式": customer.wiring,
        "普查时间": box.surveyed_at,
        "备注": None,
        "提交状态": None,
        "普查状态": None,
        "关系": None,
        "操作员": None,
        "操作日期": None,
        "操作时间": None,
    }
