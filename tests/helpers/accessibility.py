"""Listens to a program as a screen reader does: ``/usr/bin/python3 accessibility.py PID`` lists its controls as JSON.

Needs python3-gi and gir1.2-atspi-2.0 and nothing of the project; ``--ready`` only tells whether the bus answers.
Rows of tables, trees and lists are their content, not controls: they are not walked; nor are the list of a combo box and the
line of a spin box, which a screen reader announces by their owner's name.
"""

import json
import sys
from collections.abc import Iterator
from typing import Any

INTERACTIVE = {
    "push button", "button", "toggle button", "check box", "radio button", "combo box", "text", "entry", "password text", "spin button",
    "slider", "table", "tree table", "tree", "list", "list box", "page tab", "page tab list", "menu", "menu item", "check menu item",
    "radio menu item", "menu bar", "dial", "editbar", "link",
}  # fmt: skip
_WHOLE = {"table", "tree table", "tree", "list", "list box", "combo box", "spin button"}
_DEEPEST = 60


def controls(accessible: Any, path: tuple[str, ...] = ()) -> Iterator[dict[str, Any]]:
    """Every control at and below ``accessible``."""
    from gi.repository import Atspi

    role, name = accessible.get_role_name(), (accessible.get_name() or "").strip()
    here = (*path, f"{role} {name}".strip())
    if role in INTERACTIVE:
        has = accessible.get_state_set().contains
        showing, enabled = has(Atspi.StateType.SHOWING), has(Atspi.StateType.ENABLED)
        yield {"role": role, "name": name, "path": here, "showing": showing, "enabled": enabled}
    if len(here) > _DEEPEST or role in _WHOLE:
        return
    for place in range(accessible.get_child_count()):
        child = accessible.get_child_at_index(place)
        if child is not None:
            yield from controls(child, here)


def application(pid: int) -> Any:
    """The program with this process number; None while it has not joined the bus."""
    from gi.repository import Atspi

    desktop = Atspi.get_desktop(0)
    for place in range(desktop.get_child_count()):
        found = desktop.get_child_at_index(place)
        if found is not None and found.get_process_id() == pid:
            return found
    return None


def main() -> int:
    """0 with a list on standard output; 1 when the program is not on the bus."""
    import gi

    gi.require_version("Atspi", "2.0")
    from gi.repository import Atspi

    if Atspi.init() not in (0, 1):
        return 1
    if sys.argv[1] == "--ready":
        Atspi.get_desktop(0).get_child_count()
        return 0
    found = application(int(sys.argv[1]))
    if found is None:
        return 1
    sys.stdout.write(json.dumps(list(controls(found))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
