"""Independent witnesses of where a box or a customer hangs. Each says one area for a link, and by what majority.

A witness never hears the link it is asked about: what is counted are the others. A new witness is one function in ``WITNESSES``.
"""

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np
import polars as pl

from lvdesk.exchange.doctor.ground import Ground
from lvdesk.exchange.doctor.model import Link
from lvdesk.geo.distances import nearest, on_plane

VOTES: Final = {"key": pl.String, "said": pl.String, "most": pl.Int64, "count": pl.Int64}
"""One witness on one link: the area it names, how many of how many stand behind it."""
_FEW: Final = 2


def neighbours(ground: Ground, link: Link) -> pl.DataFrame:
    """The areas of the nearest other boxes."""
    boxes = ground.boxes.drop_nulls(["longitude", "latitude"])
    asked = ground.links(link).drop_nulls(["longitude", "latitude"])
    if boxes.height <= _FEW or asked.is_empty():
        return pl.DataFrame(schema=VOTES)
    origin = float(boxes["longitude"].median()), float(boxes["latitude"].median())  # type: ignore[arg-type]
    plane = on_plane((boxes["longitude"].to_numpy(), boxes["latitude"].to_numpy()), origin)
    at = on_plane((asked["longitude"].to_numpy(), asked["latitude"].to_numpy()), origin)
    metres, places = nearest(at, plane, ground.book.nearest + 1)
    near = metres <= ground.book.apart_m
    rows = np.repeat(np.arange(asked.height), places.shape[1])[near.ravel()]
    hits = places.ravel()[near.ravel()]
    met = pl.DataFrame({"key": asked["key"].gather(rows), "own_box": asked["box_no"].gather(rows)})
    met = met.with_columns(boxes["box_no"].gather(hits).alias("met"), boxes["area_no"].gather(hits).alias("said"))
    return _majority(met.filter(pl.col("met").ne_missing(pl.col("own_box"))).select("key", "said"))


def numbers(ground: Ground, link: Link) -> pl.DataFrame:
    """The areas of those with the numbers just before and after: what was issued or opened together hangs together."""
    ordered = ground.links(link).filter(pl.col("number").str.contains(r"^\d+$")).sort("number")
    return _beside(ground, ordered.with_columns(pl.lit("").alias("street")))


def address(ground: Ground, link: Link) -> pl.DataFrame:
    """The areas of the houses next to it in the same road or village group."""
    return _beside(ground, ground.links(link).drop_nulls("street").sort("street", "house", "key", nulls_last=True))


def gis(ground: Ground, link: Link) -> pl.DataFrame:
    """What the GIS says feeds the customer, or the customers of the box."""
    return _through(ground, link, ground.fed)


def field(ground: Ground, link: Link) -> pl.DataFrame:
    """What the field found."""
    return _through(ground, link, ground.found(link)) if link is Link.CUSTOMER_AREA else _majority(ground.found(link))


def inside(ground: Ground, link: Link) -> pl.DataFrame:
    """The areas of the customers in the box; of a customer, of the others in his box."""
    people = ground.people.drop_nulls("box_no").select(pl.col("customer_no").alias("met"), "box_no", pl.col("area_no").alias("said"))
    asked = ground.links(link).drop_nulls("box_no").select("key", "box_no")
    met = asked.join(people, on="box_no")
    return _majority(met.filter(pl.col("met") != pl.col("key")).select("key", "said"))


def box(ground: Ground, link: Link) -> pl.DataFrame:
    """The area of a customer's box."""
    if link is Link.BOX_AREA:
        return pl.DataFrame(schema=VOTES)
    boxes = ground.boxes.select("box_no", pl.col("area_no").alias("said"))
    return _majority(ground.customers.drop_nulls("box_no").join(boxes, on="box_no").select("key", "said"))


WITNESSES: Final[Mapping[str, Callable[[Ground, Link], pl.DataFrame]]] = {
    "neighbours": neighbours, "numbers": numbers, "address": address, "gis": gis, "field": field, "inside": inside, "box": box,
}  # fmt: skip


def _through(ground: Ground, link: Link, said: pl.DataFrame) -> pl.DataFrame:
    """Words on customers; for a box, and for a customer nobody speaks of, those on the customers in the box."""
    homes = ground.people.drop_nulls("box_no").select(pl.col("customer_no").alias("key"), "box_no")
    of_boxes = _majority(said.join(homes, on="key").select(pl.col("box_no").alias("key"), "said"))
    if link is Link.BOX_AREA:
        return of_boxes
    silent = homes.join(said, on="key", how="anti").join(of_boxes.rename({"key": "box_no"}), on="box_no")
    return pl.concat([_majority(said), silent.select(*VOTES)])


def _beside(ground: Ground, ordered: pl.DataFrame) -> pl.DataFrame:
    """Those just before and after in this order, within their street; the same box is no other witness."""
    steps = [step for step in range(-ground.book.sequence, ground.book.sequence + 1) if step]
    met = pl.concat(
        ordered.select("key", "box_no", *[pl.col(name).shift(step).over("street").alias(f"{name}_met") for name in ("box_no", "area_no")])
        for step in steps
    )
    others = pl.col("box_no").is_null() | pl.col("box_no").ne_missing(pl.col("box_no_met"))
    return _majority(met.filter(others).select("key", pl.col("area_no_met").alias("said")).drop_nulls())


def _majority(met: pl.DataFrame) -> pl.DataFrame:
    """``VOTES`` of key and said: the area most of them name; of equals the first in order of number."""
    counted = met.group_by("key", "said").len("most").with_columns(pl.sum("most").over("key").alias("count"))
    best = counted.sort(["most", "said"], descending=[True, False]).unique("key", keep="first", maintain_order=True)
    return best.select("key", "said", pl.col("most").cast(pl.Int64), pl.col("count").cast(pl.Int64))
