"""A made-up round of photographing boxes: the ledger as the office has it, the files as they come from the phones, what each shows.

What a photo shows is a matter of the world, not of the ledger: meters hang in other boxes than the ledger says, boxes stand elsewhere than
the ledger says or side by side, phones stop knowing where they are, messengers strip what the camera wrote.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from math import cos, radians
from pathlib import Path
from random import Random
from typing import Any, Final

from lvdesk.network.tables import TABLES
from lvdesk.workspace import Workspace
from tests.helpers.photo_truth_picture import Look, Said, jpeg, picture
from tests.helpers.stations import barcode

ORIGIN: Final = (115.68, 34.44)
DAY: Final = datetime(2026, 11, 20, 8, 30)  # noqa: DTZ001 - as cameras write it
CAMERAS: Final = ("Xiaomi Redmi 12", "HUAWEI nova 9")
Sizes = Sequence[tuple[tuple[int, int], int, int]]
SIZES: Final[Sizes] = (((1280, 960), 2, 30), ((1600, 1200), 2, 45), ((2400, 1800), 3, 20), ((4000, 3000), 4, 5))
"""Size of a picture, pixels of the narrowest bar, of a hundred pictures."""
_BESIDE: Final = 3.0
_STRANGE: Final = 30.0
"""Metres from every box beyond which a picture without code is of no box."""
_EPOCH: Final = datetime(1970, 1, 1)  # noqa: DTZ001
_EIGHT: Final = timedelta(hours=8)


@dataclass(frozen=True)
class Box:
    """A box as it stands in the world, at so many metres along the street; the ledger's words beside it."""

    code: str
    metres: float
    meters: tuple[str, ...]
    said_at: float | None

    @property
    def number(self) -> str:
        """Its asset number."""
        return self.code[7:21]


@dataclass(frozen=True)
class World:
    """Boxes along one street; ``homes`` is where the ledger has each meter, "" for nowhere."""

    boxes: tuple[Box, ...]
    homes: dict[str, str]

    def lay(self, ws: Workspace) -> Workspace:
        """Puts the ledger's words into a workspace."""
        rows: list[tuple[str, tuple[str, ...], list[tuple[Any, ...]]]] = [
            (
                "meter_box",
                ("asset_no", "bar_code", "location", "longitude", "latitude", "area_no"),
                [(box.number, box.code, f"某街{n}号", *_maybe(box.said_at), f"{42317:010}") for n, box in enumerate(self.boxes, 1)],
            ),
            ("meter", ("asset_no", "bar_code", "box_no"), [(code[7:21], code, home or None) for code, home in self.homes.items()]),
        ]
        with ws.store.write("测试") as write:
            for entity, columns, values in rows:
                write.insert(TABLES[entity], (*columns, "listed"), [(*row, 1) for row in values], len(values))
        return ws


@dataclass(frozen=True)
class Shown:
    """A picture by its file's digest and the boxes it may rightly be filed to; ``kind`` of what it was made as."""

    sha256: str
    kind: str
    boxes: frozenset[str]


@dataclass
class Photos:
    """The files of a round.

    Attributes:
        shown: every readable picture; the names of copies are in ``again``, those of broken files in ``broken``.
    """

    folder: Path
    shown: list[Shown] = field(default_factory=list)
    again: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.shown) + len(self.again) + len(self.broken)


def place(metres: float, aside: float = 0.0) -> tuple[float, float]:
    """The degrees of a place along the street."""
    east = 111_320 * cos(radians(ORIGIN[1]))
    return round(ORIGIN[0] + metres / east, 7), round(ORIGIN[1] + aside / 110_940, 7)


def _maybe(metres: float | None) -> tuple[float | None, float | None]:
    return (None, None) if metres is None else place(metres)


def world(seed: int, count: int) -> World:
    """A street with so many boxes, and a ledger that is wrong about some of them."""
    rng, metres, made, homes, number = Random(seed), 0.0, list[Box](), dict[str, str](), 1
    for place_no in range(count):
        metres += rng.choices((rng.uniform(0.6, _BESIDE), rng.uniform(10, 25), rng.uniform(25, 80)), (15, 25, 60))[0]
        said = rng.choices((metres, None, metres + rng.choice((-1, 1)) * rng.uniform(40, 150)), (88, 8, 4))[0]
        meters = tuple(barcode("01", number + each) for each in range(rng.randint(1, 8)))
        number += len(meters)
        made.append(Box(barcode("05", 500 + place_no), metres, meters, said))
    for place_no, box in enumerate(made):
        for meter in box.meters:
            near = made[max(0, min(count - 1, place_no + rng.choice((-1, 1))))]
            homes[meter] = rng.choices((box.number, near.number, rng.choice(made).number, ""), (97, 1, 1, 1))[0]
    return World(tuple(made), homes)


def photographed(seed: int, among: World, count: int, folder: Path, sizes: Sizes = SIZES) -> Photos:
    """About so many files of a round through the street, by two teams at once; of these ``sizes``."""
    folder.mkdir(parents=True, exist_ok=True)
    rng, made = Random(seed), Photos(folder)
    half = len(among.boxes) // 2
    rounds = [
        _Round(rng, among, camera, boxes, made, sizes)
        for camera, boxes in zip(CAMERAS, (among.boxes[:half], among.boxes[half:]), strict=True)
    ]
    walks = [each.shots() for each in rounds]
    while len(made) < count and walks:
        for walk in tuple(walks):
            if not next(walk, False):
                walks.remove(walk)
    return made


