"""What was chosen last time, per workspace."""

from pathlib import Path
from typing import Any, Final, Protocol

from lvdesk.exchange.model import GEOGRAPHIC, Scope, System

_KEY: Final = "export.choices"
_FOLDER: Final = "export.folder"
_PURPOSES: Final = 8


class Remembering(Protocol):
    """Settings of a workspace."""

    def get(self, key: str, default: Any = None) -> Any:
        """The remembered value."""

    def set(self, key: str, value: Any) -> None:
        """Remembers it."""


class Memory:
    """The choices of the last export. A purpose is never taken over: whoever needs personal data says so each time."""

    def __init__(self, settings: Remembering) -> None:
        self._settings = settings
        self._kept: dict[str, Any] = dict(settings.get(_KEY, {}))

    def system(self) -> System:
        """Who received the last one."""
        try:
            return System(self._kept.get("system", ""))
        except ValueError:
            return System.MARKETING

    def format(self, system: System) -> str:
        """The form last chosen for a receiver; "" for none."""
        return str(self._kept.get("formats", {}).get(system, ""))

    def template(self, system: System) -> Path | None:
        """The receiver's own workbook."""
        name = self._kept.get("templates", {}).get(system, "")
        return Path(name) if name else None

    def crs(self) -> str:
        """The coordinate system."""
        return str(self._kept.get("crs", GEOGRAPHIC))

    def scope(self) -> Scope:
        """Feeders and areas."""
        return Scope(tuple(self._kept.get("feeders", ())), tuple(self._kept.get("areas", ())))

    def part(self) -> bool:
        """Whether only a part of the station was exported."""
        return bool(self._kept.get("part", False))

    def purposes(self) -> list[str]:
        """Purposes given before, the last first."""
        return list(self._kept.get("purposes", ()))

    def folder(self) -> str:
        """Where packages were put."""
        return str(self._settings.get(_FOLDER, ""))

    def keep(self, **values: Any) -> None:
        """Remembers choices."""
        self._kept |= values
        self._settings.set(_KEY, dict(self._kept))

    def keep_for(self, name: str, system: System, value: str) -> None:
        """Remembers a choice that belongs to a receiver: formats, templates."""
        self.keep(**{name: {**self._kept.get(name, {}), str(system): value}})

    def keep_purpose(self, purpose: str) -> None:
        """Offers a purpose again."""
        if purpose:
            self.keep(purposes=[purpose, *(each for each in self.purposes() if each != purpose)][:_PURPOSES])

    def keep_folder(self, folder: Path) -> None:
        """Starts there next time."""
        self._settings.set(_FOLDER, str(folder))
