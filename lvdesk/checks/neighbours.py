"""Which other transformer area a box stands in, by everything that may tell: its neighbours, address, people and numbers."""

from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lvdesk.checks.phrases import IS_LIVE
from lvdesk.checks.points import degrees, pair, sound_points
from lvdesk.checks.station import Station
from lvdesk.checks.strays import trusted_boxes
from lvdesk.geo.distances import Metres, distance, layered, nearest, on_plane

Whole = NDArray[np.int64]

_AROUND: Final = 8
_MOST: Final = 0.75
_FEWEST: Final = 3
_ONE_SIDED: Final = 0.8
"""Length of the mean direction to the neighbours from which on they stand on one side."""
_SURE: Final = 0.6
_BESIDE: Final = 3
_STEM: Final = r"^(\D+)"


def boxes_in_other_areas(station: Station, least: float, times: float) -> pl.DataFrame:
    """Boxes near boxes of one other area and far from their own.

    Args:
        station: to look at.
        least: metres to the nearest box or the transformer of its own area, at least.
        times: the same as a multiple of the metres to the nearest box of the other area, at least.

    Returns:
        As ``trusted_boxes`` with other (the area), own_metres, other_metres, neighbours, and evidence for the other area: around (true or
        false), nearer_transformer, address, numbers, people (true for it, false against it, null: says nothing).
    """
    boxes = trusted_boxes(station)
    if boxes.is_empty():
        return boxes.with_columns(pl.lit(None, pl.String).alias("other"))
    found = _standing(station, boxes).filter((pl.col("own_metres") >= least) & (pl.col("own_metres") >= times * pl.col("other_metres")))
    if found.is_empty():
        return found
    for part in (_by_transformer(station, found), _by_address(station, found), _by_people(station, found), _by_numbers(station, found)):
        found = found.join(part, on="id", how="left", maintain_order="left")
    return found


def _standing(station: Station, boxes: pl.DataFrame) -> pl.DataFrame:
    """Boxes whose nearest neighbours are of one other area, nearer than anything of their own."""
    origin = float(degrees(boxes["longitude"]).mean()), float(degrees(boxes["latitude"]).mean())
    names = boxes["area_no"].unique(maintain_order=True)
    numbered = pl.DataFrame({"area_no": names, "code": range(len(names))})
    codes: Whole = boxes.join(numbered, on="area_no", how="left", maintain_order="left")["code"].to_numpy().astype(np.int64)
    plane = on_plane(pair(boxes), origin)
    own = _to_own(station, boxes, plane, codes)
    metres, rows = nearest(plane, plane, _AROUND + 1)
    areas = np.append(codes, -1)[rows]
    counted = (rows != np.arange(boxes.height)[:, None]) & (metres < own[:, None]) & (areas != codes[:, None])
    same = (areas[:, :, None] == areas[:, None, :]) & counted[:, :, None] & counted[:, None, :]
    votes = same.sum(axis=2)
    place = np.arange(boxes.height)
    winner = votes.argmax(axis=1)
    of_other = counted & (areas == areas[place, winner][:, None])
    made = pl.DataFrame(
        {
            "other": names.gather(np.where(votes[place, winner] > 0, areas[place, winner], 0)),
            "own_metres": own,
            "other_metres": np.where(of_other, metres, np.inf).min(axis=1),
            "neighbours": of_other.sum(axis=1),
            "met": counted.sum(axis=1),
            "around": _around(plane, rows, of_other),
        }
    )
    one = (pl.col("neighbours") >= _FEWEST) & (pl.col("neighbours") >= _MOST * pl.col("met"))
    return boxes.hstack(made).filter(one & pl.col("own_metres").is_finite())


def _to_own(station: Station, boxes: pl.DataFrame, plane: Metres, codes: Whole) -> Metres:
    """Metres to the nearest other box of the own area or to its transformer; infinite without either."""
    rows = layered(plane, codes)
    areas = sound_points(station, "transformer_area").select("area_no", pl.col("longitude", "latitude").name.prefix("home_"))
    homes = boxes.join(areas, on="area_no", how="left", maintain_order="left")
    to_home = distance(pair(boxes), pair(homes, "home_longitude", "home_latitude"))
    return np.fmin(nearest(rows, rows, 2)[0][:, 1], np.where(np.isnan(to_home), np.inf, to_home))


