"""Tables of what comes back from the field: classed differences, pages of scanned sheets, what stands on each sheet, photos."""

from sqlalchemy import Index, Integer, LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from lvdesk.store.tables import Base, RowId


class FieldSheet(Base):
    """A table of field results that was imported: what makes its import one step of history, though no record changed.

    Attributes:
        sheet: ``BatchSheet.id``.
        name: file and table as people know them.
        package_no: the package a person says its rows belong to, "" where the rows say it or nobody.
        crs: the coordinate system a person declared for rows that do not say theirs, "" for none.
    """

    __tablename__ = "field_sheet"
    __table_args__ = ({"info": {"title": "采录结果", "key": "name"}},)

    id: Mapped[int] = mapped_column(RowId, primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(default=1)
    sheet: Mapped[int] = mapped_column(RowId, unique=True)
    name: Mapped[str] = mapped_column(Text, info={"title": "文件"})
    package_no: Mapped[str] = mapped_column(Text, info={"title": "任务包"})
    crs: Mapped[str] = mapped_column(Text, info={"title": "坐标系"})


class FieldDifference(Base):
    """How the field differs from the accepted state. Derived: brought up to date after each return, the journal does not keep it.

    Attributes:
        id: its number, never given to another difference.
        identity: class, entity, key, field and detail: found again it keeps its number.
        klass: one of ``return_model.DifferenceClass``.
        record: id in the entity's table; None for a thing the ledger does not have.
        ledger, field_value: both sides as text, None for nothing.
        evidence: JSON list of sentences.
        sheet_id, sheet_row: the row of field results that says it; None for what no row says.
        package_no: the package the row belongs to, None when it says none.
        resolved_at: when the field and the ledger no longer differed in it; None while they do.
    """

    __tablename__ = "field_difference"
    __table_args__ = (
        Index("ix_field_difference_klass", "klass"),
        Index("ix_field_difference_record", "entity", "record"),
        Index("ix_field_difference_sheet_id", "sheet_id"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True, autoincrement=False)
    identity: Mapped[str] = mapped_column(Text, unique=True)
    klass: Mapped[str] = mapped_column(Text)
    entity: Mapped[str] = mapped_column(Text)
    record: Mapped[int | None] = mapped_column(RowId)
    key: Mapped[str] = mapped_column(Text)
    field: Mapped[str] = mapped_column(Text)
    ledger: Mapped[str | None] = mapped_column(Text)
    field_value: Mapped[str | None] = mapped_column(Text)
    evidence: Mapped[str] = mapped_column(Text)
    sheet_id: Mapped[int | None] = mapped_column(RowId)
    sheet_row: Mapped[int | None] = mapped_column(Integer)
    area_no: Mapped[str | None] = mapped_column(Text)
    package_no: Mapped[str | None] = mapped_column(Text)
    found_at: Mapped[str] = mapped_column(Text)
    resolved_at: Mapped[str | None] = mapped_column(Text)


class SheetEntry(Base):
    """What stands at one place of a paper sheet.

    Attributes:
        place: ``Spot.name``.
        value: what counts; for a tick ``1`` or "" (not ticked). "" also for a writing cell that was left empty.
        how: ``tick`` read from a picture, ``person`` decided on a picture, ``keyed`` typed from the paper.
        score: of a reading, share of ink; None for what a person said.
        first, first_by, second, second_by: blind keying of a risky field; ``second`` None until it was done.
        page: the scanned page it was read from.
    """

    __tablename__ = "sheet_entry"
    __table_args__ = (
        Index("ix_sheet_entry_sheet_no", "sheet_no", "place", unique=True),
        {"info": {"title": "表单录入", "key": "sheet_no"}},
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(default=1)
    sheet_no: Mapped[str] = mapped_column(Text, info={"title": "表单编号"})
    place: Mapped[str] = mapped_column(Text, info={"title": "位置"})
    value: Mapped[str] = mapped_column(Text, info={"title": "内容"})
    how: Mapped[str] = mapped_column(Text, info={"title": "方式"})
    score: Mapped[float | None]
    first: Mapped[str | None] = mapped_column(Text, info={"title": "首次录入"})
    first_by: Mapped[str | None] = mapped_column(Text, info={"title": "录入人"})
    second: Mapped[str | None] = mapped_column(Text, info={"title": "复录"})
    second_by: Mapped[str | None] = mapped_column(Text, info={"title": "复录人"})
    page: Mapped[int | None] = mapped_column(RowId)
    at: Mapped[str] = mapped_column(Text, info={"title": "时间"})


class ScannedPage(Base):
    """One page of a scan or one phone picture of a sheet.

    Attributes:
        sha256, page: the file and the page in it, from 1; together unique.
        sheet_no: "" while nobody knows which sheet it is.
        state: ``read``, ``unread`` (a person must say something), ``duplicate`` (the sheet was read from another page), ``dropped``.
        why, code: why it is unread, in words and as a stable code.
        marks: JSON, list of [place, kind, ink, verdict]; verdict ``marked``, ``empty`` or ``doubtful``.
        quality: JSON: dpi, turned, blur, as far as known.
    """

    __tablename__ = "scanned_page"
    __table_args__ = (
        Index("ix_scanned_page_sha256", "sha256", "page", unique=True),
        Index("ix_scanned_page_sheet_no", "sheet_no"),
        {"info": {"title": "扫描页", "key": "name"}},
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(default=1)
    sha256: Mapped[str] = mapped_column(Text)
    page: Mapped[int] = mapped_column(Integer, info={"title": "页"})
    name: Mapped[str] = mapped_column(Text, info={"title": "文件"})
    sheet_no: Mapped[str] = mapped_column(Text, info={"title": "表单编号"})
    state: Mapped[str] = mapped_column(Text, info={"title": "状态"})
    code: Mapped[str] = mapped_column(Text)
    why: Mapped[str] = mapped_column(Text, info={"title": "原因"})
    marks: Mapped[str] = mapped_column(Text)
    quality: Mapped[str] = mapped_column(Text)
    person: Mapped[str] = mapped_column(Text, info={"title": "经办人"})
    at: Mapped[str] = mapped_column(Text, info={"title": "时间"})


class ScannedPicture(Base):
    """The picture of a scanned page: flattened to true millimetres where the sheet is known, else as it came; grey PNG or JPEG."""

    __tablename__ = "scanned_picture"

    id: Mapped[int] = mapped_column(RowId, primary_key=True, autoincrement=False)
    page: Mapped[int] = mapped_column(RowId, unique=True)
    dpi: Mapped[int] = mapped_column(Integer)
    flat: Mapped[int] = mapped_column(Integer)
    picture: Mapped[bytes] = mapped_column(LargeBinary)


class Photo(Base):
    """A photo taken at site; the file itself lies untouched in the workspace under its digest.

    Attributes:
        sha256: of the file; the same photo again is the same row.
        taken_at, taken_from: when it was taken, and whether ``exif``, ``name`` or ``file`` says so.
        longitude, latitude: CGCS2000 degrees as the camera says, None where it does not.
        codes: JSON list of the asset barcodes read in the picture.
        box_no: asset number of the box it shows, "" while it waits.
        bound_by: ``code``, ``neighbour``, ``person``, "" while it waits.
        why: what it was bound by, or why it waits.
    """

    __tablename__ = "photo"
    __table_args__ = (Index("ix_photo_box_no", "box_no"), {"info": {"title": "照片", "key": "name"}})

    id: Mapped[int] = mapped_column(RowId, primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(default=1)
    sha256: Mapped[str] = mapped_column(Text, unique=True)
    name: Mapped[str] = mapped_column(Text, info={"title": "文件"})
    size: Mapped[int] = mapped_column(RowId, info={"title": "大小"})
    taken_at: Mapped[str | None] = mapped_column(Text, info={"title": "拍摄时间"})
    taken_from: Mapped[str] = mapped_column(Text)
    longitude: Mapped[float | None] = mapped_column(info={"title": "经度"})
    latitude: Mapped[float | None] = mapped_column(info={"title": "纬度"})
    codes: Mapped[str] = mapped_column(Text, info={"title": "条码"})
    box_no: Mapped[str] = mapped_column(Text, info={"title": "计量箱"})
    bound_by: Mapped[str] = mapped_column(Text, info={"title": "归档依据"})
    why: Mapped[str] = mapped_column(Text, info={"title": "说明"})
    person: Mapped[str] = mapped_column(Text, info={"title": "经办人"})
    at: Mapped[str] = mapped_column(Text, info={"title": "时间"})
