"""Pictures of labels as phones take them: barcodes on a busy ground, turned, blurred, in bad light, with or without EXIF."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any

import numpy as np
import zxingcpp
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageFilter
from PIL.TiffImagePlugin import IFDRational

Grey = NDArray[np.uint8]


@dataclass(frozen=True)
class Look:
    """How a picture was taken.

    Attributes:
        size: of the picture; turn: degrees of all labels together; blur: pixels.
        module: pixels of the narrowest bar.
        broken: labels are scratched so that no code can be read.
    """

    size: tuple[int, int] = (1600, 1200)
    turn: float = 0.0
    blur: float = 0.0
    noise: float = 6.0
    module: int = 2
    broken: bool = False


@dataclass(frozen=True)
class Said:
    """What the camera writes; ``place`` longitude and latitude."""

    at: datetime | None = None
    place: tuple[float, float] | None = None
    camera: str = ""
    orientation: int = 1


def picture(codes: Sequence[str], look: Look, rng: Random) -> Image.Image:
    """The labels one below the other or in two columns, on a ground that is no barcode."""
    noise = np.random.default_rng(rng.randrange(1 << 30))
    width, height = look.size
    ground = Image.fromarray(noise.integers(60, 190, (height // 20, width // 20), dtype=np.uint8))
    scene = ground.resize(look.size, Image.Resampling.BICUBIC)
    labels = [_label(code, look, noise) for code in codes]
    columns = 1 if len(labels) < 3 else 2
    for place, label in enumerate(labels):
        turned = label.rotate(look.turn, Image.Resampling.BICUBIC, expand=True)
        mask = Image.new("L", label.size, 255).rotate(look.turn, expand=True)
        rows = -(-len(labels) // columns)
        left = (place % columns) * width // columns + 20
        top = (place // columns) * height // rows + 10
        scene.paste(turned, (min(left, max(0, width - turned.width)), min(top, max(0, height - turned.height))), mask)
    if look.blur:
        scene = scene.filter(ImageFilter.GaussianBlur(look.blur))
    grey = np.asarray(scene, dtype=np.float32)
    grey *= np.linspace(rng.uniform(0.7, 1.0), rng.uniform(0.7, 1.0), width, dtype=np.float32)
    if look.noise:
        grey += noise.normal(0, look.noise, grey.shape).astype(np.float32)
    return Image.fromarray(np.clip(grey, 0, 255).astype(np.uint8))


def _label(code: str, look: Look, noise: np.random.Generator) -> Image.Image:
    made = zxingcpp.create_barcode(code, zxingcpp.Code128)
    bars = np.array(made.to_image(scale=look.module, add_quiet_zones=True), dtype=np.uint8)  # type: ignore[arg-type, unused-ignore]
    high = bars.shape[1] // 5
    bars = np.repeat(bars[bars.shape[0] // 2 : bars.shape[0] // 2 + 1], high, axis=0)
    if look.broken:
        for start in noise.integers(20, bars.shape[1] - 20, 8):
            bars[:, start : start + 3 * look.module] = 128
    plate = np.full((high + 30, bars.shape[1] + 20), 235, dtype=np.uint8)
    plate[15 : 15 + high, 10 : 10 + bars.shape[1]] = np.clip(bars, 25, 235)
    return Image.fromarray(plate)


def jpeg(made: Image.Image, said: Said | None, quality: int = 82) -> bytes:
    """The file as the phone writes it; without EXIF as messengers leave it."""
    stream, more = io.BytesIO(), dict[str, Any]()
    if said is not None:
        more["exif"] = _exif(said)
    made.save(stream, "JPEG", quality=quality, **more)
    return stream.getvalue()


def _exif(said: Said) -> Image.Exif:
    exif = Image.Exif()
    if said.camera:
        exif[ExifTags.Base.Make], exif[ExifTags.Base.Model] = said.camera.split(" ", 1)
    exif[ExifTags.Base.Orientation] = said.orientation
    if said.at:
        exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = said.at.strftime("%Y:%m:%d %H:%M:%S")
    if said.place:
        longitude, latitude = said.place
        place = exif.get_ifd(ExifTags.IFD.GPSInfo)
        place[ExifTags.GPS.GPSLatitudeRef], place[ExifTags.GPS.GPSLongitudeRef] = "N", "E"
        place[ExifTags.GPS.GPSLatitude], place[ExifTags.GPS.GPSLongitude] = _parts(latitude), _parts(longitude)
    return exif


def _parts(degrees: float) -> tuple[IFDRational, ...]:
    whole = int(degrees)
    minutes = int((degrees - whole) * 60)
    seconds = ((degrees - whole) * 60 - minutes) * 60
    return IFDRational(whole), IFDRational(minutes), IFDRational(round(seconds * 10000), 10000)
