"""A small station without a database, for the window's frame and for the states a real station seldom is in."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from lvdesk.kit.errors import KnownError
from lvdesk.kit.settings import Settings
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


@dataclass(frozen=True)
class FakeHit:
    entity: str
    entity_title: str
    key: str
    title: str
    detail: str


HITS = (
    FakeHit("customer", "用户", "4209747019", "张三", "文一路 18 号 2 单元 301"),
    FakeHit("customer", "用户", "4209747020", "张思源", "文一路 20 号"),
    FakeHit("transformer_area", "台区", "0312040021", "文晖路3号公变", "文一 F11 线"),
    FakeHit("meter_box", "计量箱", "3330009000000012345678", "文晖路箱 12", "3 行 × 4 列"),
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

    def search(self, words: str, limit: int) -> Sequence[FakeHit]:
        return [hit for hit in HITS if words in hit.title + hit.key + hit.detail][:limit]


@dataclass(frozen=True)
class FakeStep:
    key: str
    title: str
    count: int
    detail: str
    waiting: int
    enabled: bool = True


STEPS = (
    FakeStep("import", "台账导入", 11, "11 条线路，6,859 户已入库", 0),
    FakeStep("desk_check", "室内核实", 42, "已核实 42 户，销户候选 18 户", 18),
    FakeStep("packages", "采录任务包", 0, "", 0, enabled=False),
    FakeStep("returns", "现场返回", 0, "", 0, enabled=False),
    FakeStep("check", "模板校验", 0, "", 0, enabled=False),
    FakeStep("marketing", "营销确认", 0, "", 0, enabled=False),
    FakeStep("operations", "运检确认", 0, "", 0, enabled=False),
    FakeStep("export", "导出归档", 0, "", 0, enabled=False),
    FakeStep("receipts", "系统回执", 0, "", 0, enabled=False),
    FakeStep("feedback", "电源反馈与贯通", 0, "", 0, enabled=False),
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
