"""Photos from site: each once, filed by its codes or its neighbours, else waiting with candidates; nothing lost on the way."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import func, select

from lvdesk.fieldwork import photo_queue, photos
from lvdesk.fieldwork.photo_model import PhotosTaken, PhotoView
from lvdesk.fieldwork.photo_store import PHOTO
from lvdesk.history import redo, undo, undo_label
from lvdesk.kit.errors import Cancelled, KnownError, RefusedError
from lvdesk.kit.progress import Progress
from lvdesk.network.changed import Changed
from lvdesk.workspace import Workspace
from tests.helpers import visiting
from tests.helpers.photo_truth_picture import Look, Said, jpeg, picture
from tests.helpers.scan_truth_reader import NearScans
from tests.helpers.sheetwork import amend
from tests.helpers.stations import barcode
from tests.helpers.visiting import box, meter

LOOK = Look((900, 700), noise=2)
START = datetime(2026, 11, 20, 9, 0, 0)  # noqa: DTZ001 - as cameras write it
PHONE = "Xiaomi Redmi 12"


@pytest.fixture(autouse=True)
def near(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are read in this process."""
    monkeypatch.setattr("lvdesk.fieldwork.photos.Reader", NearScans)


@pytest.fixture
def station(ws: Workspace) -> Workspace:
    return visiting.laid(ws)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "照片"
    made.mkdir()
    return made


def box_code(number: int) -> str:
    return barcode("05", 500 + number)


def meter_code(number: int) -> str:
    return barcode("01", number)


def place(number: int, metres: float = 0.0) -> tuple[float, float]:
    """So many metres east of a box."""
    return round(115.68 + number / 2000 + metres / 92_000, 7), 34.441


def shoot(path: Path, codes: Sequence[str] = (), seconds: int | None = None, at: tuple[float, float] | None = None) -> Path:
    """A photo; without ``seconds`` and ``at`` as a messenger leaves it."""
    said = None if seconds is None and at is None else Said(START + timedelta(seconds=seconds) if seconds is not None else None, at, PHONE)
    path.write_bytes(jpeg(picture(codes, LOOK, Random(path.name)), said))
    return path


def take(ws: Workspace, *paths: Path) -> PhotosTaken:
    taken = photos.take(ws, paths, Progress())
    assert taken.photos == taken.filed + taken.queued + taken.known + len(taken.unreadable)
    return taken


def by_name(ws: Workspace) -> dict[str, PhotoView]:
    return {view.name: view for view in photo_queue.photos(ws)}


def test_codes_file_a_photo_to_its_box(station: Workspace, folder: Path) -> None:
    shoot(folder / "IMG_20261120_090000.jpg", [box_code(1)])
    shoot(folder / "IMG_20261120_090100.jpg", [meter_code(1), meter_code(2)])
    shoot(folder / "mmexport1763600000000.jpg", [meter_code(3)])
    taken = take(station, folder)
    assert (taken.filed, taken.queued, len(taken.photo_ids)) == (3, 0, 3)
    assert taken.changed == Changed.RETURNS | Changed.HISTORY
    found = by_name(station)
    assert {name: (view.box_no, view.bound_by) for name, view in found.items()} == {
        "IMG_20261120_090000.jpg": (box(1), "code"),
        "IMG_20261120_090100.jpg": (box(1), "code"),
        "mmexport1763600000000.jpg": (box(2), "code"),
    }
    first = found["IMG_20261120_090000.jpg"]
    assert (first.taken_at, first.taken_from, first.box_address) == ("2026-11-20T09:00:00", "name", "某村1号")
    assert found["IMG_20261120_090100.jpg"].meters == (meter(1), meter(2))


def test_the_original_lies_untouched_under_its_digest(station: Workspace, folder: Path) -> None:
    path = shoot(folder / "IMG_1.JPG", [box_code(1)], 0)
    before, changed = path.read_bytes(), path.stat().st_mtime_ns
    (photo,) = take(station, path).photo_ids
    (view,) = photo_queue.photos(station)
    kept = photo_queue.original(station, photo)
    assert kept == station.folder / "photos" / view.sha256[:2] / f"{view.sha256}.jpg"
    assert kept.read_bytes() == before == path.read_bytes()
    assert path.stat().st_mtime_ns == changed
    assert photo_queue.picture(station, photo, 200).startswith(b"\xff\xd8")


