"""The verb of the people at the desk: who they are, what their roles are, their PINs."""

import argparse
from collections.abc import Callable
from dataclasses import asdict
from typing import Any, Final

from lvdesk.cli import staff_verbs
from lvdesk.cli.output import DONE, Answer
from lvdesk.kit.progress import Progress
from lvdesk.security import people as registry
from lvdesk.security.people import Profile
from lvdesk.workspace import Workspace


def add_verbs(verbs: Any, common: argparse.ArgumentParser) -> None:
    """Declares the verb."""
    parts = verbs.add_parser("people", help="人员与角色：谁可以做什么").add_subparsers(dest="part", required=True)
    parts.add_parser("list", parents=[common], help="列出登记的人员")
    adding = parts.add_parser("add", parents=[common], help="登记人员")
    _named(adding)
    roles = "角色，可多次：admin、clerk、grid_leader、customer_manager、marketing、operations、reader，或中文名称"
    adding.add_argument("--role", action="append", required=True, dest="roles", metavar="ROLE", help=roles)
    adding.add_argument("--team", default="", help="班组")
    adding.add_argument("--set-pin", default="", metavar="PIN", help="口令，不填则不用口令")
    changing = parts.add_parser("change", parents=[common], help="改角色、班组")
    _named(changing)
    changing.add_argument("--role", action="append", default=None, dest="roles", metavar="ROLE")
    changing.add_argument("--team", default=None)
    leaving = parts.add_parser("leave", parents=[common], help="离岗；--back 恢复")
    _named(leaving)
    leaving.add_argument("--back", action="store_true")
    pinning = parts.add_parser("pin", parents=[common], help="设置口令，不给 --set-pin 则取消")
    _named(pinning)
    pinning.add_argument("--set-pin", default="", metavar="PIN")
    for parser in (adding, changing, leaving, pinning):
        sit(parser)
    staff_verbs.add_parts(parts, common)


def sit(parser: argparse.ArgumentParser) -> None:
    """Lets a part of a verb be done in somebody's name."""
    parser.add_argument("--as", dest="who", default="", metavar="USER", help="以谁的名义（须已登记）")
    parser.add_argument("--pin", default="", help="他的口令，没有设置则不填")


def seated(ws: Workspace, options: argparse.Namespace) -> None:
    """Puts whom ``sit`` named at the desk.

    Raises:
        KnownError: ``people.unknown``.
        RefusedError: ``people.left``, ``people.pin``, ``people.pin_wait``.
    """
    if options.who:
        registry.sign_in(ws.store, ws.overrides, options.who, options.pin)


def _named(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="姓名")


def people(ws: Workspace, options: argparse.Namespace, progress: Progress) -> Answer:
    """Runs one part of the verb."""
    if options.part in _STAFF:
        return _STAFF[options.part](ws, options, progress)
    return _PARTS[options.part](ws, options)


def _list(ws: Workspace, _options: argparse.Namespace) -> Answer:
    found = registry.people(ws.store, ws.overrides)
    return Answer({"people": [asdict(each) for each in found]}, tuple(map(_line, found)) or ("还没有登记人员",), DONE)


def _add(ws: Workspace, options: argparse.Namespace) -> Answer:
    seated(ws, options)
    registry.register(ws.store, ws.overrides, options.name, options.roles, options.team, options.set_pin)
    return _told(ws, options.name, "已登记")


def _change(ws: Workspace, options: argparse.Namespace) -> Answer:
    seated(ws, options)
    registry.change(ws.store, ws.overrides, options.name, roles=options.roles, team=options.team)
    return _told(ws, options.name, "已修改")


def _leave(ws: Workspace, options: argparse.Namespace) -> Answer:
    seated(ws, options)
    registry.change(ws.store, ws.overrides, options.name, active=options.back)
    return _told(ws, options.name, "已恢复" if options.back else "已离岗")


def _pin(ws: Workspace, options: argparse.Namespace) -> Answer:
    seated(ws, options)
    registry.set_pin(ws.store, ws.overrides, options.name, options.set_pin)
    return _told(ws, options.name, "已设置口令" if options.set_pin else "已取消口令")


def _told(ws: Workspace, name: str, what: str) -> Answer:
    found = registry.find(ws.store, ws.overrides, name)
    return Answer({"person": asdict(found)}, (f"{what}：{_line(found)}",), DONE)


def _line(profile: Profile) -> str:
    marks = "、".join(text for text, holds in (("有口令", profile.has_pin), ("已离岗", not profile.active)) if holds)
    return f"{profile.name}  {'、'.join(profile.role_titles)}  {profile.team}  {marks}".rstrip()


_PARTS: Final[dict[str, Callable[[Workspace, argparse.Namespace], Answer]]] = {
    "list": _list, "add": _add, "change": _change, "leave": _leave, "pin": _pin,
}  # fmt: skip
_STAFF: Final[dict[str, Callable[[Workspace, argparse.Namespace, Progress], Answer]]] = {
    "import": staff_verbs.take, "export": staff_verbs.give, "staff": staff_verbs.staff, "move": staff_verbs.move, "map": staff_verbs.former,
}  # fmt: skip
