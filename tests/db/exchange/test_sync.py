"""Station-line-transformer sync: lists of the GIS beside ours, words of people, identifiers taken over."""

from pathlib import Path

import pytest
from sqlalchemy import select

from lvdesk import history
from lvdesk.exchange.sync.comparing import compare, take
from lvdesk.exchange.sync.deciding import adopt, decide
from lvdesk.exchange.sync.likeness import load_book
from lvdesk.exchange.sync.model import SyncClass, SyncLine
from lvdesk.kit.errors import RefusedError
from lvdesk.kit.progress import Progress
from lvdesk.network.tables import TABLES, Feeder, Transformer
from lvdesk.tabular.writing import write_sheets
from lvdesk.workspace import Workspace
from tests.helpers.visiting import AREAS, EAST, NORTH, SOUTH, laid

pytestmark = pytest.mark.usefixtures("near_reader")
SILVER_NO, FRONT_NO = "1336422701", "1336422702"


def station(ws: Workspace) -> Workspace:
    laid(ws)
    rows = [(f"T{area}", area, 200.0 + 100 * place) for place, area in enumerate(AREAS)]
    with ws.store.write("试验") as write:
        write.insert(TABLES["transformer"], ("transformer_no", "area_no", "capacity_kva", "listed"), [(*row, 1) for row in rows], len(rows))
    return ws


def listed(ws: Workspace, folder: Path, feeders: list[tuple[str, ...]], machines: list[tuple[str, ...]]) -> dict[str, SyncLine]:
    """Source key (or our key of what is missing) -> line, after the GIS's lists came in."""
    sheets = {
        "馈线": (["OID", "SBMC", "SSDZ"], feeders),
        "柱上变": (["OID", "SBMC", "SSDKX", "额定容量"], machines),
    }
    names = [name for head, _rows in sheets.values() for name in head]
    write_sheets(folder / "GIS.xlsx", [(name, head, rows) for name, (head, rows) in sheets.items()], text_columns=names)
    reports = take(ws, [folder / "GIS.xlsx"], Progress()).files
    assert [sheet.template for report in reports for sheet in report.sheets] == ["source_feeders", "source_transformers"]
    return {line.source_key or line.key: line for line in compare(ws, Progress())}


FEEDERS = [("101", "银岗线", ""), ("102", "前店线路", "")]
MACHINES = [("201", "北村2#配变", "银岗线", "200"), ("202", "北村10号公变", "银岗线", "315"), ("203", "东村1#公变", "银岗线", "400"),
            ("204", "新城花园1#箱变", "前店线路", "630")]  # fmt: skip


def test_lists_are_told_apart_and_laid_beside_ours(ws: Workspace, tmp_path: Path) -> None:
    found = listed(station(ws), tmp_path, FEEDERS, MACHINES)
    assert (found["101"].key, found["102"].key) == (SILVER_NO, FRONT_NO)
    assert found["201"].classes == (SyncClass.SUGGESTED,)
    assert (found["202"].key, found["202"].classes) == (f"T{SOUTH}", (SyncClass.SUGGESTED, SyncClass.CAPACITY))
    assert (found["203"].key, SyncClass.RECUT in found["203"].classes) == (f"T{EAST}", True)
    assert found["204"].classes == (SyncClass.NEW,)
    assert found["201"].todo == "内勤：确认电网 GIS的变压器 北村2#配变 就是台账的 北村2#公变，确认后采用它的编号"


def test_adopted_is_the_same_from_then_on_and_one_undo_takes_it_back(ws: Workspace, tmp_path: Path) -> None:
    found = listed(station(ws), tmp_path, FEEDERS, MACHINES[:1])
    done = adopt(ws, [found["101"], found["102"], found["201"]])
    assert (done.done, done.refused) == (3, ())
    after = {line.source_key: line for line in compare(ws, Progress())}
    assert {key: line.classes for key, line in after.items() if key} == dict.fromkeys(("101", "102", "201"), (SyncClass.SAME,))
    assert after[""].classes == (SyncClass.MISSING,)
    history.undo(ws)
    with ws.store.read() as connection:
        assert connection.execute(select(Feeder.gis_id).where(Feeder.gis_id.is_not(None))).all() == []


