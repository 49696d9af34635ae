"""Whatever is done with sheets in whatever order: a number on paper never comes to mean another sheet, and nothing is left out."""

import atexit
import shutil
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from sqlalchemy import select

from lvdesk.fieldwork import packages, register, sheets
from lvdesk.fieldwork.forms.payload import Payload, decode
from lvdesk.fieldwork.model import SheetState
from lvdesk.fieldwork.moving import drop, send
from lvdesk.fieldwork.reading import SHEET
from lvdesk.fieldwork.sheet_layout import stored
from lvdesk.history import redo, redo_label, undo, undo_label
from lvdesk.kit.errors import Cancelled, RefusedError
from lvdesk.kit.page import Code, Page
from lvdesk.kit.progress import Progress
from lvdesk.network.changed import Changed
from lvdesk.network.tables import TABLES
from lvdesk.store.model import Change
from lvdesk.workspace import Workspace
from tests.helpers.visiting import SILVER, laid, made

_S = SheetState


@cache
def _station() -> tuple[Path, str]:
    """A workspace with a package in it, made once."""
    folder = Path(mkdtemp(prefix="lvdesk-sheets-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    ws = laid(Workspace.open(folder, person="张三"))
    number = made(ws, feeder=SILVER)
    ws.close()
    return folder, number


class Sheets(RuleBasedStateMachine):
    """Plays the people at the desk; ``paper`` remembers every sheet that ever came out of the printer."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        station, self.number = _station()
        shutil.copytree(station, self.folder.name, dirs_exist_ok=True)
        self.ws = Workspace.open(Path(self.folder.name), person="张三")
        self.paper: dict[str, tuple[Payload, object]] = {}
        self.target = Path(self.folder.name) / "表单.pdf"

    def rows(self) -> list[Any]:
        with self.ws.store.read() as connection:
            return list(connection.execute(select(SHEET).order_by(SHEET.c.sheet_no)))

    def pick(self, share: float, *states: SheetState) -> list[str]:
        found = [view.sheet_no for view in register.sheets(self.ws, self.number) if not states or view.state in states]
        return found[: max(1, round(len(found) * share))] if found else []

    def printer(self, pages: Iterable[Page], path: Path, progress: Progress, *, title: str) -> int:
        """Compares what comes with what lies on somebody's desk."""
        items = {row.sheet_no: stored(row) for row in self.rows()}
        count = 0
        for page in pages:
            said = decode(next(item.text for item in page.items if isinstance(item, Code) and item.kind == "qr"))
            assert self.paper.setdefault(said.sheet_no, (said, items[said.sheet_no])) == (said, items[said.sheet_no])
            progress.step()
            count += 1
        path.write_text(title, "utf-8")
        return count

    @rule()
    def prepare(self) -> None:
        sheets.prepare(self.ws, self.number, Progress())
        assert sheets.prepare(self.ws, self.number, Progress()) is Changed.NOTHING
        boxes: Counter[str] = Counter()
        for row in self.rows():
            if row.state != _S.REPLACED and row.form == "box_collection":
                boxes.update({key for (_, key), _ in stored(row)})
        visited = {item.key for item in packages.show(self.ws, self.number).items if item.entity == "meter_box"}
        assert visited <= boxes.keys()
        assert max(boxes.values(), default=1) == 1

    @rule(share=st.floats(0, 1))
    def print_some(self, share: float) -> None:
        chosen = self.pick(share, _S.PREPARED, _S.PRINTED, _S.OUT, _S.MISSING)
        known = {row.sheet_no for row in self.rows()}
        sheets.prepare(self.ws, self.number, Progress())
        still = {row.sheet_no for row in self.rows()}
        chosen = [number for number in chosen if number in known & still]
        printed = sheets.print_sheets(self.ws, self.number, self.target, self.printer, Progress(), chosen)
        for each in printed.sheets:
            view = register.find(self.ws, each.sheet_no)
            assert (view.state in {_S.PRINTED, _S.OUT}, view.copies > 0, view.changed_since) == (True, True, False)

    @rule()
    def print_and_stop(self) -> None:
        sheets.prepare(self.ws, self.number, Progress())
        before = self.rows()

        def stopped(pages: Iterable[Page], path: Path, progress: Progress, *, title: str) -> int:
            next(iter(pages))
            raise Cancelled

        with pytest.raises(Cancelled):
            sheets.print_sheets(self.ws, self.number, self.target, stopped, Progress(), self.pick(1, _S.PREPARED))
        assert self.rows() == before

    @rule(share=st.floats(0, 1))
    def replace(self, share: float) -> None:
        chosen = self.pick(share, *register.REPLACEABLE)
        if chosen:
            register.replace(self.ws, chosen, "淋湿")
            assert all(register.find(self.ws, number).state is _S.REPLACED for number in chosen)

    @rule(share=st.floats(0, 1), state=st.sampled_from([_S.PRINTED, _S.OUT, _S.BACK, _S.MISSING]))
    def mark(self, share: float, state: SheetState) -> None:
        able = [before for before, after in register.MARKS.items() if state in after]
        chosen = self.pick(share, *able)
        if not chosen:
            return
        if state is _S.OUT and not packages.show(self.ws, self.number).view.out_at:
            with pytest.raises(RefusedError, match="发出任务包"):
                register.mark(self.ws, chosen, state)
            return
        register.mark(self.ws, chosen, state)
        assert all(register.find(self.ws, number).state is state for number in chosen)

    @rule()
    def send(self) -> None:
        with suppress(RefusedError):  # nothing printed yet, or out already
            send(self.ws, self.number)

    @rule(place=st.integers(0, 3))
    def leave_out(self, place: int) -> None:
        items = packages.show(self.ws, self.number).items
        if len(items) > 1:
            item = items[place % len(items)]
            drop(self.ws, self.number, [(item.entity, item.key)])

    @rule(rows=st.integers(1, 12), columns=st.integers(1, 6))
    def box_grows(self, rows: int, columns: int) -> None:
        box = TABLES["meter_box"]
        with self.ws.store.write("改") as write:
            number = write.connection.execute(select(box.c.id).order_by(box.c.id)).scalar()
            write.update(box, [Change(number or 0, {"slot_rows": rows, "slot_columns": columns})])

    @rule()
    def undo(self) -> None:
        if not (undo_label(self.ws) or "").startswith(("建立", "测试")):
            undo(self.ws)

    @rule()
    def redo(self) -> None:
        if redo_label(self.ws):
            redo(self.ws)

    @invariant()
    def pages_and_numbers_are_one_each(self) -> None:
        rows = self.rows()
        live = [row.page for row in rows if row.state != _S.REPLACED]
        assert max(Counter(live).values(), default=1) == 1
        for row in rows:
            if row.sheet_no in self.paper and row.state != _S.PREPARED:
                assert stored(row) == self.paper[row.sheet_no][1]

    @invariant()
    def what_is_replaced_names_a_sheet_that_exists(self) -> None:
        rows = self.rows()
        known = {row.sheet_no for row in rows}
        assert all(not row.replaced_by or row.replaced_by in known for row in rows)

    def teardown(self) -> None:
        self.ws.close()
        self.folder.cleanup()


TestSheets = Sheets.TestCase
TestSheets.settings = settings(max_examples=4, stateful_step_count=10, deadline=None)
