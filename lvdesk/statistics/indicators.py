"""All indicators, and the one way to work one out."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from lvdesk.kit.errors import KnownError, RefusedError
from lvdesk.kit.sources import single
from lvdesk.statistics.measures import MEASURES
from lvdesk.statistics.model import SCOPES, Figures, Indicator, Line
from lvdesk.workspace import Workspace

FILE: Final = "indicators.toml"
_MONTH: Final = 7


def indicators(overrides: Path | None) -> dict[str, Indicator]:
    """All of them by key, as the file orders them.

    Raises:
        KnownError: ``rules.unreadable``; also for an indicator nobody can measure.
    """
    data = single(FILE, overrides)
    try:
        found = {key: _indicator(key, said) for key, said in data.items()}
    except (KeyError, TypeError, ValueError) as error:
        raise KnownError(
            "rules.unreadable", f"规则文件 {FILE} 缺少或写错 {error}", "请改正该文件，或把它移出工作区的 resources 文件夹"
        ) from error
    return found


def figures(ws: Workspace, key: str, scope: str = "", period: str = "") -> Figures:
    """One indicator by scope (its first one without) and month.

    Raises:
        RefusedError: ``stats.indicator``, ``stats.scope``, ``stats.period``.
    """
    known = indicators(ws.overrides)
    if key not in known:
        raise RefusedError("stats.indicator", f"没有指标“{key}”", f"可用的有：{'、'.join(known)}")
    found = known[key]
    scope = scope or found.scopes[0]
    if scope not in found.scopes:
        raise RefusedError(
            "stats.scope", f"{found.title}不能按{SCOPES.get(scope, scope)}分", f"可以按：{'、'.join(SCOPES[each] for each in found.scopes)}"
        )
    if period and (len(period) != _MONTH or period[4] != "-" or not (period[:4] + period[5:]).isdigit()):
        raise RefusedError("stats.period", f"月份“{period}”写错", "写成 2026-11")
    lines = MEASURES[key](ws, scope, period if found.period else "")
    return Figures(found, scope, period if found.period else "", _total(lines), tuple(_ordered(found, lines)))


def _total(lines: list[Line]) -> Line:
    whole = None if any(line.whole is None for line in lines) else sum(line.whole or 0 for line in lines)
    return Line("", SCOPES["station"], sum(line.part for line in lines), whole if lines else 0.0)


def _ordered(found: Indicator, lines: list[Line]) -> list[Line]:
    """The worst first: what somebody looks for."""
    worst = -1 if found.better == "low" else 1
    return sorted(lines, key=lambda line: (line.value is None, worst * (line.value or 0.0), line.name))


def _indicator(key: str, said: Mapping[str, object]) -> Indicator:
    if key not in MEASURES:
        raise ValueError(key)
    target = said.get("target")
    scopes = tuple(map(str, said["scopes"]))  # type: ignore[call-overload]
    return Indicator(
        key, str(said["title"]), str(said["group"]), str(said["formula"]), str(said["source"]), str(said["unit"]),
        float(target) if isinstance(target, int | float) else None, str(said.get("better", "high")), bool(said.get("period", False)),
        str(said.get("chart", "bar")), scopes,
    )  # fmt: skip
