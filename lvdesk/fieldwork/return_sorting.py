"""What kind of thing came back: a workbook, a scan of paper, a picture. Told by the first bytes, whatever the name says."""

from pathlib import Path
from typing import Final

WORKBOOK, PDF, PICTURE = "workbook", "pdf", "picture"
_HEAD: Final = 16
_PICTURES: Final = (b"\xff\xd8\xff", b"\x89PNG\r\n", b"GIF8", b"BM", b"II*\0", b"MM\0*")
_HEIF: Final = (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"heim", b"heis", b"avif")
_NEVER: Final = {"thumbs.db", "desktop.ini"}
_BY_NAME: Final = {
    ".jpg": PICTURE, ".jpeg": PICTURE, ".png": PICTURE, ".bmp": PICTURE, ".tif": PICTURE, ".tiff": PICTURE, ".webp": PICTURE,
    ".gif": PICTURE,    ".heic": PICTURE, ".heif": PICTURE, ".pdf": PDF,
}  # fmt: skip


def kind_of(path: Path) -> str:
    """The kind of a file; one that cannot be read or says nothing goes by its name, everything else is for the import to judge."""
    try:
        with path.open("rb") as stream:
            head = stream.read(_HEAD)
    except OSError:
        head = b""
    if head.startswith(b"%PDF"):
        return PDF
    if head.startswith(_PICTURES) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP") or (head[4:8] == b"ftyp" and head[8:12] in _HEIF):
        return PICTURE
    return _BY_NAME.get(path.suffix.lower(), WORKBOOK)


def is_litter(path: Path) -> bool:
    """Files that Windows leaves in folders of pictures."""
    return path.name.lower() in _NEVER
