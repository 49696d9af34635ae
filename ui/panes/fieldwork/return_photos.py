"""Photos that wait for their box, or have one: small pictures, one in full, candidates by one key."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QSplitter, QStackedWidget, QWidget

from lvdesk.fieldwork.photo_model import PhotoView
from lvdesk.network.changed import Changed
from ui.notices import Offer
from ui.panes.base import Context
from ui.panes.fieldwork.asking import SAMPLE, Asking, Extent, Question
from ui.panes.fieldwork.return_latest import Latest
from ui.panes.fieldwork.return_loading import ReturnServices
from ui.panes.fieldwork.return_photo_card import PhotoCard
from ui.panes.fieldwork.return_thumbs import ThumbModel, Thumbs
from ui.parts import card, column, label, row
from ui.widgets.segmented import Segmented
from ui.widgets.state_view import StateView

WAITING, FILED = "waiting", "filed"
_LARGE = 1600
_REST_MS = 60
Read = tuple[Sequence[PhotoView], int]
_REASONS = ("不是这个箱", "照片看不清", "不是计量箱")


class WaitingPhotos(QWidget):
    """Signals: counted(how many wait, None while unknown).

    Attributes:
        photos: those listed; None before they were read.
    """

    counted = Signal(object)

    def __init__(self, context: Context, services: ReturnServices) -> None:
        super().__init__()
        self._context, self._services = context, services
        self._latest, self._pictures = Latest(context.jobs), Latest(context.jobs)
        self.photos: Sequence[PhotoView] | None = None
        self._shown: int | None = None
        self.scope = Segmented([(WAITING, "待归箱"), (FILED, "已归箱")], name="照片范围")
        self.hint = label("", "muted")
        self.model = ThumbModel(context.jobs, services.photo_picture)
        self.thumbs = Thumbs(self.model)
        self.thumbs.installEventFilter(self)
        self.card = PhotoCard(context.workspace.clock().date())
        self.question: Asking | None = None
        self.state = StateView()
        self.state.loading()
        self._pages = QStackedWidget()
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._look)
        self._lay_out()
        self._connect()

    def refresh(self) -> None:
        """Reads again what waits."""
        filed = self.scope.current() == FILED

        def read() -> Read:
            waiting = self._services.photos(waiting=True)
            return (self._services.photos(waiting=False) if filed else waiting), len(waiting)

        self._latest.read(read, self._take, self._failed)

    def start(self) -> None:
        """Puts the keyboard on the photos."""
        self.thumbs.setFocus(Qt.FocusReason.OtherFocusReason)

    def bind(self, box_no: str) -> None:
        """Files the selected photos to a box."""
        photos = self.thumbs.chosen()
        many = _named(photos)
        numbers = [photo.id for photo in photos]
        if not photos:
            return

        def done(changed: Changed) -> None:
            self.card.box.clear()
            self._told(f"{many} 已归到 {box_no}", changed)
            self.start()

        self._run(f"正在归箱 {many}", lambda: self._services.bind_photos(numbers, box_no), done, "照片没有归箱")

    def ask_unbind(self) -> None:
        """Asks why the selected photos are taken away from their box."""
        photos = [photo for photo in self.thumbs.chosen() if photo.box_no]
        if not photos:
            return
        lines = tuple(f"{photo.name}　{photo.box_no}" for photo in photos[:SAMPLE])
        extent = Extent("chosen", "选中的", tuple(str(photo.id) for photo in photos), "", lines)
        self.question = Asking(self, Question("移出计量箱", "移出", "张照片", (extent,), "照片回到待归箱。", "原因", reasons=_REASONS))
        self.question.agreed.connect(lambda keys, reason: self._unbind([int(key) for key in keys], reason, _named(photos)))
        self.question.open()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys on the photos: a digit takes a candidate, Enter goes to the line, Delete takes the box away."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and self._key(event):
            return True
        return super().eventFilter(watched, event)

    def _key(self, event: QKeyEvent) -> bool:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.card.start()
        elif event.key() == Qt.Key.Key_Delete:
            self.ask_unbind()
        elif event.text().isdecimal() and 0 < int(event.text()) <= len(self.card.candidates):
            self.card.candidates[int(event.text()) - 1].click()
        else:
            return False
        return True

    def _unbind(self, numbers: Sequence[int], reason: str, many: str) -> None:
        self._run(
            f"正在移出 {many}",
            lambda: self._services.unbind_photos(numbers, reason),
            lambda changed: self._told(f"{many} 已移出，回到待归箱", changed),
            "照片没有移出",
        )

    def _run(self, title: str, work: Callable[[], Changed], done: Callable[[Changed], object], failed: str) -> None:
        self._context.jobs.run(title, lambda _progress: work(), done=done, failed=lambda error: self._context.notices.show(error, failed))

    def _told(self, said: str, changed: Changed) -> None:
        self._context.notices.success(said, offer=Offer("撤销", lambda: self._context.actions.trigger("edit.undo")))
        self._context.bus.tell(changed | Changed.RETURNS)

    def _take(self, read: Read) -> None:
        photos, waiting = read[0], self.scope.current() == WAITING
        self.counted.emit(read[1])
        present, at = self.thumbs.current(), max(self.thumbs.currentIndex().row(), 0)
        self.photos = photos
        self._shown = None
        self.model.show_photos(photos)
        self.hint.setText(_hint(len(photos), waiting=waiting))
        if not photos and waiting:
            self.state.say(
                "check", "没有待归箱的照片", "没有条码、位置又说不清的照片排在这里", ("看已归箱的照片", lambda: self._turn_to(FILED))
            )
        elif not photos:
            other = ("看待归箱的照片", lambda: self._turn_to(WAITING))
            self.state.say("info", "还没有归到箱的照片", "回收现场照片后，按图中条码、时间和位置归到箱", other)
        self._pages.setCurrentIndex(1 if photos else 0)
        if photos:
            same = next((row for row, photo in enumerate(photos) if present is not None and photo.id == present.id), None)
            self.thumbs.setCurrentIndex(self.model.index(min(at, len(photos) - 1) if same is None else same))
        self._rest.start()

    def _turn_to(self, scope: str) -> None:
        self.scope.select(scope)
        self.refresh()

    def _failed(self, error: Exception) -> None:
        if self.photos is None:
            self.counted.emit(None)
            what = getattr(error, "message", "") or "读取照片时出错"
            self.state.say("error", what, getattr(error, "hint", "") or "请重试", ("重试", self.refresh), level="error")
        else:
            self._context.notices.show(error, "没有读到照片", retry=self.refresh)

    def _look(self) -> None:
        photo = self.thumbs.current()
        self.card.show_photo(photo, len(self.thumbs.chosen()))
        if photo is None or photo.id == self._shown:
            return
        self._shown = photo.id
        self.card.picture.say("正在读取照片")
        self._pictures.read(
            lambda: self._services.photo_picture(photo.id, _LARGE),
            self.card.picture.show_bytes,
            lambda error: self.card.picture.say(getattr(error, "message", "") or "照片没有读到"),
        )

    def _lay_out(self) -> None:
        left = card()
        head = row(self.scope, None, self.hint, gap=10)
        head.setContentsMargins(12, 8, 14, 0)
        column(head, self.thumbs, parent=left, gap=2, margin=1).setStretch(1, 1)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setHandleWidth(12)
        split.setChildrenCollapsible(False)
        for part, least in ((left, 340), (self.card, 340)):
            part.setMinimumWidth(least)
            split.addWidget(part)
        split.setStretchFactor(0, 1)
        split.setSizes([680, 420])
        waiting = card()
        column(self.state, parent=waiting, gap=0, margin=1)
        self._pages.addWidget(waiting)
        self._pages.addWidget(split)
        column(self._pages, parent=self, gap=0)

    def _connect(self) -> None:
        self.scope.chosen.connect(lambda _key: self.refresh())
        self.thumbs.selectionModel().selectionChanged.connect(lambda *_parts: self._rest.start())
        self.thumbs.selectionModel().currentChanged.connect(lambda *_parts: self._rest.start())
        self.thumbs.doubleClicked.connect(lambda _index: self.card.start())
        self.card.bind_asked.connect(self.bind)
        self.card.unbind_asked.connect(self.ask_unbind)
        self.card.box_asked.connect(lambda number: self._context.navigate("ledger", ("meter_box", number)))


def _named(photos: Sequence[PhotoView]) -> str:
    return photos[0].name if len(photos) == 1 else f"{len(photos):,} 张照片"


def _hint(count: int, *, waiting: bool) -> str:
    if not count:
        return ""
    return "数字键 1–4 归到候选箱，Enter 输入箱编号，Shift 选多张" if waiting else f"{count:,} 张  ·  Delete 移出此箱"
