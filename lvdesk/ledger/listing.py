"""Which record each row of a sheet lists, and which rows say exactly the same: what the checks need of an imported file."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl
import zstandard

from lvdesk.ledger.cleaning import ITEM
from lvdesk.ledger.linking import link
from lvdesk.ledger.model import Refused, SheetReport
from lvdesk.ledger.rows import ROW
from lvdesk.tabular.transport import packed, unpacked
from lvdesk.templates.definition import Template
from lvdesk.templates.dictionary import Dictionary

_SEED: Final = 2026
SAYS_NOTHING: Final = {"note.sequence"}
"""A running number makes two rows no different."""
_REFUSED: Final = "refused"
_NOTES: Final = (ROW, "column", "field", "before", "after", "why", "level")


@dataclass(frozen=True)
class Lister:
    """How the rows of one table are kept.

    Attributes:
        key: the field that identifies the template's entity, ``entity.field``; ``row_key`` stands in where a row lacks it.
        fields: all fields in use, the same for every piece of the table.
        whole: the healed cells are kept too: the sheet is evidence.
    """

    key: str
    row_key: Sequence[str]
    fields: tuple[str, ...]
    whole: bool

    @classmethod
    def of(cls, template: Template, dictionary: Dictionary, fields: Iterable[str]) -> "Lister":
        """The lister of a table that follows ``template`` and has these fields."""
        key = f"{template.entity}.{dictionary.key(template.entity)}"
        return cls(key, template.row_key, tuple(sorted(set(fields))), template.effect == "evidence")

    def rows(self, wide: pl.DataFrame, linked: pl.DataFrame, refused: Iterable[Refused], unusable: pl.DataFrame) -> pl.DataFrame:
        """``row, item, key, digest`` (and cells) of healed rows, and of those whose numbers cannot be used.

        Args:
            wide: healed rows.
            linked: the same after ``linking.link``.
            refused: cells that were refused; rows differ where different texts were refused.
            unusable: healed rows that are not stored.
        """
        keys = [name for name in (self.key, *self.row_key) if name in linked.columns]
        key = pl.coalesce(keys) if keys else pl.lit(None, pl.String)
        cells = [name for name in wide.columns if "." in name] if self.whole else []
        refused = list(refused)
        digest = self._digest(wide, refused)
        listed = linked.select(ROW, ITEM, key.cast(pl.String).alias("key")).with_columns(digest, *wide.select(cells).get_columns())
        if unusable.is_empty():
            return listed
        alone = unusable.unique(ROW, keep="first", maintain_order=True)
        said = self._digest(alone, refused)
        return pl.concat([listed, alone.select(ROW, ITEM, pl.lit(None, pl.String).alias("key"), said, *cells)], how="diagonal")

    def waited(self, wide: pl.DataFrame, refused: Iterable[Refused], unusable: pl.DataFrame) -> pl.DataFrame:
        """The same for rows that waited for evidence."""
        return self.rows(wide, link(wide), refused, unusable)

    def _digest(self, wide: pl.DataFrame, refused: Iterable[Refused]) -> pl.Series:
        texts: dict[int, str] = {}
        for refusal in refused:
            texts[refusal.row] = f"{texts.get(refusal.row, '')}{refusal.field}={refusal.value}\x1f"
        said = [
            (wide[name] if name in wide.columns else pl.Series(name, [None], dtype=pl.String).new_from_index(0, wide.height))
            for name in self.fields
            if name not in SAYS_NOTHING
        ]
        unread = wide[ROW].replace_strict(texts, default=None, return_dtype=pl.String).alias(_REFUSED)
        return pl.DataFrame([*said, unread]).hash_rows(_SEED).alias("digest")


def restored(rows: bytes, key: str, pairs: Mapping[str, Mapping[str, str]]) -> bytes:
    """Kept rows with the numbers that got their leading zeros back; ``pairs``: field -> number as read -> full number."""
    frame = unpack(rows)
    columns = [pl.col(name).replace(dict(found)) for name, found in pairs.items() if name in frame.columns]
    return pack(frame.with_columns(pl.col("key").replace(dict(pairs.get(key, {}))), *columns))


def notes_of(report: SheetReport) -> pl.DataFrame:
    """The healed and refused cells of a sheet as they are kept."""
    healed = [(h.row, h.column, h.field, h.before, h.after, h.why, "healed") for h in report.healed]
    refused = [(r.row, r.column, r.field, r.value, None, r.reason, "row" if r.whole_row else "refused") for r in report.refused]
    schema = {name: pl.Int64 if name == ROW else pl.String for name in _NOTES}
    return pl.DataFrame([*healed, *refused], schema=schema, orient="row")


def pack(frame: pl.DataFrame) -> bytes:
    """A frame for keeping: Arrow with compact texts, zstd."""
    return zstandard.compress(packed(frame), level=1)


def unpack(kept: bytes) -> pl.DataFrame:
    """The frame again."""
    return unpacked(zstandard.decompress(kept))
