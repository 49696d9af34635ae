"""A clean invented station as tables of ledgers, ready to be spoilt and written as files; what was spoilt is the ground truth."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from random import Random

import xlsxwriter

from lvdesk.network.identifiers import asset_no
from lvdesk.sample.inventing import invent
from lvdesk.sample.model import STATION, Box, Customer, Station
from lvdesk.templates.definition import load_templates

TODAY = date(2026, 6, 1)
_STEP = 0.011
"""Degrees between two areas: about a kilometre, so that areas do not lie in each other."""
_SHRINK = 0.75

Row = dict[str, str]
Tables = dict[str, list[Row]]


@dataclass(frozen=True)
class Fault:
    """One planted fault.

    Attributes:
        kind: which of the kinds.
        codes: rules that must find it, each with the keys it may name.
        also: rules that may name the same records, since the fault breaks their definition too.
        keys: every record the fault touches.
    """

    kind: str
    codes: dict[str, frozenset[str]]
    keys: frozenset[str]
    also: frozenset[str] = frozenset()


@dataclass
class Home:
    """One box with the rows that speak of it: the survey's and the customer ledger's in the same order, its access point, its area."""

    survey: list[Row]
    ledger: list[Row]
    access: Row
    area: Row

    @property
    def box(self) -> str:
        """The box's asset number."""
        return self.survey[0]["meter_box.asset_no"]

    @property
    def keys(self) -> frozenset[str]:
        """Everything the box's findings may be called by."""
        names = (
            "customer.customer_no",
            "metering_point.mp_no",
            "meter.asset_no",
            "meter.bar_code",
            "meter_box.asset_no",
            "meter_box.bar_code",
        )
        rows = [*self.survey, *self.ledger]
        meters = {asset_no(row["meter.bar_code"]) or "" for row in self.ledger}
        own = {row[name] for row in rows for name in names if row.get(name)}
        return frozenset({*own, *meters, self.access["access_point.access_point_no"]} - {""})

    @property
    def free(self) -> bool:
        """Whether a slot is free."""
        row = self.survey[0]
        return len(self.survey) < int(row["meter_box.slot_rows"]) * int(row["meter_box.slot_columns"])


@dataclass
class FaultyStation:
    """The tables by template, the homes not yet spoilt, the faults planted so far."""

    tables: Tables
    homes: list[Home]
    random: Random
    faults: list[Fault] = field(default_factory=list)
    field_sheets: dict[str, list[Row]] = field(default_factory=dict)

    def home(self, least: int = 1, *, free: bool = False) -> Home:
        """A box of a public area that no fault has touched; the next such call gives another."""
        for place, home in enumerate(self.homes):
            if len(home.survey) >= least and (home.free or not free):
                return self.homes.pop(place)
        raise AssertionError("the station is too small for so many faults")

    def plant(self, kind: str, codes: dict[str, set[str]], keys: frozenset[str], *also: str) -> None:
        """Writes a fault down."""
        named = {code: frozenset(names) for code, names in codes.items()}
        self.faults.append(Fault(kind, named, keys, frozenset(also)))

    def write(self, folder: Path) -> list[Path]:
        """The files: one workbook of ledgers, one per field team."""
        folder.mkdir(parents=True, exist_ok=True)
        files = [folder / "台账.xlsx", *(folder / name for name in self.field_sheets)]
        _write(files[0], self.tables)
        for name, rows in self.field_sheets.items():
            _write(folder / name, {"box_collection": rows})
        return files


def clean_station(customers: int = 4000, seed: int = 7) -> FaultyStation:
    """A station without a fault: substations, feeders, areas, customers, survey, access points, poles."""
    station = invent(customers, seed)
    shift = _spread(station)
    tables: Tables = {
        "substation_list": [{"substation.substation_no": s.substation_no, "substation.name": s.name, "substation.voltage": s.voltage}
                            for s in station.substations],
        "feeder_list": [{"feeder.feeder_no": f.feeder_no, "feeder.name": f.name, "feeder.voltage": "AC00101",
                         "feeder.substation_no": f.substation.substation_no, "feeder.substation_name": f.substation.name}
                        for f in station.feeders],
        "transformer_ledger": [], "customer_ledger": [], "box_survey": [], "access_point": [], "pole": [],
    }  # fmt: skip
    areas: dict[str, Row] = {}
    for area in station.areas:
        row = {
            "transformer_area.org_name": STATION, "feeder.substation_name": area.feeder.substation.name,
            "transformer_area.feeder_no": area.feeder.feeder_no, "transformer_area.feeder_name": area.feeder.name,
            "transformer_area.area_no": area.area_no, "transformer_area.name": area.name,
            "transformer_area.usage": "01" if area.is_public else "02", "transformer_area.run_status": "01",
            "transformer_area.capacity_kva": str(area.capacity_kva), "transformer.capacity_kva": str(area.capacity_kva),
            "transformer.transformer_no": area.transformer_no, "transformer.name": area.name, "transformer.run_status": "01",
            "transformer_area.longitude": f"{area.longitude + shift[area.area_no][0]:.7f}",
            "transformer_area.latitude": f"{area.latitude + shift[area.area_no][1]:.7f}",
        }  # fmt: skip
        areas[area.area_no] = row
        tables["transformer_ledger"].append(row)
    homes = [_home(station, box, number, areas[box.area.area_no], tables, shift) for number, box in enumerate(station.boxes, 1)]
    random = Random(seed)
    public = [home for home in homes if home.area["transformer_area.usage"] == "01"]
    random.shuffle(public)
    return FaultyStation(tables, public, random)


