"""Text cells: names, addresses, remarks. Their wording is the owner's; only wrapping and invisible dirt go."""

import re

from lvdesk.tabular.heal.characters import spaced, trimmed, without_invisible
from lvdesk.tabular.heal.model import Healing

_FORCED_TEXT = re.compile(r"^'(?=[^'\s][^']*$)", re.DOTALL)


def heal_text(text: str) -> Healing:
    """Trims, drops invisible characters and an Excel apostrophe, joins runs of spaces; full-width characters stay."""
    steps: list[str] = []
    value = spaced(trimmed(without_invisible(text, steps), steps), steps)
    if _FORCED_TEXT.match(value):
        value = value[1:]
        steps.append("去除撇号")
    if not value and text:
        return Healing("", "仅含空白，按空值处理")
    return Healing(value).after(steps)
