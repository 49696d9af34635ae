"""Remembered choices: one JSON file, written whole, never in the way."""

import json
import logging
from pathlib import Path
from typing import Any

from lvdesk.kit.files import replacing

_log = logging.getLogger(__name__)


class Settings:
    """Keys with JSON values; an unreadable file counts as empty and is kept beside as ``.damaged``."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._values: dict[str, Any] = {}
        if path.exists():
            try:
                self._values = dict(json.loads(path.read_text(encoding="utf-8")))
            except (ValueError, TypeError, OSError):
                _log.info("settings unreadable, starting afresh")
                path.replace(path.with_suffix(".damaged"))

    def get(self, key: str, default: Any = None) -> Any:
        """The remembered value, or ``default``."""
        return self._values.get(key, default)

    def set(self, key: str, value: Any) -> None:
        """Remembers ``value`` at once; the same value again costs nothing."""
        if self._values.get(key) == value and key in self._values:
            return
        self._values[key] = value
        with replacing(self._path) as part:
            part.write_text(json.dumps(self._values, ensure_ascii=False, indent=1), encoding="utf-8")