def _spread(station: Station) -> dict[str, tuple[float, float]]:
    """Area -> how far it must be moved so that areas lie on a grid."""
    wide = max(1, round(len(station.areas) ** 0.5))
    base = station.areas[0]
    return {
        area.area_no: (base.longitude + place % wide * _STEP - area.longitude, base.latitude + place // wide * _STEP - area.latitude)
        for place, area in enumerate(station.areas)
    }


def _home(station: Station, box: Box, number: int, area: Row, tables: Tables, shift: dict[str, tuple[float, float]]) -> Home:
    east, north = shift[box.area.area_no]
    centre = float(area["transformer_area.longitude"]), float(area["transformer_area.latitude"])
    place = [centre[n] + (value - centre[n]) * _SHRINK for n, value in enumerate((box.longitude + east, box.latitude + north))]
    pole = {
        "pole.sequence": str(number), "pole.pole_no": f"G{number:06d}", "pole.name": f"{box.area.name}{number}号杆",
        "pole.feeder_no": box.area.feeder.feeder_no, "pole.feeder_name": box.area.feeder.name, "pole.area_no": box.area.area_no,
        "pole.material": "水泥杆", "pole.nature": "直线",
        "pole.longitude": f"{place[0] + 0.00006:.7f}", "pole.latitude": f"{place[1]:.7f}",
    }  # fmt: skip
    access = {
        "access_point.access_point_no": f"JRD{number:06d}", "access_point.name": f"{number}号接入点",
        "access_point.area_no": box.area.area_no, "access_point.device_type": "低压杆塔", "access_point.device_name": pole["pole.name"],
        "access_point.longitude": pole["pole.longitude"], "access_point.latitude": pole["pole.latitude"],
    }  # fmt: skip
    people = [customer for customer in station.customers if customer.box is box]
    home = Home([_surveyed(box, c, number, place, access) for c in people], [_listed(c) for c in people], access, area)
    tables["pole"].append(pole)
    tables["access_point"].append(access)
    tables["customer_ledger"] += home.ledger
    tables["box_survey"] += home.survey
    return home


def _surveyed(box: Box, customer: Customer, number: int, place: list[float], access: Row) -> Row:
    return {
        "meter_box.asset_no": asset_no(box.bar_code) or "",
        "meter_box.bar_code": box.bar_code,
        "meter_box.category": "单体表箱" if box.rows * box.columns == 1 else "合体表箱",
        "meter_box.slot_columns": str(box.columns),
        "meter_box.slot_rows": str(box.rows),
        "meter_box.location": box.location,
        "meter_box.material": box.material,
        "meter_box.longitude": f"{place[0]:.7f}",
        "meter_box.latitude": f"{place[1]:.7f}",
        "customer.customer_no": customer.customer_no,
        "metering_point.mp_no": customer.mp_no,
        "meter.asset_no": asset_no(customer.meter_bar) or "",
        "meter.slot_row": str(customer.row),
        "meter.slot_column": str(customer.column),
        "customer.name": customer.name,
        "customer.address": customer.address,
        "meter_box.area_no": box.area.area_no,
        "customer.sort": customer.sort,
        "meter.wiring": customer.wiring,
        "meter_box.surveyed_at": box.surveyed_at,
        "meter_box.access_point_no": access["access_point.access_point_no"],
        "meter_box.device_type": access["access_point.device_type"],
        "meter_box.device_name": access["access_point.device_name"],
        "meter_box.marketing_id": f"8{number:09d}",
        "meter_box.gis_id": f"4{number:07d}",
    }


def _listed(customer: Customer) -> Row:
    area = customer.box.area
    return {
        "customer.customer_no": customer.customer_no, "customer.name": customer.name, "customer.address": customer.address,
        "customer.sort": customer.sort, "customer.elec_type": customer.elec_type, "customer.voltage": customer.voltage,
        "customer.contract_capacity": str(customer.capacity), "customer.status": "正常用电客户",
        "customer.opened_on": customer.opened_on.isoformat(), "customer.cancelled_on": "", "customer.urban_rural": "02",
        "metering_point.mp_no": customer.mp_no, "metering_point.area_no": area.area_no, "metering_point.area_name": area.name,
        "meter.bar_code": customer.meter_bar, "meter.wiring": customer.wiring, "meter_box.bar_code": customer.box.bar_code,
    }  # fmt: skip


def _write(path: Path, tables: Tables) -> None:
    templates = load_templates()
    book = xlsxwriter.Workbook(str(path), {"in_memory": True})
    for key, rows in tables.items():
        sheet = book.add_worksheet(templates[key].sheet_names[0] if templates[key].sheet_names else templates[key].title)
        for number, cells in enumerate(_cells(key, rows)):
            for column, text in enumerate(cells):
                sheet.write_string(number, column, text)
    book.close()


def _cells(key: str, rows: list[Row]) -> Iterator[list[str]]:
    """The header line, then every row in the order of the columns."""
    template = load_templates()[key]
    fields = list(dict.fromkeys(name for row in rows for name in row))
    headers = []
    for name in fields:
        column = template.column(name)
        assert column is not None, (key, name)
        headers.append(column.header)
    yield headers
    for row in rows:
        yield [row.get(name, "") for name in fields]
