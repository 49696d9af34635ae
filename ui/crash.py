"""Bugs: every way an exception can escape ends here; a log, and one dialog that helps to report it."""

import faulthandler
import logging
import platform
import sys
import threading
import traceback
from collections.abc import Callable
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import TextIO

from PySide6 import __version__ as qt_version
from PySide6.QtCore import QMessageLogContext, QObject, Qt, QtMsgType, QUrl, Signal, qInstallMessageHandler
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QDialog, QPlainTextEdit, QWidget

from lvdesk.kit.errors import Cancelled, LVDeskError
from lvdesk.kit.paths import user_data
from ui.parts import button, column, label, picture, row
from ui.theme.tokens import tokens

log = logging.getLogger(__name__)
_qt_log = logging.getLogger("ui.qt")


def log_folder() -> Path:
    """Where the logs lie."""
    folder = user_data() / "logs"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


class CrashReporter(QObject):
    """Catches what nobody caught. ``caught(exception)`` comes on the UI thread, from whatever thread it was.

    Known errors that slip through are not bugs; the receiver decides what to show.
    """

    caught = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._hard: TextIO | None = None
        self._log: RotatingFileHandler | None = None
        self._level = logging.WARNING

    def install(self) -> str:
        """Hooks itself in; returns what a hard crash of the last run left behind, "" if nothing."""
        self._log = RotatingFileHandler(log_folder() / "lvdesk.log", maxBytes=1 << 20, backupCount=3, encoding="utf-8", delay=True)
        self._log.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
        logging.getLogger().addHandler(self._log)
        self._level = logging.getLogger().level
        logging.getLogger().setLevel(logging.INFO)
        hard = log_folder() / "crash.log"
        left = hard.read_text(encoding="utf-8", errors="replace") if hard.exists() else ""
        self._hard = hard.open("w", encoding="utf-8")
        faulthandler.enable(self._hard)
        sys.excepthook = self._exception
        threading.excepthook = self._thread
        qInstallMessageHandler(_qt_message)
        return left

    def uninstall(self) -> None:
        """Lets go again; an empty crash log tells the next start that all went well."""
        sys.excepthook = sys.__excepthook__
        threading.excepthook = threading.__excepthook__
        qInstallMessageHandler(None)
        if self._log is not None:
            logging.getLogger().removeHandler(self._log)
            logging.getLogger().setLevel(self._level)
            self._log.close()
            self._log = None
        if self._hard is not None:
            faulthandler.disable()
            self._hard.close()
            self._hard = None

    def _exception(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        self.caught.emit(error)

    def _thread(self, caught: threading.ExceptHookArgs) -> None:
        if caught.exc_value is not None:
            self.caught.emit(caught.exc_value)


def is_bug(error: BaseException) -> bool:
    """Whether it is our fault: neither a known cause nor a cancel."""
    return not isinstance(error, (LVDeskError, Cancelled))


def report(error: BaseException) -> str:
    """The text for a bug report: versions and the way to the error, no data of the station."""
    trace = "".join(traceback.format_exception(error))
    head = f"LVDesk · Python {platform.python_version()} · Qt {qt_version} · {platform.platform()}"
    return f"{head}\n\n{trace}"


class CrashDialog(QDialog):
    """Says that the program failed, that the data is safe, and offers the report; does not block."""

    def __init__(self, text: str, parent: QWidget | None = None, *, open_folder: Callable[[], object] | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("程序出错")
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(680, 420)
        self._text = text
        details = QPlainTextEdit(text)
        details.setReadOnly(True)
        details.setAccessibleName("错误报告")
        details.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        said = column(
            label("刚才的操作没有完成，这是程序的错误", "h1"),
            label("已保存的数据不受影响，可以继续工作。请把下面的报告发给维护人员；报告不含用户资料。", "muted", wrap=True),
            gap=4,
        )
        self._copied = label("", "muted")
        close = button("继续工作", self.close, "primary")
        buttons = row(
            button("复制报告", self._copy, icon_name="copy"),
            button("打开日志文件夹", open_folder or _open_logs, icon_name="folder"),
            self._copied, None, close,
        )  # fmt: skip
        top = row(picture("error", 28, tokens().red), said, gap=14)
        top.setStretch(1, 1)
        column(top, details, buttons, parent=self, gap=14, margin=20)
        close.setFocus()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._text)
        self._copied.setText("已复制")


def _open_logs() -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(log_folder())))


def _qt_message(kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
    levels = {QtMsgType.QtDebugMsg: logging.DEBUG, QtMsgType.QtInfoMsg: logging.INFO, QtMsgType.QtWarningMsg: logging.WARNING}
    _qt_log.log(levels.get(kind, logging.ERROR), "%s", text)
