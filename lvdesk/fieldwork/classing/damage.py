"""Numbers that lost digits on their way: found in the notes of the import and in the rows, never held against the ledger silently."""

from typing import Any, Final

import polars as pl
from rapidfuzz.distance import Levenshtein

from lvdesk.checks.memo import once
from lvdesk.fieldwork.classing.answers import FOUND, PLACE, Answers, found, row_detail, told
from lvdesk.network.identifiers import BARCODE_LENGTH, asset_number, check_digits

_IDENTIFIERS: Final = {
    "customer.customer_no": "customer", "meter.bar_code": "meter", "meter.asset_no": "meter",
    "meter_box.bar_code": "meter_box", "meter_box.asset_no": "meter_box",
}  # fmt: skip
_TITLES: Final = {"customer": "用户编号", "meter": "电能表条码", "meter_box": "计量箱条码"}
_ALMOST: Final = 3
"""Digits that may differ in a number that was misread."""
_ISSUER: Final = 7
"""Leading digits of a barcode before the asset number: the owner and the kind of device (Q/GDW 1205-2013)."""
_SOUND: Final = 0.9
"""Share of the ledger's barcodes whose check digit fits for it to mean anything at this station."""
_DAMAGE: Final[dict[str, Any]] = {
    **dict.fromkeys(("sheet_id", "sheet_row"), pl.Int64), **dict.fromkeys(("entity", "before", "after", "why"), pl.String),
}  # fmt: skip


def damaged(answers: Answers) -> pl.DataFrame:
    """Every damaged number (``FOUND``): ``key`` is the record it can only be, "" where that cannot be told."""
    kinds = (("meter", "meter", "m"), ("meter_box", "box", "b"))
    frames = [_restored(answers), *(_misread(answers, *part) for part in kinds), *(_half_right(answers, *part) for part in kinds)]
    return pl.concat([*frames, _strange_customers(answers)]).unique(["entity", "sheet_id", "sheet_row", "field_value"], maintain_order=True)


@once
def _spoiled(answers: Answers) -> dict[str, pl.DataFrame]:
    parts = {"meter": ("meter", "m"), "meter_box": ("box", "b")}
    return {entity: _malformed(answers, entity, *part).select(PLACE) for entity, part in parts.items()}


def spoiled(answers: Answers, entity: str) -> pl.DataFrame:
    """The parts of rows (``PLACE``) whose number of this entity is malformed and unknown to the ledger."""
    return _spoiled(answers)[entity]


def unclear_rows(answers: Answers, entity: str) -> pl.DataFrame:
    """sheet_id, sheet_row of rows in which a number of this entity was refused or cannot be right."""
    notes = _notes(answers).filter((pl.col("entity") == entity) & pl.col("after").is_null())
    return pl.concat([notes.select(PLACE[:2]), spoiled(answers, entity).select(PLACE[:2])]).unique()


def _notes(answers: Answers) -> pl.DataFrame:
    """Identifiers that were refused, or healed by more than taking away what people write around digits."""
    notes = answers.station.notes.filter(pl.col("field").is_in(list(_IDENTIFIERS)))
    notes = notes.join(answers.rows.select(PLACE[:2]).unique(), on=PLACE[:2], how="semi", maintain_order="left")
    if notes.is_empty():
        return pl.DataFrame(schema=_DAMAGE)
    before, after = (pl.col(name).str.normalize("NFKC").str.replace_all(r"[^0-9A-Za-z.+]", "") for name in ("before", "after"))
    other = (pl.col("level") == "refused") | (pl.col("after").is_not_null() & (before.str.replace(r"\.0+$", "") != after))
    after = pl.when(pl.col("level") == "refused").then(pl.lit(None, pl.String)).otherwise("after").alias("after")
    entity = pl.col("field").replace_strict(_IDENTIFIERS, return_dtype=pl.String).alias("entity")
    return notes.filter(other & (pl.col("level") != "row")).with_columns(after, entity).select(*_DAMAGE)


def _restored(answers: Answers) -> pl.DataFrame:
    """What the import restored with evidence, or refused."""
    frame = _notes(answers)
    told_key = (
        pl.when(pl.col("after").is_not_null())
        .then(pl.when(pl.col("entity") == "customer").then("after").otherwise(asset_number(pl.col("after"))))
        .otherwise(pl.lit(""))
    )
    kept = pl.when(pl.col("after").is_not_null()).then(pl.format("已恢复为 {}：{}", "after", "why"))
    refused = pl.when(pl.col("after").is_null()).then(pl.format("不能恢复，没有采用：{}", "why"))
    return _as_found(frame, told_key, pl.col("before"), pl.col("after"), told(kept, refused))


def _misread(answers: Answers, entity: str, short: str, prefix: str) -> pl.DataFrame:
    """Malformed numbers that the ledger does not have; the key is the one meter of the customer or of the box that reads almost so."""
    frame = _malformed(answers, entity, short, prefix)
    keys = [_almost(answers, entity, row) for row in frame.iter_rows(named=True)]
    frame = frame.with_columns(pl.Series("told", keys, pl.String), pl.lit(entity).alias("entity"))
    near = pl.when(pl.col("told") != "").then(pl.format("台账中只有 {} 与它相近，未自动采用", "told"))
    wrong = pl.lit("位数或校验码不对，台账中没有这个号码")
    return _as_found(frame, pl.col("told"), pl.coalesce(f"{short}_bar", f"{short}_asset"), pl.lit(None), told(wrong, near))


