"""Pages out of files: PDF as a scanner makes them, pictures with one page or many; each in grey, upright as the camera held it."""

import io
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from lvdesk.kit.errors import KnownError

Grey = NDArray[np.uint8]
_FORMATS: Final = ("TIFF", "JPEG", "PNG", "BMP", "WEBP")
_MOST: Final = 150_000_000
_LONGEST: Final = 5200
_HEAD: Final = 1024
_HEIC: Final = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif")
_AGAIN: Final = "请重新扫描，或把它另存为 PDF、JPG 后再试"


class Pages:
    """The pages of one file; a context manager. ``len`` how many, ``page`` one of them from 1."""

    def __init__(self, path: Path, dpi: int) -> None:
        """Opens it.

        Raises:
            KnownError: ``scan.heic``, ``scan.format``, ``scan.unreadable``, ``scan.encrypted``; ``file.missing``.
        """
        self._stack = ExitStack()
        try:
            with path.open("rb") as file:
                head = file.read(_HEAD)
        except OSError as error:
            raise KnownError("scan.unreadable", f"{path.name} 打不开或已不在", "请检查文件是否还在、能否打开") from error
        if head[4:8] == b"ftyp" and head[8:12] in _HEIC:
            hint = "请在手机相机设置中把格式改为“兼容性最佳”（JPEG）后重拍，或在手机上另存为 JPG"
            raise KnownError("scan.heic", f"{path.name} 是 HEIC 照片，不能识读", hint)
        self._dpi, self._name = dpi, path.name
        if b"%PDF" in head:
            self._open_pdf(path)
        else:
            self._open_picture(path)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.close()

    def __len__(self) -> int:
        return self._count

    def page(self, number: int) -> Grey:
        """One page.

        Raises:
            KnownError: ``scan.unreadable``.
        """
        try:
            return self._page(number)
        except (OSError, ValueError, SyntaxError, RuntimeError, ArithmeticError, IndexError) as error:
            raise KnownError("scan.unreadable", f"{self._name} 第 {number} 页的图像已损坏", _AGAIN) from error

    _page: Callable[[int], Grey]

    def _open_pdf(self, path: Path) -> None:
        import pypdfium2  # type: ignore[import-untyped, unused-ignore]

        try:
            document = self._stack.enter_context(pypdfium2.PdfDocument(path))
        except pypdfium2.PdfiumError as error:
            if "password" in str(error).lower():
                raise KnownError("scan.encrypted", f"{path.name} 设了打开密码", "请去掉密码后再试") from error
            raise KnownError("scan.unreadable", f"{path.name} 已损坏，无法打开", _AGAIN) from error
        self._count = len(document)

        def rendered(number: int) -> Grey:
            page = document[number - 1]
            scale = min(self._dpi / 72, _LONGEST / max(*page.get_size(), 1.0))
            return np.array(page.render(scale=scale, grayscale=True).to_numpy(), dtype=np.uint8).squeeze()

        self._page = rendered

    def _open_picture(self, path: Path) -> None:
        try:
            picture: Any = self._stack.enter_context(Image.open(path, formats=_FORMATS))
        except UnidentifiedImageError as error:
            hint = "可以识读 PDF、TIFF、JPG、PNG、BMP、WebP"
            raise KnownError("scan.format", f"{path.name} 不是能识读的图片或 PDF", hint) from error
        except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
            raise KnownError("scan.unreadable", f"{path.name} 已损坏，无法打开", _AGAIN) from error
        if picture.width * picture.height > _MOST:
            raise KnownError("scan.unreadable", f"{path.name} 的图像太大（{picture.width}×{picture.height}）", "请用 200–300 dpi 重新扫描")
        self._count = picture.n_frames if picture.format == "TIFF" else 1

        def frame(number: int) -> Grey:
            picture.seek(number - 1)
            picture.draft("L", (_LONGEST // 2, _LONGEST // 2))
            return _grey(ImageOps.exif_transpose(picture))

        self._page = frame


def _grey(picture: Image.Image) -> Grey:
    if picture.mode.startswith("I;16"):
        picture = Image.fromarray((np.asarray(picture) >> 8).astype(np.uint8))
    if picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info:
        over = picture.convert("RGBA")
        picture = Image.alpha_composite(Image.new("RGBA", over.size, "white"), over)
    grey = picture.convert("L")
    scale = _LONGEST / max(grey.size)
    if scale < 1:
        grey = grey.resize((max(1, round(grey.width * scale)), max(1, round(grey.height * scale))), Image.Resampling.BOX)
    return np.array(grey)


def from_bytes(data: bytes) -> Grey:
    """A picture that was kept."""
    with Image.open(io.BytesIO(data), formats=("JPEG", "PNG")) as picture:
        return np.array(picture.convert("L"))


def numbered(pages: Pages, skip: frozenset[int]) -> Iterator[int]:
    """The pages that are still to be read."""
    return (number for number in range(1, len(pages) + 1) if number not in skip)
