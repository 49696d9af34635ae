"""What a ledger imported after the box's last field result says otherwise."""

from typing import Final

import polars as pl
from sqlalchemy import Connection, select

from lvdesk.fieldwork.book import NEWER, Book
from lvdesk.fieldwork.ground import Ground
from lvdesk.fieldwork.visits import Visits
from lvdesk.network.frames import read_frame
from lvdesk.network.identifiers import asset_number
from lvdesk.network.tables import Meter

_GONE: Final = {"key": pl.String, "box_no": pl.String, "sheet_id": pl.Int64}
_LINE: Final = {"box_no": pl.String, "entity": pl.String, "key": pl.String, "field": pl.String, "sheet_id": pl.Int64}
_OUT: Final = {"entity": pl.String, "key": pl.String, "code": pl.String, "text": pl.String}

_KEYS: Final = {"meter_box": "asset_no", "meter": "asset_no", "metering_point": "mp_no", "customer": "customer_no"}


def newer(connection: Connection, ground: Ground, visits: Visits, book: Book) -> pl.DataFrame:
    """entity, key, code, text: one line for each change that a later ledger brought to a visited box, its meters or its customers."""
    seen = visits.seen("meter_box").rename({"key": "box_no"})
    if seen.is_empty():
        return pl.DataFrame(schema=_OUT)
    return _Search(connection, ground, visits, book).lines(seen)


