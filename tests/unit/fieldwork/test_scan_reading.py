"""Simulated sheets, one for every way of picturing, are identified and never read wrongly; what cannot be read says why."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from lvdesk.fieldwork.forms.frame import CORNERS
from lvdesk.fieldwork.forms.loading import load_forms
from lvdesk.fieldwork.scanning.codes import find_code
from lvdesk.fieldwork.scanning.corners import by_squares
from lvdesk.fieldwork.scanning.loading import Pages
from lvdesk.fieldwork.scanning.marks import DOUBTFUL, MARKED, Mark
from lvdesk.fieldwork.scanning.reading import Desk, read_named, read_page
from lvdesk.fieldwork.scanning.settings import load_settings
from lvdesk.kit.errors import KnownError
from tests.helpers.scan_truth import Blank, blanks, simulated
from tests.helpers.scan_truth_picture import Way, ways

pytestmark = pytest.mark.usefixtures("qapp")  # pages are printed as the window prints them

PLAIN = Way("scan", 150, 0.4, jpeg=0)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> list[Blank]:
    return blanks(tmp_path_factory.mktemp("blank"))


@pytest.fixture(scope="module")
def desk() -> Desk:
    return Desk(load_forms(), load_settings())


@pytest.mark.parametrize("way", ways(), ids=lambda way: way.name)
def test_a_sheet_is_known_and_no_tick_is_wrong(made: list[Blank], desk: Desk, way: Way) -> None:
    place = ways().index(way)
    sheet = simulated(made[place % len(made)], 1000 + place, way)
    read = read_page(sheet.picture, desk)
    assert (read.code, read.payload) == ("", sheet.payload)
    assert [mark for mark in read.marks if sheet.wrong(mark)] == []
    ticked = [mark for mark in read.marks if sheet.ticks.get(mark.place) == "1"]
    assert sum(mark.verdict == MARKED for mark in ticked) >= len(ticked) * 0.25
    assert read.picture.flat


@pytest.mark.parametrize("ink, verdict", [(1.0, DOUBTFUL), (0.0, "empty")])
def test_a_box_that_is_blackened_waits_for_a_person(made: list[Blank], desk: Desk, ink: float, verdict: str) -> None:
    blank = next(blank for blank in made if blank.payload.form_code == "B")
    spot = next(place.spot for place in blank.places if place.spot.kind == "tick")
    picture = blank.picture.copy()
    scale = 300 / 25.4
    if ink:
        top, left = int(spot.y * scale), int(spot.x * scale)
        picture[top : top + int(spot.height * scale), left : left + int(spot.width * scale)] = 20
    found = mark_of(read_page(picture, desk).marks, spot.name)
    assert found.verdict == verdict
    assert found.ink == pytest.approx(ink, abs=0.05)


def mark_of(marks: Sequence[Mark], place: str) -> Mark:
    return next(mark for mark in marks if mark.place == place)


def test_a_sheet_without_code_is_read_once_it_is_named(made: list[Blank], desk: Desk) -> None:
    sheet = simulated(made[-1], 7, PLAIN)
    picture = sheet.picture.copy()
    high, wide = picture.shape
    picture[int(high * 0.03) : int(high * 0.13), int(wide * 0.87) : int(wide * 0.945)] = 128
    assert read_page(picture, desk).code in {"scan.no_code", "scan.damaged_code"}
    for turned in (picture, np.rot90(picture, 2), np.rot90(picture)):
        read = read_named(np.ascontiguousarray(turned), sheet.payload, desk)
        assert read is not None
        assert [mark for mark in read.marks if sheet.wrong(mark)] == []


def test_pictures_of_something_else_say_so(desk: Desk) -> None:
    empty = np.full((1600, 2300), 245, dtype=np.uint8)
    noise = np.random.default_rng(3).integers(0, 255, (700, 900)).astype(np.uint8)
    assert read_page(empty, desk).code == "scan.blank"
    assert read_page(noise, desk).code == "scan.no_code"
    assert find_code(noise) is None
    assert next(by_squares(noise, CORNERS), None) is None


def test_pages_come_upright_and_grey(tmp_path: Path) -> None:
    rows = np.zeros((40, 60, 3), dtype=np.uint8)
    rows[:, :10] = 255
    turned = Image.Exif()
    turned[0x0112] = 6
    Image.fromarray(rows).save(tmp_path / "a.jpg", exif=turned, quality=95)
    Image.fromarray(rows[:, :, 0]).save(tmp_path / "a.tif", save_all=True, append_images=[Image.new("1", (30, 20), 1)])
    Image.new("LA", (30, 20), (0, 0)).save(tmp_path / "a.png")
    with Pages(tmp_path / "a.jpg", 200) as pages:
        assert pages.page(1).shape == (60, 40)
        assert pages.page(1)[2, 20] > 200
    with Pages(tmp_path / "a.tif", 200) as pages:
        assert [pages.page(number).shape for number in range(1, len(pages) + 1)] == [(40, 60), (20, 30)]
    with Pages(tmp_path / "a.png", 200) as pages:
        assert pages.page(1).min() == 255


def test_settings_that_contradict_each_other_are_refused(tmp_path: Path) -> None:
    text = (Path(__file__).parents[3] / "resources" / "scanning.toml").read_text(encoding="utf-8")
    (tmp_path / "scanning.toml").write_text(text.replace("marked = 0.093", "marked = 0.001"), encoding="utf-8")
    with pytest.raises(KnownError) as refused:
        load_settings(tmp_path)
    assert refused.value.code == "rules.unreadable"
