"""Who hangs where: another meter, another box, another area, another slot than the ledger says."""

import polars as pl

from lvdesk.fieldwork.classing.answers import PLACE, Answers, found, told
from lvdesk.fieldwork.classing.book import OTHER_AREA, REPLACED
from lvdesk.fieldwork.classing.damage import spoiled


def meter_replaced(answers: Answers) -> pl.DataFrame:
    """A customer of the ledger with a meter that is not his there.

    Where another row confirms that the meter is still with its ledger customer, this one misread it: a duplicate, not a replacement.
    """
    rows = answers.present.filter(pl.col("c_no").is_not_null() & pl.col("meter").is_not_null() & (pl.col("c_meters") > 0))
    rows = rows.filter(pl.col("m_customer_no").is_null() | (pl.col("m_customer_no") != pl.col("c_no")))
    rows = rows.join(spoiled(answers, "meter"), on=PLACE, how="anti", maintain_order="left")
    confirmed = answers.present.filter(pl.col("m_customer_no") == pl.col("c_no")).select("meter").unique()
    rows = rows.join(confirmed, on="meter", how="anti", maintain_order="left")
    verdict = pl.when(pl.col("kind") == REPLACED).then(pl.format("采录结论：{}", "said"))
    owner = pl.format("该表台账中属于用户 {}", "m_customer_no")
    several = pl.when(pl.col("c_meters") > 1).then(pl.format("该户台账有 {} 块表", "c_meters"))
    return found(
        rows, "meter_replaced", entity="customer", key=pl.col("c_no"), field="meter.bar_code", ledger=pl.coalesce("c_meter_bar", "c_meter"),
        field_value=pl.coalesce("meter_bar", "meter"), evidence=told(verdict, owner, several),
    )  # fmt: skip


def other_box(answers: Answers) -> pl.DataFrame:
    """A meter in another box; a box the ledger lacks counts too."""
    rows = _subjects(answers).filter(pl.col("box").is_not_null() & pl.col("own_box").is_not_null() & (pl.col("box") != pl.col("own_box")))
    rows = rows.join(spoiled(answers, "meter_box"), on=PLACE, how="anti", maintain_order="left")
    at_home = _subjects(answers).filter(pl.col("box") == pl.col("own_box")).select("subject").unique()
    rows = rows.join(at_home, on="subject", how="anti", maintain_order="left")
    unknown = pl.when(pl.col("b_id").is_null()).then(pl.lit("台账中没有现场的计量箱"))
    return found(
        rows, "other_box", entity="meter", key=pl.col("subject"), field="box_no", ledger=pl.col("own_box"), field_value=pl.col("box"),
        evidence=told(pl.format("用户 {}", pl.coalesce("c_no", "m_customer_no")), unknown),
    )  # fmt: skip


def slot_changed(answers: Answers) -> pl.DataFrame:
    """A meter in its own box at another place; a place the ledger does not know is no difference."""
    rows = _subjects(answers).filter(pl.col("box").is_null() | (pl.col("box") == pl.col("own_box")))
    given = (pl.col("slot_row") > 0) & (pl.col("slot_column") > 0)
    known = (pl.col("own_row") > 0) & (pl.col("own_column") > 0)
    unlike = (pl.col("slot_row") != pl.col("own_row")) | (pl.col("slot_column") != pl.col("own_column"))
    unread = spoiled(answers, "meter").with_columns(pl.lit(value=True).alias("unread"))
    rows = rows.join(unread, on=PLACE, how="left", maintain_order="left")
    itself = pl.col("meter").is_null() | (pl.col("meter") == pl.col("subject")) | pl.col("unread")
    rows = rows.filter(given & known & unlike & itself)
    return found(
        rows, "slot_changed", entity="meter", key=pl.col("subject"), field="slot",
        ledger=pl.format("{} 行 {} 列", pl.col("own_row").cast(pl.Int64), pl.col("own_column").cast(pl.Int64)),
        field_value=pl.format("{} 行 {} 列", "slot_row", "slot_column"),
        evidence=told(pl.format("计量箱 {}", "own_box")),
    )  # fmt: skip


def other_area(answers: Answers) -> pl.DataFrame:
    """A customer, or a box, in another transformer area."""
    rows = answers.present.with_columns(pl.coalesce("c_no", "m_customer_no").alias("who"))
    said = pl.col("kind") == OTHER_AREA
    verdict = pl.when(said).then(pl.format("采录结论：{}", "said"))
    people = rows.filter(pl.col("who").is_not_null())
    areas = pl.coalesce("c_areas", pl.concat_list("own_area"))
    unlike = pl.col("area").is_not_null() & pl.col("own_area").is_not_null() & ~areas.list.contains(pl.col("area"))
    moved = people.filter(unlike | said)
    field_value = pl.when(unlike).then("area")
    boxes = rows.filter(
        pl.col("who").is_null() & pl.col("b_id").is_not_null() & pl.col("customer_no").is_null() & pl.col("meter").is_null()
    )
    elsewhere = boxes.filter((pl.col("area") != pl.col("b_area_no")) | said)
    return pl.concat(
        [
            found(
                moved, "other_area", entity="customer", key=pl.col("who"), field="area_no", ledger=pl.col("own_area"),
                field_value=field_value, evidence=told(verdict, pl.format("现场台区 {}", pl.coalesce("point_area_name", "area_name"))),
            ),
            found(
                elsewhere, "other_area", entity="meter_box", key=pl.col("box"), field="area_no", ledger=pl.col("b_area_no"),
                field_value=pl.when(pl.col("area") != pl.col("b_area_no")).then("area"), evidence=told(verdict),
            ),
        ]
    )  # fmt: skip


def _subjects(answers: Answers) -> pl.DataFrame:
    """Rows about one ledger meter: ``subject`` the customer's, else the one that was read; own_*: its box and slot in the ledger."""
    by_customer = pl.col("c_no").is_not_null()

    def own(mine: str, its: str) -> pl.Expr:
        return pl.when(by_customer).then(mine).otherwise(its)

    return answers.present.with_columns(
        pl.when(by_customer).then("c_meter").otherwise(pl.when(pl.col("m_id").is_not_null()).then("meter")).alias("subject"),
        own("c_box", "m_box_no").alias("own_box"),
        own("c_row", "m_slot_row").alias("own_row"),
        own("c_column", "m_slot_column").alias("own_column"),
    ).drop_nulls("subject")
