"""The exports: what leaves for whom is chosen and looked at before it does; the packages that left."""

from collections.abc import Sequence
from functools import partial
from typing import ClassVar, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QSizePolicy, QSplitter, QStackedWidget, QWidget

from lvdesk.network.changed import Changed
from ui.actions import Action
from ui.files import open_folder
from ui.jobs import Job
from ui.notices import Offer
from ui.panes.base import Context, Pane
from ui.panes.export.ahead import AheadView
from ui.panes.export.choosing import ChoiceCard
from ui.panes.export.issuing import Issuing
from ui.panes.export.loading import Choices, Issued, Services, StationExport
from ui.panes.export.looking import Looking, Shown
from ui.panes.export.memory import Memory
from ui.panes.export.packages import PackagesView
from ui.panes.export.words import STEPS, leads, written
from ui.parts import column, row
from ui.widgets.banner import Banner
from ui.widgets.segmented import Segmented
from ui.widgets.working import Working

ISSUE, PACKAGES = "issue", "packages"
_HEAD: Final = 34  # of the first line in both views
_PERSON: Final = ("person.switch", "people.switch")
_RECORDS: Final = Changed.NETWORK | Changed.BATCHES | Changed.CHECKS | Changed.RETURNS | Changed.REVIEW | Changed.EXPORTS


