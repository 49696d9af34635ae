"""Pages into a PDF file, as they come; the file has its name only when it is whole."""

import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QCoreApplication, QMarginsF, QSizeF
from PySide6.QtGui import QGuiApplication, QPageLayout, QPageSize, QPainter, QPdfWriter

from lvdesk.kit.errors import KnownError
from lvdesk.kit.files import replacing
from lvdesk.kit.page import Page
from lvdesk.kit.progress import Progress
from ui.printing.painter import paint

_DPI: Final = 1200
_DOTS: Final = _DPI / 25.4
_held: list[QGuiApplication] = []


def write_pdf(pages: Iterable[Page], path: Path, progress: Progress, *, title: str) -> int:
    """Writes pages one after the other; a cancelled or failed one leaves no file and an older one untouched.

    Returns:
        the number of pages.

    Raises:
        KnownError: ``print.nothing`` without pages, ``file.in_use``, ``file.not_writable``.
    """
    _with_fonts()
    with replacing(path) as part:
        count = _written(pages, part, progress, title)
        if not count:
            raise KnownError("print.nothing", "没有可以打印的页", "请先准备表单，再打印")
    return count


def _written(pages: Iterable[Page], part: Path, progress: Progress, title: str) -> int:
    writer = QPdfWriter(str(part))
    writer.setTitle(title)
    writer.setCreator("LVDesk")
    writer.setResolution(_DPI)
    painter, count = QPainter(), 0
    try:
        for page in pages:
            writer.setPageLayout(_layout(page))
            if count:
                writer.newPage()
            elif not painter.begin(writer):
                raise KnownError("file.not_writable", f"无法写入 {part.parent}", "请检查磁盘空间和文件夹权限")
            paint(painter, page, _DOTS)
            count += 1
            progress.step()
    finally:
        if painter.isActive():
            painter.end()
    return count


def _layout(page: Page) -> QPageLayout:
    size = QPageSize(QSizeF(min(page.width, page.height), max(page.width, page.height)), QPageSize.Unit.Millimeter)
    turned = QPageLayout.Orientation.Landscape if page.width > page.height else QPageLayout.Orientation.Portrait
    return QPageLayout(size, turned, QMarginsF(), QPageLayout.Unit.Millimeter)


def _with_fonts() -> None:
    """Fonts need an application object; the command line has none."""
    if QCoreApplication.instance() is None:
        if sys.platform != "win32":
            os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        _held.append(QGuiApplication([]))
