"""What the ledger has and the field does not (账有实无), and the other way round (实有账无)."""

from typing import Final

import polars as pl

from lvdesk.fieldwork.classing.answers import FOUND, PLACE, Answers, found, row_detail, told
from lvdesk.fieldwork.classing.book import ABSENT, NEW
from lvdesk.fieldwork.classing.damage import spoiled, unclear_rows

_WHOLE: Final = ("handheld_scan", "box_meter_relation")
"""Templates whose rows list all the meters of a box."""


def cancelled(answers: Answers) -> pl.DataFrame:
    """Said to be gone, or missing from the full list of its box's meters."""
    said = _said(answers)
    seen = answers.present.drop_nulls("c_no").select(pl.col("c_no").alias("key"), pl.lit("另有采录行称该户在").alias("but")).unique()
    said = said.join(seen, on="key", how="left", maintain_order="left")
    said = said.with_columns(pl.concat_list("evidence", told(pl.col("but")))).select(*FOUND)
    return pl.concat([said, _unlisted(answers, said)])


def _said(answers: Answers) -> pl.DataFrame:
    rows = answers.rows.filter(pl.col("kind") == ABSENT)
    evidence = told(pl.format("采录结论：{}", "said"))
    active = ~pl.col("c_status").fill_null("").str.starts_with("已销户")
    people = rows.filter(pl.col("c_no").is_not_null())
    others = rows.filter(pl.col("c_no").is_null())
    about_it = pl.all_horizontal(pl.col("customer_no", "meter", "name").is_null()) & pl.col("b_id").is_not_null()
    boxes = others.filter(about_it)
    common = {"field_value": pl.col("said"), "evidence": evidence}
    return pl.concat(
        [
            found(people.filter(active), "cancelled", entity="customer", key=pl.col("c_no"), ledger=pl.col("c_status"), **common),
            found(others.drop_nulls("m_id"), "cancelled", entity="meter", key=pl.col("meter"), ledger=pl.col("m_bar_code"), **common),
            found(boxes, "cancelled", entity="meter_box", key=pl.col("box"), ledger=pl.col("b_bar_code"), **common),
        ]
    )


def _unlisted(answers: Answers, said: pl.DataFrame) -> pl.DataFrame:
    """Ledger meters of boxes whose meters were all listed, without them, and that nobody saw elsewhere.

    Nothing is said of a box in whose list a number could not be read: it may be the one.
    """
    rows = answers.rows
    listing = rows.filter(pl.col("template").is_in(_WHOLE) & pl.col("meter").is_not_null() & pl.col("b_id").is_not_null())
    unclear = unclear_rows(answers, "meter").join(rows.select(*PLACE[:2], "box"), on=PLACE[:2])["box"].drop_nulls().unique().to_list()
    boxes = listing.filter(~pl.col("box").is_in(unclear)).group_by("box", maintain_order=True)
    covered = boxes.agg(pl.col("meter").n_unique().alias("listed"), pl.first("sheet_id", "sheet_row"))
    named = pl.concat([rows["meter"], rows["c_meter"]]).drop_nulls().unique()
    lost = answers.ledger_meters.join(covered, left_on="box_no", right_on="box", how="inner", maintain_order="left")
    lost = lost.filter(~pl.col("asset_no").is_in(named.to_list()))
    gone = said.filter(pl.col("entity") == "customer")["key"].to_list()
    lost = lost.filter(~pl.col("customer_no").fill_null("").is_in(gone))
    known = pl.col("customer_no").is_not_null()
    evidence = told(pl.format("计量箱 {} 现场列出 {} 块表，其中没有 {}", "box_no", "listed", pl.coalesce("bar_code", "asset_no")))
    return found(
        lost, "cancelled", entity=pl.when(known).then(pl.lit("customer")).otherwise(pl.lit("meter")),
        key=pl.coalesce("customer_no", "asset_no"), ledger=pl.coalesce("bar_code", "asset_no"), evidence=evidence,
    )  # fmt: skip


def new(answers: Answers) -> pl.DataFrame:
    """Customers, meters and boxes that the ledger does not have."""
    rows = answers.present
    meters, boxes = spoiled(answers, "meter"), spoiled(answers, "meter_box")
    nobody = pl.col("c_no").is_null()
    unknown = rows.filter(nobody & pl.col("customer_no").is_not_null() & pl.col("m_customer_no").is_null())
    nameless = rows.filter(nobody & pl.col("customer_no").is_null() & pl.col("m_id").is_null())
    strange = nameless.filter(pl.col("meter").is_not_null()).join(meters, on=PLACE, how="anti", maintain_order="left")
    bare = nameless.filter(pl.col("meter").is_null() & (pl.col("kind") == NEW) & pl.col("customer_no").is_null())
    bare = bare.filter(pl.col("box").is_null() | pl.col("b_id").is_not_null())
    found_boxes = rows.filter(pl.col("box").is_not_null() & pl.col("b_id").is_null()).join(
        boxes, on=PLACE, how="anti", maintain_order="left"
    )
    verdict = pl.when(pl.col("kind") == NEW).then(pl.format("采录结论：{}", "said"))
    about = pl.format("现场户名 {}", "name")
    where = pl.format("计量箱 {}", pl.coalesce("box_bar", "box"))
    return pl.concat(
        [
            found(
                unknown, "new", entity="customer", key=pl.col("customer_no"), field_value=pl.col("customer_no"),
                evidence=told(pl.lit("台账中没有这个用户编号"), verdict, about, where),
            ),
            found(
                strange, "new", entity="meter", key=pl.col("meter"), field_value=pl.coalesce("meter_bar", "meter"),
                evidence=told(pl.lit("台账中没有这块电能表，行内也没有用户编号"), verdict, about, where),
            ),
            found(
                bare, "new", entity="customer", key="", field_value=pl.coalesce("name", "address"), detail=row_detail(),
                evidence=told(verdict, about, where),
            ),
            found(
                found_boxes, "new", entity="meter_box", key=pl.col("box"), field_value=pl.coalesce("box_bar", "box"),
                evidence=told(pl.lit("台账中没有这个计量箱")),
            ),
        ]
    )  # fmt: skip
