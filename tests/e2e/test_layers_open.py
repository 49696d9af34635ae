"""Interchange layers, opened by GDAL's own programs: valid, Chinese and coordinates right, nothing of people without a purpose."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree as ET

import polars as pl
import pyogrio
import pytest

from lvdesk.exchange import picture
from lvdesk.exchange.formats import gis_geojson, gis_geopackage, gis_shapefile
from lvdesk.exchange.model import Format, Options
from lvdesk.exchange.picture import Picture
from lvdesk.kit.errors import Cancelled, RefusedError
from lvdesk.kit.progress import Progress
from lvdesk.ledger.importing import take
from lvdesk.ledger.model import ImportRequest
from lvdesk.network.tables import TABLES
from lvdesk.sample import build
from lvdesk.store.model import Change
from lvdesk.workspace import Workspace
from tests.helpers.missing import missing

FORMATS: Final = {"gpkg": gis_geopackage.FORMAT, "shp": gis_shapefile.FORMAT, "geojson": gis_geojson.FORMAT}
LAYERS: Final = ["台区", "计量箱", "接入点", "箱-接入点", "箱-台区", "客户"]
SYSTEM_PYTHON: Final = "/usr/bin/python3"


@pytest.fixture(scope="module")
def ws(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A station with an access point at which the first box hangs."""
    folder = tmp_path_factory.mktemp("station")
    station = build(folder / "files", customers=60, dirt=False)
    ws = Workspace.open(folder / "workspace", person="陈思远")
    take(ws, ImportRequest(tuple(station.files)), Progress())
    box = leaving(ws).of("meter_box").row(0, named=True)
    with ws.store.write("接入点") as write:
        names = ("access_point_no", "name", "area_no", "device_type", "device_name", "longitude", "latitude", "listed")
        row = ("JRD0001", "银岗线1号杆接入点", box["area_no"], "低压杆塔", "银岗线1号杆", box["longitude"] + 0.0001, box["latitude"], 1)
        write.insert(TABLES["access_point"], names, [row], 1)
        write.update(TABLES["meter_box"], [Change(box["id"], {"access_point_no": "JRD0001"}, None)])
    return ws


def leaving(ws: Workspace, *, test: bool = False) -> Picture:
    with ws.store.read() as connection:
        return Picture(ws, picture.read(connection, gis_geopackage.ENTITIES), "2026-11-24T09:00:00+08:00", "钱内勤", test)


def written(ws: Workspace, folder: Path, form: Format, *, test: bool = False, **options: Any) -> Path:
    folder.mkdir()
    form.write(leaving(ws, test=test), folder, Options(**options), Progress())
    return folder


def layer(folder: Path, key: str, title: str) -> tuple[dict[str, Any], pl.DataFrame]:
    """A layer as GDAL reads it: what it says of itself, and its rows with x and y."""
    short = ("areas", "boxes", "access_points", "box_access", "box_area", "customers")[LAYERS.index(title)]
    path = {"gpkg": folder / "营配图层.gpkg", "shp": folder / f"{short}.shp", "geojson": folder / f"{title}.geojson"}[key]
    about = pyogrio.read_info(path, **({"layer": title} if key == "gpkg" else {}))
    meta, _fids, shapes, columns = pyogrio.raw.read(path, layer=title if key == "gpkg" else None)
    frame = pl.DataFrame({name: pl.Series(list(values), strict=False) for name, values in zip(meta["fields"], columns, strict=True)})
    xy = [(None, None) if shape is None else tuple(memoryview(shape[5:21]).cast("d")) for shape in shapes]
    return about, frame.with_columns(pl.Series("x", [x for x, _ in xy]), pl.Series("y", [y for _, y in xy]))


def program(name: str) -> str:
    return shutil.which(name) or missing(name)


def test_gdals_own_check_finds_the_geopackage_sound(ws: Workspace, tmp_path: Path) -> None:
    path = written(ws, tmp_path / "out", FORMATS["gpkg"]) / "营配图层.gpkg"
    asked = [SYSTEM_PYTHON, "-m", "osgeo_utils.samples.validate_gpkg", str(path)]
    ended = subprocess.run(asked, capture_output=True, text=True, check=False)
    if "No module named" in ended.stderr:
        missing("python3-gdal")
    assert (ended.returncode, ended.stdout.strip(), ended.stderr.strip()) == (0, "", "")
    said = subprocess.run([program("ogrinfo"), "-so", str(path), "计量箱"], capture_output=True, text=True, check=True).stdout
    assert 'ID["EPSG",4490]' in said
    assert "计量箱条形码: String" in said


@pytest.mark.parametrize("key", FORMATS)
def test_boxes_are_where_the_ledger_has_them(ws: Workspace, tmp_path: Path, key: str) -> None:
    about, rows = layer(written(ws, tmp_path / "out", FORMATS[key]), key, "计量箱")
    ours = leaving(ws).of("meter_box")
    number = "BOX_NO" if key == "shp" else "计量箱资产号"
    assert about["crs"] == "EPSG:4490"
    assert about["features"] == ours.height
    both = rows.join(ours.select("asset_no", "longitude", "latitude", "location"), left_on=number, right_on="asset_no")
    assert both.height == ours.height
    assert (both["x"] - both["longitude"]).abs().max() <= 1e-7
    assert (both["y"] - both["latitude"]).abs().max() <= 1e-7
    assert both["LOCATION" if key == "shp" else "安装位置"].to_list() == both["location"].to_list()


