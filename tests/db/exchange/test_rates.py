"""贯通率: who counts, what keeps a customer from agreeing, one value a day."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from lvdesk.exchange.reconcile.rates import RateBook, rates
from lvdesk.exchange.reconcile.running import run
from lvdesk.kit.progress import Progress
from lvdesk.network.changed import Changed
from lvdesk.workspace import Workspace
from tests.helpers.reconciling import everyone, fed
from tests.helpers.visiting import EAST, NORTH, SOUTH, customer, laid

pytestmark = pytest.mark.usefixtures("near_reader")


def ran(ws: Workspace) -> RateBook:
    run(ws, Progress())
    return rates(ws)


def test_before_any_feedback_nothing_is_compared(ws: Workspace) -> None:
    laid(ws)
    book = ran(ws)
    assert (book.station.compared, book.areas, book.feeders) == (0, (), ())


def test_the_cancelled_are_left_out_and_the_wrong_ones_named_by_area(ws: Workspace, tmp_path: Path) -> None:
    laid(ws)
    fed(ws, tmp_path, everyone({5: NORTH}), name="回写.xlsx")
    book = ran(ws)
    assert book.station.compared == 6
    assert {rate.key for rate in book.areas if rate.agreed < rate.compared} == {SOUTH, EAST}  # the GIS hangs the east on another feeder
    assert next(rate.name for rate in book.areas if rate.key == EAST) == "东村1#公变"
    assert book.areas[0].share <= book.areas[-1].share


def test_all_agree_when_the_gis_says_what_the_ledger_says(ws: Workspace, tmp_path: Path) -> None:
    laid(ws)
    truth = [(customer(number), area) for number, area in ((1, NORTH), (2, NORTH), (3, NORTH), (5, SOUTH), (6, SOUTH))]
    fed(ws, tmp_path, truth)
    book = ran(ws)
    assert (book.station.agreed, book.station.compared) == (5, 5)
    assert {rate.key: rate.share for rate in book.fields}["customer.area_no"] == 1.0


def test_a_day_keeps_its_last_run_and_the_days_stand_side_by_side(ws: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    laid(ws)
    fed(ws, tmp_path, everyone({5: NORTH}))
    first = ran(ws)
    assert run(ws, Progress()).changed is Changed.NOTHING
    later = ws.clock() + timedelta(days=1)
    monkeypatch.setattr(ws, "clock", lambda: datetime.fromisoformat(later.isoformat()))
    fed(ws, tmp_path, everyone({}), name="第二天.xlsx")
    second = ran(ws)
    assert [day for day, _rate in second.days] == [first.day, second.day]
    assert second.days[0][1].agreed == first.station.agreed < second.station.agreed
