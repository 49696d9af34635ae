"""Two panes that only remember what they were told."""

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from PySide6.QtWidgets import QLineEdit

from lvdesk.network.changed import Changed
from ui.actions import Action
from ui.panes.base import Context, Pane
from ui.parts import column


class Remembering(Pane):
    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.told: list[object] = []
        self.line = QLineEdit()
        self.line.setAccessibleName("便笺")
        column(self.line, parent=self)

    def refresh(self, changed: Changed) -> None:
        self.told.append(changed)

    def reveal(self, target: object) -> None:
        self.told.append(target)


class Notes(Remembering):
    key: ClassVar[str] = "notes"
    title: ClassVar[str] = "便笺"
    icon: ClassVar[str] = "list"

    def toolbar_actions(self) -> Sequence[Action]:
        return (
            Action("notes.add", "添加", lambda: self.told.append("added"), "Ctrl+N", "plus", "便笺", primary=True),
            Action("notes.quiet", "安静", lambda: None, "", "minus", "便笺", in_bar=False),
        )


class Files(Remembering):
    key: ClassVar[str] = "files"
    title: ClassVar[str] = "文件"
    group: ClassVar[str] = "数据"
    icon: ClassVar[str] = "file"
    files: ClassVar[bool] = True
    cares: ClassVar[Changed] = Changed.NETWORK

    def badge(self) -> int:
        return 3

    def accept_files(self, paths: Sequence[Path]) -> None:
        self.told.append([path.name for path in paths])
