"""Changing the rule book: checked against kinds and bounds, undoable, tried on the present data before it goes live."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import polars as pl
from sqlalchemy import select

from lvdesk.checks.engine import FOUND, found_by, missing, placed
from lvdesk.checks.model import FAMILIES, Parameter, Rule
from lvdesk.checks.registry import discover
from lvdesk.checks.rulebook import RuleBook, Tuning, rule_book, shipped
from lvdesk.checks.rulebook_values import ValueFault, checked
from lvdesk.checks.station import Station
from lvdesk.kit.errors import RefusedError
from lvdesk.kit.progress import Progress
from lvdesk.network.batches import table_of
from lvdesk.network.changed import Changed
from lvdesk.network.verdicts import RuleSetting
from lvdesk.store.model import Change
from lvdesk.store.write import Write
from lvdesk.workspace import Workspace

Given = Mapping[str, Any]
"""What is asked of one rule: ``enabled``, ``severity``, parameters by name; None stands for the shipped value."""

_SAMPLES = 20


@dataclass(frozen=True)
class ParameterView:
    """A parameter as people see it; ``default`` is the shipped value."""

    name: str
    title: str
    kind: str
    unit: str
    value: Any
    default: Any
    minimum: float | None
    maximum: float | None


@dataclass(frozen=True)
class RuleView:
    """A rule as it is set; ``default_…`` is how it is shipped, ``changed``: it differs from that."""

    code: str
    family: str
    family_title: str
    title: str
    what: str
    where: str
    fix: str
    certain: bool
    source: str
    enabled: bool
    severity: str
    default_severity: str
    parameters: tuple[ParameterView, ...]
    changed: bool
    default_enabled: bool = True


@dataclass(frozen=True)
class Effect:
    """What a setting would do to one rule: findings before and after; messages, at most 20 each, of those that come and those that go."""

    code: str
    title: str
    before: int
    after: int
    new: tuple[str, ...] = field(default=())
    gone: tuple[str, ...] = field(default=())


def rules(ws: Workspace) -> list[RuleView]:
    """All rules with their present settings, in the order of their codes."""
    book, original = rule_book(ws), shipped(ws)
    return [_view(rule, book[code], original[code]) for code, rule in discover().items()]


def change(ws: Workspace, wanted: Mapping[str, Given]) -> Changed:
    """Sets rules in one undoable write; a value equal to the shipped one removes the setting.

    Raises:
        RefusedError: ``rules.unknown`` or ``rules.invalid`` names the rule, the value and what would be right; nothing was written.
    """
    proposed(ws, wanted)
    original = shipped(ws)
    return _store(ws, f"修改{_named(wanted)}", list(wanted), lambda code, kept: _merged(code, kept, wanted[code], original[code]))


def reset(ws: Workspace, codes: Iterable[str]) -> Changed:
    """Puts rules back to how they are shipped, in one undoable write.

    Raises:
        RefusedError: ``rules.unknown``.
    """
    chosen = list(dict.fromkeys(codes))
    for code in chosen:
        _rule(code)
    return _store(ws, f"恢复出厂设置：{_named(chosen)}", chosen, lambda _code, _kept: {})


def proposed(ws: Workspace, wanted: Mapping[str, Given]) -> dict[str, Tuning]:
    """The whole rule book as it would be with these settings; nothing is written.

    Raises:
        RefusedError: as ``change``.
    """
    book, original = rule_book(ws), shipped(ws)
    for code, given in wanted.items():
        rule = _rule(code)
        book[code] = _with(rule, book[code], original[code], given)
    return book


def what_if(ws: Workspace, wanted: Mapping[str, Given], progress: Progress) -> list[Effect]:
    """Runs the rules named under their present and the wanted settings over the present data; stores nothing.

    Findings that were accepted as exceptions count like the others.

    Raises:
        RefusedError: as ``change``.
        Cancelled: the user stopped it, between two rules.
    """
    present, future = rule_book(ws), proposed(ws, wanted)
    progress.start("正在试算", len(wanted), "条规则")
    effects = []
    with ws.store.read() as connection:
        station = Station(ws, connection)
        for code in sorted(wanted):
            rule = discover()[code]
            before, after = _found(station, rule, present), _found(station, rule, future)
            new = after.join(before, on="identity", how="anti", maintain_order="left")["message"]
            gone = before.join(after, on="identity", how="anti", maintain_order="left")["message"]
            effects.append(Effect(code, rule.title, before.height, after.height, tuple(new.head(_SAMPLES)), tuple(gone.head(_SAMPLES))))
            progress.step()
    return effects


def _found(station: Station, rule: Rule, book: RuleBook) -> pl.DataFrame:
    if not book[rule.code].enabled or missing(station, rule):
        return pl.DataFrame(schema=FOUND)
    return placed(station, pl.concat([pl.DataFrame(schema=FOUND), *found_by(station, rule, book)]))


def _view(rule: Rule, tuning: Tuning, original: Tuning) -> RuleView:
    return RuleView(
        code=rule.code,
        family=rule.family,
        family_title=FAMILIES[rule.family],
        title=rule.title,
        what=rule.what,
        where=rule.where,
        fix=rule.fix,
        certain=rule.certain,
        source=rule.source,
        enabled=tuning.enabled,
        severity=str(tuning.severity),
        default_severity=str(original.severity),
        parameters=tuple(_parameter(item, tuning, original) for item in rule.parameters),
        changed=tuning != original,
        default_enabled=original.enabled,
    )


def _parameter(item: Parameter, tuning: Tuning, original: Tuning) -> ParameterView:
    value, default = tuning.values[item.name], original.values[item.name]
    return ParameterView(item.name, item.title, item.kind, item.unit, value, default, item.minimum, item.maximum)


def _rule(code: str) -> Rule:
    rule = discover().get(code)
    if rule is None:
        raise RefusedError("rules.unknown", f"没有规则“{code}”", "请在规则手册中核对编号")
    return rule


def _named(codes: Iterable[str]) -> str:
    chosen = list(codes)
    return f"规则 {chosen[0]} {_rule(chosen[0]).title}" if len(chosen) == 1 else f" {len(chosen)} 条规则"


def _with(rule: Rule, tuning: Tuning, original: Tuning, given: Given) -> Tuning:
    for name, value in given.items():
        shipped_value = _value_of(original, name)
        try:
            taken = shipped_value if value is None else checked(rule, name, value, shipped_value)
        except ValueFault as fault:
            raise RefusedError("rules.invalid", f"规则 {rule.code} {rule.title}的{fault.title}{fault.reason}", fault.hint) from fault
        if name in {"enabled", "severity"}:
            tuning = replace(tuning, **{name: taken})
        else:
            tuning = replace(tuning, values={**tuning.values, name: taken})
    return tuning


def _value_of(tuning: Tuning, name: str) -> Any:
    return getattr(tuning, name) if name in {"enabled", "severity"} else tuning.values.get(name)


def _merged(code: str, kept: Given, given: Given, original: Tuning) -> dict[str, Any]:
    """The settings that remain of a rule: those kept and those given, without what is shipped anyway."""
    rule = _rule(code)
    taken = _with(rule, original, original, given)
    merged = {**kept, **{name: _value_of(taken, name) for name in given}}
    return {name: value for name, value in merged.items() if value != _value_of(original, name)}


def _store(ws: Workspace, label: str, codes: list[str], settle: Callable[[str, Given], Given]) -> Changed:
    """Writes what ``settle`` makes of each rule's present settings."""
    table = table_of(RuleSetting)
    with ws.store.write(label) as write:
        rows = write.connection.execute(select(table).where(table.c.rule.in_(codes))).mappings()
        present = {row["rule"]: row for row in rows}
        for code in codes:
            row = present.get(code)
            _put(write, code, row, settle(code, _kept(row)))
        changed = write.changed
    return Changed.CHECKS | Changed.HISTORY if changed else Changed.NOTHING


def _kept(row: Any) -> dict[str, Any]:
    if row is None:
        return {}
    kept: dict[str, Any] = json.loads(row["parameters"]) if row["parameters"] else {}
    if row["enabled"] is not None:
        kept["enabled"] = bool(row["enabled"])
    if row["severity"] is not None:
        kept["severity"] = row["severity"]
    return kept


def _put(write: Write, code: str, row: Any, setting: Given) -> None:
    table = table_of(RuleSetting)
    if not setting:
        if row is not None:
            write.delete(table, [row["id"]])
        return
    parameters = {name: value for name, value in setting.items() if name not in {"enabled", "severity"}}
    values = {
        "enabled": int(setting["enabled"]) if "enabled" in setting else None,
        "severity": str(setting["severity"]) if "severity" in setting else None,
        "parameters": json.dumps(parameters, ensure_ascii=False, sort_keys=True) if parameters else None,
    }
    if row is None:
        write.insert(table, ("rule", *values), [(code, *values.values())], 1)
    else:
        write.update(table, [Change(row["id"], values, row["version"])])
