"""The GIS collection workbook: 接入点, 物理杆塔, 运行杆塔, 低压电缆分支箱, 低压电缆, 计量箱, 箱表关系, each with its header at least.

Columns and headers are those of the collection templates (``resources/templates``), values the GIS's codes, coordinates degrees with seven
decimals, every cell text. How the rows of each sheet come about: ``lvdesk.exchange.formats._gis_sheets``. We hold no records of
low-voltage cables, so that sheet is always empty; it stands there because the receiver's loader expects it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from lvdesk.exchange.exports import TEST
from lvdesk.exchange.formats import _gis_sheets as sheets
from lvdesk.exchange.formats._gis_poles import running
from lvdesk.exchange.model import Format, Options, System, Written
from lvdesk.exchange.picture import Picture
from lvdesk.kit.errors import KnownError
from lvdesk.kit.progress import Progress
from lvdesk.kit.sources import single
from lvdesk.tabular.pouring import Table, pour
from lvdesk.tabular.writing import MAX_DATA_ROWS

FILE: Final = "GIS采录表.xlsx"
CABLES: Final = "低压电缆"
CABLE_HEADERS: Final = (
    "序号", "电缆名称", "台区编号", "起始设备类型", "起始设备名称", "终止设备类型", "终止设备名称", "电缆型号", "电缆长度(m)",
)  # fmt: skip
"""Own choice after PMS's low-voltage cable sections (T_SB_DYSB_DYDLD, T_SB_DYSB_DYDX): no public copy of the GIS's sheet was found."""
_SETTINGS: Final = "export.toml"
_SLICE: Final = 20_000


@dataclass(frozen=True)
class _Part:
    """A sheet: its name, the template of its columns, fields left out, how its rows (named by field) are made."""

    name: str
    template: str
    rows: Callable[[Picture], pl.DataFrame]
    without: frozenset[str] = frozenset()


_PARTS: Final = (
    _Part("接入点", "access_point", sheets.access_points),
    # a physical pole has no place in a line, so no running number
    _Part("物理杆塔", "pole", sheets.poles, frozenset({"pole.sequence"})),
    _Part("运行杆塔", "pole", lambda picture: running(picture.of("pole"), picture.of("feeder"))),
    _Part("低压电缆分支箱", "branch_box", sheets.branch_boxes),
    _Part("计量箱", "box_collection", sheets.boxes),
    _Part("箱表关系", "box_meter_relation", sheets.relations),
)
_CABLES_BEFORE: Final = "计量箱"


def write(picture: Picture, folder: Path, _options: Options, progress: Progress) -> list[Written]:
    """Makes the workbook; a sheet longer than ``[gis] rows_per_sheet`` goes on in another of the same header.

    Raises:
        KnownError: the settings are damaged, a text is too long for a cell, the file cannot be written.
        Cancelled: the user stopped it.
    """
    made: list[Table] = []
    count = 0
    for part in _PARTS:
        if part.name == _CABLES_BEFORE:
            made += _split(picture, CABLES, pl.DataFrame(schema=dict.fromkeys(CABLE_HEADERS, pl.String)))
        frame = _texts(picture, part, progress)
        count += frame.height
        made += _split(picture, part.name, frame)
    pour(folder / FILE, made, progress)
    return [Written(folder / FILE, count)]


def _texts(picture: Picture, part: _Part, progress: Progress) -> pl.DataFrame:
    """The cells of a sheet by header, in the template's order."""
    template = picture.ws.templates[part.template]
    columns = [column for column in template.form if column.field not in part.without]
    rows = part.rows(picture)
    progress.start(f"正在整理{part.name}", rows.height)
    cells = [sheets.text(picture.ws, column).alias(column.header) for column in columns]
    lacking = [pl.lit(None, pl.String).alias(column.field) for column in columns if column.field not in rows.columns]
    done = [rows.clear().with_columns(lacking).select(cells)]
    for start in range(0, rows.height, _SLICE):
        piece = rows.slice(start, _SLICE)
        done.append(piece.with_columns(lacking).select(cells))
        progress.step(piece.height)
    return pl.concat(done, rechunk=True)


def _split(picture: Picture, name: str, frame: pl.DataFrame) -> list[Table]:
    """The table in pieces the receiver takes; of a test every row says so, and so does the header of an empty sheet."""
    if picture.test:
        frame = frame.select(pl.lit(TEST).alias(TEST), pl.all())
    limit = _rows_per_sheet(picture)
    return [(name, frame.slice(start, limit)) for start in range(0, max(frame.height, 1), limit)]


def _rows_per_sheet(picture: Picture) -> int:
    """The receiver's limit; a sheet holds no more than Excel's."""
    settings = single(_SETTINGS, picture.ws.overrides)
    limit = settings.get("gis", {}).get("rows_per_sheet", MAX_DATA_ROWS)
    if not isinstance(limit, int) or limit < 1:
        raise KnownError("rules.unreadable", f"{_SETTINGS} 的 [gis] rows_per_sheet 应是正整数", "请改正工作区 resources 中的这个文件")
    return min(limit, MAX_DATA_ROWS)


FORMAT = Format(
    key="xlsx",
    system=System.GIS,
    title="GIS 采录表",
    hint="一个 Excel 工作簿：接入点、物理杆塔、运行杆塔、低压电缆分支箱、低压电缆、计量箱、箱表关系，供 GIS 客户端导入",
    order=10,
    entities=("feeder", "transformer_area", "access_point", "pole", "branch_box", "meter_box", "meter"),
    write=write,
)
