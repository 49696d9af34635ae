"""A matplotlib figure in the window: the value of the bar under the mouse, a click that opens it. The one place that knows its Qt side."""

from collections.abc import Sequence

from matplotlib.backend_bases import LocationEvent
from matplotlib.backends.backend_qtagg import FigureCanvasQTAgg
from matplotlib.figure import Figure
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QToolTip, QVBoxLayout, QWidget


class ChartView(QWidget):
    """Signals: opened(key of a bar)."""

    opened = Signal(str)

    def __init__(self, name: str) -> None:
        super().__init__()
        self._bars: Sequence[tuple[str, str]] = ()
        self._canvas: FigureCanvasQTAgg | None = None
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self.setAccessibleName(name)
        self.setMinimumSize(QSize(360, 220))

    def show_figure(self, figure: Figure, bars: Sequence[tuple[str, str]]) -> None:
        """Shows a figure; ``bars`` key and words of each bar in the order they were drawn."""
        if self._canvas is not None:
            self._layout.removeWidget(self._canvas)
            self._canvas.deleteLater()
        self._bars = bars
        self._canvas = FigureCanvasQTAgg(figure)  # type: ignore[no-untyped-call]
        self._canvas.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._canvas.mpl_connect("motion_notify_event", self._hover)
        self._canvas.mpl_connect("button_release_event", self._click)
        self._layout.addWidget(self._canvas)
        self.setAccessibleDescription("；".join(words for _key, words in bars[:20]))

    def figure(self) -> Figure | None:
        """What is shown."""
        return self._canvas.figure if self._canvas is not None else None

    def bar_at(self, event: LocationEvent) -> int:
        """The number of the bar under the mouse, -1 for none."""
        figure = self.figure()
        axes = figure.axes[0] if figure is not None and figure.axes else None
        if axes is None or event.inaxes is None:
            return -1
        return next((place for place, bar in enumerate(axes.patches) if bar.contains(event)[0]), -1)  # type: ignore[arg-type]

    def _hover(self, event: LocationEvent) -> None:
        place = self.bar_at(event)
        if 0 <= place < len(self._bars):
            self.setCursor(Qt.CursorShape.PointingHandCursor)
            QToolTip.showText(self.cursor().pos(), self._bars[place][1], self)
        else:
            self.unsetCursor()
            QToolTip.hideText()

    def _click(self, event: LocationEvent) -> None:
        place = self.bar_at(event)
        if 0 <= place < len(self._bars):
            self.opened.emit(self._bars[place][0])
