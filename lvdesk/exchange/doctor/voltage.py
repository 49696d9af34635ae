"""An optional witness: voltages (or line losses) over time. Meters of one transformer rise and fall together."""

from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from lvdesk.exchange.doctor.ground import Ground
from lvdesk.exchange.doctor.model import Link
from lvdesk.kit.errors import KnownError

_VOTES: Final = {"key": pl.String, "said": pl.String, "most": pl.Int64, "count": pl.Int64}
_LEAST_TIMES: Final = 12
_LEAST_LIKE: Final = 0.5
_ENCODINGS: Final = ("utf8", "gb18030")


def votes(ground: Ground, link: Link, path: Path) -> pl.DataFrame:
    """``evidence.VOTES``: for each customer with a series the area whose other customers' mean it follows best; of a box its customers'.

    The file has three columns, whatever their names: customer number (户号) or meter number, moment, value.

    Raises:
        KnownError: ``file.unreadable`` when it is no such csv.
    """
    series = _series(ground, path)
    people = ground.people.select(pl.col("customer_no").alias("key"), "area_no", "box_no")
    wide = series.pivot(on="moment", index="key", values="value", aggregate_function="mean").join(people, on="key", maintain_order="left")
    moments = [name for name in wide.columns if name not in {"key", "area_no", "box_no"}]
    if len(moments) < _LEAST_TIMES or wide["area_no"].n_unique() < 2:
        return pl.DataFrame(schema=_VOTES)
    said = _most_alike(wide, moments)
    if link is Link.CUSTOMER_AREA:
        return said.with_columns(pl.lit(1, pl.Int64).alias("most"), pl.lit(1, pl.Int64).alias("count"))
    of_boxes = said.join(people.select("key", "box_no").drop_nulls(), on="key")
    counted = of_boxes.group_by("box_no", "said").len("most").with_columns(pl.sum("most").over("box_no").alias("count"))
    best = counted.sort(["most", "said"], descending=[True, False]).unique("box_no", keep="first", maintain_order=True)
    return best.select(pl.col("box_no").alias("key"), "said", pl.col("most").cast(pl.Int64), pl.col("count").cast(pl.Int64))


def _most_alike(wide: pl.DataFrame, moments: list[str]) -> pl.DataFrame:
    """key, said: the area whose mean, without the one asked about, correlates best; those that follow none are left out."""
    values = wide.select(moments).to_numpy()
    values = np.where(np.isnan(values), np.nanmean(values, axis=0), values)
    areas, place = np.unique(wide["area_no"].to_numpy(), return_inverse=True)
    sums = np.zeros((len(areas), values.shape[1]))
    np.add.at(sums, place, values)
    sizes = np.bincount(place, minlength=len(areas)).astype(float)
    normal = _normal(values)
    like = normal @ _normal(sums / sizes[:, None]).T
    own = sums[place] - values
    alone = sizes[place] < 2
    like[np.arange(len(place)), place] = np.where(alone, -1.0, np.sum(normal * _normal(own), axis=1))
    best = like.argmax(axis=1)
    found = pl.DataFrame({"key": wide["key"], "said": areas[best], "like": like.max(axis=1)})
    return found.filter(pl.col("like") >= _LEAST_LIKE).select("key", pl.col("said").cast(pl.String))


def _normal(rows: np.ndarray) -> np.ndarray:
    centred = rows - rows.mean(axis=1, keepdims=True)
    length = np.linalg.norm(centred, axis=1, keepdims=True)
    return np.asarray(centred / np.where(length == 0, 1.0, length))


def _series(ground: Ground, path: Path) -> pl.DataFrame:
    """Key (customer), moment, value."""
    read = None
    for encoding in _ENCODINGS:
        try:
            read = pl.read_csv(path, infer_schema=False, encoding=encoding)
            break
        except (pl.exceptions.PolarsError, UnicodeDecodeError, OSError):
            continue
    if read is None or read.width < 3:
        raise KnownError("file.unreadable", f"{path.name} 不是电压或线损序列", "请给出三列的 csv：户号或电能表资产号、时间、数值")
    who, moment, value = read.columns[:3]
    given = read.select(
        pl.col(who).str.strip_chars().alias("said"),
        pl.col(moment).alias("moment"),
        pl.col(value).cast(pl.Float64, strict=False).alias("value"),
    )
    meters = ground.station.meters.drop_nulls("customer_no").select(pl.col("asset_no").alias("said"), pl.col("customer_no").alias("key"))
    own = ground.people.select(pl.col("customer_no").alias("said"), pl.col("customer_no").alias("key"))
    return given.drop_nulls().join(pl.concat([own, meters]).unique("said"), on="said").select("key", "moment", "value")
