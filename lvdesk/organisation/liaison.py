"""Working with townships, villages and communities: what runs out, who has not been visited, agreements and visits."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import select

from lvdesk.kit.errors import KnownError
from lvdesk.network.changed import Changed
from lvdesk.organisation.applying import CHANGED, apply
from lvdesk.organisation.attachments import keep_file
from lvdesk.organisation.model import Applied, Asked
from lvdesk.organisation.setup import load_setup
from lvdesk.organisation.state import TABLES, state, today
from lvdesk.store.model import Change
from lvdesk.workspace import Workspace


@dataclass(frozen=True)
class VillageView:
    """A village on a day.

    Attributes:
        agreement: number of the agreement that holds, "" for none; ``until`` its last day; ``days`` left, None without one.
        visited: day of the last visit, "" for never; ``due``: whether one is due.
        reminder: what has to be done, "" for nothing.
    """

    name: str
    township: str
    grid_no: str
    grid: str
    manager: str
    contact: str
    phone: str
    agreement: str
    until: str
    days: int | None
    visited: str
    due: bool
    reminder: str


def villages(ws: Workspace, day: str = "") -> list[VillageView]:
    """Every village, those with something to do first, then by name."""
    setup, now, day = load_setup(ws.overrides), state(ws), day or today(ws)
    remind, often = int(setup.number("liaison", "remind_days")), int(setup.number("liaison", "visit_days"))
    grids = {row["grid_no"]: row["name"] for row in now.rows["grid"]}
    found = []
    for row in now.rows["village"]:
        name = row["name"]
        held = [each for each in now.rows["agreement"] if each["village"] == name and each["since"] <= day]
        last = max(held, key=lambda each: str(each["until"]), default=None)
        visits = [each["day"] for each in now.rows["village_visit"] if each["village"] == name and each["day"] <= day]
        planned = [
            each["next_on"] for each in now.rows["village_visit"] if each["village"] == name and each["next_on"] > max(visits, default="")
        ]
        visited = max(visits, default="")
        days = _days(day, last["until"]) if last else None
        due = _days(visited, day) > often if visited else True
        due = due or any(each <= day for each in planned)
        parts = [_agreement_says(days, remind), f"{'从未走访' if not visited else f'{visited} 后没有走访'}" if due else "", _lacks(row)]
        found.append(VillageView(
            name, row["township"], row["grid_no"], grids.get(row["grid_no"], ""), row["manager"], row["contact"], row["phone"],
            last["agreement_no"] if last else "", last["until"] if last else "", days, visited, due, "；".join(filter(None, parts)),
        ))  # fmt: skip
    return sorted(found, key=lambda each: (not each.reminder, each.name))


def add_visit(ws: Workspace, values: Mapping[str, str]) -> Applied:
    """Records a visit.

    Raises:
        RefusedError: ``organisation.…``.
    """
    return apply(ws, [Asked("village_visit", {"day": today(ws), **values})], f"走访 {values.get('village', '')}")


def attach(ws: Workspace, sheet: str, name: str, path: Path) -> Changed:
    """Puts a photo to a person (sheet ``staff``) or a scan to an agreement.

    Raises:
        KnownError: ``organisation.unknown_staff``, ``organisation.unknown_agreement``, ``file.unreadable``, ``file.too_large``.
    """
    table = TABLES[sheet]
    key, column, what = ("name", "photo", "照片") if sheet == "staff" else ("agreement_no", "scan", "扫描件")
    with ws.store.write(f"{name} 的{what}") as write:
        row = write.connection.execute(select(table.c.id, table.c.version).where(table.c[key] == name)).first()
        if row is None:
            raise KnownError(f"organisation.unknown_{sheet}", f"没有“{name}”", "请检查名称")
        write.update(table, [Change(row.id, {column: keep_file(write, path)}, row.version)])
    return CHANGED


def _agreement_says(days: int | None, remind: int) -> str:
    if days is None:
        return "没有共建协议"
    if days < 0:
        return f"协议已过期 {-days} 天"
    return f"协议还有 {days} 天到期" if days <= remind else ""


def _lacks(row: Mapping[str, str]) -> str:
    missing = [title for field, title in (("grid_no", "网格"), ("manager", "客户经理"), ("contact", "联系人")) if not row[field]]
    return f"没有填{'、'.join(missing)}" if missing else ""


def _days(first: str, second: str) -> int:
    return (date.fromisoformat(second) - date.fromisoformat(first)).days
