"""Pages onto paper through the system's printer."""

from collections.abc import Callable, Sequence

from PySide6.QtGui import QPainter
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QWidget

from lvdesk.kit.errors import KnownError
from lvdesk.kit.page import Page
from lvdesk.kit.progress import Progress
from ui.printing.fonts import need_chinese
from ui.printing.painter import paint
from ui.printing.paper import layout_of

_INCH = 25.4
_USUAL = Page(297, 210, ())


def asked_printer(parent: QWidget, title: str, count: int) -> QPrinter | None:
    """The printer, range and copies a person chooses in the system's dialog; None when he thinks better of it."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName(title)
    printer.setPageLayout(layout_of(_USUAL))
    dialog = QPrintDialog(printer, parent)
    dialog.setWindowTitle(title)
    dialog.setMinMax(1, count)
    dialog.setOption(QPrintDialog.PrintDialogOption.PrintPageRange)
    return printer if dialog.exec() == QPrintDialog.DialogCode.Accepted else None


def chosen(printer: QPrinter, count: int) -> list[int]:
    """The numbers of the pages to print, from 0; a person may ask for several ranges."""
    asked = printer.pageRanges()
    return [number for number in range(count) if asked.isEmpty() or asked.contains(number + 1)]


def print_pages(printer: QPrinter, numbers: Sequence[int], page_at: Callable[[int], Page], progress: Progress) -> int:
    """Prints pages in their true size and returns how many; a cancelled print gives back what the printer has not yet got.

    Raises:
        KnownError: ``print.no_printer`` when the printer does not take the work, ``print.no_font``.
    """
    need_chinese()
    painter, count = QPainter(), 0
    try:
        for number in numbers:
            page = page_at(number)
            printer.setPageLayout(layout_of(page))
            printer.setFullPage(True)
            for copy in range(_copies(printer)):
                if not (printer.newPage() if count or copy else painter.begin(printer)):
                    raise KnownError("print.no_printer", "打印机没有接受打印任务", "请检查打印机是否开机、是否被暂停，或先导出 PDF")
                paint(painter, page, printer.resolution() / _INCH)
            count += 1
            progress.step()
    except BaseException:
        printer.abort()
        raise
    finally:
        if painter.isActive():
            painter.end()
    return count


def _copies(printer: QPrinter) -> int:
    """How often each page is painted: where the printer does not count its copies itself."""
    return 1 if printer.supportsMultipleCopies() else printer.copyCount()
