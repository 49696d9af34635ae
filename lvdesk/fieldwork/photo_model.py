"""Words of photos taken at site: what a picture says, which box it shows, what waits for a person."""

from dataclasses import dataclass

from lvdesk.network.changed import Changed


@dataclass(frozen=True)
class PhotoView:
    """A photo as lists show it.

    Attributes:
        taken_at: ISO moment, "" where unknown; taken_from: exif, name, file.
        codes: asset barcodes read in the picture; meters: asset numbers of those that are meters of the ledger.
        box_no: the box it is filed to, "" while it waits; bound_by: code, neighbour, person, "".
        candidates: box numbers that it may show, likeliest first, for one that waits.
        missing: meters the ledger has in the box but the picture does not show; strange: those it shows that belong elsewhere.
    """

    id: int
    name: str
    sha256: str
    taken_at: str
    taken_from: str
    longitude: float | None
    latitude: float | None
    codes: tuple[str, ...]
    meters: tuple[str, ...]
    box_no: str
    box_address: str
    bound_by: str
    why: str
    candidates: tuple[str, ...]
    missing: tuple[str, ...]
    strange: tuple[str, ...]


@dataclass(frozen=True)
class PhotosTaken:
    """What a folder gave: ``photos == filed + queued + known + unreadable``; ``known`` came before, nothing happened to them."""

    photos: int
    filed: int
    queued: int
    known: int
    unreadable: tuple[tuple[str, str, str], ...]
    photo_ids: tuple[int, ...]
    changed: Changed


@dataclass(frozen=True)
class PhotoFacts:
    """What a file says by itself, before the ledger is asked.

    Attributes:
        taken_at, taken_from: as in ``PhotoView``; "" where neither the camera nor the name tells.
        exact: whether it is the moment of the shot, not that of saving or sending the picture.
        longitude, latitude: WGS-84 degrees; ``vague`` when the camera itself calls them uncertain.
        camera: make and model, "" where unknown.
        codes: every barcode read that may be a number of an asset.
        trouble, hint: why the picture could not be looked at though the file is kept, and what to do; "" when it was.
    """

    taken_at: str = ""
    taken_from: str = ""
    exact: bool = False
    longitude: float | None = None
    latitude: float | None = None
    vague: bool = False
    camera: str = ""
    codes: tuple[str, ...] = ()
    trouble: str = ""
    hint: str = ""
