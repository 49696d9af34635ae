"""Beside the sheet: the present field with its picture from the scan, what the ledger says, what is wrong."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QWidget

from ui.jobs import Jobs
from ui.panes.fieldwork.keying_form import KeyingForm
from ui.panes.fieldwork.keying_paint import spoken
from ui.panes.fieldwork.keying_words import option_titles, stop_title
from ui.parts import card, chip, column, label, restyle, row

_WIDE, _HIGH = 268, 150


class KeyingAside(QFrame):
    """The present field in words.

    Attributes:
        picture: what the scan shows of it.
    """

    def __init__(self, jobs: Jobs, crop: Callable[[int, str], bytes]) -> None:
        super().__init__()
        self.setProperty("card", "true")
        self._jobs, self._crop = jobs, crop
        self._form: KeyingForm | None = None
        self._pictures: dict[tuple[int, str], QPixmap] = {}
        self._asked: set[tuple[int, str]] = set()
        self._wanted: tuple[int, str] | None = None
        self.title, self.block = label("", "h2"), label("", "muted", wrap=True)
        self.risky = chip("要录两遍", "warning")
        self.verified = chip("两遍一致", "success")
        self.machine = chip("机读", "info")
        self.picture = QLabel()
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.picture.setMinimumHeight(76)
        self.picture.setMaximumHeight(_HIGH)
        self.picture.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._frame = card()
        column(self.picture, parent=self._frame, gap=0, margin=6)
        self.no_picture = label("没有扫描件，请看纸面", "faint")
        self.ledger, self._ledger = label("", wrap=True), QWidget()
        row(label("台账", "muted"), self.ledger, None, _key("+"), parent=self._ledger, gap=8).setStretch(1, 1)
        self.choices = label("", "muted", wrap=True)
        self.problem = label("", wrap=True)
        self.problem.setProperty("ink", "error")
        self.message = label("", wrap=True)
        head = row(self.title, None, self.risky, self.verified, self.machine, gap=6)
        column(
            head, self.block, self._frame, self.no_picture, self._ledger, self.choices, self.problem, self.message, None,
            parent=self, gap=8, margin=14,
        )  # fmt: skip
        self.setFixedWidth(_WIDE)

    def show_form(self, form: KeyingForm | None) -> None:
        """Another sheet."""
        self._form = form
        self._pictures.clear()
        self._asked.clear()
        self.tell("", "")
        self.follow()

    def follow(self) -> None:
        """Shows the present stop."""
        form = self._form
        if form is None or not form.stops:
            return
        stop = form.stop
        block = form.block(stop.block)
        self.title.setText(stop_title(stop) if stop.field.slot is None else f"表位 {stop.field.slot[0]}-{stop.field.slot[1]}")
        self.block.setText(f"{block.index + 1}  {block.heading}" if block else "整张表单")
        self.risky.setVisible(stop.field.risky and not stop.field.verified)
        self.verified.setVisible(stop.field.verified)
        self.machine.setVisible(any(field.how == "tick" for field in stop.fields))
        said = form.ledger(stop)
        self.ledger.setText(said)
        self._ledger.setVisible(bool(said))
        options = option_titles(stop) if stop.ticks else [title for _value, title in stop.field.choices]
        self.choices.setText("\n".join(f"{place}  {title}" for place, title in enumerate(options, 1)))
        self.choices.setVisible(bool(options))
        problem = form.problem(stop)
        if form.differs(stop):
            problem = f"{problem}。看清纸面再录；仍是这个值，按 Enter 定下来" if problem else problem
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        self.setAccessibleDescription(spoken(form, stop))
        self._show_picture()

    def tell(self, text: str, level: str) -> None:
        """Says something about the last key."""
        self.message.setText(text)
        self.message.setProperty("ink", level)
        self.message.setVisible(bool(text))
        restyle(self.message)

    def _show_picture(self) -> None:
        form = self._form
        if form is None:
            return
        wanted = [(field.page, field.place) for field in form.stop.fields[:1] if field.page is not None]
        following = [form.stops[index] for index in range(form.here + 1, min(form.here + 4, len(form.stops)))]
        self._wanted = (wanted[0][0] or 0, wanted[0][1]) if wanted else None
        self._frame.setVisible(self._wanted is not None)
        self.no_picture.setVisible(self._wanted is None)
        if self._wanted is not None:
            self._put(self._wanted)
        ahead = [(stop.field.page, stop.field.place) for stop in following if stop.field.page is not None]
        for page, place in [*([self._wanted] if self._wanted else []), *ahead]:
            self._fetch((page or 0, place))

    def _fetch(self, key: tuple[int, str]) -> None:
        if key in self._asked:
            return
        self._asked.add(key)

        def take(data: bytes) -> None:
            picture = QPixmap()
            picture.loadFromData(data)
            self._pictures[key] = picture
            if key == self._wanted:
                self._put(key)

        self._jobs.read(lambda: self._crop(*key), take, lambda _error: self._missing(key))

    def _missing(self, key: tuple[int, str]) -> None:
        self._asked.discard(key)
        if key == self._wanted:
            self._frame.setVisible(False)
            self.no_picture.setVisible(True)

    def _put(self, key: tuple[int, str]) -> None:
        picture = self._pictures.get(key)
        if picture is None or picture.isNull():
            self.picture.clear()
            return
        room = QSize(self.width() - 44, _HIGH - 12)
        self.picture.setPixmap(picture.scaled(room, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation))


def _key(text: str) -> QLabel:
    made = label(text, "keycap")
    made.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    return made
