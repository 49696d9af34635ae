"""Sheets to key without a database: two boxes and a blank block, as the paper has them."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from lvdesk.fieldwork.keying_model import ErrorRate, KeyingBlock, KeyingField, KeyingSheet, KeyingWaiting, SheetFinished
from lvdesk.fieldwork.keying_values import wrong
from lvdesk.kit.errors import RefusedError
from lvdesk.kit.progress import Progress
from lvdesk.network.changed import Changed
from ui.panes.fieldwork.keying_loading import Typed

NUMBER = "CL261123-01-007"
BOX_CODE = "4130005154778547808283"
METER_CODE = "4130001000000005079709"
_VERDICTS = {
    "same": "一致", "missing": "缺失", "cancelled": "销户", "new": "新增", "other_slot": "表位不符", "other_area": "户变不符",
    "defect": "箱体缺陷",
}  # fmt: skip
_DEVICES = {
    "pole": "低压杆塔", "bracket": "墙支架", "branch": "分支箱", "cable_branch": "低压电缆分支箱", "cabinet": "配电箱",
    "access_point": "低压用户接入点", "transformer": "配电变压器",
}  # fmt: skip


def a_field(place: str, kind: Any, title: str, **given: Any) -> KeyingField:
    """A place of a sheet; its block is the number it begins with."""
    values: dict[str, Any] = {
        "field": "", "slot": None, "length": 0, "choices": (), "exclusive": (), "ledger": "", "value": None, "how": "", "risky": False,
        "verified": False, "page": None,
    }  # fmt: skip
    return KeyingField(place=place, block=int(place.split(".", 1)[0]), kind=kind, title=title, **(values | given))


def ticks(prefix: str, titles: Mapping[str, str], alone: Sequence[str], **given: Any) -> list[KeyingField]:
    """A row of boxes; those named in ``alone`` exclude all others and are excluded by them."""
    places = [f"{prefix}.{key}" for key in titles]
    return [
        a_field(
            f"{prefix}.{key}", "tick", title, **given,
            exclusive=tuple(each for each in places if each != f"{prefix}.{key}" and (key in alone or each.rpartition(".")[2] in alone)),
        )
        for key, title in titles.items()
    ]  # fmt: skip


def slots(block: int, rows: int, columns: int, meters: Sequence[str], **given: Any) -> list[KeyingField]:
    """The slots of a box; the ledger's meter numbers one after the other."""
    made: list[KeyingField] = []
    known = iter(meters)
    for row in range(1, rows + 1):
        for column in range(1, columns + 1):
            prefix, slot = f"{block}.slot.{row}.{column}", (row, column)
            made += ticks(prefix, {"same": "符", "differs": "异"}, ("same", "differs"), slot=slot, **given)
            made.append(
                a_field(
                    f"{prefix}.meter",
                    "digits",
                    "表号后六位",
                    slot=slot,
                    length=6,
                    ledger=next(known, ""),
                    field="meter.bar_code",
                    risky=True,
                    **given,
                )
            )
    return made


def a_box(block: int, rows: int, columns: int, meters: Sequence[str], code: str = "", **given: Any) -> list[KeyingField]:
    """All fields of a box, in the order of the paper."""

    def comb(name: str, kind: str, title: str, length: int, ledger: str = "", *, risky: bool = False) -> KeyingField:
        return a_field(
            f"{block}.meter_box.{name}", kind, title, length=length, field=f"meter_box.{name}", ledger=ledger, risky=risky, **given
        )

    return [
        *slots(block, rows, columns, meters, **given),
        *ticks(f"{block}.tick", _VERDICTS, ("same", "missing"), **given),
        a_field(f"{block}.meter_box.note", "text", "备注", field="meter_box.note", **given),
        comb("bar_code", "barcode", "箱条码", 22, code, risky=True),
        comb("slot_rows", "digits", "行数", 2, str(rows) if meters else ""),
        comb("slot_columns", "digits", "列数", 2, str(columns) if meters else ""),
        comb("longitude", "number", "经度", 11, "115.6829589" if meters else ""),
        comb("latitude", "number", "纬度", 10, "34.4506000" if meters else ""),
        *ticks(f"{block}.device_type", _DEVICES, tuple(_DEVICES), field="meter_box.device_type", risky=True, **given),
        a_field(
            f"{block}.meter_box.device_name",
            "text",
            "名称",
            field="meter_box.device_name",
            ledger="3#杆" if meters else "",
            risky=True,
            **given,
        ),
    ]


