"""A metering point without a number stands as ``@customer`` until its number is known, whichever file comes first."""

from collections.abc import Iterator, Mapping

import polars as pl
from sqlalchemy import select

from lvdesk.ledger.linking import NAMELESS_MP
from lvdesk.network.tables import TABLES, Meter, MeteringPoint
from lvdesk.store.model import Change
from lvdesk.store.write import Write

Records = dict[str, pl.DataFrame]
_NUMBER = "mp_no"
_SLICE = 10_000


def name_points(write: Write, records: Records) -> Records:
    """Gives incoming provisional points the number already stored: the customer's only one, or the one his known meter hangs on."""
    points = records.get("metering_point")
    if points is None:
        return records
    nameless = points.filter(pl.col(_NUMBER).str.starts_with(NAMELESS_MP))
    known = _numbers(write, nameless["customer_no"].to_list()) if nameless.height else {}
    single = {NAMELESS_MP + customer: numbers[0] for customer, numbers in known.items() if len(numbers) == 1}
    several = {NAMELESS_MP + customer: numbers for customer, numbers in known.items() if len(numbers) > 1}
    records = _by_meter(write, records, several) if several and "meter" in records else records
    return _renamed(records, single) if single else records


def _by_meter(write: Write, records: Records, several: Mapping[str, list[str]]) -> Records:
    """A customer with several points: each known meter says which one is meant; the provisional point stays for the others."""
    meters, points = records["meter"], records["metering_point"]
    assets = meters.filter(pl.col(_NUMBER).is_in(list(several)))
    stored = {
        row.asset_no: row.mp_no
        for part in _slices(assets["asset_no"].to_list())
        for row in write.connection.execute(select(Meter.asset_no, Meter.mp_no).where(Meter.asset_no.in_(part)))
    }
    meant = [
        (asset, stored[asset], old) for asset, old in assets.select("asset_no", _NUMBER).iter_rows() if stored.get(asset) in several[old]
    ]
    meters = meters.with_columns(
        pl.coalesce(
            pl.col("asset_no").replace_strict({asset: new for asset, new, _ in meant}, default=None, return_dtype=pl.String), _NUMBER
        ).alias(_NUMBER)
    )
    copies = pl.DataFrame([(old, new) for _, new, old in meant], schema={_NUMBER: pl.String, "new": pl.String}, orient="row").unique(
        maintain_order=True
    )
    named = points.join(copies, on=_NUMBER, maintain_order="left").with_columns(pl.col("new").alias(_NUMBER)).drop("new")
    settled = set(copies[_NUMBER]) - set(meters[_NUMBER])
    points = pl.concat([points.filter(~pl.col(_NUMBER).is_in(sorted(settled))), named])
    return records | {"meter": meters, "metering_point": points.unique(_NUMBER, keep="first", maintain_order=True)}


def adopt_points(write: Write, records: Records) -> bool:
    """Gives stored provisional points the number that now comes for their customer; says whether any was renamed."""
    points = records.get("metering_point")
    if points is None or "customer_no" not in points.columns:
        return False
    stored = {
        row.mp_no: row.id
        for row in write.connection.execute(
            select(MeteringPoint.mp_no, MeteringPoint.id).where(MeteringPoint.mp_no.like(f"{NAMELESS_MP}%"))
        )
    }
    if not stored:
        return False
    numbered = points.filter(~pl.col(_NUMBER).str.starts_with(NAMELESS_MP)).unique("customer_no", keep="none")
    pairs = {NAMELESS_MP + customer: number for customer, number in numbered.select("customer_no", _NUMBER).iter_rows() if customer}
    pairs = {old: new for old, new in pairs.items() if old in stored}
    taken = _existing(write, list(pairs.values()))
    pairs = {old: new for old, new in pairs.items() if new not in taken}
    write.update(TABLES["metering_point"], [Change(stored[old], {_NUMBER: new}) for old, new in pairs.items()])
    meters = [
        row for part in _slices(list(pairs)) for row in write.connection.execute(select(Meter.id, Meter.mp_no).where(Meter.mp_no.in_(part)))
    ]
    write.update(TABLES["meter"], [Change(row.id, {_NUMBER: pairs[row.mp_no]}) for row in meters])
    return bool(pairs)


def _slices(values: list[str]) -> Iterator[list[str]]:
    """Pieces that fit into one statement."""
    for start in range(0, len(values), _SLICE):
        yield values[start : start + _SLICE]


def _numbers(write: Write, customers: list[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for part in _slices([customer for customer in customers if customer]):
        query = select(MeteringPoint.customer_no, MeteringPoint.mp_no).where(MeteringPoint.customer_no.in_(part))
        for row in write.connection.execute(query):
            found.setdefault(str(row.customer_no), []).append(row.mp_no)
    return found


def _existing(write: Write, numbers: list[str]) -> set[str]:
    return {
        row.mp_no
        for part in _slices(numbers)
        for row in write.connection.execute(select(MeteringPoint.mp_no).where(MeteringPoint.mp_no.in_(part)))
    }


def _renamed(records: Records, numbers: Mapping[str, str]) -> Records:
    renamed = dict(records)
    for entity in ("metering_point", "meter"):
        frame = renamed.get(entity)
        if frame is not None and _NUMBER in frame.columns:
            renamed[entity] = frame.with_columns(pl.col(_NUMBER).replace(dict(numbers)))
    return renamed