@pytest.mark.parametrize("key", FORMATS)
def test_every_layer_is_there_and_links_lead_from_box_to_point(ws: Workspace, tmp_path: Path, key: str) -> None:
    folder = written(ws, tmp_path / "out", FORMATS[key])
    for title in LAYERS:
        layer(folder, key, title)
    _about, links = layer(folder, key, "箱-接入点")
    assert links.height == 1
    assert links.row(0)[1] == "JRD0001"


@pytest.mark.parametrize("key", FORMATS)
def test_who_lives_where_leaves_only_for_a_purpose(ws: Workspace, tmp_path: Path, key: str) -> None:
    name = "CUST_NAME" if key == "shp" else "用户名称"
    assert name not in layer(written(ws, tmp_path / "without", FORMATS[key]), key, "客户")[1].columns
    _about, rows = layer(written(ws, tmp_path / "with", FORMATS[key], purpose="营配贯通核查"), key, "客户")
    assert sorted(rows[name].to_list()) == sorted(leaving(ws).of("customer")["name"].to_list())


def test_short_names_have_a_legend_and_long_texts_their_file(ws: Workspace, tmp_path: Path) -> None:
    box = leaving(ws).of("meter_box").row(1, named=True)
    long = "某村某路" * 40
    with ws.store.write("位置") as write:
        write.update(TABLES["meter_box"], [Change(box["id"], {"location": long}, None)])
    folder = written(ws, tmp_path / "out", FORMATS["shp"])
    legend = pl.read_csv(folder / "字段说明.csv")
    about, rows = layer(folder, "shp", "计量箱")
    assert {"LOCATION": "安装位置"}.items() <= dict(legend.filter(pl.col("文件") == "boxes.shp").select("字段", "含义").iter_rows()).items()
    assert set(about["fields"]) == set(legend.filter(pl.col("文件") == "boxes.shp")["字段"])
    assert all(name.isascii() and len(name) <= 10 for name in about["fields"])
    assert (folder / "boxes.cpg").read_text() == "UTF-8"
    assert (folder / "boxes.prj").read_text().startswith('GEOGCS["GCS_China_Geodetic_Coordinate_System_2000"')
    (cut,) = pl.read_csv(folder / "超长文字.csv").rows()
    assert cut == ("boxes.shp", 2, "LOCATION", long)
    assert long.startswith(rows["LOCATION"][1])
    assert len(rows["LOCATION"][1]) > 50


def test_a_projected_system_is_metres(ws: Workspace, tmp_path: Path) -> None:
    about, rows = layer(written(ws, tmp_path / "out", FORMATS["gpkg"], crs="EPSG:4547"), "gpkg", "计量箱")
    assert about["crs"] == "EPSG:4547"
    assert rows["x"].drop_nulls().is_between(300_000, 800_000).all()


@pytest.mark.parametrize("crs, code", [("EPSG:3857", "export.crs"), ("EPSG:4534", "export.crs_far")])
def test_a_system_that_does_not_fit_is_refused(ws: Workspace, tmp_path: Path, crs: str, code: str) -> None:
    with pytest.raises(RefusedError) as caught:
        written(ws, tmp_path / "out", FORMATS["gpkg"], crs=crs)
    assert caught.value.code == code


@pytest.mark.parametrize("key", FORMATS)
def test_a_test_says_so_in_every_row(ws: Workspace, tmp_path: Path, key: str) -> None:
    _about, rows = layer(written(ws, tmp_path / "out", FORMATS[key], test=True), key, "计量箱")
    assert set(rows["TEST" if key == "shp" else "测试导出 不得导入"]) == {"测试导出 不得导入"}


@pytest.mark.parametrize("key", FORMATS)
def test_a_cancel_on_the_way_takes_effect(ws: Workspace, tmp_path: Path, key: str) -> None:
    class Impatient(Progress):
        def step(self, count: int = 1) -> None:
            self.cancel()
            super().step(count)

    (tmp_path / "out").mkdir()
    with pytest.raises(Cancelled):
        FORMATS[key].write(leaving(ws), tmp_path / "out", Options(), Impatient())


@pytest.mark.parametrize("key", FORMATS)
def test_the_project_names_layers_that_are_there(ws: Workspace, tmp_path: Path, key: str) -> None:
    folder = written(ws, tmp_path / "out", FORMATS[key])
    root = ET.parse(folder / "营配图层.qgs").getroot()
    assert root.findtext("projectCrs/spatialrefsys/authid") == "EPSG:4490"
    found = {each.findtext("layername"): str(each.findtext("datasource")) for each in root.iter("maplayer")}
    assert sorted(found, key=LAYERS.index) == LAYERS
    for source in found.values():
        assert source.startswith("./")
        assert (folder / source.partition("|")[0]).is_file()


def test_geojson_is_valid(ws: Workspace, tmp_path: Path) -> None:
    folder = written(ws, tmp_path / "out", FORMATS["geojson"])
    for title in LAYERS:
        said = json.loads((folder / f"{title}.geojson").read_text(encoding="utf-8"))
        assert said["type"] == "FeatureCollection"
        assert said["crs"]["properties"]["name"] == "urn:ogc:def:crs:EPSG::4490"
        for feature in said["features"]:
            assert feature["geometry"] is None or feature["geometry"]["type"] in {"Point", "LineString"}
