"""Sheets of paper before a scanner or a phone: bent, turned, in shadow, cut, blurred, squeezed into JPEG."""

import io
from dataclasses import dataclass
from random import Random

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

Grey = NDArray[np.uint8]
_PAPER = 300 / 25.4
_MESH = 24


@dataclass(frozen=True)
class Way:
    """How a sheet is pictured.

    Attributes:
        dpi: of the picture, as far as the paper goes.
        turn: degrees; ``slant`` of the camera, 0 for a scanner.
        curl: millimetres the paper is bent by.
        cut: share of the paper cut away at one of its corners.
        shadow: share of light lost in the darkest part.
        blur: in dots; ``noise`` in levels of grey; ``jpeg`` quality, 0 for none.
    """

    name: str
    dpi: int = 200
    turn: float = 0.0
    slant: float = 0.0
    curl: float = 0.0
    cut: bool = False
    shadow: float = 0.0
    blur: float = 0.4
    noise: float = 3.0
    jpeg: int = 85


def ways() -> tuple[Way, ...]:
    """The ways sheets come back."""
    return (
        Way("scan 150", 150, 0.8, jpeg=70),
        Way("scan 200", 200, -1.4),
        Way("scan 300", 300, 0.5, noise=6, jpeg=60),
        Way("scan on its side", 200, 90.6),
        Way("scan upside down", 200, 179.2, jpeg=50),
        Way("scan at 45 degrees", 200, 45, jpeg=60),
        Way("scan, cut corner", 200, 1.0, cut=True),
        Way("scan, low quality", 150, -0.7, blur=0.9, noise=8, jpeg=30),
        Way("phone", 170, 3, slant=0.12, shadow=0.25, blur=0.8, noise=5, jpeg=75),
        Way("phone, turned", 160, -88, slant=0.16, shadow=0.35, blur=0.8, noise=6, jpeg=70),
        Way("phone, curled", 170, 6, slant=0.1, curl=2.4, shadow=0.4, blur=0.8, noise=6, jpeg=60),
        Way("phone, curled much", 190, -12, slant=0.14, curl=4.0, shadow=0.3, blur=0.7, noise=5, jpeg=80),
        Way("phone, deep shadow", 170, 10, slant=0.08, curl=1.0, shadow=0.6, blur=0.7, noise=8, jpeg=60),
        Way("phone at 45 degrees", 180, 44, slant=0.1, curl=0.8, shadow=0.3, blur=0.7, noise=5, jpeg=70),
        Way("phone, poor", 150, 5, slant=0.1, curl=1.0, shadow=0.4, blur=1.1, noise=10, jpeg=35),
        Way("phone, cut corner", 180, -4, slant=0.08, cut=True, shadow=0.3, blur=0.7, noise=5, jpeg=70),
    )


def taken(sheet: Grey, way: Way, rng: Random) -> Grey:
    """The sheet pictured in this way, more or less."""
    source = Image.fromarray(_bent(sheet, way, rng) if way.curl else sheet)
    picture, paper = _placed(source, way, rng)
    light = _lit(picture.shape, way, rng)
    grains = np.random.default_rng(rng.getrandbits(32)).normal(0, way.noise, picture.shape)
    shown = np.where(paper > 0, picture, rng.randint(30, 130) if way.slant else 250) * light + grains
    blurred = ndimage.gaussian_filter(np.clip(shown, 0, 255), way.blur * rng.uniform(0.7, 1.1))
    return _squeezed(np.clip(blurred, 0, 255).astype(np.uint8), way, rng)


def _bent(sheet: Grey, way: Way, rng: Random) -> Grey:
    """Paper that does not lie flat, as the camera sees it: lines bow by so many millimetres."""
    height, width = sheet.shape
    bow, sway = (rng.uniform(0.6, 1.0) * way.curl * _PAPER * rng.choice((-1, 1)) for _ in range(2))
    phase = rng.uniform(0, 0.6)

    def source(x: float, y: float) -> tuple[float, float]:
        along, down = x / width, y / height
        return (
            x + 0.4 * sway * np.sin(np.pi * down) * np.cos(np.pi * along),
            y + bow * np.sin(np.pi * (along + phase * along * (1 - along))) * (0.6 + 0.4 * down),
        )

    mesh = []
    for row in range(_MESH):
        for column in range(_MESH):
            left, right = (round(width * each / _MESH) for each in (column, column + 1))
            top, bottom = (round(height * each / _MESH) for each in (row, row + 1))
            corners = ((left, top), (left, bottom), (right, bottom), (right, top))
            mesh.append(((left, top, right, bottom), tuple(each for corner in corners for each in source(*corner))))
    picture = Image.fromarray(sheet)
    return np.asarray(picture.transform(picture.size, Image.Transform.MESH, mesh, Image.Resampling.BILINEAR, fillcolor=255))


