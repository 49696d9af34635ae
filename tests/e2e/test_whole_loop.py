"""From the ledgers to the agreement of all systems, by the command line alone."""

from pathlib import Path

from lvdesk.sample import SampleStation
from tests.helpers.whole_loop import Loop


def test_a_station_goes_round_the_whole_loop(station: SampleStation, tmp_path: Path) -> None:
    loop = Loop(tmp_path)
    loop.run(station.files)
    sent = loop.said["export marketing"]["records"]
    assert sent > 0
    receipt, feedback, end = loop.said["receipt"], loop.said["feedback"], loop.said["reconcile"]
    assert (receipt["paired"] > 0, len(receipt["rejects"])) == (True, 1)
    assert receipt["items"] > 0
    assert len(receipt["packages"]) == len(["marketing", "gis"])
    assert feedback["differing"] == feedback["customers"] // 25
    people = end["customers"]
    assert 0 < people["agreed"] < people["compared"] == feedback["customers"]
    todos = [each["todo"] for each in end["differences"]]
    assert todos
    assert all(todo.partition("：")[0] in {"内勤", "营销", "电网 GIS", "外勤"} for todo in todos)
    assert loop.ask("again", "reconcile", "--as", "钱内勤")["new"] == 0
