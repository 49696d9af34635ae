"""What a photo's file says: the moment in its name and its EXIF, the place, the barcodes at any angle."""

from datetime import datetime
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any

import pytest
from PIL import ExifTags, Image
from PIL.TiffImagePlugin import IFDRational

from lvdesk.fieldwork.photo_codes import codes_of
from lvdesk.fieldwork.photo_names import named_time
from lvdesk.fieldwork.photo_reading import facts, upright
from lvdesk.kit.errors import KnownError
from tests.helpers.photo_truth_picture import Look, Said, jpeg, picture
from tests.helpers.stations import barcode

AT = datetime(2026, 11, 23, 10, 11, 12)  # noqa: DTZ001 - as cameras write it
HERE = (115.681234, 34.441234)
PLAIN = Image.new("L", (300, 200), 120)


def huge(side: int) -> bytes:
    """A small file of very many pixels."""
    stream = BytesIO()
    Image.new("1", (side, side)).save(stream, "PNG")
    return stream.getvalue()


@pytest.mark.parametrize(
    "name, at, exact",
    [
        ("IMG_20261123_101112.jpg", "2026-11-23T10:11:12", True),
        ("IMG20261123101112.jpg", "2026-11-23T10:11:12", True),
        ("20261123_101112.jpg", "2026-11-23T10:11:12", True),
        ("PXL_20261123_101112345.jpg", "2026-11-23T10:11:12", True),
        ("wx_camera_1700000000000.jpg", "2023-11-15T06:13:20", True),
        ("mmexport1700000000000.jpg", "2023-11-15T06:13:20", False),
        ("1700000000000.jpg", "2023-11-15T06:13:20", False),
        ("微信图片_20261123101112.jpg", "2026-11-23T10:11:12", False),
        ("Screenshot_2026-11-23-10-11-12-123_com.tencent.mm.jpg", "2026-11-23T10:11:12", False),
        ("Screenshot_20261123_101112.jpg", "2026-11-23T10:11:12", False),
    ],
)
def test_names_tell_the_moment(name: str, at: str, exact: bool) -> None:
    found = named_time(name)
    assert found is not None
    assert (found.at.isoformat(), found.exact) == (at, exact)


@pytest.mark.parametrize(
    "name",
    ["IMG_0001.jpg", "3430005180000000000077.jpg", "IMG_20261323_101112.jpg", "IMG_20261123_251112.jpg", "mmexport17.jpg", "电表箱.jpg"],
)
def test_other_names_tell_none(name: str) -> None:
    assert named_time(name) is None


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a.jpg"


def test_exif_tells_time_place_and_camera(path: Path) -> None:
    path.write_bytes(jpeg(PLAIN, Said(AT, HERE, "Xiaomi Redmi 12")))
    found = facts(path, "IMG_20200101_000000.jpg")
    assert (found.taken_at, found.taken_from, found.exact, found.camera) == ("2026-11-23T10:11:12", "exif", True, "Xiaomi Redmi 12")
    assert (found.longitude, found.latitude) == pytest.approx(HERE, abs=1e-6)


def test_stripped_of_its_exif_the_name_counts(path: Path) -> None:
    path.write_bytes(jpeg(PLAIN, None))
    found = facts(path, "mmexport1700000000000.jpg")
    assert (found.taken_from, found.exact, found.longitude, found.camera) == ("name", False, None, "")
    assert facts(path, "无名.jpg").taken_at == ""


@pytest.mark.parametrize(
    "more",
    [
        {ExifTags.GPS.GPSLongitude: (0.0, 0.0, 0.0)},
        {ExifTags.GPS.GPSLongitude: (999.0, 0.0, 0.0)},
        {ExifTags.GPS.GPSLatitude: (34.0, 75.0, 0.0)},
        {ExifTags.GPS.GPSLatitude: (IFDRational(1, 0), 0.0, 0.0)},
        {ExifTags.GPS.GPSStatus: "V"},
    ],
)
def test_senseless_places_are_left_out(path: Path, more: dict[int, Any]) -> None:
    with Image.open(BytesIO(jpeg(PLAIN, Said(AT, HERE)))) as taken:
        exif = taken.getexif()
    exif.get_ifd(ExifTags.IFD.GPSInfo).update(more)
    PLAIN.save(path, "JPEG", exif=exif)
    found = facts(path, "a.jpg")
    assert (found.longitude, found.latitude, found.taken_at) == (None, None, "2026-11-23T10:11:12")


