"""The hard gate: what may leave the house and why the rest may not. Only what the field has seen and both stages confirmed leaves.

A box leaves when the field has seen it, operations has confirmed its connection point, nothing about it waits in the review, and the checks
have no open error about it; a meter with its box and its customer; a metering point with its meter; a customer with any of his meters.
Marketing's stage is passed by the rule where field and ledger agree (resources/review.toml). What stands above the boxes is PMS's own and
leaves as far as something below it does.
"""

from dataclasses import dataclass
from typing import Final

import polars as pl
from sqlalchemy import Connection, select

from lvdesk.checks.model import KEYS
from lvdesk.checks.station import Station
from lvdesk.fieldwork.classing import book as returns_book
from lvdesk.fieldwork.classing.additions import heard
from lvdesk.fieldwork.classing.answers import Answers
from lvdesk.network.frames import read_frame
from lvdesk.network.reviews import ReviewItem
from lvdesk.network.verdicts import OPEN, Finding, FindingException, same_fault, state_of
from lvdesk.review.lines import CANCELLED
from lvdesk.review.model import DONE, STATE_TITLES, Kind

REASON: Final = {"entity": pl.String, "key": pl.String, "why": pl.String, "step": pl.String}
"""Why a record stays; ``step`` says where it is put right: review, checks, fieldwork, ledger."""
_REVIEWED: Final = ("meter_box", "meter", "customer", "access_point")
_SEEN: Final = ("meter_box", "meter", "customer")
_CONNECTED: Final = ("meter_box", "access_point")
_REMOVED: Final = "04"
"""撤销 in the code list of metering points' status."""
_ITEM: Final = dict.fromkeys(("entity", "key", "kind", "state", "blocked", "reason", "area_no"), pl.String)


@dataclass(frozen=True)
class Passed:
    """What the gate says of a scope.

    Attributes:
        frames: entity -> the records that leave, columns as they came in.
        held: ``REASON`` of every record that stays, each once.
    """

    frames: dict[str, pl.DataFrame]
    held: pl.DataFrame


def passed(station: Station, frames: dict[str, pl.DataFrame]) -> Passed:
    """Divides the records of a scope (entity -> frame with all fields) into those that leave and those that stay."""
    frames = _standing(frames)
    items = _items(station.connection)
    own = _own_reasons(station, frames, items)
    boxes, held_boxes = _apart("meter_box", frames["meter_box"], own)
    meters, held_meters = _meters(frames, own, held_boxes)
    points, held_points = _points(frames, own, meters, held_meters)
    customers, held_customers = _customers(frames, own, points, held_points)
    leaving = {"meter_box": boxes, "meter": meters, "metering_point": points, "customer": customers}
    held = [held_boxes, held_meters, held_points, held_customers, _newcomers(items, frames)]
    for entity in ("access_point", "pole", "branch_box", "transformer"):
        if entity in frames:
            leaving[entity], stays = _apart(entity, frames[entity], own)
            held.append(stays)
    leaving |= _above(frames, leaving)
    return Passed({entity: leaving[entity] for entity in frames}, pl.concat([each.select(*REASON) for each in held]))


