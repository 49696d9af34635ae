"""A QGIS project beside the layers: they open styled, labelled and in the right place, wherever the folder is moved."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final
from uuid import NAMESPACE_URL, uuid5
from xml.sax.saxutils import escape, quoteattr

from pyproj import CRS

from lvdesk.exchange.formats._gis_layers import Layer
from lvdesk.exchange.picture import Picture
from lvdesk.kit.files import replacing

_LOOKS: Final = {
    "areas": ("square", "#00695c", 4.0, "name"), "boxes": ("circle", "#1565c0", 1.8, "asset_no"),
    "access_points": ("triangle", "#ef6c00", 2.4, "name"), "customers": ("circle", "#6a1b9a", 1.0, ""),
    "box_access": ("line", "#ef6c00", 0.3, ""), "box_area": ("line", "#90a4ae", 0.2, ""),
}  # fmt: skip
"""Layer -> marker, colour, size in millimetres, labelled field."""
_HALO: Final = '<text-buffer bufferDraw="1" bufferSize="0.8" bufferColor="255,255,255,255"/>'
_ORDER: Final = ("areas", "access_points", "boxes", "customers", "box_access", "box_area")
"""From the top down."""
_CLOSE: Final = 2500
"""Labels of boxes only this close: 1 to so many."""


def write_project(
    picture: Picture, path: Path, layers: Sequence[Layer], crs: CRS, source: Callable[[Layer], str], *, short: bool = False
) -> Path:
    """Writes the project; ``source`` gives a layer's place relative to it, ``short``: fields have their short names."""
    drawn = sorted(layers, key=lambda layer: _ORDER.index(layer.key) if layer.key in _ORDER else len(_ORDER))
    ids = {layer.key: f"{layer.key}_{uuid5(NAMESPACE_URL, layer.key).hex}" for layer in drawn}
    tree = "".join(
        f'<layer-tree-layer id="{ids[layer.key]}" name={quoteattr(layer.title)} checked="Qt::Checked" expanded="0" '
        f'source={quoteattr(source(layer))} providerKey="ogr"/>'
        for layer in drawn
    )
    text = (
        "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
        f'<qgis version="3.22.0" projectname={quoteattr(picture.ws.title)}>\n'
        f"<title>{escape(picture.ws.title)}</title>\n"
        f"<projectCrs>{_system(crs)}</projectCrs>\n"
        f"<layer-tree-group>{tree}</layer-tree-group>\n"
        f"<projectlayers>{''.join(_layer(layer, ids[layer.key], source(layer), crs, short=short) for layer in drawn)}</projectlayers>\n"
        f"<layerorder>{''.join(f'<layer id={quoteattr(ids[layer.key])}/>' for layer in drawn)}</layerorder>\n"
        '<properties><Paths><Absolute type="bool">false</Absolute></Paths>'
        '<SpatialRefSys><ProjectionsEnabled type="int">1</ProjectionsEnabled></SpatialRefSys></properties>\n</qgis>\n'
    )
    with replacing(path) as part:
        part.write_text(text, encoding="utf-8")
    return path


def _system(crs: CRS) -> str:
    return (
        f"<spatialrefsys><authid>EPSG:{crs.to_epsg()}</authid><srid>{crs.to_epsg()}</srid><description>{escape(crs.name)}</description>"
        f"<wkt>{escape(crs.to_wkt())}</wkt></spatialrefsys>"
    )


def _layer(layer: Layer, identity: str, source: str, crs: CRS, *, short: bool) -> str:
    shape, colour, size, labelled = _LOOKS.get(layer.key, ("circle", "#546e7a", 2.0, ""))
    names = {each.field: each.short if short else each.title for each in layer.fields}
    label = _label(names[labelled], close=layer.key == "boxes") if labelled in names else ""
    kind, geometry = ("line", "1") if shape == "line" else ("marker", "0")
    return (
        f'<maplayer type="vector" geometry="{"Line" if kind == "line" else "Point"}" '
        f'labelsEnabled="{1 if label else 0}"><id>{identity}</id><datasource>{escape(source)}</datasource>'
        f"<layername>{escape(layer.title)}</layername><srs>{_system(crs)}</srs>"
        f'<provider encoding="UTF-8">ogr</provider><renderer-v2 type="singleSymbol" forceraster="0"><symbols>'
        f'<symbol type="{kind}" name="0" alpha="1">{_symbol(shape, colour, size)}</symbol></symbols></renderer-v2>{label}'
        f"<layerGeometryType>{geometry}</layerGeometryType></maplayer>\n"
    )


def _symbol(shape: str, colour: str, size: float) -> str:
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    tint = f"{red},{green},{blue},255"
    if shape == "line":
        options = {"line_color": tint, "line_width": str(size), "line_style": "solid"}
        return f'<layer class="SimpleLine" enabled="1" locked="0" pass="0">{_options(options)}</layer>'
    options = {"name": shape, "color": tint, "size": str(size), "outline_color": "255,255,255,255", "outline_width": "0.2"}
    return f'<layer class="SimpleMarker" enabled="1" locked="0" pass="0">{_options(options)}</layer>'


def _options(options: dict[str, str]) -> str:
    new = "".join(f'<Option type="QString" name="{name}" value="{value}"/>' for name, value in options.items())
    old = "".join(f'<prop k="{name}" v="{value}"/>' for name, value in options.items())
    return f'<Option type="Map">{new}</Option>{old}'


def _label(field: str, *, close: bool) -> str:
    visible = f' scaleVisibility="1" scaleMin="{_CLOSE}" scaleMax="1"' if close else ""
    style = f'<text-style fieldName={quoteattr(field)} fontSize="8" textColor="38,50,56,255">{_HALO}</text-style>'
    place = '<placement placement="0" dist="1.5"/>'
    return f'<labeling type="simple"><settings calloutType="simple">{style}{place}<rendering{visible}/></settings></labeling>'
