"""Mixed-integer models of a division, solved by HiGHS (through scipy): whole problems when small, parts of large ones."""

from typing import Final

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_matrix, vstack

from lvdesk.organisation.division.model import Numbers, Places, Points

_OPTIMAL: Final = 0
_INFEASIBLE: Final = 2


class NoRoomError(Exception):
    """The loads do not fit into the groups."""


def best(points: Points, groups: int, limit: float, seconds: float, nearest: int | None = None) -> tuple[Places, bool] | None:
    """The division into ``groups`` with the least way, each group within ``limit``.

    Args:
        points: all that is divided.
        groups: how many centres are chosen among the points.
        limit: greatest load of a group.
        seconds: after which the best found so far is taken.
        nearest: only centres among so many nearest points are thought of; None: all.

    Returns:
        Of each point its centre, and whether that is proven best; None when nothing was found in time.

    Raises:
        NoRoomError: there is none.
    """
    count = len(points)
    who, where = _arcs(points.apart, nearest or count)
    arcs = np.arange(len(who))
    opened = np.zeros(count, dtype=np.intp)
    own = who == where
    opened[who[own]] = arcs[own]
    ones = np.ones(len(who))
    assigned = coo_matrix((ones, (who, arcs)), shape=(count, len(who)))
    full = coo_matrix((np.r_[points.load[who], np.full(count, -limit)], (np.r_[where, np.arange(count)], np.r_[arcs, opened])))
    others = arcs[~own]
    rows = np.arange(len(others))
    linked = coo_matrix(
        (np.r_[np.ones(len(others)), -np.ones(len(others))], (np.r_[rows, rows], np.r_[others, opened[where[others]]])),
        shape=(len(others), len(who)),
    )
    number = coo_matrix((np.ones(count), (np.zeros(count, dtype=np.intp), opened)), shape=(1, len(who)))
    low = np.r_[np.ones(count), np.full(count + len(others), -np.inf), groups]
    high = np.r_[np.ones(count), np.zeros(count + len(others)), groups]
    chosen, proven = _solved(points.apart[who, where], vstack([assigned, full, linked, number], format="csr"), (low, high), seconds)
    if chosen is None:
        return None
    centre = np.empty(count, dtype=np.intp)
    centre[who[chosen]] = where[chosen]
    return centre, proven and nearest is None


def assigned(points: Points, centres: Places, limit: float, seconds: float, nearest: int) -> Places | None:
    """Of each point its centre among ``centres``, each group within ``limit``, with the least way; None when none was found."""
    count = len(points)
    to = points.apart[:, centres].copy()
    to[centres] = np.inf
    to[centres, np.arange(len(centres))] = 0.0
    kept = np.argsort(to, axis=1)[:, : min(nearest, len(centres))]
    who, group = np.repeat(np.arange(count), kept.shape[1]), kept.ravel()
    possible = np.isfinite(to[who, group])
    who, group = who[possible], group[possible]
    arcs = np.arange(len(who))
    once = coo_matrix((np.ones(len(who)), (who, arcs)), shape=(count, len(who)))
    full = coo_matrix((points.load[who], (group, arcs)), shape=(len(centres), len(who)))
    low = np.r_[np.ones(count), np.full(len(centres), -np.inf)]
    high = np.r_[np.ones(count), np.full(len(centres), limit)]
    try:
        chosen, _proven = _solved(to[who, group], vstack([once, full], format="csr"), (low, high), seconds)
    except NoRoomError:
        return None
    if chosen is None:
        return None
    centre = np.empty(count, dtype=np.intp)
    centre[who[chosen]] = centres[group[chosen]]
    return centre


def _arcs(apart: Numbers, nearest: int) -> tuple[Places, Places]:
    """Pairs (point, possible centre), a point and itself among them."""
    count = len(apart)
    order = np.argsort(apart - np.eye(count), axis=1, kind="stable")[:, : min(nearest, count)]
    return np.repeat(np.arange(count), order.shape[1]), order.ravel()


def _solved(costs: Numbers, matrix: object, ends: tuple[Numbers, Numbers], seconds: float) -> tuple[Places | None, bool]:
    options = {"time_limit": max(seconds, 0.05), "mip_rel_gap": 0.0}
    found = milp(costs, constraints=LinearConstraint(matrix, *ends), integrality=np.ones(len(costs)), bounds=Bounds(0, 1), options=options)
    if found.status == _INFEASIBLE:
        raise NoRoomError
    if found.x is None:
        return None, False
    return np.flatnonzero(np.round(found.x) == 1), found.status == _OPTIMAL
