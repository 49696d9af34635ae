"""Area and transformer are called alike."""

import pytest

from tests.helpers.checking import StationOf, found


@pytest.mark.parametrize(
    "area, transformer, feeder, alike",
    [
        ("东大屯柏湾2#公变", "东大屯柏湾2#公变", None, True),
        ("东大屯柏湾2#公变", "10kV东大屯线柏湾村02号变压器", "10kV东大屯线", True),
        ("柏湾二号台区", "柏湾2#配变", None, True),
        ("柏湾2#公变", "柏湾2号公变1#变压器", None, True),
        ("柏湾公变", "柏湾S11-M-400/10变压器", None, True),
        ("阳光花园小区3#台区", "阳光花园3号箱变（630kVA）", None, True),
        ("1#公变", "1号变压器", None, True),
        ("1#公变", "变压器", None, True),
        ("ＡＢ２＃台区", "ab2#变", None, True),
        ("柏湾2#公变", "柏湾3#公变", None, False),
        ("东大屯柏湾2#公变", "东大屯金桥2#公变", "10kV东大屯线", False),
        ("柏湾2#公变", "渔港冷库8号配变", None, False),
        ("人民医院专变", "渔港冷库专变", None, False),
    ],
)
def test_names(area: str, transformer: str, feeder: str | None, alike: bool) -> None:
    station = StationOf(
        {
            "transformer_area": [{"area_no": "A", "name": area, "feeder_name": feeder}],
            "transformer": [{"transformer_no": "T", "area_no": "A", "name": transformer}],
        }
    )
    assert found(station, "Q43") == ([] if alike else [("transformer", "T", "name")])


def test_the_least_likeness_can_be_set() -> None:
    station = StationOf(
        {
            "transformer_area": [{"area_no": "A", "name": "柏湾南公变"}],
            "transformer": [{"transformer_no": "T", "area_no": "A", "name": "柏村北公变"}],
        }
    )
    assert found(station, "Q43", likeness=10) == []
    assert found(station, "Q43", likeness=90) == [("transformer", "T", "name")]
