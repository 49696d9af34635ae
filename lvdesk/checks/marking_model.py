"""What a marked copy is made from: findings with the cells they may stand in, and the words and colours they get there."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from lvdesk.checks.findings import FindingView
from lvdesk.checks.model import KEYS, SEVERITIES
from lvdesk.network.provenance import TAKEN_FROM
from lvdesk.tabular.writing import line_height

AUTHOR: Final = "LVDesk"
"""Whose the comments are; those of others stay."""
FILLS: Final = {"error": "F9C9C4", "warning": "FFE2A6", "info": "CFE3F8"}
"""Severity -> colour of the cell."""
RANKS: Final = {level: rank for rank, level in enumerate(SEVERITIES)}
MAX_COMMENTS: Final = 5_000
"""Comments per sheet; Excel grows slow with more. Further cells are coloured only."""
MAX_LINKS: Final = 20_000
"""Links to cells; Excel opens a sheet with at most 65,530."""
LIST_COLUMNS: Final = (
    ("编号", 8), ("严重程度", 10), ("规则", 24), ("位置", 18), ("对象", 10), ("标识", 24), ("字段", 16), ("问题", 60), ("现值", 24),
    ("怎样改", 44), ("建议值", 30), ("工作表", 16), ("行", 8),
)  # fmt: skip
LINK_COLUMN: Final = 3
_RULE_WIDTH, _MESSAGE_WIDTH, _FIX_WIDTH, _NEW_WIDTH = (dict(LIST_COLUMNS)[title] for title in ("规则", "问题", "怎样改", "建议值"))
_IN_ONE: Final = 5
_LONGEST: Final = 2_000


@dataclass(frozen=True)
class Mark:
    """One finding in one sheet; ``row`` 0 stands for the sheet's header. ``columns``: where it may stand, 1-based, best first."""

    sheet: str
    row: int
    columns: tuple[int, ...]
    severity: str
    number: int
    rule: str
    entity: str
    key: str
    field: str
    message: str
    value: str
    fix: str
    suggestion: str


@dataclass(frozen=True)
class Order:
    """What the marking is asked for.

    Attributes:
        source: the original, under its own name; ``target``: where to write.
        sha256: of the original.
        headers: sheet -> rows of its headers.
    """

    source: str
    target: str
    sha256: str
    headers: Mapping[str, tuple[int, ...]]
    marks: tuple[Mark, ...] = field(default=())


def mark_of(view: FindingView, mapping: Mapping[int, str], header_row: int) -> Mark:
    """The finding with its cells; ``mapping`` is the sheet's: column -> field."""
    return Mark(
        sheet=view.sheet, row=view.row or header_row, columns=columns_of(mapping, view.entity, view.field), severity=view.severity,
        number=view.id, rule=f"{view.rule} {view.rule_title}", entity=view.entity_title, key=view.key, field=view.field_title,
        message=view.message, value=view.value, fix=view.fix, suggestion=suggestion_text(view),
    )  # fmt: skip


def columns_of(mapping: Mapping[int, str], entity: str, name: str) -> tuple[int, ...]:
    """Columns in which the field of a record may stand; the record's key where there is none, else any column of it, else the first."""
    for wanted in (name, KEYS.get(entity, "")):
        place = f"{entity}.{wanted}"
        found = [column for source in TAKEN_FROM.get(place, (place,)) for column, given in mapping.items() if given == source]
        if found:
            return tuple(found)
    return tuple(column for column, given in mapping.items() if given.startswith(f"{entity}."))[:1] or (min(mapping, default=1),)


def read_mapping(text: str) -> dict[int, str]:
    """A sheet's stored mapping."""
    return {int(column): given for column, given in json.loads(text).items()}


def suggestion_text(view: FindingView) -> str:
    """The suggested values in words."""
    return "；".join(f"{title} → {text}" for _, title, text in view.suggestion)


def worst(marks: Iterable[Mark]) -> str:
    """The gravest severity among them."""
    return min((mark.severity for mark in marks), key=RANKS.__getitem__)


def comment_of(marks: Sequence[Mark]) -> str:
    """The comment of a cell with these findings."""
    ordered = sorted(marks, key=lambda mark: (RANKS[mark.severity], mark.number))
    parts = [
        f"【{SEVERITIES[mark.severity]}】{mark.rule}\n{mark.message}\n怎样改：{mark.fix}"
        + (f"\n建议：{mark.suggestion}" if mark.suggestion else "")
        for mark in ordered[:_IN_ONE]
    ]
    if len(ordered) > _IN_ONE:
        parts.append(f"另有 {len(ordered) - _IN_ONE} 条，见“问题清单”")
    text = "\n\n".join(parts)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def comment_height(text: str) -> int:
    """Pixels that show the comment whole, as far as that is sensible."""
    lines = sum(1 + sum(2 if ord(character) > 255 else 1 for character in line) // 44 for line in text.split("\n"))
    return min(max(lines * 18 + 12, 60), 400)


def told(marks: Sequence[Mark], silent: Mapping[str, int]) -> tuple[str, str]:
    """Two sentences above the list; ``silent``: sheet -> coloured cells that got no comment."""
    counts = "、".join(f"{name} {sum(mark.severity == level for mark in marks)}" for level, name in SEVERITIES.items())
    first = f"共 {len(marks)} 个问题（{counts}）。红色为错误，橙色为警告，蓝色为提示；鼠标停在单元格上可看说明，点“位置”可跳到单元格。"
    second = "改正后直接导入本文件即可，只有改动过的内容会被更新；“问题清单”工作表不会被导入。"
    if silent:
        second += "批注太多，以下单元格只标颜色，说明见本表：" + "、".join(f"{name} {count} 个" for name, count in silent.items()) + "。"
    return first, second


def line_of(mark: Mark, place: str) -> tuple[str, ...]:
    """The finding's line in the list, as texts in the order of ``LIST_COLUMNS``."""
    return (
        str(mark.number), SEVERITIES[mark.severity], mark.rule, place, mark.entity, mark.key, mark.field, mark.message, mark.value,
        mark.fix, mark.suggestion, mark.sheet, str(mark.row),
    )  # fmt: skip


def quoted(sheet: str) -> str:
    """The sheet's name as it stands in a link."""
    return "'" + sheet.replace("'", "''") + "'"


def list_height(mark: Mark) -> float:
    """Height of the finding's line in the list."""
    return line_height(((mark.message, _MESSAGE_WIDTH), (mark.fix, _FIX_WIDTH), (mark.rule, _RULE_WIDTH), (mark.suggestion, _NEW_WIDTH)))
