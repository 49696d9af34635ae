"""A few hostile files through the command line in one process (``python dev.py soak`` takes all)."""

from pathlib import Path

import pytest

from tests.helpers import hostile
from tests.soak import odd_files

_CHOSEN = ("truncated-half.xlsx", "empty.xlsx", "html-as.xls", "random.csv")


@pytest.mark.slow
def test_each_file_is_imported_or_refused_in_one_line_and_the_process_lives(tmp_path: Path) -> None:
    made = {path: wanted for path, wanted in hostile.make(tmp_path).items() if path.name in _CHOSEN}
    outcomes = odd_files.run(list(made))
    assert [each.name for each in outcomes] == [path.name for path in made]
    assert [each for each in outcomes if not (each.clear and each.in_bounds)] == []
    assert [each for each, wanted in zip(outcomes, made.values(), strict=True) if not each.expected(wanted)] == []