@dataclass
class _Round:
    """One team on its way."""

    rng: Random
    world: World
    camera: str
    boxes: Sequence[Box]
    made: Photos
    sizes: Sizes
    now: datetime = DAY
    saved: datetime = DAY + timedelta(hours=10)
    fix: tuple[float, float] | None = None

    def shots(self) -> Iterator[bool]:
        """One file after the other."""
        before = self.boxes[0]
        for box in self.boxes:
            way = abs(box.metres - before.metres)
            if way > 3 * _STRANGE and self.rng.random() < 0.3:
                self._wait(way / 2)
                self._shoot("elsewhere", [], (before.metres + box.metres) / 2, frozenset())
                yield True
                self._wait(way / 2)
            else:
                self._wait(way + self.rng.uniform(10, 60))
            for kind in self._kinds(box):
                self._of(kind, box)
                yield True
                self._wait(self.rng.uniform(4, 30))
            before = box

    def _kinds(self, box: Box) -> list[str]:
        kinds = ["full", "meters", "single", "plain", "scratched", "foreign", "pair"]
        chosen = self.rng.choices(kinds, (32, 14, 10, 22, 10, 3, 4), k=self.rng.randint(2, 4))
        return [kind for kind in chosen if kind != "pair" or self._beside(box)]

    def _beside(self, box: Box) -> Box | None:
        return next((other for other in self.boxes if other is not box and abs(other.metres - box.metres) <= _BESIDE), None)

    def _of(self, kind: str, box: Box) -> None:
        own, rng = list(box.meters), self.rng
        rng.shuffle(own)
        boxes = frozenset({box.number})
        codes = {"full": [box.code, *own[:5]], "meters": own[:5], "single": own[:1], "scratched": [box.code]}.get(kind, [])
        if kind == "foreign":
            codes, boxes = [barcode(rng.choice(("01", "05")), rng.randrange(10**6, 10**7))], frozenset()
        other = self._beside(box)
        if kind == "pair" and other:
            codes, boxes = [box.code, other.code, *own[:2], *other.meters[:2]], boxes | {other.number}
        self._shoot(kind, codes, box.metres, boxes)

    def _wait(self, seconds: float) -> None:
        self.now += timedelta(seconds=round(seconds) + 1)

    def _shoot(self, kind: str, codes: Sequence[str], metres: float, boxes: frozenset[str]) -> None:
        rng = self.rng
        size, module = rng.choices([each[:2] for each in self.sizes], [each[2] for each in self.sizes])[0]
        blur = rng.choices((0.0, rng.uniform(0.3, 1.0), rng.uniform(3, 6)), (60, 34, 6))[0]
        look = Look(
            size, rng.choices((rng.gauss(0, 4), rng.uniform(0, 360)), (70, 30))[0], blur, rng.uniform(2, 8), module, kind == "scratched"
        )
        image, sent = picture(codes, look, rng), rng.random() < 0.2
        if sent and kind == "single":
            boxes |= {self.world.homes[code] for code in codes} - {""}  # nobody could tell from this picture that it hangs elsewhere
        name, data = self._sent(image) if sent else self._kept(image, metres)
        self._write(name, data, Shown(sha256(data).hexdigest(), f"{kind}, sent" if sent else kind, boxes))

    def _sent(self, image: Any) -> tuple[str, bytes]:
        """As a messenger leaves it: the moment of saving in the name, nothing else."""
        self.saved += timedelta(seconds=self.rng.randint(0, 2))
        counted = int((self.saved - _EIGHT - _EPOCH).total_seconds() * 1000) + self.rng.randrange(1000)
        named = (f"mmexport{counted}.jpg", f"微信图片_{self.saved:%Y%m%d%H%M%S}_{counted % 1000}.jpg")
        return self.rng.choice(named), jpeg(image, None, 70)

    def _kept(self, image: Any, metres: float) -> tuple[str, bytes]:
        """As the camera wrote it, perhaps without a place, or with that of a minute ago."""
        rng = self.rng
        off = rng.choices((4.0, 12.0), (90, 10))[0]
        here = place(metres + rng.gauss(0, off), rng.gauss(0, off))
        old, self.fix = self.fix, here
        said = rng.choices((here, old, None, (0.0, 0.0)), (84, 4, 9, 3))[0]
        data = jpeg(image, Said(self.now, said, self.camera, rng.choice((1, 1, 1, 6))))
        return f"{self.camera[:3]}/IMG_{self.now:%Y%m%d_%H%M%S}.jpg", data

    def _write(self, name: str, data: bytes, shown: Shown) -> None:
        rng, made = self.rng, self.made
        path = made.folder / name
        path.parent.mkdir(exist_ok=True)
        if path.exists():
            return
        if rng.random() < 0.02:
            path.write_bytes(rng.choice((b"", b"<html>", data[: len(data) // 3])))
            made.broken.append(name)
            return
        path.write_bytes(data)
        made.shown.append(shown)
        if rng.random() < 0.03:
            copy = path.with_name(f"{path.stem}(1).jpg")
            copy.write_bytes(data)
            made.again.append(copy.name)


@dataclass(frozen=True)
class Judged:
    """Bindings that were made by themselves: how many, and which were wrong (digest, kind, box); ``able`` that a person could make."""

    bound: int
    able: int
    wrong: tuple[tuple[str, str, str], ...]

    @property
    def precision(self) -> float:
        """Share of right ones."""
        return 1 - len(self.wrong) / self.bound if self.bound else 0.0


def judged(made: Photos, boxes: Mapping[str, str]) -> Judged:
    """What became of each picture: digest -> box, "" where it waits."""
    truth = {each.sha256: each for each in made.shown}
    bound = {digest: box for digest, box in boxes.items() if box}
    wrong = [(digest, truth[digest].kind, box) for digest, box in bound.items() if box not in truth[digest].boxes]
    return Judged(len(bound), sum(bool(each.boxes) for each in made.shown), tuple(wrong))
