"""Finds the panes: one folder each, with a ``pane.py`` that defines one ``Pane``."""

import importlib
import inspect
import pkgutil
from collections.abc import Iterable

from ui.panes.base import GROUPS, Pane


class PaneError(Exception):
    """The set of panes is not sound; the program must not start with it."""


def discover() -> list[type[Pane]]:
    """All panes in the order of the rail.

    Raises:
        PaneError: no pane at all, a folder without a pane, two with one key, a field missing.
    """
    folders = [info.name for info in pkgutil.iter_modules(__path__) if info.ispkg]
    return check([_load(folder) for folder in folders])


def check(panes: Iterable[type[Pane]]) -> list[type[Pane]]:
    """Sorts and refuses what ``discover`` must refuse."""
    found: dict[str, type[Pane]] = {}
    for pane in panes:
        if not (pane.key and pane.title and pane.icon) or pane.group not in GROUPS:
            raise PaneError(f"pane {pane.__module__} lacks key, title or icon, or names an unknown group")
        if pane.key in found:
            raise PaneError(f"two panes are called {pane.key}")
        found[pane.key] = pane
    if not found:
        raise PaneError("no pane found")
    return sorted(found.values(), key=lambda pane: (GROUPS.index(pane.group), pane.order))


def _load(folder: str) -> type[Pane]:
    name = f"{__name__}.{folder}.pane"
    module = importlib.import_module(name)
    own = [
        thing
        for _name, thing in inspect.getmembers(module, inspect.isclass)
        if issubclass(thing, Pane) and thing.__module__ == name
    ]  # fmt: skip
    if len(own) != 1 or own[0].key != folder:
        raise PaneError(f"{name} must define exactly one pane with key {folder!r}")
    return own[0]
