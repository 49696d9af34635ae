"""What a receiving system would refuse of the records that leave: known before it says so."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from lvdesk.checks.model import KEYS
from lvdesk.exchange.model import System
from lvdesk.exchange.picture import Picture
from lvdesk.kit.errors import KnownError
from lvdesk.kit.sources import single
from lvdesk.network.tables import TABLES

FILE: Final = "receivers.toml"
_BOUNDS: Final = {"longitude": (73.0, 136.0), "latitude": (3.0, 54.0)}
"""Degrees; the country with its islands (domain.md 6)."""
_SHOWN: Final = 200


@dataclass(frozen=True)
class Reject:
    """Records that one rule of the receiver would refuse; ``keys`` the first of them."""

    entity: str
    field: str
    why: str
    count: int
    keys: tuple[str, ...]


def predicted(leaving: Picture, system: System) -> tuple[Reject, ...]:
    """The refusals to be expected, the most frequent first.

    Raises:
        KnownError: ``rules.unreadable`` when the station's own file is not sound.
    """
    found = []
    for rule in single(FILE, leaving.ws.overrides).get(str(system), []):
        frame, entity = _frame(leaving, rule), rule["entity"]
        keys = frame.filter(wrong(rule))[KEYS[entity]]
        if len(keys):
            found.append(Reject(entity, rule["field"], str(rule["why"]), len(keys), tuple(keys.head(_SHOWN).to_list())))
    return tuple(sorted(found, key=lambda reject: -reject.count))


def _frame(leaving: Picture, rule: dict[str, Any]) -> pl.DataFrame:
    entity, field = str(rule.get("entity")), str(rule.get("field"))
    if entity not in TABLES or field not in TABLES[entity].c or rule.get("check") not in _CHECKS:
        what, hint = f"{entity}.{field} {rule.get('check')}", f"check 可用 {'、'.join(_CHECKS)}；请改正工作区 resources 中的文件"
        raise KnownError("rules.unreadable", f"{FILE} 中的规则“{what}”无法使用", hint)
    return leaving.of(entity)


def wrong(rule: Mapping[str, Any]) -> pl.Expr:
    """Records that the rule would refuse."""
    return _CHECKS[rule["check"]](pl.col(rule["field"]), rule)


def _empty(value: pl.Expr, _rule: Mapping[str, Any]) -> pl.Expr:
    return value.is_null()


def _long(value: pl.Expr, rule: Mapping[str, Any]) -> pl.Expr:
    return value.str.len_chars() > int(rule["limit"])


def _twice(value: pl.Expr, _rule: Mapping[str, Any]) -> pl.Expr:
    return value.is_not_null() & value.is_duplicated()


def _elsewhere(value: pl.Expr, rule: Mapping[str, Any]) -> pl.Expr:
    low, high = _BOUNDS[rule["field"]]
    return value.is_not_null() & ~value.is_between(low, high)


_CHECKS: Final = {"filled": _empty, "length": _long, "unique": _twice, "place": _elsewhere}
