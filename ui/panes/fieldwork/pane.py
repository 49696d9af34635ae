"""The collection page: packages, a new package, the register of sheets, what comes back, keying."""

from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import ClassVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSizePolicy, QStackedWidget, QWidget

from lvdesk.fieldwork.model import Created
from lvdesk.network.changed import Changed
from ui.actions import Action
from ui.panes.base import Context, Pane
from ui.panes.fieldwork.deeds import Deeds
from ui.panes.fieldwork.keying_view import KeyingView
from ui.panes.fieldwork.loading import Choices, Services, StationServices
from ui.panes.fieldwork.new_package import NewView
from ui.panes.fieldwork.packages import PackagesView
from ui.panes.fieldwork.printing import Printing
from ui.panes.fieldwork.return_desk import TABS, ReturnDesk
from ui.panes.fieldwork.return_loading import Incoming
from ui.panes.fieldwork.sheets import SheetsView
from ui.panes.fieldwork.words import OPEN_STATES
from ui.parts import column, row
from ui.widgets.segmented import Segmented

VIEWS = (("packages", "任务包"), ("new", "新建任务包"), ("sheets", "表单"), ("returns", "回收"), ("keying", "录入"))


class FieldworkPane(Pane):
    """Views over what goes out to the field and what comes back."""

    key: ClassVar[str] = "fieldwork"
    title: ClassVar[str] = "现场采录"
    group: ClassVar[str] = "数据"
    icon: ClassVar[str] = "clipboard"
    order: ClassVar[int] = 30
    pictures: ClassVar[bool] = True
    cares: ClassVar[Changed] = Changed.NETWORK | Changed.BATCHES | Changed.CHECKS | Changed.PACKAGES | Changed.RETURNS

    def __init__(self, context: Context, services: Services | None = None, incoming: Incoming | None = None) -> None:
        super().__init__(context)
        self._incoming = incoming or Incoming.of(context.workspace)
        self._services = made = services or StationServices(context.workspace)
        self.printing = Printing(context, made, self)
        self.packages = PackagesView(context, made)
        self.deeds = Deeds(context, made, self.packages, self.printing)
        self.switch = Segmented(VIEWS, name="视图")
        self.switch.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.views = QStackedWidget()
        self.views.addWidget(self.packages)
        self._heads = QStackedWidget()
        self._heads.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self._heads.addWidget(self.packages.head)
        self._no_head = QWidget()
        self._heads.addWidget(self._no_head)
        inside = column(row(self.switch, 14, self._heads, gap=0), self.views, parent=self, gap=10)
        inside.setContentsMargins(20, 12, 16, 14)
        inside.setStretch(1, 1)
        self._connect()

    @cached_property
    def new(self) -> NewView:
        """The page for a new package, made when first looked at."""
        made = NewView(self.context, self._services)
        self.views.addWidget(made)
        made.created.connect(self._created)
        made.left.connect(lambda: self.show_view("packages"))
        made.import_asked.connect(lambda: self.context.navigate("ledger", "import"))
        made.packages_asked.connect(lambda: self.show_view("packages"))
        made.refresh()
        return made

    @cached_property
    def sheets(self) -> SheetsView:
        """The register, made when first looked at."""
        made = SheetsView(self.context, self._services, self.printing)
        self.views.addWidget(made)
        self._heads.addWidget(made.head)
        made.packages_asked.connect(lambda: self.show_view("packages"))
        made.package_asked.connect(lambda number: self.reveal(("package", number)))
        made.refresh()
        return made

    @cached_property
    def returns(self) -> ReturnDesk:
        """The return desk, made when first looked at."""
        made = ReturnDesk(self.context, self._incoming)
        self.views.addWidget(made)
        self._heads.addWidget(made.head)
        made.package_asked.connect(lambda number: self.reveal(("package", number)))
        made.sheet_asked.connect(self._key_sheet)
        made.refresh()
        return made

    @cached_property
    def keying(self) -> KeyingView:
        """The keying screen, made when first looked at."""
        made = KeyingView(self.context, self._incoming.keying)
        self.views.addWidget(made)
        self._heads.addWidget(made.head)
        made.refresh()
        return made

    def refresh(self, changed: Changed) -> None:
        """Reads again what the change touches."""
        if changed & (Changed.PACKAGES | Changed.NETWORK):
            self.packages.refresh()
        if "new" in self.__dict__:
            self.new.refresh()
        if "sheets" in self.__dict__ and changed & (Changed.PACKAGES | Changed.NETWORK):
            self.sheets.refresh()
        if "returns" in self.__dict__ and changed & (Changed.RETURNS | Changed.BATCHES | Changed.NETWORK | Changed.PACKAGES):
            self.returns.refresh()
        if "keying" in self.__dict__ and changed & (Changed.RETURNS | Changed.PACKAGES):
            self.keying.refresh()
        if changed & Changed.BATCHES:
            self._read_choices()

    def badge(self) -> int:
        """Packages overdue."""
        listed = self.packages.listed
        return sum(view.overdue > 0 for view in listed.packages) if listed is not None else 0

    def toolbar_actions(self) -> Sequence[Action]:
        """A new package, printing, and keys of the views."""
        group, do = "现场采录", self.deeds.do_current
        return (
            Action("fieldwork.new", "新建任务包", lambda: self.show_view("new"), "Ctrl+N", "plus", group, primary=True),
            *(
                Action(f"fieldwork.view_{key}", f"查看{title}", self._opener(key), f"Alt+{place}", "list", group, in_bar=False)
                for place, (key, title) in enumerate(VIEWS, 1)
            ),
            Action("fieldwork.print", "打印表单…", lambda: self._paper("print"), "Ctrl+P", "print", group, in_bar=False),
            Action("fieldwork.pdf", "导出表单 PDF…", lambda: self._paper("pdf"), "Ctrl+Shift+E", "export", group, in_bar=False),
            Action("fieldwork.workbook", "导出电子表单…", lambda: do("workbook"), "", "sheet", group, in_bar=False),
            Action("fieldwork.send", "发出任务包", lambda: do("send"), "Ctrl+Shift+G", "arrow-right", group, in_bar=False),
            Action("fieldwork.take_back", "登记收回…", self._back, "Ctrl+B", "inbox", group, in_bar=False),
            Action("fieldwork.close", "结束任务包…", lambda: do("close"), "", "check", group, in_bar=False),
            Action("fieldwork.cancel", "作废任务包…", lambda: do("cancel"), "", "trash", group, in_bar=False),
            Action("fieldwork.reopen", "重新打开任务包", lambda: do("reopen"), "", "restore", group, in_bar=False),
            Action("fieldwork.edit", "修改任务包", self._edit, "F2", "edit", group, in_bar=False),
            Action("fieldwork.drop", "移出任务包…", self.deeds.drop, "", "minus", group, in_bar=False),
            Action("fieldwork.create", "建立任务包", self._create, "Ctrl+Return, Ctrl+Enter", "check", group, in_bar=False),
            Action("fieldwork.scan", "按编号找表单", self._scan, "Ctrl+G", "barcode", group, in_bar=False),
            Action("fieldwork.return", "回收文件…", self._return, "Ctrl+I", "inbox", group, in_bar=False),
            Action("fieldwork.return_folder", "回收文件夹…", self._return_folder, "Ctrl+Shift+O", "folder", group, in_bar=False),
            *(
                Action(f"fieldwork.return_{key}", f"回收：{title}", self._tab_opener(key), f"Alt+{place}", "list", group, in_bar=False)
                for place, (key, title) in enumerate(TABS, len(VIEWS) + 1)
            ),
        )

    def reveal(self, target: object) -> None:
        """A view's key; ("package", number); ("sheet", number); ("state", of packages or "overdue"); ("returns", tab); ("key", sheet)."""
        match target:
            case "packages" | "new" | "sheets" | "returns" | "keying":
                self.show_view(str(target))
            case ("package", str() as number):
                self.show_view("packages")
                self.packages.show_package(number)
            case ("sheet", str() as number):
                self.show_view("sheets")
                self.sheets.find_sheet(number)
            case ("state", str() as state):
                self.show_view("packages")
                self.packages.show_state(state)
            case ("returns", str() as tab):
                self.show_view("returns")
                self.returns.show_tab(tab)
            case ("key", str() as number):
                self._key_sheet(number, second=False)

    def accept_files(self, paths: Sequence[Path]) -> None:
        """Takes what came back, pictures and all."""
        self.show_view("returns")
        self.returns.take(paths)

    def show_view(self, key: str) -> None:
        """Turns to a view."""
        self.switch.select(key)
        view = self._view(key)
        self.views.setCurrentWidget(view)
        self._heads.setCurrentWidget(self._no_head if isinstance(view, NewView) else view.head)
        if isinstance(view, PackagesView):
            view.table.view.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            view.start()

    def _view(self, key: str) -> PackagesView | NewView | SheetsView | ReturnDesk | KeyingView:
        if key == "new":
            return self.new
        if key == "sheets":
            return self.sheets
        if key == "returns":
            return self.returns
        return self.keying if key == "keying" else self.packages

    def _connect(self) -> None:
        self.switch.chosen.connect(self.show_view)
        view = self.packages
        view.new_asked.connect(lambda: self.show_view("new"))
        view.import_asked.connect(lambda: self.context.navigate("ledger", "import"))
        view.record_asked.connect(lambda entity, key: self.context.navigate("ledger", (entity, key)))
        view.opened.connect(self._preview)
        view.drop_asked.connect(self.deeds.drop)
        view.counted.connect(self.badge_changed)
        self.deeds.preview_asked.connect(self._preview)
        self._read_choices()

    def _read_choices(self) -> None:
        def take(choices: Choices) -> None:
            self.packages.inspector.facts.set_forms(choices.forms)

        self.context.jobs.read(self._services.choices, take, lambda _error: None)

    def _opener(self, key: str) -> Callable[[], object]:
        return lambda: self.show_view(key)

    def _created(self, created: Created) -> None:
        self.show_view("packages")
        self.packages.show_package(created.package_nos[0])

    def _show_sheets(self, package_no: str) -> None:
        self.show_view("sheets")
        self.sheets.show_package(package_no)

    def _preview(self, package_no: str) -> None:
        """Numbers the sheets where that is not done, then shows them."""
        listed = self.packages.listed
        view = next((each for each in listed.packages if each.package_no == package_no), None) if listed is not None else None
        if view is not None and view.state not in OPEN_STATES:
            self._show_sheets(package_no)
            return

        def done(changed: Changed) -> None:
            self.context.bus.tell(changed)
            self._show_sheets(package_no)

        self.context.jobs.run(
            f"正在编排 {package_no} 的表单",
            lambda progress: self._services.prepare(package_no, progress),
            done=done,
            failed=lambda error: self.context.notices.show(error, "不能预览表单"),
        )

    def _paper(self, deed: str) -> None:
        if self.switch.current() == "sheets":
            self.sheets.reprint(deed)
        elif self.switch.current() == "packages":
            self.deeds.do_current(deed)

    def _back(self) -> None:
        if self.switch.current() == "sheets":
            self.sheets.deeds.do("back")
        elif self.switch.current() == "packages":
            self.deeds.do_current("take_back")

    def _edit(self) -> None:
        self.show_view("packages")
        self.packages.inspector.facts.start()

    def _create(self) -> None:
        if self.switch.current() == "new":
            self.new.make()

    def _return(self) -> None:
        self.show_view("returns")
        self.returns.pick_files()

    def _return_folder(self) -> None:
        self.show_view("returns")
        self.returns.pick_folder()

    def _tab_opener(self, key: str) -> Callable[[], object]:
        return lambda: self.reveal(("returns", key))

    def _key_sheet(self, number: str, second: bool) -> None:
        self.show_view("keying")
        self.keying.open_sheet(number, second)

    def _scan(self) -> None:
        if self.switch.current() == "keying":
            self.keying.number.setFocus(Qt.FocusReason.ShortcutFocusReason)
            return
        self.show_view("sheets")
        self.sheets.scan.setFocus(Qt.FocusReason.ShortcutFocusReason)