class ExportPane(Pane):
    """Two views: the export and the archive."""

    key: ClassVar[str] = "export"
    title: ClassVar[str] = "导出归档"
    group: ClassVar[str] = "数据"
    icon: ClassVar[str] = "archive"
    order: ClassVar[int] = 60
    cares: ClassVar[Changed] = _RECORDS | Changed.PEOPLE | Changed.SETTINGS

    def __init__(self, context: Context, services: Services | None = None) -> None:
        super().__init__(context)
        self._services = made = services or StationExport(context.workspace)
        self._asked = 0
        self._missed = False
        self.memory = Memory(context.workspace.settings)
        self.choosing = ChoiceCard(self.memory)
        self.ahead = AheadView(context)
        self.looking = Looking(context, made, self)
        self.issuing = Issuing(context, made, self.memory, self)
        self.packages = PackagesView(context, made, self.memory)
        self.banner, self.working = Banner(), Working("取消检查或导出")
        self.switch = Segmented([(ISSUE, "导出"), (PACKAGES, "归档")], name="视图")
        self.switch.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.switch.setMinimumHeight(_HEAD)
        self.views = QStackedWidget()
        self._lay_out()
        self._connect()

    def refresh(self, changed: Changed) -> None:
        """Reads what can be chosen, looks again where records are others, lists the packages anew."""
        self._read_choices(anew=bool(changed & _RECORDS))
        self.packages.refresh()

    def toolbar_actions(self) -> Sequence[Action]:
        """The export, the list of what is missing, the views."""
        group = "导出归档"
        return (
            Action("export.issue", "导出…", self.issue, "Ctrl+Return, Ctrl+Enter", "export", group, in_bar=False),
            Action("export.draft", "写出缺项清单…", self.draft, "Ctrl+Shift+E", "sheet", group, in_bar=False),
            Action("export.copy", "另存一份导出包…", self._copy_package, "Ctrl+Shift+S", "save", group, in_bar=False),
            Action("export.view_issue", "查看导出", partial(self.show_view, ISSUE), "Alt+1", "export", group, in_bar=False),
            Action("export.view_packages", "查看归档", partial(self.show_view, PACKAGES), "Alt+2", "archive", group, in_bar=False),
        )

    def reveal(self, target: object) -> None:
        """A view's key; ("package", number)."""
        match target:
            case "issue" | "packages":
                self.show_view(str(target))
            case ("package", str() as number):
                self.show_view(PACKAGES)
                self.packages.show_package(number)

    def show_view(self, key: str) -> None:
        """Turns to a view."""
        self.switch.select(key)
        self.views.setCurrentIndex(1 if key == PACKAGES else 0)
        self._show_bar()
        if key == PACKAGES:
            self.packages.start()
        else:
            if self._missed:
                self._look(anew=True)
            self.choosing.start()

    def issue(self) -> None:
        """Exports as chosen; where nothing may leave, says why instead."""
        if self.views.currentIndex() != 0 or not self.choosing.issue.isEnabled() or self.issuing.busy():
            return
        found = self.looking.current
        if found is not None and not found.ahead.seen.records:
            self._say_nothing(found)
            return
        self.issuing.ask(self.choosing.request)

    def draft(self) -> None:
        """The list of what is missing."""
        found = self.looking.current
        if found is None:
            self.context.notices.info("正在检查，还不能写出缺项清单", "检查完再试")
        else:
            self.issuing.ask_draft(found.ahead)

    def _lay_out(self) -> None:
        right = QWidget()
        column(self.banner, self.working, self.ahead, parent=right, gap=10).setStretch(2, 1)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setHandleWidth(12)
        split.setChildrenCollapsible(False)
        for part, least in ((self.choosing, 300), (right, 540)):
            part.setMinimumWidth(least)
            split.addWidget(part)
        split.setStretchFactor(1, 1)
        split.setSizes([306, 804])
        top = row(self.switch, self.packages.table.bar)
        top.setStretch(1, 1)
        self.views.addWidget(split)
        self.views.addWidget(self.packages)
        inside = column(top, self.views, parent=self, gap=10)
        inside.setContentsMargins(20, 12, 16, 14)
        self.packages.table.bar.hide()
        inside.setStretch(1, 1)

    def _connect(self) -> None:
        self.switch.chosen.connect(self.show_view)
        self.choosing.changed.connect(self._chosen)
        self.choosing.issue_asked.connect(self.issue)
        self.choosing.person_asked.connect(self._switch_person)
        self.looking.began.connect(lambda job: self.working.follow(job, job.title))
        self.looking.shown.connect(self.ahead.show_found)
        self.looking.failed.connect(self._look_failed)
        self.looking.stopped.connect(self._look_stopped)
        self.ahead.led.connect(self.context.navigate)
        self.ahead.opened.connect(lambda entity, key: self.context.navigate("ledger", (entity, key)))
        self.ahead.draft_asked.connect(self.draft)
        self.issuing.began.connect(self._issue_began)
        self.issuing.ended.connect(self._issue_ended)
        self.issuing.issued.connect(self._issued)
        self.packages.issue_asked.connect(partial(self.show_view, ISSUE))
        self.packages.history_asked.connect(lambda: self.context.navigate("history"))
        self.packages.counted.connect(self._counted)
        stop = QShortcut(QKeySequence(Qt.Key.Key_Escape), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        stop.activated.connect(self.working.stop)

    # choices and the look ahead

    def _read_choices(self, *, anew: bool) -> None:
        self._asked += 1
        asked = self._asked

        def take(choices: Choices) -> None:
            if asked == self._asked:
                self._take_choices(choices, anew=anew)

        def fail(error: Exception) -> None:
            if asked == self._asked:
                self._choices_failed(error)

        self.context.jobs.read(self._services.choices, take, fail)

    def _take_choices(self, choices: Choices, *, anew: bool) -> None:
        first = self.choosing.choices is None
        self.choosing.set_choices(choices)
        self.choosing.setVisible(choices.ledger)
        if not choices.ledger:
            self.looking.forget()
            self.ahead.say(
                "archive", "台账是空的，还没有可以导出的", "导入台账，到现场采录，两级确认之后，在这里交给营销系统、GIS",
                ("导入台账", lambda: self.context.navigate("ledger", "import")),
            )  # fmt: skip
            return
        self._look(anew=anew or first, at_once=first)
        if first and self.isVisible() and self.views.currentIndex() == 0:
            self.choosing.start()

    def _choices_failed(self, error: Exception) -> None:
        if self.choosing.choices is not None:
            self.context.notices.show(error, "没有读到导出的选项", retry=partial(self._read_choices, anew=True))
            return
        self.choosing.hide()
        what, hint = getattr(error, "message", "") or "读取导出的选项时出错", getattr(error, "hint", "") or "请重试"
        self.ahead.say("error", what, hint, ("重试", partial(self._read_choices, anew=True)), level="error")

    def _chosen(self) -> None:
        self.banner.hide()
        self._look(anew=False)

    def _look(self, *, anew: bool, at_once: bool = False) -> None:
        """Looks ahead; while the archive is in front, or an export under way, that can wait."""
        self._missed = self.views.currentIndex() != 0 or self.issuing.busy()
        if self._missed or self.choosing.choices is None or not self.choosing.choices.ledger:
            return
        self.looking.ask(self.choosing.request(), anew=anew, at_once=at_once)
        if self.looking.current is None:
            self.ahead.wait()

    def _look_failed(self, error: Exception) -> None:
        what, hint = getattr(error, "message", ""), getattr(error, "hint", "") or "请重试"
        if not what:
            self.context.notices.show(error)
        self.ahead.say("error", what or "检查时出错", hint, ("重新检查", partial(self._look, anew=True)), level="error")

    def _look_stopped(self) -> None:
        self.ahead.say("stop", "已取消检查", "没有改动任何数据；不检查也可以导出", ("重新检查", partial(self._look, anew=True)))

    # the export

    def _issue_began(self, job: Job) -> None:
        self.banner.hide()
        self.choosing.set_busy(busy=True)
        if self.looking.busy():  # both would stand in one line: the export goes first
            self.looking.forget()
            self._missed = True
        self.working.follow(job, job.title)

    def _issue_ended(self) -> None:
        self.choosing.set_busy(busy=False)
        if self._missed:
            self._look(anew=True)

    def _issued(self, issued: Issued) -> None:
        manifest = issued.manifest
        if manifest.folder is None:
            if self.looking.current is not None:
                self._say_nothing(self.looking.current)
            else:
                self.banner.say("warning", "没有可以导出的记录，没有写出文件", _ONLY)
            return
        level, what, more = written(issued)
        offers = [("打开文件夹", partial(open_folder, manifest.folder))]
        if manifest.number:
            offers.append(("查看这一包", partial(self.reveal, ("package", manifest.number))))
        self.banner.say(level, what, more, *offers)
        if not self.banner.isVisible():  # somewhere else meanwhile
            self.context.notices.success(what, more, offer=Offer(*offers[0]))

    def _say_nothing(self, found: Shown) -> None:
        reasons = found.ahead.seen.reasons
        if not reasons:
            self.banner.say("warning", "范围内没有记录，没有写出文件", "在左边换一个范围，或先导入台账")
            return
        first = reasons[0]
        go = partial(self.context.navigate, *leads(first, found.ahead.groups.get(first.why, ())))
        self.banner.say(
            "warning", "没有可以导出的记录，没有写出文件", f"{_ONLY}最多的原因：{first.why}（{first.count:,} 条）",
            (STEPS[first.step][1], go), ("改为测试导出", partial(self.choosing.test.setChecked, True)),
        )  # fmt: skip

    def _counted(self, count: int) -> None:
        self.switch.set_count(PACKAGES, count)
        self._show_bar()

    def _show_bar(self) -> None:
        """The search of the archive where there is something to search."""
        archive = self.packages.archive
        self.packages.table.bar.setVisible(self.views.currentIndex() == 1 and archive is not None and bool(archive.packages))

    def _copy_package(self) -> None:
        if self.views.currentIndex() == 1:
            self.packages.ask_copy()

    def _switch_person(self) -> None:
        known = next((key for key in _PERSON if self.context.actions.qaction(key) is not None), "")
        self.context.actions.trigger(known)


_ONLY: Final = "只有现场已采录、营销和运检都已确认、没有未处理错误的记录才能导出。"
