"""Finds the tags of a block of XML with numpy: what a parser does one event at a time, here for a million tags at once.

Works on UTF-8 as Excel, WPS, LibreOffice and the usual libraries write it. Anything else (prefixes, comments, CDATA, ``>`` inside of
text) raises ``OddXml`` and the sheet is read by a slower library.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

Positions = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]
Bytes = npt.NDArray[np.uint8]

_PAD = b" " * 16


class OddXml(Exception):  # noqa: N818 - no error of the file: another reader takes over
    """The block is not of the plain form that the fast way understands."""


@dataclass(frozen=True)
class Tags:
    """The tags of a block.

    Attributes:
        data: the block's bytes, padded with blanks.
        start: position of each ``<``.
        end: position of the ``>`` that belongs to it.
        first: the byte after ``<``.
        second: the byte after that.
    """

    data: Bytes
    start: Positions
    end: Positions
    first: Bytes
    second: Bytes

    @staticmethod
    def of(block: bytes) -> "Tags":
        """Looks through ``block``.

        Raises:
            OddXml: comments, CDATA, or brackets that do not pair up.
        """
        data = np.frombuffer(block + _PAD, np.uint8)
        start = np.flatnonzero(data == ord("<")).astype(np.int32)
        end = np.flatnonzero(data == ord(">")).astype(np.int32)
        if len(start) != len(end):
            raise OddXml("brackets")
        if len(start) and not (bool((end > start).all()) and bool((end[:-1] < start[1:]).all())):
            raise OddXml("order of brackets")
        first, second = data[start + 1], data[start + 2]
        if bool((first == ord("!")).any()):
            raise OddXml("comment or CDATA")
        if bool(((second == ord("\n")) | (second == ord("\r")) | (second == ord("\t"))).any()):
            raise OddXml("line break inside of a tag")
        return Tags(data, start, end, first, second)

    def opening(self, name: str) -> Flags:
        """Which tags open the element with this short name (one letter, or the first two letters of a longer one)."""
        flags: Flags = self.first == ord(name[0])
        flags &= (self.second == ord(name[1])) if len(name) > 1 else (self.second == ord(">")) | (self.second == ord(" "))
        return flags

    def text_after(self, tags: Positions) -> pl.Series:
        """The text between each of these tags and the next one, entities not resolved."""
        return spans(self.data, self.end[tags] + 1, self.start[tags + 1])

    def source(self, tag: int, until: int | None = None) -> bytes:
        """The bytes of a tag, or from it to the end of the tag ``until``."""
        return self.data[self.start[tag] : self.end[tag if until is None else until] + 1].tobytes()


def spans(data: Bytes, start: Positions, end: Positions) -> pl.Series:
    """The texts of many spans of ``data`` that each end before a ``<``.

    Raises:
        OddXml: bytes that are no UTF-8.
    """
    if not len(start):
        return pl.Series([], dtype=pl.String)
    # each span is taken together with the "<" behind it, which then serves as the separator
    length = end - start + 1
    total = np.cumsum(length)
    index = np.repeat(start - (total - length).astype(np.int32), length)
    index += np.arange(total[-1], dtype=np.int32)
    try:
        joined = data[index[:-1]].tobytes().decode()
    except UnicodeDecodeError as error:
        raise OddXml("no UTF-8") from error
    return pl.Series([joined], dtype=pl.String).str.split("<").explode()
