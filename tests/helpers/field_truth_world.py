"""The ledger of a generated station, its files, and who visits which box with which kind of file."""

from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Final

import pytest

from lvdesk.sample import ledgers, survey
from lvdesk.sample.inventing import Numbers, invent
from lvdesk.sample.model import Box, Customer, Station
from tests.helpers.field_truth_model import BOXES, RELATION, RETURN, SCAN, Person, Sheet, Site, World, category
from tests.helpers.stations import Cell, workbook

_PER_ROW: Final = 0.8
"""Rows of returns per customer of the ledger."""
_KINDS: Final = {RETURN: 42, RELATION: 22, SCAN: 18, BOXES: 8, "": 10}
"""How many of a hundred boxes each kind of file speaks of."""
_ALSO: Final = {RELATION: 0.6, RETURN: 0.1}
"""How many of the boxes of that kind are in a list of boxes as well."""
_SYSTEMS: Final = {
    RETURN: (("cgcs2000", True), ("gcj02", False), ("bd09", True), ("cgcs2000", False), ("gcj02", True), ("bd09", False)),
    BOXES: (("bd09", False), ("cgcs2000", True), ("gcj02", True)),
    SCAN: (("gcj02", False), ("cgcs2000", False), ("bd09", True)),
    RELATION: (("", False), ("", False)),
}
_NUMBERS: Final = {"meter.bar_code": "meter.asset_no", "meter_box.bar_code": "meter_box.asset_no"}
"""What some teams write instead."""
_LARGEST: Final = 2500
_TITLES: Final = {RETURN: "采录结果", BOXES: "计量箱", RELATION: "箱表关系", SCAN: "扫码"}
_COLUMNS: Final = {
    RETURN: (
        ("customer.customer_no", "meter.bar_code", "meter_box.bar_code", "note.verdict", "note.remark", "meter_box.longitude",
         "meter_box.latitude", "note.collected_on", "note.collected_by"),
        ("note.sequence", "customer.name", "customer.address", "metering_point.area_no", "metering_point.area_name", "meter.slot_row",
         "meter.slot_column", "meter_box.slot_rows", "meter_box.slot_columns", "meter_box.category", "meter_box.material",
         "meter_box.device_type", "meter_box.device_name"),
    ),
    BOXES: (
        ("meter_box.bar_code", "meter_box.longitude", "meter_box.latitude", "note.collected_on", "note.collected_by", "note.verdict",
         "meter_box.category", "meter_box.device_type", "meter_box.device_name"),
        ("note.sequence", "meter_box.slot_rows", "meter_box.slot_columns", "meter_box.location", "meter_box.area_no", "meter_box.material"),
    ),
    RELATION: (
        ("meter.bar_code", "meter_box.bar_code", "meter.slot_row", "meter.slot_column", "note.verdict"),
        ("note.sequence", "customer.customer_no", "customer.name", "note.remark", "note.collected_on"),
    ),
    SCAN: (
        ("meter_box.bar_code", "meter_box.surveyed_at", "meter_box.longitude", "meter_box.latitude", "note.elevation", "meter.bar_code",
         "note.photos"),
        ("note.sequence", "meter_box.slot_rows", "meter_box.slot_columns", "meter_box.material", "note.collected_by"),
    ),
}  # fmt: skip
"""Template -> columns every file has, columns some files lack."""


def found_world(seed: int, rows: int, folder: Path) -> tuple[World, tuple[Path, ...]]:
    """A station whose ledger is written into ``folder``, with about ``rows`` rows of returns to be written about it; nothing deviates."""
    chance = Random(seed)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("lvdesk.sample.inventing.CUSTOMERS_PER_AREA", 45)
        station = invent(max(60, round(rows / _PER_ROW)), seed)
    several = _several(station, chance)
    unknown = frozenset(box.bar_code for box in station.boxes if chance.random() < 0.03)
    closed = frozenset(c.customer_no for c in station.customers if chance.random() < 0.03 and c.customer_no not in several)
    files = _ledger(station, folder / "台账", unknown, closed)
    sites = [_site(box, box.bar_code not in unknown) for box in station.boxes]
    by_box = {site.bar_code: site for site in sites}
    for customer in station.customers:
        # What the ledger knows as cancelled is gone as often as it is still there.
        if customer.customer_no not in closed or chance.random() < 0.5:
            by_box[customer.box.bar_code].people.append(_person(customer))
    world = World(chance, Numbers(chance), station.areas, sites, several=several, closed=closed)
    _send_out(world)
    return world, files


