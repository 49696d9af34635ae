"""A checked station without a database: three rules that found something, one that lacked its data."""

import threading
from array import array
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from lvdesk.checks.book import BookChanges
from lvdesk.checks.checking import CheckState, Report, RuleRun
from lvdesk.checks.engine import Skipped
from lvdesk.checks.findings import FindingView, Group
from lvdesk.checks.fixing import Fixed
from lvdesk.checks.marking import MarkSource
from lvdesk.checks.tuning import Effect, ParameterView, RuleView
from lvdesk.kit.errors import RefusedError
from lvdesk.kit.progress import Progress
from lvdesk.kit.table import Cell, Column, Query, Row
from lvdesk.network.changed import Changed
from tests.ui.shell.fakes import NOW
from ui.models.source import ListSource
from ui.panes.checks.loading import Given, Present, Typed, Wanted

TITLES = {"Q11": "一表多箱", "Q22": "代码值不在代码表中", "Q33": "表位超容", "Q50": "超出供电半径"}
AREAS = {"A1": "文晖路1#公变", "A2": "文晖路2#公变"}
NAMES = {"error": "错误", "warning": "警告", "info": "提示"}
_COLUMNS = tuple(
    Column(key, title, kind)
    for key, title, kind in (
        ("number", "编号", "number"), ("severity", "程度", "code"), ("rule", "规则", "text"), ("title", "规则名称", "text"),
        ("entity", "对象", "text"), ("key", "对象编号", "identifier"), ("field", "字段", "text"), ("value", "现值", "text"),
        ("message", "问题", "text"), ("area", "台区", "text"), ("file", "文件", "text"), ("sheet", "工作表", "text"),
        ("row", "行", "number"), ("state", "处理情况", "text"),
    )
)  # fmt: skip


def finding(number: int, rule: str = "Q22", **changes: Any) -> FindingView:
    """A finding on a customer; the value is ``旧值`` with a suggestion unless told otherwise."""
    key = f"42097470{number:02d}"
    values: dict[str, Any] = {
        "id": number, "rule": rule, "rule_title": TITLES[rule], "family": "format", "severity": "error", "entity": "customer",
        "entity_title": "用户", "record": number, "key": key, "field": "status", "field_title": "用户状态", "value": "旧值",
        "message": f"用户 {key} 的用户状态“旧值”不在代码表中", "what": "代码不在代码表中", "fix": "改为代码表中的值",
        "suggestion": (("status", "用户状态", "正常用电客户"),), "file": "10kV文一线.xlsx", "sheet": "低压用户台账", "row": number + 2,
        "area_no": "A1" if number % 2 else "A2", "area_name": AREAS["A1" if number % 2 else "A2"], "state": "open", "reason": "",
        "person": "", "at": "", "expires_on": "", "found_at": "2026-11-22T10:26:00+08:00", "resolved_at": "",
    }  # fmt: skip
    return FindingView(**(values | changes))


def rule(code: str, **changes: Any) -> RuleView:
    """A rule of the book."""
    values: dict[str, Any] = {
        "code": code, "family": "format", "family_title": "规范性", "title": TITLES[code], "what": "代码不在代码表中",
        "where": "用户的状态",
        "fix": "改为代码表中的值", "certain": True, "source": "营销代码规范", "enabled": True, "severity": "error",
        "default_severity": "error", "parameters": (), "changed": False,
    }  # fmt: skip
    return RuleView(**(values | changes))


DISTANCE = ParameterView("max_distance_m", "最大距离", "number", "米", 500, 500, 50, 5000)
WORDS = ParameterView("words", "忽略的词", "list", "", ["测试", "虚拟"], ["测试"], None, None)


