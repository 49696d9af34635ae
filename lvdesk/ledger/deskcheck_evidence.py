"""Evidence that customers are cancelled, for the whole station at once: one frame of hits per kind."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

import polars as pl

from lvdesk.ledger.deskcheck_book import Book
from lvdesk.ledger.deskcheck_people import People

HIT: Final[dict[str, type[pl.DataType]]] = {
    "id": pl.Int64, "kind": pl.String, "text": pl.String, "field": pl.String, "sheet_id": pl.Int64, "sheet_row": pl.Int64,
}  # fmt: skip
"""Columns of hits: the customer, what speaks against it, and where that stands: the field of its own record, or a row of a sheet."""

_EARLIEST: Final = "1950"  # before, a date only fills the field
_FEW: Final = 10
_NOISE: Final = r"[\s\p{P}\p{S}]+"
_NAMELESS: Final = "（无户名）"


class Search:
    """Looks for every kind of evidence; ``disputes``: ``Station.differences``, None when none is about meters."""

    def __init__(self, people: People, book: Book, today: date, disputes: pl.DataFrame | None) -> None:
        self._people, self._book, self._today, self._disputes = people, book, today, disputes
        limits = book.limits
        self._customers = people.customers.filter(~pl.col("status").fill_null("").is_in(limits["never"])).with_columns(
            pl.col("status").fill_null("").is_in(limits["cancelled"]).alias("is_cancelled"),
            (pl.col("opened_on").fill_null("") >= str(today - timedelta(days=limits["new_days"]))).alias("is_new"),
        )

    def hits(self) -> Iterator[pl.DataFrame]:
        """One frame of ``HIT`` after another."""
        yield from self._status()
        yield from self._dates()
        yield self._points()
        yield self._absent()
        yield from self._meters()
        if self._disputes is not None:
            yield self._disputed(self._disputes)
        yield from self._use()
        yield from self._words()
        yield self._duplicates()

    def _status(self) -> Iterator[pl.DataFrame]:
        found = self._customers.filter("is_cancelled")
        yield _hit(found, "cancelled", pl.format("用户状态为{}", "status"), "status")

    def _dates(self) -> Iterator[pl.DataFrame]:
        day, today = pl.col("cancelled_on").str.slice(0, 10), str(self._today)
        last = str(self._today + timedelta(days=self._book.limits["ahead_days"]))
        found = self._customers.with_columns(day.alias("day")).filter(
            day.is_between(pl.lit(_EARLIEST), pl.lit(last)) & (day >= pl.col("opened_on").fill_null("").str.slice(0, 10))
        )
        past, running = pl.col("day") <= today, pl.col("status").is_not_null() & ~pl.col("is_cancelled")
        text = pl.format("销户日期为 {}", "day")
        yield _hit(found.filter(past & ~running), "cancel_date", text, "cancelled_on")
        yield _hit(found.filter(past & running), "cancel_date_running", pl.format("{}，但用户状态仍为{}", text, "status"), "cancelled_on")
        yield _hit(found.filter(~past), "cancel_date_future", pl.format("{}，尚未到", text), "cancelled_on")

    def _points(self) -> pl.DataFrame:
        removed = pl.col("status").fill_null("").is_in(self._book.limits["removed"])
        gone = (
            self._people.points.drop_nulls("customer_no").group_by("customer_no").agg(removed.all().alias("gone"), pl.len().alias("points"))
        )
        found = self._customers.join(gone.filter("gone"), on="customer_no", maintain_order="left")
        return _hit(found, "point_removed", pl.format("{} 个计量点的状态全部为撤销", "points"))

    def _absent(self) -> pl.DataFrame:
        sheets = self._people.sheets.select(pl.col("sheet_id").alias("absent_sheet"), "file", "imported_at")
        found = self._customers.join(sheets, on="absent_sheet", maintain_order="left")
        day = pl.col("imported_at").str.slice(0, 10)
        text = pl.format("台账已不再列出：{} 导入的《{}》中没有该户", day, pl.col("file"))
        return _hit(found, "absent", text, sheet=pl.col("absent_sheet"), row=pl.lit(0))

    def _meters(self) -> Iterator[pl.DataFrame]:
        """Customers without a meter: none is listed for them, or the one their row lists is now another's."""
        bare = self._customers.filter((pl.col("meters") == 0) & ~pl.col("is_cancelled")).with_columns(
            pl.col("from_sheet").alias("sheet_id"), pl.col("from_row").cast(pl.Int64).alias("sheet_row")
        )
        rows = bare.select("sheet_id", "sheet_row").drop_nulls().unique(maintain_order=True)
        bare = bare.join(self._people.listed_meters(rows), on=["sheet_id", "sheet_row"], how="left", maintain_order="left")
        owned = self._people.meters.filter(~pl.col("gone")).drop_nulls("customer_no")
        numbers = pl.concat(
            [owned.select(pl.col(name).alias("listed"), pl.col("customer_no").alias("owner")) for name in ("bar_code", "asset_no")]
        )
        numbers = numbers.drop_nulls().unique("listed", keep="first", maintain_order=True)
        moved = bare.join(numbers, on="listed", maintain_order="left").filter(pl.col("owner") != pl.col("customer_no"))
        text = pl.format("原列电能表 {} 现登记在用户 {}{}名下", "listed", "owner", "owner_name")
        yield _hit(self._named(moved), "meter_elsewhere", text, sheet=pl.col("sheet_id"), row=pl.col("sheet_row"))
        yield self._without(bare.filter(pl.col("listed").fill_null("") == ""))

    def _without(self, bare: pl.DataFrame) -> pl.DataFrame:
        metered = self._share((pl.col("meters") > 0).mean() >= self._book.limits["metered"])
        excused = pl.col("is_new") | pl.col("sort").fill_null("").is_in(self._book.limits["without_meter"])
        found = bare.filter(~excused).join(metered, on="from_sheet", maintain_order="left")
        return _hit(found, "no_meter", "没有电能表，同一台账的其他用户有", sheet=pl.col("sheet_id"), row=pl.col("sheet_row"))

    def _share(self, test: pl.Expr) -> pl.DataFrame:
        """The sheets whose customers pass."""
        return (
            self._people.customers.drop_nulls("from_sheet")
            .group_by("from_sheet")
            .agg(test.alias("passes"))
            .filter("passes")
            .select("from_sheet")
        )

    def _named(self, frame: pl.DataFrame) -> pl.DataFrame:
        names = self._people.customers.select(pl.col("customer_no").alias("owner"), pl.format("（{}）", "name").alias("owner_name"))
        return frame.join(names, on="owner", how="left", maintain_order="left").with_columns(pl.col("owner_name").fill_null(_NAMELESS))

    def _disputed(self, disputes: pl.DataFrame) -> pl.DataFrame:
        """Meters that another source lists under another customer than the accepted one."""
        points = self._people.points.select(pl.col("mp_no").alias("point"), pl.col("customer_no").alias("point_owner"))
        other = pl.col("other")
        meters = disputes.filter((pl.col("entity") == "meter") & (pl.col("field") == "mp_no")).with_columns(other.alias("point"))
        meters = meters.join(points, on="point", how="left", maintain_order="left").with_columns(
            pl.coalesce("point_owner", pl.when(other.str.starts_with("@")).then(other.str.strip_prefix("@"))).alias("owner")
        )
        held = self._people.meters.select(pl.col("asset_no").alias("key"), "customer_no")
        moved = meters.join(held, on="key", maintain_order="left").filter(pl.col("owner") != pl.col("customer_no"))
        moved = moved.unique(["customer_no", "owner", "key"], keep="last", maintain_order=True)
        found = self._customers.select("id", "customer_no").join(
            moved.select("customer_no", "owner", "key", "sheet_id", "sheet_row"), on="customer_no", maintain_order="left"
        )
        text = pl.format("另有一行把电能表 {} 列在用户 {}{}名下", "key", "owner", "owner_name")
        return _hit(self._named(found), "meter_disputed", text, sheet=pl.col("sheet_id"), row=pl.col("sheet_row"))

    def _use(self) -> Iterator[pl.DataFrame]:
        known, none = pl.col("recent_kwh").is_not_null(), pl.col("recent_kwh") == 0
        sound = self._share((known.sum() < _FEW) | (none.sum() <= self._book.limits["unused"] * known.sum()))
        unused = self._customers.filter(none & ~pl.col("is_new")).join(sound, on="from_sheet", how="semi", maintain_order="left")
        yield _hit(unused, "no_use", "近期用电量为 0", "recent_kwh")
        used = self._customers.filter(pl.col("recent_kwh") > 0)
        yield _hit(used, "in_use", pl.format("但近期用电量为 {} kWh", pl.col("recent_kwh").round(2)), "recent_kwh")

    def _words(self) -> Iterator[pl.DataFrame]:
        for field, title in (("address", "用电地址"), ("name", "户名")):
            for words in self._book.words:
                said = self._book.spoken(words, pl.col(field), firms=field == "name").alias("said")
                found = self._customers.filter(pl.col(field).str.contains_any(list(words.words)))
                found = found.with_columns(said).filter(pl.col("said").is_not_null())
                yield _hit(found, words.kind, pl.format("{}写明“{}”", pl.lit(title), "said"), field)

    def _duplicates(self) -> pl.DataFrame:
        """Customers with the name and address of another one that is in use and has at least as much to show for itself."""
        shown = {name: pl.col(name).str.replace_all(_NOISE, "").str.to_lowercase() for name in ("name", "address")}
        claim = (pl.col("meters") > 0).cast(pl.Int64) * 2 + (pl.col("recent_kwh").fill_null(1) > 0).cast(pl.Int64)
        today = str(self._today)
        running = pl.col("absent_sheet").is_null() & ~pl.col("is_cancelled") & ~(pl.col("cancelled_on").fill_null("9") <= today)
        frame = self._customers.select(
            "id", "customer_no", "elec_type", shown["name"], shown["address"], claim.alias("claim"), running.alias("running")
        ).filter((pl.col("name") != "") & pl.col("address").str.contains(r"\d|号|室"))
        frame = frame.filter(pl.len().over("address") <= self._book.limits["same_address"])
        frame = frame.filter(pl.len().over("name", "address") > 1)
        others = frame.filter("running").select("name", "address", pl.all().exclude("name", "address", "running").name.prefix("other_"))
        pairs = frame.join(others, on=["name", "address"], maintain_order="left_right").filter(
            (pl.col("id") != pl.col("other_id"))
            & (pl.col("elec_type") == pl.col("other_elec_type")).fill_null(value=True)
            & (~pl.col("running") | (pl.col("other_claim") >= pl.col("claim")))
        )
        found = pairs.group_by("id", maintain_order=True).agg(pl.col("other_customer_no").first(), pl.len().alias("many"))
        more = pl.when(pl.col("many") > 1).then(pl.format(" 等 {} 户", "many")).otherwise(pl.lit(""))
        return _hit(found, "duplicate", pl.format("户名、地址与在用户 {}{} 相同", "other_customer_no", more), "address")


def _hit(
    frame: pl.DataFrame, kind: str, text: str | pl.Expr, field: str = "", *, sheet: pl.Expr | None = None, row: pl.Expr | None = None
) -> pl.DataFrame:
    """Hits of one kind for the customers of a frame; with ``field`` the origin of that value is theirs."""
    given = {
        "id": pl.col("id"),
        "kind": pl.lit(kind),
        "text": text if isinstance(text, pl.Expr) else pl.lit(text),
        "field": pl.lit(field),
        "sheet_id": sheet if sheet is not None else pl.lit(None),
        "sheet_row": row if row is not None else pl.lit(None),
    }
    return frame.select(value.cast(HIT[name]).alias(name) for name, value in given.items())
