"""PDF files of printed pages, read back as a scanner and a reader would."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from lvdesk.kit.errors import Cancelled, KnownError
from lvdesk.kit.page import Code, Comb, Disc, Line, Page, Primitive, Rectangle, TextBox, TickBox
from lvdesk.kit.progress import Progress
from tests.helpers.paper import codes, loose_fonts, picture, words
from ui.printing.pdf import write_pdf

_QR = "LV1:AB12CD34:CL261123-01-007:B1:7.53:3*1X2$N:1K3F9ZQ"
_BAR = "4130005152698467069774"
_DPI = 150


def _page(*items: Primitive) -> Page:
    return Page(297, 210, items)


def _written(tmp_path: Path, *items: Primitive) -> Path:
    path = tmp_path / "页.pdf"
    assert write_pdf([_page(*items)], path, Progress(), title="采录表") == 1
    return path


def test_codes_are_read_back_from_an_ordinary_scan(qtbot: QtBot, tmp_path: Path) -> None:
    path = _written(
        tmp_path,
        Code(260, 8, 23, 23, "qr", _QR),
        Code(20, 60, 72, 11, "code128", _BAR),
        Code(120, 60, 72, 11, "code128", "CL261123-01-007"),
    )
    scanned = picture(path, dpi=_DPI)
    (qr,) = codes(scanned, "qr")
    assert qr.text == _QR
    assert (qr.x, qr.y) == (pytest.approx(271.5, abs=0.5), pytest.approx(19.5, abs=0.5))
    assert {each.text for each in codes(scanned, "code128")} == {_BAR, "CL261123-01-007"}


def test_every_number_is_read_wherever_its_bars_stand(qtbot: QtBot, tmp_path: Path) -> None:
    chance = Random(1)
    numbers = [f"41300051{chance.randrange(10**14):014}" for _ in range(24)]
    places = [(20 + 90 * (at % 3) + chance.random(), 10 + 24 * (at // 3) + chance.random()) for at in range(24)]
    path = _written(tmp_path, *(Code(x, y, 67.45, 14, "code128", text) for (x, y), text in zip(places, numbers, strict=True)))
    assert sorted(each.text for each in codes(picture(path, dpi=_DPI), "code128")) == sorted(numbers)


@pytest.mark.parametrize("x, y", [(6, 6), (286, 6), (6, 199), (286, 199)])
def test_things_stand_where_the_millimetres_say(qtbot: QtBot, tmp_path: Path, x: float, y: float) -> None:
    dark = np.argwhere(picture(_written(tmp_path, Rectangle(x, y, 5, 5, 0, "#000000")), dpi=300) < 128)
    (top, left), (bottom, right) = dark.min(axis=0) * 25.4 / 300, (dark.max(axis=0) + 1) * 25.4 / 300
    assert (left, top, right, bottom) == tuple(pytest.approx(each, abs=0.15) for each in (x, y, x + 5, y + 5))


@pytest.mark.parametrize("width, height", [(297, 210), (210, 297)])
def test_the_paper_has_its_size(qtbot: QtBot, tmp_path: Path, width: float, height: float) -> None:
    path = tmp_path / "页.pdf"
    write_pdf([Page(width, height, (TextBox(10, 10, 50, 6, "甲"),))], path, Progress(), title="")
    rows, columns = picture(path, dpi=100).shape
    assert (columns * 0.254, rows * 0.254) == (pytest.approx(width, abs=0.6), pytest.approx(height, abs=0.6))


@pytest.mark.parametrize("bold", [False, True])
def test_words_can_be_copied_out_again(qtbot: QtBot, tmp_path: Path, bold: bool) -> None:
    path = _written(tmp_path, TextBox(20, 20, 80, 8, "松畈玉堂1#公变 计量箱", bold=bold), TextBox(20, 40, 60, 8, _BAR, mono=True))
    assert "松畈玉堂1#公变 计量箱" in words(path)
    assert _BAR in words(path)
    assert loose_fonts(path) == set()


def test_every_primitive_leaves_ink(qtbot: QtBot, tmp_path: Path) -> None:
    things: list[Primitive] = [
        TextBox(10, 10, 30, 8, "甲"), Line(10, 10, 40, 10), Line(10, 10, 40, 10, dash=(2, 1)), Rectangle(10, 10, 9, 9), Disc(20, 20, 4),
        TickBox(10, 10, 5, "a"), Comb(10, 10, 50, 8, 10, "b", "12"), Code(10, 10, 60, 12, "code128", "123456"),
    ]  # fmt: skip
    for thing in things:
        assert (picture(_written(tmp_path, thing)) < 128).sum() > 20, thing


def test_a_ticked_box_has_more_ink_than_an_empty_one(qtbot: QtBot, tmp_path: Path) -> None:
    ink = [(picture(_written(tmp_path, TickBox(10, 10, 5, "a", ticked))) < 128).sum() for ticked in (False, True)]
    assert ink[1] > ink[0]


@dataclass
class _Counting:
    """Pages that remember how many were asked for, and stop the work at one."""

    progress: Progress
    stop_at: int
    made: int = 0

    def __iter__(self) -> Iterator[Page]:
        while True:
            self.made += 1
            if self.made == self.stop_at:
                self.progress.cancel()
            yield _page(TextBox(10, 10, 30, 8, str(self.made)))


def test_cancelling_leaves_the_old_file_and_nothing_else(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "页.pdf"
    path.write_bytes(b"old")
    progress = Progress()
    pages = _Counting(progress, 3)
    with pytest.raises(Cancelled):
        write_pdf(pages, path, progress, title="")
    assert pages.made == 3
    assert [each.name for each in tmp_path.iterdir()] == ["页.pdf"]
    assert path.read_bytes() == b"old"


def test_nothing_to_print_is_said(qtbot: QtBot, tmp_path: Path) -> None:
    with pytest.raises(KnownError) as refused:
        write_pdf([], tmp_path / "页.pdf", Progress(), title="")
    assert refused.value.code == "print.nothing"
    assert list(tmp_path.iterdir()) == []
