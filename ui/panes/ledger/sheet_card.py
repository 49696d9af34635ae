"""One sheet of an import: how it was recognised, what of it is taken, and everything behind the numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QFrame, QLabel, QSpinBox, QStackedWidget, QWidget

from lvdesk.ledger.model import FileReport, SheetChoice, SheetReport
from ui.jobs import Jobs
from ui.panes.ledger.difference_view import DifferenceView
from ui.panes.ledger.mapping_table import MappingTable
from ui.panes.ledger.report_tables import healed_table, kind_title, preview_table, refused_table, remarks_table
from ui.parts import Elided, chip, column, label, restyle, row
from ui.widgets.data_table import DataTable, EmptyText
from ui.widgets.segmented import Segmented
from ui.widgets.state_view import StateView
from ui.widgets.table_memory import Remembering

_NUMBERS = (("rows_in", "读入", ""), ("rows_stored", "入库", "success"), ("rows_refused", "整行拒收", "error"),
            ("healed", "治愈", "success"),
            ("new", "新增", ""), ("changed", "变更", "info"), ("gone", "不再列出", "warning"))  # fmt: skip
_TABS = (("preview", "预览"), ("mapping", "列对应"), ("healed", "治愈"), ("refused", "拒收"), ("difference", "差异"), ("remarks", "说明"))
_EMPTY = {
    "preview": EmptyText("sheet", "这张表没有可预览的数据", "请检查表头行是否正确，或改选模板"),
    "healed": EmptyText("check", "没有需要治愈的单元格", "所有值原样可用"),
    "refused": EmptyText("check", "没有被拒收的值", "读入的行全部可以入库"),
    "remarks": EmptyText("info", "没有其他说明"),
}
_TABLES = {"healed": healed_table, "refused": refused_table, "remarks": remarks_table}


class Numbers(QFrame):
    """A strip of numbers with their names."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("stat")
        self._values: dict[str, QLabel] = {}
        cells = []
        for key, title, level in _NUMBERS:
            number = label("0", "h2")
            number.setProperty("ink", level)
            self._values[key] = number
            cell = QWidget()
            column(label(title, "faint"), number, parent=cell, gap=0)
            cells.append(cell)
        line = row(*cells, parent=self, gap=10)
        line.setContentsMargins(14, 6, 14, 7)
        for place in range(len(cells)):
            line.setStretch(place, 1)

    def show_sheet(self, sheet: SheetReport) -> None:
        """Shows a sheet's numbers."""
        values = {key: getattr(sheet, key) for key, _title, _level in _NUMBERS if key != "healed"} | {"healed": len(sheet.healed)}
        for key, number in values.items():
            self._values[key].setText(f"{number:,}")
            self._values[key].setProperty("zero", "true" if not number else "false")
            restyle(self._values[key])

    def text(self, key: str) -> str:
        """The number shown under a key."""
        return self._values[key].text()