def test_the_same_photo_again_is_known_whatever_its_name(station: Workspace, folder: Path) -> None:
    path = shoot(folder / "a.jpg", [box_code(1)], 0)
    (folder / "a(1).jpg").write_bytes(path.read_bytes())
    taken = take(station, folder)
    assert (taken.photos, taken.filed, taken.known) == (2, 1, 1)
    label = undo_label(station)
    again = take(station, folder)
    assert (again.photos, again.known, again.changed) == (2, 2, Changed.NOTHING)
    assert undo_label(station) == label


def test_a_lost_original_comes_back_with_the_photo(station: Workspace, folder: Path) -> None:
    path = shoot(folder / "a.jpg", [box_code(1)], 0)
    (photo,) = take(station, path).photo_ids
    photo_queue.original(station, photo).unlink()
    with pytest.raises(KnownError, match="不在本机"):
        photo_queue.picture(station, photo)
    assert take(station, path).known == 1
    assert photo_queue.original(station, photo).read_bytes() == path.read_bytes()


@pytest.mark.parametrize(
    "codes, candidates, said",
    [
        ([box_code(1), box_code(2)], [box(1), box(2)], "2 个计量箱的条码"),
        ([box_code(1), meter_code(3)], [box(1), box(2)], "却多属计量箱"),
        ([meter_code(1), meter_code(3)], [box(1), box(2)], "分在 2 个计量箱"),
        ([meter_code(6)], [], "台账未挂计量箱"),
        ([meter_code(77)], [], "不在台账中"),
        (["6901234567892123"], [], "没有读出条码"),
    ],
)
def test_codes_that_name_no_one_box_wait(
    station: Workspace, folder: Path, codes: Sequence[str], candidates: Sequence[str], said: str
) -> None:
    assert take(station, shoot(folder / "a.jpg", codes)).queued == 1
    (view,) = photo_queue.photos(station, waiting_only=True)
    assert (view.box_no, view.bound_by, sorted(view.candidates)) == ("", "", sorted(candidates))
    assert said in view.why


def test_a_photo_without_code_follows_time_and_place_together(station: Workspace, folder: Path) -> None:
    shoot(folder / "1 带码.jpg", [box_code(2)], 0, place(2, 3))
    shoot(folder / "2 同处.jpg", [], 20, place(2, 6))
    shoot(folder / "3 走远.jpg", [], 40, place(2, 35))
    shoot(folder / "4 无位置.jpg", [], 60)
    shoot(folder / "5 太晚.jpg", [], 600, place(2, 2))
    (folder / "另一处").mkdir()
    shoot(folder / "另一处" / "6 别人的.jpg", [], 20, place(2, 5))
    taken = take(station, folder)
    assert (taken.filed, taken.queued) == (2, 4)
    found = by_name(station)
    assert {name for name, view in found.items() if view.bound_by == "neighbour"} == {"2 同处.jpg"}
    assert "相隔 20 秒" in found["2 同处.jpg"].why
    assert found["4 无位置.jpg"].candidates == (box(2),)
    assert "40 秒内拍过它" in found["4 无位置.jpg"].why
    assert found["3 走远.jpg"].candidates[0] == box(2)


def test_a_photo_between_two_boxes_waits(station: Workspace, folder: Path) -> None:
    amend(station, "meter_box", box(3), longitude=place(2, 15)[0])
    shoot(folder / "1.jpg", [box_code(2)], 0, place(2))
    shoot(folder / "2.jpg", [], 10, place(2, 5))
    assert take(station, folder).filed == 1
    waiting = by_name(station)["2.jpg"]
    assert waiting.candidates[:2] == (box(2), box(3))
    assert "位置分不清" in waiting.why


def test_the_meters_of_the_photos_are_held_against_the_ledger(station: Workspace, folder: Path) -> None:
    for number in (3, 4, 6, 7):
        amend(station, "meter", meter(number), box_no=box(1))
    shoot(folder / "1.jpg", [box_code(1), meter_code(1), meter_code(2)])
    shoot(folder / "2.jpg", [meter_code(3), meter_code(4), meter_code(6), meter_code(2), meter_code(5)])
    assert take(station, folder).filed == 2
    for view in photo_queue.photos(station, box_no=box(1)):
        assert (view.missing, view.strange) == ((meter(7),), (meter(5),))
        assert f"未见 {meter(7)}" in view.why
        assert f"台账在计量箱 {box(4)}" in view.why


