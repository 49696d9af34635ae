"""Disagreements keep their numbers, lists and exceptions hold on both databases."""

from pathlib import Path

import pytest

from lvdesk import history
from lvdesk.exchange.reconcile.browsing import facets, table
from lvdesk.exchange.reconcile.deciding import except_, withdraw
from lvdesk.exchange.reconcile.model import Klass, State
from lvdesk.exchange.reconcile.reading import Scope, views
from lvdesk.exchange.reconcile.running import counts, run
from lvdesk.kit.progress import Progress
from lvdesk.kit.table import Condition, Filter, Query
from lvdesk.network.changed import Changed
from lvdesk.workspace import Workspace
from tests.helpers import reviewing
from tests.helpers.reconciling import everyone, fed, found
from tests.helpers.visiting import EAST, NORTH, customer

pytestmark = pytest.mark.usefixtures("near_reader")


def test_numbers_stay_and_nothing_is_written_twice(ws: Workspace, tmp_path: Path) -> None:
    reviewing.staffed(ws)
    fed(ws, tmp_path, everyone({6: NORTH}))
    key = (Klass.WRONG_UPSTREAM, customer(6), "area_no")
    first = found(ws)[key]
    assert run(ws, Progress()).changed is Changed.NOTHING
    fed(ws, tmp_path, everyone({}), "回写2.xlsx")
    assert key not in found(ws)
    (gone,) = [view for view in views(ws, Scope(states=frozenset({State.RESOLVED}))) if view.key == customer(6)]
    assert (gone.number, gone.state_title) == (first.number, "已一致")
    fed(ws, tmp_path, everyone({6: EAST}), "回写3.xlsx")
    again = found(ws)[key]
    assert (again.number, again.gis, again.state) == (first.number, EAST, State.OPEN)


def test_lists(ws: Workspace, tmp_path: Path) -> None:
    reviewing.staffed(ws)
    fed(ws, tmp_path, everyone({6: NORTH, 7: NORTH}))
    everything = found(ws)
    source = table(ws, Scope())
    assert len(source.ids(Query())) == len(everything)
    (row,) = source.rows(source.ids(Query(words=customer(6))))
    said = dict(zip((column.key for column in source.columns), row.values, strict=True))
    shown = [said[name] for name in ("state", "klass", "target", "title", "key")]
    assert shown == ["待处理", "上级电源不一致", "电网 GIS 更正", "用户6", customer(6)]
    gis = source.ids(Query(filters=(Filter("state", Condition.ONE_OF, ("待处理",)), Filter("field", Condition.ONE_OF, ("户变关系",)))))
    assert len(gis) == 2
    assert dict(source.values("field", Query()))["户变关系"] == 2
    parts = facets(ws, Scope(klasses=frozenset({Klass.WRONG_UPSTREAM})))
    assert dict(parts.klasses) == {Klass.WRONG_UPSTREAM: counts(ws)[Klass.WRONG_UPSTREAM]}
    assert dict(parts.states) == {State.OPEN: counts(ws)[Klass.WRONG_UPSTREAM]}
    number = everything[Klass.WRONG_UPSTREAM, customer(6), "area_no"].number
    except_(ws, [number], "说“好”了\\的")
    assert [view.number for view in views(ws, Scope(states=frozenset({State.EXCEPTED})))] == [number]


def test_sides_with_quotes_are_still_the_same_sides(ws: Workspace, tmp_path: Path) -> None:
    reviewing.staffed(ws)
    fed(ws, tmp_path, [*everyone({}), (customer(6), '北"村\\公变\t二')], head="台区名称")
    (view,) = [each for each in found(ws).values() if each.key == customer(6) and each.field == "area_no"]
    except_(ws, [view.number], "名称有误")
    assert found(ws)[view.klass, view.key, view.field].state is State.EXCEPTED


def test_an_exception_holds_while_the_sides_say_the_same(ws: Workspace, tmp_path: Path) -> None:
    reviewing.staffed(ws)
    fed(ws, tmp_path, everyone({6: NORTH}))
    key = (Klass.WRONG_UPSTREAM, customer(6), "area_no")
    number = found(ws)[key].number
    except_(ws, [number], "月底统一更正", "2026-11-30")
    view = found(ws)[key]
    assert (view.state, view.reason, view.expires_on, view.person) == (State.EXCEPTED, "月底统一更正", "2026-11-30", reviewing.CLERK)
    assert not [each for each in views(ws, Scope(states=frozenset({State.OPEN}))) if each.number == number]
    ws.clock = lambda: reviewing.morning().replace(month=12)
    assert found(ws)[key].state is State.OPEN
    ws.clock = reviewing.morning
    fed(ws, tmp_path, everyone({6: EAST}), "回写2.xlsx")
    assert found(ws)[key].state is State.OPEN
    withdraw(ws, [number])
    history.undo(ws)
