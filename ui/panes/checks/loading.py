"""What the page asks of the station; heavy modules are loaded with the first question."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from lvdesk.kit.progress import Progress
from ui.models.source import Source

if TYPE_CHECKING:
    from lvdesk.checks.book import BookChanges
    from lvdesk.checks.checking import CheckState, Report
    from lvdesk.checks.findings import FindingView, Group
    from lvdesk.checks.fixing import Fixed
    from lvdesk.checks.marking import MarkSource
    from lvdesk.checks.tuning import Effect, RuleView
    from lvdesk.network.changed import Changed
    from lvdesk.workspace import Workspace

Given = Mapping[str, Mapping[str, Any]]
"""Rule code -> what is to be set of it: ``enabled``, ``severity`` and parameters by name."""


@dataclass(frozen=True)
class Wanted:
    """Which findings: of one group (``key`` None: all of them) in one state."""

    by: str = "rule"
    key: str | None = None
    state: str = "open"


@dataclass(frozen=True)
class Present:
    """The faulty value as it is stored now; ``choices`` are the names of a code list, ``version`` that of the record."""

    record: int
    value: str
    version: int
    editable: bool
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Typed:
    """A new value for the field of a finding."""

    entity: str
    record: int
    field: str
    text: str
    version: int


def family_title(family: str) -> str:
    """The Chinese name of a family of rules."""
    from lvdesk.checks.model import FAMILIES

    return FAMILIES.get(family, family)


class Services(Protocol):
    """All calls may take long and come on worker threads."""

    def state(self) -> "CheckState":
        """What the last run found and whether the data changed since."""

    def check(self, progress: Progress) -> "Report":
        """Runs the rules."""

    def groups(self, by: str, state: str) -> "Sequence[Group]":
        """Findings in a state, counted by rule, area or field."""

    def table(self, wanted: Wanted) -> Source:
        """The findings themselves."""

    def show(self, finding: int) -> "FindingView":
        """One finding with everything known of it."""

    def present(self, finding: "FindingView") -> Present | None:
        """The value as it is now; None where no accepted record holds it."""

    def verdict(self, typed: Typed) -> str:
        """Why a new value would be refused; "" when it would be stored."""

    def edit(self, typed: Typed) -> "Changed":
        """Stores a new value, undoable."""

    def alike(self, finding: int) -> Sequence[int]:
        """Open findings that the same kind of fix would put right."""

    def apply(self, findings: Sequence[int], progress: Progress) -> "Fixed":
        """Puts suggested values in force."""

    def accept(self, findings: Sequence[int], reason: str, expires_on: str | None, progress: Progress) -> "Changed":
        """Excepts findings."""

    def withdraw(self, findings: Sequence[int]) -> "Changed":
        """Takes exceptions back."""

    def rules(self) -> "Sequence[RuleView]":
        """The rule book."""

    def change(self, given: Given) -> "Changed":
        """Puts changes of the rule book in force."""

    def what_if(self, given: Given, progress: Progress) -> "Sequence[Effect]":
        """What changes would do; nothing is stored."""

    def write_book(self, path: Path) -> None:
        """The rule book as a workbook."""

    def read_book(self, path: Path) -> "BookChanges":
        """What a workbook would change of the rule book."""

    def sources(self) -> "Sequence[MarkSource]":
        """Imported files of which a marked copy can be made."""

    def export(self, folder: Path, batches: Sequence[int], progress: Progress, *, plain: bool) -> Sequence[Path]:
        """Writes the plain list and the marked copies of these files into a folder."""


class StationServices:
    """The real services of one workspace."""

    def __init__(self, workspace: "Workspace") -> None:
        self._workspace = workspace

    def state(self) -> "CheckState":
        """See ``Services``."""
        from lvdesk.checks import checking

        return checking.state(self._workspace)

    def check(self, progress: Progress) -> "Report":
        """See ``Services``."""
        from lvdesk.checks import checking

        return checking.check(self._workspace, progress)

    def groups(self, by: str, state: str) -> "Sequence[Group]":
        """See ``Services``."""
        from lvdesk.checks import findings

        return findings.groups(self._workspace, by, state)

    def table(self, wanted: Wanted) -> Source:
        """See ``Services``."""
        from lvdesk.checks import findings

        whole = wanted.key is None
        return findings.table(self._workspace, findings.Scope("" if whole else wanted.by, wanted.key or "", wanted.state))

    def show(self, finding: int) -> "FindingView":
        """See ``Services``."""
        from lvdesk.checks import findings

        return findings.show(self._workspace, finding)

    def present(self, finding: "FindingView") -> Present | None:
        """See ``Services``."""
        from lvdesk.network import records

        if finding.record is None or not finding.field:
            return None
        record = records.show(self._workspace, finding.entity, finding.record)
        value = next((each for each in record.fields if each.key == finding.field), None)
        if value is None:
            return None
        field = self._workspace.dictionary.field(finding.entity, finding.field)
        names = tuple(item.name for item in self._workspace.codes[field.codes].items) if field.codes else ()
        return Present(record.id, value.value, record.version, value.editable, names)

    def verdict(self, typed: Typed) -> str:
        """See ``Services``."""
        from lvdesk.network import editing

        return editing.check_edits(self._workspace, typed.entity, [editing.Edit(typed.record, typed.field, typed.text)])[0].reason

    def edit(self, typed: Typed) -> "Changed":
        """See ``Services``."""
        from lvdesk.network import editing

        return editing.edit(self._workspace, typed.entity, [editing.Edit(typed.record, typed.field, typed.text, typed.version)])

    def alike(self, finding: int) -> Sequence[int]:
        """See ``Services``."""
        from lvdesk.checks import fixing

        return fixing.alike(self._workspace, finding)

    def apply(self, findings: Sequence[int], progress: Progress) -> "Fixed":
        """See ``Services``."""
        from lvdesk.checks import fixing

        return fixing.apply(self._workspace, list(findings), progress)

    def accept(self, findings: Sequence[int], reason: str, expires_on: str | None, progress: Progress) -> "Changed":
        """See ``Services``."""
        from lvdesk.checks import exceptions

        return exceptions.accept(self._workspace, list(findings), reason, expires_on, progress)

    def withdraw(self, findings: Sequence[int]) -> "Changed":
        """See ``Services``."""
        from lvdesk.checks import exceptions

        return exceptions.withdraw(self._workspace, list(findings))

    def rules(self) -> "Sequence[RuleView]":
        """See ``Services``."""
        from lvdesk.checks import tuning

        return tuning.rules(self._workspace)

    def change(self, given: Given) -> "Changed":
        """See ``Services``."""
        from lvdesk.checks import tuning

        return tuning.change(self._workspace, {code: dict(each) for code, each in given.items()})

    def what_if(self, given: Given, progress: Progress) -> "Sequence[Effect]":
        """See ``Services``."""
        from lvdesk.checks import tuning

        return tuning.what_if(self._workspace, {code: dict(each) for code, each in given.items()}, progress)

    def write_book(self, path: Path) -> None:
        """See ``Services``."""
        from lvdesk.checks import book

        book.write_book(self._workspace, path)

    def read_book(self, path: Path) -> "BookChanges":
        """See ``Services``."""
        from lvdesk.checks import book

        return book.read_book(self._workspace, path)

    def sources(self) -> "Sequence[MarkSource]":
        """See ``Services``."""
        from lvdesk.checks import marking

        return marking.sources(self._workspace)

    def export(self, folder: Path, batches: Sequence[int], progress: Progress, *, plain: bool) -> Sequence[Path]:
        """See ``Services``."""
        from lvdesk.checks import marking, problems

        known = {each.batch: each.file for each in marking.sources(self._workspace)}
        if plain and set(batches) == set(known):
            made = problems.write_out(self._workspace, folder, progress)
            return (made.list, *made.copies)
        written: list[Path] = []
        if plain:
            written.append(folder / "问题清单.xlsx")
            problems.write_list(self._workspace, written[-1], progress)
        for batch in batches:
            stem = f"{Path(known[batch]).stem}_标注"
            alike = sum(path.stem.startswith(stem) for path in written)
            written.append(folder / f"{stem}{f' ({alike + 1})' if alike else ''}.xlsx")
            marking.mark_copy(self._workspace, batch, written[-1], progress)
        return written
