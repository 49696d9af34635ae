"""Scans of printed sheets: taken once, read or queued with a next step, named by a person, decided in one step, undone."""

import io
from dataclasses import replace
from pathlib import Path
from random import Random

import numpy as np
import pytest
from PIL import Image
from sqlalchemy import select

from lvdesk.fieldwork import scan_queue, scans
from lvdesk.fieldwork.forms.loading import load_forms
from lvdesk.fieldwork.register import find
from lvdesk.fieldwork.register import replace as renew
from lvdesk.fieldwork.scan_model import PageState
from lvdesk.fieldwork.scan_pages import ENTRY
from lvdesk.history import entries, redo, undo
from lvdesk.kit.errors import KnownError, RefusedError
from lvdesk.kit.progress import Progress
from lvdesk.network.changed import Changed
from lvdesk.workspace import Workspace
from tests.helpers import visiting
from tests.helpers.scan_truth import THROUGH, Blank, Simulated, as_pdf, of_pages, simulated
from tests.helpers.scan_truth_picture import Way
from tests.helpers.scan_truth_reader import NearScans
from tests.helpers.sheetwork import payload, printed

pytestmark = pytest.mark.usefixtures("qapp")  # pages are printed as the window prints them

PLAIN = Way("scan", 200, 0.7, jpeg=0)


