"""Packages with sheets: a printer that keeps its pages, what a page says, records that change."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from sqlalchemy import select

from lvdesk.fieldwork.forms.payload import Payload, decode
from lvdesk.fieldwork.sheets import Printed, print_sheets
from lvdesk.kit.page import Code, Page, TextBox
from lvdesk.kit.progress import Progress
from lvdesk.network.tables import TABLES
from lvdesk.store.model import Change
from lvdesk.workspace import Workspace


class Paper:
    """Takes pages as a printer does and keeps them; ``at`` is called before each."""

    def __init__(self, at: Callable[[int], None] | None = None) -> None:
        self.pages: list[Page] = []
        self._at = at

    def __call__(self, pages: Iterable[Page], path: Path, progress: Progress, *, title: str) -> int:
        for page in pages:
            if self._at:
                self._at(len(self.pages))
            self.pages.append(page)
            progress.step()
        path.write_text(title, encoding="utf-8")
        return len(self.pages)

    @property
    def sheet_nos(self) -> list[str]:
        """The numbers in the codes, page by page."""
        return [payload(page).sheet_no for page in self.pages]


def payload(page: Page) -> Payload:
    """What the code of a page says."""
    (code,) = [item.text for item in page.items if isinstance(item, Code) and item.kind == "qr"]
    return decode(code)


def words(page: Page) -> str:
    """Everything written on a page, except who printed it when."""
    return "\n".join(item.text for item in page.items if isinstance(item, TextBox) and "打印：" not in item.text)


def printed(ws: Workspace, package_no: str, folder: Path, *sheet_nos: str) -> tuple[Printed, Paper]:
    """The package's sheets, or some of them, printed."""
    paper = Paper()
    return print_sheets(ws, package_no, folder / "表单.pdf", paper, Progress(), sheet_nos), paper


def amend(ws: Workspace, entity: str, key: str, **values: Any) -> None:
    """Changes a record as an import or a person would."""
    table = TABLES[entity]
    with ws.store.write("修改") as write:
        query = select(table.c.id).where(table.c[ws.dictionary.key(entity)] == key)
        write.update(table, [Change(write.connection.execute(query).scalar_one(), values)])