def test_few_meters_in_the_picture_say_nothing_of_the_others(station: Workspace, folder: Path) -> None:
    for number in (3, 4):
        amend(station, "meter", meter(number), box_no=box(1))
    take(station, shoot(folder / "1.jpg", [box_code(1), meter_code(1)]))
    (view,) = photo_queue.photos(station)
    assert (view.missing, view.strange) == ((), ())


def test_a_person_files_and_takes_away(station: Workspace, folder: Path) -> None:
    ids = take(station, shoot(folder / "1.jpg"), shoot(folder / "2.jpg")).photo_ids
    assert photo_queue.bind(station, ids, box_code(2)) == Changed.RETURNS | Changed.HISTORY
    assert photo_queue.bind(station, ids, box(2)) == Changed.NOTHING
    assert {view.box_no for view in photo_queue.photos(station)} == {box(2)}
    assert not photo_queue.photos(station, waiting_only=True)
    assert photo_queue.unbind(station, ids[:1], "拍的是别处")
    (waiting,) = photo_queue.photos(station, waiting_only=True)
    assert "拍的是别处" in waiting.why
    undo(station)
    undo(station)
    assert len(photo_queue.photos(station, waiting_only=True)) == 2
    with pytest.raises(RefusedError, match="台账中没有计量箱"):
        photo_queue.bind(station, ids, "没有这个箱")
    with pytest.raises(KnownError, match="没有这张照片"):
        photo_queue.unbind(station, [99])


def test_one_take_is_one_step_back(station: Workspace, folder: Path) -> None:
    for number in range(1, 4):
        shoot(folder / f"{number}.jpg", [box_code(number)])
    take(station, folder)
    assert undo_label(station) == "回收照片 3 张：归箱 3 张，待归箱 0 张"
    undo(station)
    assert not photo_queue.photos(station)
    redo(station)
    assert len(photo_queue.photos(station)) == 3
    undo(station)
    assert take(station, folder).filed == 3


def test_files_that_are_no_photos_are_told_and_the_others_taken(station: Workspace, folder: Path) -> None:
    good = shoot(folder / "a.jpg", [box_code(1)])
    (folder / "b.jpg").write_bytes(b"")
    (folder / "c.jpg").write_bytes(b"not a picture")
    (folder / "d.jpg").write_bytes(good.read_bytes()[:5000])
    (folder / "Thumbs.db").write_bytes(b"x")
    heic = b"\0\0\0\x18ftypheic" + bytes(40)
    (folder / "e.heic").write_bytes(heic)
    taken = take(station, folder)
    assert (taken.photos, taken.filed, taken.queued) == (5, 1, 1)
    assert [Path(path).name for path, _, _ in taken.unreadable] == ["b.jpg", "c.jpg", "d.jpg"]
    assert all(reason and hint for _, reason, hint in taken.unreadable)
    assert sum(path.is_file() for path in (station.folder / "photos").rglob("*")) == 2
    (waiting,) = photo_queue.photos(station, waiting_only=True)
    assert (waiting.name, waiting.taken_from) == ("e.heic", "file")
    assert "HEIC" in waiting.why
    assert photo_queue.original(station, waiting.id).read_bytes() == heic
    with pytest.raises(KnownError, match="不能显示"):
        photo_queue.picture(station, waiting.id)


def test_stopped_in_between_the_same_folder_gives_the_rest(station: Workspace, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lvdesk.fieldwork.photos._TOGETHER", 2)
    for number in range(5):
        shoot(folder / f"mmexport176360000000{number}.jpg", [box_code(1)])

    class Stopping(Progress):
        def step(self, count: int = 1) -> None:
            super().step(count)
            if self.snapshot().done == 4:
                self.cancel()

    with pytest.raises(Cancelled):
        photos.take(station, [folder], Stopping())
    with station.store.read() as connection:
        stored = connection.execute(select(func.count()).select_from(PHOTO)).scalar_one()
    assert 0 < stored < 5
    rest = take(station, folder)
    assert (rest.known, rest.filed) == (stored, 5 - stored)
    assert len(photo_queue.photos(station)) == 5
