"""What a disagreement rests on, in sentences."""

from typing import Final

import polars as pl
from sqlalchemy import Connection, select

from lvdesk.exchange.reconcile.model import Klass, Target
from lvdesk.network.frames import read_frame
from lvdesk.network.reviews import ReviewItem
from lvdesk.review.model import DONE

_KEY: Final = {"entity": pl.String, "key": pl.String}
WAITS: Final = "采录复核中有待办的事项，先办理复核"


def waiting(connection: Connection) -> pl.DataFrame:
    """entity, key of what the two-stage review has not decided to the end: nobody corrects it past the review."""
    undecided = ReviewItem.state.not_in([str(state) for state in DONE])
    query = select(ReviewItem.entity, ReviewItem.key).where(ReviewItem.resolved_at.is_(None), undecided)
    return read_frame(connection, query.distinct(), _KEY)


def told(found: pl.DataFrame, files: pl.DataFrame, waits: pl.DataFrame) -> pl.DataFrame:
    """The disagreements (``JUDGED``) with ``evidence``, a list of sentences; what waits in the review is the desk's.

    Args:
        found: the disagreements.
        files: sheet_id and file of every sheet that may be named.
        waits: as ``waiting`` says.
    """
    frame = found.rechunk()
    for side in ("field", "gis"):
        named = files.select(pl.col("sheet_id").alias(f"{side}_sheet"), pl.col("file").alias(f"{side}_file"))
        frame = frame.join(named, on=f"{side}_sheet", how="left", maintain_order="left")
    frame = frame.join(waits.with_columns(pl.lit(value=True).alias("waits")), on=["entity", "key"], how="left", maintain_order="left")
    differs = pl.col("field_value").is_not_null() & pl.col("field_value").ne_missing(pl.col("base"))
    held = pl.col("waits").fill_null(value=False) & differs & (pl.col("klass") != str(Klass.ID_BROKEN))
    sentences = pl.concat_list(
        _place("field", "field_value", "现场采录"),
        _place("gis", "gis", "电网 GIS"),
        pl.col("note"),
        pl.col("why"),
        pl.when(held).then(pl.lit(WAITS)),
    ).list.drop_nulls()
    target = pl.when(held).then(pl.lit(str(Target.DESK))).otherwise("target")
    return frame.with_columns(sentences.alias("evidence"), target.alias("target"))


def _place(side: str, column: str, title: str) -> pl.Expr:
    """``现场采录：…（文件 第 n 行）``, null where the side says nothing."""
    where = pl.concat_str(pl.lit("（"), f"{side}_file", pl.lit(" 第 "), pl.col(f"{side}_row").cast(pl.String), pl.lit(" 行）"))
    return pl.concat_str(pl.lit(f"{title}："), column, where.fill_null(""))
