"""The accepted state of 站-线-变-箱-户. Links are natural keys as text: a parent may arrive in a later file.

Titles, kinds and owners of the attributes stand in ``resources/dictionary.toml``; a test holds the two together.
"""

from sqlalchemy import Index, Table, Text
from sqlalchemy.orm import Mapped, mapped_column

from lvdesk.network.words import name_initials
from lvdesk.store.tables import Base, RowId


class Traced:
    """What every record carries: optimistic lock, where its values come from, whether its own ledger still lists it.

    Attributes:
        version: raised by every change; a stale version is refused.
        sheet_id: the imported sheet that gave the record; all values not named in ``sources`` come from there.
        sheet_row: the original row number in that sheet, 1-based.
        sources: JSON, field -> [sheet_id, row] for values from another sheet, field -> [journal entry] for values typed by a person.
        listed: 1 once a ledger of this kind of record has listed it; 0 while it is only mentioned by others.
        absent_sheet: the sheet whose scope covers the record but no longer lists it.
        initials: pinyin initials of the name, derived.
    """

    id: Mapped[int] = mapped_column(RowId, primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(default=1)
    sheet_id: Mapped[int | None] = mapped_column(RowId)
    sheet_row: Mapped[int | None]
    sources: Mapped[str | None] = mapped_column(Text)
    listed: Mapped[int] = mapped_column(default=0)
    absent_sheet: Mapped[int | None] = mapped_column(RowId)
    initials: Mapped[str | None] = mapped_column(Text)


class Substation(Traced, Base):
    """变电站."""

    __tablename__ = "substation"

    substation_no: Mapped[str] = mapped_column(Text, unique=True)
    name: Mapped[str | None] = mapped_column(Text)
    voltage: Mapped[str | None] = mapped_column(Text)
    org_name: Mapped[str | None] = mapped_column(Text)
    address: Mapped[str | None] = mapped_column(Text)
    marketing_id: Mapped[str | None] = mapped_column(Text)
    gis_id: Mapped[str | None] = mapped_column(Text)
    pms_id: Mapped[str | None] = mapped_column(Text)


class Feeder(Traced, Base):
    """线路."""

    __tablename__ = "feeder"
    __table_args__ = (Index("ix_feeder_substation_no", "substation_no"),)

    feeder_no: Mapped[str] = mapped_column(Text, unique=True)
    name: Mapped[str | None] = mapped_column(Text)
    voltage: Mapped[str | None] = mapped_column(Text)
    substation_no: Mapped[str | None] = mapped_column(Text)
    substation_name: Mapped[str | None] = mapped_column(Text)
    length_km: Mapped[float | None]
    usage: Mapped[str | None] = mapped_column(Text)
    org_name: Mapped[str | None] = mapped_column(Text)
    marketing_id: Mapped[str | None] = mapped_column(Text)
    gis_id: Mapped[str | None] = mapped_column(Text)
    pms_id: Mapped[str | None] = mapped_column(Text)


class TransformerArea(Traced, Base):
    """台区."""

    __tablename__ = "transformer_area"
    __table_args__ = (Index("ix_transformer_area_feeder_no", "feeder_no"),)

    area_no: Mapped[str] = mapped_column(Text, unique=True)
    name: Mapped[str | None] = mapped_column(Text)
    feeder_no: Mapped[str | None] = mapped_column(Text)
    feeder_name: Mapped[str | None] = mapped_column(Text)
    usage: Mapped[str | None] = mapped_column(Text)
    capacity_kva: Mapped[float | None]
    run_status: Mapped[str | None] = mapped_column(Text)
    manager: Mapped[str | None] = mapped_column(Text)
    org_name: Mapped[str | None] = mapped_column(Text)
    address: Mapped[str | None] = mapped_column(Text)
    longitude: Mapped[float | None]
    latitude: Mapped[float | None]
    marketing_id: Mapped[str | None] = mapped_column(Text)
    gis_id: Mapped[str | None] = mapped_column(Text)
    pms_id: Mapped[str | None] = mapped_column(Text)


class Transformer(Traced, Base):
    """变压器."""

    __tablename__ = "transformer"
    __table_args__ = (Index("ix_transformer_area_no", "area_no"),)

    transformer_no: Mapped[str] = mapped_column(Text, unique=True)
    name: Mapped[str | None] = mapped_column(Text)
    area_no: Mapped[str | None] = mapped_column(Text)
    capacity_kva: Mapped[float | None]
    run_status: Mapped[str | None] = mapped_column(Text)
    model: Mapped[str | None] = mapped_column(Text)
    installed_on: Mapped[str | None] = mapped_column(Text)
    marketing_id: Mapped[str | None] = mapped_column(Text)
    gis_id: Mapped[str | None] = mapped_column(Text)
    pms_id: Mapped[str | None] = mapped_column(Text)


class Pole(Traced, Base):
    """杆塔."""

    __tablename__ = "pole"
    __table_args__ = (Index("ix_pole_feeder_no", "feeder_no"),)

    pole_no: Mapped[str] = mapped_column(Text, unique=True)
    name: Mapped[str | None] = mapped_column(Text)
    feeder_no: Mapped[str | None] = mapped_column(Text)
    feeder_name: Mapped[str | None] = mapped_column(Text)
    area_no: Mapped[str | None] = mapped_column(Text)
    material: Mapped[str | None] = mapped_column(Text)
    nature: Mapped[str | None] = mapped_column(Text)
    sequence: Mapped[int | None]
    longitude: Mapped[float | None]
    latitude: Mapped[float | None]
    marketing_id: Mapped[str | None] = mapped_column(Text)
    gis_id: Mapped[str | None] = mapped_column(Text)
    pms_id: Mapped[str | None] = mapped_column(Text)


class BranchBox(Traced, Base):
    """分支箱."""

    __tablename__ = "branch_box"
    __table_args__ = (Index("ix_branch_box_area_no", "area_no"),)

    branch_box_no: Mapped[str] = mapped_column(Text, unique=True)
    name: Mapped[str | None] = mapped_column(Text)
    area_no: Mapped[str | None] = mapped_column(Text)
    model: Mapped[str | None] = mapped_column(Text)
    address: Mapped[str | None] = mapped_column(Text)
    longitude: Mapped[float | None]
    latitude: Mapped[float | None]
    marketing_id: Mapped[str | None] = mapped_column(Text)
    gis_id: Mapped[str | None] = mapped_column(Text)
    pms_id: Mapped[str | None] = mapped_column(Text)


class AccessPoint(Traced, Base):
    """接入点."""

    __tablename__ = "access_point"
    __table_args__ = (Index("ix_access_point_area_no", "area_no"),)

    access_point_no: Mapped[str] = mapped_column(Text, unique=True)
    name: Mapped[str | None] = mapped_column(Text)
    area_no: Mapped[str | None] = mapped_column(Text)
    device_type: Mapped[str | None] = mapped_column(Text)
    device_name: Mapped[str | None] = mapped_column(Text)
    longitude: Mapped[float | None]
    latitude: Mapped[float | None]
    elevation: Mapped[float | None]
    marketing_id: Mapped[str | None] = mapped_column(Text)
    gis_id: Mapped[str | None] = mapped_column(Text)
    pms_id: Mapped[str | None] = mapped_column(Text)


class MeterBox(Traced, Base):
    """计量箱."""

    __tablename__ = "meter_box"
    __table_args__ = (
        Index("ix_meter_box_bar_code", "bar_code"),
        Index("ix_meter_box_area_no", "area_no"),
    )

    asset_no: Mapped[str] = mapped_column(Text, unique=True)
    bar_code: Mapped[str | None] = mapped_column(Text)
    made_no: Mapped[str | None] = mapped_column(Text)
    locker_no: Mapped[str | None] = mapped_column(Text)
    business_no: Mapped[str | None] = mapped_column(Text)
    category: Mapped[str | None] = mapped_column(Text)
    slot_columns: Mapped[int | None]
    slot_rows: Mapped[int | None]
    org_name: Mapped[str | None] = mapped_column(Text)
    property: Mapped[str | None] = mapped_column(Text)
    property_org: Mapped[str | None] = mapped_column(Text)
    location: Mapped[str | None] = mapped_column(Text)
    material: Mapped[str | None] = mapped_column(Text)
    manufacturer: Mapped[str | None] = mapped_column(Text)
    model: Mapped[str | None] = mapped_column(Text)
    longitude: Mapped[float | None]
    latitude: Mapped[float | None]
    area_no: Mapped[str | None] = mapped_column(Text)
    access_point_no: Mapped[str | None] = mapped_column(Text)
    device_type: Mapped[str | None] = mapped_column(Text)
    device_name: Mapped[str | None] = mapped_column(Text)
    surveyed_at: Mapped[str | None] = mapped_column(Text)
    note: Mapped[str | None] = mapped_column(Text)
    submit_status: Mapped[str | None] = mapped_column(Text)
    marketing_id: Mapped[str | None] = mapped_column(Text)
    gis_id: Mapped[str | None] = mapped_column(Text)
    pms_id: Mapped[str | None] = mapped_column(Text)


class Meter(Traced, Base):
    """电能表."""

    __tablename__ = "meter"
    __table_args__ = (
        Index("ix_meter_bar_code", "bar_code"),
        Index("ix_meter_mp_no", "mp_no"),
        Index("ix_meter_box_no", "box_no"),
    )

    asset_no: Mapped[str] = mapped_column(Text, unique=True)
    bar_code: Mapped[str | None] = mapped_column(Text)
    mp_no: Mapped[str | None] = mapped_column(Text)
    box_no: Mapped[str | None] = mapped_column(Text)
    slot_row: Mapped[int | None]
    slot_column: Mapped[int | None]
    wiring: Mapped[str | None] = mapped_column(Text)
    phase: Mapped[str | None] = mapped_column(Text)
    multiplier: Mapped[float | None]
    comm_address: Mapped[str | None] = mapped_column(Text)
    installed_on: Mapped[str | None] = mapped_column(Text)
    survey_status: Mapped[str | None] = mapped_column(Text)
    relation: Mapped[str | None] = mapped_column(Text)
    operator: Mapped[str | None] = mapped_column(Text)
    operated_on: Mapped[str | None] = mapped_column(Text)
    operated_at: Mapped[str | None] = mapped_column(Text)
    marketing_id: Mapped[str | None] = mapped_column(Text)
    gis_id: Mapped[str | None] = mapped_column(Text)
    pms_id: Mapped[str | None] = mapped_column(Text)


class MeteringPoint(Traced, Base):
    """计量点."""

    __tablename__ = "metering_point"
    __table_args__ = (
        Index("ix_metering_point_customer_no", "customer_no"),
        Index("ix_metering_point_area_no", "area_no"),
    )

    mp_no: Mapped[str] = mapped_column(Text, unique=True)
    name: Mapped[str | None] = mapped_column(Text)
    address: Mapped[str | None] = mapped_column(Text)
    customer_no: Mapped[str | None] = mapped_column(Text)
    area_no: Mapped[str | None] = mapped_column(Text)
    area_name: Mapped[str | None] = mapped_column(Text)
    status: Mapped[str | None] = mapped_column(Text)
    kind: Mapped[str | None] = mapped_column(Text)
    marketing_id: Mapped[str | None] = mapped_column(Text)
    gis_id: Mapped[str | None] = mapped_column(Text)
    pms_id: Mapped[str | None] = mapped_column(Text)


class Customer(Traced, Base):
    """用户."""

    __tablename__ = "customer"

    customer_no: Mapped[str] = mapped_column(Text, unique=True)
    name: Mapped[str | None] = mapped_column(Text)
    address: Mapped[str | None] = mapped_column(Text)
    sort: Mapped[str | None] = mapped_column(Text)
    elec_type: Mapped[str | None] = mapped_column(Text)
    voltage: Mapped[str | None] = mapped_column(Text)
    contract_capacity: Mapped[float | None]
    status: Mapped[str | None] = mapped_column(Text)
    opened_on: Mapped[str | None] = mapped_column(Text)
    cancelled_on: Mapped[str | None] = mapped_column(Text)
    urban_rural: Mapped[str | None] = mapped_column(Text)
    phone: Mapped[str | None] = mapped_column(Text)
    section: Mapped[str | None] = mapped_column(Text)
    trade: Mapped[str | None] = mapped_column(Text)
    recent_kwh: Mapped[float | None]
    marketing_id: Mapped[str | None] = mapped_column(Text)
    gis_id: Mapped[str | None] = mapped_column(Text)
    pms_id: Mapped[str | None] = mapped_column(Text)


TABLES: dict[str, Table] = {
    "substation": Substation.__table__,  # type: ignore[dict-item]
    "feeder": Feeder.__table__,  # type: ignore[dict-item]
    "transformer_area": TransformerArea.__table__,  # type: ignore[dict-item]
    "transformer": Transformer.__table__,  # type: ignore[dict-item]
    "pole": Pole.__table__,  # type: ignore[dict-item]
    "branch_box": BranchBox.__table__,  # type: ignore[dict-item]
    "access_point": AccessPoint.__table__,  # type: ignore[dict-item]
    "meter_box": MeterBox.__table__,  # type: ignore[dict-item]
    "meter": Meter.__table__,  # type: ignore[dict-item]
    "metering_point": MeteringPoint.__table__,  # type: ignore[dict-item]
    "customer": Customer.__table__,  # type: ignore[dict-item]
}
"""Entity -> its table, from the substation down to the customer."""

SEARCHED: dict[str, tuple[str, ...]] = {
    "substation": ("substation_no", "name"),
    "feeder": ("feeder_no", "name"),
    "transformer_area": ("area_no", "name", "manager"),
    "transformer": ("transformer_no", "name"),
    "pole": ("pole_no", "name"),
    "branch_box": ("branch_box_no", "name"),
    "access_point": ("access_point_no", "name", "device_name"),
    "meter_box": ("asset_no", "bar_code", "location"),
    "meter": ("asset_no", "bar_code"),
    "metering_point": ("mp_no",),
    "customer": ("customer_no", "name", "address"),
}
"""Entity -> the fields a person looks it up by, its key first."""

for _table in TABLES.values():
    if "name" in _table.c:
        _table.info["derived"] = {"initials": name_initials}
