"""One candidate: who it is, everything that speaks against it and where that stands, and the verdict."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QStackedWidget, QWidget

from lvdesk.ledger.deskcheck_model import LEVELS, STRENGTH_LEVELS, STRENGTHS, Candidate, Evidence
from ui.panes.ledger.desk_verdict import VerdictBox
from ui.parts import button, chip, column, label, line, picture, restyle, row, scrolled, tool
from ui.theme.tokens import tokens
from ui.widgets.state_view import StateView
from ui.widgets.table_memory import Remembering

_CERTAIN, _LIKELY = 100, 50


class DeskInspector(QFrame):
    """Signals: link_asked(record id): show it in the ledger."""

    link_asked = Signal(int)

    def __init__(self, settings: Remembering) -> None:
        super().__init__()
        self.setProperty("card", "true")
        self.candidate: Candidate | None = None
        self.state = StateView()
        self.title = label("", "h2", wrap=True)
        self.strength = chip("")
        self.number = label("", "muted")
        self.copy_number = tool("copy", "复制户号", self._copy, side=16)
        self.link = button("在台账中查看", self._open, "link", "ledger")
        self.where = label("", "muted", wrap=True)
        self.address = label("", wrap=True)
        self.mark = QFrame()
        self.mark_chip = chip("")
        self.mark_said = label("", "muted", wrap=True)
        self._evidence = QWidget()
        self._lines = column(parent=self._evidence, gap=12)
        self.verdict = VerdictBox(settings)
        for part in (self.title, self.where, self.address):
            part.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.state)
        self._pages.addWidget(self._page())
        column(self._pages, self.verdict, parent=self, gap=0, margin=1).setStretch(0, 1)
        self.clear()

    def clear(self) -> None:
        """Shows that nothing is chosen."""
        self.candidate = None
        self.state.say("info", "没有选中候选", "在表中选一行，这里显示依据和出处")
        self._pages.setCurrentIndex(0)

    def show_candidate(self, candidate: Candidate) -> None:
        """Shows one."""
        self.candidate = candidate
        self.title.setText(candidate.name or candidate.customer_no)
        self.strength.setText(STRENGTHS[candidate.strength])
        self.strength.setProperty("chip", STRENGTH_LEVELS[candidate.strength])
        restyle(self.strength)
        self.number.setText(candidate.customer_no)
        place = " › ".join(part for part in (candidate.feeder_name, candidate.area_name or candidate.area_no) if part)
        things = [f"{title} {no}" for title, no in (("箱", candidate.box), ("表", candidate.meter)) if no]
        said = "\n".join(part for part in (place, *things) if part)
        self.where.setText(said)
        self.where.setVisible(bool(said))
        self.address.setText(candidate.address)
        self.address.setVisible(bool(candidate.address))
        self._show_mark(candidate)
        self._show_evidence(candidate)
        self._pages.setCurrentIndex(1)

    def _page(self) -> QWidget:
        head = row(self.title, self.strength, gap=6)
        head.setStretch(0, 1)
        head.setAlignment(self.strength, Qt.AlignmentFlag.AlignTop)
        marked = row(self.mark_chip, self.mark_said, parent=self.mark, gap=8)
        marked.setStretch(1, 1)
        marked.setAlignment(self.mark_chip, Qt.AlignmentFlag.AlignTop)
        inner = QWidget()
        inner.setProperty("page", "true")
        number = row(self.number, self.copy_number, None, self.link, gap=2)
        inside = column(
            head, number, self.address, self.where, self.mark, line(), label("依据", "h2"), self._evidence, None, parent=inner, gap=8
        )
        inside.setContentsMargins(16, 12, 14, 10)
        return scrolled(inner)

    def _show_mark(self, candidate: Candidate) -> None:
        mark = candidate.mark
        self.mark.setVisible(mark is not None)
        if mark is not None:
            self.mark_chip.setText(mark.verdict)
            self.mark_chip.setProperty("chip", LEVELS.get(mark.verdict, "neutral"))
            restyle(self.mark_chip)
            self.mark_said.setText(f"{mark.reason}\n{mark.person} · {mark.at.replace('T', ' ')[:16]}")

    def _show_evidence(self, candidate: Candidate) -> None:
        while (item := self._lines.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        for each in candidate.evidence:
            self._lines.addWidget(EvidenceLine(each))
        if not candidate.evidence:
            kept = "；".join(candidate.mark.evidence) if candidate.mark else ""
            self._lines.addWidget(label(f"标注时的依据：{kept}" if kept else "现在没有依据，由人工标注", "muted", wrap=True))

    def _copy(self) -> None:
        if self.candidate is not None:
            QGuiApplication.clipboard().setText(self.candidate.customer_no)

    def _open(self) -> None:
        if self.candidate is not None:
            self.link_asked.emit(self.candidate.id)


class EvidenceLine(QWidget):
    """One reason, with the file, sheet and row it stands in."""

    def __init__(self, evidence: Evidence) -> None:
        super().__init__()
        look = tokens()
        strong = evidence.weight >= _CERTAIN
        icon, ink = ("error", look.red) if strong else ("warning", look.amber) if evidence.weight >= _LIKELY else ("info", look.text3)
        if evidence.weight < 0:
            icon, ink = "success", look.green
        said = label(evidence.text, wrap=True)
        row_said = f"第 {evidence.row} 行" if evidence.row else ""
        place = " › ".join(part for part in (evidence.file, evidence.sheet, row_said) if part)
        origin = label(place or ("在本程序中录入" if evidence.typed else ""), "muted", wrap=True)
        origin.setVisible(bool(origin.text()))
        for part in (said, origin):
            part.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        sign = picture(icon, 16, ink)
        texts = column(said, origin, gap=1)
        inside = row(sign, texts, parent=self, gap=8)
        inside.setStretch(1, 1)
        inside.setAlignment(sign, Qt.AlignmentFlag.AlignTop)
