"""Wrong links for the upstream doctor: a station whose ledger is right, spoilt in known places, with the noise of real sources.

``python -m tests.helpers.wronglinks WORKSPACE [SEED] [poor]`` spoils a copy of a workspace and prints what the doctor makes of it.
"""

import random
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import select

from lvdesk.exchange.answers import take_answers
from lvdesk.exchange.doctor.model import Grade, Link
from lvdesk.exchange.doctor.ranking import suspects
from lvdesk.kit.progress import Progress
from lvdesk.network.tables import TABLES, Customer, MeterBox, MeteringPoint, TransformerArea
from lvdesk.store.model import Change
from lvdesk.tabular.writing import write_sheets
from lvdesk.workspace import Workspace

BOXES, CUSTOMERS = 0.05, 0.02
_WITH_PEOPLE: Final = 0.5  # of the wrong boxes: their customers were booked wrong with them
_NEAR: Final = 6
_ENDED: Final = "已销户"


@dataclass(frozen=True)
class Noise:
    """How poor the sources are, as shares.

    Attributes:
        nowhere, astray: boxes without coordinates, with another box's.
        silent, mistaken: customers of whom the GIS says nothing, or another area.
        homeless: customers without an address.
    """

    nowhere: float = 0.1
    astray: float = 0.03
    silent: float = 0.1
    mistaken: float = 0.02
    homeless: float = 0.1


POOR: Final = Noise(nowhere=0.3, silent=0.2)


@dataclass(frozen=True)
class Truth:
    """Links that were made wrong -> the area they belong to; ``links``: how many there are of each kind."""

    wrong: dict[tuple[Link, str], str]
    links: int


@dataclass(frozen=True)
class Score:
    """What the doctor made of it.

    Attributes:
        found: share of the wrong links among the first tenth of all links, with two pieces of evidence or more.
        certain: how many links it calls certain; ``precise``: share of them that are wrong; ``right``: share whose area it names.
    """

    wrong: int
    found: float
    certain: int
    precise: float
    right: float


def spoil(ws: Workspace, folder: Path, seed: int = 1, noise: Noise = Noise()) -> Truth:
    """Books 5 % of the boxes and 2 % of the customers in another area, takes coordinates and addresses away, lets the GIS speak."""
    chance = random.Random(seed)
    with ws.store.read() as connection:
        boxes = {row.asset_no: row for row in connection.execute(select(MeterBox).where(MeterBox.area_no.is_not(None)))}
        points = list(
            connection.execute(select(MeteringPoint).where(MeteringPoint.area_no.is_not(None), MeteringPoint.customer_no.is_not(None)))
        )
        living = {row.customer_no: row for row in connection.execute(select(Customer)) if not (row.status or "").startswith(_ENDED)}
        meters = list(connection.execute(select(TABLES["meter"].c.mp_no, TABLES["meter"].c.box_no)))
        areas = list(connection.execute(select(TransformerArea.area_no, TransformerArea.longitude, TransformerArea.latitude)))
    true_box = {number: row.area_no for number, row in boxes.items()}
    true_person = {row.customer_no: row.area_no for row in points if row.customer_no in living}
    home = {row.mp_no: row.box_no for row in meters}
    near = _near(areas, true_box, boxes)
    wrong: dict[tuple[Link, str], str] = {}
    bad_boxes = chance.sample(sorted(true_box), round(BOXES * len(true_box)))
    elsewhere = {number: _other(chance, near[true_box[number]]) for number in bad_boxes}
    wrong |= {(Link.BOX_AREA, number): true_box[number] for number in bad_boxes}
    carried = {number for number in bad_boxes if chance.random() < _WITH_PEOPLE}
    moved = {
        row.customer_no: elsewhere[home[row.mp_no]] for row in points if home.get(row.mp_no) in carried and row.customer_no in true_person
    }
    for number in chance.sample(sorted(true_person), round(CUSTOMERS * len(true_person))):
        moved.setdefault(number, _other(chance, near[true_person[number]]))
    wrong |= {(Link.CUSTOMER_AREA, number): true_person[number] for number in moved}
    known = [row for row in boxes.values() if row.longitude is not None]
    astray = {row.asset_no: _places(chance, row, known, noise) for row in boxes.values()}
    with ws.store.write("试验") as write:
        write.update(
            TABLES["meter_box"],
            [Change(row.id, {"area_no": elsewhere.get(row.asset_no, row.area_no), **astray[row.asset_no]}) for row in boxes.values()],
        )
        write.update(
            TABLES["metering_point"], [Change(row.id, {"area_no": moved[row.customer_no]}) for row in points if row.customer_no in moved]
        )
        gone = [Change(row.id, {"address": None}) for row in living.values() if chance.random() < noise.homeless]
        write.update(TABLES["customer"], gone)
    said = [
        (number, _other(chance, near[area]) if chance.random() < noise.mistaken else area, "2026-11-01")
        for number, area in true_person.items() if chance.random() >= noise.silent
    ]  # fmt: skip
    headers = ["户号", "台区编号", "回写时间"]
    write_sheets(folder / "回写.xlsx", [("电源信息回写", headers, said)], text_columns=headers)
    take_answers(ws, [folder / "回写.xlsx"], Progress())
    return Truth(wrong, len(true_box) + len(true_person))


