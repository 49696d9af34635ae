"""Pages into a PDF file, as they come; the file has its name only when it is whole."""

import errno
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QCoreApplication, QFile, QFileDevice, QIODevice
from PySide6.QtGui import QGuiApplication, QPainter, QPdfWriter

from lvdesk.kit.errors import KnownError
from lvdesk.kit.files import replacing
from lvdesk.kit.page import Page
from lvdesk.kit.progress import Progress
from ui.printing.fonts import need_chinese
from ui.printing.painter import paint
from ui.printing.paper import layout_of

_DPI: Final = 1200
_DOTS: Final = _DPI / 25.4
_held: list[QGuiApplication] = []


def write_pdf(pages: Iterable[Page], path: Path, progress: Progress, *, title: str) -> int:
    """Writes pages one after the other; a cancelled or failed one leaves no file and an older one untouched.

    Returns:
        the number of pages.

    Raises:
        KnownError: ``print.nothing`` without pages, ``print.no_font``, ``file.in_use``, ``file.not_writable``.
    """
    _with_fonts()
    with replacing(path) as part:
        count = _written(pages, part, progress, title)
        if not count:
            raise KnownError("print.nothing", "没有可以打印的页", "请先准备表单，再打印")
    return count


def _written(pages: Iterable[Page], part: Path, progress: Progress, title: str) -> int:
    file = QFile(str(part))  # our own: the writer alone does not tell that a disk is full
    if not file.open(QIODevice.OpenModeFlag.WriteOnly):
        raise _failed(file)
    try:
        count = _painted(pages, file, progress, title)
        if not file.flush() or file.error() != QFileDevice.FileError.NoError:
            raise _failed(file)
    finally:
        file.close()
    return count


def _painted(pages: Iterable[Page], file: QFile, progress: Progress, title: str) -> int:
    writer = QPdfWriter(file)
    writer.setTitle(title)
    writer.setCreator("LVDesk")
    writer.setResolution(_DPI)
    painter, count = QPainter(), 0
    try:
        for page in pages:
            writer.setPageLayout(layout_of(page))
            if not (writer.newPage() if count else painter.begin(writer)) or file.error() != QFileDevice.FileError.NoError:
                raise _failed(file)
            paint(painter, page, _DOTS)
            count += 1
            progress.step()
    finally:
        if painter.isActive():
            painter.end()
    return count


def _failed(file: QFile) -> OSError:
    return OSError(errno.EIO, file.errorString())


def _with_fonts() -> None:
    """Fonts need an application object; the command line has none."""
    if QCoreApplication.instance() is None:
        if sys.platform != "win32":
            os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        _held.append(QGuiApplication([]))
    need_chinese()