class _Search:
    def __init__(self, connection: Connection, ground: Ground, visits: Visits, book: Book) -> None:
        self._connection, self._ground, self._visits, self._book = connection, ground, visits, book
        self._station = ground.station

    def lines(self, seen: pl.DataFrame) -> pl.DataFrame:
        """What came after each box was seen."""
        found = pl.concat([self._changed(), self._new(), self._gone(), self._differing()])
        found = found.join(seen, on="box_no", maintain_order="left")
        sheets = self._visits.sheets.rename({"entry": "sheet_entry"})
        found = found.join(sheets, on="sheet_id", maintain_order="left")
        later = (pl.col("entry").is_null() | (pl.col("sheet_entry") > pl.col("entry"))) & (
            pl.col("back_at").is_null() | (pl.col("imported_at") > pl.col("back_at"))
        )
        found = found.filter(later)
        day = pl.col("imported_at").str.head(10)
        text = pl.format("{} 导入的台账：{}", day, "said")
        return found.select(
            pl.lit("meter_box").alias("entity"), pl.col("box_no").alias("key"), pl.lit(NEWER).alias("code"), text.alias("text")
        ).unique(maintain_order=True)

    def _records(self, entity: str) -> pl.DataFrame:
        """Records of an entity with the box they belong to."""
        if entity == "meter_box":
            return self._ground.boxes.with_columns(pl.col("asset_no").alias("box_no"))
        key = _KEYS[entity]
        if entity == "meter":
            return self._station.table(entity).join(self._ground.meters.select(key), on=key, how="semi", maintain_order="left")
        boxes = self._ground.meters.select(key, "box_no").drop_nulls().unique(maintain_order=True)
        return self._station.table(entity).join(boxes, on=key, maintain_order="left")

    def _changed(self) -> pl.DataFrame:
        frames = [pl.DataFrame(schema={**_LINE, "said": pl.String})]
        for entity, fields in self._book.fields.items():
            records, said = self._records(entity).drop_nulls("sources"), self._said(entity)
            key = _KEYS[entity]
            for field in fields:
                value = pl.col(field).round(6).cast(pl.String) if records[field].dtype == pl.Float64 else pl.col(field).cast(pl.String)
                frame = records.select(
                    "box_no",
                    pl.lit(entity).alias("entity"),
                    pl.col(key).alias("key"),
                    pl.lit(field).alias("field"),
                    pl.col("sources").str.extract(rf'"{field}":\[(\d+),').cast(pl.Int64).alias("sheet_id"),
                    value.fill_null("（空）").alias("value"),
                ).drop_nulls("sheet_id")
                frame = frame.join(said, on=["key", "field", "value"], how="anti", maintain_order="left")
                frames.append(self._told(frame, entity, field))
        return pl.concat(frames)

    def _told(self, frame: pl.DataFrame, entity: str, field: str) -> pl.DataFrame:
        kind = self._station.dictionary.entities[entity]
        title = kind.fields[field].title
        text = pl.format("{} {} 的{}改为“{}”", pl.lit(kind.title), pl.col("key").str.strip_prefix("@"), pl.lit(title), "value")
        return frame.with_columns(text.alias("said")).select(*_LINE, "said")

    def _said(self, entity: str) -> pl.DataFrame:
        """key, field, value: what field results say themselves; a ledger that came to say the same is no news."""
        rows = self._visits.said if entity == "meter_box" else self._station.field(entity)
        fields = [field for field in self._book.fields[entity] if field in rows.columns]
        texts = [
            (pl.col(field).round(6) if rows[field].dtype == pl.Float64 else pl.col(field)).cast(pl.String).alias(field) for field in fields
        ]
        numbers = {"meter_box": pl.col("key"), "meter": pl.coalesce("asset_no", asset_number(pl.col("bar_code")))}
        wide = rows.select(numbers.get(entity, pl.col(_KEYS[entity])).alias("_key"), *texts)
        return wide.unpivot(index="_key", variable_name="field").drop_nulls().rename({"_key": "key"}).unique()

    def _new(self) -> pl.DataFrame:
        alive = self._ground.meters.filter(~pl.col("is_gone")).select("asset_no")
        meters = self._records("meter").join(alive, on="asset_no", how="semi", maintain_order="left")
        seen = self._visits.links.select("meter_no", "box_no").drop_nulls()
        meters = meters.join(seen, left_on=["asset_no", "box_no"], right_on=["meter_no", "box_no"], how="anti", maintain_order="left")
        return meters.drop_nulls("from_sheet").select(
            "box_no", pl.lit("meter").alias("entity"), pl.col("asset_no").alias("key"), pl.lit("").alias("field"),
            pl.col("from_sheet").alias("sheet_id"), pl.format("新增电能表 {}", "asset_no").alias("said"),
        )  # fmt: skip

    def _gone(self) -> pl.DataFrame:
        """Meters that their ledger no longer lists."""
        query = select(Meter.asset_no, Meter.box_no, Meter.absent_sheet).where(Meter.absent_sheet.is_not(None), Meter.box_no.is_not(None))
        frame = read_frame(self._connection, query, _GONE)
        frame = frame.join(self._ground.boxes.select(pl.col("key").alias("box_no")), on="box_no", how="semi", maintain_order="left")
        said = pl.format("电能表 {} 已不在台账", "key").alias("said")
        return frame.select("box_no", pl.lit("meter").alias("entity"), "key", pl.lit("").alias("field"), "sheet_id", said)

    def _differing(self) -> pl.DataFrame:
        """What ledgers say against the accepted value and nobody has decided."""
        frames = [pl.DataFrame(schema={**_LINE, "said": pl.String})]
        undecided = self._station.differences.filter(~pl.col("decided") & (pl.col("system") != "field"))
        for entity, fields in self._book.fields.items():
            own = undecided.filter((pl.col("entity") == entity) & pl.col("field").is_in(fields))
            boxes = self._records(entity).select(pl.col(_KEYS[entity]).alias("key"), "box_no")
            own = own.join(boxes, on="key", maintain_order="left").rename({"other": "value"})
            for (field,), frame in own.group_by("field", maintain_order=True):
                kind = self._station.dictionary.entities[entity]
                said = pl.format("{} {} 的{}另写作“{}”", pl.lit(kind.title), "key", pl.lit(kind.fields[str(field)].title), "value")
                frames.append(frame.with_columns(said.alias("said")).select(*_LINE, "said"))
        return pl.concat(frames)
