"""The paper forms as they come out of a printer: nothing cut, every code read back, everything where the form says."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from lvdesk.fieldwork.forms.definition import Form
from lvdesk.fieldwork.forms.loading import load_forms
from lvdesk.fieldwork.forms.model import Content
from lvdesk.fieldwork.forms.payload import decode
from lvdesk.fieldwork.forms.spots import CORNERS, spots
from lvdesk.kit.page import Code, Page, TextBox
from lvdesk.kit.progress import Progress
from tests.helpers.paper import codes, loose_fonts, picture, words
from tests.helpers.sheets import ADDRESS, box, customer, listing, meter, pages, sheets
from ui.printing.painter import clipped
from ui.printing.pdf import write_pdf

_FORMS = load_forms(None)
_DPI = 150
_GOLDEN = Path(__file__).parent / "box_collection.png"
_INK = 128


def _full(form: Form) -> list[Content]:
    """Contents with the longest names, enough for several pages."""
    made = {
        "box": [
            box(2, 3, [meter(number, 1 + number // 3, 1 + number % 3) for number in range(6)]),
            box(1, 1, [meter(7, 1, 1)]),
            box(6, 8),
            Content(),
        ],
        "customer": [_customer(number) for number in range(6)],
        "blank": [Content()],
    }
    return made.get(form.per, [listing(form, 60), listing(form, 3)])


def _customer(number: int) -> Content:
    said = customer()
    return replace(said, values={**said.values, "meter.bar_code": f"41300011805466549150{number:02}"})


def _printed(form: Form, tmp_path: Path) -> tuple[list[Page], Path]:
    made, path = pages(form, _full(form)), tmp_path / "表单.pdf"
    assert write_pdf(made, path, Progress(), title=form.title) == len(made)
    return made, path


@pytest.fixture(params=sorted(_FORMS))
def form(request: pytest.FixtureRequest) -> Form:
    return _FORMS[request.param]


def test_the_longest_names_are_not_cut(qtbot: QtBot, form: Form) -> None:
    assert [text for page in pages(form, _full(form)) for text in clipped(page)] == []


def test_every_code_of_every_page_is_read_back(qtbot: QtBot, tmp_path: Path, form: Form) -> None:
    made, path = _printed(form, tmp_path)
    for number, page in enumerate(made):
        scanned = picture(path, number, _DPI)
        for kind in ("qr", "code128"):
            printed = sorted(item.text for item in page.items if isinstance(item, Code) and item.kind == kind)
            assert sorted(each.text for each in codes(scanned, kind)) == printed


def test_the_qr_alone_tells_where_everything_is(qtbot: QtBot, tmp_path: Path, form: Form) -> None:
    _made, path = _printed(form, tmp_path)
    for number, (shapes, _) in enumerate(sheets(form, _full(form))):
        scanned = picture(path, number, 300)
        (qr,) = codes(scanned, "qr", 300)
        payload = decode(qr.text)
        assert (payload.form_code, payload.shapes) == (form.code, shapes)
        for spot in (each for each in spots(form, payload.shapes) if each.kind == "tick"):
            assert _bordered(scanned, spot.x, spot.y, spot.width), (number, spot)
        for x, y in CORNERS:
            assert _dark(scanned, x - 2, y - 2, 4) > 0.98


def _dark(scanned: np.ndarray, x: float, y: float, side: float) -> float:
    """Share of ink in a square of the paper."""
    dots = 300 / 25.4
    part = scanned[round(y * dots) : round((y + side) * dots), round(x * dots) : round((x + side) * dots)]
    return float((part < _INK).mean())


def _bordered(scanned: np.ndarray, x: float, y: float, side: float) -> bool:
    """Whether an empty box stands exactly here: ink on its border, none inside."""
    return _dark(scanned, x - 0.3, y - 0.3, side + 0.6) > 0.1 and _dark(scanned, x + 0.4, y + 0.4, side - 0.8) == 0


def test_words_are_in_the_file_with_their_fonts(qtbot: QtBot, tmp_path: Path) -> None:
    _, path = _printed(_FORMS["box_collection"], tmp_path)
    assert ADDRESS[:12] in words(path).replace("\r\n", "")
    assert loose_fonts(path) == set()


def test_the_page_looks_as_it_did(qtbot: QtBot, tmp_path: Path) -> None:
    """Compared without words, whose shapes are the machine's."""
    (page,) = pages(_FORMS["box_collection"], [box(2, 3, [meter(1, 1, 1)]), box(1, 2, [meter(2, 1, 1), meter(3, 1, 2)])])
    path = tmp_path / "表单.pdf"
    write_pdf([replace(page, items=tuple(item for item in page.items if not isinstance(item, TextBox)))], path, Progress(), title="")
    now, right = picture(path, dpi=75).astype(int), np.array(Image.open(_GOLDEN)).astype(int)
    assert now.shape == right.shape
    assert (abs(now - right) > 96).mean() < 0.0005
