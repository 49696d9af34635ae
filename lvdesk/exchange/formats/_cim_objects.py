"""Our records as CIM objects (domain.md 7): which classes, which attributes, what refers to what.

The customer-area relation has no association of its own in this release of the model: a usage point names its area as ``outageRegion``, and
the way there leads over its meter, the box, the access point's junction and the connectivity node's container.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import polars as pl

from lvdesk.exchange.formats._cim_writing import Objects, identifiers
from lvdesk.exchange.model import GEOGRAPHIC
from lvdesk.exchange.picture import Picture

_ID, _NAME, _NOTE = "IdentifiedObject.mRID", "IdentifiedObject.name", "IdentifiedObject.description"
_KEYS: Final = {
    "substation": "substation_no", "feeder": "feeder_no", "transformer_area": "area_no", "transformer": "transformer_no",
    "access_point": "access_point_no", "meter_box": "asset_no", "meter": "asset_no", "metering_point": "mp_no", "customer": "customer_no",
}  # fmt: skip
ENTITIES: Final = tuple(_KEYS)
_FIXED: Final = "fixed"


def objects(picture: Picture, book: Mapping[str, Any], *, personal: bool) -> Iterator[Objects]:
    """All objects of a picture, group by group; ``book`` is ``resources/cim.toml``, ``personal``: names and addresses may leave."""
    made = _Making(picture, book)
    yield from made.fixed()
    yield made.substations()
    yield made.feeders()
    yield made.areas()
    yield from made.transformers()
    yield from made.access_points()
    yield made.boxes()
    yield made.meters()
    yield made.usage_points()
    yield from made.customers(personal=personal)
    yield from made.places()
    yield from made.names()


def fixed(name: str) -> str:
    """The UUID of an object that is there once, like the coordinate system."""
    return str(identifiers(_FIXED, pl.Series([name]))[0])


class _Making:
    """Frames of a picture, each with the UUIDs of its records (``uuid``) beside its fields."""

    def __init__(self, picture: Picture, book: Mapping[str, Any]) -> None:
        self._book = book
        self._frames = {}
        for entity, key in _KEYS.items():
            frame = picture.of(entity).drop_nulls(key).unique(key, keep="first", maintain_order=True)
            self._frames[entity] = frame.with_columns(identifiers(entity, frame[key]).alias("uuid"))

    def of(self, entity: str, part: str = "") -> pl.DataFrame:
        """The records of an entity; with ``part`` with the UUID of an object beside the record itself."""
        frame = self._frames[entity]
        return frame if not part else frame.with_columns(identifiers(f"{entity}/{part}", frame[_KEYS[entity]]).alias("part"))

    def known(self, entity: str, column: str, frame: pl.DataFrame, part: str = "") -> pl.Series:
        """UUIDs of the records that a column names; null for those that are not in the picture: no reference leads nowhere."""
        own = self.of(entity, part).select(pl.col(_KEYS[entity]).alias(column), pl.col("part" if part else "uuid").alias("_to"))
        return frame.select(column).join(own, on=column, how="left", maintain_order="left")["_to"]

    def fixed(self) -> Iterator[Objects]:
        """Coordinate system, voltages, kinds of names and what else is there once."""
        urn = f"urn:ogc:def:crs:EPSG::{GEOGRAPHIC.partition(':')[2]}"
        yield _one("CoordinateSystem", "crs", "CGCS2000", {"CoordinateSystem.crsUrn": urn})
        for name, volts in self._book["voltage"].items():
            yield _one("BaseVoltage", f"voltage/{name}", f"{volts} V", {"BaseVoltage.nominalVoltage": str(volts)})
        yield _one("PSRType", "psr/area", "台区", {})
        yield _one("ServiceCategory", "service", "供电", {"ServiceCategory.kind": "ServiceKind.electricity"}, {"ServiceCategory.kind"})
        kinds = self._book["names"]
        owners = list(dict.fromkeys(kind["authority"] for kind in kinds.values()))
        rows = pl.DataFrame({"id": [fixed(f"authority/{each}") for each in owners], "NameTypeAuthority.name": owners})
        yield Objects("NameTypeAuthority", rows)
        columns = {
            "id": [fixed(f"names/{name}") for name in kinds], "NameType.name": list(kinds),
            "NameType.NameTypeAuthority": [fixed(f"authority/{kind['authority']}") for kind in kinds.values()],
        }  # fmt: skip
        yield Objects("NameType", pl.DataFrame(columns), frozenset({"NameType.NameTypeAuthority"}))

    def substations(self) -> Objects:
        """变电站."""
        return Objects("Substation", _identified(self.of("substation"), pl.coalesce("name", "substation_no")))

    def feeders(self) -> Objects:
        """10kV lines under their substation."""
        frame, above = self.of("feeder"), "Feeder.NormalEnergizingSubstation"
        rows = _identified(frame, pl.coalesce("name", "feeder_no"), {above: self.known("substation", "substation_no", frame)})
        return Objects("Feeder", rows, frozenset({above}))

    def areas(self) -> Objects:
        """台区: secondary substations that a line feeds."""
        frame, above = self.of("transformer_area"), "Substation.NormalEnergizingFeeder"
        kind = pl.Series([fixed("psr/area")] * frame.height, dtype=pl.String)
        more = {"PowerSystemResource.PSRType": kind, above: self.known("feeder", "feeder_no", frame)}
        rows = _identified(frame, pl.coalesce("name", "area_no"), more)
        return Objects("Substation", rows, frozenset(more))

    def transformers(self) -> Iterator[Objects]:
        """Transformers in their area with both ends."""
        frame, home = self.of("transformer"), "Equipment.EquipmentContainer"
        rows = _identified(frame, pl.coalesce("name", "transformer_no"), {home: self.known("transformer_area", "area_no", frame)})
        yield Objects("PowerTransformer", rows, frozenset({home}))
        owner, level = "PowerTransformerEnd.PowerTransformer", "TransformerEnd.BaseVoltage"
        for number, side in ((1, "primary"), (2, "secondary")):
            ends = self.of("transformer", f"end{number}")
            columns = [
                pl.col("part").alias("id"), pl.col("part").alias(_ID), pl.lit(str(number)).alias("TransformerEnd.endNumber"),
                _plain(pl.col("capacity_kva") * 1000).alias("PowerTransformerEnd.ratedS"),
                pl.lit(str(self._book["voltage"][side])).alias("PowerTransformerEnd.ratedU"),
                pl.lit(fixed(f"voltage/{side}")).alias(level), pl.col("uuid").alias(owner),
            ]  # fmt: skip
            yield Objects("PowerTransformerEnd", ends.select(columns), frozenset({owner, level}))

    def access_points(self) -> Iterator[Objects]:
        """接入点: a node of its area, a junction at its place, the terminal between them."""
        frame, home = self.of("access_point"), "ConnectivityNode.ConnectivityNodeContainer"
        name = pl.coalesce("name", "access_point_no")
        yield Objects(
            "ConnectivityNode", _identified(frame, name, {home: self.known("transformer_area", "area_no", frame)}), frozenset({home})
        )
        joints = self.of("access_point", "junction")
        place = identifiers("access_point/location", joints["access_point_no"])
        more = {"PowerSystemResource.Location": place, "Equipment.EquipmentContainer": self.known("transformer_area", "area_no", joints)}
        yield Objects("Junction", _identified(joints.with_columns(pl.col("part").alias("uuid")), name, more), frozenset(more))
        ends = self.of("access_point", "terminal")
        joint = identifiers("access_point/junction", ends["access_point_no"])
        links = {"Terminal.ConductingEquipment": joint, "Terminal.ConnectivityNode": ends["uuid"]}
        yield Objects("Terminal", _identified(ends.with_columns(pl.col("part").alias("uuid")), name, links), frozenset(links))

    def boxes(self) -> Objects:
        """计量箱: cabinets at their place, at the junction of their access point."""
        frame = self.of("meter_box")
        links = {
            "Asset.Location": identifiers("meter_box/location", frame["asset_no"]),
            "Asset.PowerSystemResources": self.known("access_point", "access_point_no", frame, "junction"),
        }  # fmt: skip
        name = pl.coalesce("location", "bar_code", "asset_no")
        return Objects("Cabinet", _identified(frame, name, {"Asset.serialNumber": frame["bar_code"], **links}), frozenset(links))

    def meters(self) -> Objects:
        """电能表: in their box, at their usage point."""
        frame = self.of("meter")
        links = {
            "Asset.AssetContainer": self.known("meter_box", "box_no", frame),
            "EndDevice.UsagePoint": self.known("metering_point", "mp_no", frame),
        }
        return Objects(
            "Meter", _identified(frame, pl.col("asset_no"), {"Asset.serialNumber": frame["bar_code"], **links}), frozenset(links)
        )

    def usage_points(self) -> Objects:
        """计量点: at their customer's premise, under his agreement."""
        frame = self.of("metering_point")
        phases = self.of("meter").select("mp_no", "phase").drop_nulls().unique("mp_no", keep="first", maintain_order=True)
        joined = frame.join(phases, on="mp_no", how="left", maintain_order="left")
        code = joined.select(pl.col("phase").replace_strict(self._book["phases"], default=None, return_dtype=pl.String)).to_series()
        links = {
            "UsagePoint.ServiceLocation": self.known("customer", "customer_no", frame, "location"),
            "UsagePoint.CustomerAgreement": self.known("customer", "customer_no", frame, "agreement"),
            "UsagePoint.ServiceCategory": pl.Series([fixed("service")] * frame.height, dtype=pl.String),
        }  # fmt: skip
        more = {"UsagePoint.phaseCode": "PhaseCode." + code, "UsagePoint.outageRegion": frame["area_no"], **links}
        rows = _identified(frame, pl.col("mp_no"), more)
        return Objects("UsagePoint", rows, frozenset(links), frozenset({"UsagePoint.phaseCode"}))

    def customers(self, *, personal: bool) -> Iterator[Objects]:
        """户: customer, agreement and premise; who he is and where he lives only where that may leave."""
        frame = self.of("customer")
        name = pl.coalesce("name", "customer_no") if personal else pl.col("customer_no")
        kind = frame.select(pl.col("sort").replace_strict(self._book["customer_kind"], default=None, return_dtype=pl.String)).to_series()
        rows = _identified(frame, name, {"Customer.kind": "CustomerKind." + kind})
        yield Objects("Customer", rows, frozenset(), frozenset({"Customer.kind"}))
        signed = self.of("customer", "agreement")
        rows = _identified(
            signed.with_columns(pl.col("part").alias("uuid")), pl.col("customer_no"), {"CustomerAgreement.Customer": signed["uuid"]}
        )
        yield Objects("CustomerAgreement", rows, frozenset({"CustomerAgreement.Customer"}))
        premise = self.of("customer", "location").with_columns(pl.col("part").alias("uuid"))
        address = premise["address"] if personal else pl.Series([None] * premise.height, dtype=pl.String)
        system = pl.Series([fixed("crs")] * premise.height, dtype=pl.String)
        rows = _identified(premise, pl.col("customer_no"), {_NOTE: address, "Location.CoordinateSystem": system})
        yield Objects("ServiceLocation", rows, frozenset({"Location.CoordinateSystem"}))

    def places(self) -> Iterator[Objects]:
        """Where boxes and access points are, and the premises: where the box of the customer's first meter is."""
        for entity in ("meter_box", "access_point"):
            frame = self.of(entity, "location").with_columns(pl.col("part").alias("uuid"))
            system = pl.Series([fixed("crs")] * frame.height, dtype=pl.String)
            rows = _identified(frame, pl.col(_KEYS[entity]), {"Location.CoordinateSystem": system})
            yield Objects("Location", rows, frozenset({"Location.CoordinateSystem"}))
            yield _points(f"{entity}/point", frame.select(pl.col(_KEYS[entity]).alias("key"), "uuid", "longitude", "latitude"))
        homes = self.of("meter_box").select(pl.col("asset_no").alias("box_no"), "longitude", "latitude")
        owners = self.of("metering_point").select("mp_no", "customer_no")
        found = (
            self.of("meter")
            .select("mp_no", "box_no")
            .join(owners, on="mp_no", maintain_order="left")
            .join(homes, on="box_no", maintain_order="left")
        )
        first = found.drop_nulls("longitude").unique("customer_no", keep="first", maintain_order=True)
        premises = self.of("customer", "location").select(pl.col("part").alias("uuid"), "customer_no")
        placed = premises.join(first.select("customer_no", "longitude", "latitude"), on="customer_no", maintain_order="left")
        yield _points("customer/point", placed.rename({"customer_no": "key"}))

    def names(self) -> Iterator[Objects]:
        """What other systems call the same objects."""
        for entity in _KEYS:
            frame = self.of(entity)
            for name, kind in self._book["names"].items():
                if kind["field"] not in frame.columns:
                    continue
                given = frame.drop_nulls(kind["field"])
                rows = given.select(
                    identifiers(f"{entity}/name/{name}", given[_KEYS[entity]]).alias("id"), pl.col(kind["field"]).alias("Name.name"),
                    pl.lit(fixed(f"names/{name}")).alias("Name.NameType"), pl.col("uuid").alias("Name.IdentifiedObject"),
                )  # fmt: skip
                yield Objects("Name", rows, frozenset({"Name.NameType", "Name.IdentifiedObject"}))


