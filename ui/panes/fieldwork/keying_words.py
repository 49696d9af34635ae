"""How stops, sheets that wait and error rates read on the keying page."""

import re
from collections.abc import Sequence
from typing import Final

from lvdesk.fieldwork.keying_model import ErrorRate, KeyingField, KeyingWaiting
from lvdesk.kit.table import Cell, Column
from ui.panes.fieldwork.keying_form import Stop
from ui.panes.fieldwork.listing import Line

WAITING_COLUMNS: Final = (
    Column("number", "表单编号", "identifier", 140),
    Column("kind", "要做的", "level", 104),
    Column("form", "表单", "text", 136),
    Column("fields", "待录栏数", "number", 84),
    Column("first", "第一遍", "text", 76),
    Column("at", "时间", "text", 136),
    Column("package", "任务包", "identifier", 110),
)
KINDS: Final = {"keying": ("录入", "info"), "second": ("第二遍录入", "warning")}
_ROLES: Final = {"keyer": "第一遍", "verifier": "第二遍"}
_GROUPS: Final = {"tick": "核对结果", "device_type": "挂接设备", "here": "现场属实", "done": "已采"}
_APART: Final = re.compile(r"\s*[：:·]\s*")
_WHOLE: Final = re.compile(r"CL\d{6}-\d{2}-\d{3}")
_BARE: Final = re.compile(r"(\d{6})(\d{2})(\d{3})")


def stop_title(stop: Stop) -> str:
    """What a stop is called."""
    if not stop.ticks:
        return stop.field.title
    common, _rest = _common([field.title for field in stop.fields])
    if stop.field.slot is not None:
        return f"{stop.field.slot[0]}-{stop.field.slot[1]}"
    said = common or _GROUPS.get(stop.group, "")
    loose, number = stop.line or (False, 0)
    if not number or str(number) in said:
        return said
    return f"表位不明 {number}" if loose else f"{number}. {said}"


def place_title(stop: Stop) -> str:
    """The same, a slot by its name."""
    slot = stop.field.slot
    return stop_title(stop) if slot is None else f"表位 {slot[0]}-{slot[1]}"


def option_titles(stop: Stop) -> list[str]:
    """What stands beside the boxes of a row of ticks."""
    return _common([field.title for field in stop.fields])[1]


def option_title(stop: Stop, field: KeyingField) -> str:
    """What stands beside one box."""
    return option_titles(stop)[stop.fields.index(field)]


def sheet_number(text: str, before: str) -> str:
    """The whole number of a typed one: only its last digits within the package keyed before, or all its digits without letters."""
    said = text.strip()
    package = before.rpartition("-")[0]
    if said.isdecimal() and len(said) <= 3 and package:
        return f"{package}-{int(said):03d}"
    bare = _BARE.fullmatch(said)
    return f"CL{bare[1]}-{bare[2]}-{bare[3]}" if bare else said


def is_sheet_number(code: str) -> bool:
    """Whether a scanned code is that of a sheet and not of an asset."""
    return code.upper().startswith("LV1:") or bool(_WHOLE.fullmatch(code.upper()))


def waiting_line(waiting: KeyingWaiting) -> Line:
    """A sheet that waits, as a row."""
    title, level = KINDS.get(waiting.kind, (waiting.kind, "neutral"))
    at = waiting.at[:16].replace("T", " ")
    values = (waiting.sheet_no, title, waiting.form_title, str(waiting.fields), waiting.first_by, at, waiting.package_no)
    return Line(f"{waiting.kind}|{waiting.sheet_no}", values, {"kind": Cell(level, title)})


def rate_words(rate: ErrorRate) -> tuple[str, str, str, str]:
    """A person's error rate: name, role, share of wrong fields, what it is a share of."""
    share = f"{rate.wrong / rate.fields:.2%}" if rate.fields else "—"
    return rate.person or "未署名", _ROLES.get(rate.role, rate.role), share, f"{rate.fields:,} 栏中错 {rate.wrong:,} 栏"


def _common(titles: Sequence[str]) -> tuple[str, list[str]]:
    """What all titles begin with, up to a colon or a dot, and the rest of each."""
    parts = [_APART.split(title, maxsplit=1) for title in titles]
    if all(len(part) == 2 for part in parts) and len({part[0] for part in parts}) == 1:
        return parts[0][0], [part[1] for part in parts]
    return "", list(titles)