def _several(station: Station, chance: Random) -> frozenset[str]:
    """Lets some customers have the meter of the next place too."""
    found = set()
    for place in range(1, len(station.customers)):
        before, here = station.customers[place - 1], station.customers[place]
        if before.box is here.box and before.customer_no not in found and chance.random() < 0.04:
            station.customers[place] = replace(before, mp_no=here.mp_no, meter_bar=here.meter_bar, row=here.row, column=here.column)
            found.add(before.customer_no)
    return frozenset(found)


def _ledger(station: Station, folder: Path, unknown: frozenset[str], closed: frozenset[str]) -> tuple[Path, ...]:
    """Lists of lines, one workbook per feeder, a list of the cancelled, the box survey without the boxes nobody ever surveyed."""
    folder.mkdir(parents=True, exist_ok=True)
    lines: list[list[Cell]] = [["线路编号", "线路名称", "电压", "所属变电站编号", "所属变电站"]]
    lines += [[f.feeder_no, f.name, "AC00101", f.substation.substation_no, f.substation.name] for f in station.feeders]
    substations: list[list[Cell]] = [["变电站编号", "变电站名称", "电压等级"]]
    substations += [[s.substation_no, s.name, s.voltage] for s in station.substations]
    gone: list[list[Cell]] = [
        ["用户编号", "用户名称", "用电地址", "用户状态", "销户日期", "计量点编号", "台区编号", "电能表条形码", "计量箱条形码"]
    ]
    gone += [[c.customer_no, c.name, c.address, "已销户客户", "2025-10-08", c.mp_no, c.box.area.area_no, c.meter_bar, c.box.bar_code]
             for c in station.customers if c.customer_no in closed]  # fmt: skip
    files = [workbook(folder / "01_站线.xlsx", {"变电站": substations, "线路": lines})]
    living = replace(station, customers=[c for c in station.customers if c.customer_no not in closed])
    for feeder in station.feeders:
        files.append(folder / f"02_{feeder.name}.xlsx")
        ledgers.write(files[-1], living, feeder, dirt=False)
    if len(gone) > 1:
        files.append(workbook(folder / "03_销户.xlsx", {"低压用户台账": gone}))
    files.append(folder / "04_普查表.csv")
    survey.write(files[-1], replace(station, customers=[c for c in station.customers if c.box.bar_code not in unknown]), dirt=False)
    return tuple(files)


def _site(box: Box, known: bool) -> Site:
    kind = category(box.rows, box.columns)
    return Site(box, box.bar_code, box.area, box.rows, box.columns, kind, box.material, box.location, box.longitude, box.latitude,
                known=known)  # fmt: skip


def _person(customer: Customer) -> Person:
    return Person(customer, customer.customer_no, customer.name, customer.address, customer.box.area, customer.meter_bar, customer.row,
                  customer.column)  # fmt: skip


def _send_out(world: World) -> None:
    """Gives each box the files that speak of it, area by area."""
    chance = world.chance
    chosen: dict[str, list[Site]] = {kind: [] for kind in _KINDS}
    for site in world.sites:
        kind = chance.choices(list(_KINDS), list(_KINDS.values()))[0] if site.people else ""
        chosen[kind].append(site)
        if chance.random() < _ALSO.get(kind, 0):
            chosen[BOXES].append(site)
    for kind in _COLUMNS:
        _files(world, kind, chosen[kind])


def _files(world: World, kind: str, sites: list[Site]) -> None:
    weigh = [len(site.people) if kind in {RETURN, RELATION} else 1 for site in sites]
    systems = _SYSTEMS[kind]
    count = max(min(len(systems), sum(weigh) // 24), sum(weigh) // _LARGEST, 1)
    base, rest = _COLUMNS[kind]
    for place in range(count):
        crs, declared = systems[place % len(systems)]
        lacking = world.chance.sample(rest, world.chance.randrange(3)) if place % 3 == 2 else []
        fields = [*base, *(name for name in rest if name not in lacking), *(["note.crs"] if crs and (declared or place % 2) else [])]
        if kind == RETURN and place % 3 == 2:
            fields = [_NUMBERS.get(name, name) for name in fields]
        sheet = Sheet(kind, f"{_TITLES[kind]}{place + 1}", tuple(fields), crs, declared)
        world.sheets.append(sheet)
        for site in sites[len(sites) * place // count : len(sites) * (place + 1) // count]:
            site.sheets[kind] = sheet
