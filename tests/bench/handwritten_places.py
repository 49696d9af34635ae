"""The rules about places and devices found by hand: scipy's tree where neighbours count, keys only and no messages."""

from functools import cache
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lvdesk.geo.distances import distance
from lvdesk.geo.offsets import to_cgcs2000
from tests.bench.handwritten import KEY, LIVE, RECORDS, Given, Keys, Rule

LOCATED: Final = ("transformer_area", "pole", "branch_box", "access_point", "meter_box")
_SYSTEMS: Final = ("gcj02", "bd09")
_KINDS: Final = {"低压杆塔": "pole", "分支箱": "branch_box", "低压电缆分支箱": "branch_box", "低压用户接入点": "access_point",
                 "配电变压器": "transformer"}  # fmt: skip
Floats = NDArray[np.float64]


@cache
def points(given: Given) -> pl.DataFrame:
    """Every coordinate with ``ok``: in China, not zero, and where nine tenths of the others are or near its own area's middle."""
    frame = pl.concat(
        given.frames[entity].select(pl.lit(entity).alias("entity"), pl.col(KEY[entity]).alias("key"), "area_no", "longitude", "latitude")
        for entity in LOCATED
    ).filter(pl.col("longitude").is_not_null() | pl.col("latitude").is_not_null())
    china = pl.col("longitude").is_between(73.62, 134.77) & pl.col("latitude").is_between(16.7, 53.56)
    inside = frame.filter(china)
    north = 1 / 110.9
    within = china
    for column, degree in (("longitude", north / np.cos(np.radians(inside["latitude"].to_numpy())).mean()), ("latitude", north)):
        values = inside[column].to_numpy()
        usual = np.quantile(np.abs(values - np.median(values)), 0.9, method="lower")
        reach = float(usual + max(5 * degree, usual))
        within &= (pl.col(column) - float(np.median(values))).abs() <= reach
    frame = frame.with_columns(china.fill_null(value=False).alias("ok"), within.fill_null(value=False).alias("within"))
    apart = frame.filter(pl.col("ok") & ~pl.col("within"))
    own = frame.filter("ok").join(apart.select("area_no").unique(), on="area_no", how="semi")
    own = own.group_by("area_no").agg(pl.median("longitude").alias("x"), pl.median("latitude").alias("y"), pl.len())
    apart = apart.join(own.filter(pl.col("len") >= 3), on="area_no")
    near = apart.filter(pl.Series(metres(apart, "longitude", "latitude", "x", "y") <= 5000)).select("entity", "key")
    known = frame.join(near.with_columns(pl.lit(value=True).alias("near")), on=["entity", "key"], how="left")
    return known.with_columns(pl.col("ok") & (pl.col("within") | pl.col("near").fill_null(value=False)))


def metres(frame: pl.DataFrame, *names: str) -> Floats:
    """Between two places in four columns."""
    x, y, to_x, to_y = (frame[name].cast(pl.Float64).fill_null(float("nan")).to_numpy() for name in names)
    return distance((x, y), (to_x, to_y))


def sound(given: Given, entity: str) -> pl.DataFrame:
    """The points of one kind that can be right."""
    return points(given).filter(pl.col("ok") & (pl.col("entity") == entity)).select("key", "area_no", "longitude", "latitude")


def q25(given: Given) -> Keys:
    """Coordinates that cannot be."""
    yield points(given).filter(~pl.col("ok"))["key"]


@cache
def boxes(given: Given) -> pl.DataFrame:
    """Sound boxes with the place of their transformer and, on a plane of metres, their own."""
    homes = sound(given, "transformer_area").select("area_no", pl.col("longitude").alias("home_x"), pl.col("latitude").alias("home_y"))
    frame = sound(given, "meter_box").drop_nulls("area_no").join(homes, on="area_no", how="left", maintain_order="left")
    scale = np.cos(np.radians(frame["latitude"].to_numpy().mean()))
    return frame.with_columns(
        (pl.col("longitude") * scale * 111_320).alias("east"), (pl.col("latitude") * 110_900).alias("north"),
        pl.col("area_no").rank("dense").cast(pl.Int64).alias("layer"),
        pl.Series("metres", metres(frame, "longitude", "latitude", "home_x", "home_y"), nan_to_null=True),
    )  # fmt: skip


def _tree(frame: pl.DataFrame, *, own: bool) -> tuple[Any, Floats]:
    from scipy.spatial import cKDTree

    columns = frame.select("east", "north", *([pl.col("layer") * 1e8] if own else [])).to_numpy()
    return cKDTree(columns), columns


@cache
def _own(given: Given) -> Floats:
    """Metres to the nearest other box of the area and to the one after it."""
    tree, at = _tree(boxes(given), own=True)
    metres: Floats = tree.query(at, k=[2, 3], distance_upper_bound=5e7)[0]
    return metres


