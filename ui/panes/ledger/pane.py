"""The ledger page: look through it, check it at the desk, or import into it."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import ClassVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QSizePolicy, QStackedWidget

from lvdesk.network.changed import Changed
from ui.actions import Action
from ui.panes.base import Context, Pane
from ui.panes.ledger.browser import Browser
from ui.panes.ledger.desk_loading import DeskServices, StationDesk
from ui.panes.ledger.desk_verdict import VERDICTS
from ui.panes.ledger.desk_view import DeskView
from ui.panes.ledger.import_page import ImportPage
from ui.panes.ledger.loading import Services, StationServices
from ui.parts import column, row
from ui.widgets.segmented import Segmented

_VIEWS = (("browse", "浏览"), ("desk", "室内核实"), ("import", "导入"))
_VERDICT_KEYS = tuple((f"desk.verdict{key}", verdict, title, key) for verdict, title, key in VERDICTS)


class LedgerPane(Pane):
    """Three views of one ledger; files dropped on the window come here."""

    key: ClassVar[str] = "ledger"
    title: ClassVar[str] = "台账"
    group: ClassVar[str] = "数据"
    icon: ClassVar[str] = "ledger"
    order: ClassVar[int] = 10
    cares: ClassVar[Changed] = Changed.NETWORK | Changed.BATCHES | Changed.MARKS
    files: ClassVar[bool] = True

    def __init__(self, context: Context, services: Services | None = None, desk: DeskServices | None = None) -> None:
        super().__init__(context)
        tight = QSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        made = services or StationServices(context.workspace)
        self.switch = Segmented(_VIEWS, name="视图")
        self.switch.setSizePolicy(tight)
        self.switch.setMinimumWidth(252)
        checking = desk or StationDesk(context.workspace)
        self.browser = Browser(context, made, checking.mark_of)
        self.desk = DeskView(context, checking)
        self.imports = ImportPage(context, made)
        self.views = QStackedWidget()
        self.views.addWidget(self.browser)
        self.views.addWidget(self.desk)
        self.views.addWidget(self.imports)
        self._pages = {"browse": self.browser, "desk": self.desk, "import": self.imports}
        self.desk.states.hide()
        inside = column(row(self.switch, 10, self.browser.switch, self.desk.states, None, gap=0), self.views, parent=self, gap=10)
        inside.setContentsMargins(20, 12, 16, 14)
        inside.setStretch(1, 1)
        self.switch.chosen.connect(self.show_view)
        self.browser.import_asked.connect(lambda: self.show_view("import"))
        self.imports.ledger_asked.connect(lambda: self.show_view("browse"))
        self.desk.import_asked.connect(lambda: self.show_view("import"))
        self.desk.link_asked.connect(lambda record: self.reveal(("customer", record)))
        stop = QShortcut(QKeySequence(Qt.Key.Key_Escape), self.imports, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        stop.activated.connect(self.imports.cancel)

    def refresh(self, changed: Changed) -> None:
        """Reads the ledger again."""
        self._lend_keys()
        if changed & self.cares:
            self.browser.refresh()
        self.desk.refresh(changed)

    def toolbar_actions(self) -> Sequence[Action]:
        """Import, the ways between the views, the verdicts of the desk check."""
        marking = self.desk.marking
        verdicts = [
            Action(name, f"标注：{title}", partial(self._judge, verdict), key, "check", "室内核实", in_bar=False)
            for name, verdict, title, key in _VERDICT_KEYS
        ]
        return (
            *verdicts,
            Action("desk.all", "标注列出的全部用户…", marking.ask_all, "Ctrl+Shift+M", "list", "室内核实", in_bar=False),
            Action("desk.search", "重新查找销户候选", self.desk.search, "F5", "refresh", "室内核实", in_bar=False),
            Action("ledger.desk", "室内核实", lambda: self.show_view("desk"), "Alt+3", "clipboard", "台账", in_bar=False),
            Action("ledger.browse", "浏览台账", lambda: self.show_view("browse"), "Alt+1", "tree", "台账", in_bar=False),
            Action("ledger.import", "导入台账", self._start_import, "Alt+2", "import", "台账", primary=True),
            Action("ledger.load", "确认导入", self._load, "Ctrl+Return, Ctrl+Enter", "check", "台账", in_bar=False),
            Action("ledger.blank", "下载空白模板…", self._blank, "", "file", "台账", in_bar=False),
            Action("ledger.folder", "导入整个文件夹…", self._folder, "Ctrl+Shift+O", "folder", "台账", in_bar=False),
        )

    def reveal(self, target: object) -> None:
        """(entity, key) shows a record, (entity, None) all of them, (entity, "") those without a parent; "import", "browse" a view.

        (entity, key, field) also goes to that field's cell; "desk" opens the desk check, ("desk", feeder number) for one feeder.
        ("absent", entity) lists the records that their ledger no longer lists.
        """
        match target:
            case "import" | "browse" | "desk":
                self.show_view(str(target))
            case ("desk", str() as feeder):
                self.show_view("desk")
                self.desk.show_feeder(feeder)
            case (str() as entity, str() | int() as key, str() as field):
                self.show_view("browse")
                self.browser.reveal(entity, key, field)
            case (str() as entity, None):
                self.show_view("browse")
                self.browser.list_all(entity)
            case ("absent", str() as entity):
                self.show_view("browse")
                self.browser.list_all(entity, absent=True)
            case (str() as entity, ""):
                self.show_view("browse")
                self.browser.list_unplaced(entity)
            case (str() as entity, str() | int() as key):
                self.show_view("browse")
                self.browser.reveal(entity, key)

    def accept_files(self, paths: Sequence[Path]) -> None:
        """Starts an import with the files."""
        self.show_view("import")
        self.imports.add(paths)

    def show_view(self, key: str) -> None:
        """Turns to the browser, the desk check or the import."""
        self.switch.select(key)
        self.views.setCurrentWidget(self._pages[key])
        self.browser.switch.setVisible(key == "browse")
        self.desk.states.setVisible(key == "desk")
        self._lend_keys()
        if key == "desk":
            self.desk.enter()
        else:
            start = self.browser.table.view if key == "browse" else self.imports.files
            start.setFocus(Qt.FocusReason.OtherFocusReason)

    def _lend_keys(self) -> None:
        """The keys of the desk check belong to the cells of the other views while those are shown."""
        for name in (*(each[0] for each in _VERDICT_KEYS), "desk.all", "desk.search"):
            live = self.context.actions.qaction(name)
            if live is not None:
                live.setEnabled(self.views.currentWidget() is self.desk)

    def _judge(self, verdict: str) -> None:
        if self.views.currentWidget() is self.desk:
            self.desk.marking.judge(verdict)

    def _load(self) -> None:
        if self.views.currentWidget() is self.imports:
            self.imports.load()

    def _start_import(self) -> None:
        if self.views.currentWidget() is self.imports:
            self.context.actions.trigger("file.import")
        self.show_view("import")

    def _blank(self) -> None:
        self.show_view("import")
        self.imports.blanks.choose(self.imports)

    def _folder(self) -> None:
        self.show_view("import")
        self.imports.pick_folder()
