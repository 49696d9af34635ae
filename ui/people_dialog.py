"""People and roles: a list, and beside it the person chosen in it."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QDialog, QListWidget, QListWidgetItem, QWidget

from lvdesk.kit.errors import LVDeskError
from ui.parts import button, column, label, row
from ui.people_form import Filled, PersonForm

if TYPE_CHECKING:
    from lvdesk.security.people import Profile

_ROW = 48


class PeopleDialog(QDialog):
    """Non-blocking; asks ``save(profile or None, filled)`` and ``set_active(profile, active)``; ``show_people`` shows what came of it."""

    def __init__(
        self, roles: Mapping[str, str], save: Callable[["Profile | None", Filled], object],
        set_active: Callable[["Profile", bool], object], parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._save, self._set_active = save, set_active
        self._people: list[Profile] = []
        self.setWindowTitle("人员与角色")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumSize(720, 520)
        self.names = QListWidget()
        self.names.setAccessibleName("人员")
        self.names.setProperty("people", "true")
        self.names.setMinimumWidth(270)
        self.names.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.empty = label("还没有登记人员。登记之后，每次打开先选择是谁在用，营销确认和运检确认才有人可做。", "muted", wrap=True)
        self.form = PersonForm(roles)
        self.problem = label("", wrap=True)
        self.problem.setProperty("ink", "error")
        self.problem.hide()
        self.leave = button("离岗", self._leave, "danger")
        self.keep = button("登记", self._keep, "primary")
        self.keep.setDefault(True)
        fresh = button("登记新人员", self.start_new, "", "plus")
        left, right = QWidget(), QWidget()
        column(fresh, self.names, self.empty, parent=left, gap=8)
        column(self.form, self.problem, row(self.leave, None, self.keep), parent=right, gap=10)
        close = button("关闭", self.accept)
        close.setAutoDefault(False)
        beside = QWidget()
        inside = row(left, right, parent=beside, gap=20)
        inside.setStretch(1, 1)
        hint = label("一个人可以有几个角色；同一事项的营销确认和运检确认须由两个人做，谁也不能确认自己录入的。", "muted", wrap=True)
        column(label("人员与角色", "h1"), hint, beside, row(None, close), parent=self, gap=12, margin=24)
        self.names.currentRowChanged.connect(self._chosen)
        self._chosen(-1)

    def show_people(self, people: "Sequence[Profile]", chosen: str = "") -> None:
        """The people as they are now, ``chosen`` selected; without one what is being typed stays."""
        self._people = list(people)
        self.names.blockSignals(True)
        self.names.clear()
        for each in people:
            self.names.addItem(_line(each))
        self.names.blockSignals(False)
        self.empty.setVisible(not people)
        known = [each.name for each in people]
        if chosen in known:
            self.names.setCurrentRow(known.index(chosen))
            self._chosen(known.index(chosen))

    def start_new(self) -> None:
        """An empty form."""
        self.names.setCurrentRow(-1)
        self._chosen(-1)
        self.form.name.setFocus()

    def _current(self) -> "Profile | None":
        at = self.names.currentRow()
        return self._people[at] if 0 <= at < len(self._people) else None

    def _chosen(self, _at: int) -> None:
        profile = self._current()
        self.form.show_person(profile)
        self.problem.hide()
        self.keep.setText("保存" if profile else "登记")
        self.leave.setVisible(profile is not None)
        self.leave.setText("离岗" if profile is None or profile.active else "恢复在岗")

    def _keep(self) -> None:
        self.problem.hide()
        self._save(self._current(), self.form.filled())

    def _leave(self) -> None:
        if (profile := self._current()) is not None:
            self._set_active(profile, not profile.active)

    def refuse(self, error: Exception) -> None:
        """Says why nothing was kept."""
        self.problem.setText(f"{error.message}。{error.hint}" if isinstance(error, LVDeskError) else str(error))
        self.problem.show()


def _line(profile: "Profile") -> QListWidgetItem:
    marks = [*profile.role_titles, *([profile.team] if profile.team else []), *([] if profile.active else ["已离岗"])]
    item = QListWidgetItem(f"{profile.name}\n{' · '.join(marks)}")
    item.setSizeHint(QSize(0, _ROW))
    return item
