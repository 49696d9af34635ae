"""The table of shared strings, read once in blocks."""

import re
from collections.abc import Iterable

import numpy as np
import polars as pl

from lvdesk.tabular.problems import problem
from lvdesk.tabular.xlsx.entities import resolved
from lvdesk.tabular.xlsx.tags import OddXml, Tags

_MAX_LENGTH = 400_000
"""Bytes of one text; Excel itself ends at 32,767 characters."""

_RUN = re.compile(r"<t(?:\s[^>]*)?>([^<]*)</t>")
_PHONETIC = re.compile(r"<rPh\b.*?</rPh>", re.DOTALL)


def shared_strings(blocks: Iterable[bytes]) -> pl.Series:
    """All strings of ``sharedStrings.xml``, given as blocks of any size.

    Raises:
        OddXml: not of the plain form.
    """
    parts: list[pl.Series] = []
    rest = b""
    started = False
    for block in blocks:
        rest += block
        if not started:
            at = rest.find(b"<si")
            if at < 0:
                continue
            rest, started = rest[at:], True
        cut = rest.rfind(b"</si>") + 5
        if cut > 4:
            parts.append(_strings(rest[:cut]))
            rest = rest[cut:]
    if b"<si>" in rest or b"<si " in rest:
        raise OddXml("cut shared strings")
    if not parts:
        return pl.Series([], dtype=pl.String)
    strings = pl.concat(parts, rechunk=True)
    if bool((strings.str.len_bytes() > _MAX_LENGTH).any()):
        raise problem("file.absurd", "单元格文字过长")
    return strings


def _strings(block: bytes) -> pl.Series:
    tags = Tags.of(block)
    is_item = tags.opening("si")
    closed = is_item & (tags.data[tags.end - 1] == ord("/"))
    if bool(closed.any()):
        raise OddXml("empty item")  # <si/>: rare, the general reader knows it
    holders = np.flatnonzero(tags.opening("t") & (tags.data[tags.end - 1] != ord("/"))).astype(np.int32)
    count = int(is_item.sum())
    owner = np.cumsum(is_item)[holders] - 1
    texts = tags.text_after(holders)
    if len(holders) == count and bool((owner == np.arange(count)).all()):
        return resolved(texts)
    return resolved(_irregular(tags, is_item, (owner, texts), count))


def _irregular(tags: Tags, is_item: "np.ndarray[tuple[int], np.dtype[np.bool_]]", found: tuple[object, pl.Series], count: int) -> pl.Series:
    """Items with no text, or with runs of rich text: those few are put together one by one."""
    owner = np.asarray(found[0], np.int64)
    runs = np.bincount(owner, minlength=count) if len(owner) else np.zeros(count, np.int64)
    single = runs[owner] == 1 if len(owner) else np.zeros(0, np.bool_)
    result = pl.repeat("", count, dtype=pl.String, eager=True)
    if single.any():
        result = result.scatter(owner[single], found[1].filter(pl.Series(single)))
    items = np.flatnonzero(is_item)
    many = np.flatnonzero(runs > 1)
    spelled = []
    for index in many:
        until = int(items[index + 1]) - 1 if index + 1 < count else len(tags.start) - 1
        text = tags.source(int(items[index]), until).decode()
        spelled.append("".join(_RUN.findall(_PHONETIC.sub("", text))))
    return result.scatter(many, pl.Series(spelled, dtype=pl.String)) if spelled else result
