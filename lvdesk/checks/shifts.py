"""Sheets whose coordinates are all in another system: shifted by the offset of Chinese web maps against places known otherwise."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from lvdesk.checks.memo import once
from lvdesk.checks.points import pair, sound_field_points, sound_points
from lvdesk.checks.station import Station
from lvdesk.geo.distances import Metres, displacement, distance
from lvdesk.geo.offsets import Pair, to_cgcs2000

SYSTEM_TITLES: Final = {"gcj02": "GCJ-02（高德、腾讯）", "bd09": "BD-09（百度）"}
"""Systems that are tried, and what people call them."""

CLOSE: Final = 50.0
"""Metres within which two coordinates are of one place."""

_FEWEST: Final = 3
_FEWEST_AREAS: Final = 5
_MOST: Final = 0.6
_STRAY: Final = 0.3
_SURE: Final = 0.12
_LAYERS: Final = ("meter_box", "access_point", "pole", "branch_box")


@dataclass(frozen=True)
class Shift:
    """A sheet in another system, with the evidence.

    Attributes:
        sheet_id, entity: the sheet and whose coordinates it gives.
        system: which one it is in; "" when it was converted once too often.
        basis: what it was held against, Chinese.
        points: how many pairs were held against each other.
        east, north: the median shift in metres.
        before, after: median metres between the pairs, as they are and converted.
    """

    sheet_id: int
    entity: str
    system: str
    basis: str
    points: int
    east: float
    north: float
    before: float
    after: float


@once
def shifted_sheets(station: Station) -> list[Shift]:
    """Every sheet whose coordinates as a whole are in another system."""
    areas = placed_points(station, "transformer_area")
    boxes = placed_points(station, "meter_box")
    field = sound_field_points(station)
    found: dict[tuple[int, str], Shift] = {}
    clean: set[tuple[int, str]] = set()
    for entity, points in _layers(station, boxes, field):
        _by_areas(points, entity, areas, found, clean)
    _by_boxes(field, boxes, found, clean)
    _by_access_points(station, boxes, found)
    return [found[key] for key in sorted(found)]


@once
def _placed(_station: Station) -> dict[str, pl.DataFrame]:
    return {}


def placed_points(station: Station, entity: str) -> pl.DataFrame:
    """``sound_points`` of an entity ``with_origin``."""
    placed = _placed(station)
    if entity not in placed:
        placed[entity] = with_origin(station, sound_points(station, entity))
    return placed[entity]


def with_origin(station: Station, points: pl.DataFrame) -> pl.DataFrame:
    """Puts into ``sheet_id`` the sheet that gave each accepted coordinate; null for one typed at the desk."""
    frames = [points.clear().with_columns(pl.lit(None, pl.Int64).alias("sheet_id"))]
    for (entity,), group in points.group_by("entity", maintain_order=True):
        own = station.table(str(entity)).select("id", "from_sheet", "sources")
        part = group.drop("sheet_id").join(own, on="id", how="left", maintain_order="left")
        source = pl.col("sources").str.extract(r'"longitude": ?\[([^\]]*)\]')
        given = source.str.extract(r"^(\d+) ?,").cast(pl.Int64)
        origin = pl.when(source.is_null()).then("from_sheet").otherwise(given).alias("sheet_id")
        frames.append(part.with_columns(origin).select(points.columns))
    return pl.concat(frames)


def _layers(station: Station, boxes: pl.DataFrame, field: pl.DataFrame) -> list[tuple[str, pl.DataFrame]]:
    others = [(entity, placed_points(station, entity)) for entity in _LAYERS[1:] if station.table(entity).height]
    return [("meter_box", boxes), ("meter_box", field), *others]


def _by_areas(
    points: pl.DataFrame, entity: str, areas: pl.DataFrame, found: dict[tuple[int, str], Shift], clean: set[tuple[int, str]]
) -> None:
    """Holds the middle of each area's points against its transformer: many areas together tell a shift of their size apart from chance."""
    known = areas.select("area_no", pl.col("longitude", "latitude").name.prefix("known_"), pl.col("sheet_id").alias("known_sheet"))
    middles = points.drop_nulls(["area_no", "sheet_id"]).group_by("sheet_id", "area_no", maintain_order=True)
    frame = middles.agg(pl.median("longitude", "latitude"), pl.len().alias("points")).join(known, on="area_no", maintain_order="left")
    backwards: dict[int, list[Shift]] = {}
    for (sheet,), part in frame.filter(pl.col("sheet_id") != pl.col("known_sheet")).group_by("sheet_id", maintain_order=True):
        if part.height < _FEWEST_AREAS:
            continue
        number, here, there = int(str(sheet)), pair(part), pair(part, "known_longitude", "known_latitude")
        basis = f"{part.height} 个台区的变压器坐标"
        fits = [shift for system in SYSTEM_TITLES if (shift := _fit(number, entity, system, basis, here, there))]
        if fits:
            found[number, entity] = min(fits, key=lambda shift: shift.after)
        elif _settled(here, there):
            clean.add((number, entity))
        for other in [] if fits else part["known_sheet"].unique().sort().drop_nulls():
            own = part.filter(pl.col("known_sheet") == other)
            turned = [_turned(int(other), system, own) for system in SYSTEM_TITLES if own.height >= _FEWEST_AREAS]
            backwards.setdefault(int(other), []).extend(shift for shift in turned if shift)
    for other, fits in backwards.items():
        if fits:
            found[other, "transformer_area"] = min(fits, key=lambda shift: shift.after)


