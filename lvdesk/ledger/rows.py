"""Which rows of a table are data: blank rows, repeated page headers, subtotals, footers and further headers are told apart."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

import polars as pl

ROW: Final = "row"
BLANK, HEADER, SUBTOTAL, FOOTER = "空行", "重复表头", "小计合计", "标题或落款"

_TOTAL: Final = re.compile(r"^(本页)?(小计|合计|总计|累计|共计|总和|汇总)|(小计|合计|总计)[:：]?$|^共\d+[户条行台只个]")
_FOOT: Final = re.compile(
    r"^(制表|填表|负责人|(审核|填报|复核|打印|导出|统计|编制|批准)(人|员|者|日期|时间|单位|部门|[:：]|$)|第\d+页|页码|(备注|说明|注)[:：])"
)
_DIGIT: Final = r"[0-9０-９]"
_MARK: Final = (
    r"[:：页]|小计|合计|总计|累计|共计|总和|汇总|^\s*共"
    r"|编号|编码|号码|条码|条形码|资产号|户号|名称|^\s*\d{1,7}\s*[户条行台只个块张]\s*$"
)
"""What a header ("计量箱条形码(22位)"), total ("合计12户", "53条") or footer has in its key column even where it has digits."""
_POLE: Final = "杆"
_GIVEN_ON_BREAKS: Final = re.compile(r"^(序号|馈线|线路)")
_SPACES: Final = re.compile(r"\s+")


@dataclass
class Sorted:
    """Data rows, what was skipped, and the row (original number) where a further table's header begins."""

    data: pl.DataFrame
    skipped: dict[str, int] = field(default_factory=dict)
    next_header: int | None = None


def sort_rows(
    frame: pl.DataFrame, keys: Sequence[str], header: dict[str, str], is_header: Callable[[Sequence[str | None]], bool]
) -> Sorted:
    """Keeps the data rows of ``frame`` (``row`` and raw text columns).

    Only rows without a digit in every key column, or with a word no identifier has, are looked at one by one.

    Args:
        frame: raw rows.
        keys: columns that identify a row.
        header: column -> header text, to recognise a page header that repeats.
        is_header: whether the cells look like some template's header line.
    """
    odd = pl.all_horizontal(
        *[~pl.col(name).str.contains(_DIGIT).fill_null(value=False) | pl.col(name).str.contains(_MARK) for name in keys]
    )
    suspects = frame.filter(odd)
    if suspects.is_empty():
        return Sorted(frame)
    dropped: list[int] = []
    skipped: dict[str, int] = {}
    for cells in suspects.iter_rows(named=True):
        row = cells.pop(ROW)
        verdict = _verdict(cells, header)
        if verdict == "" and is_header(list(cells.values())):
            return Sorted(frame.filter((pl.col(ROW) < row) & ~pl.col(ROW).is_in(dropped)), skipped, row)
        if verdict:
            dropped.append(row)
            skipped[verdict] = skipped.get(verdict, 0) + 1
    return Sorted(frame.filter(~pl.col(ROW).is_in(dropped)), skipped)


def _verdict(cells: dict[str, str | None], header: dict[str, str]) -> str:
    texts = [_SPACES.sub("", text) for text in cells.values() if text and text.strip()]
    if not texts:
        return BLANK
    if _is_break(cells, header):
        return BLANK
    same = sum(1 for name, text in header.items() if text and _SPACES.sub("", cells.get(name) or "") == text)
    if same >= max(2, (len(texts) + 1) // 2):
        return HEADER
    if any(_TOTAL.search(text) for text in texts):
        return SUBTOTAL
    if any(_FOOT.match(text) for text in texts) or (len(set(texts)) == 1 and not re.search(_DIGIT, texts[0])):
        return FOOTER
    return ""


def _is_break(cells: dict[str, str | None], header: dict[str, str]) -> bool:
    """A break in a line of poles: the rules for that form give even an empty row its number and its feeder (domain.md 1.4 E)."""
    words = {name: _SPACES.sub("", text) for name, text in header.items() if text}
    if not any(_POLE in text for text in words.values()):
        return False
    return all(_GIVEN_ON_BREAKS.match(words.get(name, "")) for name, text in cells.items() if text and text.strip())
