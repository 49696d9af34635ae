"""Whatever happens to data, runs and exceptions in whatever order: numbers stay, exceptions hold while their value and day hold."""

import atexit
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from lvdesk.checks.exceptions import accept, withdraw
from lvdesk.history import undo, undo_label
from lvdesk.workspace import Workspace
from tests.helpers.stations import NearReader, taken
from tests.helpers.trials import by_identity, checked, customer, imported, only_trial_rules, renamed

_NAMES = ("张三", "张三!", "李四!")
_WHO = st.integers(1, 3)
_START = date(2026, 6, 1)
_Kept = tuple[str, date | None]


@contextmanager
def _apart() -> Iterator[None]:
    """The trial rules, and files read in this process."""
    with pytest.MonkeyPatch.context() as patch, only_trial_rules():
        patch.setattr("lvdesk.ledger.importing.Reader", NearReader)
        yield


@cache
def _stocked() -> Path:
    """A workspace with three customers, made once."""
    folder = Path(mkdtemp(prefix="lvdesk-findings-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    ws = Workspace.open(folder / "station", person="张三")
    with _apart():
        _import(ws, folder)
    ws.close()
    return folder / "station"


def _import(ws: Workspace, folder: Path) -> None:
    imported(ws, folder, *(customer(who, _NAMES[1]) for who in (1, 2, 3)))


def _key(who: int) -> str:
    return str(4209747010 + who)


class Lives(RuleBasedStateMachine):
    """Plays a user. The model: name per customer, what the last run saw of it, exceptions as (value, last day), numbers given."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.ws = Workspace.open(Path(shutil.copytree(_stocked(), Path(self.folder.name) / "station")), person="张三")
        self.today = _START
        self.ws.clock = lambda: datetime.combine(self.today, time(9)).astimezone()
        self.names = dict.fromkeys((1, 2, 3), _NAMES[1])
        self.seen: dict[int, str] = {}
        self.kept: dict[int, _Kept] = {}
        self.numbers: dict[int, int] = {}
        self.before: list[tuple[dict[int, str], dict[int, _Kept]]] = []

    def _done(self) -> None:
        self.before.append((dict(self.names), dict(self.kept)))

    @rule(who=_WHO, name=st.sampled_from(_NAMES))
    def rename(self, who: int, name: str) -> None:
        if self.names[who] != name:
            self._done()
            renamed(self.ws, _key(who), name)
            self.names[who] = name

    @rule()
    def import_again(self) -> None:
        """The same file again: nothing to take."""
        with _apart():
            taken(self.ws, _stocked().parent / "用户.xlsx")

    @rule(days=st.integers(1, 3))
    def days_pass(self, days: int) -> None:
        self.today += timedelta(days)

    @rule()
    def check(self) -> None:
        with _apart():
            checked(self.ws)
        self.seen = dict(self.names)
        self._compare()

    @precondition(lambda self: any(name.endswith("!") for name in self.seen.values()))
    @rule(data=st.data(), days=st.none() | st.integers(0, 4))
    def except_(self, data: st.DataObject, days: int | None) -> None:
        faulty = [who for who, name in self.seen.items() if name.endswith("!")]
        chosen = data.draw(st.lists(st.sampled_from(faulty), min_size=1, unique=True))
        until = self.today + timedelta(days) if days is not None else None
        self._done()
        accept(self.ws, [self.numbers[who] for who in chosen], f"理由 {len(self.before)}", until and until.isoformat())
        self.kept |= {who: (self.seen[who], until) for who in chosen}
        self._compare()

    @precondition(lambda self: self.kept)
    @rule(data=st.data())
    def withdraw(self, data: st.DataObject) -> None:
        who = data.draw(st.sampled_from(sorted(self.kept)))
        self._done()
        withdraw(self.ws, [self.numbers[who]])
        del self.kept[who]
        self._compare()

    @precondition(lambda self: self.before)
    @rule()
    def take_back(self) -> None:
        assert undo_label(self.ws)
        undo(self.ws)
        self.names, self.kept = self.before.pop()
        self._compare()

    def _compare(self) -> None:
        with _apart():
            found = {finding.key: finding for finding in by_identity(self.ws).values() if finding.rule == "T01"}
        for who, name in self.seen.items():
            finding = found.get(_key(who))
            assert (finding is not None) or not name.endswith("!")
            if finding is None:
                continue
            assert self.numbers.setdefault(who, finding.id) == finding.id
            assert finding.state == self._expected(who, name)
        assert len(set(self.numbers.values())) == len(self.numbers)

    def _expected(self, who: int, name: str) -> str:
        if not name.endswith("!"):
            return "resolved"
        value, until = self.kept.get(who, ("", None))
        return "excepted" if value == name and (until is None or until >= self.today) else "open"

    def teardown(self) -> None:
        self.ws.close()
        self.folder.cleanup()


Lives.TestCase.settings = settings(
    max_examples=8, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
)  # fmt: skip
TestLives = Lives.TestCase
