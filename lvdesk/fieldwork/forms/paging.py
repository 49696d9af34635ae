"""Which blocks stand on which page, and how a block larger than a page goes on over several; nothing is ever left out."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from lvdesk.fieldwork.forms.definition import Form
from lvdesk.fieldwork.forms.frame import body
from lvdesk.fieldwork.forms.grid import block_height
from lvdesk.fieldwork.forms.model import Content, Slot
from lvdesk.fieldwork.forms.seating import box_size, cells_of, has, seated
from lvdesk.fieldwork.forms.shapes import BLANK, Shape, shape_in

SHAPE, PART = "shape", "part"
"""What ``split`` notes in a part's values: its shape, and which part of how many it is."""
_SLACK = 0.001


def split(form: Form, content: Content) -> list[Content]:
    """The content as it stands on paper: itself, or the parts of which each fits a page; a blank sheet is a page of blank blocks."""
    if _is_blank(form, content):
        count = blank_count(form) if form.per == "blank" else 1
        return [replace(content, values={**content.values, SHAPE: BLANK})] * count
    total = _total(form, content)
    shapes = _shapes(form, total)
    loose = seated(content.slots, total).loose
    return [_part(content, total, shape, loose, f"{number}/{len(shapes)}") for number, shape in enumerate(shapes, 1)]


def shape_of(form: Form, content: Content) -> str:
    """The size of a content's block; of one that ``split`` made, or that fits a page as it is."""
    return content.values.get(SHAPE) or (BLANK if _is_blank(form, content) else str(_total(form, content)))


def paged(form: Form, shapes: Sequence[str]) -> list[range]:
    """Which blocks stand on which page, in their order."""
    room = body(form)[3] + _SLACK
    pages: list[range] = []
    start, used = 0, 0.0
    for index, text in enumerate(shapes):
        height = block_height(form, shape_in(form, text))
        if index > start and (form.alone or used + height > room):
            pages.append(range(start, index))
            start, used = index, 0.0
        used += height + form.gap
    return [*pages, range(start, len(shapes))] if shapes else []


def blank_count(form: Form) -> int:
    """How many blank blocks fill a page."""
    height = block_height(form, shape_in(form, BLANK))
    return max(1, int((body(form)[3] + form.gap + _SLACK) / (height + form.gap)))


def _is_blank(form: Form, content: Content) -> bool:
    return bool(form.blank) and not (content.key or content.rows or content.slots)


def _total(form: Form, content: Content) -> Shape:
    """The size of everything the content has."""
    rows, columns = box_size(form, content) if has(form, "slots") else (0, 0)
    loose = len(seated(content.slots, Shape(rows, columns)).loose) if has(form, "loose") else 0
    return Shape(rows, columns, loose, len(content.rows) if has(form, "table") else 0)


def _part(content: Content, total: Shape, shape: Shape, loose: Sequence[Slot], number: str) -> Content:
    seats = seated(content.slots, total).seats
    row0, column0, loose_before, before = shape.before
    rows, columns = range(row0 + 1, row0 + shape.rows + 1), range(column0 + 1, column0 + shape.columns + 1)
    here = [slot for (row, column), slot in seats.items() if row in rows and column in columns]
    return replace(
        content,
        slots=(*here, *loose[loose_before : loose_before + shape.loose]),
        rows=content.rows[before : before + shape.lines],
        values={**content.values, SHAPE: str(shape), PART: "" if number == "1/1" else number},
    )


def _shapes(form: Form, total: Shape) -> list[Shape]:
    made = [_next(form, total, (0, 0, 0, 0))]
    while made[-1].more:
        made.append(_next(form, total, _after(total, made[-1])))
    return made


def _next(form: Form, total: Shape, before: tuple[int, int, int, int]) -> Shape:
    """As much of the rest as one page holds."""
    columns = min(_widest(form), total.columns - before[1])
    rows = total.rows - before[0] if columns else 0
    ends = before[1] + columns == total.columns
    shape = Shape(rows, columns, before=before, more=not ends)
    if ends:
        shape = replace(shape, loose=total.loose - before[2], lines=total.lines - before[3])
    if _fits(form, shape):
        return shape
    shape = Shape(columns=columns, before=before, more=True)
    shape = _most(form, rows, lambda count: replace(shape, rows=count, columns=columns if count else 0))
    if shape.rows < rows or not ends:
        return shape
    whole = shape
    shape = _most(form, total.loose - before[2], lambda count: replace(whole, loose=count))
    full = shape
    if shape.loose < total.loose - before[2]:
        return shape
    return _most(form, total.lines - before[3], lambda count: replace(full, lines=count))


def _after(total: Shape, shape: Shape) -> tuple[int, int, int, int]:
    """What has been shown when this part has."""
    row, column, loose, line = shape.before
    row += shape.rows
    if shape.columns and row == total.rows:
        row, column = 0, column + shape.columns
    return row, column, loose + shape.loose, line + shape.lines


def _most(form: Form, count: int, shaped: Callable[[int], Shape]) -> Shape:
    """The largest shape of up to ``count`` that fits a page."""
    while count and not _fits(form, shaped(count)):
        count -= 1
    return shaped(count)


def _fits(form: Form, shape: Shape) -> bool:
    return block_height(form, shape) <= body(form)[3] + _SLACK


def _widest(form: Form) -> int:
    """Most columns of slots beside each other."""
    return max((cell.across for cell in cells_of(form.rows) if cell.kind == "slots"), default=1)
