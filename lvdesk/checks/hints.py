"""What address, people and numbers of a box say about its transformer area: true for the other one, false against it, null: nothing."""

from typing import Final

import polars as pl

from lvdesk.checks.memo import once
from lvdesk.checks.phrases import IS_LIVE
from lvdesk.checks.station import Station

_SURE: Final = 0.6
_ENOUGH: Final = 2
_TIMES: Final = 3
_BESIDE: Final = 3
_STEM: Final = r"^(\D+)"


def addressed_areas(station: Station, found: pl.DataFrame) -> pl.DataFrame:
    """Id and addressed: the other area that has the boxes of the same street or village, and the own area has hardly any."""
    stems = _stems(station)
    own = found.select("id", "area_no").join(stems.select("id", "stem"), on="id", maintain_order="left")
    counted = _counted(stems, own).sort("stem", "boxes", "area_no", descending=[False, True, False])
    most = counted.group_by("stem", maintain_order=True).head(2)  # one of them is not the own area
    own = own.join(counted, on=["stem", "area_no"], how="left", maintain_order="left")
    other = own.join(most.rename({"area_no": "addressed", "boxes": "others"}), on="stem", maintain_order="left")
    other = other.filter(pl.col("addressed") != pl.col("area_no")).unique("id", keep="first", maintain_order=True)
    return other.filter(_weighed(pl.col("boxes") - 1, pl.col("others"))).select("id", "addressed")


def by_address(station: Station, found: pl.DataFrame) -> pl.DataFrame:
    """Id and address: whose are the boxes in the same street or village."""
    stems = _stems(station)
    frame = found.select("id", "area_no", "other").join(stems.select("id", "stem"), on="id", maintain_order="left")
    counted = _counted(stems, frame)
    frame = frame.join(counted, on=["stem", "area_no"], how="left", maintain_order="left")
    others = counted.rename({"area_no": "other", "boxes": "others"})
    frame = frame.join(others, on=["stem", "other"], how="left", maintain_order="left")
    return frame.select("id", _weighed(pl.col("boxes").fill_null(1) - 1, pl.col("others").fill_null(0)).alias("address"))


def _counted(stems: pl.DataFrame, asked: pl.DataFrame) -> pl.DataFrame:
    """The boxes of each area with each ``stem`` that is asked for."""
    return stems.join(asked.select("stem"), on="stem", how="semi").group_by("stem", "area_no").agg(pl.len().alias("boxes"))


@once
def _stems(station: Station) -> pl.DataFrame:
    """id, area_no and stem (the address as far as the first figure) of each box; the address of a customer where the box has none."""
    boxes = station.table("meter_box").select("id", "area_no", "location")
    silent = boxes.filter(pl.col("location").is_null()).select(pl.col("id").alias("box_id"))
    people = station.meters.select("box_id", "customer_address").join(silent, on="box_id", how="semi").drop_nulls()
    people = people.group_by("box_id").agg(pl.min("customer_address"))
    boxes = boxes.join(people, left_on="id", right_on="box_id", how="left", maintain_order="left")
    stem = pl.coalesce("location", "customer_address").str.replace_all(r"\s+", "").str.extract(_STEM).alias("stem")
    return boxes.select("id", "area_no", stem).drop_nulls()


def _weighed(own: pl.Expr, others: pl.Expr) -> pl.Expr:
    """Counts for the own and the other area as evidence."""
    enough = own + others >= _ENOUGH
    return (
        pl.when(enough & (others > 0) & (others >= _TIMES * own)).then(pl.lit(value=True))
        .when(enough & (own > 0) & (own >= _TIMES * others)).then(pl.lit(value=False))
    )  # fmt: skip


def by_people(station: Station, found: pl.DataFrame) -> pl.DataFrame:
    """Id and people: the area the metering points in the box are booked on; its own says nothing, they were booked with the box."""
    inside = station.meters.select(pl.col("box_id").alias("id"), "point_area", "customer_status").join(found, on="id", how="semi")
    points = inside.filter(IS_LIVE).select("id", "point_area").drop_nulls()
    frame = found.select("id", "other").join(points, on="id", maintain_order="left")
    share = (pl.col("point_area") == pl.col("other")).mean()
    return frame.group_by("id", maintain_order=True).agg(pl.when(share > _SURE).then(pl.lit(value=True)).alias("people"))


def by_numbers(station: Station, found: pl.DataFrame) -> pl.DataFrame:
    """Id and numbers: the area of the customers whose numbers come next, where numbers run by area at this station."""
    people = station.meters.select("customer_no", "box_id", "box_area", "customer_status").filter(IS_LIVE)
    people = people.drop("customer_status").drop_nulls()
    people = people.sort("customer_no", "box_id").unique("customer_no", keep="first", maintain_order=True)
    steps = [step for step in range(-_BESIDE, _BESIDE + 1) if step]
    near = [pl.when(pl.col("box_id").shift(step) != pl.col("box_id")).then(pl.col("box_area").shift(step)) for step in steps]
    columns = [f"near{number}" for number in range(len(near))]
    people = people.with_columns(expr.alias(name) for expr, name in zip(near, columns, strict=True))
    own = pl.sum_horizontal((pl.col(name) == pl.col("box_area")).cast(pl.Int64) for name in columns)
    known = pl.sum_horizontal(pl.col(name).is_not_null().cast(pl.Int64) for name in columns)
    if (people.select((own * 2 > known).mean()).item() or 0.0) < _SURE:
        return found.select("id").with_columns(pl.lit(None, pl.Boolean).alias("numbers"))
    frame = found.select("id", "other").join(people, left_on="id", right_on="box_id", maintain_order="left")
    others = pl.sum_horizontal((pl.col(name) == pl.col("other")).cast(pl.Int64) for name in columns)
    counts = frame.group_by("id", maintain_order=True).agg(own.sum().alias("own"), others.sum().alias("others"))
    return counts.select("id", _weighed(pl.col("own"), pl.col("others")).alias("numbers"))
