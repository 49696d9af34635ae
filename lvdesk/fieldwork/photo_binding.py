"""Which box a photo shows: by the codes in it, else by the photos taken just before and after and the place, else nobody knows yet."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import inf
from typing import Final

import numpy as np

from lvdesk.fieldwork.photo_ground import Asset, Ground, Place
from lvdesk.geo.distances import distance

CODE, NEIGHBOUR, PERSON = "code", "neighbour", "person"
_NAMED: Final = 3


@dataclass(frozen=True)
class Shot:
    """A photo as far as binding asks.

    Attributes:
        source: photos of one source were taken by one camera one after the other.
        at: the moment of the shot, None where only that of saving is known, or none.
        place: longitude and latitude, None where unknown or vague.
        codes: barcodes read.
    """

    source: str = ""
    at: datetime | None = None
    place: Place | None = None
    codes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Verdict:
    """``box_no`` "" while it waits; ``why`` in both cases; ``firm`` when its codes need nobody's support."""

    box_no: str
    bound_by: str
    why: str
    firm: bool = False


@dataclass(frozen=True)
class Limits:
    """How sure is sure.

    Attributes:
        meters, share: so many meters of one box, and this share of all meters seen, name it though others are in the picture too.
        seconds: a photo with a code so close in time may speak for one without.
        apart, least: one of another box must be so many times further in time, and more than so many seconds.
        metres: a photo without code must have been taken so close to the box.
        further, times: the next box must be so many metres further, and so many times as far.
        steps: metres between a photo and the one that speaks for it.
        astray: a single meter does not name its box when that is so many metres away: it may hang elsewhere by now.
        meanwhile: nor when so many seconds before or after another box was photographed.
    """

    meters: int = 3
    share: float = 0.8
    seconds: float = 120.0
    apart: float = 3.0
    least: float = 10.0
    metres: float = 20.0
    further: float = 25.0
    times: float = 2.0
    steps: float = 30.0
    astray: float = 100.0
    meanwhile: float = 60.0


STRICT: Final = Limits()


def bound(shots: Sequence[Shot], ground: Ground, limits: Limits = STRICT) -> list[Verdict]:
    """What becomes of each photo; photos that may speak for each other must come together."""
    coded = [by_code(shot, ground, limits) for shot in shots]
    firm = _Speaking(shots, [found if found and found.firm else None for found in coded])
    sure = [firm.checked(shot, found, ground, limits) if found else None for shot, found in zip(shots, coded, strict=True)]
    speaking = _Speaking(shots, sure)
    return [found or speaking.verdict(shot, ground, limits) for shot, found in zip(shots, sure, strict=True)]


def by_code(shot: Shot, ground: Ground, limits: Limits = STRICT) -> Verdict | None:
    """What the codes in a photo say; None when there are none."""
    if not shot.codes:
        return None
    known = ground.known(shot.codes)
    boxes = list(dict.fromkeys(asset.number for asset in known if asset.is_box))
    meters = [asset for asset in known if not asset.is_box]
    homes = Counter(asset.box_no for asset in meters if asset.box_no)
    if not boxes and not homes:
        return Verdict("", "", _useless(shot.codes, meters))
    if len(boxes) > 1:
        return Verdict("", "", f"画面中有 {len(boxes)} 个计量箱的条码：{_listed(boxes)}，请确认拍的是哪个箱")
    if boxes:
        return _named_box(boxes[0], homes)
    return _home(homes, meters, limits)


def _named_box(box_no: str, homes: Mapping[str, int]) -> Verdict:
    own, others = homes.get(box_no, 0), sum(homes.values()) - homes.get(box_no, 0)
    if others and others >= own:
        said = _listed([home for home in homes if home != box_no])
        return Verdict("", "", f"画面中有计量箱 {box_no} 的条码，电能表条码却多属计量箱 {said}，请确认拍的是哪个箱")
    return Verdict(box_no, CODE, f"画面中有计量箱条码{f'和箱内 {own} 只电能表的条码' if own else ''}", firm=True)


def _home(homes: Counter[str], meters: Sequence[Asset], limits: Limits) -> Verdict:
    box_no, own = homes.most_common(1)[0]
    if len(homes) == 1:
        return Verdict(box_no, CODE, f"画面中 {own} 只电能表的条码，台账都在此箱", firm=own > 1)
    if own >= limits.meters and own >= limits.share * len(meters):
        return Verdict(box_no, CODE, f"画面中 {len(meters)} 只电能表的条码，{own} 只台账在此箱", firm=True)
    ranked = [f"{home}（{count} 只）" for home, count in homes.most_common()]
    return Verdict("", "", f"画面中的电能表台账分在 {len(homes)} 个计量箱：{_listed(ranked)}，请确认拍的是哪个箱")


