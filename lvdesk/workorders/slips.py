"""Photographed or scanned slips: the marks in the corners name the order and lay the page flat; ticks are read, the picture is proof.

Nothing is closed by a slip alone: its ticks finish tasks and its picture is added, finishing is asked for as always.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from lvdesk.kit.errors import KnownError, LVDeskError
from lvdesk.kit.files import sha256
from lvdesk.kit.progress import Progress
from lvdesk.network.changed import Changed
from lvdesk.workorders.model import Action, Request, State
from lvdesk.workorders.moving import act, finish_task, prove
from lvdesk.workorders.paper import MARK, MARK_MM, OUTCOMES, TICK, marks, spots
from lvdesk.workorders.reading import Order, order
from lvdesk.workspace import Workspace

Grey = NDArray[np.uint8]
_LEAST_MARKS: Final = 3
_TICK_MM: Final = 1.45
_SEEK_MM: Final = 2.4
_DARK: Final = 0.12
_DOUBT: Final = 0.05
_LARGEST: Final = 60_000_000


@dataclass(frozen=True)
class SlipRead:
    """One picture: its order and the ticks; ``doubtful`` boxes nobody can tell; ``why`` it could not be read."""

    path: str
    order_no: str = ""
    ticked: tuple[str, ...] = ()
    doubtful: tuple[str, ...] = ()
    why: str = ""
    done: tuple[str, ...] = ()


@dataclass(frozen=True)
class SlipsTaken:
    """All pictures and what changed."""

    slips: tuple[SlipRead, ...]
    changed: Changed = field(default=Changed.NOTHING)


def take_slips(ws: Workspace, paths: Sequence[Path], progress: Progress) -> SlipsTaken:
    """Brings the ticks and pictures of slips to their orders; a picture that is there already changes nothing."""
    progress.start("正在读取工单回单", len(paths), "张")
    found, changed = [], Changed.NOTHING
    for path in paths:
        progress.check()
        try:
            read, more = _taken(ws, path)
        except LVDeskError as error:
            read, more = SlipRead(str(path), why=error.message), Changed.NOTHING
        found.append(read)
        changed |= more
        progress.step()
    return SlipsTaken(tuple(found), changed)


def read_slip(path: Path) -> tuple[str, NDArray[np.float64], Grey]:
    """The order's number, the map from millimetres to pixels, and the picture.

    Raises:
        KnownError: ``orders.slip`` when there are no marks, ``file.unreadable``.
    """
    grey = _picture(path)
    corners: dict[str, NDArray[np.float64]] = {}
    number = ""
    for piece, left, top, scale in _pieces(grey):
        if len(corners) == len(marks()):
            break
        for found, corner, points in _read(piece):
            number = number or found
            if found == number:
                corners.setdefault(corner, points / scale + (left, top))
    if len(corners) < _LEAST_MARKS:
        what = "没有找到工单回单的角码" if not corners else "认出的角码不足三个，页面拍得不全"
        raise KnownError("orders.slip", f"{path.name}：{what}", "请把整页拍清楚，四角图案不要遮挡")
    return number, _laid(corners), grey


def _pieces(grey: Grey) -> Iterator[tuple[Grey, int, int, int]]:
    """The whole picture, then its quarters enlarged: (picture, left, top, scale)."""
    yield grey, 0, 0, 1
    high, wide = grey.shape[0] // 2, grey.shape[1] // 2
    for top in (0, high):
        for left in (0, wide):
            quarter = grey[top : top + high, left : left + wide]
            yield np.ascontiguousarray(quarter.repeat(2, axis=0).repeat(2, axis=1)), left, top, 2


def _read(picture: Grey) -> Iterator[tuple[str, str, NDArray[np.float64]]]:
    """Marks in a picture: number, corner, its four corners in pixels."""
    import zxingcpp

    for code in zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)):
        parts = code.text.split(":")
        if len(parts) == 4 and ":".join(parts[:2]) == MARK and parts[3] in marks():
            spot = code.position
            points = (spot.top_left, spot.top_right, spot.bottom_right, spot.bottom_left)
            yield parts[2], parts[3], np.array([(point.x, point.y) for point in points], dtype=np.float64)


def _taken(ws: Workspace, path: Path) -> tuple[SlipRead, Changed]:
    number, plane, grey = read_slip(path)
    each = order(ws, number)
    scores = {spot.name: _score(grey, plane, spot.x, spot.y) for spot in spots(len(each.tasks))}
    ticked = tuple(name for name, score in scores.items() if score >= _DARK)
    doubtful = tuple(name for name, score in scores.items() if _DOUBT <= score < _DARK)
    changed, done = _brought(ws, each, path, ticked)
    return SlipRead(str(path), number, ticked, doubtful, "", done), changed


def _brought(ws: Workspace, each: Order, path: Path, ticked: Sequence[str]) -> tuple[Changed, tuple[str, ...]]:
    """Puts ticks and picture to the order as far as its state allows."""
    changed, done = Changed.NOTHING, []
    if each.state in {State.DISPATCHED, State.TAKEN}:
        changed |= act(ws, [each.order_no], Request(Action.ARRIVE, reason="回单")).changed
        done.append("到达现场")
    open_tasks = {task.position for task in each.tasks if not task.done_at}
    for name in ticked:
        kind, _dot, value = name.partition(".")
        if kind == "task" and int(value) in open_tasks:
            changed |= finish_task(ws, each.order_no, int(value), "回单打勾")
            done.append(f"任务 {value}")
    said = "、".join(title for key, title in OUTCOMES if f"outcome.{key}" in ticked)
    if sha256(path) not in {proof.attachment for proof in each.evidence}:
        changed |= prove(ws, each.order_no, "photo", said or "回单", path)
        done.append("照片")
        if said and not any(proof.kind == "note" for proof in each.evidence):
            changed |= prove(ws, each.order_no, "note", said)
    return changed, tuple(done)


def _picture(path: Path) -> Grey:
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with Image.open(path) as image:
            if image.width * image.height > _LARGEST:
                raise KnownError("file.too_large", f"{path.name} 的图片太大", "请用较低的分辨率重新拍照")
            return np.ascontiguousarray(ImageOps.exif_transpose(image).convert("L"))
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError) as error:
        raise KnownError("file.unreadable", f"{path.name} 不是可以读取的图片", "请用 jpg 或 png 照片") from error


def _laid(corners: dict[str, NDArray[np.float64]]) -> NDArray[np.float64]:
    """The projection from millimetres to pixels that fits all corner points of all marks best (normalised direct linear transform)."""
    quiet = MARK_MM * 4 / 33  # a code of version 2, as the marks are, has 25 modules and a quiet zone of 4 on each side
    side = MARK_MM - 2 * quiet
    paper = [
        (left + quiet + x * side, top + quiet + y * side)
        for left, top in (marks()[corner] for corner in corners) for x, y in ((0, 0), (1, 0), (1, 1), (0, 1))
    ]  # fmt: skip
    there, back = _normal(np.array(paper)), _normal(np.vstack(list(corners.values())))
    rows: list[list[float]] = []
    for (x, y, _1), (u, v, _2) in zip(there[1], back[1], strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y, -u], [0, 0, 0, x, y, 1, -v * x, -v * y, -v]]
    plane = np.linalg.svd(np.array(rows))[2][-1].reshape(3, 3)
    return np.asarray(np.linalg.inv(back[0]) @ plane @ there[0])


def _normal(points: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The similarity that puts points around 0 at a distance of about 1, and the points there."""
    middle = points.mean(axis=0)
    scale = 1 / max(float(np.hypot(*(points - middle).T).mean()), 1e-9)
    turned = np.array([[scale, 0, -scale * middle[0]], [0, scale, -scale * middle[1]], [0, 0, 1]])
    return turned, np.column_stack([points, np.ones(len(points))]) @ turned.T