def test_a_name_changed_under_a_known_identifier_is_renamed(ws: Workspace, tmp_path: Path) -> None:
    adopt(station(ws), [listed(ws, tmp_path, FEEDERS, MACHINES)[key] for key in ("101", "102", "201")])
    found = listed(ws, tmp_path, [("101", "金岗线", ""), ("102", "前店线", "")], MACHINES[:1])
    assert found["101"].classes == (SyncClass.RENAMED,)
    assert found["101"].differences["线路名称"][:2] == ("金岗线", "10kV银岗线")


def test_a_persons_word_counts_and_stays(ws: Workspace, tmp_path: Path) -> None:
    found = listed(station(ws), tmp_path, FEEDERS, MACHINES)
    decide(ws, found["204"], "other")
    decide(ws, found["203"], "same", f"T{NORTH}")
    again = {line.source_key: line for line in compare(ws, Progress())}
    assert again["204"].classes == (SyncClass.OTHER,)
    assert (again["203"].key, again["203"].likeness) == (f"T{NORTH}", 1.0)
    decide(ws, again["203"], "new")
    assert {line.source_key: line for line in compare(ws, Progress())}["203"].classes == (SyncClass.NEW,)
    with pytest.raises(RefusedError, match="台账中没有变压器 X"):
        decide(ws, found["203"], "same", "X")
    with pytest.raises(RefusedError, match="不认识“maybe”"):
        decide(ws, found["203"], "maybe")


def test_an_identifier_that_another_record_has_is_refused(ws: Workspace, tmp_path: Path) -> None:
    found = listed(station(ws), tmp_path, FEEDERS, MACHINES)
    with ws.store.write("试验") as write:
        write.connection.execute(TABLES["transformer"].update().where(Transformer.transformer_no == f"T{EAST}").values(gis_id="201"))
    done = adopt(ws, [found["201"]])
    assert (done.done, done.refused) == (0, (f"北村2#配变：编号 201 已是 T{EAST} 的",))
    with pytest.raises(RefusedError, match="没有对应的台账记录"):
        adopt(ws, [found["204"]])


def test_most_of_a_noisy_list_is_matched_right_and_nothing_sure_is_wrong(ws: Workspace, tmp_path: Path) -> None:
    laid(ws)
    villages = ["双湾", "花店", "桐堂", "石口", "枣楼", "下榆坡", "七槐塘", "前东河", "三营", "竹口"]
    areas = [
        (f"51{place:08d}", f"{village}{number}#公变")
        for place, (village, number) in enumerate((v, n) for v in villages for n in range(1, 13))
    ]
    with ws.store.write("试验") as write:
        write.insert(
            TABLES["transformer_area"], ("area_no", "name", "feeder_no", "listed"), [(*row, SILVER_NO, 1) for row in areas], len(areas)
        )
        write.insert(TABLES["transformer"], ("transformer_no", "area_no", "capacity_kva", "listed"),
                     [(f"T{number}", number, 200.0, 1) for number, _name in areas], len(areas))  # fmt: skip
    spelt = ["{}{}#配变", "{}村{}号公变", "{} {}＃变压器", "{}台区{}#"]
    parts = [(name.removesuffix("#公变").rstrip("0123456789"), _number(name)) for _no, name in areas]
    theirs = [(f"9{place:05d}", spelt[place % 4].format(*part), "银岗线", "200") for place, part in enumerate(parts) if place % 10]
    found = listed(ws, tmp_path, FEEDERS, theirs)
    truth = {f"9{place:05d}": f"T{number}" for place, (number, _name) in enumerate(areas)}
    lines = [line for line in found.values() if line.entity == "transformer" and line.source_key]
    right = [line for line in lines if line.key == truth[line.source_key]]
    sure = [line for line in lines if line.likeness >= load_book(ws.overrides).sure and line.key]
    assert len(right) / len(lines) >= 0.97
    assert [line.source_name for line in sure if line.key != truth[line.source_key]] == []


def _number(name: str) -> str:
    return "".join(character for character in name if character.isdigit())
