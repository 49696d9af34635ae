"""What the review returns to the field is in the next package; what came back since is not."""

from pathlib import Path

import pytest

from lvdesk.fieldwork.needs import needs
from lvdesk.kit.progress import Progress
from lvdesk.review.model import DESK, FIELD, Action, Kind
from lvdesk.workspace import Workspace
from tests.helpers.reviewing import MARKETING, OPERATIONS, decide, item, queued
from tests.helpers.visiting import FRONT, SILVER, box

pytestmark = pytest.mark.usefixtures("near_reader")


def sent_back(ws: Workspace) -> dict[str, str]:
    """Key -> the reason of the review, over both feeders."""
    found = [need for feeder in (SILVER, FRONT) for need in needs(ws, feeder, [], Progress())[0]]
    return {need.key: reason.text for need in found for reason in need.reasons if reason.code == "sent_back"}


def test_returned_items_lead_to_their_boxes(ws: Workspace, tmp_path: Path) -> None:
    queued(ws, tmp_path)
    assert sent_back(ws) == {}
    decide(ws, MARKETING, Action.RETURN, item(ws, Kind.NAME_CHANGED), reason="请核对户名", addressee=FIELD)
    decide(ws, OPERATIONS, Action.RETURN, item(ws, Kind.CONNECTION, box(4)), reason="杆号与图形不符", addressee=FIELD)
    decide(ws, MARKETING, Action.RETURN, item(ws, Kind.CANCELLED), reason="内勤先查历史", addressee=DESK)
    assert sent_back(ws) == {box(1): "复核退回：请核对户名", box(4): "复核退回：杆号与图形不符"}


def test_what_is_taken_back_needs_no_visit(ws: Workspace, tmp_path: Path) -> None:
    queued(ws, tmp_path)
    decide(ws, MARKETING, Action.RETURN, item(ws, Kind.NAME_CHANGED), reason="请核对户名", addressee=FIELD)
    decide(ws, MARKETING, Action.REVOKE, item(ws, Kind.NAME_CHANGED))
    assert sent_back(ws) == {}