def _placed(source: Image.Image, way: Way, rng: Random) -> tuple[NDArray[np.float32], Grey]:
    """The paper turned and slanted before its ground, and where it lies."""
    width, height = source.size
    scale = way.dpi / 300
    corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], dtype=float)
    angle = np.radians(way.turn + rng.uniform(-1.0, 1.0))
    turned = (corners - (width / 2, height / 2)) @ np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]]) * scale
    if way.slant:
        lean = np.array([rng.uniform(-1, 1), rng.uniform(-1, 1)])
        lean *= way.slant / np.hypot(*lean) / (np.abs(turned).max())
        turned = turned / (1 + turned @ lean)[:, None]
    margin = rng.uniform(15, 90) if way.slant or abs(way.turn) % 90 > 3 else 4
    low = turned.min(axis=0) - margin
    wide, high = (int(each) for each in turned.max(axis=0) + margin - low)
    size = (wide, high)
    matrix = _map(turned - low, corners)
    picture = source.transform(size, Image.Transform.PERSPECTIVE, matrix, Image.Resampling.BICUBIC, fillcolor=255)
    paper = Image.new("L", source.size, 255).transform(size, Image.Transform.PERSPECTIVE, matrix, Image.Resampling.NEAREST, fillcolor=0)
    seen = np.array(paper)
    if way.cut:
        _cut(seen, turned - low, rng)
    return np.asarray(picture, dtype=np.float32), seen


def _cut(paper: Grey, corners: NDArray[np.float64], rng: Random) -> None:
    """Takes away a corner of the paper, not the one with the QR."""
    which = rng.choice((0, 2, 3))
    middle = corners.mean(axis=0)
    towards = (middle - corners[which]) / np.hypot(*(middle - corners[which]))
    reach = np.hypot(*(corners[1] - corners[0])) * 0.07
    rows, columns = np.indices(paper.shape)
    beyond = (columns - corners[which][0]) * towards[0] + (rows - corners[which][1]) * towards[1]
    paper[beyond < reach] = 0


def _map(seen: NDArray[np.float64], paper: NDArray[np.float64]) -> tuple[float, ...]:
    rows, aims = [], []
    for (x, y), (u, v) in zip(seen, paper, strict=True):
        rows += [(x, y, 1, 0, 0, 0, -u * x, -u * y), (0, 0, 0, x, y, 1, -v * x, -v * y)]
        aims += [u, v]
    return tuple(float(each) for each in np.linalg.solve(np.array(rows), np.array(aims)))


def _lit(shape: tuple[int, ...], way: Way, rng: Random) -> NDArray[np.float64]:
    """Light over the picture: falling off to one side, with the edge of somebody's shadow."""
    rows, columns = np.indices(shape)
    x, y = columns / shape[1] - 0.5, rows / shape[0] - 0.5
    angle = rng.uniform(0, 2 * np.pi)
    along = x * np.cos(angle) + y * np.sin(angle)
    light = 1 - way.shadow * 0.4 * (along + 0.5)
    if way.shadow:
        across = x * np.cos(angle + 1) + y * np.sin(angle + 1) - rng.uniform(-0.2, 0.3)
        light = light * (1 - way.shadow * 0.6 / (1 + np.exp(-across * rng.uniform(15, 90))))
    return np.asarray(np.clip(light * rng.uniform(0.82, 1.0), 0.15, 1))


def _squeezed(picture: Grey, way: Way, rng: Random) -> Grey:
    if not way.jpeg:
        return picture
    stream = io.BytesIO()
    Image.fromarray(picture).save(stream, "JPEG", quality=min(95, max(30, way.jpeg + rng.randint(-8, 8))))
    return np.asarray(Image.open(stream))
