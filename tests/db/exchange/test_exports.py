"""Packages: whole or not at all, with manifest, delta and undo; recorded, archived, never again under the same number."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from lvdesk import history
from lvdesk.exchange import archive, packages, snapshot
from lvdesk.exchange.model import Options
from lvdesk.exchange.picture import Picture
from lvdesk.kit.errors import Cancelled, ConflictError, KnownError, RefusedError
from lvdesk.kit.files import sha256
from lvdesk.kit.progress import Progress
from lvdesk.network.counting import loop
from lvdesk.network.editing import Edit, edit
from lvdesk.network.exports import ExportSnapshot
from lvdesk.network.records import show
from lvdesk.review.model import Action, Kind, State
from lvdesk.workspace import Workspace
from tests.helpers.exporting import FILE, confirmed, export, exported, keys, write_keys
from tests.helpers.reviewing import CLERK, OPERATIONS, decide, item
from tests.helpers.visiting import box, customer

pytestmark = pytest.mark.usefixtures("near_reader", "form")


@pytest.fixture
def ready(ws: Workspace, tmp_path: Path) -> Workspace:
    return confirmed(ws, tmp_path)


def test_a_package_lies_whole_where_it_was_asked_for_and_in_the_archive(ready: Workspace, tmp_path: Path) -> None:
    manifest = export(ready, tmp_path / "out", options=Options(purpose="营配贯通"))
    assert manifest.number == "DC261123-01"
    assert manifest.folder == tmp_path / "out" / "DC261123-01 营销系统"
    names = {FILE, archive.MANIFEST, archive.DELTA, archive.UNDO}
    assert {path.name for path in manifest.folder.iterdir()} == names
    assert {path.name for path in (ready.folder / "exports" / manifest.folder.name).iterdir()} == names
    assert manifest.files[0].sha256 == sha256(manifest.files[0].path)
    said = json.loads((manifest.folder / archive.MANIFEST).read_text())
    assert (said["number"], said["person"], said["purpose"], said["records"]) == ("DC261123-01", CLERK, "营配贯通", manifest.records)
    assert said["files"] == [{"path": FILE, "sha256": manifest.files[0].sha256, "rows": manifest.records}]
    assert {"entity": "meter_box", "key": box(2), "why": "现场没有采录挂接点", "step": "fieldwork"} in said["held_back"]
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["DC261123-01 营销系统"]


def waiting(ws: Workspace) -> int:
    """What the workbench says may leave."""
    return next(step for step in loop(ws) if step.key == "export").waiting


def test_what_left_can_no_longer_be_revoked_until_the_package_is_undone(ready: Workspace, tmp_path: Path) -> None:
    before = exported(ready)
    ahead = waiting(ready)
    export(ready, tmp_path / "out")
    assert (before, exported(ready)) == (0, ahead - waiting(ready))
    assert exported(ready) > 0
    linked = item(ready, Kind.CONNECTION, box(1))
    assert linked.state is State.EXPORTED
    assert [each.code for each in decide(ready, OPERATIONS, Action.REVOKE, linked).refused] == ["review.transition"]
    history.undo(ready)
    assert item(ready, Kind.CONNECTION, box(1)).state is State.CONFIRMED
    assert packages.packages(ready) == []
    assert export(ready, tmp_path / "out").number == "DC261123-02"


def test_the_next_package_says_what_changed_and_how_to_go_back(ready: Workspace, tmp_path: Path) -> None:
    first = export(ready, tmp_path / "out")
    assert (first.added, first.changed, first.removed) == (first.records, 0, 0)
    edit(ready, "customer", [Edit(show(ready, "customer", customer(2)).id, "address", "北村22号")])
    second = export(ready, tmp_path / "out")
    assert (second.added, second.changed, second.removed) == (0, 1, 0)
    assert second.folder is not None
    (line,) = [json.loads(line) for line in (second.folder / archive.DELTA).read_text().splitlines()]
    assert (line["op"], line["entity"], line["key"]) == ("change", "customer", customer(2))
    assert json.loads(line["after"])["address"] == "北村22号"
    (back,) = [json.loads(line) for line in (second.folder / archive.UNDO).read_text().splitlines()]
    assert (back["before"], back["after"]) == (line["after"], line["before"])
    view = packages.package(ready, second.number)
    assert (view.previous, view.changed, view.scope_title) == (first.number, 1, "全所")


def test_a_test_export_takes_everything_and_counts_for_nothing(ready: Workspace, tmp_path: Path) -> None:
    manifest = export(ready, tmp_path / "out", test=True)
    assert (manifest.number, manifest.test, manifest.held_back) == ("", True, ())
    assert box(2) in keys(manifest)["meter_box"]
    assert manifest.folder is not None
    assert manifest.folder.name.startswith("测试 营销系统")
    assert (packages.packages(ready), exported(ready)) == ([], 0)
    assert not (ready.folder / "exports").exists()


def failing(leaving: Picture, folder: Path, options: Options, progress: Progress) -> Any:
    write_keys(leaving, folder, options, progress)
    raise OSError(28, os.strerror(28))


def cancelled(leaving: Picture, folder: Path, options: Options, progress: Progress) -> Any:
    write_keys(leaving, folder, options, progress)
    progress.cancel()
    progress.check()


@pytest.mark.parametrize("write, raised", [(failing, KnownError), (cancelled, Cancelled)], ids=["disk full", "cancelled"])
def test_what_does_not_come_to_its_end_leaves_nothing(
    ready: Workspace, tmp_path: Path, form: Callable[..., None], write: Callable[..., Any], raised: type[Exception]
) -> None:
    form(write)
    with pytest.raises(raised):
        export(ready, tmp_path / "out")
    assert not (tmp_path / "out").exists()
    assert list((ready.folder / "exports").iterdir()) == []
    assert (packages.packages(ready), exported(ready)) == ([], 0)


def test_data_that_changes_meanwhile_is_not_handed_out(ready: Workspace, tmp_path: Path, form: Callable[..., None]) -> None:
    def disturbed(leaving: Picture, folder: Path, options: Options, progress: Progress) -> Any:
        edit(ready, "customer", [Edit(show(ready, "customer", customer(2)).id, "address", "北村22号")])
        return write_keys(leaving, folder, options, progress)

    form(disturbed)
    with pytest.raises(ConflictError) as caught:
        export(ready, tmp_path / "out")
    assert caught.value.code == "export.changed"
    assert not (tmp_path / "out").exists()
    assert list((ready.folder / "exports").iterdir()) == []
    assert exported(ready) == 0


def test_only_who_may_hands_out(ready: Workspace, tmp_path: Path) -> None:
    ready.store.person = OPERATIONS
    with pytest.raises(RefusedError) as caught:
        export(ready, tmp_path / "out")
    assert caught.value.code == "people.not_allowed"
    assert export(ready, tmp_path / "out", test=True).records > 0


def test_a_package_is_handed_out_once_more(ready: Workspace, tmp_path: Path) -> None:
    manifest = export(ready, tmp_path / "out")
    target = packages.hand_out(ready, manifest.number, tmp_path / "again", Progress())
    assert sha256(target / FILE) == manifest.files[0].sha256
    assert packages.hand_out(ready, manifest.number, tmp_path / "again", Progress()) == target
    assert [path.name for path in (tmp_path / "again").iterdir()] == [target.name]


def test_a_damaged_or_missing_package_is_not(ready: Workspace, tmp_path: Path) -> None:
    manifest = export(ready, tmp_path / "out")
    kept = packages.package(ready, manifest.number).folder
    assert kept is not None
    (kept / FILE).write_text("changed")
    with pytest.raises(KnownError) as caught:
        packages.hand_out(ready, manifest.number, tmp_path / "again", Progress())
    assert caught.value.code == "export.damaged"
    kept.rename(kept.with_name("elsewhere"))
    with pytest.raises(KnownError) as caught:
        packages.hand_out(ready, manifest.number, tmp_path / "again", Progress())
    assert caught.value.code == "export.missing"


def test_what_a_dead_program_left_is_tidied_away(ready: Workspace, tmp_path: Path) -> None:
    place = ready.folder / "exports"
    for name in ("DC261122-09 营销系统", ".999999999-abc.part"):
        (place / name).mkdir(parents=True)
    first = export(ready, tmp_path / "out")
    export(ready, tmp_path / "out")
    assert sorted(path.name for path in place.iterdir()) == ["DC261123-01 营销系统", "DC261123-02 营销系统"]
    assert first.number == "DC261123-01"


def test_history_tells_of_a_package(ws: Workspace, tmp_path: Path) -> None:
    export(confirmed(ws, tmp_path), tmp_path / "out")
    newest = history.entries(ws, limit=1)[0]
    assert newest.label.startswith("导出 DC261123-01 营销系统")


def test_what_was_said_is_kept_as_it_was(ready: Workspace, tmp_path: Path) -> None:
    manifest = export(ready, tmp_path / "out")
    with ready.store.read() as connection:
        payload = connection.execute(select(ExportSnapshot.payload).where(ExportSnapshot.number == manifest.number)).scalar_one()
    assert snapshot.unpacked(payload).height == manifest.records


def test_a_package_is_compared_with_the_last_of_its_own_format(ready: Workspace, tmp_path: Path, form: Callable[..., None]) -> None:
    first = export(ready, tmp_path / "out")
    form(key="fewer", entities=("meter_box",))
    other = export(ready, tmp_path / "out")
    assert (other.added, other.removed) == (other.records, 0)
    assert packages.package(ready, other.number).previous == ""
    form()
    again = export(ready, tmp_path / "out")
    assert (packages.package(ready, again.number).previous, again.added, again.changed, again.removed) == (first.number, 0, 0, 0)
