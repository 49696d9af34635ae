"""Places of scanned sheets for people to look at: one field of many sheets at once, pictures of them, what was decided."""

import io
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import or_, select

from lvdesk.fieldwork.forms.loading import load_forms
from lvdesk.fieldwork.scan_model import Crop, CropGroup, PageState
from lvdesk.fieldwork.scan_pages import CHANGED, ENTRY, PAGE, PICTURE, entries_of, marks_of, page_in, registered, waits
from lvdesk.fieldwork.scan_places import Ledgers, SheetPlaces, sheet_places, title_of
from lvdesk.fieldwork.scanning.marks import DOUBTFUL, EMPTY, Mark
from lvdesk.fieldwork.scanning.settings import Settings, load_settings
from lvdesk.fieldwork.sheet_layout import stored
from lvdesk.kit.clock import stamp
from lvdesk.kit.errors import KnownError, RefusedError
from lvdesk.network.changed import Changed
from lvdesk.network.packages import FormSheet
from lvdesk.store.model import Change
from lvdesk.store.write import Write
from lvdesk.workspace import Workspace

_TICK: Final = frozenset({"1", ""})


def groups(ws: Workspace) -> list[CropGroup]:
    """The fields of all read sheets, in the order of the paper; each with what waits in it."""
    counted: dict[str, CropGroup] = {}
    for _, sheet, found, entries, marks in _read_pages(ws):
        for mark in marks:
            place = found.places.get(mark.place)
            if place is None:
                continue
            key = f"{sheet.form}|{place.group}"
            group = counted.get(key) or CropGroup(key, title_of(ws, place), _kind(mark), 0, 0)
            counted[key] = replace(group, crops=group.crops + 1, waiting=group.waiting + waits(mark, entries))
    forms = load_forms(ws.overrides)
    several = len({key.partition("|")[0] for key in counted}) > 1
    titled = [replace(group, title=f"{forms[key.partition('|')[0]].title} · {group.title}") for key, group in counted.items()]
    return titled if several else list(counted.values())


def crops(ws: Workspace, group_key: str, waiting_only: bool = True) -> list[Crop]:  # noqa: FBT001, FBT002 - as all callers name it
    """The places of one field, the most doubtful first; ``waiting_only`` those nobody decided yet."""
    form = group_key.partition("|")[0]
    result = []
    chosen = list(_read_pages(ws, form))
    with ws.store.read() as connection:
        ledgers = Ledgers(ws, connection)
        for page in chosen:
            _, sheet, found, entries, marks = page
            for mark in marks:
                place = found.places.get(mark.place)
                if place is None or f"{sheet.form}|{place.group}" != group_key or (waiting_only and not waits(mark, entries)):
                    continue
                result.append(_crop(ws, page, mark, ledgers))
    return sorted(result, key=lambda crop: (crop.sure, crop.sheet_no, crop.place))


_Page = tuple[Any, Any, SheetPlaces, Mapping[str, Any], list[Mark]]
"""A read page: its row, its sheet, its places, what stands on the sheet, what was read."""


def _crop(ws: Workspace, page: _Page, mark: Mark, ledgers: Ledgers) -> Crop:
    """One place of a page with what is known of it."""
    row, sheet, found, entries, _ = page
    place, entry = found.places[mark.place], entries.get(mark.place)
    about, ledger = ledgers.about(sheet, place.spot)
    return Crop(
        page=row.id, sheet_no=sheet.sheet_no, place=mark.place, kind=_kind(mark), field=place.spot.field,
        title=title_of(ws, place), about=about, ledger=ledger, ink=mark.ink, sure=_sure(mark, load_settings(ws.overrides)),
        count=place.spot.count, value=entry.value if entry else None,
    )  # fmt: skip


def written(ws: Workspace, keys: Collection[str]) -> list[Crop]:
    """What was ticked or written on paper about these things, as it stands on their sheets."""
    found = []
    with ws.store.read() as connection:
        named = [FormSheet.items.contains(json.dumps(key, ensure_ascii=False), autoescape=True) for key in keys]
        if not named or not (sheets := connection.execute(select(FormSheet.sheet_no).where(or_(*named))).scalars().all()):
            return []
        ledgers = Ledgers(ws, connection)
        for page in _read_pages(ws, sheets=frozenset(sheets)):
            blocks = stored(page[1])
            for mark in page[4]:
                place = page[2].places.get(mark.place)
                if place is None or mark.verdict == EMPTY or not 0 <= place.spot.block < len(blocks):
                    continue
                if blocks[place.spot.block][0][1] in keys:
                    found.append(_crop(ws, page, mark, ledgers))
    return found


def _kind(mark: Mark) -> Any:
    return mark.kind


def _sure(mark: Mark, settings: Settings) -> float:
    """0 in the middle between empty and ticked, 1 far from it; writing is never read, so it is neither."""
    if mark.verdict == EMPTY:
        return 1.0
    if mark.kind != "tick":
        return 0.5
    if mark.verdict == DOUBTFUL:
        middle = (settings.empty + settings.marked) / 2
        return round(min(abs(mark.ink - middle) / max(settings.marked - middle, 1e-6), 1.0) * 0.4, 3)
    return round(min(0.5 + (mark.ink - settings.marked), 1.0), 3)


