"""What the workbench shows, read in one go off the UI thread."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Protocol

from ui.moments import said

if TYPE_CHECKING:
    from lvdesk.history import Entry
    from lvdesk.network.counting import LoopStep
    from lvdesk.workspace import Workspace

KINDS = (
    ("substation", "变电站", "substation", "站"),
    ("feeder", "线路", "feeder", "线"),
    ("transformer_area", "台区", "area", "变"),
    ("meter_box", "计量箱", "box", "箱"),
    ("customer", "用户", "customer", "户"),
)
IMPORT_WORD = "导入"
_UNPLACED = (("feeder", "未归属变电站的线路"), ("transformer_area", "未归属线路的台区"), ("meter_box", "未归属台区的计量箱"))
_RECENT = 8


@dataclass(frozen=True)
class Recent:
    """One import in the journal."""

    entry: int
    title: str
    line: str
    undone: bool


@dataclass(frozen=True)
class Doubt:
    """Records that want a look; ``target`` is what the ledger page is asked to show."""

    title: str
    hint: str
    count: int
    target: tuple[str, str]


@dataclass(frozen=True)
class Overview:
    """Everything on the workbench."""

    counts: Mapping[str, int] = field(default_factory=dict)
    steps: "Sequence[LoopStep]" = ()
    recent: Sequence[Recent] = ()
    doubts: Sequence[Doubt] = ()

    @property
    def empty(self) -> bool:
        """Whether nothing was ever imported."""
        return not any(self.counts.values())


class Services(Protocol):
    """What the workbench asks of the station."""

    def overview(self, workspace: "Workspace") -> Overview:
        """Reads everything; called on a reader thread."""


class StationServices:
    """The real ones."""

    def overview(self, workspace: "Workspace") -> Overview:
        """Counts, loop and the last imports."""
        from lvdesk import history
        from lvdesk.network import counting

        entries = history.entries(workspace, None, 50, IMPORT_WORD)
        today = workspace.clock().date()
        imports = [recent(entry, today) for entry in entries if not entry.is_undo][:_RECENT]
        return Overview(
            counting.counts(workspace),
            counting.loop(workspace),
            imports,
            doubts(counting.absent(workspace), counting.unresolved(workspace)),
        )


def doubts(absent: int, unresolved: Mapping[str, int]) -> list[Doubt]:
    """What wants a look, of all that the ledger page can list."""
    found = [Doubt("台账不再列出的用户", "核实是否销户", absent, ("absent", "customer"))]
    found += [Doubt(title, "上级没有编号或不存在", unresolved.get(entity, 0), (entity, "")) for entity, title in _UNPLACED]
    return [each for each in found if each.count]


def recent(entry: "Entry", today: date) -> Recent:
    """A journal entry as a line of the list."""
    parts = (said(entry.at, today), entry.person, entry.summary)
    return Recent(entry.id, entry.label, " · ".join(part for part in parts if part), entry.undone)
