"""What a camera wrote into a picture: when, where, with which camera. Nothing of it is trusted to be well formed."""

import math
from collections.abc import Mapping
from typing import Any, Final

from PIL import ExifTags, Image

from lvdesk.fieldwork.photo_model import PhotoFacts
from lvdesk.fieldwork.photo_names import camera_time

_VAGUE: Final = 30.0
_HEADS: Final = (b"Exif\0\0II*\0", b"Exif\0\0MM\0*")
_MOST: Final = 64 << 10


def facts_of(exif: Image.Exif) -> PhotoFacts:
    """Time, place and camera; what is missing or senseless is left out."""
    whole, shot, place = dict(exif), _part(exif, ExifTags.IFD.Exif), _part(exif, ExifTags.IFD.GPSInfo)
    taken = camera_time(_text(shot.get(ExifTags.Base.DateTimeOriginal)) or _text(shot.get(ExifTags.Base.DateTimeDigitized)))
    at = taken or camera_time(_text(whole.get(ExifTags.Base.DateTime)))
    longitude, latitude = _place(place)
    blur = _number(place.get(ExifTags.GPS.GPSHPositioningError))
    camera = " ".join(part for part in (_text(whole.get(tag)) for tag in (ExifTags.Base.Make, ExifTags.Base.Model)) if part)
    return PhotoFacts(
        taken_at=at.isoformat() if at else "", taken_from="exif" if at else "", exact=taken is not None,
        longitude=longitude, latitude=latitude, vague=blur is not None and blur > _VAGUE, camera=camera,
    )  # fmt: skip


def buried_facts(head: bytes) -> PhotoFacts:
    """The same out of a file whose picture cannot be decoded here, from its first bytes; empty when there is nothing."""
    starts = [start for start in map(head.find, _HEADS) if start >= 0]
    if not starts:
        return PhotoFacts()
    exif = Image.Exif()
    exif.load(head[min(starts) : min(starts) + _MOST])
    return facts_of(exif)


def _part(exif: Image.Exif, which: int) -> Mapping[int, Any]:
    return dict(exif.get_ifd(which))


def _text(value: object) -> str:
    said = value.decode("ascii", "ignore") if isinstance(value, bytes) else value
    return said.replace("\0", "").strip() if isinstance(said, str) else ""


def _number(value: Any) -> float | None:
    try:
        number = float(value)
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _place(said: Mapping[int, Any]) -> tuple[float | None, float | None]:
    longitude = _degrees(said.get(ExifTags.GPS.GPSLongitude), _text(said.get(ExifTags.GPS.GPSLongitudeRef)) == "W", 180)
    latitude = _degrees(said.get(ExifTags.GPS.GPSLatitude), _text(said.get(ExifTags.GPS.GPSLatitudeRef)) == "S", 90)
    if not longitude or not latitude or _text(said.get(ExifTags.GPS.GPSStatus)) == "V":
        return None, None
    return round(longitude, 8), round(latitude, 8)


def _degrees(value: Any, negative: bool, most: int) -> float | None:  # noqa: FBT001 - which half of the earth
    parts = [_number(part) for part in value] if isinstance(value, tuple | list) else [_number(value)]
    if not parts or len(parts) > 3 or any(part is None or part < 0 for part in parts):
        return None
    if any(part >= 60 for part in parts[1:] if part is not None):
        return None
    degrees = sum(part / 60**place for place, part in enumerate(parts) if part is not None)
    return (-degrees if negative else degrees) if degrees <= most else None