def _standing(frames: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Without what is no longer there to leave or to stay: cancelled customers, their and other removed points, meters taken down."""
    ended = pl.col("status").fill_null("") == CANCELLED
    gone = frames["customer"].filter(ended).select("customer_no")
    points = frames["metering_point"].filter(pl.col("status").fill_null("") != _REMOVED).join(gone, on="customer_no", how="anti")
    hanging = pl.any_horizontal(pl.col("box_no", "mp_no").is_not_null())
    return frames | {"customer": frames["customer"].filter(~ended), "metering_point": points, "meter": frames["meter"].filter(hanging)}


def _items(connection: Connection) -> pl.DataFrame:
    """The items of the review that stand."""
    columns = [getattr(ReviewItem, name) for name in _ITEM]
    return read_frame(connection, select(*columns).where(ReviewItem.resolved_at.is_(None)), _ITEM)


def _own_reasons(station: Station, frames: dict[str, pl.DataFrame], items: pl.DataFrame) -> pl.DataFrame:
    """``REASON`` of what keeps a record by itself, the first thing to be put right first, each record once."""
    answers = Answers(station, returns_book.load_book(station.ws.overrides), station.field_rows)
    spoken = heard(answers).select("entity", "key")
    confirmed = items.filter((pl.col("kind") == str(Kind.CONNECTION)) & pl.col("state").is_in([str(state) for state in DONE]))
    found = [_waiting(items)]
    for entity in _SEEN:
        keys = frames[entity].select(pl.lit(entity).alias("entity"), pl.col(KEYS[entity]).alias("key"))
        found.append(_said(keys.join(spoken, on=["entity", "key"], how="anti"), "现场尚未采录", "fieldwork"))
    for entity in _CONNECTED:
        if entity in frames:
            keys = frames[entity].select(pl.lit(entity).alias("entity"), pl.col(KEYS[entity]).alias("key"))
            rest = keys.join(confirmed.select("entity", "key"), on=["entity", "key"], how="anti")
            found.append(_said(rest, "现场没有采录挂接点", "fieldwork"))
    return pl.concat([*found, _errors(station)]).unique(["entity", "key"], keep="first", maintain_order=True)


def _said(keys: pl.DataFrame, why: str, step: str) -> pl.DataFrame:
    return keys.with_columns(pl.lit(why).alias("why"), pl.lit(step).alias("step")).select(*REASON)


def _waiting(items: pl.DataFrame) -> pl.DataFrame:
    """What is not decided to the end."""
    open_ = items.filter(~pl.col("state").is_in([str(state) for state in DONE]) & pl.col("entity").is_in(_REVIEWED))
    titles = {str(state): title for state, title in STATE_TITLES.items()}
    where = pl.col("state").replace_strict(titles, return_dtype=pl.String)
    added = pl.when(pl.col("reason") != "").then("：" + pl.col("reason")).otherwise(pl.lit(""))
    why = pl.when(pl.col("blocked") != "").then("有未处理的错误：" + pl.col("blocked")).otherwise("采录复核" + where + added)
    return open_.with_columns(why.alias("why"), pl.lit("review").alias("step")).select(*REASON)


def _errors(station: Station) -> pl.DataFrame:
    """Open errors of the checks."""
    query = (
        select(Finding.entity, Finding.key, Finding.rule, Finding.message)
        .select_from(Finding)
        .outerjoin(FindingException, same_fault())
        .where(Finding.resolved_at.is_(None), Finding.severity == "error", state_of(station.today) == OPEN)
        .order_by(Finding.id)
    )
    found = read_frame(station.connection, query, dict.fromkeys(("entity", "key", "rule", "message"), pl.String))
    why = "模板校验有未处理的错误 " + pl.col("rule") + "：" + pl.col("message")
    return found.with_columns(why.alias("why"), pl.lit("checks").alias("step")).select(*REASON)


def _apart(entity: str, frame: pl.DataFrame, own: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The records without a reason to stay, and ``REASON`` of the others."""
    key = KEYS[entity]
    reasons = own.filter(pl.col("entity") == entity)
    kept = frame.join(reasons.select(pl.col("key").alias(key)), on=key, how="anti", maintain_order="left")
    return kept, reasons.join(frame.select(pl.col(key).alias("key")), on="key", how="semi", maintain_order="left")


def _rest(entity: str, frame: pl.DataFrame, kept: pl.DataFrame, below: pl.DataFrame) -> pl.DataFrame:
    """``REASON`` of the records that are not ``kept``: that of what hangs on them, by their own key."""
    key = KEYS[entity]
    why = below.select(key, "why", "step").unique(key, keep="first", maintain_order=True)
    rest = frame.join(kept.select("id"), on="id", how="anti", maintain_order="left").join(why, on=key, how="left", maintain_order="left")
    return rest.select(
        pl.lit(entity).alias("entity"), pl.col(key).alias("key"), pl.col("why").fill_null("没有电能表"), pl.col("step").fill_null("ledger")
    )


def _meters(frames: dict[str, pl.DataFrame], own: pl.DataFrame, held_boxes: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Meters leave with their box and their customer."""
    free, held = _apart("meter", frames["meter"], own)
    boxes = frames["meter_box"].select(pl.col("asset_no").alias("box_no"), pl.lit(value=True).alias("box_known"))
    stays = held_boxes.select(pl.col("key").alias("box_no"), pl.col("why").alias("box_why"), pl.col("step").alias("box_step"))
    owners = frames["metering_point"].select("mp_no", "customer_no")
    people = own.filter(pl.col("entity") == "customer").select(
        pl.col("key").alias("customer_no"), pl.col("why").alias("customer_why"), pl.col("step").alias("customer_step")
    )
    known = frames["customer"].select("customer_no", pl.lit(value=True).alias("customer_known"))
    looked = free
    for facts, on in ((boxes, "box_no"), (stays, "box_no"), (owners, "mp_no"), (known, "customer_no"), (people, "customer_no")):
        looked = looked.join(facts, on=on, how="left", maintain_order="left")
    why = (
        pl.when(pl.col("box_no").is_null()).then(pl.lit("不知道装在哪个计量箱"))
        .when(pl.col("box_known").is_null()).then("所在计量箱 " + pl.col("box_no") + " 不在导出范围")
        .when(pl.col("box_why").is_not_null()).then("所在计量箱 " + pl.col("box_no") + "：" + pl.col("box_why"))
        .when(pl.col("customer_known").is_null()).then(pl.lit("没有对应的用户"))
        .when(pl.col("customer_why").is_not_null()).then("用户 " + pl.col("customer_no") + "：" + pl.col("customer_why"))
    )  # fmt: skip
    step = pl.coalesce("box_step", "customer_step", pl.lit("ledger"))
    looked = looked.with_columns(why.alias("why"), step.alias("step"))
    kept = free.join(looked.filter(pl.col("why").is_null()).select("id"), on="id", how="semi", maintain_order="left")
    rest = looked.filter(pl.col("why").is_not_null()).with_columns(pl.lit("meter").alias("entity"), pl.col("asset_no").alias("key"))
    return kept, pl.concat([held, rest.select(*REASON)])


def _points(
    frames: dict[str, pl.DataFrame], own: pl.DataFrame, meters: pl.DataFrame, held_meters: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Metering points leave with their meter."""
    free, held = _apart("metering_point", frames["metering_point"], own)
    kept = free.join(meters.select("mp_no").drop_nulls(), on="mp_no", how="semi", maintain_order="left")
    numbers = frames["meter"].select(pl.col("asset_no").alias("key"), "mp_no")
    why = held_meters.join(numbers, on="key", how="inner", maintain_order="left").drop_nulls("mp_no")
    return kept, pl.concat([held, _rest("metering_point", free, kept, why)])


def _customers(
    frames: dict[str, pl.DataFrame], own: pl.DataFrame, points: pl.DataFrame, held_points: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Customers leave with any of their points."""
    free, held = _apart("customer", frames["customer"], own)
    kept = free.join(points.select("customer_no").drop_nulls(), on="customer_no", how="semi", maintain_order="left")
    owners = frames["metering_point"].select(pl.col("mp_no").alias("key"), "customer_no")
    why = held_points.join(owners, on="key", how="inner", maintain_order="left").drop_nulls("customer_no")
    return kept, pl.concat([held, _rest("customer", free, kept, why)])


def _newcomers(items: pl.DataFrame, frames: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """What the field found and nobody has taken into the ledger yet."""
    areas = frames["transformer_area"]["area_no"].implode() if "transformer_area" in frames else None
    waiting = items.filter((pl.col("kind") == str(Kind.NEW)) & ~pl.col("state").is_in([str(state) for state in DONE]))
    if areas is not None:
        waiting = waiting.filter(pl.col("area_no").is_null() | pl.col("area_no").is_in(areas))
    known = pl.concat([frames[entity].select(pl.lit(entity).alias("entity"), pl.col(KEYS[entity]).alias("key")) for entity in _SEEN])
    return _waiting(waiting).join(known, on=["entity", "key"], how="anti", maintain_order="left")


def _above(frames: dict[str, pl.DataFrame], leaving: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Areas, feeders and substations over what leaves."""
    found: dict[str, pl.DataFrame] = {}
    if "transformer_area" not in frames:
        return found
    below = [leaving[entity].select("area_no") for entity in ("meter_box", "metering_point") if entity in leaving]
    areas = frames["transformer_area"].join(pl.concat(below).drop_nulls().unique(), on="area_no", how="semi", maintain_order="left")
    found["transformer_area"] = areas
    if "transformer" in leaving:
        found["transformer"] = leaving["transformer"].join(areas.select("area_no"), on="area_no", how="semi", maintain_order="left")
    if "feeder" in frames:
        found["feeder"] = frames["feeder"].join(
            areas.select("feeder_no").drop_nulls().unique(), on="feeder_no", how="semi", maintain_order="left"
        )
        numbers = found["feeder"].select("substation_no").drop_nulls().unique()
        if "substation" in frames:
            found["substation"] = frames["substation"].join(numbers, on="substation_no", how="semi", maintain_order="left")
    return found
