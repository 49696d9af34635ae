"""HTML tables, as many web systems hand them out under the name .xls."""

import re
from collections.abc import Iterator

from lxml import etree
from lxml import html as parser

from lvdesk.tabular.formats.memory import Draft, MemorySource, unique_names
from lvdesk.tabular.model import MAX_COLUMNS
from lvdesk.tabular.problems import problem

_MAX_BYTES = 200 << 20
_SPACES = re.compile(r"[ \t\r\n]+")
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_DOCTYPE = re.compile(r"\A\s*(?:<\?xml[^>]*\?>)?\s*<!DOCTYPE[^>\[]*(?:\[.*?\])?[^>]*>", re.DOTALL | re.IGNORECASE)


def read_html(text: str, encoding: str) -> MemorySource:
    """Each table of the page is a sheet; tables that only arrange other tables are left out.

    Raises:
        KnownError: ``file.too_large``, ``file.not_table``, ``file.absurd``.
    """
    if len(text) > _MAX_BYTES:
        raise problem("file.too_large")
    try:
        page = parser.document_fromstring(_DOCTYPE.sub("", text).encode(), parser=parser.HTMLParser(encoding="utf-8", no_network=True))
    except (etree.LxmlError, ValueError) as error:
        raise problem("file.not_table", "网页中没有表格") from error
    drafts: list[Draft] = []
    for table in page.iter("table"):
        if next(table.iterdescendants("table"), None) is None:
            draft = Draft(f"表{len(drafts) + 1}", not _HIDDEN.search(table.get("style") or ""))
            draft.fill(_rows(table, draft))
            if draft.slices:
                drafts.append(draft)
    if not drafts:
        raise problem("file.not_table", "网页中没有表格")
    return MemorySource("html", unique_names(drafts), encoding)


def _rows(table: etree._Element, draft: Draft) -> Iterator[tuple[int, list[str | None]]]:
    below: dict[int, int] = {}  # column → rows still covered from above
    for number, line in enumerate(table.iter("tr"), 1):
        if _HIDDEN.search(line.get("style") or ""):
            draft.hidden_rows.append(number)
        row: list[str | None] = []
        covered = {column for column, left in below.items() if left > 0}
        for cell in line.iterchildren("td", "th"):
            while len(row) + 1 in covered:
                row.append(None)
            column, down, across = len(row) + 1, _span(cell, "rowspan"), _span(cell, "colspan")
            row += [_text(cell)] + [None] * (across - 1)
            if down > 1 or across > 1:
                draft.merges.append((number, column, number + down - 1, column + across - 1))
            below.update(dict.fromkeys(range(column, column + across), down))
            if len(row) > MAX_COLUMNS:
                raise problem("file.absurd", f"超过 {MAX_COLUMNS} 列")
        below = {column: left - 1 for column, left in below.items() if left > 1}
        yield number, row


def _span(cell: etree._Element, name: str) -> int:
    text = (cell.get(name) or "1").strip()
    return min(max(int(text), 1), MAX_COLUMNS) if text.isdigit() and len(text) < 9 else 1


def _text(cell: etree._Element) -> str | None:
    parts: list[str] = []
    for node in cell.iter():
        if node.tag in {"br", "p", "div"} and node is not cell and parts:
            parts.append("\n")
        if isinstance(node.tag, str):
            parts.append(_SPACES.sub(" ", node.text or ""))
        if node is not cell:
            parts.append(_SPACES.sub(" ", node.tail or ""))
    return "".join(parts).strip(" \n") or None
