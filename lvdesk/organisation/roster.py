"""People on a day: team, grid, whether they are here, who stands in; and the steps that change it."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from lvdesk.organisation.applying import apply
from lvdesk.organisation.model import Applied, Asked
from lvdesk.organisation.state import LEADER, State, day_before
from lvdesk.organisation.validating import chain
from lvdesk.workspace import Workspace

_REST: Final = "休息"


@dataclass(frozen=True)
class Member:
    """Somebody on a day.

    Attributes:
        team, role: "" when he belongs to none.
        grids: numbers of the grids he is responsible in; ``leads`` of those he leads.
        shift: of the day, "" where nothing is planned.
        away: reason of his absence, "" when he is here; ``standin`` who does his work.
    """

    name: str
    staff_no: str
    post: str
    specialties: tuple[str, ...]
    phone: str
    team: str
    kind: str
    role: str
    grids: tuple[str, ...]
    leads: tuple[str, ...]
    shift: str
    away: str
    standin: str


def members(now: State, day: str) -> list[Member]:
    """Everybody who works here on a day, by name."""
    teams = {row["name"]: row["kind"] for row in now.rows["team"]}
    belongs = {row["staff"]: row for row in now.on("membership", day)}
    duties: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in now.on("grid_duty", day):
        duties[row["staff"]].append((row["grid_no"], row["duty"]))
    shifts = {row["staff"]: row["shift"] for row in now.rows["shift"] if row["day"] == day}
    away = {row["staff"]: row["reason"] or "请假" for row in now.on("absence", day)}
    found = []
    for row in now.staff_at(day):
        name = row["name"]
        member = belongs.get(name)
        team = member["team"] if member else ""
        grids = tuple(dict.fromkeys(grid for grid, _duty in duties[name]))
        leads = tuple(grid for grid, duty in duties[name] if duty == LEADER)
        found.append(Member(
            name, row["staff_no"], row["post"], tuple(filter(None, row["specialties"].split("、"))), row["phone"], team,
            teams.get(team, ""), member["role"] if member else "", grids, leads, shifts.get(name, ""), away.get(name, ""),
            standin(now, name, day) if name in away else "",
        ))  # fmt: skip
    return found


def standin(now: State, name: str, day: str) -> str:
    """Who does somebody's work on a day: himself when he is here, "" when nobody is named or the last of the chain is away too."""
    line = chain(now.rows["absence"], name, day)
    away = {row["staff"] for row in now.on("absence", day)}
    return line[-1] if line[-1] not in away and is_here(now, line[-1], day) else ""


def is_here(now: State, name: str, day: str) -> bool:
    """Whether somebody works at the station on a day and has no absence."""
    return any(row["name"] == name for row in now.staff_at(day)) and all(row["staff"] != name for row in now.on("absence", day))


def on_shift(now: State, name: str, day: str) -> bool:
    """Whether somebody works on a day: here, and not planned to rest."""
    resting = any(row["staff"] == name and row["day"] == day and row["shift"] == _REST for row in now.rows["shift"])
    return not resting and is_here(now, name, day)


def move(ws: Workspace, now: State, name: str, team: str, since: str, role: str = "成员") -> Applied:
    """Puts somebody into a team from a day on; where he was before ends the day before.

    Raises:
        RefusedError: ``organisation.…``.
    """
    asked = ending(now, "membership", {"staff": name}, since, keep={"team": team, "role": role})
    if asked is None:
        return Applied()
    values = {"staff": name, "team": team, "role": role, "since": since}
    return apply(ws, [*asked, Asked("membership", values)], f"{name} 转入{team}")


def ending(now: State, sheet: str, match: Mapping[str, str], since: str, keep: Mapping[str, str]) -> list[Asked] | None:
    """What ends the rows that match and hold on a day: those begun that very day go. None when one of them says ``keep`` already."""
    asked = []
    for row in now.rows[sheet]:
        if any(row[name] != value for name, value in match.items()) or (row["until"] and row["until"] < since):
            continue
        if row["since"] <= since and all(row[name] == value for name, value in keep.items()):
            return None
        gone = row["since"] >= since
        asked.append(Asked(sheet, {} if gone else {"until": day_before(since)}, id=row["id"], version=row["version"], remove=gone))
    return asked
