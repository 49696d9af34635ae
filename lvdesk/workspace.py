"""One station's database, files, settings, rule book, clock and person: the one object that is passed around."""

import getpass
import hashlib
import re
from functools import cached_property
from pathlib import Path
from typing import Self

from lvdesk.kit.clock import Clock, local_clock
from lvdesk.kit.errors import KnownError
from lvdesk.kit.paths import user_data
from lvdesk.kit.settings import Settings
from lvdesk.security.people import needs_pin
from lvdesk.store.store import Store
from lvdesk.templates.codes import CodeList, load_codes
from lvdesk.templates.definition import ANSWERS, Template, load_checked
from lvdesk.templates.dictionary import Dictionary, load_dictionary

DATABASE = "station.db"


class Workspace:
    """A station's picture and everything needed to work on it.

    Attributes:
        folder: backups, overriding templates, settings and spooled work lie here.
        store: the database; the only way to read and write it.
    """

    def __init__(self, folder: Path, store: Store, clock: Clock) -> None:
        self.folder, self.store, self.clock = folder, store, clock
        self.settings = Settings(folder / "settings.json")

    @classmethod
    def open(cls, folder: Path | None = None, url: str | None = None, *, person: str = "", clock: Clock = local_clock) -> Self:
        """Opens or creates a workspace: a folder with its own SQLite file, or a server database by URL.

        Raises:
            KnownError: the database cannot be used; the message says why and what to do.
        """
        if folder is None:
            folder = user_data() / "workspaces" / (_server_name(url) if url else "default")
        folder = folder.expanduser().resolve()
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            reason = error.strerror or str(error)
            raise KnownError("store.cannot_open", f"不能建立工作区文件夹 {folder}：{reason}", "请另选一个可以写入的文件夹") from error
        address = url or f"sqlite:///{(folder / DATABASE).as_posix()}"
        store = Store.open(address, person=person or _person(), clock=clock, backups=folder / "backups")
        ws = cls(folder, store, clock)
        if needs_pin(store, ws.person):
            ws.leave_desk()  # the name was only said; with its PIN he signs in
        return ws

    def close(self) -> None:
        """Releases the database."""
        self.store.close()

    def reopen(self) -> None:
        """Opens the database anew after its file was replaced."""
        self.store = Store.open(self.store.url, person=self.person, clock=self.clock, backups=self.folder / "backups")

    @property
    def title(self) -> str:
        """What the window calls this workspace."""
        return str(self.settings.get("title", "")) or self.folder.name

    @property
    def person(self) -> str:
        """Who is at the desk."""
        return self.store.person

    def leave_desk(self) -> None:
        """Nobody is signed in any more; what is done goes under the machine's user."""
        self.store.person = f"{_person()}（未登录）"

    @property
    def spool(self) -> Path:
        """Prepared files waiting for a decision; may be emptied at any time no import is open."""
        path = self.folder / "spool"
        path.mkdir(exist_ok=True)
        return path

    @property
    def overrides(self) -> Path:
        """The workspace's own templates, codes and dictionary; same file names as in ``resources``."""
        return self.folder / "resources"

    @cached_property
    def dictionary(self) -> Dictionary:
        """Every attribute of every entity with its owner."""
        return load_dictionary(self.overrides)

    @cached_property
    def templates(self) -> dict[str, Template]:
        """The rule book's templates by key."""
        return load_checked(self.overrides, self.dictionary)

    @cached_property
    def answers(self) -> dict[str, Template]:
        """The templates of what other systems answer, by key."""
        return load_checked(self.overrides, self.dictionary, ANSWERS)

    @cached_property
    def codes(self) -> dict[str, CodeList]:
        """The rule book's code lists by key."""
        return load_codes(self.overrides)


def _server_name(url: str) -> str:
    """The folder that belongs to a server database; a changed password must not lose its backups and settings."""
    place = re.sub(r"://[^@/]*@", "://", url)
    return f"server-{hashlib.sha256(place.encode()).hexdigest()[:12]}"


def _person() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "本机用户"