@cache
def strays(given: Given) -> pl.Series:
    """Boxes beyond all others of their area, which conversion brings among them."""
    frame = boxes(given).with_columns(pl.Series("gap", _own(given)[:, 0]))
    frame = frame.filter(pl.Series(np.isfinite(_own(given)[:, 1])))
    frame = frame.with_columns(pl.col("longitude", "latitude").median().over("area_no").name.prefix("mid_"))
    away = pl.Series("away", metres(frame, "longitude", "latitude", "mid_longitude", "mid_latitude"))
    frame = frame.with_columns(away, pl.col("gap").median().over("area_no").alias("usual"))
    frame = frame.with_columns(pl.col("away").quantile(0.9, "lower").over("area_no").alias("reach"))
    off = frame.filter((pl.col("gap") >= 100) & (pl.col("gap") >= 2 * pl.col("usual")) & (pl.col("away") >= 1.5 * pl.col("reach")))
    found = np.zeros(off.height, bool)
    tree, _ = _tree(boxes(given), own=True)
    scale = np.cos(np.radians(boxes(given)["latitude"].to_numpy().mean()))
    for system in _SYSTEMS:
        x, y = to_cgcs2000(system, off["longitude"].to_numpy(), off["latitude"].to_numpy())
        left = tree.query(np.column_stack([x * scale * 111_320, y * 110_900, off["layer"].to_numpy() * 1e8]), k=2)[0]
        inside = distance((x, y), (off["mid_longitude"].to_numpy(), off["mid_latitude"].to_numpy())) <= off["reach"].to_numpy() + 50
        moved = distance((x, y), (off["longitude"].to_numpy(), off["latitude"].to_numpy()))
        close = np.maximum(50, 2 * off["usual"].to_numpy())
        found |= inside & (left[:, 0] <= close) & (left[:, 1] <= 2 * close) & (off["gap"].to_numpy() >= 0.3 * moved)
    return off.filter(pl.Series(found, dtype=pl.Boolean))["key"]


def q55(given: Given) -> Keys:
    """Single boxes in a web map's coordinates."""
    yield strays(given)


def q53(given: Given) -> Keys:
    """Sheets shifted against the transformers by a web map's offset; told by the number of the sheet."""
    homes = sound(given, "transformer_area").select("area_no", pl.col("longitude").alias("x"), pl.col("latitude").alias("y"))
    for entity in LOCATED[1:]:
        sheets = given.frames[entity].select(pl.col(KEY[entity]).alias("key"), "from_sheet")
        middles = sound(given, entity).join(sheets, on="key").group_by("from_sheet", "area_no").agg(pl.median("longitude", "latitude"))
        middles = middles.join(homes, on="area_no")
        x, y = to_cgcs2000("gcj02", middles["longitude"].to_numpy(), middles["latitude"].to_numpy())
        left = pl.Series("left", distance((x, y), (middles["x"].to_numpy(), middles["y"].to_numpy())))
        was = pl.Series("was", metres(middles, "longitude", "latitude", "x", "y"))
        sums = middles.with_columns(left, was).group_by("from_sheet").agg(pl.median("left", "was"), pl.len())
        yield sums.filter((pl.col("len") >= 5) & (pl.col("left") * 3 < pl.col("was")))["from_sheet"].cast(pl.String)


@cache
def trusted(given: Given) -> pl.DataFrame:
    """Sound boxes without strays."""
    return boxes(given).filter(~pl.col("key").is_in(strays(given).implode()))


def q50(given: Given) -> Keys:
    """Boxes far from the transformer: single ones, areas all far, areas that reach far."""
    far, metre = pl.col("metres") > 500, pl.col("metres")
    frame = trusted(given).drop_nulls("metres")
    wide = frame.filter(far)["area_no"].unique().implode()
    frame = frame.filter(pl.col("area_no").is_in(wide)).with_columns(
        pl.len().over("area_no").alias("boxes"), metre.min().over("area_no").alias("least"),
        (metre.quantile(0.75) + 1.5 * (metre.quantile(0.75) - metre.quantile(0.25))).over("area_no").alias("reach"),
    )  # fmt: skip
    apart = (pl.col("boxes") >= 4) & (pl.col("least") > 500)
    alone = (pl.col("boxes") < 4) | (metre > pl.col("reach"))
    yield frame.filter(apart)["area_no"].unique()
    yield frame.filter(~apart & far & alone)["key"]
    yield frame.filter(~apart & far & ~alone)["area_no"].unique()


def q51(given: Given) -> Keys:
    """Boxes on one coordinate, told at the first."""
    frame = sound(given, "meter_box").with_columns(pl.col("longitude", "latitude").round(7))
    yield frame.filter(pl.struct("longitude", "latitude").is_duplicated()).group_by("longitude", "latitude").agg(pl.min("key"))["key"]


def q52(given: Given) -> Keys:
    """Boxes far from their access point."""
    there = sound(given, "access_point").select(pl.col("key").alias("access_point_no"), pl.col("longitude", "latitude").name.prefix("to_"))
    links = given.box.select(pl.col("asset_no").alias("key"), "access_point_no")
    frame = trusted(given).join(links, on="key").join(there, on="access_point_no")
    yield frame.filter(pl.Series(metres(frame, "longitude", "latitude", "to_longitude", "to_latitude") > 25))["key"]


