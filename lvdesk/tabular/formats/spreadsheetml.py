"""SpreadsheetML of 2003: one XML file, often found under the name .xls."""

import datetime as dt
import io
from collections.abc import Iterator
from typing import Any

from lxml import etree

from lvdesk.tabular.formats.memory import Draft, MemorySource, unique_names
from lvdesk.tabular.model import MAX_COLUMNS, MAX_ROWS
from lvdesk.tabular.numbers import moment_text, plain
from lvdesk.tabular.problems import problem
from lvdesk.tabular.xml import attribute, local, refuse_dtd

_SPACE = "{urn:schemas-microsoft-com:office:spreadsheet}"


def read_spreadsheetml(content: bytes) -> MemorySource:
    """All sheets of the file.

    Raises:
        KnownError: ``file.damaged``, ``file.dtd``, ``file.absurd``.
    """
    refuse_dtd(content)
    tags = [f"{_SPACE}{name}" for name in ("Worksheet", "Row", "Column", "WorksheetOptions")]
    tags.append("{urn:schemas-microsoft-com:office:excel}WorksheetOptions")
    events = etree.iterparse(
        io.BytesIO(content), events=("start", "end"), tag=tags, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True
    )
    drafts = []
    try:
        for event, element in events:
            if event == "start" and local(element) == "Worksheet":
                draft = Draft(attribute(element, "Name") or "工作表")
                draft.fill(_rows(events, draft))
                drafts.append(draft)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise problem("file.damaged") from error
    return MemorySource("spreadsheetml", unique_names(drafts))


def _rows(events: Any, draft: Draft) -> Iterator[tuple[int, list[Any]]]:
    number, column = 0, 0
    for event, element in events:
        name = local(element)
        if event == "start":
            continue
        if name == "Worksheet":
            return
        if name == "WorksheetOptions":
            draft.visible = not any(local(item) == "Visible" for item in element)
        elif name == "Column":
            column = _note_column(element, column, draft)
        elif name == "Row":
            number = _index(element, number, MAX_ROWS)
            if attribute(element, "Hidden") == "1":
                draft.hidden_rows.append(number)
            yield number, _row(element, number, draft)
            number += _count(element, "Span")
            element.clear()


def _note_column(element: etree._Element, before: int, draft: Draft) -> int:
    first = _index(element, before, MAX_COLUMNS)
    last = first + min(_count(element, "Span"), MAX_COLUMNS)
    if attribute(element, "Hidden") == "1":
        draft.hidden_columns += range(first, min(last, first + 1024) + 1)
    return last


def _row(element: etree._Element, number: int, draft: Draft) -> list[str | None]:
    row: list[str | None] = []
    for cell in element:
        if local(cell) != "Cell":
            continue
        column = _index(cell, len(row), MAX_COLUMNS)
        row += [None] * (column - len(row) - 1)
        row.append(_value(cell))
        across, down = _count(cell, "MergeAcross"), _count(cell, "MergeDown")
        if across or down:
            draft.merges.append((number, column, number + down, column + across))
            row += [None] * min(across, MAX_COLUMNS)
    return row


def _value(cell: etree._Element) -> str | None:
    data = next((item for item in cell if local(item) == "Data"), None)
    if data is None:
        return None
    text = "".join(map(str, data.itertext()))
    kind = attribute(data, "Type")
    if kind == "Boolean":
        return "TRUE" if text == "1" else "FALSE"
    try:
        if kind == "Number":
            return plain(float(text)) or None
        if kind == "DateTime":
            return moment_text(dt.datetime.fromisoformat(text))
    except ValueError:
        pass
    return text or None


def _index(element: etree._Element, before: int, most: int) -> int:
    """The element's place: its ``Index``, or the one after the element before it."""
    text = attribute(element, "Index")
    place = int(text) if text.isdigit() else before + 1
    if place <= before or place > most:
        raise problem("file.absurd", f"位置 {text or place} 超出范围")
    return place


def _count(element: etree._Element, name: str) -> int:
    text = attribute(element, name)
    return int(text) if text.isdigit() and len(text) < 8 else 0
