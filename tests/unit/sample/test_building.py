"""The sample station: its files hold what its counts say, dirt included."""

import csv
from pathlib import Path

import openpyxl
import pytest

from lvdesk.kit.errors import Cancelled
from lvdesk.kit.files import sha256
from lvdesk.kit.progress import Progress
from lvdesk.network.identifiers import METER, METER_BOX, TRANSFORMER, barcode_problem
from lvdesk.sample import SampleStation, build
from lvdesk.tabular.heal import heal_barcode, heal_date, heal_identifier

SMALL = 400


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> SampleStation:
    return build(tmp_path_factory.mktemp("dirty"), customers=SMALL)


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> SampleStation:
    return build(tmp_path_factory.mktemp("clean"), customers=SMALL, dirt=False)


def rows_of(path: Path, sheet: str) -> list[tuple[object, ...]]:
    book = openpyxl.load_workbook(path)
    return list(book[sheet].iter_rows(values_only=True))


def ledgers(station: SampleStation) -> list[Path]:
    return [path for path in station.files if path.parent.name == "02_按线路导出"]


def survey(station: SampleStation) -> list[dict[str, str]]:
    path = next(path for path in station.files if path.suffix == ".csv")
    with path.open(encoding="gb18030", newline="") as stream:
        return list(csv.DictReader(stream))


def test_files_and_counts(sample: SampleStation) -> None:
    assert all(path.stat().st_size for path in sample.files)
    assert sample.counts["customers"] == sample.counts["ledger_rows"] == sample.counts["survey_rows"] == SMALL
    assert len(ledgers(sample)) == sample.counts["feeders"]
    assert sample.counts["boxes"] == len({box.bar_code for box in sample.station.boxes})


@pytest.mark.parametrize("customers", [1, 2, 7, 69, 71, 650])
def test_any_size(tmp_path: Path, customers: int) -> None:
    sample = build(tmp_path, customers=customers, seed=3)
    assert sample.counts["customers"] == customers
    assert all(area.feeder in sample.station.feeders for area in sample.station.areas)


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path, sample: SampleStation) -> None:
    again = build(tmp_path / "again", customers=SMALL)
    other = build(tmp_path / "other", customers=SMALL, seed=2)
    assert [sha256(path) for path in again.files] == [sha256(path) for path in sample.files]
    assert [sha256(path) for path in other.files] != [sha256(path) for path in sample.files]


def test_barcodes_are_valid(sample: SampleStation) -> None:
    station = sample.station
    assert {barcode_problem(customer.meter_bar, METER) for customer in station.customers} == {""}
    assert {barcode_problem(box.bar_code, METER_BOX) for box in station.boxes} == {""}
    assert {barcode_problem(area.transformer_no, TRANSFORMER) for area in station.areas} == {""}
    assert any(customer.customer_no.startswith("0") for customer in station.customers)


def test_slots_fit_their_boxes(sample: SampleStation) -> None:
    slots = [(customer.box.bar_code, customer.row, customer.column) for customer in sample.station.customers]
    assert len(slots) == len(set(slots))
    assert all(c.row <= c.box.rows and c.column <= c.box.columns for c in sample.station.customers)


def test_survey_sheet_has_35_columns_and_every_meter_once(clean: SampleStation) -> None:
    rows = survey(clean)
    assert len(rows[0]) == 35
    assert [row["电能表资产号"] for row in rows] == [customer.meter_bar[7:21] for customer in clean.station.customers]
    assert [row["计量箱条形码"] for row in rows] == [customer.box.bar_code for customer in clean.station.customers]


def test_clean_ledgers_hold_the_customers_as_text(clean: SampleStation) -> None:
    rows = [row for path in ledgers(clean) for row in rows_of(path, "低压用户台账")[2:]]
    assert [row[0] for row in rows] == [customer.customer_no for customer in clean.station.customers]
    assert not [name for name in clean.counts if name.startswith(("dirt", "field."))]


def test_dirt_is_in_the_files_as_counted(sample: SampleStation) -> None:
    interruptions = healed_numbers = damaged = 0
    customers = []
    for path in ledgers(sample):
        _title, header, *rows = rows_of(path, "低压用户台账")
        for row in rows:
            cells = dict(zip(header, row, strict=True))
            if cells["用户编号"] in {None, "小计", "合计", "用户编号"}:
                interruptions += 1
                continue
            number = heal_identifier(str(cells["用户编号"]))
            healed_numbers += number.value != cells["用户编号"]
            customers.append(number.value)
            damaged += any(heal_barcode(_plain(cells[name])).damage for name in ("电能表条形码", "计量箱条形码"))
            assert heal_date(_plain(cells["立户日期"])).value is not None
    counts = sample.counts
    assert customers == [customer.customer_no for customer in sample.station.customers]
    assert interruptions == counts["dirt.subtotals"] + counts["dirt.repeated_headers"] + counts["dirt.blank_rows"]
    assert healed_numbers >= counts["dirt.number"] > 0
    assert damaged >= counts["dirt.cut"] > 0


def _plain(cell: object) -> str:
    return f"{cell:.0f}" if isinstance(cell, float) else str(cell)


def test_titles_and_groups_are_merged(sample: SampleStation) -> None:
    first, last = (openpyxl.load_workbook(ledgers(sample)[place])["变压器台账"] for place in (0, -1))
    assert "A1:O1" in {str(cells) for cells in first.merged_cells.ranges}
    assert last["E2"].value == "台区信息"
    assert last["E3"].value == "台区编号"


def test_field_results_tell_differences(sample: SampleStation, clean: SampleStation) -> None:
    header, *rows = rows_of(sample.files[-1], "采录结果")
    conclusions = [dict(zip(header, row, strict=True))["核对结论"] for row in rows]
    assert len(rows) == sample.counts["field_rows"]
    assert conclusions.count("疑似销户") == sample.counts.get("field.cancelled", 0)
    assert conclusions.count("新增(业扩)") == sample.counts["field.new"]
    assert {row[header.index("核对结论")] for row in rows_of(clean.files[-1], "采录结果")[1:]} == {"正常"}


def test_progress_counts_files_and_cancels(tmp_path: Path) -> None:
    progress = Progress()
    sample = build(tmp_path, customers=50, progress=progress)
    assert progress.snapshot().done == progress.snapshot().total == len(sample.files)
    progress.cancel()
    with pytest.raises(Cancelled):
        build(tmp_path / "not", customers=50, progress=progress)
    assert not (tmp_path / "not").exists()