def q54(given: Given) -> Keys:
    """Boxes beside boxes of another area and far from their own, when the meters in them or the address speak for that area."""
    frame = trusted(given).with_row_index("row")
    tree, at = _tree(frame, own=True)
    own = np.fmin(tree.query(at, k=[2])[0][:, 0], frame["metres"].fill_null(np.inf).to_numpy())
    far = frame.filter(pl.Series(own >= 100)).with_columns(pl.Series("own", own[own >= 100]))
    tree, at = _tree(frame, own=False)
    gaps, rows = tree.query(at[far["row"].to_numpy()], k=[1, 2, 3, 4, 5])
    near = far.select("key", "area_no", "own").with_columns(pl.Series("gap", gaps), pl.Series("to", rows))
    near = near.with_columns(pl.col("gap", "to").arr.to_list()).explode("gap", "to")
    areas = frame.select(pl.col("row").cast(pl.Int64).alias("to"), pl.col("area_no").alias("other"))
    near = near.join(areas, on="to").filter(pl.col("other") != pl.col("area_no"))
    votes = near.group_by("key", "area_no", "own", "other").agg(pl.len(), pl.min("gap"))
    votes = votes.filter((pl.col("len") >= 3) & (pl.col("own") >= 2 * pl.col("gap")))
    people = given.joined.filter(LIVE).select(pl.col("box_no").alias("key"), "point_area")
    inside = votes.join(people, on="key").group_by("key").agg((pl.col("point_area") == pl.col("other")).mean().alias("share"))
    stems = given.box.select(pl.col("asset_no").alias("key"), "area_no", pl.col("location").str.extract(r"^(\D+)").alias("stem"))
    counted = stems.drop_nulls().group_by("stem", "area_no").len("boxes")
    told = votes.join(stems.select("key", "stem"), on="key")
    told = told.join(counted, on=["stem", "area_no"], how="left")
    told = told.join(counted.rename({"area_no": "other", "boxes": "others"}), on=["stem", "other"], how="left")
    address = told.filter((pl.col("others") >= 2) & (pl.col("others") >= 3 * (pl.col("boxes").fill_null(1) - 1)))
    yield pl.concat([inside.filter(pl.col("share") > 0.6)["key"], address["key"]]).unique()


def q60(given: Given) -> Keys:
    """Access points without a device."""
    kind = pl.col("device_type")
    yield given.access.filter(pl.col("device_name").is_null() & (kind.is_null() | kind.is_in(list(_KINDS))))["access_point_no"]


def _plain(name: str) -> pl.Expr:
    text = pl.col(name).str.normalize("NFKC").str.replace_all(r"\s+", "").str.replace_all("#", "号").str.to_uppercase()
    return text.str.replace_all(r"(^|\D)0+(\d)", "${1}${2}")


@cache
def _hung(given: Given) -> pl.DataFrame:
    """The device that each box and access point names."""
    names = ["device_type", "device_name", "area_no"]
    hung = pl.concat(given.frames[entity].select(pl.col(KEY[entity]).alias("key"), *names) for entity in ("meter_box", "access_point"))
    hung = hung.drop_nulls("device_name")
    return hung.with_columns(pl.col("device_type").replace_strict(_KINDS, default=None).alias("kind"), _plain("device_name").alias("name"))


def q61(given: Given) -> Keys:
    """Devices that the ledger of their kind does not list in their area, though it lists others there; a name may be cut short."""
    hung = _hung(given).drop_nulls(["kind", "area_no"])
    for kind in set(_KINDS.values()):
        table = given.frames[kind]
        known = pl.concat(table.select("area_no", _plain(name).alias("name")) for name in (KEY[kind], "name")).drop_nulls()
        lost = hung.filter(pl.col("kind") == kind).join(known, on=["area_no", "name"], how="anti")
        near = lost.join(known.rename({"name": "short"}), on="area_no")
        alike = near.filter(pl.col("name").str.ends_with(pl.col("short")) | pl.col("short").str.ends_with(pl.col("name")))
        covered = near["key"].unique()
        yield lost.filter(pl.col("key").is_in(covered.implode()) & ~pl.col("key").is_in(alike["key"].implode()))["key"]


def q62(given: Given) -> Keys:
    """Access points without a box, by number and by device."""
    free = given.access.join(given.box.select("access_point_no"), on="access_point_no", how="anti")
    hung = _hung(given).join(given.box.select(pl.col("asset_no").alias("key")), on="key", how="semi").select("area_no", "name")
    yield free.with_columns(_plain("device_name").alias("name")).join(hung, on=["area_no", "name"], how="anti")["access_point_no"]


PLACES: Final[dict[str, Rule]] = {name.upper(): rule for name, rule in list(globals().items()) if name[0] == "q" and name[1:].isdigit()}
"""Code -> the search by hand."""


def by_hand(given: Given) -> pl.DataFrame:
    """Rule and key of everything found, each pair once."""
    found = [
        pl.DataFrame({"key": keys.cast(pl.String).str.strip_prefix("@")}).with_columns(pl.lit(code).alias("rule"))
        for code, rule in {**RECORDS, **PLACES}.items()
        for keys in rule(given)
    ]
    return pl.concat(found).select("rule", "key").unique()
