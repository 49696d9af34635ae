"""Crops of scanned sheets without a database."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from PySide6.QtCore import QBuffer, QIODevice, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPen

from lvdesk.fieldwork.scan_model import Crop, CropGroup
from lvdesk.network.changed import Changed
from ui.panes.fieldwork.crop_loading import Decision

TICKS, COMBS, WORDS = "box_collection|tick.same", "box_collection|slot.meter", "box_collection|meter_box.note"
Kind = Literal["tick", "comb", "cell"]
_TITLES: dict[str, tuple[str, Kind]] = {TICKS: ("核对结果：一致", "tick"), COMBS: ("表号后六位", "comb"), WORDS: ("备注", "cell")}


def png(kind: Kind, text: str = "", *, ink: float = 0.0) -> bytes:
    """A place on paper as a scanner sees it."""
    cells = max(len(text), 6) if kind == "comb" else 1
    wide, high = {"tick": (64, 64), "comb": (70 * cells, 66), "cell": (560, 90)}[kind]
    image = QImage(wide, high, QImage.Format.Format_RGB32)
    image.fill(QColor("#F4F2EC"))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor("#3A3A3A"), 2))
    if kind == "tick":
        painter.drawRect(QRectF(14, 14, 36, 36))
        painter.setPen(QPen(QColor("#2B3C8F"), 1 + 40 * ink))
        if ink > 0.02:
            painter.drawPolyline([QPointF(20, 32), QPointF(29, 42), QPointF(48, 16)])
    else:
        for place in range(cells):
            painter.drawRect(QRectF(12 + place * (wide - 24) / cells, 10, (wide - 24) / cells, high - 20))
        painter.setPen(QColor("#2B3C8F"))
        face = QFont()
        face.setPixelSize(34)
        face.setItalic(True)
        painter.setFont(face)
        for place, letter in enumerate(text if kind == "comb" else [text]):
            left = 12 + place * (wide - 24) / cells
            painter.drawText(QRectF(left, 10, (wide - 24) / cells, high - 20), Qt.AlignmentFlag.AlignCenter, letter)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]  # the stubs want bytes, which it refuses
    return bytes(buffer.data().data())


def a_crop(group: str, place: int, **given: Any) -> Crop:
    """A crop of a sheet of its own."""
    title, kind = _TITLES[group]
    fields = {TICKS: ("0.tick.same", ""), COMBS: ("0.slot.1.1.meter", "meter.bar_code"), WORDS: ("0.meter_box.note", "meter_box.note")}
    values: dict[str, Any] = {
        "page": place + 1, "sheet_no": f"CL261123-01-{place + 1:03d}", "place": fields[group][0], "kind": kind, "field": fields[group][1],
        "title": title, "about": f"计量箱 41300051547785478{place:05d} · 七槐塘村陈街路{place + 1}号", "ledger": "",
        "ink": round(0.02 + place * 0.007, 4), "sure": min(place / 40, 1.0), "count": 6 if kind == "comb" else 1, "value": None,
    }  # fmt: skip
    return Crop(**(values | given))


@dataclass
class FakeCrops:
    """Services whose answers the test sets; ``hold`` keeps what is stored waiting until set.

    Attributes:
        decided: what is stored now, by page and place; ``entries`` the journal.
    """

    of: dict[str, list[Crop]] = field(default_factory=lambda: {
        TICKS: [a_crop(TICKS, place) for place in range(14)],
        COMBS: [a_crop(COMBS, place, ledger=f"{507970 + place}", ink=0.2) for place in range(8)],
        WORDS: [a_crop(WORDS, place, ink=0.1) for place in range(3)],
    })  # fmt: skip
    decided: dict[tuple[int, str], str] = field(default_factory=dict)
    entries: list[Sequence[Decision]] = field(default_factory=list)
    undone: list[int] = field(default_factory=list)
    error: Exception | None = None

    def __post_init__(self) -> None:
        self.hold = threading.Event()
        self.hold.set()

    def groups(self) -> Sequence[CropGroup]:
        if self.error:
            raise self.error
        made = []
        for key, crops in self.of.items():
            waiting = sum((crop.page, crop.place) not in self.decided for crop in crops)
            made.append(CropGroup(key, *_TITLES[key], len(crops), waiting))
        return made

    def crops(self, group: str) -> Sequence[Crop]:
        return [replace(crop) for crop in self.of[group] if (crop.page, crop.place) not in self.decided]

    def picture(self, page: int, place: str) -> bytes:
        found = next(crop for crops in self.of.values() for crop in crops if (crop.page, crop.place) == (page, place))
        return png(found.kind, found.ledger or "门锁已锈", ink=found.ink)

    def decide(self, decisions: Sequence[Decision]) -> tuple[int, Changed]:
        self.hold.wait(10)
        if self.error:
            raise self.error
        self.entries.append(tuple(decisions))
        for page, place, value in decisions:
            self.decided[page, place] = value
        return len(self.entries), Changed.RETURNS

    def take_back(self, entry: int) -> Changed:
        self.undone.append(entry)
        for decision in self.entries[entry - 1]:
            self.decided.pop(decision[:2])
        return Changed.RETURNS
