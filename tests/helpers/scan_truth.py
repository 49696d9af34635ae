"""Printed sheets filled in with a pen, then scanned badly or photographed: what is on them is known, place by place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np
import pypdfium2  # type: ignore[import-untyped, unused-ignore]
from numpy.typing import NDArray
from PIL import Image

from lvdesk.fieldwork.forms.definition import Form
from lvdesk.fieldwork.forms.layout import lay_out
from lvdesk.fieldwork.forms.loading import load_forms
from lvdesk.fieldwork.forms.model import Content
from lvdesk.fieldwork.forms.payload import Payload
from lvdesk.fieldwork.scanning.marks import EMPTY, MARKED, Mark
from lvdesk.fieldwork.scanning.places import Place, places
from lvdesk.kit.page import Page
from lvdesk.kit.progress import Progress
from tests.helpers.scan_truth_pen import Pen
from tests.helpers.scan_truth_picture import Way, taken, ways
from tests.helpers.sheets import box, customer, face, listing, meter, sheets
from tests.helpers.sheetwork import payload
from ui.printing.pdf import write_pdf

Grey = NDArray[np.uint8]
FINE = 300
THROUGH = "~"
"""Not ticked, but the stroke of something else runs through the box."""


@dataclass(frozen=True)
class Blank:
    """A printed sheet nobody wrote on yet, in grey at ``FINE`` dpi."""

    payload: Payload
    places: tuple[Place, ...]
    picture: Grey


@dataclass(frozen=True)
class Simulated:
    """A sheet filled in and pictured.

    Attributes:
        ticks: place of a tick box -> "1" ticked, "" not, or ``THROUGH``.
        written: combs and cells something was written into.
        way: how it was pictured, in words.
    """

    payload: Payload
    ticks: Mapping[str, str]
    written: frozenset[str]
    picture: Grey
    way: Way

    def wrong(self, mark: Mark) -> bool:
        """Whether a mark says for certain what is not so."""
        if mark.kind != "tick":
            return mark.verdict == EMPTY and mark.place in self.written
        ticked = self.ticks[mark.place] == "1"
        return mark.verdict == (EMPTY if ticked else MARKED)


def blanks(folder: Path) -> list[Blank]:
    """A sheet of every form that has tick boxes or writing cells, several of the one for boxes."""
    forms = load_forms()
    made = [page for form in forms.values() for page in _pages(form)]
    return of_pages(made, forms, folder)


def of_pages(made: Sequence[Page], forms: Mapping[str, Form], folder: Path) -> list[Blank]:
    """Pages as they come from the printer."""
    path = folder / "空白表单.pdf"
    write_pdf(made, path, Progress(), title="表单")
    found = []
    with pypdfium2.PdfDocument(path) as document:
        for number, page in enumerate(made):
            said = payload(page)
            form = next(form for form in forms.values() if form.code == said.form_code)
            picture = np.array(document[number].render(scale=FINE / 72, grayscale=True).to_numpy()).squeeze()
            found.append(Blank(said, places(form, said.shapes), picture))
    return [blank for blank in found if blank.places]


def _pages(form: Form) -> list[Page]:
    found: list[Page] = []
    for shapes, parts in sheets(form, _contents(form)):
        number = f"CL261123-01-{form.order + len(found):03}"
        found.append(lay_out(form, face(len(found) + 1, 9, number), shapes, parts))
    return found


def _contents(form: Form) -> list[Content]:
    if form.per == "box":
        known = [meter(each, 1 + (each - 1) // 4, 1 + (each - 1) % 4) for each in range(1, 9)]
        few = [meter(21, 1, 1), meter(22, 2, 1)]
        return [box(2, 4, known), box(3, 2, few), box(0, 0, [meter(31), meter(32)]), box(4, 6, known), box(2, 2, few), box(1, 1, few[:1])]
    return {
        "customer": [customer()] * 4,
        "blank": [Content()] * 3,
    }.get(form.per, [listing(form, 12)])


def simulated(blank: Blank, seed: int, way: Way | None = None) -> Simulated:
    """The sheet as somebody filled it in and somebody pictured it; the same seed gives the same."""
    rng = Random(seed)
    sheet = Image.fromarray(blank.picture).copy()
    pen = Pen(sheet, FINE / 25.4, rng)
    ticks, written = {}, set()
    for place in blank.places:
        if place.spot.kind == "tick":
            ticks[place.spot.name] = "1" if rng.random() < 0.35 else ""
            if ticks[place.spot.name]:
                pen.tick(place.spot)
                beside = _beside(place, blank.places) if rng.random() < 0.04 else None
                if beside is not None:
                    pen.slide(place.spot, beside.spot)
        elif rng.random() < 0.3:
            pen.write(place.spot)
            written.add(place.spot.name)
    for name in pen.crossed(blank.places):
        ticks[name] = ticks[name] or THROUGH
    chosen = way or rng.choice(ways())
    return Simulated(blank.payload, ticks, frozenset(written), taken(np.asarray(sheet), chosen, rng), chosen)


def _beside(place: Place, others: Sequence[Place]) -> Place | None:
    """The tick box a hand may slide into."""
    spot = place.spot
    near = [each for each in others if each.spot.kind == "tick" and each is not place and abs(each.spot.y - spot.y) < 14]
    near = [each for each in near if abs(each.spot.x - spot.x) < 18]
    return min(near, key=lambda each: abs(each.spot.x - spot.x) + 2 * abs(each.spot.y - spot.y), default=None)


def as_pdf(pictures: Sequence[Grey], path: Path, dpi: int = 200) -> Path:
    """Pictures as the pages of a scanner's PDF."""
    first, *rest = (Image.fromarray(picture) for picture in pictures)
    first.save(path, "PDF", resolution=dpi, save_all=True, append_images=rest)
    return path
