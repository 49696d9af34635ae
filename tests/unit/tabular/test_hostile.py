from pathlib import Path

import pytest

from lvdesk.tabular.guard import Reader
from tests.helpers.hostile import make
from tests.soak.hostile import read_one


@pytest.mark.expects_log
def test_each_hostile_file_is_read_or_refused_in_one_line(tmp_path: Path) -> None:
    with Reader() as reader:
        results = [(read_one(reader, path), expected) for path, expected in make(tmp_path).items()]
    assert len(results) >= 40
    assert [(result["file"], result["outcome"], expected) for result, expected in results if result["outcome"] != expected] == []
    refusals = [result for result, _ in results if result["outcome"] != "ok"]
    assert all(result["hint"] and "\n" not in result["message"] for result in refusals)
    assert max(result["peak_mb"] for result, _ in results) < 1500
