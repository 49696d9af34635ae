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

_DOT: Final = 25.4 / 300
"""Millimetres of a dot that printers of 300, 600 and 1200 to the inch share: modules are whole dots wide and begin on one, so that
all print alike; four of them are two dots of a scan of 150."""

Bar = tuple[float, float, float, float]
"""x, y, width, height in units."""


def bars(code: Code) -> list[Bar]:
    """The black bars of a code within its box; modules all of one width, quiet zone kept."""
    runs, rows, columns = _modules(code.kind, code.text)
    side = _side(code, columns)
    wide, tall = side * columns, side * rows if code.kind == "qr" else round(code.height / _DOT)
    left = round((code.x + code.width / 2) / _DOT - wide / 2)
    top = round((code.y + code.height / 2) / _DOT - tall / 2)
    high, unit = tall // rows, _DOT * UNITS
    return [((left + start * side) * unit, (top + row * high) * unit, length * side * unit, high * unit) for row, start, length in runs]


def readable(code: Code) -> bool:
    """Whether the box is large enough for modules that are read with ease."""
    return _side(code, _modules(code.kind, code.text)[2]) * _DOT >= _LEAST


def _side(code: Code, columns: int) -> int:
    """Dots of a module."""
    room = code.width if code.kind == "code128" else min(code.width, code.height)
    return max(1, int(room / _DOT) // (columns + 2 * _QUIET[code.kind]))


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
