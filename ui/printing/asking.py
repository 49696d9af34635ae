"""Pages into a PDF a person names, or onto paper; with progress and cancel."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from lvdesk.kit.page import Page
from lvdesk.kit.progress import Progress
from ui.files import open_folder
from ui.jobs import Jobs
from ui.notices import Notices, Offer

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter


class Desk(Protocol):
    """What printing needs of the window; a pane's context has it."""

    @property
    def jobs(self) -> Jobs:
        """Runs it."""
        ...

    @property
    def notices(self) -> Notices:
        """Tells how it went."""
        ...

    @property
    def workspace(self) -> Any:
        """Whose settings remember the folder."""
        ...


class PdfAsking(QObject):
    """Shows pages, asks for the file of a PDF or for a printer; ``page`` names the setting that remembers the folder.

    Attributes:
        ask_printer: asks a person for the printer; (parent, title, pages) to the printer or None.
    """

    def __init__(self, context: Desk, owner: QWidget, page: str) -> None:
        super().__init__(owner)
        self._context, self._owner, self._key = context, owner, f"{page}.folder"
        self.ask_printer: Callable[[QWidget, str, int], QPrinter | None] = _system_printer

    def read(self, name: str, title: str, pages: Callable[[], Iterable[Page]]) -> None:
        """Shows the pages first; they are laid out in the background."""

        def shown(found: list[Page]) -> None:
            from ui.printing.reading import PageReader

            reader = PageReader(self._owner, title, found)
            reader.pdf_asked.connect(lambda: self.ask(name, title, lambda: found))
            reader.print_asked.connect(lambda: self.print(title, found))
            reader.open()

        self._context.jobs.run(
            f"正在编排{name}", lambda _progress: list(pages()), writes=False, done=shown,
            failed=lambda error: self._context.notices.show(error, f"{name}没有编排好"),
        )  # fmt: skip

    def print(self, title: str, pages: Sequence[Page]) -> None:
        """Asks for the printer and gives it the pages."""
        from ui.printing.printer import chosen, print_pages

        printer = self.ask_printer(self._owner, title, len(pages))
        if printer is None:
            return
        printer.setDocName(title)
        numbers = chosen(printer, len(pages))
        self._context.jobs.run(
            f"正在{title}", lambda progress: print_pages(printer, numbers, lambda number: pages[number], progress), writes=False,
            done=lambda count: self._context.notices.success(f"已送到打印机 {printer.printerName()}，{count} 页"),
            failed=lambda error: self._context.notices.show(error, f"{title}没有完成"),
        )  # fmt: skip

    def ask(self, name: str, title: str, pages: Callable[[], Iterable[Page]]) -> None:
        """Asks where to."""
        settings = self._context.workspace.settings
        dialog = QFileDialog(self._owner, title, str(Path(str(settings.get(self._key, ""))) / f"{name}.pdf"), "PDF 文件 (*.pdf)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("pdf")
        dialog.fileSelected.connect(lambda chosen: self.write(Path(chosen), title, pages))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def write(self, path: Path, title: str, pages: Callable[[], Iterable[Page]]) -> None:
        """Writes the pages into a file."""
        self._context.workspace.settings.set(self._key, str(path.parent))

        def work(progress: Progress) -> int:
            from ui.printing.pdf import write_pdf

            return write_pdf(pages(), path, progress, title=title)

        def done(count: int) -> None:
            offer = Offer("打开文件夹", partial(open_folder, path.parent))
            self._context.notices.success(f"已写好 {path.name}，{count} 页", str(path.parent), offer=offer)

        self._context.jobs.run(
            f"正在{title}", work, writes=False, done=done, failed=lambda error: self._context.notices.show(error, f"{title}没有完成")
        )


def _system_printer(parent: QWidget, title: str, count: int) -> "QPrinter | None":
    from ui.printing.printer import asked_printer

    return asked_printer(parent, title, count)
