"""Photos as people see them: those that wait with their candidates, those of a box with what its ledger says; filed by a person."""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, select

from lvdesk.fieldwork.photo_binding import PERSON
from lvdesk.fieldwork.photo_candidates import Filed, candidates
from lvdesk.fieldwork.photo_ground import BOX, METERS, Ground, ground_of
from lvdesk.fieldwork.photo_model import PhotoView
from lvdesk.fieldwork.photo_reading import upright
from lvdesk.fieldwork.photo_store import CHANGED, PHOTO, place_of
from lvdesk.kit.clock import stamp
from lvdesk.kit.errors import KnownError, RefusedError
from lvdesk.network.changed import Changed
from lvdesk.store.bulk import among
from lvdesk.store.model import Change
from lvdesk.workspace import Workspace

_SLICE: Final = 500
_NAMED: Final = 3


def photos(ws: Workspace, waiting_only: bool = False, box_no: str = "") -> list[PhotoView]:  # noqa: FBT001, FBT002 - as lists ask for it
    """All photos, those that wait, or those of one box; newest taken in first."""
    with ws.store.read() as connection:
        rows = connection.execute(select(PHOTO).order_by(PHOTO.c.id.desc())).all()
        filed = Filed(rows)
        shown = [row for row in rows if (not row.box_no or not waiting_only) and box_no in {"", row.box_no}]
        ledger = _Ledger.of(connection, rows, shown)
    return [_filed_view(row, ledger) if row.box_no else _waiting_view(row, ledger, filed) for row in shown]


def bind(ws: Workspace, photo_ids: Sequence[int], box_no: str) -> Changed:
    """Files photos to a box, named by its asset number or barcode; one undoable write.

    Raises:
        KnownError: ``photo.missing``.
        RefusedError: ``photo.box`` for a box the ledger does not have.
    """
    said = box_no.strip()
    with ws.store.write("照片归箱") as write:
        query = select(BOX.c.asset_no).where((BOX.c.asset_no == said) | (BOX.c.bar_code == said))
        numbers = list(write.connection.execute(query).scalars())
        if len(numbers) != 1:
            message = f"台账中没有计量箱 {said or '（空）'}" if not numbers else f"条码 {said} 对应多个计量箱"
            raise RefusedError("photo.box", message, "请核对计量箱资产编号或条形码")
        rows = _rows_of(write.connection, photo_ids)
        values = {"box_no": numbers[0], "bound_by": PERSON, "why": f"{ws.person}指定", "person": ws.person, "at": stamp(ws.clock())}
        moved = [row for row in rows if row.box_no != numbers[0] or row.bound_by != PERSON]
        write.update(PHOTO, [Change(row.id, values, row.version) for row in moved])
        write.label = f"{_called(rows)}归入计量箱 {numbers[0]}"
        changed = write.changed
    return CHANGED if changed else Changed.NOTHING


def unbind(ws: Workspace, photo_ids: Sequence[int], reason: str = "") -> Changed:
    """Takes photos away from their box; they wait again. One undoable write.

    Raises:
        KnownError: ``photo.missing``.
    """
    with ws.store.write("照片移出计量箱") as write:
        rows = _rows_of(write.connection, photo_ids)
        words = reason.strip()
        at = stamp(ws.clock())
        moved = [row for row in rows if row.box_no]
        write.update(PHOTO, [Change(row.id, _free(row, words, ws.person, at), row.version) for row in moved])
        write.label = f"{_called(moved or rows)}移出计量箱{f'（{words}）' if words else ''}"
        changed = write.changed
    return CHANGED if changed else Changed.NOTHING


def picture(ws: Workspace, photo_id: int, longest: int = 1600) -> bytes:
    """A photo upright, its longer side at most ``longest``, as JPEG.

    Raises:
        KnownError: ``photo.missing``, ``photo.original``, ``photo.unreadable``.
    """
    return upright(original(ws, photo_id), longest)


def original(ws: Workspace, photo_id: int) -> Path:
    """The file as it was taken, for reading only.

    Raises:
        KnownError: ``photo.missing``; ``photo.original`` when the file is not in this workspace's folder.
    """
    with ws.store.read() as connection:
        (row,) = _rows_of(connection, [photo_id])
    path = place_of(ws, row.sha256, row.name)
    if not path.is_file():
        raise KnownError("photo.original", f"照片 {row.name} 的原件不在本机工作区", "请再次回收同一张照片，原件会补上")
    return path


def _free(row: Any, reason: str, person: str, at: str) -> Mapping[str, Any]:
    said = f"{person}从计量箱 {row.box_no} 移出{f'：{reason}' if reason else ''}"
    return {"box_no": "", "bound_by": "", "why": said, "person": person, "at": at}