def _score(grey: Grey, plane: NDArray[np.float64], x: float, y: float) -> float:
    """Share of dark ink inside a box, beside the paper around it; the box is looked for near where it should be."""
    x, y = _found(grey, plane, x, y)
    steps = np.linspace(-_TICK_MM, _TICK_MM, 25)
    inside = _sampled(grey, plane, x + steps[None, :].repeat(25, 0), y + steps[:, None].repeat(25, 1))
    paper = np.percentile(_sampled(grey, plane, x + np.array([-6.0, 0.0, 0.0]), y + np.array([0.0, -3.6, 3.6])), 50)
    return float((inside < paper * 0.65).mean())


def _found(grey: Grey, plane: NDArray[np.float64], x: float, y: float) -> tuple[float, float]:
    """The middle of the box whose border is darkest."""
    run = np.linspace(-TICK / 2, TICK / 2, 21)
    edge = np.full(21, TICK / 2)
    right, down = np.concatenate([run, run, edge, -edge]), np.concatenate([edge, -edge, run, run])
    shifts = np.arange(-_SEEK_MM, _SEEK_MM + 0.01, 0.15)
    across, along = (each.ravel() for each in np.meshgrid(shifts, shifts))
    dark = _sampled(grey, plane, x + across[:, None] + right, y + along[:, None] + down).reshape(len(across), -1).mean(axis=1)
    best = int((dark + 2.0 * np.hypot(across, along)).argmin())
    return x + float(across[best]), y + float(along[best])


def _sampled(grey: Grey, plane: NDArray[np.float64], x: Any, y: Any) -> NDArray[np.float64]:
    places = plane @ np.stack([np.ravel(x), np.ravel(y), np.ones(np.size(x))])
    u = np.clip((places[0] / places[2]).round().astype(int), 0, grey.shape[1] - 1)
    v = np.clip((places[1] / places[2]).round().astype(int), 0, grey.shape[0] - 1)
    return np.asarray(grey[v, u], dtype=np.float64)