def judged(ws: Workspace, truth: Truth) -> Score:
    """How the doctor's list stands to the truth."""
    listed = suspects(ws, Progress(), limit=truth.links)
    first = {(each.link, each.key) for each in listed[: truth.links // 10] if len(each.evidence) > 1}
    certain = [each for each in listed if each.grade is Grade.CERTAIN]
    hits = [each for each in certain if (each.link, each.key) in truth.wrong]
    named = sum(truth.wrong[each.link, each.key] == each.should_no for each in hits)
    found = sum(key in first for key in truth.wrong) / len(truth.wrong)
    return Score(len(truth.wrong), found, len(certain), len(hits) / max(len(certain), 1), named / max(len(hits), 1))


def _places(chance: random.Random, row: Any, known: list[Any], noise: Noise) -> dict[str, Any]:
    """Where a box is said to stand."""
    lot = chance.random()
    if lot < noise.nowhere:
        return {"longitude": None, "latitude": None}
    at = chance.choice(known) if known and lot < noise.nowhere + noise.astray else row
    return {"longitude": at.longitude, "latitude": at.latitude}


def _near(areas: list[Any], homes: dict[str, str], boxes: dict[str, Any]) -> dict[str, list[str]]:
    """Area -> the others, nearest first, by the middle of their boxes."""
    middle: dict[str, list[tuple[float, float]]] = {row.area_no: [] for row in areas}
    for number, area in homes.items():
        if boxes[number].longitude is not None:
            middle.setdefault(area, []).append((boxes[number].longitude, boxes[number].latitude))
    at = {
        area: (sum(p[0] for p in places) / len(places), sum(p[1] for p in places) / len(places))
        for area, places in middle.items()
        if places
    }
    known = sorted(at)
    far = {area: sorted(known, key=lambda other: (at[other][0] - x) ** 2 + (at[other][1] - y) ** 2)[1:] for area, (x, y) in at.items()}
    return {area: far.get(area, known) for area in middle}


def _other(chance: random.Random, near: list[str]) -> str:
    """A near-by area mostly, sometimes any."""
    return chance.choice(near[:_NEAR] if chance.random() < 0.8 else near)


def main() -> None:
    """Spoils a copy and tells the score."""
    source, *rest = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(shutil.copytree(source, Path(folder) / "station"))
        ws = Workspace.open(copy)
        truth = spoil(ws, Path(folder), int(rest[0]) if rest else 1, POOR if "poor" in rest else Noise())
        sys.stdout.write(f"{judged(ws, truth)}\n")
        for each in suspects(ws, Progress(), limit=5):
            sys.stdout.write(f"{each.score} {each.sentence}\n")
        ws.close()


if __name__ == "__main__":
    main()
