"""A whole round of photos, small: nothing is filed wrongly, every file is accounted for, what is nearest would not do."""

from pathlib import Path

from tests.helpers.scan_truth_reader import NearScans
from tests.soak.photos import run_in


def test_a_round_is_filed_rightly_and_nothing_is_lost(tmp_path: Path) -> None:
    found = run_in(tmp_path, 44, 3, (((640, 520), 2, 1),), NearScans)
    assert found.files >= 44
    assert found.judged.wrong == ()
    assert found.judged.bound > found.judged.able / 3
    assert found.lost == 0
    assert found.loose.bound > found.judged.bound
