"""The rule book as one workbook in plain Chinese: written for Excel, changed there, read back as changes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from lvdesk.checks.book_sheet import PARAMETER_SHEET, RULE_SHEET, severity, write
from lvdesk.checks.registry import discover
from lvdesk.checks.rulebook_values import ValueFault, checked, parsed, shown
from lvdesk.checks.tuning import ParameterView, RuleView, rules
from lvdesk.kit.errors import KnownError
from lvdesk.tabular.guard import Reader
from lvdesk.workspace import Workspace

_READ: Final = "lvdesk.tabular.reading:everything"
_HEAD_ROWS: Final = 20
_KEYS: Final = {RULE_SHEET: "编号", PARAMETER_SHEET: "规则编号"}
_SETTINGS: Final = {"enabled": "启用", "severity": "严重程度"}

Cells = Mapping[str, str]


@dataclass(frozen=True)
class BookChanges:
    """What a workbook would change: settings by rule, the same in words, and what could not be understood and stays as it is."""

    changes: dict[str, dict[str, Any]] = field(default_factory=dict)
    lines: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


def write_book(ws: Workspace, path: Path) -> None:
    """Writes all rules with their present settings; an existing file is replaced only when the new one is whole.

    Raises:
        KnownError: ``file.in_use``, ``file.not_writable``.
    """
    write(rules(ws), path)


def read_book(ws: Workspace, path: Path) -> BookChanges:
    """What the workbook says differently from the present settings; nothing is written. An emptied cell stands for the shipped value.

    Raises:
        KnownError: ``rules.not_a_book``, or ``file.…`` when it cannot be read.
    """
    sheets = _tables(path)
    if not sheets:
        hint = "请先导出规则手册，在导出的文件中修改后再导入"
        raise KnownError("rules.not_a_book", f"{path.name} 里没有“{RULE_SHEET}”或“{PARAMETER_SHEET}”工作表", hint)
    comparison = _Comparison({view.code: view for view in rules(ws)})
    for row, cells in sheets.get(RULE_SHEET, ()):
        comparison.rule(f"工作表“{RULE_SHEET}”第 {row} 行", cells)
    for row, cells in sheets.get(PARAMETER_SHEET, ()):
        comparison.parameter(f"工作表“{PARAMETER_SHEET}”第 {row} 行", cells)
    return comparison.result()


class _Comparison:
    """The rules as they are set, beside what the workbook says."""

    def __init__(self, present: Mapping[str, RuleView]) -> None:
        self._present = present
        self._changes: dict[str, dict[str, Any]] = {}
        self._lines: list[str] = []
        self._problems: list[str] = []
        self._seen: dict[tuple[str, str], str] = {}

    def rule(self, place: str, cells: Cells) -> None:
        """A row of the first sheet."""
        view = self._view(place, cells.get("编号", ""))
        if view is None:
            return
        now = {"enabled": (view.enabled, view.default_enabled), "severity": (view.severity, view.default_severity)}
        for name, title in _SETTINGS.items():
            if title in cells:
                self._compare(f"{place}“{title}”", (view, name, title), cells[title], now[name])

    def parameter(self, place: str, cells: Cells) -> None:
        """A row of the second sheet."""
        view = self._view(place, cells.get("规则编号", ""))
        if view is None:
            return
        named = [item for item in view.parameters if cells.get("代号", "").strip() == item.name]
        named = named or [item for item in view.parameters if cells.get("参数", "").strip() == item.title]
        if len(named) != 1:
            self._problems.append(f"{place}：规则 {view.code} 没有参数“{cells.get('参数', '').strip()}”")
        elif "取值" in cells:
            item = named[0]
            self._compare(f"{place}“取值”", (view, item.name, item.title), cells["取值"], (item.value, item.default))

    def result(self) -> BookChanges:
        """Everything compared so far."""
        return BookChanges(self._changes, tuple(self._lines), tuple(self._problems))

    def _view(self, place: str, code: str) -> RuleView | None:
        if not code.strip():
            self._problems.append(f"{place}：没有规则编号")
            return None
        view = self._present.get(str(parsed("code", code)).upper())
        if view is None:
            self._problems.append(f"{place}：没有规则“{code.strip()}”")
        return view

    def _compare(self, place: str, what: tuple[RuleView, str, str], text: str, values: tuple[Any, Any]) -> None:
        """One setting: its present value and the shipped one, beside the text of the cell."""
        view, name, title = what
        present, default = values
        item = next((item for item in view.parameters if item.name == name), None)
        before, text = _words(name, present, item), text.strip()
        if text == before:
            return
        try:
            value = _read(view, item or name, text, default)
        except ValueFault as fault:
            self._problems.append(
                f"{place}：规则 {view.code} {view.title}的{fault.title}{fault.reason}" + (f"，{fault.hint}" * bool(fault.hint))
            )
            return
        after = _words(name, default if value is None else value, item)
        if after != before and self._first(place, view.code, name, after):
            self._changes.setdefault(view.code, {})[name] = value
            unit = f" {item.unit}" if item and item.unit else ""
            self._lines.append(f"{view.code} {view.title}：{title} {before or '（空）'}{unit} → {after or '（空）'}{unit}")

    def _first(self, place: str, code: str, name: str, after: str) -> bool:
        """Whether no other row said something about this setting."""
        earlier = self._seen.setdefault((code, name), after)
        if earlier != after:
            self._problems.append(f"{place}：与前面的行重复且取值不同，按先出现的取值")
        return name not in self._changes.get(code, {})


def _read(view: RuleView, item: ParameterView | str, text: str, default: Any) -> Any:
    """The cell's value; None for an empty cell."""
    if not text:
        return None
    if isinstance(item, str):
        return checked(discover()[view.code], item, parsed(item, text))
    return checked(discover()[view.code], item.name, parsed(item.kind, text, item.unit), default)


def _words(name: str, value: Any, item: ParameterView | None) -> str:
    return severity(value) if item is None and name == "severity" else shown(value)


def _tables(path: Path) -> dict[str, list[tuple[int, Cells]]]:
    """The two sheets: (original row, cells by header) of every row that is not blank."""
    found: dict[str, list[tuple[int, Cells]]] = {}
    headers: dict[str, dict[int, str]] = {}
    with Reader() as reader:
        for message in reader.stream(_READ, (path,)):
            if not isinstance(message, tuple) or _plain(message[0]) not in {RULE_SHEET, PARAMETER_SHEET}:
                continue
            name, piece = _plain(message[0]), message[1]
            for row, texts in enumerate(piece.frame.iter_rows(), piece.first_row):
                cells = {index: text for index, text in enumerate(texts) if text is not None and text.strip()}
                if name in headers and cells:
                    found[name].append((row, {title: texts[index] or "" for index, title in headers[name].items() if index < len(texts)}))
                elif name not in headers and row <= _HEAD_ROWS and _KEYS[name] in map(_plain, cells.values()):
                    headers[name] = {index: _plain(text) for index, text in cells.items()}
                    found[name] = []
    return found


def _plain(text: str) -> str:
    return "".join(text.split())
