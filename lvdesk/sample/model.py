"""The invented station as records, before it is written to files."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

COUNTY = "青禾县"
COMPANY = f"{COUNTY}供电公司"
STATION = f"{COUNTY}临江供电所"


@dataclass(frozen=True)
class Substation:
    """变电站."""

    substation_no: str
    name: str
    voltage: str


@dataclass(frozen=True)
class Feeder:
    """线路."""

    feeder_no: str
    name: str
    substation: Substation
    length_km: float


@dataclass(frozen=True)
class Area:
    """台区 with its one transformer; private ones (专变) serve one customer."""

    area_no: str
    name: str
    feeder: Feeder
    is_public: bool
    capacity_kva: int
    manager: str
    place: str
    road: str
    longitude: float
    latitude: float
    transformer_no: str
    transformer_model: str
    installed_on: date


@dataclass(frozen=True)
class Box:
    """计量箱."""

    bar_code: str
    area: Area
    rows: int
    columns: int
    location: str
    material: str
    longitude: float
    latitude: float
    surveyed_at: str


@dataclass(frozen=True)
class Customer:
    """用户 with its one metering point and meter in one slot of a box."""

    customer_no: str
    name: str
    address: str
    sort: str
    elec_type: str
    voltage: str
    capacity: int
    opened_on: date
    mp_no: str
    meter_bar: str
    wiring: str
    phase: str
    phone: str
    box: Box
    row: int
    column: int


@dataclass
class Station:
    """Everything of the station, parents before children."""

    substations: list[Substation] = field(default_factory=list)
    feeders: list[Feeder] = field(default_factory=list)
    areas: list[Area] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    customers: list[Customer] = field(default_factory=list)


@dataclass(frozen=True)
class SampleStation:
    """What was written.

    Attributes:
        files: in the order a station hands them over.
        counts: the truth: entities (``substations``, ``feeders``, ``areas``, ``boxes``, ``customers``, ``meters``), rows
            (``ledger_rows``, ``survey_rows``, ``field_rows``) and what was done to them (``dirt.full_width`` …).
        station: the records behind the files.
    """

    files: tuple[Path, ...]
    counts: Mapping[str, int]
    station: Station
