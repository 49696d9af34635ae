"""Network changes: begun by confirmed items or a person, carried by packages, closed when identifiers and relations agree."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from lvdesk import history
from lvdesk.exchange.answers import take_answers
from lvdesk.exchange.changes.cases import cancel, carry, cases, close, open_case
from lvdesk.exchange.changes.model import CaseState, CaseView, Opening
from lvdesk.exchange.changes.refreshing import refresh
from lvdesk.kit.errors import KnownError, RefusedError
from lvdesk.kit.progress import Progress
from lvdesk.network.editing import Edit, edit
from lvdesk.network.records import show
from lvdesk.tabular.writing import write_sheets
from lvdesk.workspace import Workspace
from tests.helpers.exporting import confirmed, export
from tests.helpers.reviewing import CLERK
from tests.helpers.visiting import NORTH, customer, laid

pytestmark = pytest.mark.usefixtures("near_reader", "form")


def later(ws: Workspace, moment: str) -> None:
    ws.clock = lambda: datetime.fromisoformat(f"{moment}+08:00")


def by_kind(ws: Workspace, *, everything: bool = False) -> dict[str, CaseView]:
    return {view.kind: view for view in cases(ws, everything=everything)}


def feedback(ws: Workspace, folder: Path, area: str, *numbers: int) -> None:
    rows = [(customer(number), "10kV银岗线", area) for number in numbers]
    path = folder / f"回写{len(rows)}{area}.xlsx"
    write_sheets(path, [("表", ["户号", "馈线", "台区编号"], rows)], text_columns=["户号", "馈线", "台区编号"])
    take_answers(ws, [path], Progress())


def identified(ws: Workspace, number: int) -> None:
    found = show(ws, "customer", customer(number)).id
    edit(ws, "customer", [Edit(found, "marketing_id", f"80000{number}"), Edit(found, "gis_id", f"4077{number}")])


@pytest.fixture
def station(ws: Workspace) -> Workspace:
    laid(ws)
    later(ws, "2026-11-23T09:00:00")
    return ws


def test_a_confirmed_change_begins_a_case_once(ws: Workspace, tmp_path: Path) -> None:
    confirmed(ws, tmp_path)
    done = refresh(ws, Progress())
    found = by_kind(ws)
    assert len(done.opened) == len(found)
    assert (found["customer_cancelled"].key, found["customer_cancelled"].side_title) == (customer(3), "现场")
    assert found["meter_replaced"].state_title == "待传递"
    assert found["customer_cancelled"].evidence[0].startswith("采录复核第")
    assert refresh(ws, Progress()).opened == ()


def test_a_package_carries_it_to_those_who_must_know(ws: Workspace, tmp_path: Path, form: Callable[..., None]) -> None:
    confirmed(ws, tmp_path)
    refresh(ws, Progress())
    later(ws, "2026-11-24T09:00:00")
    number = export(ws, tmp_path / "out").number
    done = refresh(ws, Progress())
    told = by_kind(ws)["meter_replaced"]  # the marketing system alone must know
    assert told.case_no in done.carried
    assert (told.state, told.number) == (CaseState.CARRIED, number)
    assert by_kind(ws)["customer_cancelled"].state is CaseState.OPEN  # the GIS was not told yet


def test_it_ends_when_both_have_identified_it_and_the_gis_agrees(station: Workspace, tmp_path: Path) -> None:
    number = open_case(station, Opening("customer_moved", customer(1), "marketing", {"name": "张三"}, "用户申请迁移"))
    assert by_kind(station)["customer_moved"].next_step == "内勤：导出给营销系统、电网 GIS"
    carry(station, [number], "电话告知")
    identified(station, 1)
    feedback(station, tmp_path, "4231757322", 1)  # the GIS feeds him from another area
    assert refresh(station, Progress()).closed == ()
    feedback(station, tmp_path, NORTH, 1)
    assert refresh(station, Progress()).closed == (number,)
    ended = by_kind(station, everything=True)["customer_moved"]
    assert (ended.state_title, cases(station)) == ("已办结", [])
    history.undo(station)
    assert by_kind(station)["customer_moved"].state is CaseState.CARRIED


def test_a_cancelled_customer_is_done_when_the_gis_no_longer_names_him(station: Workspace, tmp_path: Path) -> None:
    number = open_case(station, Opening("customer_cancelled", customer(2), "marketing"))
    carry(station, [number], "DC261123-01")
    assert refresh(station, Progress()).closed == ()
    later(station, "2026-11-25T09:00:00")
    feedback(station, tmp_path, NORTH, 1)
    assert refresh(station, Progress()).closed == (number,)


def test_what_is_past_its_day_is_overdue(station: Workspace) -> None:
    number = open_case(station, Opening("meter_replaced", next(iter(_meters(station)))))
    assert (by_kind(station)["meter_replaced"].due_on, cases(station, overdue=True)) == ("2026-11-30", [])
    later(station, "2026-12-01T09:00:00")
    assert [view.case_no for view in cases(station, overdue=True)] == [number]
    close(station, [number], "新表已上线")
    assert cases(station, overdue=True) == []


def _meters(ws: Workspace) -> list[str]:
    from lvdesk.checks.station import Station

    with ws.store.read() as connection:
        return Station(ws, connection).meters["asset_no"].to_list()


@pytest.mark.parametrize(
    "opening, code",
    [
        (Opening("moved_away", customer(1)), "changes.kind"),
        (Opening("customer_moved", customer(1), "someone"), "changes.side"),
        (Opening("customer_moved", "404"), "show.missing"),
    ],
)
def test_what_cannot_be_begun_is_refused(station: Workspace, opening: Opening, code: str) -> None:
    with pytest.raises((RefusedError, KnownError)) as caught:
        open_case(station, opening)
    assert (caught.value.code, bool(caught.value.hint)) == (code, True)


def test_the_same_is_not_begun_twice_and_nothing_ends_without_a_reason(station: Workspace) -> None:
    station.store.person = CLERK
    number = open_case(station, Opening("customer_moved", customer(1)))
    with pytest.raises(RefusedError) as caught:
        open_case(station, Opening("customer_moved", customer(1)))
    assert number in caught.value.message
    with pytest.raises(RefusedError) as caught:
        cancel(station, [number], " ")
    assert caught.value.code == "changes.reason"
    cancel(station, [number], "登记有误")
    with pytest.raises(RefusedError) as caught:
        close(station, [number], "完成")
    assert caught.value.code == "changes.state"
    assert open_case(station, Opening("customer_moved", customer(1))) == "YD261123-002"