def _around(plane: Metres, rows: Whole, counted: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The counted neighbours stand on more than one side."""
    to = np.vstack([plane, [[0.0, 0.0]]])[rows] - plane[:, None, :]
    length = np.maximum(np.linalg.norm(to, axis=2), 0.1)
    mean = np.where(counted[:, :, None], to / length[:, :, None], 0).sum(axis=1) / np.maximum(counted.sum(axis=1), 1)[:, None]
    sided: NDArray[np.bool_] = np.linalg.norm(mean, axis=1) <= _ONE_SIDED
    return sided


def _by_transformer(station: Station, found: pl.DataFrame) -> pl.DataFrame:
    areas = sound_points(station, "transformer_area").select("area_no", "longitude", "latitude")
    metres = []
    for column in ("area_no", "other"):
        homes = found.select(column).join(areas, left_on=column, right_on="area_no", how="left", maintain_order="left")
        metres.append(pl.Series(column, distance(pair(found), pair(homes)), nan_to_null=True))
    return found.select("id").with_columns((metres[1] * 2 < metres[0]).alias("nearer_transformer"))


def _by_address(station: Station, found: pl.DataFrame) -> pl.DataFrame:
    """Boxes in the same street or village: all of the other area and none of the own, or the reverse."""
    people = station.meters.select("box_id", "customer_address").drop_nulls().unique("box_id", keep="first", maintain_order=True)
    boxes = station.table("meter_box").select("id", "area_no", "location")
    boxes = boxes.join(people, left_on="id", right_on="box_id", how="left", maintain_order="left")
    stem = pl.coalesce("location", "customer_address").str.replace_all(r"\s+", "").str.extract(_STEM).alias("stem")
    stems = boxes.select("id", "area_no", stem).drop_nulls()
    counted = stems.group_by("stem", "area_no").agg(pl.len().alias("boxes"))
    frame = found.select("id", "area_no", "other").join(stems.select("id", "stem"), on="id", maintain_order="left")
    frame = frame.join(counted, on=["stem", "area_no"], how="left", maintain_order="left")
    other = counted.rename({"area_no": "other", "boxes": "others"})
    frame = frame.join(other, on=["stem", "other"], how="left", maintain_order="left")
    own, others = pl.col("boxes").fill_null(1) - 1, pl.col("others").fill_null(0)
    return frame.select("id", _judged(own, others).alias("address"))


def _judged(own: pl.Expr, others: pl.Expr) -> pl.Expr:
    """Counts for the own and the other area as evidence: true, false, or null when they do not differ enough."""
    enough = own + others >= _FEWEST - 1
    return (
        pl.when(enough & (others > 0) & (others >= _BESIDE * own)).then(pl.lit(value=True))
        .when(enough & (own > 0) & (own >= _BESIDE * others)).then(pl.lit(value=False))
    )  # fmt: skip


def _by_people(station: Station, found: pl.DataFrame) -> pl.DataFrame:
    """The area that the metering points in the box are booked on: one of its own says nothing, it was booked with the box."""
    points = station.meters.filter(IS_LIVE).select(pl.col("box_id").alias("id"), "point_area").drop_nulls()
    frame = found.select("id", "other").join(points, on="id", maintain_order="left")
    share = (pl.col("point_area") == pl.col("other")).mean()
    return frame.group_by("id", maintain_order=True).agg(pl.when(share > _SURE).then(pl.lit(value=True)).alias("people"))


def _by_numbers(station: Station, found: pl.DataFrame) -> pl.DataFrame:
    """The area of the customers whose numbers come next, where numbers run by area at this station."""
    people = station.meters.filter(IS_LIVE).select("customer_no", "box_id", "box_area").drop_nulls()
    people = people.unique("customer_no", keep="first", maintain_order=True).sort("customer_no")
    beside = [step for step in range(-_BESIDE, _BESIDE + 1) if step]
    near = [pl.when(pl.col("box_id").shift(step) != pl.col("box_id")).then(pl.col("box_area").shift(step)) for step in beside]
    people = people.with_columns(expr.alias(f"near{number}") for number, expr in enumerate(near))
    columns = [f"near{number}" for number in range(len(near))]
    own = pl.sum_horizontal((pl.col(name) == pl.col("box_area")).cast(pl.Int64) for name in columns)
    known = pl.sum_horizontal(pl.col(name).is_not_null().cast(pl.Int64) for name in columns)
    if (people.select((own * 2 > known).mean()).item() or 0.0) < _SURE:
        return found.select("id").with_columns(pl.lit(None, pl.Boolean).alias("numbers"))
    frame = found.select("id", "other").join(people, left_on="id", right_on="box_id", maintain_order="left")
    others = pl.sum_horizontal((pl.col(name) == pl.col("other")).cast(pl.Int64) for name in columns)
    counts = frame.group_by("id", maintain_order=True).agg(own.sum().alias("own"), others.sum().alias("others"))
    return counts.select("id", _judged(pl.col("own"), pl.col("others")).alias("numbers"))
