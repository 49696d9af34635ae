"""What the page asks of the station; heavy modules are loaded with the first question."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from lvdesk.kit.page import Page
from lvdesk.kit.progress import Progress
from lvdesk.network.changed import Changed

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from lvdesk.statistics.model import Figures, Indicator
    from lvdesk.workspace import Workspace


@dataclass(frozen=True)
class Shown:
    """An indicator with its chart and the bars in it (key, words)."""

    figures: "Figures"
    chart: "Figure"
    bars: tuple[tuple[str, str], ...]


class Services(Protocol):
    """The page's questions; see ``lvdesk.statistics``."""

    def indicators(self) -> "Mapping[str, Indicator]":
        """All of them."""
        ...

    def show(self, key: str, scope: str, period: str) -> Shown:
        """One of them with its chart."""
        ...

    def sentences(self, month: str, progress: Progress) -> list[str]:
        """What changed in a month."""
        ...

    def pages(self, month: str) -> Iterable[Page]:
        """The month's report."""
        ...

    def write(self, month: str, path: Path, progress: Progress) -> int:
        """The report as a workbook."""
        ...

    def freeze(self, month: str, progress: Progress) -> Changed:
        """Keeps a month's numbers."""
        ...


class StationStatistics:
    """The real services of one workspace."""

    def __init__(self, workspace: "Workspace") -> None:
        self._ws = workspace

    def indicators(self) -> "Mapping[str, Indicator]":
        """See ``Services``."""
        from lvdesk.statistics.indicators import indicators

        return indicators(self._ws.overrides)

    def show(self, key: str, scope: str, period: str) -> Shown:
        """See ``Services``."""
        from lvdesk.statistics.charts import figure_of, shown
        from lvdesk.statistics.indicators import figures

        found = figures(self._ws, key, scope, period)
        bars = tuple((line.key, f"{line.name}　{found.indicator.said(line.value)}") for line in shown(found))
        return Shown(found, figure_of(found), bars)

    def sentences(self, month: str, progress: Progress) -> list[str]:
        """See ``Services``."""
        from lvdesk.statistics.reports import report, sentences

        return sentences(report(self._ws, month, progress))

    def pages(self, month: str) -> Iterable[Page]:
        """See ``Services``."""
        from lvdesk.statistics.reports import pages

        return pages(self._ws, month)

    def write(self, month: str, path: Path, progress: Progress) -> int:
        """See ``Services``."""
        from lvdesk.statistics.reports import write_report

        return write_report(self._ws, month, path, progress)

    def freeze(self, month: str, progress: Progress) -> Changed:
        """See ``Services``."""
        from lvdesk.statistics.reports import freeze

        return freeze(self._ws, month, progress)
