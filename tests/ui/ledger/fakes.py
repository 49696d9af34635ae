"""A ledger without a database: files with healed and refused cells, a small network."""

import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from lvdesk.kit.errors import KnownError, RefusedError
from lvdesk.kit.progress import Progress
from lvdesk.kit.table import Cell, Column, Row
from lvdesk.ledger.deskcheck_candidates import Candidates
from lvdesk.ledger.deskcheck_model import Mark, Marked
from lvdesk.ledger.model import (
    ColumnMatch,
    Counts,
    FileReport,
    Finding,
    Healed,
    ImportRequest,
    ImportResult,
    Preview,
    Refused,
    SampleRow,
    SheetReport,
)  # fmt: skip
from lvdesk.network.browsing import Node
from lvdesk.network.changed import Changed
from lvdesk.network.editing import Checked, Edit
from lvdesk.network.records import FieldValue, Link, Record
from ui.models.source import CellEdit, ListSource

_HEADS = (
    ("用户编号", "customer.customer_no", "alias"),
    ("户名", "customer.name", "likeness"),
    ("表条码", "meter.bar_code", "alias"),
    ("备注", "", ""),
)
_TITLES = {
    "customer.customer_no": "用户编号",
    "customer.name": "用户名称",
    "meter.bar_code": "电能表条形码",
    "customer.address": "用电地址",
}


def sheet(name: str = "低压用户台账", template: str = "customer_ledger", **changes: Any) -> SheetReport:
    """A customer ledger of 40 rows with one healed and one refused cell."""
    mapping = tuple(
        ColumnMatch(place + 1, "ABCD"[place], head, field, _TITLES.get(field, ""), how, {"alias": 1.0, "likeness": 0.72}.get(how, 0.0))
        for place, (head, field, how) in enumerate(_HEADS)
    )
    marks = {4: {2: Cell("healed", "去除首尾空格")}, 6: {3: Cell("error", "编号被 Excel 科学计数法损坏")}}
    rows = tuple(
        SampleRow(n, (f"42097470{n:02d}", f"张{n}", "4.13E+21" if n == 6 else f"41300051531160154{n:05d}", ""), marks.get(n, {}))
        for n in range(3, 43)
    )
    report: dict[str, Any] = {
        "template_title": "低压用户台账" if template else "", "entity": "customer", "score": 0.93, "header_row": 2, "header_rows": (2,),
        "mapping": mapping if template else (), "rows_in": 40, "rows_stored": 40, "new": 38, "changed": 2, "sample": rows,
        "entities": {"customer": Counts(38, 2, 1, 0, 1, 0), "meter": Counts(40, 0, 0, 0, 0, 0)} if template else {},
        "samples": {"customer.changed": ("4209747003 用户名称：张三 → 张叁",), "customer.gone": ("4209740000",)},
        "healed": (Healed(4, "customer.name", "B", " 张4", "张4", "去除首尾空格"),),
        "refused": (Refused(6, "meter.bar_code", "C", "4.13E+21", "编号被 Excel 科学计数法损坏，没有可恢复的证据"),),
        "findings": (Finding("warning", 9, "customer.name", "户名与上次不同"),), "skipped": (("合计行", 1),), "notes": ("表头在第 2 行",),
    }  # fmt: skip
    return SheetReport(name, template=template, **(report | changes))