def a_sheet(sheet_no: str = NUMBER, *, page: int | None = None, **given: Any) -> KeyingSheet:
    """A box of two slots, one of eight, and a blank block."""
    meters = [f"{number:014d}" for number in (507970, 954703, 254887, 502819, 524028, 400497, 118204, 770031, 660194, 300256)]
    fields = [
        *a_box(0, 1, 2, meters[:2], BOX_CODE, page=page),
        *a_box(1, 2, 4, meters[2:9], "4130005150414038044146", page=page),
        a_field("2.meter_box.location", "text", "安装地址", field="meter_box.location", page=page),
        a_field("2.transformer_area.name", "text", "所属台区", field="transformer_area.name", page=page),
        *a_box(2, 2, 4, (), page=page),
    ]
    area, road = "东大屯七槐塘7#公变", "商平县七槐塘镇七槐塘村陈街路"
    other = "4130005150414038044146"
    blocks = (
        KeyingBlock(0, "meter_box", BOX_CODE, f"计量箱 {BOX_CODE}", (f"{road}1号", f"{area} 4649726068 · 2 户 2 表")),
        KeyingBlock(1, "meter_box", other, f"计量箱 {other}", (f"{road}2号", f"{area} 4649726068 · 7 户 7 表")),
        KeyingBlock(2, "transformer_area", "4649726068", "新增计量箱", (area,)),
    )
    values: dict[str, Any] = {
        "sheet_no": sheet_no, "package_no": sheet_no.rpartition("-")[0], "form_key": "box_collection", "form_title": "计量箱现场采录表",
        "state": "open", "blocks": blocks, "fields": tuple(fields), "people": ("张三", "李四"), "collected_on": "", "collected_by": "",
        "problems": (),
    }  # fmt: skip
    return KeyingSheet(**(values | given))


@dataclass
class FakeKeying:
    """Services whose answers the test sets; ``hold`` keeps what is stored waiting until set.

    Attributes:
        stored: sheet number -> place -> value, as it would be in the database.
        calls: everything stored, in order.
    """

    sheets: dict[str, KeyingSheet] = field(default_factory=lambda: {NUMBER: a_sheet()})
    stored: dict[str, dict[str, str]] = field(default_factory=dict)
    first: dict[str, str] = field(default_factory=dict)
    calls: list[Typed] = field(default_factory=list)
    finished: list[str] = field(default_factory=list)
    refuse: str = ""
    left: int = 0
    error: Exception | None = None
    crops: dict[str, bytes] = field(default_factory=dict)
    list_of: list[KeyingWaiting] = field(default_factory=lambda: [
        KeyingWaiting(NUMBER, "CL261123-01", "计量箱现场采录表", "keying", 96, "", "2026-11-23T08:10:00+08:00"),
        KeyingWaiting("CL261123-01-004", "CL261123-01", "计量箱现场采录表", "second", 6, "王雅翔", "2026-11-23T08:42:00+08:00"),
        KeyingWaiting("CL261123-01-031", "CL261123-01", "接入点确认表", "keying", 41, "", "2026-11-22T17:20:00+08:00"),
    ])  # fmt: skip

    def __post_init__(self) -> None:
        self.hold = threading.Event()
        self.hold.set()

    def sheet_no(self, text: str) -> str:
        said = text.strip().upper()
        return said.split(":")[2] if said.startswith("LV1:") else said

    def sheet(self, sheet_no: str, *, second: bool) -> KeyingSheet:
        if self.error:
            raise self.error
        if sheet_no not in self.sheets:
            raise RefusedError("keying.sheet", f"没有编号为 {sheet_no} 的表单", "请核对编号")
        sheet, said = self.sheets[sheet_no], self.stored.get(sheet_no, {})
        return replace(sheet, fields=tuple(replace(each, value=said.get(each.place, each.value)) for each in sheet.fields))

    def enter(self, typed: Typed) -> KeyingSheet:
        self.hold.wait(10)
        if self.error:
            raise self.error
        if self.refuse and self.refuse in typed.values:
            raise RefusedError("keying.value", "这一栏不能这样填", "请改正")
        self.calls.append(typed)
        self.stored.setdefault(typed.sheet_no, {}).update(typed.values)
        sheet = self.sheet(typed.sheet_no, second=typed.second)
        if not typed.second:
            return sheet
        said = self.stored[typed.sheet_no]
        differing = [place for place, value in said.items() if self.first.get(place, value) != value and place not in typed.settled]
        for place in typed.settled:
            self.first[place] = typed.values[place]
        return replace(sheet, problems=tuple((place, "与第一遍录入不一致") for place in differing))

    def problem(self, one: KeyingField, text: str) -> str:
        return wrong(one, text)

    def waiting(self) -> Sequence[KeyingWaiting]:
        if self.error:
            raise self.error
        return self.list_of

    def error_rates(self) -> Sequence[ErrorRate]:
        return [ErrorRate("王雅翔", "keyer", 1240, 9), ErrorRate("陈思远", "verifier", 620, 2), ErrorRate("李海燕", "keyer", 388, 1)]

    def finish(self, sheet_no: str, progress: Progress) -> SheetFinished:
        self.finished.append(sheet_no)
        return SheetFinished(sheet_no, 9, self.left, Changed.RETURNS)

    def crop(self, page: int, place: str) -> bytes:
        return self.crops.get(place, b"")
