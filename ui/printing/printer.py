"""Pages onto paper through the system's printer."""

from collections.abc import Callable, Iterator

from PySide6.QtCore import QMarginsF
from PySide6.QtGui import QPageLayout, QPainter
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QWidget

from lvdesk.kit.errors import KnownError
from lvdesk.kit.page import Page
from lvdesk.kit.progress import Progress
from ui.printing.painter import paint

_INCH = 25.4


def asked_printer(parent: QWidget, title: str, count: int) -> QPrinter | None:
    """The printer, range and copies a person chooses in the system's dialog; None when he thinks better of it."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName(title)
    dialog = QPrintDialog(printer, parent)
    dialog.setWindowTitle(title)
    dialog.setMinMax(1, count)
    dialog.setOption(QPrintDialog.PrintDialogOption.PrintPageRange)
    return printer if dialog.exec() == QPrintDialog.DialogCode.Accepted else None


def chosen(printer: QPrinter, count: int) -> range:
    """The numbers of the pages to print, from 0."""
    first, last = printer.fromPage() or 1, printer.toPage() or count
    return range(max(first, 1) - 1, min(last, count))


def print_pages(printer: QPrinter, numbers: range, page_at: Callable[[int], Page], progress: Progress) -> int:
    """Prints pages in their true size and returns how many; a cancelled print stops before the next page.

    Raises:
        KnownError: ``print.no_printer`` when the printer does not take the work.
    """
    painter, count = QPainter(), 0
    try:
        for page in _asked(numbers, page_at):
            printer.setPageOrientation(QPageLayout.Orientation.Landscape if page.width > page.height else QPageLayout.Orientation.Portrait)
            printer.setFullPage(True)
            printer.setPageMargins(QMarginsF(), QPageLayout.Unit.Millimeter)
            if not (printer.newPage() if count else painter.begin(printer)):
                raise KnownError("print.no_printer", "打印机没有接受打印任务", "请检查打印机是否开机、是否被暂停，或先导出 PDF")
            paint(painter, page, printer.resolution() / _INCH)
            count += 1
            progress.step()
    finally:
        if painter.isActive():
            painter.end()
    return count


def _asked(numbers: range, page_at: Callable[[int], Page]) -> Iterator[Page]:
    return (page_at(number) for number in numbers)