@dataclass
class FakeChecks:
    """Services whose answers the test sets; ``hold`` keeps a check waiting until set."""

    findings: dict[int, FindingView] = field(default_factory=dict)
    ran: bool = True
    stale: bool = False
    error: Exception | None = None
    edits: list[Typed] = field(default_factory=list)
    written: list[tuple[Path, tuple[int, ...], bool]] = field(default_factory=list)
    stored: list[dict[str, dict[str, Any]]] = field(default_factory=list)
    checks: int = 0

    def __post_init__(self) -> None:
        self.hold = threading.Event()
        self.hold.set()
        self.book = {
            "Q11": rule("Q11", family="uniqueness", family_title="唯一性"),
            "Q22": rule("Q22", parameters=(WORDS,), changed=True),
            "Q33": rule("Q33", family="consistency", family_title="一致性"),
            "Q50": rule(
                "Q50", family="spatial", family_title="空间", severity="warning", default_severity="warning", certain=False,
                parameters=(DISTANCE,),
            ),
        }  # fmt: skip

    def _in(self, state: str) -> list[FindingView]:
        return [each for each in self.findings.values() if each.state == state]

    def state(self) -> CheckState:
        if self.error:
            raise self.error
        if not self.ran:
            return CheckState("", "", False, {}, 0, 0, (), ())
        found = self._in("open")
        counts = {level: sum(each.severity == level for each in found) for level in NAMES}
        runs = tuple(
            RuleRun(code, title, "format", sum(each.rule == code for each in found)) for code, title in TITLES.items() if code != "Q50"
        )
        skipped = (Skipped("Q50", "没有一条计量箱记录有“经度”"),)
        return CheckState(
            NOW.isoformat(), "陈思远", self.stale, counts, len(self._in("excepted")), len(self._in("resolved")), runs, skipped
        )

    def check(self, progress: Progress) -> Report:
        progress.start("正在检查", 40, "条规则")
        while not self.hold.wait(0.01):
            progress.check()
        self.checks += 1
        self.ran, self.stale = True, False
        for number, each in list(self.findings.items()):
            if each.state == "open" and each.value != "旧值":
                self.findings[number] = replace(each, state="resolved", resolved_at=NOW.isoformat())
        state = self.state()
        return Report(state.rules_run, state.rules_skipped, state.counts, 2, 1, state.excepted, Changed.CHECKS)

    def groups(self, by: str, state: str) -> Sequence[Group]:
        made: dict[str, Group] = {}
        for each in self._in(state):
            key, title = self._group(each, by)
            old = made.get(key, Group(key, title, key if by == "rule" else "", 0, 0, 0, 0))
            name, excepted = f"{each.severity}s", int(state == "excepted")
            made[key] = replace(old, excepted=old.excepted + excepted, **{name: getattr(old, name) + 1})
        return list(made.values())

    def table(self, wanted: Wanted) -> "_Live":
        return _Live(lambda: self._rows(wanted))

    def _rows(self, wanted: Wanted) -> list[Row]:
        if self.error:
            raise self.error
        return [_row(each) for each in self._in(wanted.state) if wanted.key is None or self._group(each, wanted.by)[0] == wanted.key]

    def show(self, finding: int) -> FindingView:
        return self.findings[finding]

    def present(self, finding: FindingView) -> Present | None:
        if finding.record is None:
            return None
        names = ("正常用电客户", "已销户客户") if finding.field == "status" else ()
        return Present(finding.record, finding.value, 1, finding.field != "customer_no", names)

    def verdict(self, typed: Typed) -> str:
        return "用户名称：不能含有问号" if "?" in typed.text else ""

    def edit(self, typed: Typed) -> Changed:
        if "?" in typed.text:
            raise RefusedError("edit.invalid", "没有保存：用户名称：不能含有问号", "请改正")
        self.edits.append(typed)
        self.findings[typed.record] = replace(self.findings[typed.record], value=typed.text)
        self.stale = True
        return Changed.NETWORK | Changed.HISTORY

    def alike(self, finding: int) -> Sequence[int]:
        chosen = self.findings[finding]
        return [each.id for each in self._in("open") if (each.rule, each.field) == (chosen.rule, chosen.field) and each.suggestion]

    def apply(self, findings: Sequence[int], progress: Progress) -> Fixed:
        for number in findings[:-1] if len(findings) > 2 else findings:
            old = self.findings[number]
            self.findings[number] = replace(old, value=old.suggestion[0][2])
        self.stale = True
        refused = ((findings[-1], "记录已被别人修改"),) if len(findings) > 2 else ()
        return Fixed(len(findings) - len(refused), refused, 7, Changed.NETWORK | Changed.HISTORY)

    def accept(self, findings: Sequence[int], reason: str, expires_on: str | None, progress: Progress) -> Changed:
        for number in findings:
            old = self.findings[number]
            self.findings[number] = replace(
                old, state="excepted", reason=reason, person="陈思远", at=NOW.isoformat(), expires_on=expires_on or ""
            )
        return Changed.CHECKS | Changed.HISTORY

    def withdraw(self, findings: Sequence[int]) -> Changed:
        for number in findings:
            self.findings[number] = replace(self.findings[number], state="open", reason="")
        return Changed.CHECKS | Changed.HISTORY

    def rules(self) -> Sequence[RuleView]:
        if self.error:
            raise self.error
        return list(self.book.values())

    def change(self, given: Given) -> Changed:
        self.stored.append({code: dict(each) for code, each in given.items()})
        for code, values in given.items():
            old = self.book[code]
            parameters = tuple(replace(each, value=values.get(each.name, each.value)) for each in old.parameters)
            own = {name: value for name, value in values.items() if name in {"enabled", "severity"}}
            self.book[code] = replace(old, parameters=parameters, changed=True, **own)
        return Changed.CHECKS | Changed.HISTORY

    def what_if(self, given: Given, progress: Progress) -> Sequence[Effect]:
        progress.start("正在试算", len(given), "条规则")
        return [
            Effect(code, TITLES[code], 40, 40 + 12 * (place + 1), ("箱 12 距台区 612 米",), ("箱 7 距台区 480 米",))
            for place, code in enumerate(sorted(given))
        ]

    def write_book(self, path: Path) -> None:
        path.write_bytes(b"book")

    def read_book(self, path: Path) -> BookChanges:
        changes: dict[str, dict[str, Any]] = {"Q50": {"max_distance_m": 800}}
        return BookChanges(changes, ("Q50 超出供电半径：最大距离 500 → 800 米",), ("第 9 行：没有规则“Q99”",))

    def sources(self) -> Sequence[MarkSource]:
        return (MarkSource(1, "10kV文一线.xlsx", 12), MarkSource(2, "10kV文二线.xlsx", 3))

    def export(self, folder: Path, batches: Sequence[int], progress: Progress, *, plain: bool) -> Sequence[Path]:
        self.written.append((folder, tuple(batches), plain))
        return (folder / "问题清单.xlsx",)

    @staticmethod
    def _group(each: FindingView, by: str) -> tuple[str, str]:
        chosen: Mapping[str, tuple[str, str]] = {
            "rule": (each.rule, each.rule_title),
            "area": (each.area_no, each.area_name),
            "field": (f"{each.entity}.{each.field}", f"{each.entity_title} · {each.field_title}"),
        }
        return chosen[by]


