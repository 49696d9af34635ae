"""Printing through the system: here into a file, which a printer is as well."""

from pathlib import Path

import pytest
from PySide6.QtGui import QPageRanges
from PySide6.QtPrintSupport import QPrinter
from pytestqt.qtbot import QtBot

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


@pytest.mark.parametrize("asked, pages", [("", list(range(9))), ("2-4", [1, 2, 3]), ("5-99", [4, 5, 6, 7, 8]), ("1,3-5", [0, 2, 3, 4])])
def test_the_chosen_pages_count(printer: QPrinter, asked: str, pages: list[int]) -> None:
    printer.setPageRanges(QPageRanges.fromString(asked))
    assert chosen(printer, 9) == pages
