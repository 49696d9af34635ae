"""Which ledger record a row without a usable number may be about: suggestions with evidence, never applied."""

from dataclasses import dataclass
from typing import Any, Final

import polars as pl
from rapidfuzz import fuzz, process

from lvdesk.fieldwork.classing.answers import PLACE, Answers

_NAME, _ADDRESS, _BOX, _PLACE_NEAR = 0.5, 0.35, 0.1, 0.05
"""Weights of what a row says; what it does not say does not count."""
_MOST_ROWS: Final = 2_000
_CHOICES: Final = 30


@dataclass(frozen=True)
class Alike:
    """A row and the customer it may be about, likeness 0 to 1."""

    sheet_id: int
    sheet_row: int
    customer_no: str
    likeness: float
    evidence: tuple[str, ...]


def suggestions(answers: Answers, rows: pl.DataFrame) -> list[Alike]:
    """The likeliest customers of rows (``Answers.rows``) that no number connects with the ledger; the first thousands of them.

    Customers that another row names by number are not suggested.
    """
    people = _people(answers)
    areas = {str(area): part.to_dicts() for (area,), part in people.group_by("area", maintain_order=True)}
    everybody = people.to_dicts()
    found: list[Alike] = []
    for row in rows.unique(PLACE[:2], keep="first", maintain_order=True).head(_MOST_ROWS).iter_rows(named=True):
        if row["name"] or row["address"]:
            found += _of_row(answers, row, areas.get(str(row["area"]), everybody) if row["area"] else everybody)
    return found


def _people(answers: Answers) -> pl.DataFrame:
    named = answers.rows["c_no"].drop_nulls().unique().to_list()
    people = answers.ledger_meters.drop_nulls("customer_no").filter(~pl.col("customer_no").is_in(named))
    return people.select(
        "customer_no", pl.col("customer_name").fill_null("").alias("name"), pl.col("customer_address").fill_null("").alias("address"),
        "box_no", pl.coalesce("point_area", "box_area").alias("area"),
    ).unique("customer_no", keep="first", maintain_order=True)  # fmt: skip


def _of_row(answers: Answers, row: dict[str, Any], people: list[dict[str, Any]]) -> list[Alike]:
    text = f"{row['name'] or ''} {row['address'] or ''}".strip()
    texts = [f"{each['name']} {each['address']}".strip() for each in people]
    near = process.extract(text, texts, scorer=fuzz.token_set_ratio, limit=_CHOICES)
    alike = [_compared(row, people[index]) for _text, _score, index in near]
    best = sorted((each for each in alike if each.likeness >= answers.book.alike), key=lambda each: -each.likeness)
    return best[: answers.book.suggestions]


def _compared(row: dict[str, Any], person: dict[str, Any]) -> Alike:
    parts: list[tuple[float, float, str]] = []
    if row["name"]:
        parts.append((_NAME, fuzz.ratio(row["name"], person["name"]) / 100, f"户名 {person['name']}"))
    if row["address"]:
        parts.append((_ADDRESS, fuzz.ratio(row["address"], person["address"]) / 100, f"地址 {person['address']}"))
    if row["box"]:
        parts.append((_BOX, float(row["box"] == person["box_no"]), f"同在计量箱 {person['box_no']}"))
    if row["area"]:
        parts.append((_PLACE_NEAR, float(row["area"] == person["area"]), "同在一个台区"))
    likeness = sum(weight * score for weight, score, _ in parts) / sum(weight for weight, _, _ in parts)
    evidence = tuple(f"{words}（{score:.0%}）" for _, score, words in parts if score > 0)
    return Alike(row["sheet_id"], row["sheet_row"], person["customer_no"], round(likeness, 3), evidence)
