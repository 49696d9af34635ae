"""CIM/XML read by an independent library: every class and attribute of its schema, every reference leads somewhere, the same counts."""

import dataclasses
import warnings
from collections import Counter
from pathlib import Path
from types import ModuleType
from typing import Any, Final
from xml.etree import ElementTree as ET

import pytest

from lvdesk.exchange import picture
from lvdesk.exchange.formats.cim_model import FORMAT
from lvdesk.exchange.model import Options
from lvdesk.exchange.picture import Picture
from lvdesk.kit.progress import Progress
from lvdesk.ledger.importing import take
from lvdesk.ledger.model import ImportRequest
from lvdesk.sample import build
from lvdesk.workspace import Workspace

CIM: Final = "http://iec.ch/TC57/CIM100#"
RDF: Final = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"


@pytest.fixture(scope="module")
def ws(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    folder = tmp_path_factory.mktemp("station")
    station = build(folder / "files", customers=60, dirt=False)
    ws = Workspace.open(folder / "workspace", person="陈思远")
    take(ws, ImportRequest(tuple(station.files)), Progress())
    return ws


def leaving(ws: Workspace, *, at: str = "2026-11-24T09:00:00+08:00", test: bool = False) -> Picture:
    with ws.store.read() as connection:
        return Picture(ws, picture.read(connection, FORMAT.entities), at, "钱内勤", test)


def written(ws: Workspace, folder: Path, purpose: str = "", **more: Any) -> Path:
    folder.mkdir()
    return FORMAT.write(leaving(ws, **more), folder, Options(purpose=purpose), Progress())[0].path


@pytest.fixture(scope="module")
def path(ws: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(ws, tmp_path_factory.mktemp("cim") / "out")


@pytest.fixture(scope="module")
def schema() -> ModuleType:
    """The library's classes of CIM17, made from the model's own UML."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the library's own code
        from cimgraph.data_profile import cim17v40

        return cim17v40.cim17v40


def elements(path: Path) -> list[ET.Element]:
    return [each for each in ET.parse(path).getroot() if each.tag.startswith(f"{{{CIM}}}")]


def test_every_class_and_attribute_is_of_the_schema(path: Path, schema: ModuleType) -> None:
    wrong = set()
    for element in elements(path):
        kind = getattr(schema, element.tag.partition("}")[2], None)
        if kind is None:
            wrong.add(element.tag)
            continue
        names = {field.name for field in dataclasses.fields(kind)}
        above = {each.__name__ for each in kind.__mro__}
        for child in element:
            owner, _, attribute = child.tag.partition("}")[2].partition(".")
            if owner not in above or attribute not in names:
                wrong.add(f"{kind.__name__}: {child.tag}")
    assert wrong == set()


def test_values_of_enumerations_are_of_the_schema(path: Path, schema: ModuleType) -> None:
    given = {child.get(f"{RDF}resource", "") for element in elements(path) for child in element}
    values = {each.removeprefix(CIM) for each in given if each.startswith(CIM)}
    assert values
    for value in values:
        kind, _, name = value.partition(".")
        assert getattr(schema, kind)(name).value == name


def test_identifiers_are_unique_and_no_reference_leads_nowhere(path: Path) -> None:
    found = elements(path)
    ids = [str(element.get(f"{RDF}ID")) for element in found]
    assert len(ids) == len(set(ids))
    targets = {child.get(f"{RDF}resource", "") for element in found for child in element}
    assert {target[1:] for target in targets if target.startswith("#")} <= set(ids)


@pytest.mark.filterwarnings("ignore")  # of the library's own code
@pytest.mark.expects_log  # it does not know the file's header
def test_an_independent_library_finds_the_same_and_the_way_to_the_place(ws: Workspace, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CIMG_CIM_PROFILE", "cimgraph.data_profile.cim17v40")
    monkeypatch.setenv("CIMG_NAMESPACE", CIM)
    monkeypatch.setenv("CIMG_IEC61970_552", "552-LEGACY")  # rdf:ID
    from cimgraph.databases import XMLFile

    graph = XMLFile(filename=str(path)).create_new_graph(container=None)
    counted = {kind.__name__: len(there) for kind, there in graph.items()}
    assert counted == Counter(element.tag.partition("}")[2] for element in elements(path))
    frames = leaving(ws)
    homes = dict(frames.of("meter").select("asset_no", "box_no").iter_rows())
    places = {box: (x, y) for box, x, y in frames.of("meter_box").select("asset_no", "longitude", "latitude").iter_rows()}
    seen = 0
    for meter in (each for kind, objects in graph.items() if kind.__name__ == "Meter" for each in objects.values()):
        if meter.UsagePoint is None or homes[meter.name] not in places:
            continue
        premise = meter.UsagePoint.ServiceLocation
        assert premise.CoordinateSystem.crsUrn == "urn:ogc:def:crs:EPSG::4490"
        (point,) = premise.PositionPoints
        x, y = places[homes[meter.name]]
        assert (float(point.xPosition), float(point.yPosition)) == pytest.approx((x, y), abs=1e-7)
        seen += 1
    assert seen > frames.of("meter").height * 0.9


def test_the_same_object_has_the_same_identifier_for_ever(ws: Workspace, path: Path, tmp_path: Path) -> None:
    again = written(ws, tmp_path / "again", at="2027-01-01T00:00:00+08:00")
    body = path.read_text(encoding="utf-8").partition("</md:FullModel>")[2]
    assert again.read_text(encoding="utf-8").partition("</md:FullModel>")[2] == body
    fresh = Workspace.open(tmp_path / "fresh", person="陈思远")
    take(fresh, ImportRequest(tuple(sorted(path for path in (ws.folder.parent / "files").rglob("*") if path.is_file()))), Progress())
    other = written(fresh, tmp_path / "other")
    assert {element.get(f"{RDF}ID") for element in elements(other)} == {element.get(f"{RDF}ID") for element in elements(path)}


def test_who_lives_where_leaves_only_for_a_purpose(ws: Workspace, path: Path, tmp_path: Path) -> None:
    names = [name for name in leaving(ws).of("customer")["name"].drop_nulls() if len(name) > 1]
    without = path.read_text(encoding="utf-8")
    assert not [name for name in names if name in without]
    with_purpose = written(ws, tmp_path / "out", purpose="营配贯通核查").read_text(encoding="utf-8")
    assert [name for name in names if name in with_purpose] == names
    assert "用途：营配贯通核查" in with_purpose


def test_a_test_says_so(ws: Workspace, tmp_path: Path) -> None:
    text = written(ws, tmp_path / "out", test=True).read_text(encoding="utf-8")
    assert text.count("测试导出 不得导入") == 2
