"""Files that come to the window: which of them are tables, and the dialog to choose some."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from lvdesk.kit.files import expanded
from lvdesk.kit.settings import Settings

SUFFIXES = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".csv", ".tsv", ".txt", ".et")
PICTURES = (".pdf", ".jpg", ".jpeg", ".png", ".tif", ".tiff", ".bmp", ".webp", ".heic", ".heif")


def has_pictures(paths: Sequence[Path]) -> bool:
    """Whether scans or photos are among the files or in the folders, going by their names."""
    return any(file.suffix.lower() in PICTURES for file in expanded(list(paths)))


def table_files(paths: Sequence[Path]) -> list[Path]:
    """Files as given (of whatever name: the reader looks at the content); of folders only what is named like a table."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found.extend(file for file in expanded([path]) if file.suffix.lower() in SUFFIXES)
        else:
            found.append(path)
    return found


def pick_files(parent: QWidget, settings: Settings, taken: Callable[[list[Path]], object]) -> None:
    """Asks for table files without blocking; remembers the folder."""
    patterns = " ".join(f"*{suffix}" for suffix in SUFFIXES)
    dialog = QFileDialog(parent, "选择台账文件", str(settings.get("import_folder", "")), f"表格文件 ({patterns});;所有文件 (*)")
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)

    def chosen(names: list[str]) -> None:
        settings.set("import_folder", str(Path(names[0]).parent))
        taken([Path(name) for name in names])

    dialog.filesSelected.connect(chosen)
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()


def open_folder(folder: Path) -> None:
    """Shows a folder in the system's own file window."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
