"""What an indicator is and what comes out of it."""

from dataclasses import dataclass

SCOPES = {"station": "全所", "feeder": "线路", "area": "台区", "grid": "网格", "person": "人员", "kind": "类型", "rule": "规则"}


@dataclass(frozen=True)
class Indicator:
    """One line of ``resources/indicators.toml``; ``target`` None for none, ``better`` high or low, ``period`` whether months differ."""

    key: str
    title: str
    group: str
    formula: str
    source: str
    unit: str
    target: float | None
    better: str
    period: bool
    chart: str
    scopes: tuple[str, ...]

    def said(self, value: float | None) -> str:
        """A value in words."""
        if value is None:
            return "—"
        if self.unit == "%":
            return f"{value:.2%}"
        return f"{value:,.0f} {self.unit}".rstrip() if self.unit in {"户", "张", "处"} else f"{value:,.1f} {self.unit}".rstrip()

    def good(self, value: float | None) -> bool | None:
        """Whether a value reaches the target; None without one."""
        if value is None or self.target is None:
            return None
        return value >= self.target if self.better == "high" else value <= self.target


@dataclass(frozen=True)
class Line:
    """One bar: ``part`` of ``whole``; without a whole the value is ``part`` alone."""

    key: str
    name: str
    part: float
    whole: float | None = None

    @property
    def value(self) -> float | None:
        """The number itself; None where there is nothing to divide by."""
        if self.whole is None:
            return self.part
        return self.part / self.whole if self.whole else None


@dataclass(frozen=True)
class Figures:
    """An indicator over a scope and a period ("" for all time, else ``YYYY-MM``)."""

    indicator: Indicator
    scope: str
    period: str
    total: Line
    lines: tuple[Line, ...]