def _one(kind: str, key: str, name: str, more: Mapping[str, str], enumerations: frozenset[str] | set[str] = frozenset()) -> Objects:
    rows = pl.DataFrame({"id": [fixed(key)], _ID: [fixed(key)], _NAME: [name], **{field: [value] for field, value in more.items()}})
    return Objects(kind, rows, frozenset(), frozenset(enumerations))


def _identified(frame: pl.DataFrame, name: pl.Expr, more: Mapping[str, pl.Series] | None = None) -> pl.DataFrame:
    base = frame.select(pl.col("uuid").alias("id"), pl.col("uuid").alias(_ID), name.alias(_NAME))
    return base.with_columns(series.alias(field) for field, series in (more or {}).items())


def _points(what: str, frame: pl.DataFrame) -> Objects:
    """The position of each place; none where it has no coordinates."""
    placed = frame.drop_nulls(["longitude", "latitude"])
    rows = placed.select(
        identifiers(what, placed["key"]).alias("id"), pl.lit("1").alias("PositionPoint.sequenceNumber"),
        _degrees("longitude").alias("PositionPoint.xPosition"), _degrees("latitude").alias("PositionPoint.yPosition"),
        pl.col("uuid").alias("PositionPoint.Location"),
    )  # fmt: skip
    return Objects("PositionPoint", rows, frozenset({"PositionPoint.Location"}))


def _degrees(column: str) -> pl.Expr:
    """Seven decimals: 1e-7 of a degree is a centimetre."""
    return pl.col(column).cast(pl.Decimal(12, 7)).cast(pl.String)


def _plain(value: pl.Expr) -> pl.Expr:
    return value.cast(pl.String).str.strip_suffix(".0")
