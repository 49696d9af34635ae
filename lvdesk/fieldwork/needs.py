"""What of some areas needs a visit and why; everything else stays unvisited."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from lvdesk.fieldwork.book import NEVER, NO_BOX, NO_PLACE, UNCONFIRMED, Book, load_book
from lvdesk.fieldwork.choosing import Area, chosen
from lvdesk.fieldwork.ground import Ground
from lvdesk.fieldwork.model import Need, Reason
from lvdesk.fieldwork.needs_findings import of_findings
from lvdesk.fieldwork.needs_ledger import newer
from lvdesk.fieldwork.needs_review import sent_back
from lvdesk.fieldwork.surroundings import Surroundings
from lvdesk.fieldwork.visits import Visits, read_visits
from lvdesk.kit.progress import Progress
from lvdesk.workspace import Workspace

_STEPS: Final = 6
_REASON: Final = {"entity": pl.String, "key": pl.String, "code": pl.String, "text": pl.String}

LeftOut = list[tuple[str, int]]


@dataclass(frozen=True)
class Gathered:
    """Needs of some areas with the areas they were looked for in; ``boxes`` counts by area."""

    areas: tuple[Area, ...]
    needs: list[Need]
    left_out: LeftOut
    boxes: dict[str, int]


def needs(ws: Workspace, feeder: str, areas: Sequence[str], progress: Progress) -> tuple[list[Need], LeftOut]:
    """What needs a visit on a feeder or in areas, given by number or name, and how much is left out for which reason.

    Raises:
        RefusedError: ``package.unknown``, ``package.ambiguous``, ``package.scope``.
        KnownError: ``rules.unreadable``.
        Cancelled: the user stopped it.
    """
    found = gather(ws, load_book(ws), feeder, areas, progress)
    return found.needs, found.left_out


def gather(ws: Workspace, book: Book, feeder: str, areas: Sequence[str], progress: Progress) -> Gathered:
    """The same with the areas."""
    with ws.store.read() as connection:
        within = chosen(connection, feeder, areas)
        progress.start("正在查找需要到现场的对象", _STEPS, "步")
        station = Surroundings(ws, connection, [area.area_no for area in within])
        visits = read_visits(station, connection, book)
        progress.step()
        ground = Ground(station, connection, within)
        progress.step()
        findings = of_findings(connection, ground, visits, book)
        progress.step()
        changed = newer(connection, ground, visits, book)
        progress.step()
        back = sent_back(connection, ground, visits, book)
        progress.step()
    made = _Maker(ground, visits, book)
    found = made.needs(pl.concat([made.own(), findings.select(*_REASON), changed.select(*_REASON), back.select(*_REASON)]))
    progress.step()
    counts = ground.boxes.group_by("area_no").agg(pl.len().alias("count"))
    return Gathered(tuple(within), found, made.left_out(found), dict(counts.select("area_no", "count").iter_rows()))


class _Maker:
    """Puts the reasons of one request together."""

    def __init__(self, ground: Ground, visits: Visits, book: Book) -> None:
        self._ground, self._visits, self._book = ground, visits, book
        self._seen = visits.seen("meter_box")
        self._empty = ground.boxes.filter((pl.col("meters") > 0) & (pl.col("gone") == pl.col("meters")))

    def own(self) -> pl.DataFrame:
        """Reasons that no finding and no ledger gives."""
        alive = self._ground.boxes.join(self._empty, on="key", how="anti", maintain_order="left")
        never = alive.join(self._seen, on="key", how="anti", maintain_order="left")
        placed = self._visits.said.drop_nulls(["longitude", "latitude"]).select("key")
        places = alive.filter(pl.any_horizontal(pl.col("longitude", "latitude").is_null())).join(placed, on="key", how="anti")
        places = places.join(self._awaited(), on="key", how="anti", maintain_order="left")
        return pl.concat(
            [
                self._said("meter_box", never, NEVER),
                self._said("meter_box", places, NO_PLACE),
                self._said("customer", self._unboxed(), NO_BOX),
                self._said("access_point", self._unconfirmed(), UNCONFIRMED),
            ]
        )

    def _awaited(self) -> pl.DataFrame:
        return self._seen.filter("awaited").select("key")

    def _said(self, entity: str, frame: pl.DataFrame, code: str) -> pl.DataFrame:
        values = {"entity": entity, "code": code, "text": self._book.titles[code]}
        made = frame.select("key").with_columns(pl.lit(value).alias(name) for name, value in values.items())
        return made.select(pl.col(name).cast(kind) for name, kind in _REASON.items())

    def _unboxed(self) -> pl.DataFrame:
        """Customers none of whose meters is in a known box, neither by ledger nor by field result."""
        ground, links = self._ground, self._visits.links.drop_nulls("box_no")
        boxed = ground.station.meters.drop_nulls(["customer_no", "box_id"]).select("customer_no")
        met = links.join(ground.station.meters.select(pl.col("asset_no").alias("meter_no"), "customer_no"), on="meter_no")
        known = pl.concat(
            [boxed, met.select("customer_no_right").rename({"customer_no_right": "customer_no"}), links.select("customer_no")]
        )
        sought = ~pl.col("is_gone") & ~pl.col("sort").is_in(self._book.sorts) & ~pl.col("status").is_in(self._book.statuses)
        people = ground.customers.filter(sought.fill_null(value=True) & ~pl.col("is_gone"))
        people = people.join(known.drop_nulls(), on="customer_no", how="anti", maintain_order="left")
        people = people.with_columns(pl.col("customer_no").alias("key"))
        return people.join(self._visits.seen("customer"), on="key", how="anti", maintain_order="left")

    def _unconfirmed(self) -> pl.DataFrame:
        """Access points that no field result names, by number or by the device a box of the area hangs on."""
        points = self._ground.points
        boxes = self._ground.boxes.select("key", pl.col("area_no").alias("own_area"))
        said = self._visits.said.join(boxes, on="key", how="left").with_columns(pl.coalesce("area_no", "own_area").alias("area_no"))
        points = points.join(said.select(pl.col("access_point_no").alias("key")), on="key", how="anti", maintain_order="left")
        points = points.join(said.select("area_no", "device_name"), on=["area_no", "device_name"], how="anti", maintain_order="left")
        return points.join(self._visits.seen("access_point"), on="key", how="anti", maintain_order="left")

    def needs(self, reasons: pl.DataFrame) -> list[Need]:
        """One need for each thing with a reason, area by area, the weightiest reason first."""
        weights = {code: rank for rank, code in enumerate(self._book.titles)}
        rank = pl.col("code").replace_strict(weights, return_dtype=pl.Int64).alias("rank")
        ordered = reasons.unique(maintain_order=True).with_columns(rank).sort("rank", maintain_order=True)
        found: dict[tuple[str, str], dict[str, list[str]]] = {}
        for entity, key, code, text in ordered.select(*_REASON).iter_rows():
            found.setdefault((entity, key), {}).setdefault(code, []).append(text)
        made = []
        for entity, frame in self._places():
            for key, area_no, address, longitude, latitude, customers in frame.iter_rows():
                said = found.get((entity, key))
                if said:
                    made.append(Need(entity, key, area_no or "", self._reasons(said), address or "", longitude, latitude, customers))
        ranks = {area.area_no: rank for rank, area in enumerate(self._ground.areas)}
        return sorted(made, key=lambda need: ranks[need.area_no])

    def _reasons(self, said: dict[str, list[str]]) -> tuple[Reason, ...]:
        most = self._book.messages
        reasons = []
        for code, texts in said.items():
            reasons += [Reason(code, text) for text in texts[:most]]
            if len(texts) > most:
                reasons.append(Reason(code, f"{self._book.titles[code]}，另有 {len(texts) - most} 条"))
        return tuple(reasons)

    def _places(self) -> list[tuple[str, pl.DataFrame]]:
        nowhere = [pl.lit(None, pl.Float64).alias("longitude"), pl.lit(None, pl.Float64).alias("latitude")]
        place = ["key", "area_no", "address", "longitude", "latitude"]
        customers = self._ground.customers.select(
            pl.col("customer_no").alias("key"), "area_no", "address", *nowhere, (~pl.col("is_gone")).cast(pl.Int64).alias("customers")
        )
        points = self._ground.points.select(*place, pl.lit(0).alias("customers"))
        return [
            ("access_point", points),
            ("meter_box", self._ground.boxes.select(*place, "customers")),
            ("customer", customers),
        ]

    def left_out(self, found: Sequence[Need]) -> LeftOut:
        """Who is not visited and why."""
        gone = self._ground.customers.filter("is_gone")
        confirmed = int(gone["is_confirmed"].sum())
        visited = pl.DataFrame({"key": [need.key for need in found]}, schema={"key": pl.String})
        empty = self._empty.join(self._seen, on="key", how="anti").join(visited, on="key", how="anti")
        awaited = self._ground.boxes.join(self._awaited(), on="key", how="semi")
        counts = [
            ("室内核实确认销户的用户", confirmed),
            ("台账已销户的用户", gone.height - confirmed),
            ("箱内用户全部销户的计量箱", empty.height),
            ("已收回、结果待录入的计量箱", awaited.height),
        ]
        return [(text, count) for text, count in counts if count]