def _rows_of(connection: Connection, photo_ids: Sequence[int]) -> list[Any]:
    wanted = list(dict.fromkeys(photo_ids))
    rows = list(connection.execute(select(PHOTO).where(among(connection, PHOTO.c.id, wanted))))
    if len(rows) != len(wanted) or not rows:
        raise KnownError("photo.missing", "没有这张照片，可能已撤销", "请刷新后重试")
    return rows


def _called(rows: Sequence[Any]) -> str:
    return f"照片 {rows[0].name} " if len(rows) == 1 else f"{len(rows):,} 张照片"


@dataclass(frozen=True)
class _Ledger:
    """What the ledger says of the photos shown.

    Attributes:
        boxes: box -> its row; meters: box -> numbers of its meters.
        seen: box -> numbers of all meters that its photos show.
        home: meter -> its box, "" for none.
    """

    ground: Ground
    boxes: Mapping[str, Any]
    meters: Mapping[str, frozenset[str]]
    seen: Mapping[str, frozenset[str]]
    home: Mapping[str, str]

    @classmethod
    def of(cls, connection: Connection, rows: Sequence[Any], shown: Sequence[Any]) -> "_Ledger":
        wanted = {row.box_no for row in shown} - {""}
        numbers = sorted(wanted)
        concerned = [row for row in rows if row.box_no in wanted] + [row for row in shown if not row.box_no]
        places = [(row.longitude, row.latitude) for row in shown if not row.box_no and row.longitude is not None]
        ground = ground_of(connection, (code for row in concerned for code in json.loads(row.codes)), places)
        seen: dict[str, set[str]] = defaultdict(set)
        home: dict[str, str] = {}
        for row in concerned:
            for asset in ground.known(json.loads(row.codes)):
                if not asset.is_box:
                    home[asset.number] = asset.box_no
                    seen[row.box_no].add(asset.number)
        boxes: dict[str, Any] = {}
        meters: dict[str, set[str]] = defaultdict(set)
        for start in range(0, len(numbers), _SLICE):
            some = numbers[start : start + _SLICE]
            columns = (BOX.c.asset_no, BOX.c.location, BOX.c.area_no)
            boxes |= {box.asset_no: box for box in connection.execute(select(*columns).where(BOX.c.asset_no.in_(some)))}
            for number, box_no in connection.execute(select(METERS.c.asset_no, METERS.c.box_no).where(METERS.c.box_no.in_(some))):
                meters[box_no].add(number)
        return cls(ground, boxes, _frozen(meters), _frozen(seen), home)


def _frozen(sets: Mapping[str, Collection[str]]) -> dict[str, frozenset[str]]:
    return {key: frozenset(values) for key, values in sets.items()}


def _filed_view(row: Any, ledger: _Ledger) -> PhotoView:
    box, own = ledger.boxes.get(row.box_no), ledger.meters.get(row.box_no, frozenset())
    seen = ledger.seen.get(row.box_no, frozenset())
    missing = tuple(sorted(own - seen)) if own and 2 * len(own & seen) >= len(own) else ()
    strange = tuple(sorted(seen - own))
    found = _view(row, ledger, [row.why, *_finding(own, missing, strange, ledger)])
    return replace(found, box_address=(box.location or "") if box else "", missing=missing, strange=strange)


def _finding(own: Collection[str], missing: Sequence[str], strange: Sequence[str], ledger: _Ledger) -> Sequence[str]:
    """What the photos of the box say against the ledger, in words."""
    said = []
    if missing:
        said.append(f"台账 {len(own)} 只表，此箱照片中见到 {len(own) - len(missing)} 只，未见 {_listed(missing)}")
    for number in strange[:_NAMED]:
        home = ledger.home.get(number, "")
        said.append(f"照片中的表 {number} 台账{f'在计量箱 {home}' if home else '未挂计量箱'}")
    return said


def _waiting_view(row: Any, ledger: _Ledger, filed: Filed) -> PhotoView:
    found = candidates(row, ledger.ground, filed)
    likely = [f"可能是 {each.box_no}（{each.why}）" for each in found[:_NAMED]]
    return replace(_view(row, ledger, [row.why, *likely]), candidates=tuple(each.box_no for each in found))


def _view(row: Any, ledger: _Ledger, words: Sequence[str]) -> PhotoView:
    codes = tuple(json.loads(row.codes))
    return PhotoView(
        id=row.id, name=row.name, sha256=row.sha256, taken_at=row.taken_at or "", taken_from=row.taken_from,
        longitude=row.longitude, latitude=row.latitude, codes=codes,
        meters=tuple(asset.number for asset in ledger.ground.known(codes) if not asset.is_box),
        box_no=row.box_no, box_address="", bound_by=row.bound_by, why="；".join(filter(None, words)),
        candidates=(), missing=(), strange=(),
    )  # fmt: skip


def _listed(numbers: Sequence[str]) -> str:
    return "、".join(numbers[:_NAMED]) + (f" 等 {len(numbers)} 只" if len(numbers) > _NAMED else "")
