"""Before an export: what would leave, what would stay and why, what the receiver would refuse, how ready each area is."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from lvdesk.checks.model import KEYS
from lvdesk.exchange import exports, snapshot
from lvdesk.exchange.model import ExportRequest, HeldBack
from lvdesk.exchange.picture import Picture, read
from lvdesk.exchange.registry import chosen
from lvdesk.exchange.rejects import Reject, predicted
from lvdesk.kit.clock import stamp
from lvdesk.kit.progress import Progress
from lvdesk.tabular.writing import Looks, Sheet, write_sheets
from lvdesk.workspace import Workspace

_COUNTED: Final = ("meter_box", "meter", "customer")
_WIDTHS: Final = {
    "对象": 12, "编号": 26, "原因": 80, "下一步": 24, "接收方规则": 60, "台区": 26, "台区编号": 16, "线路": 18,
    "可导出": 10, "应有": 10, "就绪": 8,
}  # fmt: skip
STEPS: Final[Mapping[str, str]] = {
    "review": "在“采录复核”中处理", "checks": "在“模板校验”中处理", "fieldwork": "排入采录任务包", "ledger": "在“台账”中核对",
}  # fmt: skip
"""Where a record that stays is put right."""


@dataclass(frozen=True)
class Why:
    """One reason with how many records it keeps; ``step`` is a key of ``STEPS``."""

    why: str
    step: str
    count: int


@dataclass(frozen=True)
class Readiness:
    """How much of an area may leave: boxes, meters and customers together."""

    area_no: str
    area_name: str
    feeder_name: str
    ready: int
    total: int

    @property
    def share(self) -> float:
        """From 0 to 1."""
        return self.ready / self.total if self.total else 0.0


@dataclass(frozen=True)
class Preflight:
    """The look ahead.

    Attributes:
        counts: entity -> records that would leave.
        held: every record that would stay; ``reasons`` them together, the most frequent first; objects' numbers are left out there.
        previous: number of the package before, "" for none; added, changed, removed against it.
    """

    counts: Mapping[str, int]
    held: tuple[HeldBack, ...]
    reasons: tuple[Why, ...]
    rejects: tuple[Reject, ...]
    areas: tuple[Readiness, ...]
    previous: str
    added: int
    changed: int
    removed: int

    @property
    def records(self) -> int:
        """How many would leave, of all kinds."""
        return sum(self.counts.values())


def look(ws: Workspace, request: ExportRequest, progress: Progress) -> Preflight:
    """What an export would do now.

    Raises:
        RefusedError: ``export.format``, ``export.scope``.
        Cancelled: the user stopped it.
    """
    form = chosen(request.system, request.format)
    exports.prepare(ws, progress)
    progress.start("正在检查哪些记录可以导出")
    with ws.store.read() as connection:
        through = exports.gated(ws, connection, form.entities, request.scope, test=request.test)
        previous, before = exports.last(connection, request, form)
        everything = read(connection, (*_COUNTED, "metering_point", "transformer_area"), request.scope)
        progress.check()
    leaving = Picture(ws, through.frames, stamp(ws.clock()), ws.person, request.test)
    delta = snapshot.compared(before, exports.said_of(through.frames, request))
    held = exports.stays(through.held)
    return Preflight(
        {entity: frame.height for entity, frame in through.frames.items()}, held, _reasons(held),
        predicted(leaving, request.system), _areas(everything, through.frames), previous,
        delta.count("add"), delta.count("change"), delta.count("remove"),
    )  # fmt: skip


def _reasons(held: tuple[HeldBack, ...]) -> tuple[Why, ...]:
    found = Counter((each.general, each.step) for each in held)
    return tuple(Why(why, step, count) for (why, step), count in found.most_common())


def _areas(everything: Mapping[str, pl.DataFrame], leaving: Mapping[str, pl.DataFrame]) -> tuple[Readiness, ...]:
    """By area, the least ready first."""
    points = everything["metering_point"].select("mp_no", "customer_no", "area_no")
    meters = everything["meter"].join(points.unique("mp_no"), on="mp_no", how="left")
    customers = everything["customer"].join(points.unique("customer_no"), on="customer_no", how="left")
    homes = {"meter_box": everything["meter_box"], "meter": meters, "customer": customers}
    parts = []
    for entity, frame in homes.items():
        key = KEYS[entity]
        ready = leaving.get(entity, frame.clear()).select(key).unique().with_columns(pl.lit(1).alias("ready"))
        parts.append(frame.select(key, "area_no").join(ready, on=key, how="left").select("area_no", pl.col("ready").fill_null(0)))
    counted = pl.concat(parts).drop_nulls("area_no").group_by("area_no").agg(pl.sum("ready"), pl.len().alias("total"))
    named = everything["transformer_area"].select("area_no", "name", "feeder_name")
    rows = counted.join(named, on="area_no", how="left").sort(pl.col("ready") / pl.col("total"), "area_no")
    chosen_ = rows.select("area_no", pl.col("name").fill_null(""), pl.col("feeder_name").fill_null(""), "ready", "total")
    return tuple(Readiness(*row) for row in chosen_.iter_rows())


def draft(ws: Workspace, seen: Preflight, target: Path) -> None:
    """Writes the list of what is missing as a workbook to hand around: what stays and why, what would be refused, areas.

    Raises:
        KnownError: ``file.in_use``, ``file.not_writable``.
    """
    title = ws.dictionary.title
    held = [(title(each.entity), each.key, each.why, STEPS[each.step]) for each in seen.held]
    rejects = [(title(each.entity), key, each.why) for each in seen.rejects for key in each.keys]
    areas = [(each.area_name, each.area_no, each.feeder_name, each.ready, each.total, f"{each.share:.0%}") for each in seen.areas]
    sheets: list[Sheet] = [
        ("暂缓导出", ["对象", "编号", "原因", "下一步"], held),
        ("接收方可能退回", ["对象", "编号", "接收方规则"], rejects),
        ("台区就绪情况", ["台区", "台区编号", "线路", "可导出", "应有", "就绪"], areas),
    ]
    write_sheets(target, sheets, text_columns=["编号", "台区编号"], looks=Looks(widths=_WIDTHS, frozen=1))
