"""Printing through the system: here into a file, which a printer is as well."""

from pathlib import Path

import pytest
from PySide6.QtGui import QPageSize
from PySide6.QtPrintSupport import QPrinter
from pytestqt.qtbot import QtBot

from lvdesk.kit.errors import Cancelled
from lvdesk.kit.page import Page, Rectangle, TextBox
from lvdesk.kit.progress import Progress
from tests.helpers.paper import picture, words
from ui.printing.printer import chosen, print_pages


@pytest.fixture
def printer(qtbot: QtBot, tmp_path: Path) -> QPrinter:
    made = QPrinter(QPrinter.PrinterMode.HighResolution)
    made.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    made.setOutputFileName(str(tmp_path / "out.pdf"))
    return made


def _page(number: int) -> Page:
    return Page(297, 210, (TextBox(100, 100, 60, 8, f"第{number}页"), Rectangle(6, 6, 5, 5, 0, "#000000")))


def test_pages_come_out_in_their_true_size(printer: QPrinter, tmp_path: Path) -> None:
    progress = Progress()
    assert print_pages(printer, range(3), _page, progress) == 3
    scanned = picture(tmp_path / "out.pdf", 2, dpi=100)
    assert scanned.shape[1] * 0.254 == pytest.approx(297, abs=0.6)
    dark = (scanned[:60, :60] < 128).nonzero()
    assert dark[1].min() * 0.254 == pytest.approx(6, abs=0.3)
    assert "第2页" in words(tmp_path / "out.pdf", 2)


@pytest.mark.parametrize("first, last, pages", [(0, 0, range(9)), (2, 4, range(1, 4)), (5, 99, range(4, 9))])
def test_the_chosen_range_counts(printer: QPrinter, first: int, last: int, pages: range) -> None:
    if first:
        printer.setFromTo(first, last)
    assert chosen(printer, 9) == pages


@pytest.mark.parametrize("width, height", [(297, 210), (210, 297)])
def test_the_page_decides_on_the_paper(printer: QPrinter, tmp_path: Path, width: float, height: float) -> None:
    printer.setPageSize(QPageSize(QPageSize.PageSizeId.Letter))
    print_pages(printer, range(1), lambda _number: Page(width, height, (TextBox(10, 10, 50, 8, "甲"),)), Progress())
    rows, columns = picture(tmp_path / "out.pdf", dpi=100).shape
    assert (columns * 0.254, rows * 0.254) == (pytest.approx(width, abs=0.6), pytest.approx(height, abs=0.6))


def test_as_many_copies_as_asked(printer: QPrinter, tmp_path: Path) -> None:
    printer.setCopyCount(2)
    assert print_pages(printer, range(2), _page, Progress()) == 2
    assert ["第0页" in words(tmp_path / "out.pdf", number) for number in range(4)] == [True, True, False, False]


def test_a_cancelled_print_stops_before_the_next_page(printer: QPrinter) -> None:
    progress, asked = Progress(), []

    def page_at(number: int) -> Page:
        asked.append(number)
        progress.cancel()
        return _page(number)

    with pytest.raises(Cancelled):
        print_pages(printer, range(5), page_at, progress)
    assert asked == [0]
