"""One person's name, roles, team and PIN to fill in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QCheckBox, QGridLayout, QLineEdit, QWidget

from ui.parts import column, label, row

if TYPE_CHECKING:
    from lvdesk.security.people import Profile


@dataclass(frozen=True)
class Filled:
    """What stands in the form; ``pin`` "" when it was left alone, ``no_pin`` when it is taken away."""

    name: str
    roles: tuple[str, ...]
    team: str
    pin: str
    no_pin: bool = False


class PersonForm(QWidget):
    """Fields for somebody new or known; the name of a known person is fixed: it stands in history."""

    def __init__(self, roles: Mapping[str, str]) -> None:
        super().__init__()
        self.name, self.team, self.pin = QLineEdit(), QLineEdit(), QLineEdit()
        self.pin.setEchoMode(QLineEdit.EchoMode.Password)
        self.roles = {key: QCheckBox(title) for key, title in roles.items()}
        ticks = QWidget()
        grid = QGridLayout(ticks)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(8)
        for place, tick in enumerate(self.roles.values()):
            grid.addWidget(tick, place // 2, place % 2)
        for field, title in ((self.name, "姓名"), (self.team, "班组"), (self.pin, "口令")):
            field.setAccessibleName(title)
        self.team.setPlaceholderText("如 营业班")
        self.no_pin = QCheckBox("取消口令")
        self.no_pin.toggled.connect(self._pin_given_up)
        self.hint = label("口令至少 4 位，数字或密码都可以。", "muted", wrap=True)
        column(
            label("姓名", "muted"), self.name, 6, label("角色", "muted"), ticks, 6, label("班组", "muted"), self.team, 6,
            label("口令", "muted"), row(self.pin, self.no_pin), self.hint, None, parent=self, gap=4,
        )  # fmt: skip

    def show_person(self, profile: "Profile | None") -> None:
        """Somebody known, or nobody yet."""
        self.name.setText(profile.name if profile else "")
        self.name.setReadOnly(profile is not None)
        self.team.setText(profile.team if profile else "")
        for key, tick in self.roles.items():
            tick.setChecked(profile is not None and key in profile.roles)
        self.pin.clear()
        has = profile is not None and profile.has_pin
        self.pin.setPlaceholderText("已设置，填写则更换" if has else "不填则不用口令")
        self.no_pin.setChecked(False)
        self.no_pin.setVisible(has)

    def _pin_given_up(self, given_up: bool) -> None:
        self.pin.clear()
        self.pin.setEnabled(not given_up)

    def filled(self) -> Filled:
        """What stands there."""
        roles = tuple(key for key, tick in self.roles.items() if tick.isChecked())
        return Filled(self.name.text().strip(), roles, self.team.text().strip(), self.pin.text(), self.no_pin.isChecked())