def _useless(codes: Sequence[str], meters: Sequence[Asset]) -> str:
    if meters:
        return f"画面中的电能表 {_listed([asset.number for asset in meters])} 台账未挂计量箱"
    return f"画面中的条码 {_listed(codes)} 不在台账中"


def _listed(names: Sequence[str]) -> str:
    return "、".join(names[:_NAMED]) + (f" 等 {len(names)} 个" if len(names) > _NAMED else "")


@dataclass
class _Speaking:
    """Photos with a code, by source, in order of time: they speak for those without one."""

    shots: Sequence[Shot]
    verdicts: Sequence[Verdict | None]
    _by_source: dict[str, list[tuple[Shot, str]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for shot, verdict in zip(self.shots, self.verdicts, strict=True):
            if verdict and verdict.box_no and shot.at:
                self._by_source.setdefault(shot.source, []).append((shot, verdict.box_no))

    def checked(self, shot: Shot, found: Verdict, ground: Ground, limits: Limits) -> Verdict:
        """The same unless it hangs on one meter and place or time speak for another box."""
        if not found.box_no or found.firm:
            return found
        home = ground.place(found.box_no)
        if shot.place and home and (away := _metres(home, shot.place)) > limits.astray:
            return Verdict("", "", f"画面中只有一只电能表，台账在计量箱 {found.box_no}，但该箱距拍摄位置 {away:.0f} 米")
        around = [each for each in self._around(shot) if each[0] <= limits.meanwhile]
        if around and all(box_no != found.box_no for _, box_no, _ in around):
            gap, other, _ = around[0]
            return Verdict("", "", f"画面中只有一只电能表，台账在计量箱 {found.box_no}，但相隔 {gap:.0f} 秒拍的是计量箱 {other}")
        return found

    def verdict(self, shot: Shot, ground: Ground, limits: Limits) -> Verdict:
        """What becomes of a photo without codes."""
        lead = "画面中没有读出条码"
        if shot.at is None and shot.place is None:
            return Verdict("", "", f"{lead}，也没有拍摄时间和位置")
        near = ground.near(shot.place) if shot.place else []
        nearest = f"最近的计量箱 {near[0].number} 距 {near[0].metres:.0f} 米" if near else "附近没有已知坐标的计量箱"
        where = nearest if shot.place else "没有可信的拍摄位置"
        voice, gap = self._voice(shot, limits)
        if voice is None:
            return Verdict("", "", f"{lead}；{gap}；{where}")
        other, box_no = voice
        told = f"{gap}同一相机的照片是计量箱 {box_no}"
        if not near or near[0].number != box_no or near[0].metres > limits.metres:
            return Verdict("", "", f"{lead}；{told}，但{where}")
        rival = near[1].metres if len(near) > 1 else inf
        if rival < near[0].metres + limits.further or rival < near[0].metres * limits.times:
            return Verdict("", "", f"{lead}；{told}，但旁边还有计量箱 {near[1].number}（距 {rival:.0f} 米），位置分不清")
        if shot.place is None or (other.place and _metres(other.place, shot.place) > limits.steps):
            return Verdict("", "", f"{lead}；{told}，但两张照片的位置相距较远")
        return Verdict(box_no, NEIGHBOUR, f"{told}；拍摄位置距该箱 {near[0].metres:.0f} 米，没有别的箱这样近")

    def _voice(self, shot: Shot, limits: Limits) -> tuple[tuple[Shot, str] | None, str]:
        """The photo that speaks for this one and how close in time it is, in words; None and why none may."""
        if shot.at is None:
            return None, "没有可信的拍摄时间"
        heard = self._around(shot)
        if not heard or heard[0][0] > limits.seconds:
            return None, "前后几分钟内没有同一相机拍的带条码照片"
        gap, box_no, other = heard[0]
        rival = next((each for each in heard if each[1] != box_no), None)
        if rival and rival[0] <= max(gap * limits.apart, limits.least):
            return None, f"前后的照片分属计量箱 {box_no} 和 {rival[1]}"
        return (other, box_no), f"相隔 {gap:.0f} 秒、"

    def _around(self, shot: Shot) -> list[tuple[float, str, Shot]]:
        """Seconds, box and photo of those that speak in the same source, nearest in time first."""
        at, others = shot.at, self._by_source.get(shot.source, [])
        if at is None:
            return []
        timed = [(abs((other.at - at).total_seconds()), box_no, other) for other, box_no in others if other.at]
        return sorted(timed, key=lambda each: each[:2])


def _metres(one: Place, other: Place) -> float:
    start, end = ((np.array([place[0]]), np.array([place[1]])) for place in (one, other))
    return float(distance(start, end)[0])
