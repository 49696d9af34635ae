"""The rows of receipts as lines: one for each identifier a row gives, one for a row that gives none."""

from typing import Final

import polars as pl

from lvdesk.exchange.receipts.book import Book

SYSTEMS: Final = ("marketing", "gis", "pms")
KEYED: Final = (
    "meter_box.asset_no", "meter_box.bar_code", "access_point.access_point_no", "meter.asset_no", "meter.bar_code", "customer.customer_no",
    "metering_point.mp_no", "transformer.transformer_no", "transformer_area.area_no",
)  # fmt: skip
"""What may say which record a row is about, besides its general number and the other system's identifier."""
_GENERAL: Final = ("note.asset_no", "note.kind", "note.result", "note.reason", "note.package_no", "note.returned_on", "note.marketing_id")
_OWN: Final = ("meter_box", "meter", "customer", "metering_point", "access_point", "transformer", "transformer_area")
_MARKETING: Final = "marketing"
ROWS: Final = {
    "sheet_id": pl.Int64, "sheet_row": pl.Int64, "system": pl.String, "entity": pl.String, "accepted": pl.Boolean,
    **dict.fromkeys((*KEYED, *_GENERAL), pl.String),
}  # fmt: skip
"""A row of a receipt: who answers; the entity it is about, null where only the records can tell; taken or not, null for unsaid."""
LINES: Final = {**ROWS, "id_system": pl.String, "value": pl.String, "fill": pl.Boolean}
"""A row's word on one identifier; ``fill``: from another system than the identifier's own, so it only fills what is empty."""


def lines(rows: pl.DataFrame, sheets: pl.DataFrame, book: Book) -> pl.DataFrame:
    """``LINES`` of the kept rows of receipts, in their order.

    Args:
        rows: as ``answers.answer_rows`` gives them.
        book: what the words mean.
        sheets: sheet_id, file, name, system of these sheets; ``told``: who answers, where a person or the package says so, null else.
    """
    if rows.is_empty():
        return pl.DataFrame(schema=LINES)
    given = rows.with_columns(
        pl.lit(None, pl.String).alias(name) for name in dict.fromkeys((*KEYED, *_GENERAL, *_identifiers())) if name not in rows.columns
    )
    given = given.join(_answering(sheets, given), on="sheet_id", how="left", maintain_order="left")
    given = given.with_columns(
        _mapped(given["note.kind"], book.entity, pl.String).alias("entity"), _accepted(given, book).alias("accepted")
    )
    parts = [_guessed(sheet) for sheet in given.partition_by("sheet_id", maintain_order=True)]
    given = pl.concat(parts)
    found = [_general(given, name) for name in SYSTEMS] + [_special(given, entity, name) for entity in _OWN for name in SYSTEMS]
    said = pl.concat(found)
    silent = given.join(said, on=["sheet_id", "sheet_row"], how="anti", maintain_order="left")
    none = silent.with_columns(
        pl.col("system").alias("id_system"), pl.lit(None, pl.String).alias("value"), pl.lit(value=False).alias("fill")
    )
    return pl.concat([said, none.select(*LINES)]).sort("sheet_id", "sheet_row", maintain_order=True)


def _identifiers() -> list[str]:
    return [f"note.{system}_id" for system in SYSTEMS] + [f"{entity}.{system}_id" for entity in _OWN for system in SYSTEMS]


def _answering(sheets: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """sheet_id, system. A list of results alone fits both systems' templates: then its names tell."""
    named = pl.concat_str("file", "name").str.to_uppercase()
    proved = rows.group_by("sheet_id").agg(pl.any_horizontal(pl.col(name).is_not_null() for name in _identifiers()).any().alias("proved"))
    hinted = pl.when(named.str.contains("GIS|图形|PMS")).then(pl.lit("gis")).when(named.str.contains("营销")).then(pl.lit(_MARKETING))
    said = pl.coalesce("told", pl.when("proved").then("system"), hinted, "system")
    return sheets.join(proved, on="sheet_id", how="inner").select("sheet_id", said.alias("system"))


def _accepted(given: pl.DataFrame, book: Book) -> pl.Expr:
    """Taken or not, as the result says; without one an identifier says yes and a reason no."""
    said = pl.lit(_mapped(given["note.result"], book.verdict, pl.Boolean))
    identified = pl.any_horizontal(pl.col(name).is_not_null() for name in _identifiers() if name != "note.marketing_id")
    identified |= (pl.col("system") == _MARKETING) & pl.col("note.marketing_id").is_not_null()
    return pl.coalesce(
        said, pl.when(identified).then(pl.lit(value=True)).when(pl.col("note.reason").is_not_null()).then(pl.lit(value=False))
    )


def _mapped(texts: pl.Series, told: object, kind: type[pl.DataType]) -> pl.Series:
    """Each different text is asked about once."""
    known = {text: told(text) for text in texts.drop_nulls().unique()}  # type: ignore[operator]
    return texts.replace_strict(known, default=None, return_dtype=kind) if known else pl.Series([None] * len(texts), dtype=kind)


def _guessed(sheet: pl.DataFrame) -> pl.DataFrame:
    """Where no row says what it is about: the kind of thing whose keys and identifiers go one to one; of several the greatest."""
    if sheet["entity"].null_count() < sheet.height:
        return sheet
    system = sheet["system"][0]
    value = pl.coalesce(pl.col(f"note.{system}_id"), pl.lit(None, pl.String)).alias("value")
    best: tuple[int, str] | None = None
    for entity in dict.fromkeys(name.partition(".")[0] for name in KEYED):
        keys = pl.coalesce(name for name in KEYED if name.startswith(f"{entity}."))
        pairs = sheet.select(keys.alias("key"), value).drop_nulls("key")
        if pairs.is_empty():
            continue
        twisted = _twisted(pairs) + sheet.height - pairs.height
        if best is None or twisted < best[0]:
            best = twisted, entity
    return sheet.with_columns(pl.lit(best[1] if best else None, pl.String).alias("entity"))


def _twisted(pairs: pl.DataFrame) -> int:
    """How many pairs do not go one to one; without identifiers, how many rows name the same thing again."""
    known = pairs.drop_nulls("value").unique()
    if known.is_empty():
        return pairs.height - pairs["key"].n_unique()
    return 2 * known.height - known["key"].n_unique() - known["value"].n_unique()


def _general(given: pl.DataFrame, name: str) -> pl.DataFrame:
    """The identifier of what the row is about."""
    return _said(given, f"note.{name}_id", name)


def _special(given: pl.DataFrame, entity: str, name: str) -> pl.DataFrame:
    """The identifier of one kind of thing named in the row."""
    return _said(given.with_columns(pl.lit(entity).alias("entity")), f"{entity}.{name}_id", name)


def _said(given: pl.DataFrame, column: str, name: str) -> pl.DataFrame:
    foreign = (pl.col("system") == _MARKETING) != pl.lit(name == _MARKETING)
    value = pl.col(column).str.strip_chars().alias("value")
    rows = given.filter(pl.col(column).is_not_null())
    return rows.with_columns(pl.lit(name).alias("id_system"), value, foreign.alias("fill")).select(*LINES)
