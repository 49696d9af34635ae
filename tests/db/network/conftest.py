"""One imported station per engine, shared by tests that only look; tests that change something take their own workspace."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from lvdesk.sample import SampleStation
from lvdesk.workspace import Workspace
from tests.helpers.stations import NearReader, local_ws, near_reader, small_station, taken, ws

__all__ = ["local_ws", "near_reader", "ws"]


@pytest.fixture(scope="module")
def station(tmp_path_factory: pytest.TempPathFactory) -> SampleStation:
    return small_station(tmp_path_factory.mktemp("files"), dirt=False)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def stocked(request: pytest.FixtureRequest, station: SampleStation, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """The station's workspace on each engine; not to be changed."""
    folder: Path = tmp_path_factory.mktemp("stocked")
    server = request.getfixturevalue("postgres_server") if request.param == "postgresql" else None
    url = server.create() if server else None
    opened = Workspace.open(folder, url, person="张三")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("lvdesk.ledger.importing.Reader", NearReader)
        taken(opened, *station.files)
    yield opened
    opened.close()
    if server:
        server.drop(url)
