"""Damaged identifiers get their digits back only with evidence: the row's other keys against the store, asset number, check digit."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import polars as pl
from sqlalchemy import Connection, select

from lvdesk.ledger.cleaning import ITEM
from lvdesk.ledger.doubts import Doubt, doubts
from lvdesk.ledger.model import Finding, Healed, Refused
from lvdesk.ledger.prepared import Damage
from lvdesk.ledger.rows import ROW
from lvdesk.network.identifiers import reconstruct, restore
from lvdesk.network.tables import TABLES, Customer, Meter, MeterBox, MeteringPoint
from lvdesk.tabular.heal import significant_length

SHORT: Final = "short"
_PREFIX: Final = 7

Found = tuple[str, str]


@dataclass
class Settled:
    """Decided rows: their healed wide form, and what is told about each damaged value."""

    wide: pl.DataFrame
    healed: list[Healed]
    refused: list[Refused]
    findings: list[Finding]
    doubts: set[Doubt] = field(default_factory=set)


class Evidence:
    """Looks for what a damaged value must have been."""

    def __init__(self, connection: Connection, keys: Mapping[str, str]) -> None:
        self._connection = connection
        self._keys = keys

    def settle(self, wide: pl.DataFrame, damages: list[Damage], row_key: tuple[str, ...]) -> Settled:
        """Restores or refuses every damaged value of the pending rows; a row without any usable key is refused whole."""
        result = Settled(wide, [], [], [])
        rows = {row[ITEM]: row for row in wide.iter_rows(named=True)}
        items: dict[int, list[int]] = {}
        for item, row in rows.items():
            items.setdefault(row[ROW], []).append(item)
        for damage in damages:
            parts = items.get(damage.row, []) if damage.item is None else [damage.item]
            self._decide(damage, [rows[item] for item in parts if item in rows], result)
        result.doubts = doubts(rows.values(), result.refused)
        lost = {row[ROW]: row for row in rows.values() if all(row.get(name) is None for name in row_key)}
        for row in lost.values():
            cause = next(r for r in result.refused if r.row == row[ROW] and r.field in row_key)
            result.refused.append(
                Refused(cause.row, cause.field, cause.column, cause.value, f"本行标识无法使用：{cause.reason}", whole_row=True)
            )
        result.wide = pl.DataFrame([row for row in rows.values() if row[ROW] not in lost], schema=wide.schema)
        return result

    def _decide(self, damage: Damage, parts: list[dict[str, Any]], result: Settled) -> None:
        """Puts the value back into all parts of the row, or says why not."""
        if not parts:
            return
        found = self._find(damage, parts[0])
        if found is not None:
            for row in parts:
                row[damage.field] = found[0]
            result.healed.append(Healed(damage.row, damage.field, damage.column, damage.value, found[0], found[1]))
        elif damage.kind == SHORT:
            for row in parts:
                row[damage.field] = damage.value
            text = f"“{damage.value}”比同列其他编号短，可能丢了开头的 0；没有证据，按原样保留"
            result.findings.append(Finding("warning", damage.row, damage.field, text))
        else:
            result.refused.append(_refusal(damage))

    def _find(self, damage: Damage, row: Mapping[str, Any]) -> Found | None:
        if damage.kind == SHORT:
            return self._padded(damage, row)
        for search in (self._from_asset, self._from_customer, self._from_meter):
            candidates = search(damage, row)
            if candidates:
                value = restore(damage.known, list(candidates), significant_length(damage.value))
                if value is not None:
                    return value, candidates[value]
        return None

    def _padded(self, damage: Damage, _row: Mapping[str, Any]) -> Found | None:
        """The number with leading zeros, if a record with exactly that number is stored and none with the short one."""
        target = _REFERENCED.get(damage.field, damage.field.partition(".")[0])
        key = TABLES[target].c[self._keys[target]]
        stored = set(self._connection.execute(select(key).where(key.in_([damage.known, damage.value]))).scalars())
        if damage.known in stored and damage.value not in stored:
            return damage.known, f"补回开头的 0：库中有编号 {damage.known}，没有 {damage.value}"
        return None

    def _from_asset(self, damage: Damage, row: Mapping[str, Any]) -> dict[str, str]:
        """The same row's asset number between the surviving prefix and the check digit."""
        entity, _, name = damage.field.partition(".")
        asset = row.get(f"{entity}.asset_no")
        if name != "bar_code" or not asset or len(damage.known) < _PREFIX:
            return {}
        value = reconstruct(damage.known[:_PREFIX], asset)
        return {value: f"由同行资产号 {asset} 和校验位恢复"} if value else {}

    def _from_customer(self, damage: Damage, row: Mapping[str, Any]) -> dict[str, str]:
        """What the last ledger has for the same customer: meters, boxes, metering points."""
        number = row.get("customer.customer_no")
        pick = _OF_CUSTOMER.get(damage.field)
        if not number or pick is None:
            return {}
        query = (
            select(pick)
            .select_from(MeteringPoint)
            .join(Meter, Meter.mp_no == MeteringPoint.mp_no)
            .outerjoin(MeterBox, MeterBox.asset_no == Meter.box_no)
            .where(MeteringPoint.customer_no == number)
        )
        return dict.fromkeys(self._values(query), f"同行用户编号 {number} 在已导入台账中的值")

    def _from_meter(self, damage: Damage, row: Mapping[str, Any]) -> dict[str, str]:
        """What the last ledger has for the same meter: its box, its customer."""
        asset = row.get("meter.asset_no") or (row.get("meter.bar_code") or "")[7:21]
        pick = _OF_METER.get(damage.field)
        if not asset or pick is None:
            return {}
        query = (
            select(pick)
            .select_from(Meter)
            .outerjoin(MeterBox, MeterBox.asset_no == Meter.box_no)
            .outerjoin(MeteringPoint, MeteringPoint.mp_no == Meter.mp_no)
            .outerjoin(Customer, Customer.customer_no == MeteringPoint.customer_no)
            .where(Meter.asset_no == asset)
        )
        return dict.fromkeys(self._values(query), f"同行电能表 {asset} 在已导入台账中的值")

    def _values(self, query: Any) -> Iterator[str]:
        return (value for value in self._connection.execute(query).scalars() if value)


_OF_CUSTOMER: Final[dict[str, Any]] = {
    "meter.bar_code": Meter.bar_code,
    "meter.asset_no": Meter.asset_no,
    "meter_box.bar_code": MeterBox.bar_code,
    "meter_box.asset_no": MeterBox.asset_no,
    "metering_point.mp_no": MeteringPoint.mp_no,
}
_OF_METER: Final[dict[str, Any]] = {
    "meter.bar_code": Meter.bar_code,
    "meter_box.bar_code": MeterBox.bar_code,
    "meter_box.asset_no": MeterBox.asset_no,
    "metering_point.mp_no": MeteringPoint.mp_no,
    "customer.customer_no": Customer.customer_no,
}
_REFERENCED: Final = {
    "metering_point.area_no": "transformer_area",
    "meter_box.area_no": "transformer_area",
    "transformer_area.feeder_no": "feeder",
    "feeder.substation_no": "substation",
}


def _refusal(damage: Damage) -> Refused:
    lost = "科学计数法" if damage.kind == "scientific" else "15 位截断"
    reason = f"编号被 Excel {lost}损坏（{damage.value}），没有可靠证据恢复，该值未采用；请从源系统以文本格式重新导出"
    return Refused(damage.row, damage.field, damage.column, damage.value, reason)
