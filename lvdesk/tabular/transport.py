"""Frames on their way between processes.

polars pickles a frame with every buffer its texts point into; a slice whose texts point into the table of shared strings would carry
that whole table, once per column. Written in the older layout of Arrow, texts travel alone.
"""

import io
from multiprocessing.reduction import ForkingPickler
from typing import Any

import polars as pl


def packed(frame: pl.DataFrame) -> bytes:
    """The frame as Arrow IPC, texts compact."""
    target = io.BytesIO()
    frame.write_ipc_stream(target, compat_level=pl.CompatLevel.oldest())
    return target.getvalue()


def unpacked(content: bytes) -> pl.DataFrame:
    """The frame again."""
    return pl.read_ipc_stream(io.BytesIO(content))


def _reduced(frame: pl.DataFrame) -> tuple[Any, tuple[bytes]]:
    return unpacked, (packed(frame),)


def register() -> None:
    """Makes connections of ``multiprocessing`` send frames this way, from this process."""
    ForkingPickler.register(pl.DataFrame, _reduced)
