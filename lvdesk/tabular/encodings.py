"""The encoding of a text file: byte order mark, strict UTF-8 over the whole file, UTF-16 by its zero bytes, GB18030. Never a Latin page.

A Latin code page accepts any bytes and turns every Chinese name into rubbish without a word; GB18030 covers all the rest that Chinese
systems write (GBK and GB2312 are parts of it).
"""

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lvdesk.tabular.problems import problem

_BLOCK = 8 << 20
_SAMPLE = 1 << 20
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_TOLERATED = 0.02
"""Share of unreadable characters up to which a file counts as damaged, not as something else."""


@dataclass(frozen=True)
class Encoding:
    """How to decode a file: codec name, bytes of the mark to skip, and whether some bytes are unreadable."""

    name: str
    skip: int = 0
    damaged: bool = False


def detect(path: Path) -> Encoding:
    """The encoding of the text file ``path``.

    Raises:
        KnownError: ``file.encoding`` or ``file.not_table`` when it is no text.
    """
    with path.open("rb") as stream:
        sample = stream.read(_SAMPLE)
    for mark, name in _MARKS:
        if sample.startswith(mark):
            return Encoding(name, len(mark), damaged=not _strict(path, name, len(mark)))
    wide = _utf16(sample)
    if wide:
        return Encoding(wide, damaged=not _strict(path, wide, 0))
    if _binary(sample):
        raise problem("file.not_table")
    wrong = _first_wrong(path)
    return Encoding("utf-8") if wrong is None else _guess(_around(path, wrong))


def texts(path: Path, encoding: Encoding, block: int = _BLOCK) -> Iterator[str]:
    r"""The file's text in blocks with ``\n`` line ends and without NUL; unreadable bytes become U+FFFD."""
    decoder = codecs.getincrementaldecoder(encoding.name)("replace")
    held = ""
    with path.open("rb") as stream:
        stream.seek(encoding.skip)
        while data := stream.read(block):
            text = held + decoder.decode(data)
            held = "\r" if text.endswith("\r") else ""  # perhaps half of a line end
            yield _lines(text[: len(text) - len(held)])
    text = held + decoder.decode(b"", final=True)
    if text:
        yield _lines(text)


def _lines(text: str) -> str:
    if "\0" in text:
        text = text.replace("\0", "")
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _strict(path: Path, name: str, skip: int) -> bool:
    decoder = codecs.getincrementaldecoder(name)("strict")
    with path.open("rb") as stream:
        stream.seek(skip)
        try:
            while data := stream.read(_BLOCK):
                decoder.decode(data)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _first_wrong(path: Path) -> int | None:
    """Offset of the block in which the file stops being UTF-8, plus the place inside of it; None when it never does."""
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    done = 0
    with path.open("rb") as stream:
        try:
            while data := stream.read(_BLOCK):
                decoder.decode(data)
                done += len(data)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError as error:
            return done + error.start
    return None


def _around(path: Path, place: int) -> bytes:
    """Some text around a place, from the beginning of a line."""
    start = max(place - 65_536, 0)
    with path.open("rb") as stream:
        stream.seek(start)
        data = stream.read(_SAMPLE)
    return data[data.find(b"\n", 0, place - start) + 1 :] if start else data


def _utf16(sample: bytes) -> str:
    """UTF-16 without a mark: the zero bytes of digits and separators all stand on one side."""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if max(even, odd) * 50 < len(sample) or min(even, odd) * 4 > max(even, odd):
        return ""
    name = "utf-16-le" if odd > even else "utf-16-be"
    text = sample[: len(sample) // 2 * 2].decode(name, "replace")
    return name if text.count("\ufffd") <= len(text) * _TOLERATED else ""


def _binary(sample: bytes) -> bool:
    """Control characters other than those of text; a few stray ones are common in exports."""
    strange = sum(sample.count(code) for code in (*range(1, 9), *range(14, 32), 127))
    return strange > max(len(sample) * _TOLERATED, 2) or sample.count(0) > len(sample) * 0.3


def _guess(sample: bytes) -> Encoding:
    """Not UTF-8 all through: a damaged UTF-8 file, or GB18030, whichever has fewer unreadable places."""
    wrong_utf8, wrong_gb = _unreadable(sample, "utf-8"), _unreadable(sample, "gb18030")
    if wrong_utf8 <= _TOLERATED and _chinese(sample, "utf-8") >= _chinese(sample, "gb18030"):
        return Encoding("utf-8", damaged=True)
    if wrong_gb <= _TOLERATED:
        return Encoding("gb18030", damaged=wrong_gb > 0)
    raise problem("file.encoding")


def _unreadable(sample: bytes, name: str) -> float:
    """Unreadable places as a share of the characters beyond ASCII; the sample's last character may be cut."""
    text = codecs.getincrementaldecoder(name)("replace").decode(sample)
    plain = len(text.encode("ascii", "ignore"))
    return text.count("\ufffd") / max(len(text) - plain, 1)


def _chinese(sample: bytes, name: str) -> float:
    """Share of common Chinese characters: GB 2312 level one, which rubbish rarely hits."""
    text = codecs.getincrementaldecoder(name)("ignore").decode(sample[:65_536])
    wide = [char for char in text if ord(char) > 127]
    common = sum(1 for char in wide if 0xB0 <= char.encode("gb18030")[0] <= 0xD7 and len(char.encode("gb18030")) == 2)
    return common / max(len(wide), 1)
