"""Writing a PDF where things go wrong or happen at once: a full disk, no fonts, no window, a preview painted meanwhile."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pypdfium2
import pytest
from pypdfium2 import raw
from PySide6.QtGui import QFontDatabase, QImage, QPainter
from pytestqt.qtbot import QtBot

from lvdesk.kit.errors import KnownError
from lvdesk.kit.page import Code, Comb, Disc, Line, Page, Primitive, Rectangle, TextBox, TickBox
from lvdesk.kit.progress import Progress
from tests.helpers.paper import words
from ui.printing.painter import paint
from ui.printing.pdf import write_pdf
from ui.printing.preview import PagePreview

_ALL: tuple[Primitive, ...] = (
    TextBox(10, 10, 60, 8, "松畈玉堂1#公变"),
    TextBox(10, 20, 20, 8, "商平县前东河镇前东河村北镇路东侧"),
    Line(10, 30, 40, 30, dash=(2, 1)),
    Rectangle(10, 40, 9, 9, fill="#EEEEEE"),
    Disc(40, 44, 4),
    TickBox(60, 40, 5, "a", ticked=True),
    Comb(10, 60, 50, 8, 10, "b", "12"),
    Code(10, 80, 70, 12, "code128", "4130005152698467069774"),
    Code(100, 80, 23, 23, "qr", "LV1:AB12CD34:CL261123-01-007"),
)
_CHILD = """
import sys
from pathlib import Path
from lvdesk.kit.page import Page, TextBox
from lvdesk.kit.progress import Progress
from main import _print

assert "PySide6" not in sys.modules
for title in "一二":
    assert _print([Page(297, 210, (TextBox(10, 10, 60, 8, "现场采录"),))], Path(sys.argv[1]), Progress(), title=title) == 1
"""
"""The way of the command line: Qt is loaded by what prints, and again and again in one process."""


def _page(number: int = 0) -> Page:
    return Page(297, 210, (*_ALL, TextBox(200, 10, 60, 8, f"第{number}张")))


@contextmanager
def _room_for(size: int) -> Iterator[None]:
    """No file may grow beyond a size, as on a disk that fills up."""
    resource = pytest.importorskip("resource", reason="limits of POSIX systems")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("size", [4_000, 100_000])
def test_a_full_disk_is_told_and_the_old_file_stays(qtbot: QtBot, tmp_path: Path, size: int) -> None:
    path = tmp_path / "页.pdf"
    path.write_bytes(b"old")
    with _room_for(size), pytest.raises(KnownError) as told:
        write_pdf((_page(number) for number in range(60)), path, Progress(), title="")
    assert told.value.code == "file.not_writable"
    assert [each.name for each in tmp_path.iterdir()] == ["页.pdf"]
    assert path.read_bytes() == b"old"


def test_an_error_of_the_pages_leaves_no_file(qtbot: QtBot, tmp_path: Path) -> None:
    def pages() -> Iterator[Page]:
        yield _page()
        raise KnownError("package.gone", "任务包已不存在")

    with pytest.raises(KnownError, match="任务包"):
        write_pdf(pages(), tmp_path / "页.pdf", Progress(), title="")
    assert list(tmp_path.iterdir()) == []


def test_without_chinese_fonts_nothing_is_printed(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QFontDatabase, "families", lambda *_of: [])
    with pytest.raises(KnownError) as told:
        write_pdf([_page()], tmp_path / "页.pdf", Progress(), title="")
    assert told.value.code == "print.no_font"
    assert list(tmp_path.iterdir()) == []


def test_the_command_line_needs_no_screen(tmp_path: Path) -> None:
    path = tmp_path / "页.pdf"
    apart = {name: value for name, value in os.environ.items() if name not in {"QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"}}
    done = subprocess.run([sys.executable, "-c", _CHILD, path], env=apart, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "现场采录" in words(path)


def test_files_are_written_while_the_preview_paints(qtbot: QtBot, tmp_path: Path) -> None:
    preview = PagePreview()
    qtbot.addWidget(preview)
    preview.set_pages(30, _page)
    written: dict[int, int] = {}

    def write(number: int) -> None:
        written[number] = write_pdf(map(_page, range(30)), tmp_path / f"{number}.pdf", Progress(), title="")

    threads = [Thread(target=write, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    shown = 0
    while any(thread.is_alive() for thread in threads):
        shown += 1
        preview.show_page(shown % 30)
        preview.grab()
    assert written == {0: 30, 1: 30}
    assert all("第29张" in words(tmp_path / f"{number}.pdf", 29) for number in written)


def test_codes_are_shapes_and_the_file_tells_what_it_is(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "页.pdf"
    write_pdf([_page()], path, Progress(), title="计量箱现场采录表")
    with pypdfium2.PdfDocument(path) as document:
        assert list(document[0].get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE])) == []
        told = document.get_metadata_dict()
    assert (told["Title"], told["Creator"]) == ("计量箱现场采录表", "LVDesk")


def test_painting_loses_no_references(qtbot: QtBot) -> None:
    image, page = QImage(600, 420, QImage.Format.Format_Grayscale8), _page()
    painter = QPainter(image)
    paint(painter, page, 2)
    before = sys.getrefcount(None)
    for _ in range(200):
        paint(painter, page, 2)
    painter.end()
    assert abs(sys.getrefcount(None) - before) < 200
