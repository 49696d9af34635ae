"""People at the desk: registered with roles and team, signed in, allowed or not. Works on a store, so that everything may ask it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Table, select

from lvdesk.kit.errors import KnownError, RefusedError
from lvdesk.security.pins import GUARD, hashed
from lvdesk.security.roles import Roles, load_roles
from lvdesk.security.tables import Person
from lvdesk.store.model import Change, Entry
from lvdesk.store.store import Store

_PERSON: Final[Table] = Person.__table__  # type: ignore[assignment]
_CLERK: Final = "clerk"
_ADMIN: Final = "admin"
_MANAGE: Final = "people.manage"


@dataclass(frozen=True)
class Profile:
    """Somebody who works with the program; ``active`` False for who left."""

    id: int
    name: str
    roles: tuple[str, ...]
    role_titles: tuple[str, ...]
    team: str
    has_pin: bool
    active: bool


def people(store: Store, overrides: Path | None) -> list[Profile]:
    """Everybody who is registered, by name."""
    roles = load_roles(overrides)
    with store.read() as connection:
        return [_profile(row, roles) for row in connection.execute(select(_PERSON).order_by(_PERSON.c.name))]


def find(store: Store, overrides: Path | None, name: str) -> Profile:
    """One person.

    Raises:
        KnownError: ``people.unknown``.
    """
    with store.read() as connection:
        row = _row(connection, name)
    if row is None:
        raise KnownError("people.unknown", f"没有登记人员“{name}”", f"请先登记：people add {name} --role 角色")
    return _profile(row, load_roles(overrides))


def actions(store: Store, overrides: Path | None, person: str = "") -> frozenset[str]:
    """What somebody may do; without a name the person at the desk. Who is not registered may do the clerk's work.

    While there is no administrator everybody may register people.
    """
    roles = load_roles(overrides)
    with store.read() as connection:
        row = _row(connection, person or store.person)
        managed = _has_admin(connection)
    keys = json.loads(row.roles) if row is not None and row.active else [] if row is not None else [_CLERK]
    allowed = roles.allowed(keys)
    return allowed if managed else allowed | {_MANAGE}


def may(store: Store, overrides: Path | None, action: str, person: str = "") -> bool:
    """Whether somebody may do this."""
    return action in actions(store, overrides, person)


def require(store: Store, overrides: Path | None, action: str, person: str = "") -> None:
    """Stops who may not do this.

    Raises:
        RefusedError: ``people.not_allowed``; the hint says which role may.
    """
    if may(store, overrides, action, person):
        return
    roles = load_roles(overrides)
    holders = "、".join(role.title for role in roles.holders(action))
    who = person or store.person
    raise RefusedError(
        "people.not_allowed", f"{who} 没有“{roles.titles.get(action, action)}”的权限", f"应由{holders}处理，或请管理员分配角色"
    )


def register(store: Store, overrides: Path | None, name: str, roles: Sequence[str], team: str = "", pin: str = "") -> None:
    """Adds somebody.

    Raises:
        RefusedError: ``people.not_allowed``, ``people.name``, ``people.role``, ``people.known``, ``people.pin_short``.
    """
    require(store, overrides, _MANAGE)
    name, kept = name.strip(), hashed(pin) if pin else ""
    if not name:
        raise RefusedError("people.name", "没有填写姓名", "请填写姓名后再登记")
    chosen = _checked(load_roles(overrides), roles)
    with store.write(f"登记人员 {name}") as write:
        if _row(write.connection, name) is not None:
            raise RefusedError("people.known", f"{name} 已经登记过了", "同名的人请加上区分，如 张三（二班）")
        columns = ("name", "roles", "team", "pin", "active")
        write.insert(_PERSON, columns, [(name, json.dumps(chosen), team.strip(), kept, 1)], 1)


def change(
    store: Store, overrides: Path | None, name: str, *, roles: Sequence[str] | None = None, team: str | None = None,
    active: bool | None = None,
) -> None:  # fmt: skip
    """New roles, team or whether he still works here; None leaves it.

    Raises:
        RefusedError: ``people.not_allowed``, ``people.role``, ``people.last_admin`` when nobody could manage people any more.
        KnownError: ``people.unknown``.
    """
    require(store, overrides, _MANAGE)
    values: dict[str, Any] = {}
    if roles is not None:
        values["roles"] = json.dumps(_checked(load_roles(overrides), roles))
    if team is not None:
        values["team"] = team.strip()
    if active is not None:
        values["active"] = int(active)
    with store.write(f"修改人员 {name}") as write:
        row = _known(write.connection, name)
        managed = _has_admin(write.connection)
        write.update(_PERSON, [Change(row.id, values, row.version)])
        if managed and not _has_admin(write.connection):
            raise RefusedError("people.last_admin", f"{name} 是最后一个管理员", "请先给另一个人管理员角色")


def set_pin(store: Store, overrides: Path | None, name: str, pin: str) -> None:
    """A new PIN; "" takes it away. Everybody may set his own, others' only who manages people.

    Raises:
        RefusedError: ``people.not_allowed``, ``people.pin_short``.
        KnownError: ``people.unknown``.
    """
    if name.strip() != store.person:
        require(store, overrides, _MANAGE)
    kept = hashed(pin) if pin else ""
    with store.write(f"{'设置' if pin else '取消'}口令 {name}") as write:
        row = _known(write.connection, name)
        write.update(_PERSON, [Change(row.id, {"pin": kept}, row.version)])


def check_pin(store: Store, name: str, pin: str) -> None:
    """Whether this is his PIN; who has none needs none.

    Raises:
        RefusedError: ``people.pin``, ``people.pin_wait``.
        KnownError: ``people.unknown``.
    """
    with store.read() as connection:
        row = _known(connection, name)
    if row.pin:
        GUARD.check(row.name, row.pin, pin)


def needs_pin(store: Store, name: str) -> bool:
    """Whether nobody may work under this name without its PIN."""
    with store.read() as connection:
        row = _row(connection, name)
    return row is not None and bool(row.pin)


def require_undo(store: Store, overrides: Path | None, entry: Entry | None) -> None:
    """Stops who would change people by taking a write back.

    Raises:
        RefusedError: ``people.not_allowed``.
    """
    if entry is not None and Person.__tablename__ in entry.summary:
        require(store, overrides, _MANAGE)


def sign_in(store: Store, overrides: Path | None, name: str, pin: str = "") -> Profile:
    """Puts somebody at the desk: his name gets into history, his roles decide what he may.

    Raises:
        RefusedError: ``people.left`` for who works here no more, ``people.pin``, ``people.pin_wait``.
        KnownError: ``people.unknown``.
    """
    profile = find(store, overrides, name)
    if not profile.active:
        raise RefusedError("people.left", f"{name} 已离岗", "请选择在岗的人员，或请管理员恢复")
    check_pin(store, name, pin)
    store.person = profile.name
    return profile


def _profile(row: Any, roles: Roles) -> Profile:
    keys = tuple(json.loads(row.roles))
    titles = tuple(roles.roles[key].title for key in keys if key in roles.roles)
    return Profile(row.id, row.name, keys, titles, row.team, bool(row.pin), bool(row.active))


def _row(connection: Connection, name: str) -> Any:
    return connection.execute(select(_PERSON).where(_PERSON.c.name == name.strip())).first()


def _known(connection: Connection, name: str) -> Any:
    row = _row(connection, name)
    if row is None:
        raise KnownError("people.unknown", f"没有登记人员“{name}”", f"请先登记：people add {name} --role 角色")
    return row


def _has_admin(connection: Connection) -> bool:
    rows = connection.execute(select(_PERSON.c.roles).where(_PERSON.c.active == 1)).scalars()
    return any(_ADMIN in json.loads(roles) for roles in rows)


def _checked(roles: Roles, keys: Sequence[str]) -> list[str]:
    """Keys of roles, also given by title.

    Raises:
        RefusedError: ``people.role``.
    """
    by_title = {role.title: key for key, role in roles.roles.items()}
    found = list(dict.fromkeys(by_title.get(key, key) for key in keys))
    unknown = [key for key in found if key not in roles.roles]
    if unknown or not found:
        named = "、".join(f"{key}（{role.title}）" for key, role in roles.roles.items())
        raise RefusedError("people.role", f"没有角色“{'、'.join(unknown)}”" if unknown else "没有给出角色", f"可用的有：{named}")
    return found
