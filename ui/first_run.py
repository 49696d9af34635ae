"""The first start: choose or make a workspace, or open the sample station; nothing else is asked."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QSize, QStandardPaths, Qt
from PySide6.QtWidgets import QFileDialog, QFrame, QProgressBar, QPushButton, QStackedWidget, QWidget

from lvdesk.kit.errors import LVDeskError
from lvdesk.kit.progress import Snapshot
from ui.parts import column, label, picture, row
from ui.status_bar import describe
from ui.theme.tokens import tokens


@dataclass(frozen=True)
class FirstChoice:
    """A workspace folder, or the sample station (its folder is the program's affair)."""

    folder: Path | None
    sample: bool = False


class FirstRun(QWidget):
    """Calls ``on_choice(FirstChoice)`` once the person has chosen; stays on screen, busy, until the caller closes it."""

    def __init__(
        self,
        on_choice: Callable[[FirstChoice], object],
        pick_folder: Callable[["FirstRun", str], None] | None = None,
        *,
        sample: bool = True,
    ) -> None:
        super().__init__()
        self.setWindowTitle("营配网格工作台")
        self.setFixedSize(860, 540)
        self._on_choice, self._pick = on_choice, pick_folder or _pick_folder
        self._error = label("", wrap=True)
        self._error.setProperty("chip", "error")
        self._error.hide()
        self._pages = QStackedWidget()
        self._pages.addWidget(self._choices(sample))
        self._pages.addWidget(self._busy_page())
        layout = row(_brand(), self._pages, parent=self, gap=0)
        layout.setStretch(1, 1)

    def _choices(self, sample: bool) -> QWidget:
        page = QWidget()
        tiles = [
            _tile("folder-plus", "新建工作区", "选一个空文件夹，数据库和备份都放在里面", lambda: self._pick(self, "新工作区的文件夹")),
            _tile("folder", "打开已有工作区", "选择以前用过的工作区文件夹", lambda: self._pick(self, "已有的工作区文件夹")),
        ]
        if sample:
            tiles.append(_tile("sample", "打开样例供电所", "约 3000 户的示例数据，先看看怎么用", lambda: self.choose(None, sample=True)))
        head = (label("从哪里开始？", "h1"), label("一个工作区就是一个供电所的全部数据。以后可以随时更换。", "muted"))
        layout = column(None, *head, 10, *tiles, self._error, None, parent=page, gap=10)
        layout.setContentsMargins(44, 24, 44, 24)
        return page

    def _busy_page(self) -> QWidget:
        page = QWidget()
        self._text = label("正在准备…")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setRange(0, 0)
        self._bar.setAccessibleName("准备进度")
        layout = column(None, label("马上就好", "h1"), self._text, self._bar, None, parent=page, gap=12)
        layout.setContentsMargins(44, 24, 44, 24)
        return page

    def choose(self, folder: Path | None, *, sample: bool = False) -> None:
        """The choice is made."""
        self._error.hide()
        self._pages.setCurrentIndex(1)
        self._on_choice(FirstChoice(folder, sample))

    def show_progress(self, snapshot: Snapshot) -> None:
        """How far the preparation is."""
        self._text.setText(describe("正在准备", snapshot))
        self._bar.setRange(0, snapshot.total)
        self._bar.setValue(min(snapshot.done, snapshot.total))

    def show_error(self, error: Exception) -> None:
        """Back to the choices, with what went wrong."""
        known = isinstance(error, LVDeskError)
        text = f"{error.message}。{error.hint}" if isinstance(error, LVDeskError) and error.hint else str(error)
        self._error.setText(text if known else f"没有成功：{text}")
        self._error.show()
        self._pages.setCurrentIndex(0)


def _tile(icon_name: str, title: str, text: str, on_click: Callable[[], object]) -> QPushButton:
    made = QPushButton()
    made.setProperty("tile", "true")
    made.setObjectName("choiceTile")
    made.setAccessibleName(title)
    made.setAccessibleDescription(text)
    made.clicked.connect(lambda _checked=False: on_click())
    parts = row(picture(icon_name, 26, tokens().brand), column(None, label(title, "h2"), label(text, "muted"), None, gap=2), None,
                picture("chevron-right", 18, tokens().text3), parent=made, gap=16)  # fmt: skip
    parts.setContentsMargins(20, 0, 16, 0)
    for child in made.findChildren(QWidget):
        child.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    return made


def _brand() -> QFrame:
    panel = QFrame()
    panel.setObjectName("rail")
    panel.setFixedWidth(300)
    mark = QFrame()
    mark.setObjectName("brandMark")
    mark.setFixedSize(QSize(52, 52))
    mark.setStyleSheet("QFrame#brandMark { background: #FFFFFF; border-radius: 12px; }")
    row(None, picture("bolt", 30, "#00706B"), None, parent=mark)
    title, sub = label("营配网格工作台"), label("站 · 线 · 变 · 箱 · 户，一张图说真话")
    title.setStyleSheet("color: #FFFFFF; font-size: 22px; font-weight: 600;")
    sub.setStyleSheet("color: rgba(255,255,255,190); font-size: 13px;")
    layout = column(None, mark, 8, title, sub, None, parent=panel, gap=8)
    layout.setContentsMargins(36, 24, 24, 24)
    return panel


def _pick_folder(window: FirstRun, title: str) -> None:
    start = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    dialog = QFileDialog(window, title, start)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    dialog.fileSelected.connect(lambda name: window.choose(Path(name)))
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
