"""A small station without a database, for the window's frame and for the states a real station seldom is in."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from lvdesk.history import Entry
from lvdesk.kit.errors import KnownError
from lvdesk.kit.progress import Progress
from lvdesk.kit.settings import Settings
from lvdesk.network.counting import LoopStep
from lvdesk.network.searching import Hit
from ui.panes.history.loading import ChangeLine, OriginLine
from ui.panes.workbench.loading import Overview, Recent

NOW = datetime(2026, 11, 22, 14, 32, tzinfo=UTC)


class FakeWorkspace:
    def __init__(self, folder: Path, title: str = "城东供电所", person: str = "陈思远") -> None:
        self.folder = folder
        self.settings = Settings(folder / "settings.json")
        self.store = SimpleNamespace(person=person)
        self._title = title

    @property
    def title(self) -> str:
        return str(self.settings.get("title", self._title))

    @property
    def person(self) -> str:
        return str(self.store.person)

    def clock(self) -> datetime:
        return NOW

    def close(self) -> None:
        pass


HITS = (
    Hit("customer", "用户", 1, "4209747019", "张三", "文一路 18 号 2 单元 301"),
    Hit("customer", "用户", 2, "4209747020", "张思源", "文一路 20 号"),
    Hit("transformer_area", "台区", 3, "0312040021", "文晖路3号公变", "文一 F11 线"),
    Hit("meter_box", "计量箱", 4, "3330009000000012345678", "文晖路箱 12", "3 行 × 4 列"),
)


@dataclass
class FakeServices:
    """The frame's services: undo and redo walk through ``done`` and ``undone``."""

    done: list[str] = field(default_factory=lambda: ["导入 11 个文件"])
    undone: list[str] = field(default_factory=list)
    broken: bool = False
    backups: list[str] = field(default_factory=lambda: ["2026-11-22T10:26:00+00:00"])

    def labels(self) -> tuple[str, str]:
        return (self.done[-1] if self.done else ""), (self.undone[-1] if self.undone else "")

    def undo(self) -> Any:
        if self.broken:
            raise KnownError("store.offline", "数据库连接已断开", "请检查网络后重试")
        self.undone.append(self.done.pop())

    def redo(self) -> Any:
        self.done.append(self.undone.pop())

    def backup(self) -> Any:
        self.backups.append(NOW.isoformat())

    def last_backup(self) -> str:
        return max(self.backups, default="")

    def search(self, words: str, limit: int) -> Sequence[Hit]:
        return [hit for hit in HITS if words in hit.title + hit.key + hit.detail][:limit]


STEPS = (
    LoopStep("import", "台账导入", 11, "11 条线路，6,859 户已入库", 0, enabled=True),
    LoopStep("deskcheck", "室内核实", 42, "已核实 42 户，销户候选 18 户", 18, enabled=True),
    LoopStep("packages", "采录任务包", 0, "", 0, enabled=False),
    LoopStep("returns", "现场返回", 0, "", 0, enabled=False),
    LoopStep("checks", "模板校验", 0, "", 0, enabled=False),
    LoopStep("marketing", "营销确认", 0, "", 0, enabled=False),
    LoopStep("operations", "运检确认", 0, "", 0, enabled=False),
    LoopStep("export", "导出归档", 0, "", 0, enabled=False),
    LoopStep("receipts", "系统回执", 0, "", 0, enabled=False),
    LoopStep("feedback", "电源反馈与贯通", 0, "", 0, enabled=False),
)
COUNTS = {"substation": 1, "feeder": 11, "transformer_area": 97, "meter_box": 2709, "customer": 6859}
RECENT = (
    Recent(41, "导入 11 个文件（低压用户台账）", "今天 10:26 · 陈思远 · 新增 24,518", undone=False),
    Recent(38, "导入 02_台区台账.xlsx", "昨天 17:40 · 陈思远 · 新增 97 · 更新 3", undone=False),
    Recent(35, "导入 03_低压用户_文一F11线.xlsx", "11-20 09:12 · 李海燕 · 新增 612", undone=True),
    Recent(31, "导入 01_变电站线路清单.xlsx", "11-20 09:02 · 李海燕 · 新增 12", undone=False),
)
LOADED = Overview(COUNTS, STEPS, RECENT)
EMPTY = Overview(dict.fromkeys(COUNTS, 0), tuple(replace(step, count=0, waiting=0, detail="") for step in STEPS), ())