def _turned(sheet: int, system: str, part: pl.DataFrame) -> Shift | None:
    """The transformers' sheet is the one in another system."""
    basis = f"{part.height} 个台区的计量箱等设备坐标"
    return _fit(sheet, "transformer_area", system, basis, pair(part, "known_longitude", "known_latitude"), pair(part))


def _fit(sheet: int, entity: str, system: str, basis: str, here: Pair, there: Pair) -> Shift | None:
    """Whether the displacements scatter around the offset of ``system`` and not around nothing."""
    along, across = _shares(here, there, system)
    middle, aside = float(np.median(along)), float(np.median(across))
    if abs(middle - 1) > _STRAY or abs(aside) > _STRAY or max(_error(along), _error(across)) > _SURE:
        return None
    return _shift(sheet, entity, system, basis, here, there)


def _settled(here: Pair, there: Pair) -> bool:
    """No shift of the size of a web map's offset: it would have been seen."""
    along, across = _shares(here, there, "gcj02")
    near = max(abs(float(np.median(along))), abs(float(np.median(across)))) <= _STRAY
    return near and max(_error(along), _error(across)) <= _SURE


def _shares(here: Pair, there: Pair, system: str) -> tuple[Metres, Metres]:
    """Displacements along and across the offset of ``system``, in shares of its length."""
    middle = np.array([here[0].mean()]), np.array([here[1].mean()])
    offset = np.column_stack(displacement(to_cgcs2000(system, *middle), middle))[0]
    east, north = displacement(there, here)
    square = float(offset @ offset)
    return (east * offset[0] + north * offset[1]) / square, (north * offset[0] - east * offset[1]) / square


def _error(shares: Metres) -> float:
    """How far the median may be off by chance."""
    spread = 1.4826 * float(np.median(np.abs(shares - np.median(shares))))
    return 1.2533 * spread / float(np.sqrt(len(shares)))