@pytest.fixture(autouse=True)
def near(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are read in this process."""
    monkeypatch.setattr("lvdesk.fieldwork.scans.Reader", NearScans)
    monkeypatch.setattr("lvdesk.fieldwork.scan_queue.Reader", NearScans)


@pytest.fixture
def station(ws: Workspace) -> Workspace:
    return visiting.laid(ws)


@pytest.fixture
def sheets(station: Workspace, tmp_path: Path) -> list[Blank]:
    """Printed sheets of a package: one of another form, one of boxes."""
    return printed_sheets(station, tmp_path)


@pytest.fixture
def near_station(local_ws: Workspace) -> Workspace:
    """The same station, for what does not depend on the engine."""
    return visiting.laid(local_ws)


@pytest.fixture
def near_sheets(near_station: Workspace, tmp_path: Path) -> list[Blank]:
    return printed_sheets(near_station, tmp_path)


def printed_sheets(ws: Workspace, folder: Path) -> list[Blank]:
    _, paper = printed(ws, visiting.made(ws), folder)
    chosen = {payload(page).form_code: page for page in paper.pages}
    return of_pages([chosen["A"], chosen["B"]], load_forms(), folder)


def box_sheet(sheets: list[Blank]) -> Blank:
    return next(sheet for sheet in sheets if sheet.payload.form_code == "B")


def stored(ws: Workspace, sheet_no: str) -> dict[str, tuple[str, str]]:
    """What stands on a sheet: place -> value, how."""
    with ws.store.read() as connection:
        rows = connection.execute(select(ENTRY).where(ENTRY.c.sheet_no == sheet_no))
        return {row.place: (row.value, row.how) for row in rows}


def agrees(made: Simulated, found: dict[str, tuple[str, str]]) -> None:
    """Nothing is stored that is not true; what is not stored is not certain."""
    for place, (value, how) in found.items():
        assert how == "tick"
        if place in made.ticks:
            assert made.ticks[place] in {value, value or THROUGH}, place
        else:
            assert (value, place in made.written) == ("", False), place


def without_code(picture: np.ndarray, way: str = "white") -> np.ndarray:
    """The picture with its QR gone."""
    spoiled = picture.copy()
    high, wide = spoiled.shape
    spoiled[int(high * 0.02) : int(high * 0.14), int(wide * 0.86) : int(wide * 0.945)] = 255 if way == "white" else 128
    return spoiled


def test_a_scan_is_taken_once(station: Workspace, sheets: list[Blank], tmp_path: Path) -> None:
    made = [simulated(sheet, number, PLAIN) for number, sheet in enumerate(sheets)]
    back = np.full((1650, 2330), 250, dtype=np.uint8)
    path = as_pdf([*(one.picture for one in made), back], tmp_path / "扫描.pdf")

    taken = scans.take(station, [path], Progress())

    assert (taken.pages, taken.read, taken.unread, taken.duplicates, taken.blank, taken.known) == (len(made) + 1, len(made), 0, 0, 1, 0)
    assert sorted(taken.sheet_nos) == sorted(one.payload.sheet_no for one in made)
    assert taken.changed == Changed.RETURNS | Changed.HISTORY
    for one in made:
        agrees(one, stored(station, one.payload.sheet_no))
    views = scan_queue.pages(station, PageState.READ)
    assert [view.page for view in views] == sorted((view.page for view in views), reverse=True)
    assert {view.sheet_no for view in views} == {one.payload.sheet_no for one in made}
    assert all(view.package_no and view.form_title and not view.hint for view in views)

    before = entries(station)[0].id
    again = scans.take(station, [path], Progress())
    assert (again.pages, again.known, again.changed) == (0, len(made) + 1, Changed.NOTHING)
    assert entries(station)[0].id == before

    other = tmp_path / "又扫.png"
    Image.fromarray(simulated(sheets[0], 99, PLAIN).picture).save(other)
    second = scans.take(station, [other], Progress())
    assert (second.pages, second.duplicates, second.sheet_nos) == (1, 1, ())
    agrees(made[0], stored(station, made[0].payload.sheet_no))


def test_undo_takes_a_scan_back_with_its_ticks(station: Workspace, sheets: list[Blank], tmp_path: Path) -> None:
    made = simulated(box_sheet(sheets), 3, PLAIN)
    path = as_pdf([made.picture], tmp_path / "扫描.pdf")
    scans.take(station, [path], Progress())
    kept = stored(station, made.payload.sheet_no)
    step = entries(station)[0]
    assert kept
    assert step.label == "扫描件 扫描.pdf：识读 1 页"

    undo(station, step.id)
    assert not stored(station, made.payload.sheet_no)
    assert not scan_queue.pages(station)

    redo(station)
    assert stored(station, made.payload.sheet_no) == kept
    assert scan_queue.picture(station, scan_queue.pages(station)[0].id).startswith(b"\x89PNG")


def test_pages_that_cannot_be_read_wait_with_a_next_step(station: Workspace, sheets: list[Blank], tmp_path: Path) -> None:
    made = simulated(box_sheet(sheets), 4, PLAIN)
    other = simulated(replace(sheets[0]), 5, PLAIN)
    renew(station, [other.payload.sheet_no], "破损")
    noise = np.random.default_rng(1).integers(0, 255, (900, 1200)).astype(np.uint8)
    pile = [without_code(made.picture), other.picture, noise]

    taken = scans.take(station, [as_pdf(pile, tmp_path / "扫描.pdf")], Progress())

    assert (taken.pages, taken.unread, taken.read) == (3, 3, 0)
    views = {view.page: view for view in scan_queue.pages(station, PageState.UNREAD)}
    assert [views[page].code for page in (1, 2, 3)] == ["scan.damaged_code", "scan.replaced", "scan.no_code"]
    assert all(view.why and view.hint for view in views.values())
    assert made.payload.sheet_no in views[1].why  # its bars were read
    assert find(station, other.payload.sheet_no).replaced_by in views[2].why


def test_a_sheet_of_another_station_is_not_taken_for_ours(
    near_station: Workspace, near_sheets: list[Blank], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = as_pdf([simulated(box_sheet(near_sheets), 6, PLAIN).picture], tmp_path / "扫描.pdf")
    monkeypatch.setattr("lvdesk.fieldwork.scans.station_code", lambda _: "ANDERSWO")
    scans.take(near_station, [path], Progress())
    (view,) = scan_queue.pages(near_station)
    assert (view.state, view.code) == (PageState.UNREAD, "scan.foreign")


def test_a_person_names_a_page(station: Workspace, sheets: list[Blank], tmp_path: Path) -> None:
    sheet = box_sheet(sheets)
    made = simulated(sheet, 7, PLAIN)
    path = tmp_path / "页.png"
    Image.fromarray(np.rot90(without_code(made.picture), 2)).save(path)
    (page,) = scans.take(station, [path], Progress()).page_ids

    for wrong, code in (("CL000000-01-001", "scan.sheet"), ("", "scan.sheet")):
        with pytest.raises(RefusedError) as refused:
            scan_queue.name_page(station, page, wrong, Progress())
        assert refused.value.code == code

    assert scan_queue.name_page(station, page, sheet.payload.sheet_no.lower(), Progress()) & Changed.RETURNS
    agrees(made, stored(station, sheet.payload.sheet_no))
    assert any(value == "1" for value, _ in stored(station, sheet.payload.sheet_no).values())
    (view,) = scan_queue.pages(station)
    assert (view.state, view.sheet_no) == (PageState.READ, sheet.payload.sheet_no)
    with pytest.raises(RefusedError) as refused:
        scan_queue.name_page(station, page, sheet.payload.sheet_no, Progress())
    assert refused.value.code == "scan.state"

    undo(station, entries(station)[0].id)
    assert scan_queue.pages(station)[0].state is PageState.UNREAD
    assert not stored(station, sheet.payload.sheet_no)


def test_a_page_without_corners_cannot_be_named(near_station: Workspace, near_sheets: list[Blank], tmp_path: Path) -> None:
    path = tmp_path / "页.png"
    Image.fromarray(np.full((900, 1300), 200, dtype=np.uint8)[:, :]).save(path)
    picture = simulated(box_sheet(near_sheets), 8, PLAIN).picture[300:1200, 200:1500]
    Image.fromarray(picture).save(path)
    (page,) = scans.take(near_station, [path], Progress()).page_ids
    with pytest.raises(RefusedError) as refused:
        scan_queue.name_page(near_station, page, box_sheet(near_sheets).payload.sheet_no, Progress())
    assert refused.value.code == "scan.corners"
    assert refused.value.hint


def test_a_page_is_put_aside(station: Workspace, sheets: list[Blank], tmp_path: Path) -> None:
    made = simulated(box_sheet(sheets), 9, PLAIN)
    (page,) = scans.take(station, [as_pdf([made.picture], tmp_path / "扫描.pdf")], Progress()).page_ids
    with pytest.raises(RefusedError):
        scan_queue.drop_page(station, page, " ")
    scan_queue.drop_page(station, page, "别的表")
    assert not stored(station, made.payload.sheet_no)
    assert [view.why for view in scan_queue.pages(station, PageState.DROPPED)] == ["别的表"]
    undo(station, entries(station)[0].id)
    assert stored(station, made.payload.sheet_no)
    assert scan_queue.pages(station)[0].state is PageState.READ


def test_what_is_not_certain_waits_and_is_decided(station: Workspace, sheets: list[Blank], tmp_path: Path) -> None:
    made = simulated(box_sheet(sheets), 10, PLAIN)
    (page,) = scans.take(station, [as_pdf([made.picture], tmp_path / "扫描.pdf")], Progress()).page_ids
    sheet_no = made.payload.sheet_no
    waiting = {group.key: group for group in scan_queue.groups(station) if group.waiting}
    crops = {crop.place: crop for key in waiting for crop in scan_queue.crops(station, key)}

    assert set(made.written) <= set(crops)
    assert len(crops) == sum(group.waiting for group in waiting.values()) == scan_queue.pages(station)[0].doubts
    assert all(crop.value is None and crop.title and crop.about for crop in crops.values())
    written = next(crop for crop in crops.values() if crop.kind == "comb")
    shown = Image.open(io.BytesIO(scan_queue.crop(station, page, written.place)))
    assert shown.width > shown.height
    assert np.asarray(shown).min() < 110
    assert len(scan_queue.crops(station, next(iter(waiting)), waiting_only=False)) >= len(scan_queue.crops(station, next(iter(waiting))))

    assert scan_queue.decide(station, [(page, written.place, "123456")]) & Changed.RETURNS
    assert stored(station, sheet_no)[written.place] == ("123456", "person")
    assert scan_queue.pages(station)[0].doubts == len(crops) - 1
    assert scan_queue.decide(station, [(page, written.place, "123456")]) is Changed.NOTHING
    ticked = next(place for place, value in made.ticks.items() if value == "1" and place in stored(station, sheet_no))
    scan_queue.decide(station, [(page, ticked, "")])
    assert stored(station, sheet_no)[ticked] == ("", "person")
    undo(station, entries(station)[0].id)
    assert stored(station, sheet_no)[ticked] == ("1", "tick")
    with pytest.raises(RefusedError):
        scan_queue.decide(station, [(page, ticked, "是")])
    with pytest.raises(KnownError):
        scan_queue.decide(station, [(page, "nowhere", "1")])


def test_what_was_keyed_is_not_overwritten(near_station: Workspace, near_sheets: list[Blank], tmp_path: Path) -> None:
    made = simulated(box_sheet(near_sheets), 11, PLAIN)
    ticked = next(place for place, value in made.ticks.items() if value == "1")
    with near_station.store.write("录入") as write:
        names = ("sheet_no", "place", "value", "how", "at")
        write.insert(ENTRY, names, [(made.payload.sheet_no, ticked, "", "keyed", "2026-11-23")], 1)
    scans.take(near_station, [as_pdf([made.picture], tmp_path / "扫描.pdf")], Progress())
    assert stored(near_station, made.payload.sheet_no)[ticked] == ("", "keyed")


@pytest.mark.parametrize(
    "name, data, code",
    [
        ("a.heic", b"\0\0\0\x18ftypheic" + bytes(40), "scan.heic"),
        ("a.jpg", b"not a picture", "scan.format"),
        ("a.pdf", b"%PDF-1.4 broken", "scan.unreadable"),
        ("a.png", b"\x89PNG\r\n\x1a\n" + bytes(20), "scan.format"),
    ],
)
def test_files_that_are_no_scans_are_refused_alone(near_station: Workspace, tmp_path: Path, name: str, data: bytes, code: str) -> None:
    (tmp_path / name).write_bytes(data)
    taken = scans.take(near_station, [tmp_path / name], Progress())
    (refused,) = taken.refused
    assert (refused.name, refused.code, taken.pages) == (name, code, 0)
    assert refused.why
    assert refused.hint


def test_a_sheet_is_told_from_a_photo(near_station: Workspace, near_sheets: list[Blank], tmp_path: Path) -> None:
    sheet, photo, spoiled = tmp_path / "表.jpg", tmp_path / "照片.jpg", tmp_path / "无码.jpg"
    picture = simulated(box_sheet(near_sheets), 12, Way("phone", 170, -91, slant=0.1, shadow=0.3, blur=0.7)).picture
    Image.fromarray(picture).save(sheet)
    Image.fromarray(without_code(simulated(box_sheet(near_sheets), 13, PLAIN).picture)).save(spoiled)
    rng = Random(2)
    scene = np.full((1500, 2000), 150, dtype=np.uint8)
    for _ in range(60):
        x, y, size = rng.randrange(1900), rng.randrange(1400), rng.randrange(20, 300)
        scene[y : y + size, x : x + size * rng.randint(1, 3)] = rng.randrange(30, 220)
    Image.fromarray(scene).save(photo)
    assert [scans.is_sheet(near_station, path) for path in (sheet, spoiled, photo, tmp_path / "没有.jpg")] == [True, True, False, False]
