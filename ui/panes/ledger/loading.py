"""What the ledger asks of the station; heavy modules are loaded with the first question."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from lvdesk.kit.progress import Progress
from ui.models.source import CellEdit, Source

if TYPE_CHECKING:
    from lvdesk.ledger.model import ImportRequest, ImportResult, Preview
    from lvdesk.network.browsing import Node
    from lvdesk.network.editing import Checked
    from lvdesk.network.records import Record
    from lvdesk.workspace import Workspace

PLACES = ("substation", "feeder", "transformer_area", "meter_box", "customer")


class Services(Protocol):
    """All calls may take long and come on worker threads."""

    def preview(self, request: "ImportRequest", progress: Progress) -> "Preview":
        """What importing the files would do."""

    def load(self, preview: "Preview", progress: Progress) -> "ImportResult":
        """Stores a preview's files."""

    def undo(self, entry: int) -> Any:
        """Takes one import back."""

    def templates(self) -> Sequence[tuple[str, str]]:
        """Templates: key and title."""

    def fields(self, template: str) -> Sequence[tuple[str, str]]:
        """Fields a template's columns can be mapped to: name and title."""

    def code_names(self) -> Mapping[str, Mapping[str, str]]:
        """For each coded field the name of each code."""

    def blank(self, template: str, target: Path) -> None:
        """Writes a template's blank workbook."""

    def entities(self) -> Sequence[tuple[str, str]]:
        """Kinds of records: key and title."""

    def counts(self) -> Mapping[str, int]:
        """How many records of each kind there are."""

    def children(self, node: "Node | None") -> "Sequence[Node]":
        """The branches below one of the tree, or at its root."""

    def table(self, entity: str, scope: "Node | None") -> Source:
        """The records of one kind below a branch."""

    def show(self, entity: str, key: str | int) -> "Record":
        """One record with everything known of it."""

    def check(self, entity: str, edits: Sequence[CellEdit]) -> "Sequence[Checked]":
        """What each edit would store, or why not."""

    def edit(self, entity: str, edits: Sequence[CellEdit], versions: Mapping[int, int]) -> Any:
        """Stores edits in one undoable write; ``versions``: record id -> version the person saw."""


class StationServices:
    """The real services of one workspace."""

    def __init__(self, workspace: "Workspace") -> None:
        self._workspace = workspace

    def preview(self, request: "ImportRequest", progress: Progress) -> "Preview":
        """See ``Services``."""
        from lvdesk.ledger import importing

        return importing.preview(self._workspace, request, progress)

    def load(self, preview: "Preview", progress: Progress) -> "ImportResult":
        """See ``Services``."""
        from lvdesk.ledger import importing

        return importing.load(self._workspace, preview, progress)

    def undo(self, entry: int) -> Any:
        """See ``Services``."""
        from lvdesk import history

        return history.undo(self._workspace, entry)

    def templates(self) -> Sequence[tuple[str, str]]:
        """See ``Services``."""
        return [(key, template.title) for key, template in self._workspace.templates.items()]

    def fields(self, template: str) -> Sequence[tuple[str, str]]:
        """See ``Services``."""
        found = self._workspace.templates.get(template)
        if found is None:
            return []
        dictionary = self._workspace.dictionary
        return [
            (each.field, f"{each.header}（{dictionary.title(each.entity)}）" if not each.is_note else each.header) for each in found.columns
        ]

    def code_names(self) -> Mapping[str, Mapping[str, str]]:
        """See ``Services``."""
        codes, entities = self._workspace.codes, self._workspace.dictionary.entities
        return {
            f"{entity}.{field.name}": {item.code: item.name for item in codes[field.codes].items}
            for entity, found in entities.items()
            for field in found.fields.values()
            if field.codes
        }

    def blank(self, template: str, target: Path) -> None:
        """See ``Services``."""
        from lvdesk.templates.blank import write_blank

        workspace = self._workspace
        write_blank(workspace.templates[template], workspace.dictionary, workspace.codes, target)

    def entities(self) -> Sequence[tuple[str, str]]:
        """See ``Services``."""
        from lvdesk.network import browsing

        return browsing.entities(self._workspace)

    def counts(self) -> Mapping[str, int]:
        """See ``Services``."""
        from lvdesk.network import counting

        return counting.counts(self._workspace)

    def children(self, node: "Node | None") -> "Sequence[Node]":
        """See ``Services``."""
        from lvdesk.network import browsing

        return browsing.children(self._workspace, node)

    def table(self, entity: str, scope: "Node | None") -> Source:
        """See ``Services``."""
        from lvdesk.ledger.deskcheck_column import WithVerdict
        from lvdesk.network import browsing

        found = browsing.table(self._workspace, entity, scope)
        return WithVerdict(self._workspace, found) if entity == "customer" else found

    def show(self, entity: str, key: str | int) -> "Record":
        """See ``Services``."""
        from lvdesk.network import records

        return records.show(self._workspace, entity, key)

    def check(self, entity: str, edits: Sequence[CellEdit]) -> "Sequence[Checked]":
        """See ``Services``."""
        from lvdesk.network import editing

        return editing.check_edits(self._workspace, entity, [editing.Edit(each.id, each.column, each.text) for each in edits])

    def edit(self, entity: str, edits: Sequence[CellEdit], versions: Mapping[int, int]) -> Any:
        """See ``Services``."""
        from lvdesk.network import editing

        wanted = [editing.Edit(each.id, each.column, each.text, versions.get(each.id)) for each in edits]
        return editing.edit(self._workspace, entity, wanted)
