"""The first run over a sheet's XML: what is hidden, what is merged, where it ends. Costs little more than inflating it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from lvdesk.tabular.model import MAX_COLUMNS, Merge
from lvdesk.tabular.problems import problem
from lvdesk.tabular.xml import refuse_dtd

HEAD_LIMIT = 16 << 20
_TAIL_LIMIT = 64 << 20
_MAX_MERGES = 500_000
_BODY = re.compile(rb"<(?:[\w.-]+:)?sheetData\b[^>]*>")
_COLUMN = re.compile(rb"<(?:[\w.-]+:)?col\s([^>]*)>")
_MERGE = re.compile(rb'<(?:[\w.-]+:)?mergeCell\s[^>]*ref="\$?([A-Z]{1,3})\$?(\d{1,7}):\$?([A-Z]{1,3})\$?(\d{1,7})"')
_HIDDEN_ROW = re.compile(rb'<(?:[\w.-]+:)?row\s(?=[^>]*\bhidden="(?:1|true)")[^>]*?\br="(\d{1,7})"')
_ROW = re.compile(rb'<(?:[\w.-]+:)?row\s[^>]*?\br="(\d{1,9})"')
_NUMBER = re.compile(rb'\b(min|max)="(\d{1,6})"')


@dataclass
class Scan:
    """What the scan saw."""

    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: tuple[int, ...] = ()
    merges: tuple[Merge, ...] = ()
    rows: int = 0


def column_number(letters: bytes) -> int:
    """``AB`` → 28."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def scanned(blocks: Iterable[bytes]) -> Scan:
    """Runs over the whole part.

    Raises:
        KnownError: ``file.dtd``, ``file.damaged`` or ``file.bomb``.
    """
    scan = Scan()
    stream = iter(blocks)
    head, rest = _head(stream)
    refuse_dtd(head)
    scan.hidden_columns = _hidden_columns(head)
    tail = bytearray()
    for block in _cut_at_rows(rest, stream):
        if tail:
            tail += block
        else:
            at = block.find(b"sheetData>")
            _look(block if at < 0 else block[:at], scan)
            if at >= 0:
                tail += block[at:]
        if len(tail) > _TAIL_LIMIT:
            raise problem("file.bomb", "工作表附加内容过大")
    scan.merges = _merges(bytes(tail))
    return scan


def _head(stream: Iterator[bytes]) -> tuple[bytes, bytes]:
    """Everything before the rows, and the first bytes of them."""
    head = b""
    for block in stream:
        head += block
        match = _BODY.search(head)
        if match:
            return head[: match.start()], head[match.end() :]
        if len(head) > HEAD_LIMIT:
            raise problem("file.bomb", "工作表附加内容过大")
    return head, b""


def _cut_at_rows(rest: bytes, stream: Iterator[bytes]) -> Iterator[bytes]:
    """Blocks that never end inside of a tag."""
    for block in stream:
        whole = rest + block
        cut = whole.rfind(b"<")
        if cut <= 0:
            rest = whole
            continue
        yield whole[:cut]
        rest = whole[cut:]
    yield rest


def _look(block: bytes, scan: Scan) -> None:
    if b' hidden="' in block:
        scan.hidden_rows += [int(match.group(1)) for match in _HIDDEN_ROW.finditer(block)]
    at = block.rfind(b"row ")
    match = _ROW.search(block, max(block.rfind(b"<", 0, at), 0)) if at > 0 else None
    if match:
        scan.rows = max(scan.rows, int(match.group(1)))


def _hidden_columns(head: bytes) -> tuple[int, ...]:
    result: set[int] = set()
    for match in _COLUMN.finditer(head):
        text = match.group(1)
        bounds: dict[bytes, bytes] = dict(_NUMBER.findall(text))
        if re.search(rb'\bhidden="(?:1|true)"', text) and b"min" in bounds:
            first, last = int(bounds[b"min"]), int(bounds.get(b"max", bounds[b"min"]))
            # "all columns to the right" is how people cut off a sheet; it hides nothing that holds data
            result.update(range(first, min(last, MAX_COLUMNS, first + 1024) + 1))
    return tuple(sorted(result))


def _merges(tail: bytes) -> tuple[Merge, ...]:
    result: list[Merge] = []
    for match in _MERGE.finditer(tail):
        left, top, right, bottom = match.groups()
        result.append((int(top), column_number(left), int(bottom), column_number(right)))
        if len(result) > _MAX_MERGES:
            raise problem("file.absurd", "合并单元格过多")
    return tuple(result)
