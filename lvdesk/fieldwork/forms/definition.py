"""A paper form as data: one file in ``resources/forms`` says what stands where; the layout engine knows no form by name.

The grammar of a file (TOML; lengths in mm, type in points)::

    key = "box_collection"      the form's name in packages; code = "B" its letter in the QR (one of A–Z, each once)
    version = 1                 raised with every change that moves something on the paper
    title, order                heading on the paper; place in lists and in the pile of sheets
    per = "box"                 what one block is about: box, access_point, customer, blank, area or package
    usual = true                printed unless people choose otherwise
    alone = false               true: every block starts a page of its own
    orientation = "landscape"   A4, or "portrait"; margin = 10 left and right of the blocks; gap = 1.2 between blocks
    words = ["position"]        names besides ``entity.attribute`` that the contents of a block bring
    blank = "2X4"               the shape a blank block ("N") has; slot_limit = [12, 24]: more rows or columns are not believed
    instruction = "…"           how to fill it in, at the foot; signatures = [{ key, label, width }] beside it

    [[rows]]                    a block is rows of cells, from top to bottom
    height = 18.6               least height; a row with slots, loose meters or a table grows with them, and one of height 0
                                is left out when there is none of them
    on = "all"                  all · first, rest, last: of a block that continues over pages · known, blank: with or without a record;
                                several words: when all of them hold
    columns = [0, 4]            only for boxes with so many columns of slots
    cells = [{ … }, …]          from left to right; ``width`` is a fraction of the row, together 1; left out: shares what remains

Cells by ``kind``; every one may have ``label`` (printed in front, ``label_width`` wide; ``above = true``: over it), ``size``,
``bold``, ``border = false`` and ``fill = true`` (a grey ground):

    value   ``text`` with {entity.attribute} and {word} filled in; lines, least, mono, align, rise; ``empty`` where all of them are empty
    code    Code128 and digits of the first of ``options = [{ key = field, label }]`` that has a value, the label before its digits;
            ``empty`` in words where none has
    ticks   ``options = [{ key, label, value }]`` tick boxes; ``field`` what is said by ticking, ``codes`` the list the values must be in;
            ``tick`` their size
    comb    ``count`` writing cells for ``field``; ``text`` stands in them already
    cell    free writing, for ``field`` where it has one; ``key`` its name on the paper, as for ticks and comb (else the field's)
    sign    a signature over a line
    stack   ``rows`` inside a cell, the last one takes what height remains
    slots   the box as a picture: ``across`` columns wide, ``height`` of a slot, ``options`` ticks of each, ``count`` cells for its number
    loose   meters without a slot, likewise, each with cells for row and column
    table   lines of the contents: ``head`` height of the heading (0: none), ``height`` of a line, ``across`` lines side by side,
            ``columns = [{ cell }]`` of kind value, ticks, comb, cell with a ``label`` for the heading
    sketch  the map of the contents' places
"""

import re
from dataclasses import dataclass
from typing import Final, Literal

KINDS: Final = ("value", "code", "ticks", "comb", "cell", "sign", "stack", "slots", "loose", "table", "sketch")
GROWING: Final = frozenset({"slots", "loose", "table"})
PER: Final = ("box", "access_point", "customer", "blank", "area", "package")
ON: Final = ("all", "first", "rest", "last", "known", "blank")
FIELD: Final = re.compile(r"\{([a-z_.0-9]+)\}")
"""A field in the text of a cell."""
LEAST_COMB: Final = 4.5
"""Narrowest cell a character can be written into."""
LEAST_WRITING: Final = 7.0
"""Lowest row to write in."""


@dataclass(frozen=True)
class Option:
    """One thing to tick; ``value`` is what the field gets by it, "" where the tick says something about the record as a whole."""

    key: str
    label: str
    value: str = ""


@dataclass(frozen=True)
class Cell:
    """One cell; which attributes count depends on ``kind``, as the module says."""

    kind: str
    width: float = 0.0
    key: str = ""
    field: str = ""
    label: str = ""
    label_width: float = 0.0
    above: bool = False
    text: str = ""
    empty: str = ""
    size: float = 9.0
    least: float = 5.0
    lines: int = 1
    bold: bool = False
    mono: bool = False
    align: Literal["left", "center", "right"] = "left"
    rise: Literal["top", "middle", "bottom"] = "middle"
    border: bool = True
    fill: bool = False
    options: tuple[Option, ...] = ()
    codes: str = ""
    tick: float = 4.4
    count: int = 0
    height: float = 0.0
    head: float = 0.0
    across: int = 1
    columns: tuple["Cell", ...] = ()
    rows: tuple["Row", ...] = ()

    @property
    def name(self) -> str:
        """What its places on the paper are called."""
        return self.key or self.field or ("tick" if self.kind == "ticks" else self.kind)


@dataclass(frozen=True)
class Row:
    """Cells beside each other."""

    cells: tuple[Cell, ...]
    height: float = 0.0
    on: str = "all"
    columns: tuple[int, int] = (0, 99)


@dataclass(frozen=True)
class Signature:
    """A place at the foot of the sheet to sign or date it."""

    key: str
    label: str
    width: float


@dataclass(frozen=True)
class Form:
    """A paper form.

    Attributes:
        code: one letter, in the QR.
        per: what one block of it is about.
        usual: printed unless people choose otherwise; ``alone``: every block starts a page.
        words: names besides ``entity.attribute`` that its contents bring.
        blank: shape of a blank block; ``slot_limit``: rows and columns beyond which a box's size is taken for a mistake.
    """

    key: str
    code: str
    version: int
    title: str
    order: int
    per: str
    rows: tuple[Row, ...]
    usual: bool = True
    alone: bool = False
    orientation: Literal["landscape", "portrait"] = "landscape"
    margin: float = 10.0
    gap: float = 1.2
    words: tuple[str, ...] = ()
    blank: str = ""
    slot_limit: tuple[int, int] = (12, 24)
    instruction: str = ""
    signatures: tuple[Signature, ...] = ()
