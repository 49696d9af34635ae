"""One picture of one sheet: which it is, laid flat, what stands in its places; or why it cannot be read."""

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import zxingcpp
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from lvdesk.fieldwork.forms.definition import Form
from lvdesk.fieldwork.forms.frame import CORNER_SIZE, corners, page_size
from lvdesk.fieldwork.forms.payload import Payload, decode, form_of
from lvdesk.fieldwork.scanning import corners as cornering
from lvdesk.fieldwork.scanning.codes import FoundCode, find_code, sheet_bars
from lvdesk.fieldwork.scanning.corners import Lying
from lvdesk.fieldwork.scanning.flat import ROUGH, SCALE, bending, darkness, is_straight, laid, straightened
from lvdesk.fieldwork.scanning.marks import Mark, aligned, marks
from lvdesk.fieldwork.scanning.places import outlines, places
from lvdesk.fieldwork.scanning.settings import Settings
from lvdesk.kit.errors import KnownError

_ROUGH_SIDE, _NEAR, _BRIGHT, _PAPER = 600, 25, 0.8, 0.55
"""Dots of the longer side when paper is looked for, how near, how bright beside the brightest there, what share of the picture."""

Grey = NDArray[np.uint8]
_KEPT = 2600
"""Dots of the longer side an unread picture is kept with: fine enough to be read once its number is typed."""


@dataclass(frozen=True)
class Picture:
    """A picture to keep; ``flat``: millimetres are ``dpi``/25.4 dots."""

    data: bytes
    dpi: int
    flat: bool


@dataclass(frozen=True)
class PageRead:
    """What came of a picture.

    Attributes:
        payload: what its QR says, None without.
        code: why it is not read, "" where it is.
        said: words that go with the code: the QR's text, the number in the bars.
        quality: dpi, turned, bent, as far as known.
    """

    payload: Payload | None
    code: str
    said: str
    marks: tuple[Mark, ...]
    picture: Picture
    quality: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Desk:
    """What reading needs to know; ``heard`` is called between steps."""

    forms: Mapping[str, Form]
    settings: Settings
    heard: Callable[[], None] = lambda: None


def read_page(grey: Grey, desk: Desk) -> PageRead:
    """Reads a picture that should show a sheet."""
    unread = PageRead(None, "", "", (), kept(grey))
    code = find_code(grey, desk.heard)
    if code is None or not code.ours:
        return _nameless(grey, code, unread, desk)
    try:
        payload = decode(code.text)
    except KnownError:
        return replace(unread, code="scan.damaged_code", said=_number(grey))
    unread = replace(unread, payload=payload)
    try:
        form = form_of(desk.forms, payload)
    except KnownError:
        return replace(unread, code="scan.version")
    modules = len(memoryview(zxingcpp.create_barcode(code.text, zxingcpp.QRCode, ec_level="M").to_image(scale=1, add_quiet_zones=False)))  # type: ignore[arg-type] # its stubs do not tell that it is a buffer
    for lying in cornering.by_code(grey, code, modules, corners(form), page_size(form)[0]):
        found = _flattened(grey, lying, form, payload, desk)
        if found is not None:
            return found
    return replace(unread, code="scan.corners")


def read_named(grey: Grey, payload: Payload, desk: Desk) -> PageRead | None:
    """Reads a picture of a sheet a person has named, by its corner squares alone; None when they do not show how it lies.

    Raises:
        KnownError: ``form.unknown``, ``form.version``, ``form.code`` when this program cannot tell its places.
    """
    seen = read_page(grey, desk)
    if seen.payload == payload and not seen.code:
        return seen
    form = form_of(desk.forms, payload)
    best: PageRead | None = None
    for lying in cornering.by_squares(grey, corners(form)):
        desk.heard()
        found = _flattened(grey, lying, form, payload, desk)
        if found is not None and (best is None or found.quality["aligned"] > best.quality["aligned"]):
            best = found
    return best


