"""Every row that came back is counted once: held against the ledger, about something new, or of no use."""

from dataclasses import dataclass
from typing import Any

import polars as pl

from lvdesk.fieldwork.classing.answers import PLACE, Answers
from lvdesk.fieldwork.classing.places import coordinates


@dataclass(frozen=True)
class Account:
    """Rows of some sheets: ``useless`` are the parts of rows (``Answers.rows``) that nothing connects with the ledger."""

    matched: int
    new: int
    changed: int
    refused: int
    missing: int
    useless: pl.DataFrame


def account(answers: Answers, found: pl.DataFrame) -> Account:
    """Counts the rows of ``answers``.

    Args:
        answers: the rows to be counted.
        found: what they say (``classing.said``).
    """
    place = PLACE[:2]
    known = pl.any_horizontal(pl.col(name).is_not_null() for name in ("m_id", "c_no"))
    told = answers.rows.group_by(place, maintain_order=True).agg(
        known.any().alias("known"), pl.col("b_id").is_not_null().any().alias("box")
    )
    fresh = _places(found, pl.col("klass") == "new").with_columns(pl.lit(value=True).alias("fresh"))
    told = told.join(fresh, on=place, how="left", maintain_order="left").with_columns(pl.col("fresh").fill_null(value=False))
    new = ~pl.col("known") & pl.col("fresh")
    matched = ~new & (pl.col("known") | pl.col("box"))
    rest = told.filter(~new & ~matched)
    changed = _places(found, pl.col("klass") != "new").join(told.filter(matched), on=place, how="semi")
    return Account(
        told.filter(matched).height, told.filter(new).height, changed.height, rest.height,
        found.filter(pl.col("klass") == "cancelled").height, answers.rows.join(rest, on=place, how="semi", maintain_order="left"),
    )  # fmt: skip


def measured(answers: Answers) -> list[tuple[Any, ...]]:
    """Every sound coordinate: sheet_id, sheet_row, x, y (CGCS2000), crs_in, detected."""
    rows = coordinates(answers).drop_nulls(["x", "y"])
    return rows.select(*PLACE[:2], pl.col("x", "y").round(7), "crs_in", "detected").rows()


def _places(found: pl.DataFrame, wanted: pl.Expr) -> pl.DataFrame:
    return found.filter(wanted).select(PLACE[:2]).drop_nulls().unique(maintain_order=True)
