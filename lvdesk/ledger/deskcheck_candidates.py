"""All candidates of the desk check with their evidence, what was marked, and how far each feeder is."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import polars as pl

from lvdesk.kit.errors import RefusedError
from lvdesk.ledger.deskcheck_book import Book
from lvdesk.ledger.deskcheck_evidence import HIT
from lvdesk.ledger.deskcheck_model import CONFIRMED, STRENGTHS, Candidate, Evidence, FeederProgress, Mark, State, Strength
from lvdesk.ledger.deskcheck_people import People
from lvdesk.ledger.deskcheck_table import CandidateTable

_SHOWN: Final = ("name", "address", "area_no", "area_name", "feeder_no", "feeder_name", "status", "meter", "box")
_UNPLACED: Final = "未归属线路"


@dataclass(frozen=True)
class Frames:
    """What a search found: every customer, the evidence against some, and what it comes to (id, score, said, strength, suggested)."""

    people: pl.DataFrame
    evidence: pl.DataFrame
    scored: pl.DataFrame


class Candidates:
    """The outcome of one search. Judgements change it by ``with_marks``, the evidence stays.

    Attributes:
        marks: what people decided, by customer number.
    """

    def __init__(self, frames: Frames, book: Book, marks: Mapping[str, Mark]) -> None:
        self._frames, self._book, self.marks = frames, book, marks
        self._people, self._evidence, self._scored = frames.people, frames.evidence, frames.scored

    def with_marks(self, marks: Mapping[str, Mark]) -> "Candidates":
        """The same evidence beside other judgements."""
        return Candidates(self._frames, self._book, marks)

    def items(self, feeder_no: str | None = None) -> Iterator[Candidate]:
        """The candidates, strongest evidence first within each feeder; of one feeder with ``feeder_no`` ("": of no feeder)."""
        frame = self._rows.filter(pl.col("score").is_not_null())
        for row in _of_feeder(frame, feeder_no).iter_rows(named=True):
            yield self._candidate(row)

    def feeder_of(self, words: str) -> str:
        """The number of the feeder with this number or name.

        Raises:
            RefusedError: ``deskcheck.feeder`` when there is none, or several of that name.
        """
        by_number = [each.feeder_no for each in self.feeders if each.feeder_no == words]
        found = by_number or [each.feeder_no for each in self.feeders if each.name == words]
        if len(found) != 1:
            raise RefusedError("deskcheck.feeder", f"没有找到线路“{words}”", "请给出线路编号，或唯一的线路名称")
        return found[0]

    def find(self, record: int) -> Candidate | None:
        """One of them, or a customer that was only marked, by the id of its record."""
        found = self._rows.filter(pl.col("id") == record)
        return self._candidate(found.row(0, named=True)) if found.height else None

    def numbers(self, records: Sequence[int]) -> list[str]:
        """The customer numbers of records, in order."""
        known = dict(self._rows.select("id", "customer_no").iter_rows())
        return [known[record] for record in records if record in known]

    def said(self, customer_nos: Sequence[str]) -> dict[str, tuple[str, ...]]:
        """The sentences against each of these customers."""
        wanted = self._people.filter(pl.col("customer_no").is_in(list(customer_nos))).select("id", "customer_no")
        found = wanted.join(self._evidence, on="id", maintain_order="left_right").group_by("customer_no").agg("text")
        return {number: tuple(texts) for number, texts in found.iter_rows()}

    def table(self, feeder_no: str | None = None, state: State = State.ALL) -> CandidateTable:
        """Them as a table; ``feeder_no`` as in ``items``."""
        frame = _of_feeder(self._rows, feeder_no)
        marked = pl.col("verdict") != ""
        frame = frame if state is State.ALL else frame.filter(marked if state is State.MARKED else ~marked)
        return CandidateTable(frame, judged=state is State.MARKED)

    def count(self, feeder_no: str | None = None) -> int:
        """How many rows ``table`` has."""
        return _of_feeder(self._rows, feeder_no).height

    @cached_property
    def feeders(self) -> tuple[FeederProgress, ...]:
        """Every feeder with customers, by name; those without a feeder last."""
        all_customers = self._people.group_by("feeder_no").agg(pl.col("feeder_name").first(), pl.len().alias("customers"))
        marked, is_candidate = pl.col("verdict") != "", pl.col("score").is_not_null()
        counted = self._rows.group_by("feeder_no").agg(
            is_candidate.sum().alias("candidates"), marked.sum().alias("marked"), (pl.col("verdict") == CONFIRMED).sum().alias("confirmed"),
            (is_candidate & ~marked).sum().alias("open"),
        )  # fmt: skip
        counts = ("customers", "candidates", "marked", "confirmed", "open")
        frame = all_customers.join(counted, on="feeder_no", how="left").with_columns(pl.col(name).fill_null(0) for name in counts[1:])
        frame = frame.sort(pl.col("feeder_no") == "", "feeder_name", "feeder_no")
        rows = frame.select("feeder_no", "feeder_name", *counts).iter_rows()
        return tuple(FeederProgress(number, name if number else _UNPLACED, *map(int, more)) for number, name, *more in rows)

    @cached_property
    def _rows(self) -> pl.DataFrame:
        """Candidates and marked customers: id, score (null without evidence), and everything the table shows as text."""
        decided = pl.DataFrame(
            [(mark.customer_no, mark.verdict, mark.reason, mark.person, mark.at.replace("T", " ")[:16]) for mark in self.marks.values()],
            schema=dict.fromkeys(("customer_no", "verdict", "reason", "person", "at"), pl.String), orient="row",
        )  # fmt: skip
        frame = self._people.join(self._scored, on="id", how="left", maintain_order="left")
        frame = frame.join(decided, on="customer_no", how="left", maintain_order="left")
        frame = frame.filter(pl.col("score").is_not_null() | pl.col("verdict").is_not_null())
        frame = frame.with_columns(pl.col("said", "suggested", "verdict", "reason", "person", "at").fill_null(""))
        frame = frame.with_columns(pl.col("strength").fill_null(STRENGTHS[Strength.MANUAL]))
        return frame.sort(pl.col("feeder_no") == "", "feeder_name", "feeder_no", -pl.col("score"), "area_name", "address", nulls_last=True)

    def _candidate(self, row: Mapping[str, Any]) -> Candidate:
        found = self._evidence.filter(pl.col("id") == row["id"])
        columns = found.select("kind", "text", "weight", "file", "sheet", "sheet_row", "typed").iter_rows()
        evidence = tuple(Evidence(*each) for each in columns)
        strength, suggested = self._book.judged(row["score"]) if row["score"] is not None else (Strength.MANUAL, "")
        reason = self._book.reasons.get(evidence[0].kind, "") if evidence else ""
        shown = {name: row[name] for name in _SHOWN}
        mark = self.marks.get(row["customer_no"])
        return Candidate(
            row["id"], row["customer_no"], **shown, evidence=evidence, strength=strength, suggested=suggested, reason=reason, mark=mark
        )


def _of_feeder(frame: pl.DataFrame, feeder_no: str | None) -> pl.DataFrame:
    return frame if feeder_no is None else frame.filter(pl.col("feeder_no") == feeder_no)


def gathered(people: People, hits: Sequence[pl.DataFrame], book: Book, status_names: Mapping[str, str]) -> Candidates:
    """The candidates from what was found, nothing marked yet."""
    shown = people.customers.with_columns(pl.col("status").replace(dict(status_names)))
    shown = shown.select("id", "customer_no", *(pl.col(name).fill_null("") for name in _SHOWN))
    weights = {kind: int(weight) for kind, weight in book.weights.items()}
    found = pl.concat([pl.DataFrame(schema=HIT), *hits])
    against = found.filter(pl.col("kind").is_in([kind for kind, weight in weights.items() if weight > 0])).select("id").unique()
    found = found.join(against, on="id", how="semi", maintain_order="left").unique(
        ["id", "kind", "text"], keep="first", maintain_order=True
    )
    found = found.with_columns(pl.col("kind").replace_strict(weights, default=0, return_dtype=pl.Int64).alias("weight"))
    # A word said twice, in name and address, is one reason.
    once = pl.col("weight") * (pl.int_range(pl.len()).over("id", "kind") == 0).cast(pl.Int64)
    found = found.with_columns(once.alias("weight")).sort("id", -pl.col("weight").abs(), maintain_order=True)
    return Candidates(Frames(shown, _traced(people, found), _scored(found, book)), book, {})


def _scored(found: pl.DataFrame, book: Book) -> pl.DataFrame:
    """Every customer with enough evidence: id, score, said, strength, suggested."""
    sums = found.group_by("id").agg(pl.col("weight").sum().alias("score"), pl.col("text").str.join("；").alias("said"))
    sums = sums.filter(pl.col("score") >= book.strength["least"])
    judged = {score: book.judged(score) for score in sums["score"].unique().to_list()}
    names = {score: STRENGTHS[strength] for score, (strength, _verdict) in judged.items()}
    verdicts = {score: verdict for score, (_strength, verdict) in judged.items()}
    return sums.with_columns(
        pl.col("score").replace_strict(names, return_dtype=pl.String).alias("strength"),
        pl.col("score").replace_strict(verdicts, return_dtype=pl.String).alias("suggested"),
    )


def _traced(people: People, found: pl.DataFrame) -> pl.DataFrame:
    """The hits with file, sheet and row of what they rest on."""
    records = people.customers.select("id", "from_sheet", "from_row", "sources")
    own = found.filter(pl.col("field") != "").join(records, on="id", maintain_order="left")
    places: dict[tuple[int, str], tuple[int | None, int | None]] = {}
    for number, field, sheet, row, sources in own.select("id", "field", "from_sheet", "from_row", "sources").iter_rows():
        source = json.loads(sources).get(field, [sheet, row]) if sources else [sheet, row]
        places[number, field] = tuple(source) if len(source) == 2 else (None, None)
    schema = {"id": pl.Int64, "field": pl.String, "its_sheet": pl.Int64, "its_row": pl.Int64}
    origins = pl.DataFrame([(*key, *place) for key, place in places.items()], schema=schema, orient="row")
    found = found.join(origins, on=["id", "field"], how="left", maintain_order="left").with_columns(
        pl.coalesce("sheet_id", "its_sheet").alias("sheet_id"), pl.coalesce("sheet_row", "its_row").fill_null(0).alias("sheet_row")
    )
    found = found.join(people.sheets.select("sheet_id", "file", "sheet"), on="sheet_id", how="left", maintain_order="left")
    typed = (pl.col("field") != "") & pl.col("sheet_id").is_null()
    return found.with_columns(pl.col("file", "sheet").fill_null(""), typed.alias("typed"))
