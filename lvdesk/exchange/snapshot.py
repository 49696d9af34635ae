"""What a package says of each record, line by line; what two of them differ in; the way there and the way back.

A snapshot is a frame ``SAID`` sorted by entity and key; as bytes it is the same for the same records, whatever order they were read in.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Final

import polars as pl
import zstandard

from lvdesk.checks.model import KEYS

SAID: Final = {"entity": pl.String, "key": pl.String, "values": pl.String}
"""One record; ``values``: its fields as a JSON object, in the dictionary's order, without those that are empty."""
STEP: Final = {"op": pl.String, "entity": pl.String, "key": pl.String, "before": pl.String, "after": pl.String}
"""One difference: op is add, change or remove; before and after are ``values``, null where there was no record."""
_BY: Final = ["entity", "key"]


@dataclass(frozen=True)
class Delta:
    """The steps (``STEP``, sorted by entity and key) from one snapshot to another."""

    steps: pl.DataFrame

    def count(self, op: str) -> int:
        """How many records are added, changed or removed."""
        return self.steps.filter(pl.col("op") == op).height

    def undone(self) -> "Delta":
        """The way back."""
        swapped = {"add": "remove", "remove": "add", "change": "change"}
        turned = self.steps.select(
            pl.col("op").replace_strict(swapped, return_dtype=pl.String),
            *_BY,
            pl.col("after").alias("before"),
            pl.col("before").alias("after"),
        )
        return Delta(turned)

    def written(self) -> bytes:
        """As a file: one JSON object a line."""
        return _lines(self.steps)


def taken(frames: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """The snapshot of records (entity -> frame with ``id`` and fields)."""
    found = [pl.DataFrame(schema=SAID)]
    for entity, frame in frames.items():
        fields = [name for name in frame.columns if name != "id"]
        said = frame.select(pl.lit(entity).alias("entity"), pl.col(KEYS[entity]).alias("key"), _packed(frame, fields).alias("values"))
        found.append(said)
    return pl.concat(found).sort(_BY)


def _packed(frame: pl.DataFrame, fields: list[str]) -> pl.Expr:
    """JSON without the empty fields: a field that a later program adds must not make every record another one."""
    parts = []
    for name in fields:
        text = pl.struct(name).struct.json_encode().str.slice(1)  # {"name":value} without its first brace
        parts.append(pl.when(pl.col(name).is_not_null()).then("," + text.str.head(-1)))
    joined = pl.concat_str(parts, ignore_nulls=True).str.slice(1)
    return "{" + joined + "}" if frame.width else pl.lit("{}")


def compared(before: pl.DataFrame, after: pl.DataFrame) -> Delta:
    """What leads from one snapshot to the other."""
    both = before.rename({"values": "before"}).join(after.rename({"values": "after"}), on=_BY, how="full", coalesce=True)
    op = (
        pl.when(pl.col("before").is_null()).then(pl.lit("add"))
        .when(pl.col("after").is_null()).then(pl.lit("remove"))
        .when(pl.col("before") != pl.col("after")).then(pl.lit("change"))
    )  # fmt: skip
    return Delta(both.with_columns(op.alias("op")).drop_nulls("op").select(*STEP).sort(_BY))


def applied(snapshot: pl.DataFrame, delta: Delta) -> pl.DataFrame:
    """The snapshot that a delta leads to.

    Raises:
        ValueError: the snapshot is not the one the delta begins with.
    """
    steps = delta.steps
    here = steps.join(snapshot, on=_BY, how="left", maintain_order="left")
    if not here.filter(~pl.col("values").eq_missing(pl.col("before"))).is_empty():
        raise ValueError("the delta begins with another snapshot")
    kept = snapshot.join(steps.select(_BY), on=_BY, how="anti")
    come = steps.drop_nulls("after").select(*_BY, pl.col("after").alias("values"))
    return pl.concat([kept, come]).sort(_BY)


def written(snapshot: pl.DataFrame) -> bytes:
    """The snapshot as bytes: one JSON object a line."""
    return _lines(snapshot)


def packed(snapshot: pl.DataFrame) -> bytes:
    """As it is stored."""
    return zstandard.ZstdCompressor(level=3).compress(written(snapshot))


def unpacked(payload: bytes | None) -> pl.DataFrame:
    """What was stored; an empty snapshot for nothing."""
    if payload is None:
        return pl.DataFrame(schema=SAID)
    text = zstandard.ZstdDecompressor().decompress(payload)
    return pl.read_ndjson(text, schema=SAID) if text else pl.DataFrame(schema=SAID)


def _lines(frame: pl.DataFrame) -> bytes:
    if frame.is_empty():
        return b""
    stream = BytesIO()
    frame.write_ndjson(stream)
    return stream.getvalue()
