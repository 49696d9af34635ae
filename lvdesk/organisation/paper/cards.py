"""Contact cards and notice boards: who is responsible in a village, with photo, phone and a QR code that a phone can call from."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from lvdesk.kit.errors import RefusedError
from lvdesk.kit.flow import A4, moved
from lvdesk.kit.page import Code, Line, Page, Picture, Primitive, Rectangle, TextBox
from lvdesk.organisation.attachments import file_of
from lvdesk.organisation.grids import leader
from lvdesk.organisation.state import State, state, today
from lvdesk.workspace import Workspace

_CARD: Final = (90.0, 54.0)
_ACROSS: Final = 2
_DOWN: Final = 5
_BRAND: Final = "#00706B"
_GREY: Final = "#5A6A70"
_HOTLINE: Final = "供电服务热线 95598"


@dataclass(frozen=True)
class Contact:
    """Who is printed: ``photo`` the picture's bytes, empty for none."""

    name: str
    post: str
    phone: str
    grid: str
    villages: str
    photo: bytes


def contacts(ws: Workspace, names: Sequence[str] = ()) -> list[Contact]:
    """Managers and leaders with their phone, all of them without names.

    Raises:
        RefusedError: ``liaison.nobody`` when nobody is responsible anywhere, ``liaison.unknown`` for a name that is not.
    """
    now, day = state(ws), today(ws)
    people = {row["name"]: row for row in now.rows["staff"]}
    duties: dict[str, list[str]] = {}
    for row in now.on("grid_duty", day):
        duties.setdefault(row["staff"], []).append(row["grid_no"])
    unknown = [name for name in names if name not in duties]
    if unknown:
        raise RefusedError("liaison.unknown", f"{unknown[0]} 不是网格长或客户经理", "请先在网格责任中指定")
    if not duties:
        raise RefusedError("liaison.nobody", "还没有网格长和客户经理", "请先指定网格责任人")
    grids = {row["grid_no"]: row["name"] for row in now.rows["grid"]}
    found = []
    for name in names or sorted(duties):
        row = people[name]
        villages = [each["name"] for each in now.rows["village"] if each["manager"] == name]
        post = "网格长" if any(leader(now, number, day) == name for number in duties[name]) else "客户经理"
        grid = "、".join(dict.fromkeys(grids[number] for number in duties[name]))
        found.append(Contact(name, post, row["phone"], grid, "、".join(villages), file_of(ws, row["photo"])))
    return found


def cards(ws: Workspace, names: Sequence[str] = ()) -> Iterator[Page]:
    """Ten cards a page, to be cut.

    Raises:
        RefusedError: as ``contacts``.
    """
    made = [_card(each, ws.title) for each in contacts(ws, names)]
    per_page, width, height = _ACROSS * _DOWN, *A4
    left, top = (width - _ACROSS * _CARD[0]) / 2, (height - _DOWN * _CARD[1]) / 2
    for start in range(0, len(made), per_page):
        items: list[Primitive] = []
        for place, card in enumerate(made[start : start + per_page]):
            rank, column = divmod(place, _ACROSS)
            items += moved(card, left + column * _CARD[0], top + rank * _CARD[1])
        yield Page(width, height, tuple(items), "联系卡")


def boards(ws: Workspace, villages: Sequence[str] = ()) -> Iterator[Page]:
    """One notice board (A4 lying) for each village that has a manager, for all without names.

    Raises:
        RefusedError: ``liaison.no_village`` when there is none.
    """
    now = state(ws)
    rows = [row for row in now.rows["village"] if row["manager"] and (not villages or row["name"] in villages)]
    if not rows:
        raise RefusedError("liaison.no_village", "没有指定了客户经理的村（社区）", "请先在村社区中填写客户经理")
    for row in rows:
        yield _board(ws, now, row["name"], row["manager"], row["grid_no"])


