"""Pages to read on the screen first, then onto paper or into a PDF."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QDialog, QWidget

from lvdesk.kit.page import Page
from ui.parts import button, column, label, row, tool
from ui.printing.preview import WHOLE, PagePreview


class PageReader(QDialog):
    """Signals: pdf_asked(), print_asked()."""

    pdf_asked = Signal()
    print_asked = Signal()

    def __init__(self, parent: QWidget, title: str, pages: Sequence[Page]) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.resize(QSize(900, 680))
        self.preview = PagePreview(self)
        self.preview.set_pages(len(pages), lambda number: pages[number])
        self.preview.set_zoom(WHOLE)
        self.place = label("", "muted")
        self.preview.page_changed.connect(lambda number: self.place.setText(f"第 {number + 1} 页 共 {len(pages)} 页"))
        self.place.setText(f"第 1 页 共 {len(pages)} 页")
        back = tool("chevron-left", "上一页", self._step(-1), shortcut="PgUp")
        onward = tool("chevron-right", "下一页", self._step(1), shortcut="PgDown")
        foot = row(
            back, self.place, onward, None, button("关闭", self.reject), button("打印…", self.print_asked.emit, icon_name="print"),
            button("存为 PDF…", self.pdf_asked.emit, "primary"), gap=8,
        )  # fmt: skip
        column(self.preview, foot, parent=self, gap=10, margin=14).setStretch(0, 1)
        self.finished.connect(self.deleteLater)

    def _step(self, step: int) -> Callable[[], None]:
        return lambda: self.preview.show_page(self.preview.current + step)
