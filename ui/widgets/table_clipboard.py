"""Copy from and paste into a large table, also where its rows were never read."""

from collections.abc import Sequence

from PySide6.QtCore import QItemSelection, QMimeData
from PySide6.QtGui import QGuiApplication

from lvdesk.kit.progress import Progress
from lvdesk.kit.table import Column
from ui.models.clipboard import parse_tsv, to_html, to_tsv
from ui.models.source import CellEdit, Paste, Source
from ui.models.table_model import TableModel

_CHUNK = 2000
_NAMED = 5


def selected_places(selection: QItemSelection) -> tuple[list[int], list[int]]:
    """Rows and columns of a selection, each once, in order."""
    rows: set[int] = set()
    columns: set[int] = set()
    for block in selection.toList():
        rows.update(range(block.top(), block.bottom() + 1))
        columns.update(range(block.left(), block.right() + 1))
    return sorted(rows), sorted(columns)


def count_rows(selection: QItemSelection) -> int:
    """How many rows have a selected cell."""
    spans = sorted((block.top(), block.bottom()) for block in selection.toList())
    count, end = 0, -1
    for top, bottom in spans:
        start = max(top, end + 1)
        if bottom >= start:
            count += bottom - start + 1
            end = bottom
    return count


def collect(source: Source, ids: Sequence[int], keys: Sequence[str], progress: Progress) -> list[tuple[str, ...]]:
    """The texts of these cells, read in slices; for a worker thread."""
    place = {column.key: number for number, column in enumerate(source.columns)}
    wanted = [place[key] for key in keys]
    progress.start("正在复制", len(ids))
    block: list[tuple[str, ...]] = []
    for start in range(0, len(ids), _CHUNK):
        part = ids[start : start + _CHUNK]
        block += [tuple(row.values[number] for number in wanted) for row in source.rows(part)]
        progress.step(len(part))
    return block


def put(block: Sequence[Sequence[str]], titles: Sequence[str] = ()) -> None:
    """Lays a block on the clipboard as text and as a table Excel takes without rounding digits."""
    rows = [list(titles), *block] if titles else list(block)
    data = QMimeData()
    data.setText(to_tsv(rows))
    data.setHtml(to_html(rows))
    QGuiApplication.clipboard().setMimeData(data)


def lay_out(text: str, model: TableModel, rows: Sequence[int], columns: Sequence[int]) -> Paste:
    """Lays a copied block onto the table from its top left selected cell; one value fills the whole selection."""
    block = parse_tsv(text)
    if not block or not rows or not columns:
        return Paste(())
    if len(block) == 1 and len(block[0]) == 1:
        targets = [(row, column, block[0][0]) for row in rows for column in columns]
    else:
        top, left = rows[0], columns[0]
        targets = [(top + down, left + along, cell) for down, line in enumerate(block) for along, cell in enumerate(line)]
    return _fit(model, targets)


def _fit(model: TableModel, targets: Sequence[tuple[int, int, str]]) -> Paste:
    edits: list[CellEdit] = []
    locked: dict[str, Column] = {}
    outside = missing = 0
    for row_index, column_index, text in targets:
        if row_index >= len(model.ids) or column_index >= len(model.columns):
            outside += 1
            continue
        column = model.columns[column_index]
        if not column.editable:
            locked[column.key] = column
            continue
        row = model.row(row_index)
        if row is None:
            missing += 1
            continue
        before = model.text(row, column_index)
        if text.strip() != before:
            edits.append(CellEdit(row.id, column.key, text.strip(), before))
    return Paste(tuple(edits), _said(locked, outside, missing))


def _said(locked: dict[str, Column], outside: int, missing: int) -> tuple[str, ...]:
    lines = []
    if locked:
        titles = [column.title for column in locked.values()]
        more = f" 等 {len(titles)} 列" if len(titles) > _NAMED else ""
        lines.append(f"不可修改的列已跳过：{'、'.join(titles[:_NAMED])}{more}")
    if outside:
        lines.append(f"{outside} 个单元格超出表格范围，已跳过")
    if missing:
        lines.append(f"{missing} 个单元格所在的行尚未读出，已跳过；请滚动到该处后再粘贴")
    return tuple(lines)
