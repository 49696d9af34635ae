"""Rows that say exactly the same twice, and one number at two places."""

import polars as pl

from lvdesk.checks.devices import plain
from lvdesk.fieldwork.classing.answers import PLACE, Answers, found, row_detail, told
from lvdesk.ledger.listing import SAYS_NOTHING


def duplicate_rows(answers: Answers) -> pl.DataFrame:
    """Each row whose sheet says the same higher up, in the same letters or in others."""
    whole = _sayings(answers).group_by("sheet_id", "sheet_row", maintain_order=True).agg(pl.col("digest").sort())
    first = pl.col("sheet_row").min().over("sheet_id", "digest")
    again = whole.with_columns(first.alias("first_row")).filter(pl.col("sheet_row") > pl.col("first_row"))
    rows = answers.first.join(again.select("sheet_id", "sheet_row", "first_row"), on=PLACE[:2], maintain_order="left")
    customer, meter = pl.col("customer_no").is_not_null(), pl.col("meter").is_not_null()
    entity = pl.when(customer).then(pl.lit("customer")).when(meter).then(pl.lit("meter")).otherwise(pl.lit("meter_box"))
    return found(
        rows, "duplicate_row", entity=entity, key=pl.coalesce("customer_no", "meter", "box").fill_null(""),
        evidence=told(pl.format("与第 {} 行完全相同", "first_row")), detail=row_detail(),
    )  # fmt: skip


def _sayings(answers: Answers) -> pl.DataFrame:
    """``PLACE`` and ``digest`` of what each part of a row says; cells that were refused are compared as they stand."""
    said = [plain(pl.col(name).cast(pl.String)).fill_null("") for name in answers.wide.columns if "." in name and name not in SAYS_NOTHING]
    notes = answers.station.notes.filter(pl.col("level") != "healed").sort("field")
    refused = notes.group_by(PLACE[:2]).agg(pl.col("before").str.join("\x1f").alias("refused"))
    wide = answers.wide.join(refused, on=PLACE[:2], how="left", maintain_order="left")
    digest = wide.select(*said, pl.col("refused").fill_null("")).hash_rows().alias("digest")
    return wide.select(PLACE).with_columns(digest)


def duplicate_identifiers(answers: Answers) -> pl.DataFrame:
    """A meter number that rows give to different customers or to different boxes."""
    misread = pl.col("c_no").is_null() & pl.col("customer_no").is_not_null() & pl.col("m_customer_no").is_not_null()
    rows = answers.present.filter(pl.col("meter").is_not_null() & ~misread)
    frames = [_twice(rows, what, title) for what, title in (("customer_no", "用户"), ("box", "计量箱"))]
    return pl.concat(frames)


def _twice(rows: pl.DataFrame, what: str, title: str) -> pl.DataFrame:
    named = rows.drop_nulls(what)
    places = named.group_by("meter", maintain_order=True).agg(pl.col(what).unique(maintain_order=True).alias("places"))
    places = places.filter(pl.col("places").list.len() > 1)
    last = named.join(places, on="meter", maintain_order="left").unique("meter", keep="last", maintain_order=True)
    listed = pl.col("places").list.sort().list.join("、")
    return found(
        last, "duplicate_identifier", entity="meter", key=pl.col("meter"), field="bar_code",
        ledger=pl.coalesce("m_customer_no", "m_box_no") if what == "customer_no" else pl.col("m_box_no"),
        field_value=listed, evidence=told(pl.format("同一块表在采录结果中属于不同的{}：{}", pl.lit(title), listed)),
    )  # fmt: skip
