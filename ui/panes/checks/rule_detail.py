"""One rule in plain words, with everything a station may set of it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QFrame, QLabel, QLineEdit, QVBoxLayout, QWidget

from ui.panes.checks.pending import Pending, bounds, in_force, parsed, same, text_of
from ui.panes.checks.runner import LEVELS
from ui.parts import button, chip, column, label, line, restyle, row, scrolled

if TYPE_CHECKING:
    from lvdesk.checks.tuning import ParameterView, RuleView

_LABEL = 132
_PARTS = (("查什么", "what"), ("看哪里", "where"), ("怎样改", "fix"), ("依据", "source"))


class RuleDetail(QFrame):
    """Edits go into the pending changes at once."""

    def __init__(self, pending: Pending) -> None:
        super().__init__()
        self.setProperty("card", "true")
        self._pending = pending
        self.rule: RuleView | None = None
        self.title, self.code, self.sure = label("", "h1", wrap=True), label("", "muted"), chip("")
        self.shipped = button("恢复出厂", self._to_shipped, "link", "restore", name="把这条规则恢复为出厂设置")
        self._texts: dict[str, tuple[QWidget, QLabel]] = {}
        self.enabled = QCheckBox("启用这条规则")
        self.severity = QComboBox()
        self.severity.setAccessibleName("严重程度")
        for key, title in LEVELS:
            self.severity.addItem(title, key)
        self._severity_note = label("", "faint")
        self._lines: list[ParameterLine] = []
        self._parameters = QVBoxLayout()
        self._parameters.setSpacing(8)
        self._lay_out()
        self.enabled.clicked.connect(lambda on: self._set("enabled", value=bool(on)))
        self.severity.activated.connect(lambda _place: self._set("severity", value=str(self.severity.currentData())))
        pending.changed.connect(self._follow)

    def show_rule(self, rule: "RuleView") -> None:
        """Shows a rule with the changes wanted of it."""
        self.rule = rule
        self.title.setText(rule.title)
        self.code.setText(f"{rule.code} · {rule.family_title}")
        self.sure.setText("确定的错误" if rule.certain else "疑似，需核对")
        self.sure.setProperty("chip", "neutral" if rule.certain else "info")
        restyle(self.sure)
        for name, (part, text) in self._texts.items():
            said = str(getattr(rule, name) or "")
            text.setText(said)
            part.setVisible(bool(said))
        for old in self._lines:
            self._parameters.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._lines = [ParameterLine(rule, parameter, self._pending) for parameter in rule.parameters]
        for made in self._lines:
            self._parameters.addWidget(made)
        self._follow()

    def editors(self) -> dict[str, QLineEdit]:
        """The lines of the parameters by name."""
        return {each.parameter.name: each.editor for each in self._lines}

    def _lay_out(self) -> None:
        head = row(self.title, self.sure, gap=8)
        head.setStretch(0, 1)
        head.setAlignment(self.sure, Qt.AlignmentFlag.AlignTop)
        inner = QWidget()
        inner.setProperty("page", "true")
        words: list[QWidget] = []
        for caption, name in _PARTS:
            text = label("", wrap=True)
            text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            part = QWidget()
            caption_of = _caption(caption, 60)
            beside = row(caption_of, text, parent=part, gap=8)
            beside.setStretch(1, 1)
            beside.setAlignment(caption_of, Qt.AlignmentFlag.AlignTop)
            self._texts[name] = (part, text)
            words.append(part)
        set_ = row(_caption("严重程度", _LABEL), self.severity, self._severity_note, None, gap=8)
        inside = column(
            head, row(self.code, None, self.shipped), line(), *words, line(), label("本站设置", "h2"), self.enabled, set_, self._parameters,
            None, parent=inner, gap=10,
        )  # fmt: skip
        inside.setContentsMargins(20, 16, 18, 16)
        column(scrolled(inner), parent=self, gap=0, margin=1)

    def _follow(self) -> None:
        rule = self.rule
        if rule is None or rule.code not in self._pending.rules:
            return
        enabled, severity = (self._pending.value(rule.code, name) for name in ("enabled", "severity"))
        self.enabled.setChecked(bool(enabled))
        self.severity.setCurrentIndex(max(self.severity.findData(str(severity)), 0))
        self._severity_note.setText(f"出厂：{dict(LEVELS).get(str(rule.default_severity), '')}")
        for each in self._lines:
            each.follow()
        self.shipped.setEnabled(rule.changed or self._pending.has(rule.code))

    def _set(self, name: str, *, value: object) -> None:
        if self.rule is not None:
            self._pending.set(self.rule.code, name, value)

    def _to_shipped(self) -> None:
        if self.rule is not None:
            self._pending.to_shipped([self.rule.code])


class ParameterLine(QWidget):
    """One parameter: name, value, unit, bounds and the shipped value."""

    def __init__(self, rule: "RuleView", parameter: "ParameterView", pending: Pending) -> None:
        super().__init__()
        self._rule, self._code, self.parameter, self._pending = rule, rule.code, parameter, pending
        self._shown: object = in_force(rule, parameter.name)
        wide = parameter.kind in {"list", "text"}
        self.editor = QLineEdit()
        self.editor.setAccessibleName(f"{parameter.title}{f'（{parameter.unit}）' if parameter.unit else ''}")
        self.editor.setMinimumWidth(180 if wide else 96)
        self.editor.setMaximumWidth(520 if wide else 120)
        shipped = f"出厂：{text_of(parameter.default) or '无'}{parameter.unit}"
        several = "多个值用“、”分开" if parameter.kind == "list" else ""
        self._note = label("，".join(part for part in (several, bounds(parameter), shipped) if part), "faint", wrap=True)
        self._why = label("", wrap=True)
        self._why.setProperty("ink", "error")
        caption = _caption(parameter.title, _LABEL)
        caption.setWordWrap(True)
        top = row(caption, self.editor, label(parameter.unit, "muted"), *(() if wide else (self._note,)), *(() if wide else (None,)), gap=8)
        below = column(self._note if wide else self._why, *((self._why,) if wide else ()), gap=2)
        below.setContentsMargins(_LABEL + 8, 0, 0, 0)
        column(top, below, parent=self, gap=3)
        self._why.hide()
        self._write()
        self.editor.textEdited.connect(self._typed)

    def follow(self) -> None:
        """Shows the value wanted, unless that is what is typed."""
        wanted = self._pending.value(self._code, self.parameter.name)
        dropped = bool(self._why.text()) and not self._pending.refused(self._code, self.parameter.name)
        if dropped or not same(wanted, self._shown):
            self._shown = wanted
            self._write()

    def _write(self) -> None:
        self.editor.setText(text_of(self._pending.value(self._code, self.parameter.name)))
        self._say("")

    def _typed(self, text: str) -> None:
        try:
            value = parsed(self._rule, self.parameter, text)
        except ValueError as error:
            self._say(str(error))
            self._pending.refuse(self._code, self.parameter.name, str(error))
            return
        self._say("")
        self._shown = value
        self._pending.set(self._code, self.parameter.name, value)

    def _say(self, why: str) -> None:
        self._why.setText(why)
        self._why.setVisible(bool(why))
        self.editor.setProperty("invalid", "true" if why else "false")
        restyle(self.editor)


def _caption(text: str, width: int) -> QLabel:
    made = label(text, "muted")
    made.setFixedWidth(width)
    return made
