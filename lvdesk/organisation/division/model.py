"""What is divided and what comes out."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Places = NDArray[np.intp]


@dataclass(frozen=True)
class Points:
    """What is divided: transformer areas, or any points.

    Attributes:
        keys: name of each, unique.
        apart: metres between any two, square.
        load: workload of each, in any unit, not negative.
    """

    keys: tuple[str, ...]
    apart: Numbers
    load: Numbers

    def __len__(self) -> int:
        """How many."""
        return len(self.keys)

    def part(self, chosen: Places) -> "Points":
        """Some of them."""
        return Points(tuple(self.keys[place] for place in chosen), self.apart[np.ix_(chosen, chosen)], self.load[chosen])


@dataclass(frozen=True)
class Division:
    """A division into groups around centres that are points themselves.

    Attributes:
        centre: of each point the place of its centre; a centre is its own.
        objective: metres of all points to their centres, summed.
        bound: no division has an ``objective`` below.
        limit: the load no group exceeds.
        binding: the condition that had to be eased, in words; "" when all were kept.
    """

    centre: Places
    objective: float
    bound: float
    limit: float
    binding: str = ""

    @property
    def centres(self) -> Places:
        """Places of the centres, ascending."""
        return np.unique(self.centre)

    @property
    def gap(self) -> float:
        """At most this share of ``objective`` could still be saved; 0 is proven best."""
        return max(0.0, (self.objective - self.bound) / self.objective) if self.objective > 0 else 0.0


def objective(points: Points, centre: Places) -> float:
    """Metres of all points to their centres, summed."""
    return float(points.apart[np.arange(len(points)), centre].sum())
