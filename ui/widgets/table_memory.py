"""A table's columns, their order, widths and sorting, remembered from one day to the next."""

from typing import Any, Protocol

from PySide6.QtCore import QObject, QTimer

from lvdesk.kit.table import Column

_PAUSE_MS = 800


class Remembering(Protocol):
    """What the workspace's settings offer."""

    def get(self, key: str, default: Any = None) -> Any:
        """The remembered value."""
        ...

    def set(self, key: str, value: Any) -> None:
        """Remembers a value."""
        ...


class TableMemory(QObject):
    """Writes a moment after the last change, so that dragging a column edge does not write a file per pixel."""

    def __init__(self, settings: Remembering, key: str, parent: QObject) -> None:
        super().__init__(parent)
        self._settings = settings
        self._key = ""
        self._kept: dict[str, Any] = {}
        self._dirty = False
        self._open(key)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self.write)

    def turn_to(self, key: str) -> None:
        """Remembers for another table from now on."""
        self.write()
        self._open(key)

    def shown(self, columns: tuple[Column, ...]) -> tuple[str, ...]:
        """Keys of the columns to show; columns unknown to the memory stand at the end."""
        keys = [column.key for column in columns]
        order = [key for key in self._kept.get("shown", keys) if key in keys]
        known = set(self._kept.get("known", keys))
        order += [key for key in keys if key not in known]
        return tuple(order or keys)

    def width(self, column: Column) -> int:
        """The column's width in pixels."""
        return int(self._kept.get("widths", {}).get(column.key, column.width))

    def order(self) -> tuple[tuple[str, bool], ...]:
        """The remembered sorting."""
        return tuple((str(key), bool(descending)) for key, descending in self._kept.get("order", []))

    def keep_shown(self, keys: tuple[str, ...], columns: tuple[Column, ...]) -> None:
        """Remembers which columns are shown."""
        self._keep("shown", list(keys))
        self._keep("known", [column.key for column in columns])

    def keep_width(self, key: str, width: int) -> None:
        """Remembers a width."""
        self._keep("widths", {**self._kept.get("widths", {}), key: width})

    def keep_order(self, order: tuple[tuple[str, bool], ...]) -> None:
        """Remembers the sorting."""
        self._keep("order", [list(each) for each in order])

    def write(self) -> None:
        """Writes now what is pending."""
        if self._dirty:
            self._dirty = False
            self._settings.set(self._key, self._kept)

    def _open(self, key: str) -> None:
        self._key = f"table.{key}"
        self._kept = dict(self._settings.get(self._key) or {})
        self._dirty = False

    def _keep(self, name: str, value: Any) -> None:
        if self._kept.get(name) != value:
            self._kept[name] = value
            self._dirty = True
            self._pause.start()
