"""How often each deviation is planted, in which files."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from tests.helpers import field_truth_changes as changes
from tests.helpers import field_truth_presence as presence
from tests.helpers.field_truth_model import BOXES, RELATION, RETURN, SCAN, World
from tests.helpers.field_truth_spot import Done, Spot

_EVERY: Final = (RETURN, RELATION, SCAN)


@dataclass(frozen=True)
class Plant:
    """One kind of deviation: what plants it, in which files, how often beside the others."""

    plant: Callable[[Spot], Done]
    kinds: tuple[str, ...]
    share: float = 1.0


PLANTS: Final = (
    Plant(presence.gone, (RETURN, RELATION)),
    Plant(presence.gone_meter, (RETURN,), 0.4),
    Plant(presence.unlisted, (RELATION, SCAN)),
    Plant(presence.seen_apart, (RELATION, SCAN), 0.4),
    Plant(presence.gone_box, (BOXES,), 0.3),
    Plant(presence.new_customer, (RETURN,)),
    Plant(presence.new_meter, _EVERY, 0.6),
    Plant(presence.new_bare, (RETURN,), 0.4),
    Plant(presence.new_box, (BOXES,), 0.4),
    Plant(presence.to_new_box, (RETURN, RELATION), 0.3),
    Plant(changes.replaced, (RETURN, RELATION)),
    Plant(changes.swapped_meters, (RETURN,), 0.3),
    Plant(changes.other_box, _EVERY),
    Plant(changes.other_area, (RETURN,)),
    Plant(changes.box_in_other_area, (BOXES,), 0.4),
    Plant(changes.moved, (RETURN, BOXES, SCAN)),
    Plant(changes.name, (RETURN, RELATION)),
    Plant(changes.address, (RETURN,)),
    Plant(changes.slot, (RETURN, RELATION)),
    Plant(changes.attribute, (RETURN, BOXES, SCAN)),
    Plant(changes.shut, (RETURN,), 0.5),
    Plant(changes.suspected, (RETURN,), 0.5),
)


def plant(world: World, often: int) -> None:
    """Plants about ``often`` of each kind; in one of four cases where something else deviates already."""
    for what in PLANTS:
        wanted = max(2, round(often * what.share))
        for _ in range(wanted * 30):
            if wanted <= 0:
                break
            if _planted(world, what):
                wanted -= 1


def _planted(world: World, what: Plant) -> bool:
    chance = world.chance
    sites = world.visited(what.kinds)
    site = chance.choice(sites)
    for _ in range(6):
        busy = bool(site.touched or any(person.touched for person in site.people))
        if busy == (chance.random() < 0.25):
            break
        site = chance.choice(sites)
    kind = chance.choice([kind for kind in what.kinds if kind in site.sheets])
    if not site.people or site.box is None:
        return False
    done = what.plant(Spot(world, site, chance.choice(site.people), site.sheets[kind]))
    world.said |= set(done or [])
    return done is not None
