"""Types of orders with their limits and evidence (``resources/orders.toml``), versioned by day."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from lvdesk.kit.errors import KnownError, RefusedError
from lvdesk.kit.sources import single

FILE: Final = "orders.toml"
ZONES: Final = ("urban", "rural", "remote")
UNITS: Final = {"minutes": "分钟", "hours": "小时", "days": "天", "workdays": "工作日"}


@dataclass(frozen=True)
class Limit:
    """A clock: begins with the action ``start``, must stop with ``stop``; ``amount`` by zone; holds for orders made from ``since`` on."""

    key: str
    title: str
    since: str
    start: str
    stop: str
    unit: str
    amount: Mapping[str, float]

    def said(self, zone: str) -> str:
        """Its length in words."""
        return f"{self.amount[zone]:g} {UNITS[self.unit]}"


@dataclass(frozen=True)
class OrderType:
    """A type; ``evidence`` what closing needs; ``callback`` whether the customer is asked before it is archived."""

    key: str
    title: str
    group: str
    specialty: str
    task: str
    evidence: tuple[str, ...]
    callback: bool
    limits: tuple[Limit, ...]

    def limits_on(self, day: str) -> tuple[Limit, ...]:
        """The clocks of an order made on a day: of each the newest that holds."""
        newest: dict[str, Limit] = {}
        for limit in sorted(self.limits, key=lambda each: each.since):
            if limit.since <= day:
                newest[limit.key] = limit
        return tuple(newest.values())


@dataclass(frozen=True)
class OrderBook:
    """The whole file."""

    types: Mapping[str, OrderType]
    zones: Mapping[str, str]
    sources: tuple[str, ...]
    tasks: tuple[str, ...]
    pause_reasons: tuple[str, ...]
    levels: tuple[str, ...]
    evidence: Mapping[str, str]
    alerts: tuple[tuple[float, str], ...]
    again_days: int

    def type_of(self, word: str) -> OrderType:
        """A type by key or title.

        Raises:
            RefusedError: ``orders.kind``.
        """
        found = self.types.get(word) or next((each for each in self.types.values() if each.title == word), None)
        if found is None:
            named = "、".join(f"{key}（{each.title}）" for key, each in list(self.types.items())[:8])
            raise RefusedError("orders.kind", f"没有工单类型“{word}”", f"可用的有：{named} …")
        return found


def load_orders(overrides: Path | None) -> OrderBook:
    """The file, the workspace's own where it has one.

    Raises:
        KnownError: ``rules.unreadable``.
    """
    data = single(FILE, overrides)
    try:
        types = {key: _type(key, said) for key, said in data["types"].items()}
        alerts = tuple(sorted((float(share), colour) for colour, share in data["alerts"].items()))
        return OrderBook(
            types, dict(data["zones"]), tuple(data["sources"]), tuple(data["tasks"]), tuple(data["pause_reasons"]), tuple(data["levels"]),
            dict(data["evidence"]), alerts, int(data["again_days"]),
        )  # fmt: skip
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        hint = "请改正该文件，或把它移出工作区的 resources 文件夹"
        raise KnownError("rules.unreadable", f"规则文件 {FILE} 缺少或写错 {error}", hint) from error


def _type(key: str, said: Mapping[str, Any]) -> OrderType:
    limits = tuple(_limit(each) for each in said["limits"])
    return OrderType(
        key, str(said["title"]), str(said["group"]), str(said.get("specialty", "")), str(said["task"]), tuple(said.get("evidence", ())),
        bool(said.get("callback", False)), limits,
    )  # fmt: skip


def _limit(said: Mapping[str, Any]) -> Limit:
    if said["unit"] not in UNITS:
        raise ValueError(said["unit"])
    amount = {zone: float(said[zone] if zone in said else said["all"]) for zone in ZONES}
    return Limit(said["key"], said["title"], said["since"], said["start"], said["stop"], said["unit"], amount)
