"""What was written on a sheet, as rows of our field templates: one for each thing the paper says something about."""

from collections.abc import Callable, Mapping
from typing import Final

from lvdesk.fieldwork.forms.model import Content
from lvdesk.fieldwork.keying_values import DEGREES, degrees
from lvdesk.fieldwork.sheet_paper import Paper
from lvdesk.fieldwork.sheet_slots import slot_rows

BOXES, METERS, CUSTOMERS, POINTS = "box_collection", "box_meter_relation", "field_return", "access_point_return"
"""Templates of the rows."""
Row = dict[str, str]
Rows = dict[str, list[Row]]
Said = Mapping[str, str]
"""What stands on one block: the place's name without the block -> text, empty ones left out."""
_NORMAL, _MISSING, _CANCELLED, _NEW, _AREA, _UNLIKE, _CLOSED = (
    "正常", "缺失", "确认销户", "新增", "户变不符", "信息不符", "无法进入"
)  # fmt: skip
_VERDICTS: Final = (
    ("locked", _CLOSED), ("missing", _MISSING), ("new", _NEW), ("other_area", _AREA), ("other_slot", _UNLIKE), ("differs", _UNLIKE),
    ("same", _NORMAL),
)  # fmt: skip
"""Tick -> verdict; of several the first counts."""
_BOX_FIELDS: Final = ("slot_rows", "slot_columns", "longitude", "latitude", "device_name", "location", "note")


def rows_of(paper: Paper, values: Mapping[str, str], about: Mapping[str, str]) -> Rows:
    """The rows of a sheet; a block nobody wrote anything on gives none: nobody was there.

    Args:
        paper: the sheet.
        values: place -> what stands there.
        about: what every row says: package, number of the sheet, day and collector.
    """
    found: Rows = {}
    block = _BLOCKS.get(paper.form.per)
    for index, content in enumerate(paper.contents):
        said = _said(paper, values, index)
        if said and block is not None:
            for template, rows in block(paper, index, content, said).items():
                found.setdefault(template, []).extend({**row, **about} for row in rows)
    return found


def is_about_things(paper: Paper) -> bool:
    """Whether the sheet is filled in about things; covers and overviews are for the team's own bookkeeping."""
    return paper.form.per in _BLOCKS


def things_of(paper: Paper, values: Mapping[str, str]) -> dict[tuple[str, str], str]:
    """The things the sheet says something about, entity and key -> outcome, "" or that nobody got in."""
    found: dict[tuple[str, str], str] = {}
    for index, content in enumerate(paper.contents):
        said = _said(paper, values, index)
        if said and content.key:
            found[content.entity, content.key] = _CLOSED if "tick.locked" in said else ""
            boxes = content.rows if paper.form.per == "access_point" else ()
            found |= {("meter_box", row["number"]): "" for number, row in enumerate(boxes, 1) if f"{number}.here.yes" in said}
    return found


def _said(paper: Paper, values: Mapping[str, str], index: int) -> dict[str, str]:
    prefix = f"{index}."
    return {name.removeprefix(prefix): values[name] for name in paper.places if name.startswith(prefix) and values.get(name)}


def _verdict(said: Said) -> str:
    return next((verdict for tick, verdict in _VERDICTS if f"tick.{tick}" in said), "")


def _ticked(paper: Paper, index: int, said: Said, row: str) -> str:
    """The value of the box ticked in a row of boxes, "" for none or several."""
    found = [paper.places[f"{index}.{name}"].spot.value for name in said if name.startswith(f"{row}.")]
    return found[0] if len(found) == 1 else ""


def _given(said: Said, entity: str, names: tuple[str, ...]) -> Row:
    """Fields as they were written; degrees with their point."""
    row = {f"{entity}.{name}": said[f"{entity}.{name}"] for name in names if f"{entity}.{name}" in said}
    return {field: degrees(field, text) if field.rpartition(".")[2] in DEGREES else text for field, text in row.items()}