class FakeLedger:
    """Services whose answers the test sets; ``hold`` keeps preview and load waiting until set."""

    def __init__(self) -> None:
        self.requests: list[ImportRequest] = []
        self.loaded: list[Preview] = []
        self.undone: list[int] = []
        self.edits: list[tuple[str, tuple[CellEdit, ...]]] = []
        self.files: dict[str, FileReport] = {}
        self.error: Exception | None = None
        self.hold = threading.Event()
        self.hold.set()
        self.nodes = network()
        self.absent: set[str] = set()
        self.blanks: list[tuple[str, Path]] = []

    def preview(self, request: ImportRequest, progress: Progress) -> Preview:
        self.requests.append(request)
        self._wait(progress)
        if self.error:
            raise self.error
        return Preview("key", request, tuple(self._report(path, request) for path in request.paths))

    def load(self, preview: Preview, progress: Progress) -> ImportResult:
        self._wait(progress)
        self.loaded.append(preview)
        files = tuple(FileReport(f.path, status="imported" if f.status == "ready" else f.status, sheets=f.sheets) for f in preview.files)
        return ImportResult(files, "导入 1 个文件", 7, Changed.NETWORK | Changed.BATCHES | Changed.HISTORY)

    def undo(self, entry: int) -> Changed:
        self.undone.append(entry)
        return Changed.NETWORK | Changed.HISTORY

    def templates(self) -> Sequence[tuple[str, str]]:
        return (("customer_ledger", "低压用户台账"), ("box_survey", "计量箱普查表"))

    def fields(self, template: str) -> Sequence[tuple[str, str]]:
        return tuple(_TITLES.items())

    def code_names(self) -> Mapping[str, Mapping[str, str]]:
        return {}

    def blank(self, template: str, target: Path) -> None:
        target.write_bytes(b"")
        self.blanks.append((template, target))

    def entities(self) -> Sequence[tuple[str, str]]:
        return (
            ("substation", "变电站"),
            ("feeder", "线路"),
            ("transformer_area", "台区"),
            ("meter_box", "计量箱"),
            ("meter", "电能表"),
            ("customer", "用户"),
        )

    def counts(self) -> Mapping[str, int]:
        return {key: len(self._rows(key)) for key, _title in self.entities()}

    def children(self, node: Node | None) -> Sequence[Node]:
        if self.error:
            raise self.error
        return self.nodes.get((node.entity, node.key) if node else ("", ""), ())

    def table(self, entity: str, scope: Node | None) -> ListSource:
        columns = (
            Column("no", "编号", "identifier", 140),
            Column("name", "名称", "text", 180, editable=True),
            Column("status", "状态", "code", 90),
        )
        found = self._rows(entity) if scope is None else self._below(entity, scope)
        marks = {"no": Cell("warning", "不再列出")}
        return ListSource(columns, [Row(n.id, (n.key, n.title, "运行"), marks if n.key in self.absent else {}) for n in found])

    def show(self, entity: str, key: str | int) -> Record:
        for node in self._rows(entity):
            if key in {node.key, node.id}:
                return record(node, self._path(node))
        raise KnownError("show.missing", f"没有找到 {key}", "请检查编号，或先导入包含它的台账")

    def check(self, entity: str, edits: Sequence[CellEdit]) -> Sequence[Checked]:
        return [Checked(Edit(e.id, e.column, e.text), e.text, "名称不能含问号" if "?" in e.text else "") for e in edits]

    def edit(self, entity: str, edits: Sequence[CellEdit], versions: Mapping[int, int]) -> Changed:
        if any("?" in each.text for each in edits):
            raise RefusedError("edit.invalid", "名称不能含问号", "请改正后再保存")
        self.edits.append((entity, tuple(edits)))
        return Changed.NETWORK | Changed.HISTORY

    def _wait(self, progress: Progress) -> None:
        progress.start("正在读取", 40)
        while not self.hold.wait(0.01):
            progress.check()

    def _report(self, path: Path, request: ImportRequest) -> FileReport:
        known = self.files.get(path.name)
        if known is not None:
            return FileReport(path, status=known.status, reason=known.reason, hint=known.hint, kind=known.kind, sheets=known.sheets)
        skipped = {name for (where, name), choice in request.choices.items() if choice.skip and where == str(path)}
        return FileReport(path, "ab12", status="ready", kind="xlsx", sheets=(sheet(rows_in=0 if "低压用户台账" in skipped else 40),))

    def _rows(self, entity: str) -> list[Node]:
        return [node for nodes in self.nodes.values() for node in nodes if node.entity == entity]

    def _below(self, entity: str, scope: Node) -> list[Node]:
        if scope.entity == entity:
            return [scope]
        found, waiting = [], list(self.nodes.get((scope.entity, scope.key), ()))
        while waiting:
            node = waiting.pop(0)
            waiting += self.nodes.get((node.entity, node.key), ())
            found += [node] if node.entity == entity else []
        return found

    def _path(self, node: Node) -> list[Node]:
        above = next(((key, nodes) for key, nodes in self.nodes.items() if node in nodes), None)
        if above is None or not above[0][0]:
            return [node]
        parent = next(each for nodes in self.nodes.values() for each in nodes if (each.entity, each.key) == above[0])
        return [*self._path(parent), node]


def network() -> dict[tuple[str, str], tuple[Node, ...]]:
    """Two feeders, three areas, boxes and customers below the first."""
    boxes = tuple(Node("meter_box", 40 + n, f"33300090000000000{n:05d}", f"33300090000000000{n:05d}", 2, leaf=False) for n in range(6))
    people = {
        ("meter_box", box.key): tuple(
            Node("customer", box.id * 10 + n, f"42097{box.id}{n}", f"张{box.id}{n}", 0, leaf=True) for n in range(2)
        )
        for box in boxes
    }
    return {
        ("", ""): (Node("substation", 1, "3301", "110kV城东变", 2, leaf=False),),
        ("substation", "3301"): (
            Node("feeder", 2, "F11", "10kV文一线", 2, leaf=False),
            Node("feeder", 3, "F12", "10kV文二线", 0, leaf=False),
        ),
        ("feeder", "F11"): (
            Node("transformer_area", 4, "A1", "文晖路1#公变", 6, leaf=False),
            Node("transformer_area", 5, "A2", "文晖路2#公变", 0, leaf=False),
        ),
        ("transformer_area", "A1"): boxes,
        **people,
    }


def record(node: Node, path: Sequence[Node]) -> Record:
    """A record with one value by a ledger file and one that another source disputes."""
    origin = ("marketing", "营销系统", "台账.xlsx", "用户", 7, "2026-11-22T10:12:00+08:00", "陈思远")
    fields = (
        FieldValue("name", "名称", node.title, node.title, f" {node.title}", *origin, "text", editable=True, others=("王五",)),
        FieldValue("no", "编号", node.key, node.key, node.key, *origin, "identifier", editable=False),
        FieldValue("phone", "电话", "", "", "", "marketing", "营销系统", "", "", 0, "", "", "text", editable=True),
    )  # fmt: skip
    links = tuple(Link(each.entity, each.key, each.title) for each in path)
    return Record(
        node.entity,
        "用户" if node.entity == "customer" else "台区",
        node.id,
        node.key,
        node.title,
        3,
        absent=False,
        fields=fields,
        path=links,
        children=(("meter", "电能表", 1),),
        related=(),
    )


class FakeDesk:
    """A desk check that never found anybody and has no marks."""

    def find(self, progress: Progress) -> Candidates:
        raise KnownError("db.locked", "数据库正被另一个程序占用", "请关闭它后重试")

    def refreshed(self, present: Candidates) -> Candidates:
        return present

    def mark(self, seen: Candidates, ids: Sequence[int], given: tuple[str, str], progress: Progress) -> Marked:
        raise NotImplementedError

    def unmark(self, seen: Candidates, ids: Sequence[int], progress: Progress) -> Marked:
        raise NotImplementedError

    def mark_of(self, record: int) -> Mark | None:
        return None
