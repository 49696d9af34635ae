"""QR codes and Code128 as bars, so that they are printed sharp at any resolution."""

from functools import lru_cache
from itertools import groupby
from typing import Final, Literal, cast

from lvdesk.kit.page import Code
from ui.printing.fonts import UNITS

_QUIET: Final = {"qr": 4, "code128": 10}
"""Modules left white on each side: ISO/IEC 18004 and 15417."""

_LEAST: Final = 0.33
"""Millimetres of a module that an ordinary printer prints and a scan of 150 dots to the inch still reads."""

Bar = tuple[int, int, int, int]
"""x, y, width, height in units."""


def bars(code: Code) -> list[Bar]:
    """The black bars of a code, on whole units within its box; modules all of one width, quiet zone kept."""
    runs, rows, columns = _modules(code.kind, code.text)
    wide, high = round(code.width * UNITS), round(code.height * UNITS)
    side = _side(code, columns)
    tall = side if code.kind == "qr" else high
    left = round(code.x * UNITS) + (wide - side * columns) // 2
    top = round(code.y * UNITS) + (high - tall * rows) // 2
    return [(left + start * side, top + row * tall, length * side, tall) for row, start, length in runs]


def readable(code: Code) -> bool:
    """Whether the box is large enough for modules that are read with ease."""
    return _side(code, _modules(code.kind, code.text)[2]) >= _LEAST * UNITS


def _side(code: Code, columns: int) -> int:
    """Units of a module."""
    room = code.width if code.kind == "code128" else min(code.width, code.height)
    return max(1, round(room * UNITS) // (columns + 2 * _QUIET[code.kind]))


@lru_cache(maxsize=64)
def _modules(kind: Literal["qr", "code128"], text: str) -> tuple[tuple[tuple[int, int, int], ...], int, int]:
    """Black runs (row, first module, modules), rows and modules across."""
    import zxingcpp  # loaded when something is printed

    made = zxingcpp.create_barcode(text, zxingcpp.QRCode, ec_level="M") if kind == "qr" else zxingcpp.create_barcode(text, zxingcpp.Code128)
    image = made.to_image(scale=1, add_quiet_zones=False)
    lines = cast("list[list[int]]", memoryview(image).tolist())  # type: ignore[arg-type] # its stubs do not tell that it is a buffer
    lines = lines[:1] if kind == "code128" else lines
    found: list[tuple[int, int, int]] = []
    for row, line in enumerate(lines):
        start = 0
        for white, run in groupby(bool(dot) for dot in line):
            length = len(list(run))
            if not white:
                found.append((row, start, length))
            start += length
    return tuple(found), len(lines), len(lines[0])
