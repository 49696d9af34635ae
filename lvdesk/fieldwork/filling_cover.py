"""The cover of a package, and what stands in the head of every sheet: who goes where, when, with which sheets."""

import json
from collections import Counter
from collections.abc import Iterable
from typing import Final

from lvdesk.fieldwork.book import load_book
from lvdesk.fieldwork.filling_records import Records
from lvdesk.fieldwork.filling_text import Row, as_text, clean, joined
from lvdesk.fieldwork.forms.definition import Form
from lvdesk.fieldwork.forms.loading import load_forms
from lvdesk.fieldwork.forms.model import Content, Face
from lvdesk.fieldwork.views import reasons_of

_NAMED: Final = 3
"""So many areas are named one by one; of more only the first two."""
_PURPOSE: Final = "低压营配现场采录"


def face(records: Records) -> Face:
    """Head and foot of the package's sheets; number, page, station code and printing are filled in sheet by sheet."""
    package, grid = records.package, as_text(records.scope.get("grid"))
    about = {
        "供电所": station_name(records),
        "线路": feeder_names(records),
        "台区": area_names(records),
        **({"网格": grid} if grid else {}),
        "班组": as_text(package["team"]),
        "采录人": joined(map(clean, records.people)),
        "计划日期": as_text(package["planned_on"]),
        "应回日期": as_text(package["due_on"]),
    }
    return Face("", package["package_no"], "", 0, 0, about, purpose=_PURPOSE)


def cover(records: Records, form: Form) -> list[Content]:
    """The package in one content: counts, reasons, people, and a line for each sheet besides the cover itself."""
    package, entities = records.package, Counter(item["entity"] for item in records.items)
    rows = tuple(_lines(records, form))
    values = {
        **{name: as_text(package[name]) for name in ("package_no", "title", "team", "planned_on", "due_on", "note", "person")},
        "created_on": as_text(package["created_at"])[:10],
        "station": station_name(records),
        "feeder": feeder_names(records),
        "areas": area_names(records),
        "area_count": str(sum(bool(number) for number in records.area_nos)),
        "people": joined(map(clean, records.people)),
        "items": str(len(records.items)),
        "boxes": str(entities["meter_box"]),
        "access_points": str(entities["access_point"]),
        "customers": str(entities["customer"]),
        "reasons": _reasons(records),
        "sheets": str(len(rows)),
        "note.package": package["package_no"],
    }
    return [Content("collection_package", package["package_no"], values, rows=rows)]


def station_name(records: Records) -> str:
    """The name the workspace was given, else the unit most areas belong to."""
    given = as_text(records.ws.settings.get("title", ""))
    units = Counter(as_text(area["org_name"]) for area in records.areas.values() if area["org_name"])
    return given or (min(units, key=lambda unit: (-units[unit], unit)) if units else "")


def feeder_names(records: Records) -> str:
    """The feeders of the areas; where none is known, what the package was made for."""
    named = [as_text(feeder["name"] or feeder["feeder_no"]) for feeder in records.feeders]
    said = [as_text(area["feeder_name"]) for area in records.areas.values() if area["feeder_no"] not in records.feeder_nos]
    return _short([name for name in dict.fromkeys([*named, *said]) if name], "条线路") or as_text(records.scope.get("feeder"))


def area_names(records: Records) -> str:
    """The areas in the order they are walked."""
    return _short([records.area_name(number) for number in records.area_nos if number], "个台区")


def _short(names: list[str], measure: str) -> str:
    return "、".join(names) if len(names) <= _NAMED else f"{'、'.join(names[:2])} 等 {len(names)} {measure}"


def _reasons(records: Records) -> str:
    """How many things are visited for each reason, the weightiest reason first."""
    titles = load_book(records.ws).titles
    kinds = [{reason.code: reason.text for reason in reasons_of(item["reasons"])} for item in records.items]
    counts = Counter(code for codes in kinds for code in codes)
    said = {code: clean(text) for codes in kinds for code, text in codes.items()} | titles
    order = [*(code for code in titles if code in counts), *sorted(counts.keys() - titles.keys())]
    return "、".join(f"{said[code]} {counts[code]}" for code in order)


def _lines(records: Records, form: Form) -> Iterable[dict[str, str]]:
    titles = {key: known.title for key, known in load_forms(records.ws.overrides).items()}
    for sheet in records.sheets:
        if sheet["form"] != form.key:
            keys = [(str(entity), str(key)) for entity, key in json.loads(sheet["items"] or "[]")]
            yield {
                "sheet_no": sheet["sheet_no"],
                "form_title": titles.get(sheet["form"]) or as_text(sheet["form"]),
                "page": as_text(sheet["page"]),
                "pages": as_text(sheet["pages"]),
                "content": _about(records, keys),
            }


def _about(records: Records, keys: list[tuple[str, str]]) -> str:
    """What is on a sheet: places in walking order where it has things to visit, else the areas or access points by name."""
    places = {(item["entity"], item["key"]): item for item in records.items}
    items = [places[key] for key in keys if key in places]
    if items:
        areas = joined(records.area_name(item["area_no"]) for item in items)
        return " ".join(part for part in (f"{_runs([item['position'] for item in items])} 号", areas) if part)
    names = joined(records.area_name(key) if entity == "transformer_area" else _point_name(records, key) for entity, key in keys if key)
    return names or ("空白" if keys else "")


def _point_name(records: Records, number: str) -> str:
    point: Row = records.access_points.get(number) or {}
    return clean(str(point.get("device_name") or point.get("name") or number))


def _runs(positions: list[int]) -> str:
    """1、2、3、7 as ``1–3、7``."""
    runs: list[list[int]] = []
    for position in sorted(set(positions)):
        if runs and runs[-1][-1] == position - 1:
            runs[-1].append(position)
        else:
            runs.append([position])
    return "、".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)