@pytest.mark.parametrize("text", ["0000:00:00 00:00:00", "1970:01:01 08:00:00", "2026:13:45 10:00:00", "yesterday", ""])
def test_a_clock_never_set_tells_no_time(path: Path, text: str) -> None:
    exif = Image.Exif()
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = text
    PLAIN.save(path, "JPEG", exif=exif)
    assert facts(path, "a.jpg").taken_at == ""
    assert facts(path, "IMG_20261123_101112.jpg").taken_from == "name"


def test_broken_exif_does_not_spoil_the_picture(path: Path) -> None:
    data = jpeg(PLAIN, Said(AT, HERE, "Xiaomi Redmi 12"))
    start = data.index(b"Exif\0\0") + 14
    path.write_bytes(data[:start] + b"\xff" * 60 + data[start + 60 :])
    assert facts(path, "a.jpg").codes == ()


def test_a_picture_that_cannot_be_decoded_here_still_tells_when_and_where(path: Path) -> None:
    said = jpeg(PLAIN, Said(AT, HERE))
    exif = said[said.index(b"Exif\0\0") :][:2000]
    path.write_bytes(b"\0\0\0\x18ftypheic" + bytes(40) + exif)
    found = facts(path, "a.heic")
    assert found.taken_at == "2026-11-23T10:11:12"
    assert found.longitude == pytest.approx(HERE[0], abs=1e-6)
    assert "HEIC" in found.trouble
    assert found.hint


@pytest.mark.parametrize(
    "data, code",
    [
        (b"", "photo.empty"),
        (b"<html></html>", "photo.format"),
        (b"\xff\xd8\xff\xe0" + bytes(30), "photo.format"),
        (jpeg(PLAIN, None)[:900], "photo.damaged"),
        (huge(12_000), "photo.too_large"),
        (huge(15_000), "photo.too_large"),
    ],
)
def test_what_cannot_be_read_is_told(path: Path, data: bytes, code: str) -> None:
    path.write_bytes(data)
    with pytest.raises(KnownError) as caught:
        facts(path, "a.jpg")
    assert caught.value.code == code
    assert caught.value.hint


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="打不开"):
        facts(tmp_path / "没有.jpg", "没有.jpg")


@pytest.mark.parametrize("turn, blur, module", [(0, 0, 2), (5, 0.5, 2), (20, 0, 2), (75, 0.5, 2), (180, 0, 2), (213, 0.5, 3)])
def test_codes_are_read_at_any_angle(turn: float, blur: float, module: int) -> None:
    codes = {barcode("05", 7), barcode("01", 8), barcode("01", 9)}
    made = picture(sorted(codes), Look((1280, 960), turn, blur, 4, module), Random(turn))
    assert set(codes_of(made)) == codes


def test_a_picture_without_codes_gives_none() -> None:
    assert codes_of(picture([], Look((800, 600)), Random(1))) == ()


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P", "CMYK", "LA", "1"])
def test_every_kind_of_picture_is_looked_at(tmp_path: Path, mode: str) -> None:
    code = barcode("01", 8)
    made = picture([code], Look((900, 700)), Random(3))
    path = tmp_path / ("a.tif" if mode == "CMYK" else "a.png")
    made.convert(mode).save(path)
    assert facts(path, path.name).codes == (code,)
    assert upright(path, 300).startswith(b"\xff\xd8")


def test_pictures_are_shown_upright(path: Path) -> None:
    path.write_bytes(jpeg(PLAIN, Said(AT, None, "", 6)))
    with Image.open(BytesIO(upright(path, 150))) as shown:
        assert shown.size == (100, 150)
