"""The import on one page: files, sheets, recognition, preview, differences, and the one button that stores them."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QSplitter, QStackedWidget, QWidget

from lvdesk.ledger.model import FileReport
from lvdesk.network.changed import Changed
from ui.files import table_files
from ui.panes.base import Context
from ui.panes.ledger import import_words
from ui.panes.ledger.blanks import Blanks
from ui.panes.ledger.file_list import FileList, Place
from ui.panes.ledger.import_foot import ImportFoot
from ui.panes.ledger.importing import Importing, Stage
from ui.panes.ledger.loading import Services
from ui.panes.ledger.report_tables import totals
from ui.panes.ledger.sheet_card import FileCard, SheetCard
from ui.parts import button, card, column, label, row
from ui.widgets.banner import Banner
from ui.widgets.drop_zone import DropZone

_Words = tuple[Sequence[tuple[str, str]], Mapping[str, str], dict[str, Sequence[tuple[str, str]]], Mapping[str, Mapping[str, str]]]


class ImportPage(QWidget):
    """Signals: ledger_asked: the user wants to see what was stored."""

    ledger_asked = Signal()

    def __init__(self, context: Context, services: Services) -> None:
        super().__init__()
        self._context, self._services = context, services
        self._fields: dict[str, Sequence[tuple[str, str]]] = {}
        self._titles: Mapping[str, str] = {}
        self.blanks = Blanks(context, services, self)
        self.importing = Importing(context.jobs, services, self)
        self.drop = DropZone(
            "把台账文件拖到这里", "支持 xlsx、xls、csv、ods 等，可一次放入多个文件；先预览，确认后才入库",
            ("选择文件  Ctrl+O", self._pick_files), ("选择文件夹", self.pick_folder),
        )  # fmt: skip
        self.banner = Banner()
        self.files = FileList()
        self.sheet = SheetCard(context.jobs, context.workspace.settings)
        self.file = FileCard()
        self.side = QStackedWidget()
        self.side.addWidget(self.sheet)
        self.side.addWidget(self.file)
        self.foot = ImportFoot(self.cancel, self.load)
        self.stack = QStackedWidget()
        self.stack.addWidget(self._empty_page())
        self.stack.addWidget(self._work_page())
        column(self.stack, parent=self, gap=0)
        self._connect()
        self._ask_words()
        self._show()

    # what the pane calls

    def add(self, paths: Sequence[Path]) -> None:
        """Takes files and folders."""
        files = table_files(paths)
        if files:
            self.importing.add(files)
        else:
            self._context.notices.warning("没有可导入的文件", "所选的文件夹里没有表格文件", "请选择 xlsx、xls、csv、ods 等文件")

    def load(self) -> None:
        """Stores what is previewed."""
        self.importing.load()

    def cancel(self) -> None:
        """Stops what runs."""
        if self.importing.busy:
            self.importing.cancel()

    def pick_folder(self) -> None:
        """Asks for a folder whose tables are all taken."""
        settings = self._context.workspace.settings
        dialog = QFileDialog(self, "选择台账文件夹", str(settings.get("import_folder", "")))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.filesSelected.connect(lambda names: self.add([Path(name) for name in names]))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    # building

    def _empty_page(self) -> QWidget:
        page = QWidget()
        hint = label("表头不在第一行、带合计行、编号变成科学计数、一个工作簿里有几张不同的表，都可以直接导入。", "faint")
        blank = button("下载空白模板", lambda: None, icon_name="file")
        blank.setMenu(self.blanks.menu)
        inside = column(self.drop, hint, row(None, label("还没有台账文件？", "faint"), blank, None), parent=page, gap=10)
        inside.setStretch(0, 1)
        inside.setAlignment(hint, Qt.AlignmentFlag.AlignHCenter)
        return page

    def _work_page(self) -> QWidget:
        left = card()
        add = button("添加文件", self._pick_files, icon_name="plus")
        folder = button("文件夹", self.pick_folder, icon_name="folder-plus", name="添加文件夹")
        clear = button("清空", self.importing.clear, "link", name="清空文件列表")
        head = row(label("文件", "h2"), None, clear)
        head.setContentsMargins(16, 10, 10, 0)
        foot = row(add, folder, None)
        foot.setContentsMargins(12, 6, 12, 12)
        column(head, self.files, foot, parent=left, gap=6, margin=1).setStretch(1, 1)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(left)
        split.addWidget(self.side)
        split.setStretchFactor(1, 1)
        split.setSizes([300, 900])
        split.setHandleWidth(12)
        split.setChildrenCollapsible(False)
        page = QWidget()
        column(self.banner, split, self.foot, parent=page, gap=12).setStretch(1, 1)
        return page

    def _connect(self) -> None:
        self.drop.dropped.connect(self.add)
        self.importing.changed.connect(self._show)
        self.importing.progressed.connect(self.foot.show_progress)
        self.importing.stored.connect(self._context.bus.tell)
        self.importing.failed.connect(lambda error: self._context.notices.show(error, retry=self.load))
        self.files.chosen.connect(self._show_place)
        self.files.removed.connect(self.importing.remove)
        self.file.removed.connect(self.importing.remove)
        self.sheet.decided.connect(self.importing.choose)
        self.sheet.table.told.connect(self._context.notices.info)

    def _pick_files(self) -> None:
        self._context.actions.trigger("file.import")

    def _ask_words(self) -> None:
        services = self._services

        def work() -> _Words:
            templates = services.templates()
            return templates, dict(services.entities()), {key: services.fields(key) for key, _title in templates}, services.code_names()

        def done(words: _Words) -> None:
            templates, self._titles, self._fields, names = words
            self.sheet.set_words(templates, self._titles, names)
            self.blanks.set_templates(templates)
            self._show()

        self._context.jobs.read(work, done, self._context.notices.show)

    # showing

    def _show(self) -> None:
        importing = self.importing
        self.stack.setCurrentIndex(0 if importing.stage is Stage.EMPTY else 1)
        skipped = {(Path(path), name) for (path, name), choice in importing.request.choices.items() if choice.skip}
        self.files.show_files(importing.files, skipped)
        self.foot.show_import(importing, self._titles)
        self._show_banner()

    def _show_place(self, place: Place | None) -> None:
        reports = {report.path: report for report in self.importing.files}
        report = reports.get(place.path) if place else None
        if place is None or report is None:
            return
        number = max(place.sheet, 0)
        if number >= len(report.sheets) or report.status == "refused":
            self.file.show_file(report)
            self.side.setCurrentWidget(self.file)
            return
        sheet = report.sheets[number]
        fixed = self.importing.stage in {Stage.DONE, Stage.LOADING} or report.status == "unchanged"
        choice = self.importing.choice(report.path, sheet.name)
        self.sheet.show_sheet(report, sheet, choice, self._fields.get(sheet.template, ()), fixed=fixed)
        self.side.setCurrentWidget(self.sheet)

    def _show_banner(self) -> None:
        importing = self.importing
        if importing.stage is Stage.DONE and importing.result is not None:
            self._show_result(importing.files)
        elif importing.stage is Stage.FAILED and importing.error is not None:
            error = importing.error
            message = getattr(error, "message", "") or f"读取时出错（{type(error).__name__}）"
            self.banner.say("error", message, getattr(error, "hint", ""), ("重新读取", importing.read), ("清空", importing.clear))
        elif importing.stage is Stage.CANCELLED:
            self.banner.say("info", "已取消，未保存任何数据", "", ("重新读取", importing.read), ("清空", importing.clear))
        elif importing.stage is Stage.READY:
            self._say_left_out(importing.files)
        else:
            self.banner.hide()

    def _say_left_out(self, files: tuple[FileReport, ...]) -> None:
        """What of the files is not taken: a clear line each for broken ones, a kind one when all is known already."""
        refused = [report for report in files if report.status == "refused"]
        if len(refused) == 1:
            remove = ("从列表中移除", lambda: self.importing.remove(refused[0].path))
            self.banner.say("error", f"{refused[0].path.name}：{refused[0].reason}", refused[0].hint, remove)
        elif refused:
            names = "、".join(report.path.name for report in refused[:3]) + (" 等" if len(refused) > 3 else "")
            self.banner.say("error", f"{len(refused)} 个文件无法读取", f"{names}；点左侧的文件看原因和办法")
        elif files and not self.importing.can_load:
            offers = ("查看台账", self.ledger_asked.emit), ("清空", self.importing.clear)
            self.banner.say("info", "这些文件都已导入过，内容没有变化", "不需要再做什么", *offers)
        else:
            self.banner.hide()

    def _show_result(self, files: tuple[FileReport, ...]) -> None:
        sums, result = totals(files), self.importing.result
        if result is None or not result.changed or result.changed is Changed.NOTHING:
            self.banner.say(
                "info", "没有变化：这些内容此前都已导入", "", ("查看台账", self.ledger_asked.emit), ("继续导入", self.importing.clear)
            )
            return
        offers = [("查看台账", self.ledger_asked.emit), ("继续导入", self.importing.clear)]
        offers += [("撤销本次导入", self.importing.undo)] if result.entry_id else []
        self.banner.say("success", import_words.stored(sums), import_words.differences(sums, self._titles), *offers)
