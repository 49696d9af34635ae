"""What the user must know now: kept here, shown by the notice bar; never a modal box."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QObject, Signal

from lvdesk.kit.errors import Cancelled, ConflictError, LVDeskError


class Level(StrEnum):
    """How a notice looks; only success goes away by itself."""

    INFO = "info"
    SUCCESS = "success"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True)
class Offer:
    """A button on a notice: its text and what it does; the notice goes away when it is pressed."""

    text: str
    callback: Callable[[], object]


@dataclass(frozen=True, eq=False)
class Notice:
    """What happened, why, what to do; ``offers`` are the ways on; ``details`` for whoever wants to know more."""

    level: Level
    what: str
    why: str = ""
    todo: str = ""
    offers: tuple[Offer, ...] = ()
    details: str = ""


class Notices(QObject):
    """The list of open notices; whoever shows them listens to ``changed``, the crash dialog to ``bug``."""

    changed = Signal()
    bug = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._open: list[Notice] = []

    def open(self) -> tuple[Notice, ...]:
        """Notices not yet dismissed, oldest first."""
        return tuple(self._open)

    def add(self, notice: Notice) -> Notice:
        """Shows a notice; one that says the same replaces the older."""
        self._open = [old for old in self._open if (old.level, old.what, old.why) != (notice.level, notice.what, notice.why)]
        self._open.append(notice)
        self.changed.emit()
        return notice

    def info(self, what: str, why: str = "", *, offer: Offer | None = None) -> Notice:
        """Something worth knowing; stays until dismissed."""
        return self.add(Notice(Level.INFO, what, why, offers=(offer,) if offer else ()))

    def success(self, what: str, why: str = "", *, offer: Offer | None = None) -> Notice:
        """Something worked; goes away by itself."""
        return self.add(Notice(Level.SUCCESS, what, why, offers=(offer,) if offer else ()))

    def warning(self, what: str, why: str = "", todo: str = "", *, offers: tuple[Offer, ...] = ()) -> Notice:
        """Something needs a look or an answer."""
        return self.add(Notice(Level.WARNING, what, why, todo, offers))

    def error(self, what: str, why: str = "", todo: str = "", *, offers: tuple[Offer, ...] = (), details: str = "") -> Notice:
        """Something failed."""
        return self.add(Notice(Level.ERROR, what, why, todo, offers, details))

    def show(self, error: BaseException, what: str = "", *, retry: Callable[[], object] | None = None) -> None:
        """Tells of an exception: known ones as a notice, cancelled as information, anything else is a bug."""
        offers = (Offer("重试", retry),) if retry else ()
        if isinstance(error, Cancelled):
            self.info("已取消，未保存任何数据")
        elif isinstance(error, ConflictError):
            self.warning(what or "数据已被他人修改，本次未保存", error.message, error.hint, offers=offers)
        elif isinstance(error, LVDeskError):
            title, why = (what, error.message) if what else (error.message, "")
            self.error(title, why, error.hint, offers=offers, details=f"错误代码：{error.code}")
        else:
            self.bug.emit(error)

    def dismiss(self, notice: Notice | None = None) -> None:
        """Takes one away; without an argument the newest."""
        if notice is None and self._open:
            notice = self._open[-1]
        if notice in self._open:
            self._open.remove(notice)
            self.changed.emit()
