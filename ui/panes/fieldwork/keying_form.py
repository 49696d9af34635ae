"""A sheet while it is keyed: its stops in the order of the paper, what was typed, what still has to be stored. No window in here."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final

from lvdesk.fieldwork.keying_model import KeyingBlock, KeyingField, KeyingSheet

ON, BY = "sheet.collected_on", "sheet.collected_by"
"""Places of what belongs to the whole sheet."""
FOOT: Final = -1
_LINE: Final = re.compile(r"\d+\.(loose\.)?(\d+)\.")
_SAME: Final = frozenset({"same", "yes"})
_NO_RECORD: Final = frozenset({"", "transformer_area"})  # a blank block is about the area it was printed for
Check = Callable[[KeyingField, str], str]


@dataclass(frozen=True)
class Stop:
    """Where the keyboard stands: one field, or a row of tick boxes.

    Attributes:
        index: place in the order of the paper.
        block: index of the block, ``FOOT`` for what belongs to the whole sheet.
    """

    index: int
    block: int
    fields: tuple[KeyingField, ...]

    @property
    def field(self) -> KeyingField:
        """The field, the first of a row of ticks."""
        return self.fields[0]

    @property
    def ticks(self) -> bool:
        """Whether it is a row of tick boxes."""
        return self.field.kind == "tick"

    @property
    def group(self) -> str:
        """What a row of ticks is about, from its places: tick, device_type, here…."""
        return self.field.place.rpartition(".")[0].rpartition(".")[2]

    @property
    def line(self) -> tuple[bool, int] | None:
        """The line of a table it stands in: whether of meters in no known slot, and its number from 1; None outside tables."""
        found = _LINE.match(self.field.place)
        return (bool(found[1]), int(found[2])) if found else None


def stops_of(sheet: KeyingSheet, *, second: bool) -> tuple[Stop, ...]:
    """The stops in the order of the paper; a second person only comes to what is risky."""
    risky = [each for each in sheet.fields if each.risky and not each.verified]
    fields = risky if second else [*sheet.fields, *_of_the_sheet(sheet)]
    runs = (list(run) for _key, run in groupby(fields, _run))
    return tuple(Stop(index, run[0].block, tuple(run)) for index, run in enumerate(runs))


class KeyingForm:
    """What a person has typed and where they stand.

    Attributes:
        stops: all stops; ``here`` the index of the present one.
        values: place -> text, "1" or "" for ticks; None while nobody said anything.
    """

    def __init__(self, sheet: KeyingSheet, check: Check, *, second: bool = False) -> None:
        self.sheet, self.second = sheet, second
        self._check = check
        self.stops = stops_of(sheet, second=second)
        self.here = 0
        every = [field for stop in self.stops for field in stop.fields]
        self._fields = {field.place: field for field in every}
        self.values: dict[str, str | None] = {field.place: None if second else field.value for field in every}
        self._sent = dict(self.values)
        self._told = dict(sheet.problems)
        self._denied: dict[str, str] = {}  # what the station did not take
        self._overruled: dict[str, str] = {}
        self._refused = ""
        first = next((stop.index for stop in self.stops if not self.said(stop)), 0)
        self.go(first)

    @property
    def stop(self) -> Stop:
        """The present stop."""
        return self.stops[self.here]

    def go(self, index: int) -> None:
        """Stands at another stop, the nearest there is."""
        self.here = max(0, min(index, len(self.stops) - 1))
        self._refused = ""

    def following(self, step: int = 1) -> int:
        """The next stop in a direction that has something to say; the present one at the end."""
        index = self.here + step
        while 0 <= index < len(self.stops) and self._passes(self.stops[index]):
            index += step
        return index if 0 <= index < len(self.stops) else self.here

    def block_start(self, step: int) -> int:
        """The first stop of the next or the previous block."""
        blocks = list(dict.fromkeys(stop.block for stop in self.stops))
        place = max(0, min(blocks.index(self.stop.block) + step, len(blocks) - 1))
        return next(stop.index for stop in self.stops if stop.block == blocks[place])

    def open_stop(self, step: int = 1) -> int | None:
        """The next stop with a problem, else without an answer, looking round the whole sheet."""
        order = [(self.here + step * offset) % len(self.stops) for offset in range(1, len(self.stops) + 1)]
        wrong = next((index for index in order if self.problem(self.stops[index])), None)
        return wrong if wrong is not None else next((index for index in order if not self.said(self.stops[index])), None)

    def said(self, stop: Stop) -> bool:
        """Whether somebody said something about all of it."""
        return all(self.values[field.place] is not None for field in stop.fields)

    def text(self, stop: Stop) -> str:
        """What is written at a stop of one field."""
        return self.values[stop.field.place] or ""

    def problem(self, stop: Stop) -> str:
        """What is wrong with a stop, "" when nothing is."""
        for field in stop.fields:
            value = self.values[field.place] or ""
            found = (
                self._denied.get(field.place, "")
                or self._told.get(field.place, "")
                or ("" if field.kind == "tick" else self._check(field, value))
            )
            if found:
                return found
        return ""

    def differs(self, stop: Stop) -> bool:
        """Whether the second person's value is not that of the first."""
        return self.second and any(field.place in self._told for field in stop.fields)

    def ledger(self, stop: Stop) -> str:
        """What the ledger says in words, never to a second person."""
        if self.second:
            return ""
        if stop.ticks:
            same = self._same(stop)
            return same.title if same is not None else ""
        return stop.field.ledger

    def toggle(self, stop: Stop, number: int) -> bool:
        """Ticks the box of a number from 1, or takes its tick away; False when there is no such box."""
        if not 1 <= number <= len(stop.fields):
            return False
        field = stop.fields[number - 1]
        self._tick(stop, field, on=self.values[field.place] != "1")
        return True

    def restore(self, stop: Stop, values: dict[str, str | None]) -> None:
        """Puts a stop back to what it was."""
        self.values.update({field.place: values[field.place] for field in stop.fields})

    def refuses(self, text: str) -> str:
        """Why a text is not taken at once; typed a second time it is taken as it stands on the paper."""
        field = self.stop.field
        why = "" if self.stop.ticks else self._check(field, text)
        if why and self._refused != text and self._overruled.get(field.place) != text:
            self._refused = text
            return why
        if why:
            self._overruled[field.place] = text
        return ""

    def write(self, stop: Stop, text: str) -> None:
        """Says what stands in a field."""
        if text != self.values[stop.field.place]:
            self._forgive(stop.field)
        self.values[stop.field.place] = text

    def settle(self, stop: Stop) -> list[str]:
        """The places of a stop where the second person stands by what they typed."""
        return [field.place for field in stop.fields if self._told.pop(field.place, "")]

    def empty(self, stop: Stop) -> None:
        """Says that nothing is written there."""
        for field in stop.fields:
            self.values[field.place] = ""
            self._forgive(field)

    def finish_ticks(self, stop: Stop) -> None:
        """What was not ticked is empty."""
        for field in stop.fields:
            self.values[field.place] = self.values[field.place] or ""
        if stop.field.slot is not None and self._same_chosen(stop):
            for other in self.beside(stop):
                self.values[other.field.place] = self.values[other.field.place] or ""

    def take_ledger(self, stop: Stop) -> bool:
        """Says that it is as in the ledger; False when the ledger says nothing."""
        if self.second:
            return False
        if stop.ticks:
            same = self._same(stop)
            if same is None:
                return False
            for field in stop.fields:
                self.values[field.place] = ""
            self._tick(stop, same, on=True)
            self.finish_ticks(stop)
            return True
        if stop.field.ledger:
            self.write(stop, stop.field.ledger)
        return bool(stop.field.ledger)

    def take_block(self, block: int) -> None:
        """Says of a whole block that it is as in the ledger; of a blank one that nothing is written. What was typed stays."""
        blank = self.is_blank(block)
        for stop in self.stops:
            if stop.block != block or (self.said(stop) and any(self.values[field.place] for field in stop.fields)):
                continue
            same = self._same(stop) if stop.ticks and not blank and stop.group != "device_type" else None
            self.empty(stop)
            if same is not None:
                self._tick(stop, same, on=True)

    def beside(self, stop: Stop) -> list[Stop]:
        """The fields written in the same slot."""
        slot = stop.field.slot
        return [each for each in self.stops if slot is not None and not each.ticks and each.block == stop.block and each.field.slot == slot]

    def is_blank(self, block: int) -> bool:
        """Whether a block is for something the ledger does not know."""
        found = next((each for each in self.sheet.blocks if each.index == block), None)
        return found is None or not found.key or found.entity in _NO_RECORD

    def progress(self, block: int) -> tuple[int, int]:
        """Stops answered, and all, of a block."""
        mine = [stop for stop in self.stops if stop.block == block]
        return sum(self.said(stop) for stop in mine), len(mine)

    def left(self) -> tuple[int, int]:
        """Stops without an answer, and with a problem."""
        return sum(not self.said(stop) for stop in self.stops), sum(bool(self.problem(stop)) for stop in self.stops)

    def unsent(self) -> dict[str, str]:
        """What was said since the last time."""
        found = {place: value for place, value in self.values.items() if value is not None and value != self._sent[place]}
        self._sent |= found
        return found

    def take(self, sheet: KeyingSheet, kept: Iterable[str]) -> None:
        """What the station says now; ``kept`` places are still on their way there."""
        self.sheet = sheet
        ours = set(kept)
        self._told = {place: text for place, text in sheet.problems if place not in ours}
        for field in [] if self.second else [*sheet.fields, *_of_the_sheet(sheet)]:
            place = field.place
            if place in self.values and place not in ours and self.values[place] == self._sent[place]:
                self.values[place] = self._sent[place] = field.value

    def refuse(self, place: str, why: str) -> bool:
        """The station did not take a value: it has to be said again; False when this is not a place of the sheet."""
        if place in self.values:
            self._denied[place] = why
            self._sent[place] = None
        return place in self.values

    def block(self, index: int) -> KeyingBlock | None:
        """The block of an index, None for the foot of the sheet."""
        return next((each for each in self.sheet.blocks if each.index == index), None)

    def _forgive(self, field: KeyingField) -> None:
        self._told.pop(field.place, None)
        self._denied.pop(field.place, None)

    def _tick(self, stop: Stop, field: KeyingField, *, on: bool) -> None:
        mine = {each.place for each in stop.fields}
        self.values[field.place] = "1" if on else ""
        self._forgive(field)
        if on:
            for place in mine & set(field.exclusive):
                self.values[place] = ""

    def _same(self, stop: Stop) -> KeyingField | None:
        """The tick that says what the ledger says."""
        for field in stop.fields:
            if field.ledger and field.ledger in {"1", field.title, *(value for value, _title in field.choices)}:
                return field
        if self.is_blank(stop.block):
            return None
        return next((field for field in stop.fields if field.place.rpartition(".")[2] in _SAME), None)

    def _same_chosen(self, stop: Stop) -> bool:
        return any(self.values[field.place] == "1" and field.place.rpartition(".")[2] in _SAME for field in stop.fields)

    def _passes(self, stop: Stop) -> bool:
        """Whether the way leads past a stop: the comb of a slot that was found as it should be."""
        if stop.ticks or stop.field.slot is None or self.values[stop.field.place] or self.problem(stop):
            return False
        mine = (each for each in self.stops if each.ticks and each.block == stop.block and each.field.slot == stop.field.slot)
        return any(self._same_chosen(each) for each in mine)


def _run(field: KeyingField) -> tuple[object, ...]:
    """Ticks of one row stand together, everything else stands alone."""
    return (field.block, field.slot, field.place.rpartition(".")[0]) if field.kind == "tick" else (field.place,)


def _of_the_sheet(sheet: KeyingSheet) -> tuple[KeyingField, ...]:
    blank = KeyingField(
        place=ON, block=FOOT, kind="date", title="采录日期", field="", slot=None, length=8, choices=(), exclusive=(), ledger="",
        value=sheet.collected_on.replace("-", "") or None, how="", risky=False, verified=False, page=None,
    )  # fmt: skip
    people = "、".join(sheet.people)
    return blank, replace(blank, place=BY, kind="text", title="采录人", length=0, ledger=people, value=sheet.collected_by or None)
