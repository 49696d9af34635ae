"""Which blocks go on which sheet of a package; what stands on paper already stays where it is."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from lvdesk.fieldwork.forms.definition import Form
from lvdesk.fieldwork.forms.model import Content, Slot
from lvdesk.fieldwork.forms.paging import paged, shape_of, split
from lvdesk.fieldwork.forms.seating import seated
from lvdesk.fieldwork.forms.shapes import BLANK, Shape

Item = tuple[str, str]


@dataclass(frozen=True)
class Block:
    """One block: what it is about, its size, its words."""

    item: Item
    shape: str
    content: Content


@dataclass(frozen=True)
class Sheet:
    """One sheet as it is to be: ``row`` the stored sheet it already is."""

    form: Form
    items: tuple[Item, ...]
    shapes: tuple[str, ...]
    row: Any = None


def item_of(content: Content) -> Item:
    """What a block is about; a blank one about the area it is meant for."""
    if content.key:
        return content.entity, content.key
    area = content.values.get("transformer_area.area_no", "")
    return ("transformer_area", area) if area else ("", "")


def blocks_of(form: Form, contents: Iterable[Content]) -> list[Block]:
    """The contents as they stand on paper."""
    return [Block(item_of(content), shape_of(form, part), part) for content in contents for part in split(form, content)]


def stored(row: Any) -> list[tuple[Item, str]]:
    """Item and shape of every block of a stored sheet."""
    items = [(str(entity), str(key)) for entity, key in json.loads(row.items)]
    return list(zip(items, json.loads(row.shapes), strict=True))


def uncovered(blocks: Sequence[Block], printed: Iterable[Any]) -> list[Block]:
    """The blocks that no printed sheet shows; a thing that changed since it was printed is not shown a second time."""
    fixed: dict[Item, Counter[str]] = {}
    for row in printed:
        for item, shape in stored(row):
            fixed.setdefault(item, Counter())[shape] += 1
    present: dict[Item, Counter[str]] = {}
    for block in blocks:
        present.setdefault(block.item, Counter())[block.shape] += 1
    taken = {item: shapes if shapes <= present.get(item, Counter()) else _all_or_none(shapes) for item, shapes in fixed.items()}
    left = []
    for block in blocks:
        shapes = taken.get(block.item)
        if block.item not in fixed or (shapes is not None and not shapes[block.shape]):
            left.append(block)
        elif shapes is not None:
            shapes[block.shape] -= 1
    return left


def _all_or_none(shapes: Counter[str]) -> Counter[str] | None:
    """None (nothing is left) when the sheets show a thing from beginning to end, though as it was; else no block counts as shown."""
    parsed = [Shape.parse(shape) for shape in shapes]
    return None if any(each.first for each in parsed) and any(not each.more for each in parsed) else Counter()


def sheets_of(form: Form, left: Sequence[Block], rows: Sequence[Any]) -> list[Sheet]:
    """The sheets of a form that are not on paper yet: the stored ones when they show just these blocks, else laid out anew."""
    if rows and _still_right(form, left, rows):
        return [Sheet(form, tuple(item for item, _ in stored(row)), tuple(shape for _, shape in stored(row)), row) for row in rows]
    return piled(form, left)


def piled(form: Form, blocks: Sequence[Block]) -> list[Sheet]:
    """Blocks on as few sheets as hold them in their order."""
    ranges = paged(form, [block.shape for block in blocks])
    parts = [blocks[each.start : each.stop] for each in ranges]
    return [Sheet(form, tuple(block.item for block in part), tuple(block.shape for block in part)) for part in parts]


def _still_right(form: Form, left: Sequence[Block], rows: Sequence[Any]) -> bool:
    shown = [block for row in rows for block in stored(row)]
    if any(row.form_version != form.version for row in rows) or Counter(shown) != Counter((block.item, block.shape) for block in left):
        return False
    return all(len(paged(form, [shape for _, shape in stored(row)])) == 1 for row in rows)


def fitted(content: Content, text: str) -> Content:
    """The content on a block of another size than it takes today: what finds no place stays away, what is lacking stays empty."""
    if text == BLANK:
        return content
    shape = Shape.parse(text)
    _, _, loose_before, before = shape.before
    seats = list(seated(content.slots, shape).seats.values())
    whole = shape.first and not shape.more
    loose = [slot for slot in content.slots if (slot not in seats if whole else min(slot.row, slot.column) < 1)]
    rows = content.rows[before : before + shape.lines]
    some = loose[loose_before : loose_before + shape.loose]
    return replace(
        content,
        slots=(*seats, *some, *[Slot(0, 0, "")] * (shape.loose - len(some))),
        rows=(*rows, *[{}] * (shape.lines - len(rows))),
    )
