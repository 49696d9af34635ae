"""What the reading process is asked to do in tests of its guard."""

import os
import time
from collections.abc import Iterator
from typing import Any

import polars as pl

from lvdesk.kit.errors import RefusedError


def echo(*values: Any) -> Iterator[Any]:
    yield from values


def frame(count: int) -> Iterator[pl.DataFrame]:
    yield pl.DataFrame({"c1": [f"户{number}" for number in range(count)]})


def refuse() -> Iterator[int]:
    yield 1
    raise RefusedError("some.code", "不行", "换一个")


def abort() -> Iterator[int]:
    yield 1
    os.write(2, b"thread panicked at calamine")
    os.abort()


def hang() -> Iterator[int]:
    yield 1
    time.sleep(1000)


def swallow() -> Iterator[int]:
    held = []
    while True:
        held.append(os.urandom(1 << 20) * 50)
        yield len(held)


def bug() -> Iterator[int]:
    yield 1
    raise ZeroDivisionError


def who() -> Iterator[int]:
    yield os.getpid()
