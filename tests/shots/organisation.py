"""Pictures of the grids over a real station: map, chosen areas, proposals, people, villages, a form, nothing yet."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtWidgets import QWidget

from lvdesk.kit.settings import Settings
from tests.helpers.grids import organised
from tests.shots import station
from tests.shots.stage import Scene
from ui.main_window import MainWindow
from ui.panes import discover
from ui.panes.organisation.pane import OrganisationPane

_NARROW: Final = ((1366, 768),)


def pane(widget: QWidget) -> OrganisationPane:
    """The page of a window."""
    assert isinstance(widget, MainWindow)
    found = widget.stack.pane("organisation")
    assert isinstance(found, OrganisationPane)
    return found


def _full(folder: Path) -> MainWindow:
    ws = station.workspace(folder)
    organised(ws, folder)
    shown = MainWindow(ws, discover(), Settings(folder / "window.json"))
    shown.navigate("organisation")
    return shown


def _bare(folder: Path) -> MainWindow:
    return station.window(folder, "organisation")


def _empty(folder: Path) -> MainWindow:
    return station.window(folder, "organisation", filled=False)


def _mapped(widget: QWidget) -> bool:
    return pane(widget).map.seen is not None


def _calm(widget: QWidget) -> bool:
    return not pane(widget).context.jobs._running


def _choose(widget: QWidget) -> None:
    view = pane(widget).map
    assert view.seen is not None
    view.by.setCurrentIndex(2)
    view.canvas.select([place for place, area in enumerate(view.seen.areas) if area.grid == "WG02"][:4])


def _propose(widget: QWidget) -> None:
    pane(widget).map.propose_asked.emit(pane(widget).map.proposals.wish())


def _proposed(widget: QWidget) -> bool:
    return pane(widget).map.proposals.proposed is not None and _calm(widget)


def _turned(key: str) -> Callable[[QWidget], None]:
    return lambda widget: pane(widget).show_view(key)


def scenes() -> list[Scene]:
    """All pictures of the page."""
    made = [
        Scene("organisation", _full, _mapped, settled=_calm, readme="grids"),
        Scene("organisation-chosen", _full, _mapped, act=_choose, settled=_calm),
        Scene("organisation-proposals", _full, _mapped, act=_propose, settled=_proposed),
    ]
    made += [
        Scene(f"organisation-{key}", _full, _mapped, act=_turned(key), settled=_calm) for key in ("people", "villages", "lacks", "rows")
    ]
    made += [
        Scene("organisation-bare", _bare, _mapped, settled=_calm, sizes=_NARROW),
        Scene("organisation-empty", _empty, _mapped, settled=_calm, sizes=_NARROW),
    ]
    return made
