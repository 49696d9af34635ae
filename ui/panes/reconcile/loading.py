"""What the page asks of the station; heavy modules are loaded with the first question."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from lvdesk.kit.progress import Progress
from lvdesk.network.changed import Changed
from ui.models.source import Source

if TYPE_CHECKING:
    from lvdesk.exchange.changes.model import CaseView
    from lvdesk.exchange.doctor.model import Suspect, Trace
    from lvdesk.exchange.feedback import Fed
    from lvdesk.exchange.receipts.model import LineView, Received
    from lvdesk.exchange.reconcile.browsing import Facets
    from lvdesk.exchange.reconcile.corrections import CorrectionFile
    from lvdesk.exchange.reconcile.model import Corrections, DisagreementView, Reconciled
    from lvdesk.exchange.reconcile.rates import RateBook
    from lvdesk.exchange.reconcile.reading import Scope
    from lvdesk.exchange.sync.deciding import Adopted
    from lvdesk.exchange.sync.model import SyncLine
    from lvdesk.workspace import Workspace


class Services(Protocol):
    """The page's questions; see the functions of the same names in ``lvdesk.exchange``."""

    def run(self, progress: Progress) -> "Reconciled":
        """Compares the three sides anew."""
        ...

    def facets(self, scope: "Scope") -> "Facets":
        """What the list of a scope consists of."""
        ...

    def table(self, scope: "Scope") -> Source:
        """The disagreements of a scope."""
        ...

    def view(self, number: int) -> "DisagreementView | None":
        """One disagreement, None where it is gone."""
        ...

    def correct(self, ids: Sequence[int], folder: Path | None, progress: Progress) -> "tuple[Corrections, list[CorrectionFile]]":
        """Hands corrections out; files into the folder where another side was told."""
        ...

    def allow(self, ids: Sequence[int], reason: str, until: str | None) -> Changed:
        """Lets disagreements stand, with reason and last day."""
        ...

    def withdraw(self, ids: Sequence[int]) -> Changed:
        """Takes exceptions and corrections back."""
        ...

    def rates(self) -> "RateBook":
        """The rates of the last run."""
        ...

    def take(self, paths: Sequence[Path], progress: Progress) -> "tuple[Received, Fed | None]":
        """Takes answers of other systems in: receipts, and feedback where there is some."""
        ...

    def lines(self) -> "list[LineView]":
        """What waits after receipts."""
        ...

    def settle(self, numbers: Sequence[int], how: str) -> Changed:
        """Settles what waits."""
        ...

    def suspects(self, progress: Progress) -> "tuple[Suspect, ...]":
        """Links that are probably wrong."""
        ...

    def trace(self, entity: str, key: str) -> "Trace":
        """The way up of a customer or box."""
        ...

    def cases(self) -> "list[CaseView]":
        """Network changes under way."""
        ...

    def close(self, numbers: Sequence[str], how: str) -> Changed:
        """Closes network changes."""
        ...

    def compare(self, progress: Progress) -> "tuple[SyncLine, ...]":
        """Substations, feeders and transformers of the other systems beside ours."""
        ...

    def adopt(self, lines: "Sequence[SyncLine]") -> "Adopted":
        """Takes identifiers over."""
        ...

    def decide(self, line: "SyncLine", decision: str) -> Changed:
        """Keeps a person's word."""
        ...


class StationReconcile:
    """The real services of one workspace."""

    def __init__(self, workspace: "Workspace") -> None:
        self._ws = workspace

    def run(self, progress: Progress) -> "Reconciled":
        """See ``Services``; what began or ended with it shows in the cases of network change."""
        from lvdesk.exchange.changes.refreshing import refresh
        from lvdesk.exchange.reconcile.running import run

        done = run(self._ws, progress)
        refresh(self._ws, progress)
        return done

    def facets(self, scope: "Scope") -> "Facets":
        """See ``Services``."""
        from lvdesk.exchange.reconcile.browsing import facets

        return facets(self._ws, scope)

    def table(self, scope: "Scope") -> Source:
        """See ``Services``."""
        from lvdesk.exchange.reconcile.browsing import table

        return table(self._ws, scope)

    def view(self, number: int) -> "DisagreementView | None":
        """See ``Services``."""
        from lvdesk.exchange.reconcile.reading import views

        return next(iter(views(self._ws, ids=[number])), None)

    def correct(self, ids: Sequence[int], folder: Path | None, progress: Progress) -> "tuple[Corrections, list[CorrectionFile]]":
        """See ``Services``; files are written where some other side was told."""
        from lvdesk.exchange.reconcile.corrections import write_corrections
        from lvdesk.exchange.reconcile.deciding import correct

        done = correct(self._ws, ids, progress)
        return done, write_corrections(self._ws, folder, done.order) if folder is not None and done.order else []

    def allow(self, ids: Sequence[int], reason: str, until: str | None) -> Changed:
        """See ``Services``."""
        from lvdesk.exchange.reconcile.deciding import except_

        return except_(self._ws, ids, reason, until)

    def withdraw(self, ids: Sequence[int]) -> Changed:
        """See ``Services``."""
        from lvdesk.exchange.reconcile.deciding import withdraw

        return withdraw(self._ws, ids)

    def rates(self) -> "RateBook":
        """See ``Services``."""
        from lvdesk.exchange.reconcile.rates import rates

        return rates(self._ws)

    def take(self, paths: Sequence[Path], progress: Progress) -> "tuple[Received, Fed | None]":
        """Receipts; feedback among the files is told as such, lists for the sync are kept with them."""
        from lvdesk.exchange import feedback
        from lvdesk.exchange.receipts.taking import take

        received = take(self._ws, paths, progress)
        others = [each.path for each in received.files if each.code == "receipt.other"]
        fed = feedback.take(self._ws, others, progress) if others else None
        return received, fed if fed is not None and fed.customers else None

    def lines(self) -> "list[LineView]":
        """See ``Services``."""
        from lvdesk.exchange.receipts.listing import lines

        return lines(self._ws)

    def settle(self, numbers: Sequence[int], how: str) -> Changed:
        """See ``Services``."""
        from lvdesk.exchange.receipts.settling import settle

        return settle(self._ws, numbers, how)

    def suspects(self, progress: Progress) -> "tuple[Suspect, ...]":
        """See ``Services``."""
        from lvdesk.exchange.doctor.ranking import suspects

        return suspects(self._ws, progress)

    def trace(self, entity: str, key: str) -> "Trace":
        """See ``Services``."""
        from lvdesk.exchange.doctor.paths import trace

        return trace(self._ws, entity, key)

    def cases(self) -> "list[CaseView]":
        """See ``Services``."""
        from lvdesk.exchange.changes.cases import cases

        return cases(self._ws)

    def close(self, numbers: Sequence[str], how: str) -> Changed:
        """See ``Services``."""
        from lvdesk.exchange.changes.cases import close

        return close(self._ws, numbers, how)

    def compare(self, progress: Progress) -> "tuple[SyncLine, ...]":
        """See ``Services``."""
        from lvdesk.exchange.sync.comparing import compare

        return compare(self._ws, progress)

    def adopt(self, lines: "Sequence[SyncLine]") -> "Adopted":
        """See ``Services``."""
        from lvdesk.exchange.sync.deciding import adopt

        return adopt(self._ws, lines)

    def decide(self, line: "SyncLine", decision: str) -> Changed:
        """See ``Services``."""
        from lvdesk.exchange.sync.deciding import decide

        return decide(self._ws, line, decision)
