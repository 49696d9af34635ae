"""The group ``exports``: every format at 200,000 customers; workbooks beside XlsxWriter, GeoPackage beside pyogrio."""

import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tests.bench.apart import measure, memory, tell
from tests.helpers.figures import Figure

if TYPE_CHECKING:
    import polars as pl

    from tests.bench.plan import Bench

Result = dict[str, Any]
_CUSTOMERS: Final = 200_000
_PLAIN, _STYLED, _LAYERS = 0.5, 1.2, 1.5


def exports(bench: "Bench") -> Iterator[Figure]:
    """Seconds, memory and size of each format; then beside its peer, in turn."""
    from lvdesk.exchange.registry import discover

    for system, forms in discover().items():
        for key in forms:
            run = measure("exports.written", system, key, _CUSTOMERS, bench.fresh())
            said = run.said
            value = f"{said['seconds']:.1f} s (processor {said['cpu']:.1f} s), peak {run.peak:.0f} MB, files {said['megabytes']:.0f} MB"
            yield bench.figure(f"export {system} {key}, {_CUSTOMERS:,} customers", value)
            met = said["cancelled"] <= 1
            yield bench.figure(f"export {system} {key}: cancelled half-way", f"{said['cancelled']:.2f} s", "≤ 1 s", met=met)
    yield from _workbooks(bench)
    said = [measure("exports.geopackage", _CUSTOMERS, bench.fresh()).said for _ in range(bench.runs)]
    ratio = sorted(each["ours"] / each["theirs"] for each in said)[len(said) // 2]
    value = f"{ratio:.2f} ({said[-1]['ours']:.1f} s : {said[-1]['theirs']:.1f} s, {said[-1]['features']:,} features)"
    yield bench.figure("export: GeoPackage : pyogrio.write_arrow, same features", value, f"≤ {_LAYERS}", met=ratio <= _LAYERS)


def _workbooks(bench: "Bench") -> Iterator[Figure]:
    runs = {name: [measure(f"exports.{name}", _CUSTOMERS, bench.fresh()) for _ in range(bench.runs)] for name in ("plain", "styled")}
    for name, goal, title in (("plain", _PLAIN, "plain data workbook"), ("styled", _STYLED, "the receiver's own styled form filled")):
        found = [run.said["ours"] / run.said["theirs"] for run in runs[name]]
        ratio = sorted(found)[len(found) // 2]
        last = runs[name][-1].said
        value = f"{ratio:.2f} ({last['ours']:.1f} s : {last['theirs']:.1f} s, {last['cells']:,} cells)"
        yield bench.figure(f"export: {title} : XlsxWriter constant memory, same cells", value, f"≤ {goal}", met=ratio <= goal)


def written(system: str, key: str, customers: str, folder: str) -> Result:
    """One format written, then again and cancelled half-way; the picture stands ready before the clock starts."""
    from lvdesk.exchange.model import Options, System
    from lvdesk.exchange.registry import discover
    from lvdesk.kit.progress import Progress
    from tests.bench.big_picture import big_picture

    form = discover()[System(system)][key]
    leaving, out = big_picture(Path(folder) / "workspace", int(customers)), Path(folder) / "out"
    out.mkdir()
    before, started, processor = memory(), time.perf_counter(), time.process_time()
    form.write(leaving, out, Options(), Progress())
    seconds, cpu = time.perf_counter() - started, time.process_time() - processor
    size = sum(path.stat().st_size for path in out.rglob("*") if path.is_file()) / 2**20
    return {"seconds": seconds, "cpu": cpu, "before": before, "megabytes": size, "cancelled": _cancelled(form, leaving, folder, seconds)}


def _cancelled(form: Any, leaving: Any, folder: str, usual: float) -> float:
    """Seconds from a cancel in the middle to its effect."""
    from threading import Timer

    from lvdesk.exchange.model import Options
    from lvdesk.kit.errors import Cancelled
    from lvdesk.kit.progress import Progress

    progress, out, asked = Progress(), Path(folder) / "again", [0.0]
    out.mkdir()

    def cancel() -> None:
        asked[0] = time.perf_counter()
        progress.cancel()

    timer = Timer(usual / 2, cancel)
    timer.start()
    try:
        form.write(leaving, out, Options(), progress)
    except Cancelled:
        return time.perf_counter() - asked[0]
    raise RuntimeError("was done before the cancel had an effect")


def geopackage(customers: str, folder: str) -> Result:
    """Our package with its project, and the same layers handed to pyogrio as they are."""
    import polars as pl
    import pyogrio

    from lvdesk.exchange.formats import gis_geopackage
    from lvdesk.exchange.formats._gis_layers import GEOMETRY, layers
    from lvdesk.exchange.formats._gis_writing import as_arrow
    from lvdesk.exchange.model import Options
    from lvdesk.kit.progress import Progress
    from tests.bench.big_picture import big_picture

    place = Path(folder)
    leaving = big_picture(place / "workspace", int(customers))
    (place / "out").mkdir()
    started = time.perf_counter()
    made = gis_geopackage.write(leaving, place / "out", Options(), Progress())[0]
    ours = time.perf_counter() - started
    crs, found = layers(leaving, Options())
    theirs = 0.0
    for layer in found:
        frame = layer.rows.select(*[pl.col(each.field).alias(each.title) for each in layer.fields], GEOMETRY)
        table, about = as_arrow(frame), {"geometry_name": GEOMETRY, "geometry_type": layer.geometry, "crs": f"EPSG:{crs.to_epsg()}"}
        started = time.perf_counter()
        pyogrio.write_arrow(table, place / "peer.gpkg", layer=layer.title, driver="GPKG", **about)
        theirs += time.perf_counter() - started
    return {"ours": ours, "theirs": theirs, "features": made.rows, "before": memory()}


def plain(customers: str, folder: str) -> Result:
    """Our own workbook."""
    return _beside(customers, folder, styled=False)


def styled(customers: str, folder: str) -> Result:
    """A form of the receiver with borders and fonts under its header."""
    return _beside(customers, folder, styled=True)


def _beside(customers: str, folder: str, *, styled: bool) -> Result:
    from lvdesk.exchange.formats import marketing
    from lvdesk.exchange.model import Options
    from lvdesk.kit.progress import Progress
    from tests.bench.big_picture import big_picture

    place = Path(folder)
    leaving = big_picture(place / "workspace", int(customers))
    leaving.ws.overrides.mkdir(exist_ok=True)
    (leaving.ws.overrides / "export.toml").write_text('[marketing]\nfile = "表"\nrows_per_file = 1000000\n', encoding="utf-8")
    template = _form(leaving, place / "blank.xlsx") if styled else None
    (place / "out").mkdir()
    started = time.perf_counter()
    (made,) = marketing.write(leaving, place / "out", Options(template=template), Progress())
    ours = time.perf_counter() - started
    tables = _tables(made.path)
    started = time.perf_counter()
    _peer(place / "peer.xlsx", tables, styled=styled)
    theirs = time.perf_counter() - started
    cells = sum(frame.height * frame.width for frame in tables.values())
    return {"ours": ours, "theirs": theirs, "cells": cells, "before": memory()}


def _form(leaving: Any, path: Path) -> Path:
    import openpyxl
    from openpyxl.styles import Border, Font, PatternFill, Side

    book = openpyxl.Workbook()
    for key, name in (("box_survey", "计量箱普查表"), ("box_collection", "计量箱"), ("box_meter_relation", "箱表关系")):
        sheet = book.create_sheet(name)
        for place, column in enumerate(leaving.ws.templates[key].form, 1):
            head, body = sheet.cell(1, place, column.header), sheet.cell(2, place)
            head.font, head.fill = Font(bold=True), PatternFill("solid", fgColor="FFCC00")
            body.font, body.border, body.number_format = Font(name="宋体", size=9), Border(bottom=Side("thin")), "@"
    book.remove(book["Sheet"])
    book.save(path)
    return path


def _tables(path: Path) -> "dict[str, pl.DataFrame]":
    """The cells we wrote, read back: what the peer has to write."""
    import fastexcel

    book = fastexcel.read_excel(path)
    return {name: book.load_sheet(name, dtypes="string").to_polars() for name in book.sheet_names}


def _peer(path: Path, tables: "dict[str, pl.DataFrame]", *, styled: bool) -> None:
    """As its manual says for large files; the rows come from a frame, as ours do."""
    import xlsxwriter

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        looks = book.add_format({"num_format": "@", "bottom": 1, "font_name": "宋体", "font_size": 9}) if styled else None
        for name, frame in tables.items():
            sheet = book.add_worksheet(name)
            for place, header in enumerate(frame.columns):
                sheet.write_string(0, place, header)
            for number, row in enumerate(frame.iter_rows(), 1):
                for place, value in enumerate(row):
                    if value is not None:
                        sheet.write_string(number, place, value, looks)
                    elif looks is not None:
                        sheet.write_blank(number, place, None, looks)


if __name__ == "__main__":
    tell(globals()[sys.argv[1]](*sys.argv[2:]))
