"""The one message between panes: something changed."""

from PySide6.QtCore import QObject, Signal

from lvdesk.network.changed import Changed


class Bus(QObject):
    """``changed`` carries what services returned; visible panes refresh, hidden ones when they are next shown."""

    changed = Signal(object)

    def tell(self, changed: Changed) -> None:
        """Announces a change; nothing is sent for ``Changed.NOTHING``."""
        if changed:
            self.changed.emit(changed)