def _box(paper: Paper, index: int, content: Content, said: Said) -> Rows:
    """A box with its slots. A code written beside a known box is that of the box found there."""
    known = content.values if content.entity == "meter_box" else {}
    written = said.get("meter_box.bar_code", "")
    code = written or known.get("meter_box.bar_code", "")
    row = {"meter_box.bar_code": code, "note.verdict": _verdict(said) or ("" if known else _NEW)}
    if known and not written:
        row["meter_box.asset_no"] = content.key
    row |= _given(said, "meter_box", _BOX_FIELDS)
    if device := _ticked(paper, index, said, "device_type"):
        row["meter_box.device_type"] = device
    if "transformer_area.name" in said or not known:
        row["note.area_name"] = said.get("transformer_area.name") or content.values.get("transformer_area.name", "")
    if "tick.defect" in said:
        row["note.defect"] = "箱体缺陷"
    meters, unclear = slot_rows(
        paper, index, said, {name: row[name] for name in ("meter_box.bar_code", "meter_box.asset_no") if name in row}
    )
    if unclear:
        row["note.defect_detail"] = "；".join(unclear)
        row["note.verdict"] = _UNLIKE if row["note.verdict"] in {"", _NORMAL} else row["note.verdict"]
    found = {BOXES: [row], METERS: [each for each in meters if "meter.asset_no" in each or "meter.bar_code" in each]}
    return found | {CUSTOMERS: [each for each in meters if each not in found[METERS]]}


def _customer(paper: Paper, index: int, content: Content, said: Said) -> Rows:
    """A customer whose box nobody knows."""
    del paper, index
    verdict = _CANCELLED if "tick.cancelled" in said else _verdict(said)
    row = {"customer.customer_no": content.key, "customer.name": content.values.get("customer.name", ""), "note.verdict": verdict}
    fields = ("note.remark", "meter_box.bar_code", "meter.slot_row", "meter.slot_column", "meter.bar_code")
    row |= {field: said[field] for field in fields if field in said}
    if verdict == _NORMAL and "meter.bar_code" not in said and content.values.get("meter.bar_code"):
        row["meter.bar_code"] = content.values["meter.bar_code"]
    return {CUSTOMERS: [row]}


def _new_account(paper: Paper, index: int, content: Content, said: Said) -> Rows:
    """An account that the ledger does not have."""
    del paper, index
    row = {**said, "note.verdict": _NEW}
    area = row.pop("transformer_area.name", "")
    printed = content.values.get("transformer_area.name", "")
    row["metering_point.area_name"] = area or printed
    if not area or area == printed:
        row["metering_point.area_no"] = content.values.get("transformer_area.area_no", "")
    return {CUSTOMERS: [row]}


def _access_point(paper: Paper, index: int, content: Content, said: Said) -> Rows:
    """An access point with the device it is on, and whether each box really hangs there."""
    device = _ticked(paper, index, said, "device_type")
    point = {"access_point.access_point_no": content.key if content.entity == "access_point" else "", "note.verdict": _verdict(said)}
    point |= _given(said, "access_point", ("name", "device_name", "longitude", "latitude"))
    if device:
        point["access_point.device_type"] = device
    remarks = [said.get("note.remark", ""), f"所带计量箱 {said['boxes']}" if "boxes" in said else ""]
    point["note.remark"] = "；".join(filter(None, remarks))
    boxes = [_hanging(number, line, said, point) for number, line in enumerate(content.rows, 1)]
    return {POINTS: [point], BOXES: [row for row in boxes if row]}


def _hanging(number: int, line: Mapping[str, str], said: Said, point: Row) -> Row:
    """One line of the table; {} where nobody said anything and the access point was not confirmed as a whole."""
    other = said.get(f"{number}.other", "")
    here, away = f"{number}.here.yes" in said, f"{number}.here.no" in said or bool(other)
    if not (here or away or "tick.same" in said):
        return {}
    row = {"meter_box.bar_code": line.get("meter_box.bar_code", ""), "meter_box.asset_no": line.get("number", "")}
    if away:
        return row | {"note.verdict": _UNLIKE, "meter_box.device_name": other or "不在此接入点"}
    named = {name: point[f"access_point.{name}"] for name in ("device_type", "device_name") if f"access_point.{name}" in point}
    hangs = {"meter_box.access_point_no": point["access_point.access_point_no"]} if point["access_point.access_point_no"] else {}
    return row | hangs | {f"meter_box.{name}": text for name, text in named.items()} | {"note.verdict": _NORMAL}


_BLOCKS: Final[Mapping[str, Callable[[Paper, int, Content, Said], Rows]]] = {
    "box": _box, "customer": _customer, "blank": _new_account, "access_point": _access_point,
}  # fmt: skip
