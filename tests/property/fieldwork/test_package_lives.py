"""Whatever is done with packages in whatever order: nothing is held twice, states and counts follow from what happened."""

import atexit
import shutil
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy import select

from lvdesk.fieldwork.model import PackageDetail, PackageState, Request
from lvdesk.fieldwork.moving import MOVES, cancel, close, drop, reopen, send, take_back
from lvdesk.fieldwork.packages import create, packages, plan, show
from lvdesk.fieldwork.reading import ITEM, PACKAGE
from lvdesk.history import redo, redo_label, undo, undo_label
from lvdesk.kit.errors import ConflictError, RefusedError
from lvdesk.kit.progress import Progress
from lvdesk.network.changed import Changed
from lvdesk.workspace import Workspace
from tests.helpers.visiting import AREAS, laid, printed

_ENDED = {PackageState.CLOSED, PackageState.CANCELLED}


@cache
def _station() -> Path:
    """A workspace made once: laying it down for every example would take most of the time."""
    folder = Path(mkdtemp(prefix="lvdesk-packages-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    ws = laid(Workspace.open(folder, person="张三"))
    ws.close()
    return folder


class Packages(RuleBasedStateMachine):
    """Plays the people at the desk."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        shutil.copytree(_station(), self.folder.name, dirs_exist_ok=True)
        self.ws = Workspace.open(Path(self.folder.name), person="张三")
        self.numbers: set[str] = set()

    def details(self) -> list[PackageDetail]:
        return [show(self.ws, view.package_no) for view in packages(self.ws)]

    @rule(areas=st.sets(st.sampled_from(sorted(AREAS)), min_size=1), split=st.booleans())
    def create(self, areas: set[str], *, split: bool) -> None:
        before = len(packages(self.ws))
        request = Request(areas=tuple(sorted(areas)), people=("张三", "李四"), split=split)
        needs = {(need.entity, need.key) for need in plan(self.ws, request, Progress()).needs}
        if not needs:
            with pytest.raises(RefusedError, match=r"任务包|没有需要"):
                create(self.ws, request, Progress())
            return
        made = create(self.ws, request, Progress())
        assert not self.numbers & set(made.package_nos)
        self.numbers |= set(made.package_nos)
        held = {(item.entity, item.key) for number in made.package_nos for item in show(self.ws, number).items}
        assert (len(packages(self.ws)), held, made.items) == (before + len(made.package_nos), needs, len(needs))

    @precondition(lambda self: bool(packages(self.ws)))
    @rule(data=st.data(), name=st.sampled_from(sorted(MOVES)))
    def move(self, data: st.DataObject, name: str) -> None:
        detail = show(self.ws, data.draw(st.sampled_from([view.package_no for view in packages(self.ws)])))
        before, number = detail.view.state, detail.view.package_no
        chosen = data.draw(st.lists(st.sampled_from([(item.entity, item.key) for item in detail.items]), unique=True))
        if name == "send":
            self._print(number)
        moves: dict[str, Callable[[], Changed]] = {
            "send": lambda: send(self.ws, number),
            "take_back": lambda: take_back(self.ws, number, chosen, data.draw(st.sampled_from(["", "正常", "无法进入"]))),
            "close": lambda: close(self.ws, number),
            "cancel": lambda: cancel(self.ws, number, "改期"),
            "reopen": lambda: reopen(self.ws, number),
            "drop": lambda: drop(self.ws, number, chosen),
        }
        code = ""
        try:
            moves[name]()
        except (RefusedError, ConflictError) as refused:
            code = refused.code
        if before not in MOVES[name].states:
            assert code == "package.state"
        if code:
            assert code in {"package.state", "package.item", "package.held"}
            assert show(self.ws, number).items == detail.items
            return
        if name in {"close", "cancel"}:
            assert show(self.ws, number).view.state in _ENDED

    def _print(self, number: str) -> None:
        with self.ws.store.read() as connection:
            package = connection.execute(select(PACKAGE.c.id).where(PACKAGE.c.package_no == number)).scalar_one()
        if not show(self.ws, number).sheets:
            printed(self.ws, package)

    @precondition(lambda self: undo_label(self.ws) not in {"", "测试"})
    @rule()
    def undo(self) -> None:
        before = self.details()
        undo(self.ws)
        redo(self.ws)
        assert self.details() == before
        undo(self.ws)

    @precondition(lambda self: bool(redo_label(self.ws)))
    @rule()
    def redo(self) -> None:
        redo(self.ws)

    @invariant()
    def nothing_is_held_twice(self) -> None:
        with self.ws.store.read() as connection:
            rows = connection.execute(
                select(ITEM.c.entity, ITEM.c.key, ITEM.c.held, PACKAGE.c.closed_at).join(PACKAGE, PACKAGE.c.id == ITEM.c.package)
            ).all()
        assert all(row.held == (f"{row.entity}|{row.key}" if row.closed_at is None else None) for row in rows)
        assert set(Counter(row.held for row in rows if row.held).values()) <= {1}

    @invariant()
    def states_and_counts_follow_from_what_happened(self) -> None:
        for detail in self.details():
            view, states = detail.view, Counter(item.state for item in detail.items)
            out = states["待采录"] + states["在外"] + states["未采录"]
            assert (view.items, view.items_back) == (len(detail.items), len(detail.items) - out)
            assert len({item.position for item in detail.items}) == view.items > 0
            expected = {
                PackageState.PREPARED: not view.out_at and not view.items_back,
                PackageState.OUT: bool(view.out_at) and not view.items_back,
                PackageState.PARTLY_BACK: 0 < view.items_back < view.items,
                PackageState.BACK: view.items_back == view.items,
                PackageState.CLOSED: bool(view.closed_at and view.out_at),
                PackageState.CANCELLED: bool(view.closed_at) and not view.items_back,
            }
            assert expected[view.state]
            assert (view.closed_at != "") == (view.state in _ENDED)

    def teardown(self) -> None:
        self.ws.close()
        self.folder.cleanup()


TestPackages = Packages.TestCase
TestPackages.settings = settings(max_examples=6, stateful_step_count=12, deadline=None)
