"""What a new package would come to, counted off the UI thread for everything the page shows."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from lvdesk.fieldwork.model import Plan
from ui.panes.fieldwork.loading import FormChoice, Scope

_PER = {"meter_box": "box", "access_point": "access_point", "customer": "customer"}


@dataclass(frozen=True)
class Preview:
    """A plan with the number of blocks by what they are about (``Form.per``)."""

    plan: Plan
    blocks: Mapping[str, int]


def preview_of(plan: Plan, blank_sheets: int, *, split: bool) -> Preview:
    """Counts the blocks of a plan."""
    blocks = Counter(_PER.get(need.entity, need.entity) for need in plan.needs)
    areas = len({need.area_no for need in plan.needs})
    blocks.update({"area": areas, "blank": areas * blank_sheets, "package": (areas if split else 1) if plan.needs else 0})
    return Preview(plan, blocks)


def sheets_of(form: FormChoice, blocks: Mapping[str, int]) -> int:
    """About how many sheets a form takes."""
    return ceil(blocks.get(form.per, 0) / max(form.per_sheet, 1))


def reasons_in(scope: Scope | None, areas: Sequence[str]) -> Counter[str]:
    """Things to visit by reason in these areas; in all where none is given."""
    counts: Counter[str] = Counter()
    if scope is not None:
        for number in areas or scope.reasons:
            counts.update(scope.reasons.get(number, {}))
    return counts


def distance(metres: float) -> str:
    """A length as people say it."""
    return f"{metres / 1000:.1f} 公里" if metres >= 1000 else f"{metres:.0f} 米"
