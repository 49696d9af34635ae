"""The marketing system's workbook: the survey sheet of 35 columns and the two collection sheets, ours or the receiver's own blank filled.

Values are in the marketing system's codes, every cell is text. A file holds no more rows in a sheet than the receiver takes, and a box is
never torn apart: what is in one file is complete by itself.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import polars as pl

from lvdesk.exchange.exports import TEST
from lvdesk.exchange.model import Format, Options, System, Written
from lvdesk.exchange.picture import Picture
from lvdesk.kit.errors import KnownError, RefusedError
from lvdesk.kit.progress import Progress
from lvdesk.kit.sources import single
from lvdesk.ledger.importing import tables_in
from lvdesk.ledger.linking import NAMELESS_MP
from lvdesk.ledger.prepared import TableFound
from lvdesk.tabular.pouring import Fill, fill, pour
from lvdesk.templates.definition import Column

SYSTEM: Final = "marketing"
_SURVEY, _BOXES, _RELATIONS = "box_survey", "box_collection", "box_meter_relation"
_NAMES: Final = {_SURVEY: "计量箱普查表", _BOXES: "计量箱", _RELATIONS: "箱表关系"}
"""Our sheets in order: template -> name."""
_SETTINGS: Final = "export.toml"
_SLICE: Final = 20_000


@dataclass(frozen=True)
class _Sheet:
    """A sheet to be written: its name, template, the header's last row, the numbers (1-based, rising) of its columns and what they are."""

    name: str
    template: str
    after: int
    places: Sequence[int]
    columns: Sequence[Column]


def write(picture: Picture, folder: Path, options: Options, progress: Progress) -> list[Written]:
    """Makes the workbooks.

    Raises:
        RefusedError: ``export.template`` when the receiver's workbook has no sheet for it; ``fill.not_blank``, ``fill.unreadable``.
        KnownError: the settings are damaged, a text is too long for a cell, a file cannot be written.
        Cancelled: the user stopped it.
    """
    settings = _settings(picture)
    progress.start("正在整理计量箱和电能表", picture.of("meter").height)
    wide = _wide(picture)
    parts = list(_files(wide, settings["rows_per_file"]))
    sheets = _theirs(picture, options.template, progress) if options.template else _ours(picture)
    made = []
    for number, part in enumerate(parts, 1):
        name = settings["file"] + (f" 第{number}册（共{len(parts)}册）" if len(parts) > 1 else "")
        path = folder / f"{name}.xlsx"
        cells = [_cells(picture, sheet, _rows(part, sheet.template), progress) for sheet in sheets]
        if options.template:
            fills = [Fill(sheet.name, sheet.after, sheet.places, frame) for sheet, frame in zip(sheets, cells, strict=True)]
            fill(options.template, path, fills, progress)
        else:
            pour(path, [(sheet.name, _headed(sheet, frame)) for sheet, frame in zip(sheets, cells, strict=True)], progress)
        made.append(Written(path, sum(frame.height for frame in cells)))
    return made


def _headed(sheet: _Sheet, frame: pl.DataFrame) -> pl.DataFrame:
    return frame.rename({column.field: column.header for column in sheet.columns})


def _settings(picture: Picture) -> Mapping[str, Any]:
    found: Mapping[str, Any] = single(_SETTINGS, picture.ws.overrides).get(SYSTEM, {})
    limit, name = found.get("rows_per_file"), found.get("file")
    if not isinstance(limit, int) or limit < 1 or not isinstance(name, str) or not name.strip():
        what = f"{_SETTINGS} 的 [marketing] 需要 file 和正整数 rows_per_file"
        raise KnownError("rules.unreadable", what, "请改正工作区 resources 中的这个文件")
    return found


def _wide(picture: Picture) -> pl.DataFrame:
    """One row per meter in its box, one for a box without any; columns ``entity.field``; box by box in walking order of the ledger."""
    boxes = _named("meter_box", picture.of("meter_box"))
    meters = _named("meter", picture.of("meter"))
    points = _named("metering_point", picture.of("metering_point")).unique("metering_point.mp_no", keep="first", maintain_order=True)
    people = _named("customer", picture.of("customer"))
    areas = _named("transformer_area", picture.of("transformer_area"))
    wide = (
        boxes.join(meters, left_on="meter_box.asset_no", right_on="meter.box_no", how="left")
        .join(points, left_on="meter.mp_no", right_on="metering_point.mp_no", how="left", coalesce=False)
        .join(people, left_on="metering_point.customer_no", right_on="customer.customer_no", how="left", coalesce=False)
        .join(areas, left_on="meter_box.area_no", right_on="transformer_area.area_no", how="left", coalesce=False)
    )
    number = pl.col("metering_point.mp_no")
    wide = wide.with_columns(pl.when(~number.str.starts_with(NAMELESS_MP)).then(number).alias("metering_point.mp_no"))
    order = ["meter_box.area_no", "meter_box.id", "meter.slot_row", "meter.slot_column", "meter.id"]
    return wide.sort(order, nulls_last=True)


