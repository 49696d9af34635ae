"""The hard gate: only what the field saw and both stages confirmed leaves; everything else stays with its reason."""

from pathlib import Path

import pytest

from lvdesk.exchange.model import Scope
from lvdesk.kit.errors import RefusedError
from lvdesk.review.model import Action, Kind
from lvdesk.workspace import Workspace
from tests.helpers.exporting import confirmed, export, keys, why
from tests.helpers.reviewing import MARKETING, OPERATIONS, decide, item, queued, staffed
from tests.helpers.visiting import EAST, NORTH, box, customer, meter, point

pytestmark = pytest.mark.usefixtures("near_reader", "form")


def test_without_the_field_nothing_leaves(ws: Workspace, tmp_path: Path) -> None:
    manifest = export(staffed(ws), tmp_path / "out")
    assert (manifest.records, manifest.files, manifest.folder) == (0, (), None)
    assert not (tmp_path / "out").exists()
    reasons = why(manifest)
    assert reasons["meter_box", box(1)] == "现场尚未采录"
    assert reasons["customer", customer(7)] == "现场尚未采录"
    assert ("customer", customer(4)) not in reasons  # cancelled: neither leaves nor stays


def test_what_waits_for_a_stage_stays_and_says_for_which(ws: Workspace, tmp_path: Path) -> None:
    manifest = export(queued(ws, tmp_path), tmp_path / "out")
    assert manifest.records == 0
    reasons = why(manifest)
    assert reasons["meter_box", box(1)] == "采录复核待运检确认"
    assert reasons["customer", customer(2)] == "采录复核待营销确认"
    assert reasons["meter", meter(2)] == f"所在计量箱 {box(1)}：采录复核待运检确认"
    assert reasons["customer", customer(8)] == "采录复核待营销确认"  # the newcomer that the ledger does not have yet


def test_one_stage_alone_is_not_enough(ws: Workspace, tmp_path: Path) -> None:
    queued(ws, tmp_path)
    decide(ws, OPERATIONS, Action.CONFIRM, item(ws, Kind.CONNECTION, box(1)))
    manifest = export(ws, tmp_path / "out")
    assert keys(manifest).get("meter_box") == {box(1)}
    assert "customer" not in keys(manifest)
    assert why(manifest)["meter", meter(2)] == f"用户 {customer(2)}：采录复核待营销确认"


def test_doubly_confirmed_records_leave_with_what_stands_above_them(ws: Workspace, tmp_path: Path) -> None:
    manifest = export(confirmed(ws, tmp_path), tmp_path / "out")
    left = keys(manifest)
    assert left["meter_box"] == {box(1), box(5)}
    assert left["customer"] == {customer(1), customer(2), customer(8)}
    assert left["transformer_area"] >= {NORTH, EAST}
    reasons = why(manifest)
    assert reasons["meter_box", box(2)] == "现场没有采录挂接点"
    assert reasons["customer", customer(7)] == "现场尚未采录"
    assert ("customer", customer(3)) not in reasons  # confirmed as cancelled


def test_every_record_leaves_or_stays_once(ws: Workspace, tmp_path: Path) -> None:
    manifest = export(confirmed(ws, tmp_path), tmp_path / "out")
    stays = [(each.entity, each.key) for each in manifest.held_back]
    assert len(stays) == len(set(stays))
    left = {(entity, key) for entity, found in keys(manifest).items() for key in found}
    assert left.isdisjoint(stays)
    ended = {3, 4}  # points of cancelled customers neither leave nor stay
    points = {number: ("metering_point", point(number)) for number in range(1, 8)}
    assert {number for number, each in points.items() if each in left | set(stays)} == set(points) - ended


def test_what_is_taken_back_stays_again(ws: Workspace, tmp_path: Path) -> None:
    confirmed(ws, tmp_path)
    decide(ws, OPERATIONS, Action.REVOKE, item(ws, Kind.CONNECTION, box(1)))
    manifest = export(ws, tmp_path / "out")
    assert box(1) not in keys(manifest)["meter_box"]
    assert why(manifest)["meter", meter(2)] == f"所在计量箱 {box(1)}：采录复核待运检确认"


def test_what_is_returned_stays_with_the_reason(ws: Workspace, tmp_path: Path) -> None:
    queued(ws, tmp_path)
    decide(ws, MARKETING, Action.RETURN, item(ws, Kind.NAME_CHANGED), reason="户名看不清")
    assert why(export(ws, tmp_path / "out"))["customer", customer(2)] == "采录复核退回：户名看不清"


def test_only_the_scope_leaves(ws: Workspace, tmp_path: Path) -> None:
    confirmed(ws, tmp_path)
    manifest = export(ws, tmp_path / "out", scope=Scope(areas=(EAST,)))
    assert keys(manifest)["meter_box"] <= {box(5), box(4)}
    assert box(1) not in keys(manifest)["meter_box"]
    assert ("meter_box", box(2)) not in why(manifest)


def test_a_scope_that_is_not_there_is_refused(ws: Workspace, tmp_path: Path) -> None:
    with pytest.raises(RefusedError) as caught:
        export(staffed(ws), tmp_path / "out", scope=Scope(areas=("0000000000",)))
    assert caught.value.code == "export.scope"
