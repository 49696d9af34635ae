"""Boxes that a waiting photo may show, likeliest first: by its codes, by what was taken around then, by the place."""

import json
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from lvdesk.fieldwork.photo_ground import Ground

_MOST: Final = 5
_SECONDS: Final = 600.0
_METRES: Final = 200.0
_BY_CODE: Final = 1000.0


@dataclass(frozen=True)
class Candidate:
    """A box with what speaks for it."""

    box_no: str
    why: str


class Filed:
    """Photos that have a box, in order of time."""

    def __init__(self, rows: Sequence[Any]) -> None:
        timed = ((moment(row), row.box_no) for row in rows if row.box_no)
        self._photos = sorted((at, box_no) for at, box_no in timed if at)
        self._times = [at for at, _ in self._photos]

    def around(self, at: datetime) -> dict[str, float]:
        """Box -> seconds to its photo that is nearest in time, of the photos taken shortly before and after."""
        middle = bisect_left(self._times, at)
        found: dict[str, float] = {}
        for when, box_no in self._photos[max(0, middle - _MOST) : middle + _MOST]:
            gap = abs((when - at).total_seconds())
            if gap <= _SECONDS:
                found[box_no] = min(gap, found.get(box_no, gap))
        return found


def moment(row: Any) -> datetime | None:
    """When a stored photo was taken; None when only the file's own date is known."""
    return datetime.fromisoformat(row.taken_at) if row.taken_at and row.taken_from != "file" else None


def candidates(row: Any, ground: Ground, filed: Filed) -> list[Candidate]:
    """At most five boxes for a photo that waits."""
    said: dict[str, list[str]] = {}
    scores: dict[str, float] = {}
    for box_no, why, score in (*_by_code(row, ground), *_by_time(row, filed), *_by_place(row, ground)):
        said.setdefault(box_no, []).append(why)
        scores[box_no] = scores.get(box_no, 0.0) + score
    ranked = sorted(scores, key=lambda box_no: (-scores[box_no], box_no))
    return [Candidate(box_no, "，".join(said[box_no])) for box_no in ranked[:_MOST]]


def _by_code(row: Any, ground: Ground) -> list[tuple[str, str, float]]:
    known = ground.known(json.loads(row.codes))
    boxes = [(asset.number, "画面中有它的条码", 2 * _BY_CODE) for asset in known if asset.is_box]
    homes: Mapping[str, int] = Counter(asset.box_no for asset in known if not asset.is_box and asset.box_no)
    return boxes + [(box_no, f"画面中有箱内 {count} 只表", count * _BY_CODE) for box_no, count in homes.items()]


def _by_time(row: Any, filed: Filed) -> list[tuple[str, str, float]]:
    at = moment(row)
    around = filed.around(at) if at else {}
    return [(box_no, f"{_gap(gap)}内拍过它", 100 * (1 - gap / _SECONDS)) for box_no, gap in around.items()]


def _by_place(row: Any, ground: Ground) -> list[tuple[str, str, float]]:
    if row.longitude is None or row.latitude is None:
        return []
    near = (each for each in ground.near((row.longitude, row.latitude)) if each.metres <= _METRES)
    return [(each.number, f"距它 {each.metres:.0f} 米", 100 * (1 - each.metres / _METRES)) for each in near]


def _gap(seconds: float) -> str:
    return f"{max(seconds, 1):.0f} 秒" if seconds < 60 else f"{seconds / 60:.0f} 分钟"
