"""How crops read: what kind of value belongs into one, what the machine makes of its ink, keys of the wall."""

from typing import Final

from lvdesk.fieldwork.keying_model import KeyingField, KeyKind
from lvdesk.fieldwork.scan_model import Crop

_LIKELY: Final = 0.05  # between an empty square (at most 0.012 of ink) and a marked one (at least 0.093)
_NUMBERS: Final = frozenset({"longitude", "latitude"})
TICK_KEYS: Final = (
    ("1 空格", "有勾"), ("0 ⌫", "空白"), ("Enter", "照提示"), ("← ↑ → ↓", "移动"), ("Shift+方向", "多选"), ("Ctrl+A", "全选未判"),
    ("Ctrl+Z", "撤回"), ("Ctrl+PgDn", "下一组"),
)  # fmt: skip
TEXT_KEYS: Final = (
    ("Enter", "记下"), ("-", "空白"), ("+", "与台账一致"), ("↑ ↓ Tab", "移动"), ("Shift+↑↓", "多选"), ("Ctrl+A", "全选未判"),
    ("Ctrl+Z", "撤回"), ("Ctrl+PgDn", "下一组"),
)  # fmt: skip


def likely(crop: Crop) -> str:
    """What the ink of a tick box looks like: "1" or ""."""
    return "1" if crop.ink >= _LIKELY else ""


def hint(crop: Crop) -> str:
    """The same in words."""
    return "像有勾" if likely(crop) else "像空白"


def said(crop: Crop, value: str) -> str:
    """A decision in words."""
    if crop.kind == "tick":
        return "有勾" if value else "空白"
    return value or "空白"


def field_of(crop: Crop) -> KeyingField:
    """The field a crop belongs to, for the checks of what is typed."""
    name = crop.field.rpartition(".")[2]
    kind: KeyKind = "text"
    if crop.kind == "comb":
        kind = "barcode" if crop.count == 22 else "number" if name in _NUMBERS else "date" if name == "collected_on" else "digits"
    return KeyingField(
        place=crop.place, block=0, kind=kind, title=crop.title, field=crop.field, slot=None, length=crop.count if kind != "text" else 0,
        choices=(), exclusive=(), ledger=crop.ledger, value=crop.value, how="", risky=False, verified=False, page=crop.page,
    )  # fmt: skip
