"""Which other transformer area a box stands in, by its neighbours and by everything else that may tell."""

from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lvdesk.checks.hints import addressed_areas, by_address, by_numbers, by_people
from lvdesk.checks.points import degrees, pair, sound_points
from lvdesk.checks.station import Station
from lvdesk.checks.strays import trusted_boxes
from lvdesk.geo.distances import Metres, distance, layered, nearest, on_plane

Whole = NDArray[np.int64]

_BESIDE: Final = 4
_MOST: Final = 3
"""Of the boxes beside a box, so many of one other area make it stand there."""
_ONE_SIDED: Final = 0.8
"""Length of the mean direction to the neighbours from which on they stand on one side."""


def boxes_in_other_areas(station: Station, least: float, times: float) -> pl.DataFrame:
    """Boxes near boxes of one other area and far from their own.

    The other area is the one whose address the box has, if its boxes are near, else the one of the boxes beside it.

    Args:
        station: to look at.
        least: metres to the nearest box or the transformer of its own area, at least.
        times: the same as a multiple of the metres to the nearest box of the other area, at least.

    Returns:
        As ``trusted_boxes`` with other (the area), own_metres, other_metres, beside (most boxes beside it are of that area), around (they
        stand on several sides), nearer_transformer, and the evidence address, numbers, people: true for it, false against it, null: says
        nothing.
    """
    boxes = trusted_boxes(station)
    if boxes.is_empty():
        return boxes
    found = _standing(station, boxes, least)
    found = found.filter(pl.col("own_metres") >= times * pl.col("other_metres")).unique("id", keep="first", maintain_order=True)
    if found.is_empty():
        return found
    for part in (_by_transformer(station, found), by_address(station, found), by_people(station, found), by_numbers(station, found)):
        found = found.join(part, on="id", how="left", maintain_order="left")
    return found


def _standing(station: Station, boxes: pl.DataFrame, least: float) -> pl.DataFrame:
    """Boxes at least so far from their own, with the other areas each may stand in: first the addressed one, then that beside it."""
    origin = float(degrees(boxes["longitude"]).mean()), float(degrees(boxes["latitude"]).mean())
    boxes = boxes.with_columns(pl.col("area_no").rank("dense").cast(pl.Int64).alias("layer"))
    plane, layers = on_plane(pair(boxes), origin), boxes["layer"].to_numpy()
    own = _to_own(station, boxes, plane)
    far = np.flatnonzero(np.isfinite(own) & (own >= least))
    beside, most = _beside(plane, layers, far)
    numbered = boxes.select(pl.col("area_no").alias("other"), "layer").unique()
    made = pl.DataFrame({"layer": np.where(most, beside, -1), "own_metres": own[far]}, schema_overrides={"layer": pl.Int64})
    found = boxes[far].drop("layer").hstack(made).join(numbered, on="layer", how="left", maintain_order="left")
    found = found.rename({"other": "beside_area"}).drop("layer")
    found = found.join(addressed_areas(station, found), on="id", how="left", maintain_order="left")
    named = [found.with_columns(pl.col(name).alias("other")) for name in ("addressed", "beside_area")]
    found = pl.concat(named).drop_nulls("other").unique(["id", "other"], keep="first", maintain_order=True)
    found = found.join(numbered, on="other", maintain_order="left")
    among = layered(plane, layers)
    metres, rows = nearest(layered(on_plane(pair(found), origin), found["layer"].to_numpy()), among, _BESIDE)
    sides = pl.Series("around", _around(on_plane(pair(found), origin), plane, rows, np.isfinite(metres)))
    given = [pl.Series("other_metres", metres[:, 0]), sides, pl.col("other").eq_missing(pl.col("beside_area")).alias("beside")]
    return found.with_columns(given).drop("beside_area", "addressed", "layer")


def _to_own(station: Station, boxes: pl.DataFrame, plane: Metres) -> Metres:
    """Metres to the nearest other box of the own area or to its transformer; infinite without either."""
    rows = layered(plane, boxes["layer"].to_numpy())
    areas = sound_points(station, "transformer_area").select("area_no", pl.col("longitude", "latitude").name.prefix("home_"))
    homes = boxes.join(areas, on="area_no", how="left", maintain_order="left")
    to_home = distance(pair(boxes), pair(homes, "home_longitude", "home_latitude"))
    return np.fmin(nearest(rows, rows, 2)[0][:, 1], np.where(np.isnan(to_home), np.inf, to_home))


def _beside(plane: Metres, layers: Whole, far: Whole) -> tuple[Whole, NDArray[np.bool_]]:
    """The area of most boxes beside each of the boxes ``far``, and whether they are enough."""
    _, rows = nearest(plane[far], plane, _BESIDE + 1)
    areas = np.append(layers, -1)[rows]
    counted = (rows != far[:, None]) & (areas != layers[far][:, None]) & (areas >= 0)
    votes = ((areas[:, :, None] == areas[:, None, :]) & counted[:, :, None] & counted[:, None, :]).sum(axis=2)
    place, winner = np.arange(len(far)), votes.argmax(axis=1)
    return areas[place, winner], votes[place, winner] >= _MOST


def _around(at: Metres, plane: Metres, rows: Whole, counted: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The counted neighbours stand on more than one side."""
    to = np.vstack([plane, [[0.0, 0.0]]])[rows] - at[:, None, :]
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
