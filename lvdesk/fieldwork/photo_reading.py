"""A file of a photo becomes facts: when, where, which barcodes. Runs in the reading process, for files come from anywhere."""

import io
import warnings
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from PIL import Image, ImageOps, UnidentifiedImageError

from lvdesk.fieldwork.photo_codes import codes_of
from lvdesk.fieldwork.photo_exif import buried_facts, facts_of
from lvdesk.fieldwork.photo_model import PhotoFacts
from lvdesk.fieldwork.photo_names import named_time
from lvdesk.kit.errors import KnownError

READ: Final = "lvdesk.fieldwork.photo_reading:read"
"""What to ask ``lvdesk.tabular.guard.Reader`` for."""
FORMATS: Final = ("JPEG", "PNG", "WEBP", "TIFF", "BMP", "GIF", "AVIF")
HEIC_HINT: Final = "请在手机相机设置中把格式改为“兼容性最佳”（JPEG），或把这张另存为 JPG 查看"
_HEIC: Final = (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1")
_AGAIN: Final = "请从手机重新导出这张照片"
_MOST: Final = 120_000_000
_ENOUGH: Final = 3000
_HEAD: Final = 1 << 20


def read(path: Path, name: str) -> Iterator[PhotoFacts]:
    """The facts of one file; ``name`` is what it was called on the phone.

    Raises:
        KnownError: ``photo.empty``, ``photo.format``, ``photo.damaged``, ``photo.too_large``, ``photo.unreadable``.
    """
    yield facts(path, name)


def facts(path: Path, name: str) -> PhotoFacts:
    """See ``read``."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError as error:
        raise KnownError("photo.unreadable", f"打不开：{error.strerror}", "请检查文件是否还在、能否打开") from error
    if not head:
        raise KnownError("photo.empty", "文件是空的", _AGAIN)
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC:
        return _with_name(replace(_buried(head), trouble="是 HEIC 格式，不能显示和识读条码", hint=HEIC_HINT), name)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with Image.open(path, formats=FORMATS) as picture:
                found = _exif(picture)
                codes = codes_of(grey(picture))
        except KnownError:
            raise
        except UnidentifiedImageError as error:
            raise KnownError("photo.format", "不是能打开的照片", "可以是 JPG、PNG、WebP、TIFF、BMP；其他格式请先另存为 JPG") from error
        except Image.DecompressionBombError as error:
            raise _too_large() from error
        except MemoryError:
            raise
        except Exception as error:
            raise KnownError("photo.damaged", "图像已损坏或不完整", _AGAIN) from error
    return _with_name(replace(found, codes=codes), name)


def grey(picture: Image.Image) -> Image.Image:
    """The opened picture in grey, a very large one reduced; as it lies in the file.

    Raises:
        KnownError: ``photo.too_large``.
    """
    if picture.width * picture.height > _MOST:
        raise _too_large()
    picture.draft("L", (_ENOUGH, _ENOUGH))
    if picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info:
        over = picture.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", over.size, "white"), over).convert("L")
    return picture.convert("L")


def upright(path: Path, longest: int) -> bytes:
    """A JPEG of a photo that was taken in before, upright, at most so long.

    Raises:
        KnownError: ``photo.unreadable`` for what cannot be shown here.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(path, formats=FORMATS) as picture:
                picture.draft("RGB", (longest, longest))
                shown = ImageOps.exif_transpose(picture)
                shown.thumbnail((longest, longest), Image.Resampling.BILINEAR)
                made = io.BytesIO()
                shown.convert("RGB").save(made, "JPEG", quality=88)
    except Exception as error:
        raise KnownError("photo.unreadable", f"{path.name} 不能显示", HEIC_HINT) from error
    return made.getvalue()


def _exif(picture: Image.Image) -> PhotoFacts:
    try:
        return facts_of(picture.getexif())
    except Exception:  # noqa: BLE001 - broken EXIF raises whatever its parser stumbles over; the picture itself may be sound
        return PhotoFacts()


def _buried(head: bytes) -> PhotoFacts:
    try:
        return buried_facts(head)
    except Exception:  # noqa: BLE001 - the same
        return PhotoFacts()


def _with_name(found: PhotoFacts, name: str) -> PhotoFacts:
    named = named_time(name)
    if named is None or found.exact or (found.taken_at and not named.exact):
        return found
    return replace(found, taken_at=named.at.isoformat(), taken_from="name", exact=named.exact)


def _too_large() -> KnownError:
    return KnownError("photo.too_large", "图像太大", "请用手机相机重新拍摄，不要拼接长图")
