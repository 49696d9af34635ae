"""The order in which areas are walked: as they come, unless another is clearly shorter."""

from collections.abc import Mapping
from itertools import pairwise
from math import dist
from typing import Final

import numpy as np

from lvdesk.fieldwork.walking_tour import tour

_CLEARLY: Final = 0.8
"""A chain of areas counts as clearly shorter at this part of the given one's metres; else people find their areas where they stand."""

_Place = tuple[float, float]


def chained(places: Mapping[str, _Place | None]) -> list[str]:
    """The areas from the first on; one whose place is unknown stays behind the one it follows."""
    known = {area: place for area, place in places.items() if place is not None}
    if len(known) < 3:
        return list(places)
    plane = np.array(list(known.values()), dtype=np.float64)
    names = list(known)
    chain = [names[0], *(names[1:][number] for number in tour(plane[1:], known[names[0]]))]
    if _metres(chain, known) > _CLEARLY * _metres(names, known):
        return list(places)
    followers: dict[str, list[str]] = {}
    leader = ""
    for area in places:
        leader = area if area in known else leader
        if area not in known:
            followers.setdefault(leader, []).append(area)
    return [*followers.get("", []), *(area for link in chain for area in (link, *followers.get(link, [])))]


def _metres(chain: list[str], places: Mapping[str, _Place]) -> float:
    return sum(dist(places[one], places[other]) for one, other in pairwise(chain))