def _card(who: Contact, station: str) -> list[Primitive]:
    wide, high = _CARD
    items: list[Primitive] = [
        Rectangle(0, 0, wide, high, 0.1, "", "#B9C6CA"), Rectangle(0, 0, wide, 9, 0.0, _BRAND),
        TextBox(4, 0, wide - 8, 9, station, size=10, bold=True, colour="#FFFFFF"),
        TextBox(30, 12, 34, 8, who.name, size=16, bold=True), TextBox(30, 20, 34, 5, who.post, size=9, colour=_GREY),
        TextBox(30, 26, 36, 6, who.phone or "（没有登记电话）", size=11.5, bold=True),
        TextBox(30, 33, 36, 5, who.grid, size=8.5), TextBox(30, 38, 36, 7, who.villages, size=8, lines=2, colour=_GREY),
        Line(4, 46.5, wide - 4, 46.5, 0.15, colour="#B9C6CA"),
        TextBox(4, 47, wide - 8, 6, _HOTLINE, size=8.5, align="center", colour=_BRAND),
        *_face(who, 4, 12, 23, 32),
    ]  # fmt: skip
    return (
        [*items, Code(67, 14, 20, 20, "qr", f"tel:{who.phone}"), TextBox(66, 34, 22, 4, "扫码拨打", size=7, align="center")]
        if who.phone
        else items
    )


def _board(ws: Workspace, now: State, village: str, name: str, grid_no: str) -> Page:
    width, height = A4[::-1]
    who = next((each for each in contacts(ws) if each.name == name), None) or Contact(name, "客户经理", _phone(now, name), "", village, b"")
    grid = next((row["name"] for row in now.rows["grid"] if row["grid_no"] == grid_no), who.grid)
    head = leader(now, grid_no, today(ws))
    items: list[Primitive] = [
        Rectangle(10, 10, width - 20, height - 20, 0.6, "", _BRAND), Rectangle(10, 10, width - 20, 30, 0.0, _BRAND),
        TextBox(20, 10, width - 40, 30, f"{village}  供电服务公示牌", size=34, bold=True, align="center", colour="#FFFFFF"),
        *_face(who, 24, 52, 54, 76),
        TextBox(90, 52, 130, 18, name, size=36, bold=True), TextBox(90, 71, 130, 9, f"客户经理   {grid}", size=16, colour=_GREY),
        TextBox(90, 86, 60, 8, "服务电话", size=14, colour=_GREY),
        TextBox(90, 94, 130, 16, who.phone or "（没有登记电话）", size=32, bold=True),
        TextBox(90, 116, 130, 8, f"网格长  {head}   {_phone(now, head)}".rstrip(), size=14),
        Line(24, 140, width - 24, 140, 0.3, colour="#B9C6CA"),
        TextBox(24, 144, width - 48, 8, "服务内容：用电报装、故障报修、电费咨询、表计核实、停电通知、安全用电", size=14, lines=1),
        TextBox(24, 155, width - 48, 12, f"{_HOTLINE}    监督电话 12398", size=18, bold=True, colour=_BRAND),
        TextBox(24, height - 26, width - 48, 8, ws.title, size=11, colour=_GREY, align="right"),
    ]  # fmt: skip
    code: list[Primitive] = (
        [Code(232, 56, 46, 46, "qr", f"tel:{who.phone}"), TextBox(232, 103, 46, 8, "扫码拨打", size=12, align="center")]
        if who.phone
        else []
    )
    return Page(width, height, (*items, *code), village)


def _phone(now: State, name: str) -> str:
    return next((str(row["phone"]) for row in now.rows["staff"] if row["name"] == name), "")


def _face(who: Contact, x: float, y: float, width: float, height: float) -> list[Primitive]:
    """The photo, or a frame with the family name where there is none."""
    if who.photo:
        return [Picture(x, y, width, height, who.photo)]
    return [
        Rectangle(x, y, width, height, 0.15, "#E3F1F0", "#B9DAD8"),
        TextBox(x, y, width, height, who.name[:1], size=height * 1.1, least=8, align="center", colour=_BRAND),
    ]
