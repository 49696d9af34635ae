"""What a BIFF stream says about passwords, hidden parts and merges: the records are walked, values are calamine's work."""

import struct
from pathlib import Path

import olefile

from lvdesk.tabular.formats.calamine import CalamineSource
from lvdesk.tabular.formats.memory import Draft
from lvdesk.tabular.model import SheetInfo
from lvdesk.tabular.problems import problem

_BOUND_SHEET, _FILE_PASS, _ROW, _COLUMNS, _MERGES, _BOF, _EOF = 0x85, 0x2F, 0x208, 0x7D, 0xE5, 0x809, 0x0A
_MAX_STREAM = 400 << 20


def read_xls(path: Path) -> CalamineSource:
    """The workbook in an OLE file.

    Raises:
        KnownError: ``file.encrypted``, ``file.not_table``, ``file.damaged``.
    """
    stream = _stream(path)
    drafts = _walked(stream)
    source = CalamineSource(path, "xls")
    if len(drafts) == len(source.sheets):
        source.sheets = tuple(_merged(sheet, draft) for sheet, draft in zip(source.sheets, drafts, strict=True))
    return source


def _merged(sheet: SheetInfo, draft: Draft) -> SheetInfo:
    hidden = tuple(draft.hidden_rows), tuple(draft.hidden_columns), tuple(draft.merges)
    return SheetInfo(sheet.name, sheet.visible, *hidden, inspected=True)


def _stream(path: Path) -> bytes:
    try:
        with olefile.OleFileIO(str(path)) as container:
            names = {entry[-1].lower(): entry for entry in container.listdir() if len(entry) == 1}
            if "encryptedpackage" in names or "encryptioninfo" in names:
                raise problem("file.encrypted")
            entry = names.get("workbook") or names.get("book")
            if entry is None:
                raise problem("file.not_table", "是其他 Office 文档" if "worddocument" in names or "powerpoint document" in names else "")
            if container.get_size(entry) > _MAX_STREAM:
                raise problem("file.too_large")
            return bytes(container.openstream(entry).read())
    except (OSError, ValueError, IndexError, struct.error, RecursionError) as error:
        raise problem("file.damaged") from error


def _walked(stream: bytes) -> list[Draft]:
    """One draft per worksheet, in the order of the tabs."""
    sheets: list[tuple[int, Draft]] = []
    found: dict[int, Draft] = {}
    current: Draft | None = None
    position, depth = 0, 0
    while position + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, position)
        body = position + 4
        if kind == _BOF:
            depth += 1
            if depth == 1:
                current = found.get(position)
        elif kind == _EOF:
            depth = max(depth - 1, 0)
        elif kind == _FILE_PASS:
            raise problem("file.encrypted")
        elif kind == _BOUND_SHEET and length >= 6:
            at, state, sort = struct.unpack_from("<IBB", stream, body) if body + 6 <= len(stream) else (0, 0, 1)
            if sort == 0:
                sheets.append((at, Draft("", state & 3 == 0)))
                found[at] = sheets[-1][1]
        elif current is not None and depth == 1 and body + length <= len(stream):
            _note(kind, stream[body : body + length], current)
        position = body + length
    return [draft for _, draft in sheets]


def _note(kind: int, body: bytes, draft: Draft) -> None:
    if kind == _ROW and len(body) >= 16:
        if struct.unpack_from("<I", body, 12)[0] & 0x20:
            draft.hidden_rows.append(struct.unpack_from("<H", body)[0] + 1)
    elif kind == _COLUMNS and len(body) >= 10:
        first, last, _, _, flags = struct.unpack_from("<5H", body)
        if flags & 1:
            draft.hidden_columns += range(first + 1, min(last, first + 255) + 2)
    elif kind == _MERGES and len(body) >= 2:
        count = struct.unpack_from("<H", body)[0]
        for index in range(min(count, (len(body) - 2) // 8)):
            top, bottom, left, right = struct.unpack_from("<4H", body, 2 + index * 8)
            draft.merges.append((top + 1, left + 1, bottom + 1, right + 1))