class SheetCard(QFrame):
    """Signals: decided(path, sheet name, SheetChoice)."""

    decided = Signal(object, str, object)

    def __init__(self, jobs: Jobs, settings: Remembering) -> None:
        super().__init__()
        self.setProperty("card", "true")
        self._file = FileReport(Path())
        self._sheet = SheetReport("")
        self._choice = SheetChoice()
        self._titles: Mapping[str, str] = {}
        self._names: Mapping[str, Mapping[str, str]] = {}
        self._filling = False
        self.name = Elided(role="")
        self.name.setObjectName("sheetName")
        self.kind, self.trust, self.hidden = chip(""), chip(""), chip("隐藏的工作表", "warning")
        self.template = QComboBox()
        self.template.setAccessibleName("模板")
        self.template.setMinimumWidth(210)
        self.header_row = QSpinBox()
        self.header_row.setRange(1, 999)
        self.header_row.setAccessibleName("表头所在行")
        self.header_row.setKeyboardTracking(False)
        self.header_row.lineEdit().setTextMargins(8, 0, 0, 0)
        self.skip = QCheckBox("不导入这张表")
        self.skip.setAccessibleName("不导入这张表")
        self.numbers = Numbers()
        self.tabs = Segmented(_TABS, name="这张表的内容")
        self.table = DataTable("import.preview", jobs, settings, name="表内容", bar_apart=True)
        self.table.frame.setProperty("card", "false")
        self.table.view.verticalHeader().hide()
        self.table.set_marked_levels(frozenset({"error", "warning", "healed"}))
        self.table.model.editing = False
        self.mapping = MappingTable()
        self.difference = DifferenceView()
        self.body = QStackedWidget()
        for page in (self.table, self.mapping, self.difference):
            self.body.addWidget(page)
        self._lay_out()
        self.template.activated.connect(lambda _place: self._choose_template())
        self.header_row.valueChanged.connect(self._choose_header)
        self.skip.toggled.connect(lambda on: self._decide(replace(self._choice, skip=on)))
        self.mapping.mapping.mapped.connect(
            lambda mapping: self._decide(replace(self._choice, template=self._sheet.template, mapping=mapping))
        )
        self.tabs.chosen.connect(self.show_tab)

    def _lay_out(self) -> None:
        head = row(self.name, self.hidden, self.kind, self.trust, gap=8)
        head.setStretch(0, 1)
        template, header = label("模板", "muted"), label("表头在第", "muted")
        template.setBuddy(self.template)
        controls = row(template, self.template, 10, header, self.header_row, label("行", "muted"), None, self.skip, gap=8)
        inside = column(head, controls, self.numbers, row(self.tabs, self.table.bar), self.body, parent=self, gap=10)
        inside.setContentsMargins(16, 12, 16, 12)
        inside.setStretch(4, 1)

    def set_words(self, templates: Sequence[tuple[str, str]], titles: Mapping[str, str], names: Mapping[str, Mapping[str, str]]) -> None:
        """Templates to choose from; Chinese names of the kinds of records; of each coded field the names of its codes."""
        self._titles, self._names = titles, names
        self.template.clear()
        self.template.addItem("自动识别", "")
        for key, title in templates:
            self.template.addItem(title, key)

    def show_sheet(
        self, file: FileReport, sheet: SheetReport, choice: SheetChoice, fields: Sequence[tuple[str, str]], *, fixed: bool
    ) -> None:
        """Shows a sheet; ``fields`` are what its columns can be mapped to; ``fixed``: no decision can be made any more."""
        self._filling = True
        same = (file.path, sheet.name) == (self._file.path, self._sheet.name)
        self._file, self._sheet, self._choice = file, sheet, choice
        self.name.set_text(sheet.name if len(file.sheets) < 2 and sheet.name == file.path.stem else f"{file.path.stem}  ›  {sheet.name}")
        self.kind.setText(kind_title(file))
        self.kind.setVisible(bool(kind_title(file)))
        self.hidden.setVisible(not sheet.visible)
        self._show_trust(sheet)
        self.template.setCurrentIndex(max(self.template.findData(sheet.template or choice.template or ""), 0))
        self.header_row.setValue(sheet.header_row or choice.header_row or 1)
        self.skip.setChecked(choice.skip)
        self.numbers.show_sheet(sheet)
        for control in (self.template, self.header_row, self.skip):
            control.setEnabled(not fixed)
        self.mapping.mapping.editing = not fixed
        self.mapping.mapping.show_mapping(sheet.mapping, fields)
        self.difference.show_sheet(sheet, self._titles)
        used = sum(bool(each.field) for each in sheet.mapping)
        self.tabs.set_items([(key, f"{title} {used}/{len(sheet.mapping)}" if key == "mapping" else title) for key, title in _TABS])
        for key, count in (("healed", len(sheet.healed)), ("refused", len(sheet.refused)), ("remarks", self._remarks())):
            self.tabs.set_count(key, count or None)
        self._filling = False
        self.show_tab(self.tabs.current() if same else "preview")

    def show_tab(self, key: str) -> None:
        """Turns to a tab."""
        self.tabs.select(key)
        listed = key == "preview" or key in _TABLES
        self.table.bar.setVisible(listed)
        if listed:
            rows, shown = self._sheet.rows_in, len(self._sheet.sample)
            self.table.note = f"仅预览，全表 {rows:,} 行" if key == "preview" and rows > shown else ""
            source = preview_table(self._sheet, self._names) if key == "preview" else _TABLES[key](self._sheet)
            self.table.set_source(source, key=f"import.{key}.{self._sheet.template}", empty=_EMPTY[key])
            self.body.setCurrentWidget(self.table)
        else:
            self.body.setCurrentWidget(self.mapping if key == "mapping" else self.difference)

    def _remarks(self) -> int:
        return len(self._sheet.findings) + len(self._sheet.notes) + len(self._sheet.skipped)

    def _show_trust(self, sheet: SheetReport) -> None:
        if not sheet.template:
            text, level = "没有识别出模板，请选择", "warning"
        elif any(each.how == "remembered" for each in sheet.mapping):
            text, level = "沿用上次的对应", "success"
        elif any(each.how == "chosen" for each in sheet.mapping):
            text, level = "人工指定", "info"
        else:
            text, level = f"匹配 {sheet.score:.0%}", "success" if sheet.score >= 0.8 else "warning"
        self.trust.setText(text)
        self.trust.setProperty("chip", level)
        restyle(self.trust)

    def _choose_template(self) -> None:
        key = self.template.currentData() or None
        if key != (self._sheet.template or None):
            self._decide(replace(self._choice, template=key, mapping=None))

    def _choose_header(self, line: int) -> None:
        if line != self._sheet.header_row:
            self._decide(replace(self._choice, header_row=line, mapping=None))

    def _decide(self, choice: SheetChoice) -> None:
        if not self._filling:
            self.decided.emit(self._file.path, self._sheet.name, choice)


class FileCard(QFrame):
    """In place of a sheet: what is wrong with a file as a whole, or that it is being read. Signals: removed(path)."""

    removed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("card", "true")
        self.state = StateView()
        column(self.state, parent=self, gap=0, margin=1)

    def show_file(self, file: FileReport) -> None:
        """Says what holds for the file."""
        remove = ("从列表中移除", lambda: self.removed.emit(file.path))
        if file.status == "refused":
            hint = f"{file.reason}。{file.hint}".replace("。。", "。").rstrip("。")
            self.state.say("error", f"{file.path.name} 无法读取", f"{hint}。其余文件不受影响。", remove, level="error")
        elif file.status == "unchanged":
            self.state.say("check", f"{file.path.name} 没有变化", "同一个文件以前导入过，不会重复入库，也不会改动任何数据。", remove)
        elif file.status == "waiting":
            self.state.loading()
        else:
            self.state.say("sheet", f"{file.path.name} 里没有可导入的表", "请检查文件里是否有数据。", remove)
