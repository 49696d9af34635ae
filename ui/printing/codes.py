"""QR codes and Code128 as bars, so that they are printed sharp at any resolution."""

from functools import lru_cache
from itertools import groupby
from typing import Final, Literal, cast

from lvdesk.kit.page import Code
from ui.printing.fonts import UNITS

_QUIET: Final = {"qr": 4, "code128": 10}
"""Modules left white on each side: ISO/IEC 18004 and 15417."""

Bar = tuple[int, int, int, int]
"""x, y, width, height in units."""


def bars(code: Code) -> list[Bar]:
    """The black bars of a code, on whole units within its box; modules all of one width, quiet zone kept."""
    runs, rows, columns = _modules(code.kind, code.text)
    quiet = 2 * _QUIET[code.kind]
    wide, high = round(code.width * UNITS), round(code.height * UNITS)
    if code.kind == "qr":
        side = max(1, min(wide, high) // (columns + quiet))
        tall = side
    else:
        side, tall = max(1, wide // (columns + quiet)), high
    left = round(code.x * UNITS) + (wide - side * columns) // 2
    top = round(code.y * UNITS) + (high - tall * rows) // 2
    return [(left + start * side, top + row * tall, length * side, tall) for row, start, length in runs]


@lru_cache(maxsize=4096)
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
