"""What a screenshot is made of: a scene builds a widget; the runner sizes it, waits until it is quiet, and saves it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QWidget

SIZES = ((1366, 768), (1440, 900))


@dataclass(frozen=True)
class Scene:
    """One picture per size, ``<name>-<width>x<height>.png``.

    Attributes:
        name: ``<pane>-<state>``, e.g. ``ledger-loaded``.
        build: gets a folder of its own, returns the widget to show; called once per size.
        ready: tells when the widget shows what it shall; asked until it is true.
        act: done once it is ready, e.g. opening a menu; ``settled`` is asked afterwards.
        sizes: in logical pixels; an empty tuple keeps the widget's own size.
        readme: the largest picture is also saved as ``<readme>.png``, the name the README shows.
    """

    name: str
    build: Callable[[Path], QWidget]
    ready: Callable[[QWidget], bool] = lambda _widget: True
    act: Callable[[QWidget], object] | None = None
    settled: Callable[[QWidget], bool] = lambda _widget: True
    sizes: tuple[tuple[int, int], ...] = SIZES
    readme: str = ""
