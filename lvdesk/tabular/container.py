"""A look at a zip container before anything parses it: how many parts, how large really, what they start with."""

import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from lvdesk.tabular.problems import problem

MAX_PARTS = 20_000
MAX_TOTAL = 6 << 30
MAX_RATIO = 200
RATIO_FROM = 64 << 20
"""Below this real size the ratio does not matter: small repetitive sheets compress very well."""

BLOCK = 4 << 20
_ERRORS = (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError, ValueError, KeyError)


class Container:
    """The parts of a zip file under normalised names; reading is bounded, whatever the directory claims."""

    def __init__(self, path: Path) -> None:
        """Opens ``path``.

        Raises:
            KnownError: ``file.damaged``, ``file.encrypted`` or ``file.bomb``.
        """
        try:
            self._zip = zipfile.ZipFile(path)
            infos = self._zip.infolist()
        except _ERRORS as error:
            raise problem("file.damaged") from error
        if len(infos) > MAX_PARTS:
            raise problem("file.bomb", f"含 {len(infos)} 个部件")
        self._infos = {normal(info.filename): info for info in infos if not info.is_dir()}
        if any(info.flag_bits & 1 for info in infos):
            raise problem("file.encrypted")
        total = sum(info.file_size for info in infos)
        if total > MAX_TOTAL:
            raise problem("file.bomb", f"解压后超过 {total >> 30} GB")
        for info in infos:
            if info.file_size > RATIO_FROM and info.file_size > MAX_RATIO * max(info.compress_size, 1):
                raise problem("file.bomb", f"压缩比超过 {MAX_RATIO} 倍")

    def names(self) -> list[str]:
        """Normalised names: lower case, forward slashes, no leading slash."""
        return list(self._infos)

    def size(self, name: str) -> int:
        """The declared uncompressed size of a part in bytes, 0 when it is missing."""
        info = self._infos.get(normal(name))
        return info.file_size if info else 0

    def has(self, name: str) -> bool:
        """Whether the part exists."""
        return normal(name) in self._infos

    def blocks(self, name: str, size: int = BLOCK) -> Iterator[bytes]:
        """The part's bytes in blocks; stops with ``file.bomb`` when it grows far beyond its compressed size.

        Raises:
            KnownError: ``file.damaged`` or ``file.bomb``.
        """
        info = self._infos.get(normal(name))
        if info is None:
            raise problem("file.damaged", "缺少必要的部件")
        done, limit = 0, max(RATIO_FROM, MAX_RATIO * info.compress_size)
        try:
            with self._zip.open(info) as stream:
                while block := stream.read(size):
                    done += len(block)
                    if done > limit:
                        raise problem("file.bomb", f"压缩比超过 {MAX_RATIO} 倍")
                    yield block
        except _ERRORS as error:
            raise problem("file.damaged") from error

    def read(self, name: str, limit: int = 64 << 20) -> bytes:
        """A whole small part (at most ``limit`` bytes).

        Raises:
            KnownError: ``file.damaged`` or ``file.bomb``.
        """
        collected = bytearray()
        for block in self.blocks(name):
            collected += block
            if len(collected) > limit:
                raise problem("file.bomb", "说明部件过大")
        return bytes(collected)

    def close(self) -> None:
        """Closes the file."""
        self._zip.close()


def normal(name: str) -> str:
    """A part's name as we compare it; names that climb out of the container end up as plain names inside of it."""
    return posixpath.normpath("/" + name.replace("\\", "/")).lstrip("/").lower()
