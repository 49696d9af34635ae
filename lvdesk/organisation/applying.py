"""The one way people, teams, grids, villages and agreements change: rows are checked together, then all stored or none."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from lvdesk.kit.errors import ConflictError, RefusedError
from lvdesk.network.changed import Changed
from lvdesk.organisation.model import Applied, Asked, Problem
from lvdesk.organisation.setup import Sheet, load_setup
from lvdesk.organisation.state import TABLES, Row, State, read_state
from lvdesk.organisation.validating import NEVER, problems, still_used
from lvdesk.store.model import Change
from lvdesk.store.write import Write
from lvdesk.workspace import Workspace

CHANGED: Final = Changed.ORGANISATION | Changed.HISTORY
_SHOWN: Final = 3


def apply(ws: Workspace, asked: Sequence[Asked], label: str) -> Applied:
    """Stores rows.

    Raises:
        RefusedError: ``organisation.…`` with the code of the first problem; nothing was stored.
        ConflictError: ``store.row_changed`` when somebody else was faster.
    """
    found = try_apply(ws, asked, label)
    if found.problems:
        raise refusal(found.problems)
    return found


def refusal(found: Sequence[Problem]) -> RefusedError:
    """The problems in one error."""
    more = f"（另有 {len(found) - 1} 处）" if len(found) > 1 else ""
    others = "；".join(map(str, found[1 : 1 + _SHOWN]))
    hint = f"其他：{others}" if others else "请改正后重试，什么都没有保存"
    return RefusedError(f"organisation.{found[0].code}", f"{found[0]}{more}", hint)


def try_apply(ws: Workspace, asked: Sequence[Asked], label: str) -> Applied:
    """Stores rows, or stores nothing and tells every problem.

    Raises:
        ConflictError: ``store.row_changed`` when somebody else was faster.
    """
    setup = load_setup(ws.overrides)
    with ws.store.write(label) as write:
        now = read_state(write.connection)
        plan = _Plan(now)
        for each in asked:
            plan.take(setup.sheets[each.sheet], each)
        after = plan.after()
        wrong = problems(setup, after, plan.where()) or still_used(setup, now, after)
        if wrong:
            return Applied(problems=tuple(wrong))
        return plan.carry_out(write)


class _Plan:
    """The rows as they would stand; ``touched`` of each sheet its places that were asked for, with how they are called."""

    def __init__(self, now: State) -> None:
        self._before, self._rows = now, {key: [dict(row) for row in rows] for key, rows in now.rows.items()}
        self._touched: dict[tuple[str, int], str] = {}
        self._gone: dict[str, set[int]] = {key: set() for key in now.rows}

    def take(self, sheet: Sheet, asked: Asked) -> None:
        rows = self._rows[sheet.key]
        values = {field.name: asked.values[field.name] for field in sheet.fields if field.name in asked.values}
        place = self._place(sheet, asked, values)
        if asked.remove:
            if place is not None:
                self._gone[sheet.key].add(place)
                self._touched.pop((sheet.key, place), None)
            return
        if place is None:
            place = len(rows)
            texts = dict.fromkeys(_names(sheet.key), "")
            rows.append({**texts, **{field.name: field.default for field in sheet.fields}, "id": 0, "version": 0})
        if asked.version is not None and asked.version != rows[place]["version"]:
            raise ConflictError("store.row_changed", f"{sheet.title}的这一行已被修改，本次没有保存", "请刷新后重试")
        rows[place].update({name: value for name, value in values.items() if value or name not in sheet.identity or asked.id})
        for extra in ("photo", "scan"):
            if extra in asked.values:
                rows[place][extra] = asked.values[extra]
        self._touched[sheet.key, place] = asked.where

    def after(self) -> State:
        """Everything as it would stand; rows that go are empty and hold on no day."""
        rows = {}
        for key, all_rows in self._rows.items():
            gone = self._gone[key]
            rows[key] = [row if place not in gone else _emptied(row) for place, row in enumerate(all_rows)]
        return State(rows, self._before.areas, self._before.private)

    def where(self) -> dict[tuple[str, int], str]:
        return self._touched

    def carry_out(self, write: Write) -> Applied:
        new, changed, removed = Counter[str](), Counter[str](), Counter[str]()
        for key, table in TABLES.items():
            names = _names(key)
            gone = [self._rows[key][place]["id"] for place in self._gone[key] if self._rows[key][place]["id"]]
            if gone:
                write.delete(table, gone)
                removed[key] = len(gone)
            fresh, changes = [], []
            for sheet, place in self._touched:
                row = self._rows[key][place] if sheet == key and place not in self._gone[key] else None
                if row is None:
                    continue
                if not row["id"]:
                    fresh.append(tuple(row[name] for name in names))
                elif any(row[name] != self._before.rows[key][place][name] for name in names):
                    changes.append(Change(row["id"], {name: row[name] for name in names}, row["version"]))
            if changes:
                write.update(table, changes)
                changed[key] = len(changes)
            write.insert(table, names, fresh, len(fresh))
            new[key] += len(fresh)
        return Applied({k: n for k, n in new.items() if n}, dict(changed), dict(removed))

    def _place(self, sheet: Sheet, asked: Asked, values: dict[str, str]) -> int | None:
        rows = self._rows[sheet.key]
        if asked.id is not None:
            found = next((place for place, row in enumerate(rows) if row["id"] == asked.id), None)
            if found is None:
                raise ConflictError("store.row_gone", f"{sheet.title}的这一行已被删除，本次没有保存", "请刷新后重试")
            return found
        identity = [values.get(name, "") for name in sheet.identity]
        matching: Iterable[int] = (
            place for place, row in enumerate(rows)
            if place not in self._gone[sheet.key] and [row[name] for name in sheet.identity] == identity
        )  # fmt: skip
        return next(iter(matching), None)


def _names(sheet: str) -> list[str]:
    """The columns people fill."""
    return [column.name for column in TABLES[sheet].columns if column.name not in {"id", "version"}]


def _emptied(row: Row) -> Row:
    """Stands for a row that goes: nothing refers to it and it holds on no day."""
    blank = {name: "" if isinstance(value, str) else value for name, value in row.items()}
    return {**blank, "since": NEVER, "until": NEVER}
