"""How good a division can be at most: the Lagrangian bound of the capacitated p-median problem.

Every point's duty to belong to exactly one group becomes a price; what is left is a fractional knapsack for each possible centre.
The prices follow the subgradient (Held, Wolfe, Crowder 1974). The centres of the best prices are a good start for a search.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from lvdesk.kit.progress import Progress
from lvdesk.organisation.division.model import Numbers, Places, Points

_ROUNDS: Final = 400
_PATIENCE: Final = 20
_ENOUGH: Final = 1e-3
_TINY: Final = 1e-9


@dataclass(frozen=True)
class Bound:
    """No division's way is below ``value``; ``centres`` are those its prices would open."""

    value: float
    centres: Places


def bound(points: Points, groups: int, limit: float, known: float, progress: Progress) -> Bound:
    """The best bound some hundred steps of price find.

    Args:
        points: all that is divided.
        groups: number of centres.
        limit: greatest load of a group.
        known: the way of some division, or a guess above it.
        progress: counts rounds.
    """
    progress.start("估算最优界", _ROUNDS, "轮")
    price = np.sort(points.apart, axis=1)[:, : max(2, len(points) // groups)].mean(axis=1)
    kept = Bound(-np.inf, np.arange(groups))
    scale, stale = 1.0, 0
    for _round in range(_ROUNDS):
        progress.step()
        value, taken = _priced(points, price, limit)
        centres = np.argpartition(value, groups - 1)[:groups]
        now = float(price.sum() + value[centres].sum())
        if now > kept.value:
            kept, stale = Bound(now, centres), 0
        else:
            stale += 1
        if stale > _PATIENCE:
            scale, stale = scale / 2, 0
        missing = 1 - taken[:, centres].sum(axis=1)
        length = float(missing @ missing)
        if scale < _ENOUGH or length < _TINY:
            break
        price = price + scale * max(known * 1.01 - now, _TINY) / length * missing
    return kept


def _priced(points: Points, price: Numbers, limit: float) -> tuple[Numbers, Numbers]:
    """Value of each possible centre, and how much of each point (rows) it (columns) would take."""
    count = len(points)
    gain = points.apart - price[:, None]
    load = np.maximum(points.load, _TINY)
    order = np.argsort(gain / load[:, None], axis=0)
    columns = np.arange(count)[None, :]
    weight = load[order]
    weight[order == columns] = 0.0
    before = np.cumsum(weight, axis=0) - weight
    share = np.clip((limit - load[None, :] - before) / np.maximum(weight, _TINY), 0.0, 1.0)
    sorted_gain = np.take_along_axis(gain, order, axis=0)
    share[sorted_gain >= 0] = 0.0
    share[order == columns] = 1.0
    taken = np.zeros_like(gain)
    np.put_along_axis(taken, order, share, axis=0)
    return (share * sorted_gain).sum(axis=0), taken