def _by_boxes(field: pl.DataFrame, boxes: pl.DataFrame, found: dict[tuple[int, str], Shift], clean: set[tuple[int, str]]) -> None:
    """Holds field results against the accepted coordinates of the same boxes: a few metres apart when both are right."""
    known = boxes.select("key", pl.col("longitude", "latitude").name.prefix("known_"), pl.col("sheet_id").alias("known_sheet"))
    frame = field.unique(["sheet_id", "key"], keep="first", maintain_order=True).join(known, on="key", maintain_order="left")
    close = pl.Series("close", distance(pair(frame), pair(frame, "known_longitude", "known_latitude")) <= CLOSE)
    agreed = frame.with_columns(close).group_by("sheet_id", "known_sheet").agg(pl.len().alias("pairs"), pl.mean("close").alias("share"))
    agreed = agreed.filter((pl.col("pairs") >= _FEWEST) & (pl.col("share") >= _MOST)).drop_nulls()
    clean |= {(int(sheet), "meter_box") for sheet in agreed["known_sheet"]} - found.keys()
    for (sheet, other), part in frame.group_by("sheet_id", "known_sheet", maintain_order=True):
        number, here, there = int(str(sheet)), pair(part), pair(part, "known_longitude", "known_latitude")
        if shift := _same(number, "meter_box", f"{part.height} 个计量箱的台账坐标", here, there):
            _keep(found, shift)
        elif other is not None and (shift := _same(int(str(other)), "meter_box", f"{part.height} 个计量箱的采录坐标", there, here)):
            mistaken = (int(str(other)), "meter_box") in clean
            _keep(found, _overdone(number, shift, here, there) if mistaken else shift)


def _by_access_points(station: Station, boxes: pl.DataFrame, found: dict[tuple[int, str], Shift]) -> None:
    """Holds access points against the boxes that hang on them."""
    linked = station.table("meter_box").select(pl.col("asset_no").alias("key"), "access_point_no").drop_nulls()
    linked = boxes.select("key", "longitude", "latitude").join(linked, on="key").drop("key")
    alone, together = linked.filter(~pl.col("access_point_no").is_duplicated()), linked.filter(pl.col("access_point_no").is_duplicated())
    known = pl.concat([alone, together.group_by("access_point_no").agg(pl.median("longitude", "latitude"))], how="diagonal")
    known = known.select("access_point_no", pl.col("longitude", "latitude").name.prefix("known_"))
    points = placed_points(station, "access_point").drop_nulls("sheet_id")
    frame = points.join(known, left_on="key", right_on="access_point_no", maintain_order="left")
    for (sheet,), part in frame.group_by("sheet_id", maintain_order=True):
        basis = f"{part.height} 个接入点所带计量箱的坐标"
        shift = _same(int(str(sheet)), "access_point", basis, pair(part), pair(part, "known_longitude", "known_latitude"))
        if shift and not any(entity == "meter_box" for _, entity in found):
            _keep(found, shift)


def _same(sheet: int, entity: str, basis: str, here: Pair, there: Pair) -> Shift | None:
    """Whether converting brings most pairs together that are apart by one and the same shift."""
    if len(here[0]) < _FEWEST:
        return None
    apart = distance(there, here)
    if float(np.mean(apart > CLOSE)) < _MOST:
        return None
    fits = []
    for system in SYSTEM_TITLES:
        to = to_cgcs2000(system, *here)
        left, moved = distance(there, to), distance(to, here)
        if float(np.mean((left <= CLOSE) & (apart > moved / 2))) >= _MOST:
            fits.append(_shift(sheet, entity, system, basis, here, there))
    return min(fits, key=lambda shift: shift.after) if fits else None


def _keep(found: dict[tuple[int, str], Shift], shift: Shift) -> None:
    """The best founded finding of a sheet stays."""
    place = (shift.sheet_id, shift.entity)
    if place not in found or found[place].points < shift.points or found[place].after > shift.after:
        found[place] = shift


def _shift(sheet: int, entity: str, system: str, basis: str, here: Pair, there: Pair) -> Shift:
    east, north = displacement(there, here)
    left = distance(there, to_cgcs2000(system, *here))
    middle = float(np.median(east)), float(np.median(north))
    return Shift(sheet, entity, system, basis, len(east), *middle, float(np.median(np.hypot(east, north))), float(np.median(left)))


def _overdone(sheet: int, shift: Shift, here: Pair, there: Pair) -> Shift:
    """The accepted coordinates are known to be right: the field results were converted although they had no need of it."""
    east, north = displacement(there, here)
    basis = shift.basis.replace("采录", "台账")
    return Shift(sheet, shift.entity, "", basis, shift.points, float(np.median(east)), float(np.median(north)), shift.before, shift.after)
