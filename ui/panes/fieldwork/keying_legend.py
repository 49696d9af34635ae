"""The line of keys under what is typed, always in sight."""

from collections.abc import Sequence

from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.parts import label, row


class Legend(QWidget):
    """Keys with what they do; what has no room at the end gives way."""

    def __init__(self) -> None:
        super().__init__()
        self._line = row(parent=self, gap=5)
        self._keys: Sequence[tuple[str, str]] = ()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def set_keys(self, keys: Sequence[tuple[str, str]]) -> None:
        """Shows other keys."""
        if keys == self._keys:
            return
        self._keys = keys
        while (item := self._line.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for key, words in keys:
            self._line.addWidget(label(key, "keycap"))
            self._line.addWidget(label(words, "muted"))
            self._line.addSpacing(6)
        self._line.addStretch(1)

    def shown(self) -> list[str]:
        """The keys it names."""
        return [key for key, _words in self._keys]