def _half_right(answers: Answers, entity: str, short: str, prefix: str) -> pl.DataFrame:
    """Barcodes whose asset number the ledger has with another barcode: some other digit was misread."""
    given, own = pl.col(f"{short}_bar"), pl.col(f"{prefix}_bar_code")
    whole = given.str.contains(rf"^\d{{{BARCODE_LENGTH}}}$")
    frame = answers.rows.filter(whole & own.is_not_null() & (given != own)).with_columns(pl.lit(entity).alias("entity"))
    return _as_found(frame, pl.col(short), given, own, told(pl.format("资产号与台账的 {} 相同，条码的其他数字不同", own)))


def _as_found(frame: pl.DataFrame, key: pl.Expr, before: pl.Expr, after: pl.Expr, evidence: pl.Expr) -> pl.DataFrame:
    if frame.is_empty():
        return pl.DataFrame(schema=FOUND)
    field = pl.col("entity").replace_strict({"customer": "customer_no"}, default="bar_code", return_dtype=pl.String)
    return found(
        frame, "damaged_identifier", entity=pl.col("entity"), key=key, field=field, ledger=after, field_value=before, evidence=evidence,
        detail=pl.concat_str(row_detail(), before.fill_null(""), separator=":"),
    )  # fmt: skip


def _malformed(answers: Answers, entity: str, short: str, prefix: str) -> pl.DataFrame:
    """Parts of rows whose number is unknown and cannot be one: letters, a wrong length, a wrong check digit."""
    strange = answers.rows.filter(pl.col(short).is_not_null() & pl.col(f"{prefix}_id").is_null())
    bar, asset = pl.col(f"{short}_bar"), pl.col(f"{short}_asset")
    lengths = answers.station.table(entity)["asset_no"].str.len_chars().unique().to_list()
    checked = strange.with_columns(check_digits(strange[f"{short}_bar"].cast(pl.String)).alias("_check"))
    whole = bar.str.contains(rf"^\d{{{BARCODE_LENGTH}}}$")
    wrong_check = whole & (bar.str.slice(-1) != pl.col("_check")) if _checks_mean(answers, entity) else pl.lit(value=False)
    # Old assets carry shorter barcodes: a whole number of a length that the ledger has is not damage.
    plain_number = bar.str.contains(r"^\d+$") & bar.str.len_chars().is_in(lengths)
    cut = ~whole & bar.str.slice(0, _ISSUER).is_in(_issuers(answers, entity))
    bad_bar = bar.is_not_null() & ((~whole & ~plain_number) | cut | wrong_check)
    bad_asset = bar.is_null() & ~(asset.str.contains(r"^\d+$") & asset.str.len_chars().is_in(lengths))
    return checked.filter(bad_bar | bad_asset).drop("_check")


def _issuers(answers: Answers, entity: str) -> list[str]:
    """First digits of the ledger's barcodes with which none of its asset numbers begins: a short number that has them was cut."""
    table = answers.station.table(entity)
    whole = table["bar_code"].drop_nulls()
    issuers = whole.filter(whole.str.len_chars() == BARCODE_LENGTH).str.slice(0, _ISSUER).unique()
    return issuers.filter(~issuers.is_in(table["asset_no"].drop_nulls().str.slice(0, _ISSUER).unique().implode())).to_list()


def _checks_mean(answers: Answers, entity: str) -> bool:
    codes = answers.station.table(entity)["bar_code"].drop_nulls()
    expected = check_digits(codes)
    share = (codes.str.slice(-1) == expected).fill_null(value=False).mean()
    return isinstance(share, float) and share >= _SOUND


def _almost(answers: Answers, entity: str, row: dict[str, str]) -> str:
    """The one number among those the row's other keys lead to that differs in few digits."""
    if entity == "meter_box":
        near = [(row["c_box"] or row["m_box_no"] or "", "")]
        codes = dict(answers.station.table("meter_box").filter(pl.col("asset_no") == near[0][0]).select("asset_no", "bar_code").iter_rows())
    elif row["c_no"]:
        codes = {row["c_meter"]: row["c_meter_bar"]} if row["c_meter"] else {}
    else:
        box = answers.station.meters.filter(pl.col("box_no") == row["box"])
        codes = dict(box.select("asset_no", "bar_code").iter_rows())
    given = row["meter_bar" if entity == "meter" else "box_bar"] or row["meter" if entity == "meter" else "box"]
    like = [number for number, code in codes.items() if min(_apart(given, code), _apart(given, number)) <= _ALMOST]
    return like[0] if len(like) == 1 else ""


def _apart(one: str, other: str | None) -> int:
    return Levenshtein.distance(one, other) if other else 99


def _strange_customers(answers: Answers) -> pl.DataFrame:
    """Customer numbers the ledger does not have in rows whose meter belongs to a customer: the meter is trusted more."""
    frame = answers.present.filter(
        pl.col("customer_no").is_not_null() & pl.col("c_no").is_null() & pl.col("m_customer_no").is_not_null()
    ).unique(PLACE[:2], maintain_order=True)  # fmt: skip
    evidence = told(pl.format("电能表 {} 台账中属于用户 {}", "meter", "m_customer_no"), pl.lit("台账中没有行内的用户编号，按电能表认"))
    return found(
        frame, "damaged_identifier", entity="customer", key=pl.col("m_customer_no"), field="customer_no", ledger=pl.col("m_customer_no"),
        field_value=pl.col("customer_no"), evidence=evidence, detail=pl.col("customer_no"),
    )  # fmt: skip
