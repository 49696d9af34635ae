"""A small sample station, clean and dirty, made once; workspaces on both engines."""

from pathlib import Path

import pytest

from lvdesk.sample import SampleStation
from tests.helpers.stations import local_ws, near_reader, small_station, ws

__all__ = ["local_ws", "near_reader", "ws"]


@pytest.fixture(scope="session")
def clean(tmp_path_factory: pytest.TempPathFactory) -> SampleStation:
    """The station without dirt."""
    return small_station(tmp_path_factory.mktemp("clean"), dirt=False)


@pytest.fixture(scope="session")
def dirty(tmp_path_factory: pytest.TempPathFactory) -> SampleStation:
    """The station as its people hand it over."""
    return small_station(tmp_path_factory.mktemp("dirty"))


@pytest.fixture
def lists(clean: SampleStation) -> tuple[Path, ...]:
    """The station list and the feeder workbooks, without the box survey and the field return."""
    return clean.files[:-2]
