"""Accepted state of the network and the kept batches."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

_NETWORK: dict[str, tuple[str, str, str]] = {
    "substation": ("substation_no", "name voltage org_name address marketing_id gis_id pms_id", ""),
    "feeder": ("feeder_no", "name voltage substation_no substation_name usage org_name marketing_id gis_id pms_id", "length_km:float"),
    "transformer_area": (
        "area_no",
        "name feeder_no feeder_name usage run_status manager org_name address marketing_id gis_id pms_id",
        "capacity_kva:float longitude:float latitude:float",
    ),
    "transformer": ("transformer_no", "name area_no run_status model installed_on marketing_id gis_id pms_id", "capacity_kva:float"),
    "pole": (
        "pole_no",
        "name feeder_no feeder_name area_no material nature marketing_id gis_id pms_id",
        "sequence:integer longitude:float latitude:float",
    ),
    "branch_box": ("branch_box_no", "name area_no model address marketing_id gis_id pms_id", "longitude:float latitude:float"),
    "access_point": (
        "access_point_no",
        "name area_no device_type device_name marketing_id gis_id pms_id",
        "longitude:float latitude:float elevation:float",
    ),
    "meter_box": (
        "asset_no",
        (
            "bar_code made_no locker_no business_no category org_name property property_org location material "
            "manufacturer model area_no access_point_no device_type device_name surveyed_at note submit_status "
            "marketing_id gis_id pms_id"
        ),
        "slot_columns:integer slot_rows:integer longitude:float latitude:float",
    ),
    "meter": (
        "asset_no",
        (
            "bar_code mp_no box_no wiring phase comm_address installed_on survey_status relation operator "
            "operated_on operated_at marketing_id gis_id pms_id"
        ),
        "slot_row:integer slot_column:integer multiplier:float",
    ),
    "metering_point": ("mp_no", "name address customer_no area_no area_name status kind marketing_id gis_id pms_id", ""),
    "customer": (
        "customer_no",
        "name address sort elec_type voltage status opened_on cancelled_on urban_rural phone section trade marketing_id gis_id pms_id",
        "contract_capacity:float",
    ),
}
"""Table -> (key, text columns, number columns with their type) as of this revision."""

_NETWORK_INDEXES = (
    ("feeder", "substation_no"),
    ("transformer_area", "feeder_no"),
    ("transformer", "area_no"),
    ("pole", "feeder_no"),
    ("branch_box", "area_no"),
    ("access_point", "area_no"),
    ("meter_box", "bar_code"),
    ("meter_box", "area_no"),
    ("meter", "box_no"),
    ("meter", "bar_code"),
    ("meter", "mp_no"),
    ("metering_point", "area_no"),
    ("metering_point", "customer_no"),
)


def upgrade() -> None:
    """Creates the tables of the network, the batches, remembered headers and kept differences."""
    for name, (key, texts, numbers) in _NETWORK.items():
        _network_table(name, key, texts.split(), dict(pair.split(":") for pair in numbers.split()))
    for table, column in sorted(_NETWORK_INDEXES):
        op.create_index(f"ix_{table}_{column}", table, [column])
    _batch_tables()
    _side_tables()


def _network_table(name: str, key: str, texts: list[str], numbers: dict[str, str]) -> None:
    kinds: dict[str, sa.types.TypeEngine[Any]] = {"integer": sa.Integer(), "float": sa.Double()}
    op.create_table(
        name,
        sa.Column("id", _ROW_ID, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sheet_id", _ROW_ID),
        sa.Column("sheet_row", sa.Integer()),
        sa.Column("sources", sa.Text()),
        sa.Column("listed", sa.Integer(), nullable=False),
        sa.Column("absent_sheet", _ROW_ID),
        sa.Column("initials", sa.Text()),
        sa.Column(key, sa.Text(), nullable=False),
        *[sa.Column(column, sa.Text()) for column in texts],
        *[sa.Column(column, kinds[kind]) for column, kind in numbers.items()],
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
        sa.UniqueConstraint(key, name=f"uq_{name}_{key}"),
    )


def _batch_tables() -> None:
    op.create_table(
        "batch",
        sa.Column("id", _ROW_ID, autoincrement=False, nullable=False),
        sa.Column("entry", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("choice", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("size", _ROW_ID, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("encoding", sa.Text(), nullable=True),
        sa.Column("imported_at", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("report", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_batch"),
    )
    op.create_index("ix_batch_sha256", "batch", ["sha256"])
    op.create_table(
        "batch_file",
        sa.Column("id", _ROW_ID, autoincrement=False, nullable=False),
        sa.Column("batch", _ROW_ID, nullable=False),
        sa.Column("piece", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_batch_file"),
    )
    op.create_index("ix_batch_file_batch", "batch_file", ["batch"])
    op.create_table(
        "batch_sheet",
        sa.Column("id", _ROW_ID, autoincrement=False, nullable=False),
        sa.Column("batch", _ROW_ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column("system", sa.Text(), nullable=False),
        sa.Column("entity", sa.Text(), nullable=False),
        sa.Column("header_row", sa.Integer(), nullable=False),
        sa.Column("mapping", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_batch_sheet"),
    )
    op.create_index("ix_batch_sheet_batch", "batch_sheet", ["batch"])
    op.create_table(
        "batch_cells",
        sa.Column("id", _ROW_ID, autoincrement=False, nullable=False),
        sa.Column("sheet", _ROW_ID, nullable=False),
        sa.Column("first_row", sa.Integer(), nullable=False),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.Column("cells", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_batch_cells"),
    )
    op.create_index("ix_batch_cells_sheet", "batch_cells", ["sheet", "first_row"])


def _side_tables() -> None:
    op.create_table(
        "header_memory",
        sa.Column("id", _ROW_ID, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column("mapping", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_header_memory"),
        sa.UniqueConstraint("fingerprint", name="uq_header_memory_fingerprint"),
    )
    op.create_table(
        "difference",
        sa.Column("id", _ROW_ID, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("entity", sa.Text(), nullable=False),
        sa.Column("record", _ROW_ID, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("current", sa.Text(), nullable=True),
        sa.Column("other", sa.Text(), nullable=False),
        sa.Column("system", sa.Text(), nullable=False),
        sa.Column("sheet_id", _ROW_ID, nullable=False),
        sa.Column("sheet_row", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_difference"),
    )
    op.create_index("ix_difference_record", "difference", ["entity", "record"])
