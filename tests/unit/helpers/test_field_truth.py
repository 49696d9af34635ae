"""The generated field returns: the same for the same seed, all classes, shuffled, noisy as promised, and their score."""

import csv
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from lvdesk.fieldwork.return_model import DifferenceClass
from lvdesk.geo.distances import distance
from tests.helpers.field_truth import Score, Truth, generated, score
from tests.helpers.field_truth_model import PER_ROW, RETURN, Expected
from tests.helpers.field_truth_rows import measured
from tests.helpers.field_truth_world import found_world

ROWS = 400


@dataclass(frozen=True)
class Said:
    """A difference as the product returns it."""

    klass: str
    entity: str
    key: str
    field: str
    file: str
    row: int | None


@pytest.fixture(scope="module")
def truth(tmp_path_factory: pytest.TempPathFactory) -> Truth:
    return generated(5, ROWS, tmp_path_factory.mktemp("truth"))


def lines(path: Path) -> list[list[str]]:
    if path.suffix == ".xlsx":
        sheets = openpyxl.load_workbook(path).worksheets
        return [["" if cell is None else str(cell) for cell in row] for row in sheets[0].iter_rows(values_only=True)]
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("gb18030")
    return list(csv.reader(text.splitlines()))


def said(item: Expected) -> Said:
    file = item.file or (item.key if item.klass == "coordinate_system" else "采录结果1.xlsx")
    return Said(item.klass, item.entity, item.key, item.field, file, item.row or 3)


def test_the_same_seed_gives_the_same_files_and_the_same_truth(truth: Truth, tmp_path: Path) -> None:
    again = generated(5, ROWS, tmp_path)
    assert (again.expected, again.maybe, again.rows) == (truth.expected, truth.maybe, truth.rows)
    assert [path.name for path in again.returns] == [path.name for path in truth.returns]
    for one, other in zip(again.returns, truth.returns, strict=True):
        assert lines(one) == lines(other)
    assert generated(6, ROWS, tmp_path / "other").expected != truth.expected


@pytest.mark.parametrize("seed", range(1, 6))
def test_every_class_is_planted(seed: int, tmp_path: Path) -> None:
    made = generated(seed, 300, tmp_path)
    assert {item.klass for item in made.expected} == {str(klass) for klass in DifferenceClass}
    assert made.rows >= 270


def test_rows_differ_in_format_only_often_enough(truth: Truth) -> None:
    deviating = {(item.file, item.row) for item in truth.expected if item.row}
    others = truth.rows - len(deviating)
    assert len(truth.formatted.keys() - deviating) >= 0.3 * others
    assert truth.kept


def test_rows_are_numbered_as_the_files_have_them(truth: Truth) -> None:
    files = {path.name: lines(path) for path in truth.returns}
    zeros = [item for item in truth.expected if item.klass == "coordinate_zero"]
    again = [item for item in truth.expected if item.klass == "duplicate_row"]
    assert zeros
    assert again
    for item in zeros:
        assert sum(cell.strip() in {"0", "0.0", "0.000000"} for cell in files[item.file][item.row - 1]) >= 2
    for item in truth.expected:
        if item.row:
            assert any(files[item.file][item.row - 1]), item


def test_the_files_are_of_all_kinds_and_not_in_the_order_of_the_ledger(tmp_path: Path) -> None:
    world, _ = found_world(3, 900, tmp_path)
    assert {sheet.kind for sheet in world.sheets} == {"field_return", "box_collection", "box_meter_relation", "handheld_scan"}
    assert {(sheet.crs, sheet.declared) for sheet in world.sheets} >= {
        ("gcj02", False),
        ("bd09", False),
        ("cgcs2000", False),
        ("bd09", True),
    }
    assert any(not site.sheets for site in world.sites if site.people)
    made = generated(3, 900, tmp_path / "again")
    assert {path.suffix for path in made.returns} == {".xlsx", ".csv"}
    ledger = [person.customer_no for site in world.sites if RETURN in site.sheets for person in site.people]
    order = {number: place for place, number in enumerate(ledger)}
    cells = [[cell for cell in line if cell in order] for line in lines(made.returns[0])]
    found = [order[line[0]] for line in cells if line]
    assert len(found) > 20
    assert sum(after < before for before, after in pairwise(found)) > len(found) / 4


def test_noise_stays_noise(tmp_path: Path) -> None:
    world, _ = found_world(4, 300, tmp_path)
    places = [measured(world.chance, 114.2, 33.2, "cgcs2000") for _ in range(2000)]
    x, y = np.array([place[0] for place in places]), np.array([place[1] for place in places])
    off = distance((x, y), (np.full(2000, 114.2), np.full(2000, 33.2)))
    assert 1.9 < off.min() < off.max() < 15
    assert np.median(off) < 8


def shares(result: Score) -> set[tuple[float, float]]:
    return {(share.recall, share.precision) for share in result.classes.values()}


def test_who_says_the_truth_has_full_marks(truth: Truth) -> None:
    result = score([said(item) for item in truth.expected], truth)
    assert shares(result) == {(1.0, 1.0)}
    assert not result.of_formats


def test_what_is_left_open_is_neither_right_nor_wrong(truth: Truth) -> None:
    everything = [said(item) for item in (*truth.expected, *truth.maybe)]
    assert truth.maybe
    assert shares(score(everything, truth)) == {(1.0, 1.0)}


def test_silence_finds_nothing(truth: Truth) -> None:
    assert {share.recall for share in score([], truth).classes.values()} == {0.0}


def test_a_wrong_word_costs_precision_and_a_missing_one_recall(truth: Truth) -> None:
    right = [item for item in truth.expected if item.klass == "name_changed"]
    file, row = next(iter(truth.kept))
    wrong = Said("name_changed", "customer", "0000000000", "name", file, row)
    result = score([*map(said, right[1:]), wrong, wrong], truth)
    share = result.classes["name_changed"]
    assert (share.found, share.expected, share.right, share.said) == (len(right) - 1, len(right), len(right) - 1, len(right))
    assert share.missed == [right[0]]
    assert result.of_formats == [wrong]


def test_a_damaged_number_may_stay_untold_but_not_be_told_wrongly(truth: Truth) -> None:
    item = next(item for item in truth.expected if item.klass == "damaged_identifier")
    result = [score([replace(said(item), key=key)], truth).classes["damaged_identifier"] for key in ("", item.key, "12345678901234")]
    assert [(share.found, share.right, share.said) for share in result] == [(1, 1, 1), (1, 1, 1), (0, 0, 1)]


def test_differences_of_rows_need_their_row(truth: Truth) -> None:
    item = next(item for item in truth.expected if item.klass in PER_ROW)
    share = score([replace(said(item), row=item.row + 10_000)], truth).classes[item.klass]
    assert share.found == 0
