"""Whatever is written, undone and redone in whatever order: undo gives back exactly the rows before, redo those after."""

import atexit
import shutil
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from lvdesk.store.journal import verify_chain
from lvdesk.store.model import Change
from lvdesk.store.store import Store
from lvdesk.store.undo import redo, redoable, undo, undoable
from tests.db.store.sample import SAMPLE, Rows, clock, rows, town

# SQLite keeps no NUL in comparisons and no lone surrogates.
_TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",)), max_size=12)
_VALUES: dict[str, st.SearchStrategy[Any]] = {
    "people": st.none() | st.integers(-(2**40), 2**40),
    "height": st.none() | st.floats(allow_nan=False, allow_infinity=False),
    "open": st.none() | st.booleans(),
    "seal": st.none() | st.binary(max_size=8),
}
_ROW = st.fixed_dictionaries(_VALUES)
_CHANGE = st.fixed_dictionaries({}, optional=_VALUES)


@cache
def _empty() -> Path:
    """An empty database, made once: migrating for every example would take most of the time."""
    folder = Path(mkdtemp(prefix="lvdesk-history-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    Store.open(f"sqlite:///{folder}/a.db", schema=SAMPLE).close()
    return folder / "a.db"


class History(RuleBasedStateMachine):
    """Plays a user; ``done`` and ``undone`` hold the states before and after each write."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        path = Path(self.folder.name) / "a.db"
        shutil.copyfile(_empty(), path)
        self.url = f"sqlite:///{path}"
        self.store = self._open()
        self.done: list[tuple[Rows, Rows]] = []
        self.undone: list[tuple[Rows, Rows]] = []
        self.names = 0

    def _open(self) -> Store:
        return Store.open(self.url, clock=clock, schema=SAMPLE)

    def _written(self, before: Rows) -> None:
        after = rows(self.store)
        if after != before:
            self.done.append((before, after))
            self.undone.clear()

    @rule(added=st.lists(_ROW, min_size=1, max_size=4), notes=st.lists(_TEXT, min_size=4, max_size=4))
    def insert(self, added: list[dict[str, Any]], notes: list[str]) -> None:
        before = rows(self.store)
        self.names += len(added)
        columns = ["name", "words", *_VALUES]
        values = []
        for number, row in enumerate(added):
            name = f"{notes[number]}{self.names - number}#"
            values.append((name, f"{name} {row['people']}", *(row[key] for key in _VALUES)))
        with self.store.write("插入") as write:
            write.insert(town, columns, values, len(values))
        self._written(before)

    @precondition(lambda self: rows(self.store))
    @rule(data=st.data(), change=_CHANGE, remove=st.booleans())
    def mixture(self, data: st.DataObject, change: dict[str, Any], *, remove: bool) -> None:
        before = rows(self.store)
        ids = data.draw(st.lists(st.sampled_from([row["id"] for row in before]), min_size=1, unique=True))
        with self.store.write("修改") as write:
            write.update(town, [Change(row_id, change) for row_id in ids])
            if remove:
                write.delete(town, ids[:1])
        self._written(before)

    @precondition(lambda self: self.done)
    @rule()
    def undo(self) -> None:
        state = self.done.pop()
        undo(self.store)
        assert rows(self.store) == state[0]
        self.undone.append(state)

    @precondition(lambda self: self.undone)
    @rule()
    def redo(self) -> None:
        state = self.undone.pop()
        redo(self.store)
        assert rows(self.store) == state[1]
        self.done.append(state)

    @rule()
    def restart(self) -> None:
        self.store.close()
        self.store = self._open()

    @invariant()
    def offers_hold(self) -> None:
        assert (undoable(self.store) is not None) == bool(self.done)
        assert (redoable(self.store) is not None) == bool(self.undone)

    def teardown(self) -> None:
        while self.done:
            self.undo()
        assert rows(self.store) == []
        assert verify_chain(self.store) == []
        self.store.close()
        self.folder.cleanup()


History.TestCase.settings = settings(
    max_examples=15,
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],  # explaining traces every line of the database layer
)
TestHistory = History.TestCase
