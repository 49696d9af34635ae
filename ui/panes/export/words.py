"""Exports in words: coordinate systems, where a reason is put right, what came of an export, packages as rows."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Final

from lvdesk.exchange.model import GEOGRAPHIC, SYSTEM_TITLES, HeldBack, System
from lvdesk.kit.table import Column, Row
from lvdesk.review.model import STATE_TITLES
from ui.moments import said
from ui.panes.export.loading import Ahead, Issued, Reason

if TYPE_CHECKING:
    from lvdesk.exchange.packages import PackageView
    from lvdesk.exchange.preflight import Readiness, Why

STEPS: Final[Mapping[str, tuple[str, str]]] = {
    "review": ("review", "去采录复核处理"),
    "checks": ("checks", "去模板校验处理"),
    "fieldwork": ("fieldwork", "去排采录任务包"),
    "ledger": ("ledger", "去台账核对"),
}
"""Where a record that stays is put right: the page and the button that leads there."""
PACKAGE_COLUMNS: Final = (
    Column("number", "编号", "identifier", 108),
    Column("at", "时间", "text", 98),
    Column("system", "接收系统", "text", 84),
    Column("scope", "范围", "text", 92),
    Column("records", "记录", "number", 70),
    Column("added", "新增", "number", 62),
    Column("changed", "变更", "number", 62),
    Column("removed", "移除", "number", 62),
    Column("held", "暂缓", "number", 62),
    Column("person", "导出人", "text", 76),
    Column("format", "格式", "text", 150),
    Column("purpose", "用途", "text", 150),
)
AREA_COLUMNS: Final = (
    Column("name", "台区", "text", 190),
    Column("feeder", "线路", "text", 130),
    Column("ready", "可导出", "number", 80),
    Column("total", "应有", "number", 80),
    Column("share", "就绪（%）", "share", 160),
)
_COUNTED: Final = ("meter_box", "meter", "customer")
_TOLD: Final = 2
_BECAUSE: Final = "暂缓："  # what follows keeps the box or customer that a record hangs on
_THREE, _SIX = 3, 6
_RANGE: Final = range(75, 136, 3)  # central meridians of the zones that cover the country (domain.md 6)
_SIX_FIRST, _SIX_LAST = 13, 23


def coordinate_systems(longitude: float | None) -> list[tuple[str, str]]:
    """EPSG code and name of each that can be written; those of the station's own zone follow the geographic one.

    Codes are EPSG's of CGCS2000: 4513 and 4534 begin the zones of three degrees (with and without the zone's number in the easting),
    4491 and 4502 those of six.
    """
    rest = [*_zones()]
    own = {round(longitude / _THREE) * _THREE if longitude is not None else None}
    near = [(code, f"{name}　本所所在带") for code, name, width, meridian in rest if width == _THREE and meridian in own]
    others = [(code, name) for code, name, width, meridian in rest if not (width == _THREE and meridian in own)]
    return [(GEOGRAPHIC, "CGCS2000 经纬度"), *near, *others]


def _zones() -> Iterator[tuple[str, str, int, int]]:
    for width, without, with_number, meridians in (
        (_THREE, 4534, 4513, list(_RANGE)),
        (_SIX, 4502, 4491, [zone * _SIX - 3 for zone in range(_SIX_FIRST, _SIX_LAST + 1)]),
    ):
        for place, meridian in enumerate(meridians):
            zone = meridian // 3 if width == _THREE else (meridian + 3) // _SIX
            yield f"EPSG:{without + place}", f"{width} 度带 {meridian}°E，不带带号", width, meridian
            yield f"EPSG:{with_number + place}", f"{width} 度带 {meridian}°E，带号 {zone}", width, meridian


def counted(ahead: Ahead) -> list[tuple[str, int]]:
    """What would leave, by kind: the three kinds people count in first."""
    counts = ahead.seen.counts
    kinds = [kind for kind in _COUNTED if kind in counts] or list(counts)[: len(_COUNTED)]
    return [(ahead.titles.get(kind, kind), counts[kind]) for kind in kinds]


def everything(ahead: Ahead) -> str:
    """All kinds with their counts."""
    return "\n".join(f"{ahead.titles.get(kind, kind)} {count:,}" for kind, count in ahead.seen.counts.items())


def leads(why: "Why", records: Sequence[HeldBack]) -> tuple[str, object]:
    """Page and what it shall show, to put a reason right."""
    page = STEPS[why.step][0]
    text = why.why.partition(_BECAUSE)[2] or why.why
    match why.step:
        case "review":
            state = next((str(state) for state, title in STATE_TITLES.items() if text.startswith(f"采录复核{title}")), None)
            return page, "blocked" if text.startswith("有未处理的错误") else state
        case "checks":
            rule = text.rpartition(" ")[2]
            return page, ("rule", rule) if rule.isascii() else "problems"
        case "fieldwork":
            return page, "new"
        case _:
            return page, (records[0].entity, records[0].key) if records else "browse"


def area_row(number: int, area: "Readiness") -> Row:
    """An area as a row."""
    share = f"{area.share * 100:.0f}" if area.ready < area.total else "100"
    if share == "100" and area.ready < area.total:
        share = "99"  # not ready before the last record is
    return Row(number, (area.area_name or area.area_no, area.feeder_name, f"{area.ready:,}", f"{area.total:,}", share))


def package_row(view: "PackageView", today: date) -> Row:
    """A package as a row."""
    values = (
        view.number, said(view.at, today), view.system_title, view.scope_title, f"{view.records:,}",
        f"{view.added:,}", f"{view.changed:,}", f"{view.removed:,}", f"{sum(view.held.values()):,}", view.person,
        view.format_title, view.purpose,
    )  # fmt: skip
    return Row(view.id, values)


def difference(added: int, changed: int, removed: int) -> str:
    """What is another than in the package before."""
    parts = [f"{title} {count:,}" for title, count in (("新增", added), ("变更", changed), ("移除", removed)) if count]
    return "、".join(parts) or "没有变化"


def written(issued: Issued) -> tuple[str, str, str]:
    """What came of an export: level, headline, more."""
    manifest = issued.manifest
    title = SYSTEM_TITLES[System(manifest.system)]
    rows = f"{len(manifest.files)} 个文件，{manifest.records:,} 条记录"
    if manifest.test:
        return "info", f"测试导出已写好：{title}，{rows}", "每个文件中都注明“测试导出 不得导入”，不计入归档，也不改变复核状态"
    more = f"与上一包相比：{difference(manifest.added, manifest.changed, manifest.removed)}"
    stays = held_words(issued.reasons)
    return "success", f"已导出 {manifest.number}（{title}）：{rows}", f"{more}。{stays}" if stays else more


def held_words(reasons: Sequence[Reason]) -> str:
    """How many stay behind and the most frequent reasons."""
    if not reasons:
        return ""
    told = "；".join(f"{why}（{count:,} 条）" for why, count in reasons[:_TOLD])
    return f"暂缓 {sum(count for _why, count in reasons):,} 条：{told}{'等' if len(reasons) > _TOLD else ''}"


def scope_words(feeders: Sequence[str], areas: Sequence[str]) -> str:
    """What is chosen, by names."""
    parts = [f"{len(names)} {unit}" if len(names) > 1 else names[0] for names, unit in ((feeders, "条线路"), (areas, "个台区")) if names]
    return "、".join(parts)
