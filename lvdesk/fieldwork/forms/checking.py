"""What is wrong with a form, in words for the person who wrote it: unknown fields, cells that do not fit."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from lvdesk.fieldwork.forms.definition import FIELD, GROWING, KINDS, LEAST_COMB, LEAST_WRITING, ON, PER, Cell, Form, Row
from lvdesk.fieldwork.forms.frame import body
from lvdesk.fieldwork.forms.grid import PAD, Rect, block_height, widths
from lvdesk.fieldwork.forms.parts import COMB_HEIGHT, comb_place, label_width, tick_width, ticks_in_lines
from lvdesk.fieldwork.forms.shapes import Shape, shape_in
from lvdesk.kit.errors import KnownError
from lvdesk.templates.codes import CodeList

_SLACK = 0.001


def problems_of(form: Form, known: Callable[[str], bool], codes: Mapping[str, CodeList]) -> list[str]:
    """Everything wrong with a form; ``known`` says whether the rule book has a field."""
    found = list(_heading(form))
    words = {*form.words, "shape", "part"}
    for row in form.rows:
        found += _row(row, body(form)[2], lambda name: name in words or known(name), codes)
    return found or list(_heights(form))


def _heading(form: Form) -> Iterator[str]:
    if not (len(form.code) == 1 and "A" <= form.code <= "Z"):
        yield f"code“{form.code}”不是一个大写字母"
    if form.version < 1:
        yield "version 应从 1 开始"
    if form.per not in PER:
        yield f"per“{form.per}”不认识"
    if form.orientation not in {"landscape", "portrait"}:
        yield f"orientation“{form.orientation}”不认识"
    names = [signature.key for signature in form.signatures]
    if len(names) != len(set(names)):
        yield "signatures 中 key 重复"


def _row(row: Row, width: float, known: Callable[[str], bool], codes: Mapping[str, CodeList]) -> Iterator[str]:
    if not row.on or not set(row.on.split()) <= set(ON):
        yield f"on“{row.on}”不认识"
        return
    if not row.cells:
        yield "有一行没有单元格"
        return
    total = sum(cell.width for cell in row.cells)
    if total > 1 + _SLACK or (all(cell.width for cell in row.cells) and total < 1 - 0.005):
        yield f"单元格宽度之和为 {total:g}，应为 1：{'、'.join(cell.name for cell in row.cells)}"
        return
    for cell, part in zip(row.cells, widths(row.cells), strict=True):
        yield from _cell(cell, part * width, row.height, known, codes)


def _cell(cell: Cell, width: float, height: float, known: Callable[[str], bool], codes: Mapping[str, CodeList]) -> Iterator[str]:
    if cell.kind not in KINDS:
        yield f"单元格种类“{cell.kind}”不认识"
        return
    names = [*FIELD.findall(cell.text), *filter(None, [cell.field]), *(option.key for option in cell.options if cell.kind == "code")]
    yield from (f"字段 {name} 不在数据字典、模板和本表单的 words 中" for name in names if not known(name))
    yield from _said(cell, codes)
    yield from _room(cell, width, height)
    for row in cell.rows:
        yield from _row(row, width, known, codes)
    inner = width / cell.across
    for column, part in zip(cell.columns, widths(cell.columns), strict=True):
        yield from _cell(replace(column, label=""), part * inner, cell.height, known, codes)  # its label is the heading


def _said(cell: Cell, codes: Mapping[str, CodeList]) -> Iterator[str]:
    """Ticks that name values no code list has, or nothing to tick at all."""
    keys = [option.key for option in cell.options]
    if cell.kind in {"ticks", "code"} and not keys:
        yield f"单元格 {cell.name} 没有 options"
    if len(keys) != len(set(keys)):
        yield f"单元格 {cell.name} 的 options 中 key 重复"
    if cell.codes:
        values = {item.code for item in codes[cell.codes].items} if cell.codes in codes else set()
        yield from (f"“{option.value}”不在代码表 {cell.codes} 中" for option in cell.options if option.value and option.value not in values)


def _room(cell: Cell, width: float, height: float) -> Iterator[str]:
    """Cells too small for what is written or ticked in them; a stack's rows say their own heights."""
    inner = width - (label_width(cell) if cell.label and not cell.above and not cell.label_width else cell.label_width)
    if cell.kind == "comb":
        yield from _comb_room(cell, Rect(0, 0, inner, height))
    if cell.kind == "ticks":
        ranks = ticks_in_lines(cell, inner - 2)
        if len(ranks) * (cell.tick + 0.8) > height or any(_too_wide(cell, inner - 2)):
            yield f"单元格 {cell.name} 放不下全部勾选框"
    if cell.kind in {"cell", "sign"} and height < LEAST_WRITING:
        yield f"填写格 {cell.name} 高 {height:g} 毫米，不足 {LEAST_WRITING:g} 毫米"
    if cell.kind in {"slots", "loose"}:
        yield from _comb_room(cell, Rect(0, 0, (width - 2 * PAD) / cell.across, COMB_HEIGHT + 1.0))
        if cell.height < COMB_HEIGHT + 1.2 + cell.tick + 0.6:
            yield f"表位高 {cell.height:g} 毫米，放不下表号和填写格"
    if cell.kind in GROWING and cell.height <= 0:
        yield f"单元格 {cell.name} 没有 height"


def _comb_room(cell: Cell, rect: Rect) -> Iterator[str]:
    if cell.kind == "loose":
        if rect.width < 32:
            yield f"无表位的表格宽 {rect.width:.1f} 毫米，不足 32 毫米"
        return
    if cell.count < 1:
        yield f"单元格 {cell.name} 没有 count"
    elif comb_place(rect, cell.count).width / cell.count < LEAST_COMB - _SLACK:
        yield f"单元格 {cell.name} 每格宽 {comb_place(rect, cell.count).width / cell.count:.2f} 毫米，不足 {LEAST_COMB:g} 毫米"


def _too_wide(cell: Cell, width: float) -> Iterator[bool]:
    return (tick_width(cell, option) > width for option in cell.options)


def _heights(form: Form) -> Iterator[str]:
    """A block that cannot stand on a page, even with the least of everything."""
    room = body(form)[3]
    least = [Shape(1, 1, 1, 1), Shape(1, 1, 1, 1, (1, 1, 1, 1), more=True)]
    try:
        least += [shape_in(form, "N")] if form.blank else []
    except KnownError:
        yield f"blank“{form.blank}”不是表位形状"
    for shape in least:
        if block_height(form, shape) > room:
            yield f"一个块高 {block_height(form, shape):g} 毫米，一页只有 {room:g} 毫米"
            return
