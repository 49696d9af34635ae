"""Where a deviation can be planted, and what is said of it there."""

from dataclasses import dataclass
from typing import Final

from tests.helpers.field_truth_model import Person, Said, Sheet, Site, World, asset
from tests.helpers.field_truth_words import GONE, NEW, Words

ALL: Final = frozenset({"gone", "meter", "customer", "name", "address", "area", "box", "slot", "verdict"})
"""All respects in which a person can deviate."""

ABSENT: Final = {"gone", "box"}
"""Who is touched so does not tell of the box."""


@dataclass(frozen=True)
class Spot:
    """Where a deviation is planted: a person (the first of an empty box stands for none) of a site in one of its files."""

    world: World
    site: Site
    person: Person
    sheet: Sheet

    def shows(self, field: str) -> bool:
        """Whether the file has the column."""
        return field in self.sheet.fields

    def free(self, *respects: str) -> bool:
        """Whether nothing deviates in these respects; takes them if so."""
        if self.person.touched & {*respects, "gone"}:
            return False
        self.person.touched |= set(respects)
        return True

    def site_free(self, *respects: str) -> bool:
        """The same for the box."""
        if self.site.touched & {*respects, "gone"}:
            return False
        self.site.touched |= set(respects)
        return True

    @property
    def customer_no(self) -> str:
        """The ledger's customer."""
        assert self.person.home is not None
        return self.person.home.customer_no

    @property
    def meter(self) -> str:
        """Asset number of the ledger's meter."""
        assert self.person.home is not None
        return asset(self.person.home.meter_bar)

    @property
    def usual(self) -> bool:
        """One meter, one customer of the ledger, nothing special about them."""
        home = self.person.home
        return home is not None and home.customer_no not in self.world.several | self.world.closed

    def says(self, words: Words) -> None:
        """The row's verdict and remark."""
        self.person.verdict, self.person.remark = self.world.chance.choice(words)
        if not self.shows("note.remark") and not self.person.verdict:
            self.person.verdict = "信息不符" if words is not GONE and words is not NEW else words[0][0]


Done = list[Said] | None
"""What is to be said now; None when it could not be planted here."""
