"""OpenDocument spreadsheets, one event at a time: repeated rows and cells, spans, hidden parts, exact values."""

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from lvdesk.tabular.container import Container
from lvdesk.tabular.formats.memory import Draft, MemorySource, unique_names
from lvdesk.tabular.model import MAX_COLUMNS, MAX_ROWS
from lvdesk.tabular.numbers import moment_text, plain
from lvdesk.tabular.problems import problem
from lvdesk.tabular.xml import attribute, elements, local, parsed, refuse_dtd

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_MAX_REPEATED_CONTENT = 100_000
_TIME = re.compile(r"P(?:(\d+)D)?T(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?")
_LINES = {f"{_TEXT}p", f"{_TEXT}h"}


def read_ods(container: Container) -> MemorySource:
    """All sheets of the document.

    Raises:
        KnownError: ``file.encrypted``, ``file.damaged``, ``file.dtd``, ``file.absurd``.
    """
    if container.has("META-INF/manifest.xml"):
        manifest = parsed(container.read("META-INF/manifest.xml"))
        if next(elements(manifest, "encryption-data"), None) is not None:
            raise problem("file.encrypted")
    content = bytearray()
    for block in container.blocks("content.xml"):
        content += block
        if len(content) > 700 << 20:
            raise problem("file.too_large")
    refuse_dtd(bytes(content[:4096]))
    try:
        return MemorySource("ods", unique_names(list(_Walk(bytes(content)).sheets())))
    except (etree.XMLSyntaxError, ValueError, OverflowError) as error:
        raise problem("file.damaged") from error


class _Walk:
    """One run over ``content.xml``."""

    def __init__(self, content: bytes) -> None:
        import io

        tags = [f"{_TABLE}{name}" for name in ("table", "table-row", "table-column")] + [f"{_STYLE}style"]
        self._events = etree.iterparse(
            io.BytesIO(content), events=("start", "end"), tag=tags, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True
        )
        self._hidden_styles: set[str] = set()

    def sheets(self) -> Iterator[Draft]:
        for event, element in self._events:
            if event == "end" and local(element) == "style":
                self._note_style(element)
            if event == "start" and local(element) == "table":
                draft = Draft(attribute(element, "name") or "工作表", attribute(element, "style-name") not in self._hidden_styles)
                draft.fill(self._rows(draft))
                yield draft

    def _note_style(self, style: etree._Element) -> None:
        if any(attribute(item, "display") == "false" for item in style):
            self._hidden_styles.add(attribute(style, "name"))

    def _rows(self, draft: Draft) -> Iterator[tuple[int, list[Any]]]:
        number, depth, column = 1, 0, 1
        for event, element in self._events:
            name = local(element)
            if name == "table":
                depth += 1 if event == "start" else -1
                if depth < 0:
                    element.clear()
                    return
            elif event == "end" and name == "table-column":
                column = _note_column(element, column, draft)
            elif event == "end" and name == "table-row" and not depth:
                row, repeat = _row(element, number, draft), _repeat(element, "rows", MAX_ROWS)
                element.clear()
                _drop_before(element)
                if row and repeat > _MAX_REPEATED_CONTENT:
                    raise problem("file.absurd", f"第 {number} 行的内容重复了 {repeat} 次")
                if row:
                    yield from ((number + index, row) for index in range(repeat))
                number += repeat


def _drop_before(element: etree._Element) -> None:
    while element.getprevious() is not None:
        parent = element.getparent()
        if parent is None:
            return
        del parent[0]


def _note_column(column: etree._Element, number: int, draft: Draft) -> int:
    repeat = _repeat(column, "columns", MAX_COLUMNS)
    if attribute(column, "visibility") in {"collapse", "filter"}:
        draft.hidden_columns += range(number, number + min(repeat, 1024))
    return number + repeat


def _row(element: etree._Element, number: int, draft: Draft) -> list[str | None]:
    """The row's texts up to its last cell that holds something."""
    if attribute(element, "visibility") in {"collapse", "filter"}:
        draft.hidden_rows += range(number, number + min(_repeat(element, "rows", MAX_ROWS), 100_000))
    row: list[str | None] = []
    blanks = 0
    for cell in element:
        if local(cell) not in {"table-cell", "covered-table-cell"}:
            continue
        repeat, text = _repeat(cell, "columns", MAX_COLUMNS), _value(cell)
        _note_span(cell, (number, len(row) + blanks + 1), draft)
        if text is None:
            blanks += repeat
            continue
        row += [None] * blanks + [text] * repeat
        blanks = 0
        if len(row) > MAX_COLUMNS:
            raise problem("file.absurd", f"超过 {MAX_COLUMNS} 列")
    return row


def _note_span(cell: etree._Element, place: tuple[int, int], draft: Draft) -> None:
    down, across = attribute(cell, "number-rows-spanned") or "1", attribute(cell, "number-columns-spanned") or "1"
    if (down, across) != ("1", "1") and down.isdigit() and across.isdigit():
        row, column = place
        draft.merges.append((row, column, row + min(int(down), MAX_ROWS) - 1, column + min(int(across), MAX_COLUMNS) - 1))


def _repeat(element: etree._Element, what: str, most: int) -> int:
    text = attribute(element, f"number-{what}-repeated")
    return min(max(int(text), 1), most) if text.isdigit() else 1


def _value(cell: etree._Element) -> str | None:
    kind = attribute(cell, "value-type")
    if kind in {"float", "currency", "percentage"}:
        value = attribute(cell, "value")
        try:
            return plain(float(value)) or None
        except ValueError:
            return value or None
    if kind == "date":
        return _moment(attribute(cell, "date-value")) or None
    if kind == "time":
        return _clock(attribute(cell, "time-value")) or None
    if kind == "boolean":
        return attribute(cell, "boolean-value").upper() or None
    return "\n".join(_line(line) for line in cell if line.tag in _LINES) or None


def _line(paragraph: etree._Element) -> str:
    parts = [paragraph.text or ""]
    for child in paragraph.iterdescendants():
        name = local(child)
        if name == "s":
            count = attribute(child, "c")
            parts.append(" " * (min(int(count), 1000) if count.isdigit() else 1))
        elif name in {"tab", "line-break"}:
            parts.append("\t" if name == "tab" else "\n")
        parts += [child.text or "" if name else "", child.tail or ""]
    return "".join(parts)


def _moment(text: str) -> str:
    import datetime as dt

    try:
        return moment_text(dt.datetime.fromisoformat(text))
    except ValueError:
        return text


def _clock(text: str) -> str:
    match = _TIME.fullmatch(text)
    if not match:
        return text
    days, hours, minutes, seconds = (float(part or 0) for part in match.groups())
    return f"{int(days * 24 + hours):02d}:{int(minutes):02d}:{int(seconds):02d}"
