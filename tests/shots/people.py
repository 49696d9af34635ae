"""Pictures of signing in and of the people and their roles."""

from collections.abc import Iterator
from pathlib import Path

from PySide6.QtWidgets import QWidget

from lvdesk.kit.errors import RefusedError
from lvdesk.security.people import Profile
from tests.shots.stage import Scene
from ui.people_dialog import PeopleDialog
from ui.sign_in import SignInDialog

_ROLES = {
    "admin": "管理员", "clerk": "内勤", "grid_leader": "网格长", "customer_manager": "客户经理", "marketing": "营销班组",
    "operations": "运检班组", "reader": "只读",
}  # fmt: skip


def _person(number: int, name: str, team: str, *roles: str, pin: bool = False, active: bool = True) -> Profile:
    return Profile(number, name, roles, tuple(_ROLES[role] for role in roles), team, pin, active)


_PEOPLE = [
    _person(1, "样例管理员", "综合班", "admin", pin=True), _person(2, "样例内勤", "内勤班", "clerk"),
    _person(3, "样例网格长", "外勤班", "grid_leader", "customer_manager"), _person(4, "样例营销员", "营销班", "marketing", pin=True),
    _person(5, "样例运检员", "运检班", "operations", active=False),
]  # fmt: skip


def _sign_in(_folder: Path) -> QWidget:
    return SignInDialog(_PEOPLE, "样例营销员", lambda _name, _pin: None)


def _wrong(widget: QWidget) -> None:
    assert isinstance(widget, SignInDialog)
    widget.refuse(RefusedError("people.pin", "样例营销员 的口令不对", "请重新输入；忘记了请管理员重设"))


def _dialog(people: list[Profile], chosen: str) -> PeopleDialog:
    made = PeopleDialog(_ROLES, lambda _known, _filled: None, lambda _known, _active: None)
    made.show_people(people, chosen)
    return made


def scenes() -> Iterator[Scene]:
    """Every picture of this module."""
    small, wide = ((420, 460),), ((760, 560),)
    yield Scene("people-sign-in", _sign_in, sizes=small)
    yield Scene("people-wrong-pin", _sign_in, act=_wrong, sizes=small)
    yield Scene("people-roles", lambda _folder: _dialog(_PEOPLE, "样例营销员"), sizes=wide)
    yield Scene("people-none", lambda _folder: _dialog([], ""), sizes=wide)
