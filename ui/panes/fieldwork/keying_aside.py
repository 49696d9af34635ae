"""Beside the sheet: the present field with its picture from the scan, what the ledger says, what is wrong."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QWidget

from ui.jobs import Jobs
from ui.panes.fieldwork.keying_form import KeyingForm, Stop
from ui.panes.fieldwork.keying_options import KeyingOptions
from ui.panes.fieldwork.keying_paint import spoken
from ui.panes.fieldwork.keying_words import option_titles, place_title
from ui.parts import card, chip, column, label, restyle, row

_WIDE, _HIGH = 268, 150
_LONG = 12  # cells of a comb that would be too small in one line
Key = tuple[int, str]


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
        self._pictures: dict[Key, QPixmap] = {}
        self._asked: set[Key] = set()
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
        self.options = KeyingOptions()
        self.problem = label("", wrap=True)
        self.problem.setProperty("ink", "error")
        self.message = label("", wrap=True)
        head = row(self.title, None, self.risky, self.verified, self.machine, gap=6)
        column(
            head, self.block, self._frame, self.no_picture, self.options, self._ledger, self.problem, self.message, None,
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
        self.title.setText(place_title(stop))
        self.block.setText(f"{block.index + 1}  {block.heading}" if block else "整张表单")
        self.risky.setVisible(stop.field.risky and not stop.field.verified)
        self.verified.setVisible(stop.field.verified)
        self.machine.setVisible(any(field.how == "tick" for field in stop.fields))
        said = form.ledger(stop)
        self.ledger.setText(said)
        self._ledger.setVisible(bool(said))
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
        """What the scan shows of the present stop; what comes next is read ahead."""
        form = self._form
        if form is None or not form.stops:
            return
        stop = form.stop
        for each in (stop, *form.stops[form.here + 1 : form.here + 4]):
            for key in _keys(each):
                self._fetch(key)
        pictures = [self._pictures.get(key) for key in _keys(stop)]
        seen = [picture for picture in pictures if picture is not None and not picture.isNull()]
        expected = any(picture is None for picture in pictures)
        self.no_picture.setVisible(not seen and not expected)
        self._frame.setVisible(not stop.ticks and bool(seen or expected))
        if stop.ticks:
            chosen = [form.values[field.place] == "1" for field in stop.fields]
            self.options.show_options(option_titles(stop), chosen, pictures if seen or expected else ())
            return
        choices = [title for _value, title in stop.field.choices]
        said = form.text(stop)
        self.options.show_options(choices, [value == said and bool(said) for value, _title in stop.field.choices], ())
        if seen:
            room = QSize(self.width() - 44, _HIGH - 12)
            shown = _halves(seen[0]) if stop.field.length > _LONG else seen[0]
            self.picture.setPixmap(shown.scaled(room, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation))
        else:
            self.picture.clear()

    def _fetch(self, key: Key) -> None:
        if key in self._asked:
            return
        self._asked.add(key)
        form = self._form

        def take(data: bytes) -> None:
            picture = QPixmap()
            picture.loadFromData(data)
            keep(picture)

        def keep(picture: QPixmap) -> None:
            if self._form is form:
                self._pictures[key] = picture
                self._show_picture()

        self._jobs.read(lambda: self._crop(*key), take, lambda _error: keep(QPixmap()))


def _keys(stop: Stop) -> Sequence[Key]:
    return [(field.page, field.place) for field in stop.fields if field.page is not None]


def _halves(picture: QPixmap) -> QPixmap:
    """A long comb as two lines, cut between its middle cells."""
    wide, high = (picture.width() + 1) // 2, picture.height()
    made = QPixmap(wide, 2 * high)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.drawPixmap(0, 0, picture, 0, 0, wide, high)
    painter.drawPixmap(0, high, picture, picture.width() - wide, 0, wide, high)
    painter.end()
    return made


def _key(text: str) -> QLabel:
    made = label(text, "keycap")
    made.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    return made
