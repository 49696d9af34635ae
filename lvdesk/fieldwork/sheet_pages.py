"""Pages of stored sheets: the blocks a sheet was laid out with, with the words the records have now."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any, Final

from sqlalchemy import Connection

from lvdesk.fieldwork import filling_boxes, filling_cover
from lvdesk.fieldwork.filling import contents_in
from lvdesk.fieldwork.filling_records import Records
from lvdesk.fieldwork.forms.definition import Form
from lvdesk.fieldwork.forms.head import foot, head
from lvdesk.fieldwork.forms.layout import lay_out
from lvdesk.fieldwork.forms.model import Content, Face
from lvdesk.fieldwork.reading import package_row
from lvdesk.fieldwork.sheet_layout import Item, blocks_of, fitted, item_of, stored
from lvdesk.kit.errors import KnownError, RefusedError
from lvdesk.kit.page import Page
from lvdesk.workspace import Workspace

ELECTRONIC: Final = "电子表单"
"""Stands for the form of a sheet that is a workbook: it has a number and comes back like paper, but no page."""


def open_package(connection: Connection, package_no: str) -> Any:
    """The row of a package that is not closed.

    Raises:
        KnownError: ``package.missing``; RefusedError: ``package.state``.
    """
    package = package_row(connection, package_no)
    if package.closed_at is not None:
        what = "作废" if package.cancelled else "结束"
        raise RefusedError("package.state", f"任务包 {package.package_no} 已{what}，不能再打印表单", "如需继续使用，请先重新打开任务包")
    return package


class PackagePages:
    """The sheets of one package as pages; records are read when the object is made, pages are laid out one by one when asked for."""

    def __init__(self, ws: Workspace, connection: Connection, package_no: str, rows: Sequence[Any], forms: Mapping[str, Form]) -> None:
        self._records = Records(ws, connection, package_no)
        self._forms = forms
        self.face: Face = filling_cover.face(self._records)
        self._found: dict[str, _Filled] = {}
        for key in {row.form for row in rows} & forms.keys():
            self._found[key] = _Filled(forms[key], contents_in(ws, connection, package_no, forms[key]))
        self._gone = {item: self._lost(item) for row in rows if row.form in forms for item in self._missing(row)}

    def page(self, row: Any, **face: Any) -> Page:
        """The sheet as it is printed; ``face``: station, printed_by, printed_at.

        Raises:
            KnownError: ``form.version`` when the form has other places by now.
        """
        return self.printed(row, **face)[0]

    def printed(self, row: Any, **face: Any) -> tuple[Page, str]:
        """The sheet as it is printed, and its digest; see ``page``, ``digest``."""
        form = self._form(row)
        return self._laid(form, row, replace(self.face, sheet_no=row.sheet_no, page=row.page, pages=row.pages, **face))

    def digest(self, row: Any) -> str:
        """What the sheet says besides head and foot, as a short text; "" when its form has other places by now."""
        form = self._forms.get(row.form)
        if form is None or form.version != row.form_version:
            return ""
        return self._laid(form, row, Face("", "", "", 0, 0))[1]

    def contents(self, row: Any) -> list[Content]:
        """What the records say today to each block of a sheet, as far as the block shows it.

        Raises:
            KnownError: ``form.version`` when the form has other places by now.
        """
        form = self._form(row)
        return [self._content(form, item, shape) for item, shape in stored(row)]

    def words(self, row: Any) -> int:
        """Stays the same, as long as the program runs, while the records say the same to the sheet."""
        form = self._forms.get(row.form)
        return hash(repr([self._content(form, item, shape) for item, shape in stored(row)])) if form else 0

    def _laid(self, form: Form, row: Any, face: Face) -> tuple[Page, str]:
        blocks = stored(row)
        contents = [self._content(form, item, shape) for item, shape in blocks]
        shapes = tuple(shape for _, shape in blocks)
        page = lay_out(form, face, shapes, contents)
        before, after = len(list(head(form, face, shapes))), len(list(foot(form, face)))
        body = page.items[before : len(page.items) - after]
        return page, hashlib.sha256(repr(body).encode()).hexdigest()

    def _content(self, form: Form, item: Item, shape: str) -> Content:
        filled = self._found[form.key]
        exact = filled.parts.get((item, shape))
        if exact is not None:
            return exact
        return fitted(filled.whole[item] if item in filled.whole else self._gone[item], shape)

    def _missing(self, row: Any) -> list[Item]:
        whole = self._found[row.form].whole
        return [item for item, _ in stored(row) if item not in whole]

    def _lost(self, item: Item) -> Content:
        """What can still be said of a thing that was taken out of the package after its sheet was printed."""
        entity, key = item
        if entity == "meter_box":
            return Content(entity, key, filling_boxes.box_values(self._records, key))
        fields = self._records.ws.dictionary.entities
        name = {f"{entity}.{self._records.ws.dictionary.key(entity)}": key} if entity in fields else {}
        return Content(entity, key, {**name, "number": key})

    def _form(self, row: Any) -> Form:
        form = self._forms.get(row.form)
        if form is None or form.version != row.form_version:
            title = form.title if form else row.form
            text = f"表单 {row.sheet_no} 按“{title}”第 {row.form_version} 版打印，现用版本的填写位置不同"
            raise KnownError("form.version", text, "请把这张表单换新编号后再打印")
        return form


class _Filled:
    """The blocks of one form."""

    def __init__(self, form: Form, contents: Sequence[Content]) -> None:
        self._form, self._contents = form, contents
        self.whole: dict[Item, Content] = {item_of(content): content for content in contents}

    @cached_property
    def parts(self) -> dict[tuple[Item, str], Content]:
        """(item, shape) -> words."""
        return {(block.item, block.shape): block.content for block in blocks_of(self._form, self._contents)}