def _read_pages(ws: Workspace, form: str = "", sheets: Collection[str] = ()) -> Iterator[_Page]:
    """Read pages whose places are known: page, sheet, places, entries, marks."""
    with ws.store.read() as connection:
        query = select(PAGE).where(PAGE.c.state == str(PageState.READ)).order_by(PAGE.c.sheet_no)
        rows = [row for row in connection.execute(query) if not sheets or row.sheet_no in sheets]
        known = registered(connection, [row.sheet_no for row in rows])
        entries = entries_of(connection, (row.sheet_no for row in rows))
    for row in rows:
        sheet = known.get(row.sheet_no)
        if sheet is None or (form and sheet.form != form):
            continue
        found = sheet_places(ws.overrides, sheet)
        if found is not None:
            yield row, sheet, found, entries.get(row.sheet_no, {}), marks_of(row)


def picture(ws: Workspace, page_id: int) -> bytes:
    """A page as PNG: flat where its sheet is known, else as it came.

    Raises:
        KnownError: ``scan.page``, ``scan.picture`` when there is none to show.
    """
    _, data, _ = _kept(ws, page_id)
    return _png(_opened(data))


def crop(ws: Workspace, page_id: int, place: str, margin_mm: float = 1.5) -> bytes:
    """One place of a read page as PNG, with so much around it.

    Raises:
        KnownError: ``scan.page``, ``scan.picture``, ``scan.place`` when the sheet has no such place.
    """
    row, data, dpi = _kept(ws, page_id)
    with ws.store.read() as connection:
        sheet = registered(connection, [row.sheet_no]).get(row.sheet_no)
    found = sheet_places(ws.overrides, sheet) if sheet else None
    if found is None or place not in found.places or not dpi:
        raise KnownError("scan.place", f"扫描页 {row.name} 上没有这一处", "请刷新后重试")
    spot, scale = found.places[place].spot, dpi / 25.4
    left, top = (spot.x - margin_mm) * scale, (spot.y - margin_mm) * scale
    right, bottom = (spot.x + spot.width + margin_mm) * scale, (spot.y + spot.height + margin_mm) * scale
    return _png(_opened(data).crop((round(left), round(top), round(right), round(bottom))))


def _kept(ws: Workspace, page_id: int) -> tuple[Any, bytes, int]:
    with ws.store.read() as connection:
        row = page_in(connection, page_id, frozenset(PageState))
        kept = connection.execute(select(PICTURE).where(PICTURE.c.page == page_id)).first()
    if kept is None:
        raise KnownError("scan.picture", f"扫描页 {row.name} 第 {row.page} 页没有可看的图", "请重新扫描这一页")
    return row, bytes(kept.picture), kept.dpi if kept.flat else 0


@lru_cache(maxsize=8)
def _opened(data: bytes) -> Any:
    from PIL import Image  # heavy, and only needed for pictures

    with Image.open(io.BytesIO(data)) as image:
        return image.convert("L")


def _png(image: Any) -> bytes:
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return stream.getvalue()


def decide(ws: Workspace, decisions: Sequence[tuple[int, str, str]]) -> Changed:
    """Stores what a person says of places (page, place, value): "1" or "" for ticks, text for what is written. One undoable write.

    Raises:
        KnownError: ``scan.page``, ``scan.place``; RefusedError: ``scan.value`` for a tick that is neither, ``scan.state`` for a page
            that is not read.
    """
    if not decisions:
        return Changed.NOTHING
    at = stamp(ws.clock())
    with ws.store.write(f"判读表单 {len(decisions):,} 处") as write:
        rows = {page: page_in(write.connection, page, frozenset({PageState.READ})) for page, _, _ in decisions}
        entries = entries_of(write.connection, (row.sheet_no for row in rows.values()))
        fresh, again = [], []
        for page, place, value, mark in _checked(rows, decisions):
            row = rows[page]
            known = entries.get(row.sheet_no, {}).get(place)
            if known is None:
                fresh.append((row.sheet_no, place, value, "person", mark.ink, page, at))
            elif (known.value, known.how) != (value, "person"):
                again.append(Change(known.id, {"value": value, "how": "person", "score": mark.ink, "page": page, "at": at}, known.version))
        _store(write, fresh, again)
        changed = write.changed
    return CHANGED if changed else Changed.NOTHING


def _store(write: Write, fresh: Sequence[tuple[Any, ...]], again: Sequence[Change]) -> None:
    write.insert(ENTRY, ("sheet_no", "place", "value", "how", "score", "page", "at"), fresh, len(fresh))
    write.update(ENTRY, again)


def _checked(rows: Mapping[int, Any], decisions: Sequence[tuple[int, str, str]]) -> Iterator[tuple[int, str, str, Mark]]:
    known = {page: {mark.place: mark for mark in marks_of(row)} for page, row in rows.items()}
    said = {(page, place): value.strip() for page, place, value in decisions}
    for (page, place), value in said.items():
        mark = known[page].get(place)
        if mark is None:
            raise KnownError("scan.place", f"扫描页 {rows[page].name} 上没有这一处", "请刷新后重试")
        if mark.kind == "tick" and value not in _TICK:
            raise RefusedError("scan.value", f"勾选处只能填 1 或留空，不能填“{value}”", "请重新判读")
        yield page, place, value, mark