@dataclass
class FakeOverview:
    """The workbench's services."""

    answer: Overview = LOADED
    broken: bool = False

    def overview(self, _workspace: object) -> Overview:
        if self.broken:
            raise KnownError("store.offline", "数据库连接已断开", "请检查网络，然后重试")
        return self.answer


def entry(number: int, label: str, at: str, summary: str, person: str = "陈思远", *, undone: bool = False, is_undo: bool = False) -> Entry:
    return Entry(number, label, person, at, summary, undone, is_undo, digest="")


@dataclass(frozen=True)
class FakeBackup:
    path: Path
    reason: str
    at: str
    rows: int


ENTRIES = (
    entry(44, "销户标注 12 户", "2026-11-22T11:05:00+00:00", "修改用户 12"),
    entry(43, "撤销：修改 张三 的用电地址", "2026-11-22T10:52:00+00:00", "修改用户 1", is_undo=True),
    entry(42, "修改 张三 的用电地址", "2026-11-22T10:48:00+00:00", "修改用户 1", "李海燕", undone=True),
    entry(41, "导入 11 个文件", "2026-11-22T10:26:00+00:00", "新增用户 6859、新增电能表 7010、新增计量箱 2709"),
    entry(38, "导入 02_台区台账.xlsx", "2026-11-21T17:40:00+00:00", "新增台区 97、修改台区 3"),
    entry(31, "导入 01_变电站线路清单.xlsx", "2026-11-20T09:02:00+00:00", "新增变电站 1、新增线路 11", "李海燕"),
)
BACKUPS = (
    FakeBackup(Path("station-20261122-1026-导入前.db"), "导入前", "2026-11-22T10:26:00+00:00", 24518),
    FakeBackup(Path("station-20261121-1802-手动.db"), "手动", "2026-11-21T18:02:00+00:00", 112),
)


class FakeHistory:
    """The history's services over lists."""

    def __init__(self, entries: Sequence[Entry] = ENTRIES, problems: Sequence[str] = (), *, broken: bool = False) -> None:
        self.journal, self.problems, self.broken = list(entries), list(problems), broken
        self.saved: list[FakeBackup] = list(BACKUPS)
        self.restored: list[Path] = []

    def entries(self, before: int | None, limit: int, text: str) -> Sequence[Entry]:
        if self.broken:
            raise KnownError("store.offline", "数据库连接已断开", "请检查网络，然后重试")
        return [entry for entry in self.journal if (before is None or entry.id < before) and text in entry.label][:limit]

    def detail(self, entry: int, start: int, limit: int) -> Sequence[ChangeLine]:
        lines = [
            ChangeLine(
                "update", "用户", f"42097470{number:02d}", "用户状态", "正常用电客户", "当前新装客户" if number % 3 else "已销户客户"
            )
            for number in range(12)
        ]
        return (
            lines
            if entry != 42
            else [ChangeLine("修改", "用户", "4209747019", "用电地址", "文一路18号2单元301", "文一路 18 号 2 单元 301")]
        )

    def undo(self, entry: int) -> Any:
        self.journal = [replace(old, undone=True) if old.id == entry else old for old in self.journal]

    def verify(self, progress: Progress) -> Sequence[str]:
        return self.problems

    def backups(self) -> Sequence[FakeBackup]:
        return self.saved

    def backup(self, progress: Progress) -> Any:
        self.saved.insert(0, FakeBackup(Path("new.db"), "手动", NOW.isoformat(), 24518))

    def restore(self, path: Path, progress: Progress) -> Any:
        self.restored.append(path)

    def origin(self, entity: str, key: str) -> tuple[str, Sequence[OriginLine]]:
        if key != "4209747019":
            raise KnownError("record.unknown", f"没有编号为 {key} 的记录", "请核对编号")
        place = "03_低压用户台账_文一F11线.xlsx · 用户明细 第 218 行"
        return "张三", [
            OriginLine("户号", "4209747019", "'4209747019", "营销", place, "2026-11-22 10:26", "陈思远"),
            OriginLine("户名", "张三", "张三", "营销", place, "2026-11-22 10:26", "陈思远"),
            OriginLine("用电地址", "文一路 18 号 2 单元 301", "文一路１８号2单元301", "营销", place, "2026-11-22 10:26", "陈思远"),
        ]

    def entities(self) -> Sequence[tuple[str, str]]:
        return [("transformer_area", "台区"), ("customer", "用户"), ("meter_box", "计量箱")]
