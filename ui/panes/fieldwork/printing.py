"""Sheets on paper or in a PDF, packages as workbooks; what is printed is marked only when it is there."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from lvdesk.kit.page import Page
from lvdesk.kit.progress import Progress
from lvdesk.network.changed import Changed
from ui.files import open_folder
from ui.notices import Offer
from ui.panes.base import Context
from ui.panes.fieldwork.loading import Paper, Services

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter

_KEY = "fieldwork.folder"


class Printing(QObject):
    """Asks where to, then works in the background with progress and cancel.

    Attributes:
        ask_printer: asks a person for the printer; (parent, title, pages) to the printer or None.
    """

    def __init__(self, context: Context, services: Services, owner: QWidget) -> None:
        super().__init__(owner)
        self._context, self._services, self._owner = context, services, owner
        self.ask_printer: Callable[[QWidget, str, int], QPrinter | None] = _system_printer

    def ask_pdf(self, paper: Paper) -> None:
        """Asks for the file of a PDF."""
        many = f"{paper.package_no}_补打" if paper.sheet_nos else paper.package_no
        stem = paper.sheet_nos[0] if len(paper.sheet_nos) == 1 else many
        self._ask(f"{stem}.pdf", "导出表单 PDF", "PDF 文件 (*.pdf)", lambda path: self.write_pdf(paper, path))

    def ask_workbook(self, package_no: str) -> None:
        """Asks for the file of an electronic form."""
        self._ask(f"{package_no}.xlsx", "导出电子表单", "Excel 工作簿 (*.xlsx)", lambda path: self.write_workbook(package_no, path))

    def write_pdf(self, paper: Paper, path: Path) -> None:
        """Writes a PDF and marks its sheets printed."""

        def work(progress: Progress) -> tuple[int, Changed]:
            from ui.printing.pdf import write_pdf

            return self._services.print_sheets(paper, path, write_pdf, progress)

        job = self._context.jobs.run(
            f"正在导出 {paper.package_no} 的表单",
            work,
            done=lambda told: self._printed(told, f"已导出 {path.name}", str(path.parent), path.parent),
            failed=lambda error: self._failed(error, "表单没有导出"),
        )
        job.cancelled.connect(self._stopped)

    def write_workbook(self, package_no: str, path: Path) -> None:
        """Writes the electronic form."""

        def done(changed: Changed) -> None:
            offer = Offer("打开文件夹", partial(open_folder, path.parent))
            self._context.notices.success(f"已导出电子表单 {path.name}", str(path.parent), offer=offer)
            self._context.bus.tell(changed)

        self._context.jobs.run(
            f"正在导出 {package_no} 的电子表单",
            lambda progress: self._services.write_workbook(package_no, path, progress),
            done=done,
            failed=lambda error: self._failed(error, "电子表单没有导出"),
        )

    def print_paper(self, paper: Paper) -> None:
        """Gives the sheets their numbers, asks for the printer, prints, marks as printed what went to the printer."""
        self._context.jobs.run(
            f"正在编排 {paper.package_no} 的表单",
            lambda progress: paper.sheet_nos or self._services.printable(paper.package_no, progress),
            done=lambda numbers: self._ask_printer(paper.package_no, numbers),
            failed=lambda error: self._failed(error, "表单没有打印"),
        )

    def _ask_printer(self, package_no: str, numbers: Sequence[str]) -> None:
        from ui.printing.printer import chosen

        self._context.bus.tell(Changed.PACKAGES | Changed.HISTORY)  # what was numbered
        printer = self.ask_printer(self._owner, f"打印 {package_no} 的表单", len(numbers)) if numbers else None
        if printer is not None:
            wanted = chosen(printer, len(numbers))
            self._print(Paper(package_no, tuple(numbers[number] for number in wanted)), printer)

    def _print(self, paper: Paper, printer: "QPrinter") -> None:
        def onto_paper(pages: Iterable[Page], path: Path, progress: Progress, *, title: str) -> int:  # noqa: ARG001 - a printer needs no path
            from ui.printing.printer import print_pages

            printer.setDocName(title)
            coming = iter(pages)
            return print_pages(printer, range(len(paper.sheet_nos)), lambda _number: next(coming), progress)

        job = self._context.jobs.run(
            f"正在打印 {paper.package_no} 的表单",
            lambda progress: self._services.print_sheets(paper, Path(), onto_paper, progress),
            done=lambda told: self._printed(told, f"已送到打印机 {printer.printerName()}", "", None),
            failed=lambda error: self._failed(error, "表单没有打印"),
        )
        job.cancelled.connect(self._stopped)

    def _ask(self, name: str, title: str, kinds: str, taken: Callable[[Path], object]) -> None:
        settings = self._context.workspace.settings
        folder = str(settings.get(_KEY, ""))
        dialog = QFileDialog(self._owner, title, str(Path(folder) / name), kinds)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(Path(name).suffix[1:])

        def chosen(names: list[str]) -> None:
            path = Path(names[0])
            settings.set(_KEY, str(path.parent))
            taken(path)

        dialog.filesSelected.connect(chosen)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _printed(self, told: tuple[int, Changed], what: str, why: str, folder: Path | None) -> None:
        sheets, changed = told
        offer = Offer("打开文件夹", partial(open_folder, folder)) if folder else None
        self._context.notices.success(f"{what}，{sheets:,} 张，已登记为已打印", why, offer=offer)
        self._context.bus.tell(changed)

    def _stopped(self) -> None:
        self._context.notices.info("已取消，没有登记打印", "编好的表单编号保留，可以再次打印")
        self._context.bus.tell(Changed.PACKAGES | Changed.HISTORY)

    def _failed(self, error: Exception, what: str) -> None:
        self._context.notices.show(error, what)
        self._context.bus.tell(Changed.PACKAGES | Changed.HISTORY)  # what was numbered before it failed


def _system_printer(parent: QWidget, title: str, count: int) -> "QPrinter | None":
    from ui.printing.printer import asked_printer

    return asked_printer(parent, title, count)