class _Live(ListSource):
    """Rows as they are when they are asked for."""

    def __init__(self, now: Callable[[], list[Row]]) -> None:
        super().__init__(_COLUMNS, ())
        self._now = now

    def ids(self, query: Query) -> "array[int]":
        self._rows = {row.id: row for row in self._now()}
        return super().ids(query)


def _row(each: FindingView) -> Row:
    values = (
        str(each.id), NAMES[each.severity], each.rule, each.rule_title, each.entity_title, each.key, each.field_title, each.value,
        each.message, each.area_name, each.file, each.sheet, str(each.row), each.state,
    )  # fmt: skip
    return Row(each.id, values, {"severity": Cell(each.severity, each.message)})


def usual() -> dict[int, FindingView]:
    """Eight with a suggestion, three warnings without, one on a row that is no record, one info."""
    made = [finding(number) for number in range(1, 9)]
    made += [
        finding(number, "Q33", severity="warning", suggestion=(), field="name", field_title="用户名称", message=f"箱 {number} 有 9 块表")
        for number in range(9, 12)
    ]
    made.append(finding(12, "Q11", record=None, suggestion=()))
    made.append(finding(13, "Q11", severity="info", suggestion=(), field="customer_no", field_title="用户编号"))
    return {each.id: each for each in made}
