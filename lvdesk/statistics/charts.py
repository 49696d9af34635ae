"""Figures in the house style: bars with their target, Pareto with its curve; readable in print, in grey and for colour-blind people."""

from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from lvdesk.statistics.model import Figures, Line

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FAMILIES: Final = ("Microsoft YaHei", "Noto Sans CJK SC", "WenQuanYi Micro Hei", "Droid Sans Fallback", "SimHei")
INK: Final = "#1D2B31"
SOFT: Final = "#CFD8DB"
GOOD: Final = "#00706B"
BAD: Final = "#C8620B"
CURVE: Final = "#1F66B5"
_MOST: Final = 20
_LEAST: Final = 6
_DPI: Final = 100
_NAME: Final = 16


@cache
def _style() -> dict[Any, Any]:
    """The fonts that are there, Chinese ones first."""
    from matplotlib import font_manager

    there = {face.name for face in font_manager.fontManager.ttflist}
    names = [name for name in FAMILIES if name in there]
    return {
        "font.family": [*names, "DejaVu Sans"], "font.size": 9.5, "axes.unicode_minus": False, "axes.edgecolor": SOFT,
        "axes.labelcolor": INK, "xtick.color": INK, "ytick.color": INK, "text.color": INK,
    }  # fmt: skip


def shown(figures: Figures) -> tuple[Line, ...]:
    """The lines a chart has room for: the worst of them."""
    return tuple(line for line in figures.lines if line.value is not None)[:_MOST]


def figure_of(figures: Figures, width: float = 7.2, height: float = 4.2) -> "Figure":
    """A figure of so many inches; bars stand in the order of ``shown``, the first at the top (or left, in a Pareto chart)."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    with rc_context(_style()):
        made = Figure(figsize=(width, height), dpi=_DPI, layout="constrained")
        made.patch.set_facecolor("#FFFFFF")
        axes = made.add_subplot()
        axes.spines[["top", "right"]].set_visible(False)
        lines = shown(figures)
        if not lines:
            axes.set_axis_off()
            axes.text(0.5, 0.5, "没有数据", ha="center", va="center", fontsize=13, color="#6F7F85")
        elif figures.indicator.chart == "pareto":
            _pareto(axes, lines)
        else:
            _bars(axes, figures, lines)
        made.draw_without_rendering()  # lays texts out while the fonts are set
    return made


def png_of(figures: Figures, width: float = 7.2, height: float = 4.2, dpi: int = 200) -> bytes:
    """The same as a picture."""
    from matplotlib import rc_context

    stream = BytesIO()
    with rc_context(_style()):
        figure_of(figures, width, height).savefig(stream, dpi=dpi, format="png", metadata={"Software": None})
    return stream.getvalue()


def _bars(axes: "Axes", figures: Figures, lines: tuple[Line, ...]) -> None:
    kind = figures.indicator
    scale = 100.0 if kind.unit == "%" else 1.0
    values = [(line.value or 0.0) * scale for line in lines]
    good = [kind.good(line.value) is not False for line in lines]
    places = range(len(lines))
    bars = axes.barh(list(places), values, color=[GOOD if each else BAD for each in good], height=0.62)
    for bar, each in zip(bars, good, strict=True):
        bar.set_hatch("" if each else "///")
        bar.set_edgecolor("#FFFFFF")
    axes.set_yticks(list(places), [_short(line.name) for line in lines])
    axes.set_ylim(max(len(lines), _LEAST) - 0.5, -0.5)
    top = max([*values, (kind.target or 0.0) * scale, 1e-9])
    axes.set_xlim(0, top * 1.18)
    for place, (value, line) in enumerate(zip(values, lines, strict=True)):
        axes.text(value + top * 0.012, place, kind.said(line.value), va="center", fontsize=8.5)
    if kind.target is not None:
        axes.axvline(kind.target * scale, color=INK, linewidth=1.1, linestyle=(0, (4, 3)))
        axes.set_title(f"虚线：目标 {kind.said(kind.target)}　斜纹：未达目标", fontsize=8.5, loc="right", color="#55666D")
    axes.set_xlabel("百分比（%）" if kind.unit == "%" else kind.unit or kind.title)
    axes.grid(axis="x", color="#EDF1F2")
    axes.set_axisbelow(True)


def _pareto(axes: "Axes", lines: tuple[Line, ...]) -> None:
    from matplotlib.ticker import MaxNLocator

    whole = sum(line.part for line in lines) or 1.0
    places, running, curve = list(range(len(lines))), 0.0, []
    for line in lines:
        running += line.part
        curve.append(running / whole * 100)
    axes.bar(places, [line.part for line in lines], color=GOOD, width=0.66)
    for place, line in enumerate(lines):
        axes.text(place, line.part, f"{line.part:,.0f}", ha="center", va="bottom", fontsize=8.5)
    axes.set_xticks(places, [line.key for line in lines], rotation=0 if len(lines) <= 12 else 60)
    axes.set_ylabel("处")
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    right = axes.twinx()
    right.plot(places, curve, color=CURVE, marker="o", markersize=3.5, linewidth=1.4)
    right.set_ylim(0, 108)
    right.set_ylabel("累计（%）")
    right.spines["top"].set_visible(False)


def _short(name: str) -> str:
    return name if len(name) <= _NAME else f"{name[: _NAME - 1]}…"
