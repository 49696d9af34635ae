"""Points to divide from a csv file: key, x_m, y_m, load."""

from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from lvdesk.kit.errors import KnownError
from lvdesk.organisation.division.model import Points

_COLUMNS: Final = ("key", "x_m", "y_m", "load")
_ENCODINGS: Final = ("utf8", "gb18030")
_HINT: Final = "需要四列：key（编号）、x_m、y_m（平面坐标，米）、load（负荷），第一行是列名"


def read_points(path: Path) -> Points:
    """Reads them; distances are straight lines on the plane.

    Raises:
        KnownError: ``points.unreadable``, ``points.columns``, ``points.number``, ``points.double``: names the row.
    """
    frame = _frame(path)
    words = {name.strip().lstrip("\ufeff").lower(): name for name in frame.columns}
    missing = [name for name in _COLUMNS if name not in words]
    if missing:
        raise KnownError("points.columns", f"{path.name} 缺少列 {'、'.join(missing)}", _HINT)
    table = frame.select(pl.col(words[name]).str.strip_chars().alias(name) for name in _COLUMNS)
    numbers = table.select(pl.col(name).cast(pl.Float64, strict=False) for name in _COLUMNS[1:]).to_numpy()
    wrong = np.flatnonzero(~np.isfinite(numbers).all(axis=1) | (numbers[:, 2] < 0) | table["key"].fill_null("").eq("").to_numpy())
    if len(wrong):
        raise KnownError("points.number", f"{path.name} 第 {wrong[0] + 2} 行不是编号和三个数（负荷不小于 0）", _HINT)
    double = table["key"].filter(table["key"].is_duplicated())
    if len(double):
        raise KnownError("points.double", f"{path.name} 里编号 {double[0]} 出现多次", "每个点的编号必须不同")
    apart = np.hypot(*(numbers[:, None, at] - numbers[None, :, at] for at in (0, 1)))
    return Points(tuple(table["key"]), apart, numbers[:, 2].copy())


def _frame(path: Path) -> pl.DataFrame:
    for encoding in _ENCODINGS:
        try:
            return pl.read_csv(path.read_bytes().decode(encoding).encode(), infer_schema=False)
        except UnicodeDecodeError:
            continue
        except (OSError, pl.exceptions.PolarsError) as error:
            raise KnownError("points.unreadable", f"{path.name} 不能读取", _HINT) from error
    raise KnownError("points.unreadable", f"{path.name} 的编码无法识别", "请存成 UTF-8 或 GBK 的 csv")