def _nameless(grey: Grey, code: FoundCode | None, unread: PageRead, desk: Desk) -> PageRead:
    if code is not None and code.text:
        return replace(unread, code="scan.no_code", said=code.text[:80])
    if _blank(grey, desk.settings):
        return replace(unread, code="scan.blank")
    return replace(unread, code="scan.damaged_code" if code is not None else "scan.no_code", said=_number(grey))


def _number(grey: Grey) -> str:
    """What the bars beside the QR say, for a person to confirm: they do not say whose sheet it is."""
    return next((text for text in sheet_bars(grey) if "-" in text), "")


def _blank(grey: Grey, settings: Settings) -> bool:
    """Whether nothing is printed here: the back of a sheet."""
    small = grey[::2, ::2]
    border = max(2, min(small.shape) // 30)
    inner = small[border:-border, border:-border]
    return float((inner < 0.6 * np.median(inner)).mean()) <= settings.blank


def _flattened(grey: Grey, lying: Lying, form: Form, payload: Payload, desk: Desk) -> PageRead | None:
    size, anchors, plane = page_size(form), corners(form), lying.plane
    rough = darkness(laid(grey, plane, size, ROUGH), anchors, CORNER_SIZE, ROUGH)
    bend = bending(rough, outlines(form, payload.shapes), size, lying.seen)
    desk.heard()
    flat = laid(grey, plane, size) if is_straight(bend) else straightened(grey, plane, size, bend)
    found = marks(darkness(flat, anchors, CORNER_SIZE), places(form, payload.shapes), desk.settings)
    share = aligned(found, desk.settings)
    if share < desk.settings.aligned:
        return None
    a, b, *_ = plane(np.array(anchors))
    across = float(np.hypot(*(b - a))) / (anchors[1][0] - anchors[0][0])
    turned = float(np.degrees(np.arctan2(b[1] - a[1], b[0] - a[0])))
    quality = {"dpi": round(across * 25.4), "turned": round(turned), "bent": round(bend.most, 2), "aligned": round(share, 3)}
    return PageRead(payload, "", "", tuple(found), _kept_flat(flat, desk.settings.stored), quality)


def _kept_flat(flat: Grey, dpi: int) -> Picture:
    share = dpi / 25.4 / SCALE
    size = (round(flat.shape[1] * share), round(flat.shape[0] * share))
    return Picture(_jpeg(Image.fromarray(flat).resize(size, Image.Resampling.BOX), 72), dpi, flat=True)


def kept(grey: Grey) -> Picture:
    """The picture as it came, no larger than needed."""
    share = min(1.0, _KEPT / max(grey.shape))
    size = (max(1, round(grey.shape[1] * share)), max(1, round(grey.shape[0] * share)))
    return Picture(_jpeg(Image.fromarray(grey).resize(size, Image.Resampling.BOX), 80), 0, flat=False)


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, "JPEG", quality=quality, optimize=False)
    return stream.getvalue()


def is_sheet_picture(grey: Grey, shapes: Sequence[Sequence[tuple[float, float]]]) -> bool:
    """Whether a picture shows one of our sheets: its QR, or four corner squares as far apart as on one of these papers."""
    code = find_code(grey, thorough=False)
    if code is not None and code.ours:
        return True
    return _papery(grey) and any(next(cornering.by_squares(grey, corners), None) is not None for corners in shapes)


def _papery(grey: Grey) -> bool:
    """Whether most of a picture is as bright as the brightest near it, as paper is whatever the light; leaves and walls are not."""
    step = max(1, max(grey.shape) // _ROUGH_SIDE)
    high, wide = (side // step * step for side in grey.shape)
    rough = grey[:high, :wide].reshape(high // step, step, -1, step).mean(axis=(1, 3))
    return bool((rough > _BRIGHT * ndimage.maximum_filter(rough, _NEAR)).mean() > _PAPER)
