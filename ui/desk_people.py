"""The window's dealings with people: who sits down at the start, who takes over, who is registered with which role."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu, QWidget

from lvdesk.kit.settings import Settings
from lvdesk.network.changed import Changed
from ui.bus import Bus
from ui.jobs import Jobs
from ui.people_dialog import PeopleDialog
from ui.people_form import Filled
from ui.sign_in import SignInDialog

if TYPE_CHECKING:
    from lvdesk.security.people import Profile
    from lvdesk.workspace import Workspace

_LAST = "signed_in"
_ADMIN = "admin"


class PeopleServices:
    """The real services of one workspace; tests give another with the same methods."""

    def __init__(self, workspace: "Workspace") -> None:
        self._ws = workspace

    def people(self) -> "list[Profile]":
        """Everybody registered."""
        from lvdesk.security import people

        return people.people(self._ws.store, self._ws.overrides)

    def roles(self) -> dict[str, str]:
        """Key and title of each role."""
        from lvdesk.security.roles import load_roles

        return {key: role.title for key, role in load_roles(self._ws.overrides).roles.items()}

    def sign_in(self, name: str, pin: str) -> "Profile":
        """Puts somebody at the desk."""
        from lvdesk.security import people

        return people.sign_in(self._ws.store, self._ws.overrides, name, pin)

    def save(self, known: "Profile | None", filled: Filled) -> None:
        """Registers or changes somebody."""
        from lvdesk.security import people

        store, own = self._ws.store, self._ws.overrides
        if known is None:
            people.register(store, own, filled.name, filled.roles, filled.team, filled.pin)
            return
        if (set(filled.roles), filled.team) != (set(known.roles), known.team):
            people.change(store, own, known.name, roles=filled.roles, team=filled.team)
        if filled.pin or filled.no_pin:
            people.set_pin(store, own, known.name, filled.pin)

    def set_active(self, known: "Profile", active: bool) -> None:
        """Somebody leaves, or is back."""
        from lvdesk.security import people

        people.change(self._ws.store, self._ws.overrides, known.name, active=active)


class DeskPeople:
    """Opens the dialogs and lets the window know who sits there.

    Attributes:
        role: titles of the roles of the person at the desk, "" when nobody is signed in.
        registered: people are registered, so that names are not typed but signed in with.
    """

    def __init__(
        self, window: QWidget, workspace: "Workspace", settings: Settings, jobs: Jobs, bus: Bus, settle: Callable[[], object]
    ) -> None:
        self._window, self._ws, self._settings, self._jobs, self._bus, self._settle = window, workspace, settings, jobs, bus, settle
        self.services: Any = PeopleServices(workspace)
        self.role, self.registered = "", False
        self.sign_in: SignInDialog | None = None
        self.dialog: PeopleDialog | None = None

    def begin(self) -> None:
        """Asks who sits there as soon as anybody is registered; until then nobody is asked anything."""
        self._jobs.read(self.services.people, self._ask_at_start)

    def _ask_at_start(self, people: "list[Profile]") -> None:
        self.registered = bool(people)
        if any(each.active for each in people):
            if self._ws.person in {each.name for each in people}:
                self._ws.leave_desk()
                self._settle()
            self._open_sign_in(people)

    def menu(self, at: QPoint, settings: Callable[[], object]) -> None:
        """What can be done about who sits there."""
        menu = QMenu(self._window)
        menu.addAction("切换人员…", self.switch)
        menu.addAction("人员与角色…", self.manage)
        menu.addSeparator()
        menu.addAction("设置…", settings)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)

    def switch(self) -> None:
        """Another sits down."""
        self._jobs.read(self.services.people, self._ask_or_register)

    def _ask_or_register(self, people: "list[Profile]") -> None:
        if any(each.active for each in people):
            self._open_sign_in(people)
        else:
            self.manage()

    def _open_sign_in(self, people: "list[Profile]") -> None:
        dialog = SignInDialog(people, self._settings.get(_LAST, ""), self._enter, self._window)
        self.sign_in = dialog
        dialog.finished.connect(self._forget_sign_in)
        dialog.open()

    def _forget_sign_in(self) -> None:
        self.sign_in = None

    def _enter(self, name: str, pin: str) -> None:
        self._jobs.run("", lambda _progress: self.services.sign_in(name, pin), quiet=True, done=self._seated, failed=self._refused)

    def _seated(self, profile: "Profile") -> None:
        self._settings.set(_LAST, profile.name)
        self.role = "、".join(profile.role_titles)
        if self.sign_in is not None:
            self.sign_in.accept()
        self._settle()
        self._bus.tell(Changed.PEOPLE | Changed.SETTINGS)

    def _refused(self, error: Exception) -> None:
        if self.sign_in is not None:
            self.sign_in.refuse(error)

    def manage(self) -> None:
        """The list of people."""
        dialog = PeopleDialog(self.services.roles(), self._save, self._set_active, self._window)
        self.dialog = dialog
        dialog.finished.connect(self._forget_dialog)
        self._read("")
        dialog.open()

    def _forget_dialog(self) -> None:
        self.dialog = None

    def _read(self, chosen: str) -> None:
        self._jobs.read(self.services.people, lambda people: self._shown(people, chosen))

    def _shown(self, people: "list[Profile]", chosen: str) -> None:
        if self.dialog is not None:
            self.dialog.show_people(people, chosen)
        if self.role:  # signed in: the roles may be others by now
            self.role = next(("、".join(each.role_titles) for each in people if each.name == self._ws.person), self.role)
            self._settle()

    def _save(self, known: "Profile | None", filled: Filled) -> None:
        first = known is None and not self.role and _ADMIN in filled.roles
        self._keep(
            lambda: self.services.save(known, filled), filled.name, (lambda: self._enter(filled.name, filled.pin)) if first else None
        )

    def _set_active(self, known: "Profile", active: bool) -> None:
        self._keep(lambda: self.services.set_active(known, active), known.name)

    def _keep(self, work: Callable[[], object], name: str, then: Callable[[], object] | None = None) -> None:
        self._jobs.run(
            "正在保存人员", lambda _progress: work(), done=lambda _none: self._kept(name, then),
            failed=lambda error: self.dialog.refuse(error) if self.dialog else None,
        )  # fmt: skip

    def _kept(self, name: str, then: Callable[[], object] | None) -> None:
        self.registered = True
        if then is not None:  # whoever registers the first administrator goes on as him: after him nobody else may register anybody
            then()
        self._read(name)
        self._bus.tell(Changed.PEOPLE | Changed.HISTORY)