def _named(entity: str, frame: pl.DataFrame) -> pl.DataFrame:
    return frame.rename({name: f"{entity}.{name}" for name in frame.columns})


def _files(wide: pl.DataFrame, limit: int) -> Iterator[pl.DataFrame]:
    """The rows in pieces of at most ``limit``, cut between boxes; a box with more rows than that stands alone."""
    lengths = wide.group_by("meter_box.id", maintain_order=True).len()["len"].to_list()
    start = taken = 0
    for length in lengths:
        if taken and taken + length > limit:
            yield wide.slice(start, taken)
            start, taken = start + taken, 0
        taken += length
    yield wide.slice(start, taken)


def _rows(part: pl.DataFrame, template: str) -> pl.DataFrame:
    """The numbered rows of one sheet: of the survey all, else one for each box or meter."""
    rows = part
    if template == _BOXES:
        rows = part.unique("meter_box.id", keep="first", maintain_order=True)
    elif template == _RELATIONS:
        rows = part.drop_nulls("meter.id")
    return rows.with_columns(pl.col("meter_box.marketing_id").alias("note.business_id")).with_row_index("note.sequence", offset=1)


def _ours(picture: Picture) -> list[_Sheet]:
    forms = {key: picture.ws.templates[key].form for key in _NAMES}
    return [_Sheet(name, key, 1, range(1, len(forms[key]) + 1), forms[key]) for key, name in _NAMES.items()]


def _theirs(picture: Picture, blank: Path, progress: Progress) -> list[_Sheet]:
    """The sheets of the receiver's blank workbook that follow a template of ours, in their order."""
    found = [table for table in tables_in(picture.ws, blank, progress) if table.template in _NAMES]
    sheets = [_their_sheet(picture, table) for table in found]
    if not sheets:
        what = "、".join(_NAMES.values())
        raise RefusedError("export.template", f"{blank.name} 中没有认得出的表", f"请选择接收系统的空白模板，表头应与{what}之一相符")
    if len({sheet.name for sheet in sheets}) < len(sheets):
        raise RefusedError("export.template", f"{blank.name} 的一张工作表里有几个表", "请把它们拆成各自的工作表，或换用标准模板")
    return sheets


def _their_sheet(picture: Picture, table: TableFound) -> _Sheet:
    known = {column.field: column for column in picture.ws.templates[table.template].columns}
    used = sorted((match.index, match.field) for match in table.columns if match.field in known)
    return _Sheet(table.name, table.template, table.header_rows[-1], [index for index, _ in used], [known[field] for _, field in used])


def _cells(picture: Picture, sheet: _Sheet, rows: pl.DataFrame, progress: Progress) -> pl.DataFrame:
    """The texts of a sheet, its columns in order; in a test the first one says so in every row."""
    progress.start(f"正在整理{sheet.name}", rows.height)
    texts = [_text(picture, column, rows).alias(column.field) for column in sheet.columns]
    found = []
    for piece in rows.iter_slices(_SLICE) if rows.height else [rows]:
        found.append(piece.select(texts))
        progress.step(piece.height)
    frame = pl.concat(found, rechunk=True)
    return frame.with_columns(pl.lit(TEST).alias(frame.columns[0])) if picture.test else frame


def _text(picture: Picture, column: Column, rows: pl.DataFrame) -> pl.Expr:
    """A column as the marketing system takes it: codes in its list, whole numbers without a point, nothing for what we do not have."""
    if column.field not in rows.columns:
        return pl.lit(None, pl.String)
    value = pl.col(column.field)
    field = column.attribute(picture.ws.dictionary)
    if rows.schema[column.field].is_float():
        return value.cast(pl.String).str.strip_suffix(".0")
    if field.codes:
        known = picture.ws.codes[field.codes]
        return value.cast(pl.String).replace({item.code: known.system_code(item.code, SYSTEM) for item in known.items})
    return value.cast(pl.String)


FORMAT = Format(
    key="xlsx",
    system=System.MARKETING,
    title="营销导入工作簿",
    hint="计量箱普查表（35 列）、计量箱、箱表关系三张表；可选用营销系统下发的空白模板，格式、工作表和列的顺序不变",
    order=10,
    entities=("transformer_area", "meter_box", "meter", "metering_point", "customer"),
    write=write,
    choices=frozenset({"template"}),
)
