"""The size of a block: how many rows and columns of slots, loose meters and lines it shows, from which everything on the paper follows.

As text, in letters a QR code holds cheaply: ``2X4`` rows by columns, ``+3`` loose meters, ``L20`` lines, ``/9..2.40`` what stood on
sheets before (rows, columns, loose meters, lines), ``-`` more follows; ``N`` a blank block, ``0`` a block without any of these.
"""

import re
from dataclasses import dataclass
from typing import Final, Self

from lvdesk.fieldwork.forms.definition import Form
from lvdesk.kit.errors import KnownError

BLANK: Final = "N"
_TEXT: Final = re.compile(r"(?:(\d{1,2})X(\d{1,2}))?(?:\+(\d{1,3}))?(?:L(\d{1,3}))?(?:/(\d{0,4}(?:\.\d{0,4}){0,3}))?(-)?")


@dataclass(frozen=True)
class Shape:
    """How much a block shows; ``before`` counts rows, columns, loose meters and lines on earlier sheets."""

    rows: int = 0
    columns: int = 0
    loose: int = 0
    lines: int = 0
    before: tuple[int, int, int, int] = (0, 0, 0, 0)
    more: bool = False
    blank: bool = False

    @property
    def first(self) -> bool:
        """Whether nothing of the block stood on an earlier sheet."""
        return not any(self.before)

    def __str__(self) -> str:
        if self.blank:
            return BLANK
        text = f"{self.rows}X{self.columns}" if self.rows or self.columns else ""
        text += f"+{self.loose}" if self.loose else ""
        text += f"L{self.lines}" if self.lines else ""
        text += "/" + ".".join(str(count or "") for count in self.before).rstrip(".") if any(self.before) else ""
        return (text or "0") + ("-" if self.more else "")

    @classmethod
    def parse(cls, text: str) -> Self:
        """The shape a text stands for; that of a blank block is only known to its form.

        Raises:
            KnownError: ``form.code`` when it stands for none.
        """
        if text == BLANK:
            return cls(blank=True)
        match = _TEXT.fullmatch(text.removeprefix("0") if text in {"0", "0-"} else text)
        if not match:
            raise damaged()
        rows, columns, loose, lines, before, more = match.groups()
        counts = [int(count or 0) for count in (before or "").split(".")]
        counts += [0] * (4 - len(counts))
        made = cls(int(rows or 0), int(columns or 0), int(loose or 0), int(lines or 0), tuple(counts), bool(more))  # type: ignore[arg-type]
        if str(made) != text:
            raise damaged()
        return made


def shape_in(form: Form, text: str) -> Shape:
    """The shape of a block of this form, a blank one with its size."""
    shape = Shape.parse(text)
    if not shape.blank:
        return shape
    size = Shape.parse(form.blank) if form.blank else Shape()
    return Shape(size.rows, size.columns, size.loose, size.lines, blank=True)


def damaged() -> KnownError:
    """The error for a code that is not one of ours."""
    return KnownError("form.code", "二维码内容不完整，或不是本软件打印的表单", "请重新扫描；仍不行时按表单编号手工录入")
