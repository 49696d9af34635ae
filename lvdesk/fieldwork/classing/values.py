"""Names, addresses and attributes of boxes that say something else than the ledger, not merely the same in other letters."""

from typing import Any, Final

import polars as pl

from lvdesk.checks.devices import plain
from lvdesk.fieldwork.classing.answers import FOUND, PLACE, Answers, found

_NEVER: Final = frozenset(
    {"asset_no", "bar_code", "longitude", "latitude", "area_no", "surveyed_at", "note", "marketing_id", "gis_id", "pms_id"}
)
"""Fields of a box that other classes speak of, or that say nothing of the box itself."""
_MASK: Final = r"[*＊×○●xX]"
_FEWEST: Final = 4
"""Characters an address must have for being the short form of another."""


def name_changed(answers: Answers) -> pl.DataFrame:
    """Customers whose name at site is another; a name with hidden letters agrees with every name it can stand for."""
    return _changed(answers, "name", "c_name", "name_changed")


def address_changed(answers: Answers) -> pl.DataFrame:
    """Customers whose address at site is another; one that only leaves out county and town is the same."""
    return _changed(answers, "address", "c_address", "address_changed")


def _changed(answers: Answers, given: str, own: str, klass: str) -> pl.DataFrame:
    rows = answers.present.filter(pl.col("c_no").is_not_null()).drop_nulls([given, own])
    rows = rows.with_columns(_bare(pl.col(given)).alias("_a"), _bare(pl.col(own)).alias("_b"))
    rows = rows.filter((pl.col("_a") != pl.col("_b")) & (pl.col("_a") != ""))
    alike = _hidden if klass == "name_changed" else _shortened
    rows = rows.filter(pl.Series([not alike(one, other) for one, other in rows.select("_a", "_b").iter_rows()], dtype=pl.Boolean))
    return found(
        rows, klass, entity="customer", key=pl.col("c_no"), field=given, ledger=pl.col(own), field_value=pl.col(given)
    )  # fmt: skip


def _bare(text: pl.Expr) -> pl.Expr:
    """Without what people write differently: width, blanks, punctuation, # for 号, leading zeros, case."""
    return plain(text).str.replace_all(r"[^\p{L}\p{N}*＊×○●]", "")


def _hidden(one: str, other: str) -> bool:
    """Whether a name with hidden letters (张*) can be the other."""
    for masked, whole in ((one, other), (other, one)):
        if any(sign in masked for sign in "*＊×○●"):
            kept = [part for part in masked.replace("＊", "*").replace("×", "*").replace("○", "*").replace("●", "*").split("*") if part]
            return whole.startswith(masked[0]) if masked[0] in whole[:1] else bool(kept) and all(part in whole for part in kept)
    return False


def _shortened(one: str, other: str) -> bool:
    """Whether one address is the other without its beginning."""
    short, whole = sorted((one, other), key=len)
    return len(short) >= _FEWEST and whole.endswith(short)


def attribute_changed(answers: Answers) -> pl.DataFrame:
    """Boxes with another value of an attribute; one the ledger does not have is no difference."""
    boxes = answers.present.filter(pl.col("b_id").is_not_null()).unique(PLACE[:2], keep="first", maintain_order=True)
    wide = answers.wide.unique(PLACE[:2], keep="first", maintain_order=True)
    fields = answers.station.dictionary.entities["meter_box"].fields
    frames = [pl.DataFrame(schema=FOUND)]
    for name, field in fields.items():
        source = f"meter_box.{name}"
        if name in _NEVER or source not in wide.columns or f"b_{name}" not in boxes.columns:
            continue
        rows = boxes.join(wide.select(*PLACE[:2], pl.col(source).alias("_given")), on=PLACE[:2], how="left", maintain_order="left")
        rows = rows.filter(_unlike(pl.col("_given"), pl.col(f"b_{name}"), field.kind))
        frames.append(
            found(
                rows, "attribute_changed", entity="meter_box", key=pl.col("box"), field=name, ledger=pl.col(f"b_{name}").cast(pl.String),
                field_value=pl.col("_given"),
            )
        )  # fmt: skip
    return pl.concat(frames)


def _unlike(given: pl.Expr, own: pl.Expr, kind: Any) -> pl.Expr:
    """Both are known and say different things; a box of no slots is one whose slots nobody counted."""
    if kind in {"integer", "number"}:
        one, other = given.cast(pl.Float64, strict=False), own.cast(pl.Float64, strict=False)
        return (one > 0) & (other > 0) & (one != other)
    one, other = _bare(given), _bare(own.cast(pl.String))
    return (one != "") & (other != "") & (one != other)
