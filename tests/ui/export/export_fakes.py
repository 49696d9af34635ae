"""The services of the exports without a station: formats, a look ahead with every kind of reason, packages that left."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from lvdesk.exchange.model import ExportedFile, ExportRequest, HeldBack, Manifest, Scope, System
from lvdesk.exchange.packages import PackageView
from lvdesk.exchange.preflight import Preflight, Readiness, Why
from lvdesk.exchange.rejects import Reject
from lvdesk.kit.errors import KnownError
from lvdesk.kit.progress import Progress
from tests.ui.shell.fakes import NOW
from ui.panes.export.loading import Ahead, Archive, AreaChoice, Choices, FormatChoice, Issued

TITLES = {
    "meter_box": "计量箱", "meter": "电能表", "customer": "用户", "metering_point": "计量点", "access_point": "接入点",
    "transformer_area": "台区",
}  # fmt: skip
FORMATS = {
    System.MARKETING: [
        FormatChoice("xlsx", "计量箱普查表（35 列）", "营销系统批量维护用的工作簿：箱、表、户各一张表", frozenset({"template"})),
    ],
    System.GIS: [
        FormatChoice("gpkg", "GeoPackage", "一个文件，各类设备各一图层，QGIS、ArcGIS 都能打开", frozenset({"crs", "purpose"})),
        FormatChoice("shp", "Shapefile", "老系统用；字段名不超过 10 个字符", frozenset({"crs", "purpose"})),
    ],
    System.CIM: [FormatChoice("xml", "CIM/XML（IEC 61968）", "按公共信息模型描述台区、接入点、计量箱和用户", frozenset({"purpose"}))],
}
AREAS = [
    AreaChoice(f"0312040{feeder}{number:02d}", f"{name}{number}#公变", f"13364227{feeder:02d}", f"10kV{name}线")
    for feeder, name in ((1, "临江"), (2, "文晖"), (3, "银岗"))
    for number in range(1, 9)
]
WHY = (
    (Why("采录复核待运检确认", "review", 214), "采录复核待运检确认"),
    (Why("现场尚未采录", "fieldwork", 186), "现场尚未采录"),
    (Why("所在计量箱暂缓：现场没有采录挂接点", "fieldwork", 96), "所在计量箱 15470647931501 暂缓：现场没有采录挂接点"),
    (Why("模板校验有未处理的错误 C014", "checks", 41), "模板校验有未处理的错误 C014：计量箱条形码与另一计量箱重复"),
    (Why("采录复核退回", "review", 12), "采录复核退回：照片看不清挂接的杆号，请重拍并补录杆塔名称"),
    (Why("没有电能表", "ledger", 5), "没有电能表"),
)
LEAVING = {"transformer_area": 24, "meter_box": 1204, "meter": 3518, "metering_point": 3497, "customer": 3402}
REJECTS = (
    Reject(
        "meter", "slot_row", "电能表没有表位（行），营销系统不建箱表关系", 23, tuple(f"33010000000{number:04d}" for number in range(23))
    ),
    Reject("meter_box", "bar_code", "两个计量箱用同一个条形码，营销系统只收第一个", 2, ("15470647931501", "15470647931502")),
)


def held(why: Why, text: str) -> list[HeldBack]:
    """The records of a reason."""
    kinds = ("meter", "customer", "meter_box")
    return [HeldBack(kinds[place % 3], f"42097{len(why.why):02d}{place:05d}", text) for place in range(why.count)]


def ahead(whys: Sequence[tuple[Why, str]] = WHY, counts: dict[str, int] | None = None, **more: object) -> Ahead:
    """A look ahead; ``more`` goes to the preflight."""
    groups = {why.why: held(why, text) for why, text in whys}
    every = tuple(record for records in groups.values() for record in records)
    leaving = counts if counts is not None else LEAVING
    ready = tuple(
        Readiness(area.area_no, area.name, area.feeder_name, min(place * 17, 260), 260) for place, area in enumerate(AREAS)
    )  # fmt: skip
    given = {
        "rejects": REJECTS, "areas": ready, "previous": "DC261118-01", "added": 1204, "changed": 87, "removed": 3, **more,
    }  # fmt: skip
    seen = Preflight(leaving, every, tuple(why for why, _text in whys), **given)  # type: ignore[arg-type]
    return Ahead(seen, TITLES, groups)


def package(number: str, system: System, at: str, **more: object) -> PackageView:
    """A package that left."""
    titles = {
        System.MARKETING: ("营销系统", "计量箱普查表（35 列）"),
        System.GIS: ("电网 GIS", "GeoPackage"),
        System.CIM: ("CIM/XML", "CIM/XML"),
    }
    given: dict[str, object] = {
        "id": int(number[2:].replace("-", "")), "number": number, "system": system, "system_title": titles[system][0], "format": "xlsx",
        "format_title": titles[system][1], "scope": Scope(), "scope_title": "全所", "purpose": "", "person": "陈思远", "at": at,
        "records": 10441, "counts": {"meter_box": 1117, "meter": 3310, "customer": 3208},
        "held": {"采录复核待运检确认": 301, "现场尚未采录": 254},
        "files": [("计量箱普查表.xlsx", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", 3310)], "previous": "",
        "added": 10441, "changed": 0, "removed": 0, "folder": Path("exports") / number, **more,
    }  # fmt: skip
    return PackageView(**given)  # type: ignore[arg-type]


PACKAGES = (
    package("DC261122-01", System.GIS, "2026-11-22T10:26:00+00:00", records=4312, purpose="GIS 图纸标注户名", held={"现场尚未采录": 186},
            files=[("城东供电所.gpkg", "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae", 4312)], added=4312),
    package("DC261121-02", System.MARKETING, "2026-11-21T17:40:00+00:00", previous="DC261118-01", added=820, changed=64, removed=2),
    package("DC261121-01", System.CIM, "2026-11-21T09:05:00+00:00", folder=None, person="李海燕", scope_title="10kV临江线", records=1204),
    package("DC261118-01", System.MARKETING, "2026-11-18T16:12:00+00:00"),
)  # fmt: skip


@dataclass
class FakeExport:
    """``answer`` is what every look finds; ``hold`` unset keeps looks and exports waiting."""

    answer: Ahead = field(default_factory=ahead)
    chosen: Choices = field(default_factory=lambda: Choices(FORMATS, AREAS, 120.16))
    listed: Sequence[PackageView] = PACKAGES
    broken: Exception | None = None
    refused: Exception | None = None
    looks: list[ExportRequest] = field(default_factory=list)
    made: list[ExportRequest] = field(default_factory=list)
    drafts: list[Path] = field(default_factory=list)
    copies: list[tuple[str, Path]] = field(default_factory=list)
    hold: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.hold.set()

    def choices(self) -> Choices:
        self._maybe_fail()
        return self.chosen

    def look(self, request: ExportRequest, progress: Progress) -> Ahead:
        self.looks.append(request)
        progress.start("正在检查哪些记录可以导出")
        self._wait(progress)
        self._maybe_fail()
        return self.answer

    def draft(self, _ahead: Ahead, path: Path) -> None:
        self.drafts.append(path)

    def export(self, request: ExportRequest, progress: Progress) -> Issued:
        self.made.append(request)
        progress.start("正在写出", 100, "个台区")
        progress.step(40)
        self._wait(progress)
        if self.refused is not None:
            raise self.refused
        return Issued(issued(request, self.answer), [(why.why, why.count) for why in self.answer.seen.reasons])

    def archive(self) -> Archive:
        self._maybe_fail()
        return Archive(self.listed, TITLES, {view.number: list(view.held.items()) for view in self.listed})

    def hand_out(self, number: str, folder: Path, _progress: Progress) -> Path:
        if self.refused is not None:
            raise self.refused
        self.copies.append((number, folder))
        return folder / number

    def _wait(self, progress: Progress) -> None:
        while not self.hold.wait(0.01):
            progress.check()

    def _maybe_fail(self) -> None:
        if self.broken is not None:
            raise self.broken


def issued(request: ExportRequest, seen: Ahead) -> Manifest:
    """What an export of the whole look ahead says."""
    file = ExportedFile(request.folder / "计量箱普查表.xlsx", "9f86d081", seen.seen.records)
    made = Manifest(
        str(request.system), (file,), seen.seen.records, seen.seen.held, "陈思远", NOW.isoformat(), request.options.purpose,
        "DC261122-02", counts=seen.seen.counts, added=1204, changed=87, removed=3, scope=request.scope,
        folder=request.folder / "DC261122-02",
    )  # fmt: skip
    if not seen.seen.records:
        return replace(made, files=(), number="", folder=None)
    return replace(made, number="", test=True) if request.test else made


def offline() -> KnownError:
    """The database is away."""
    return KnownError("store.offline", "数据库连接已断开", "请检查网络，然后重试")
