"""网格与班组: the map of the grids, people and teams, villages and agreements, what is lacking."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFileDialog, QSizePolicy, QStackedWidget

from lvdesk.kit.errors import LVDeskError
from lvdesk.network.changed import Changed
from ui.actions import Action
from ui.notices import Offer
from ui.panes.base import Context, Pane
from ui.panes.organisation import listings
from ui.panes.organisation.loading import CHANGED, Services, StationOrganisation
from ui.panes.organisation.map_view import MapView
from ui.panes.organisation.row_form import RowForm
from ui.panes.organisation.rows_view import RowsView
from ui.parts import button, column, row
from ui.printing.asking import PdfAsking
from ui.widgets.list_view import ListView
from ui.widgets.segmented import Segmented
from ui.widgets.working import Working

if TYPE_CHECKING:
    from lvdesk.organisation.division.station import Proposed
    from lvdesk.organisation.former import Proposed as FormerProposed
    from lvdesk.organisation.workbook import Taken

MAP, PEOPLE, VILLAGES, LACKS, ROWS = "map", "people", "villages", "lacks", "rows"
_VIEWS: Final = ((MAP, "地图"), (PEOPLE, "人员与班组"), (VILLAGES, "村社区共建"), (LACKS, "缺项"), (ROWS, "台账"))
_BOOKS: Final = "工作簿 (*.xlsx *.xls *.et *.csv);;所有文件 (*)"
_TITLES: Final = {"area": "打印台区档案", "handover": "打印交接单", "map": "打印网格图", "cards": "打印联系卡", "boards": "打印公示牌"}


class OrganisationPane(Pane):
    """Five views over one question: who is responsible where."""

    key: ClassVar[str] = "organisation"
    title: ClassVar[str] = "网格与班组"
    group: ClassVar[str] = "作业"
    icon: ClassVar[str] = "map"
    order: ClassVar[int] = 10
    cares: ClassVar[Changed] = Changed.ORGANISATION | Changed.NETWORK | Changed.CHECKS
    files: ClassVar[bool] = True

    def __init__(self, context: Context, services: Services | None = None) -> None:
        super().__init__(context)
        self._services: Services = services or StationOrganisation(context.workspace)
        self._setup = self._services.setup()
        self.map = MapView(context, self._services)
        self.people = ListView(context, listings.people(self._services), [
            ("新增员工…", lambda: self.ask_row("staff", None)), ("修改…", self._edit_person), ("换班组…", self._ask_team),
            ("请假替班…", self._ask_absence), ("交接单…", self._hand_over),
        ])  # fmt: skip
        self.villages = ListView(context, listings.villages(self._services), [
            ("登记走访…", self._ask_visit), ("新增协议…", self._ask_agreement), ("新增村社区…", lambda: self.ask_row("village", None)),
            ("公示牌…", self._boards),
        ])  # fmt: skip
        self.lacks = ListView(context, listings.lacks(lambda: ()), [("在地图上看", self._show_lack)])
        self.rows = RowsView(context, self._services, self._setup)
        self.working, self.printing = Working("取消"), PdfAsking(context, self, "organisation")
        self.switch = Segmented(_VIEWS, name="视图")
        self.switch.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.views = QStackedWidget()
        for view in (self.map, self.people, self.villages, self.lacks, self.rows):
            self.views.addWidget(view)
        self._lacking = 0
        self._lay_out()
        self._connect()

    def refresh(self, _changed: Changed) -> None:
        """Reads the map, which also tells what is lacking, and what is in front."""
        self.map.refresh()
        self._refresh_view(self.switch.current())

    def badge(self) -> int:
        """What is lacking."""
        return self._lacking

    def toolbar_actions(self) -> Sequence[Action]:
        """Views, workbook, print."""
        group = "网格与班组"
        turns = [
            Action(f"organisation.view_{key}", f"查看{title}", partial(self.show_view, key), f"Alt+{place}", "list", group, in_bar=False)
            for place, (key, title) in enumerate(_VIEWS, 1)
        ]
        return (
            Action("organisation.grid", "新建网格…", lambda: self.ask_row("grid", None), "Ctrl+N", "plus", group, in_bar=False),
            Action("organisation.assign", "把选中的台区划入网格…", self.map.ask_assign, "Ctrl+G", "arrow-right", group, in_bar=False),
            Action("organisation.take", "导入人员与网格…", self.ask_book, "Ctrl+Shift+O", "import", group, in_bar=False),
            Action("organisation.give", "导出人员与网格…", self.ask_export, "", "export", group, in_bar=False),
            Action("organisation.former", "原班组名单转内勤班、外勤班…", self.ask_former, "", "people", group, in_bar=False),
            Action("organisation.print_map", "打印网格图…", lambda: self.print_pages("map", []), "Ctrl+P", "print", group, in_bar=False),
            Action("organisation.print_area", "打印选中台区的档案…", self._print_areas, "", "print", group, in_bar=False),
            Action("organisation.print_cards", "打印联系卡…", self._cards, "", "print", group, in_bar=False),
            Action("organisation.picture", "地图存为图片…", self._ask_picture, "", "save", group, in_bar=False),
            *turns,
        )

    def reveal(self, target: object) -> None:
        """A view's key."""
        if isinstance(target, str) and target in dict(_VIEWS):
            self.show_view(target)

    def accept_files(self, paths: Sequence[Path]) -> None:
        """Takes workbooks in."""
        for path in paths:
            self.take(path)

    def show_view(self, key: str) -> None:
        """Turns to a view."""
        self.switch.select(key)
        self.views.setCurrentIndex([name for name, _title in _VIEWS].index(key))
        self._refresh_view(key)

    def take(self, path: Path) -> None:
        """Takes a workbook in: all of it or nothing."""
        self._run(f"正在导入 {path.name}", lambda progress: self._services.take(path, progress), self._taken)

    def ask_row(self, sheet: str, present: Mapping[str, Any] | None, given: Mapping[str, str] | None = None) -> None:
        """A form for a row, with what is known of it."""
        state = self._services.state()
        spec = self._setup.sheets[sheet]
        title = f"修改{spec.title}" if present else f"新增{spec.title}"
        form = RowForm(self, title, spec, (self._setup, state), {**(given or {}), **(present or {})})
        form.agreed.connect(partial(self._store, form, sheet, present))
        form.open()

    def ask_book(self) -> None:
        """Asks for a workbook."""
        self._ask_file("导入人员与网格的工作簿", self.take)

    def ask_former(self) -> None:
        """Asks for a list of the former teams."""
        self._ask_file("原班组名单", self.map_former)

    def map_former(self, path: Path) -> None:
        """Proposes the new teams and asks before they are stored."""
        self._run(f"正在读取 {path.name}", lambda progress: self._services.former(path, progress), self._offer_former)

    def ask_export(self) -> None:
        """Asks where the workbook shall lie."""
        self._ask_save("人员与网格.xlsx", "导出人员与网格", "Excel 工作簿 (*.xlsx)", self._export)

    def print_pages(self, kind: str, names: Sequence[str]) -> None:
        """Pages of a kind into a PDF."""
        title = _TITLES[kind]
        self.printing.read(title.removeprefix("打印"), title, lambda: self._services.pages(kind, names))

    def _lay_out(self) -> None:
        tools = row(
            self.switch, None, button("导入工作簿…", self.ask_book, icon_name="import", name="导入人员与网格"),
            button("新建网格…", lambda: self.ask_row("grid", None), "primary", name="新建网格"), gap=8,
        )  # fmt: skip
        inside = column(tools, self.working, self.views, parent=self, gap=10)
        inside.setContentsMargins(20, 12, 16, 14)
        inside.setStretch(2, 1)

    def _connect(self) -> None:
        self.switch.chosen.connect(self.show_view)
        self.map.assign_asked.connect(self._assign)
        self.map.start_asked.connect(lambda: self.ask_row("grid", None))
        self.map.edit_asked.connect(self._edit_grid)
        self.map.propose_asked.connect(self._propose)
        self.map.adopt_asked.connect(self._adopt)
        self.rows.edit_asked.connect(self.ask_row)
        self.rows.remove_asked.connect(self._remove)
        self.people.counted.connect(lambda count: self.switch.set_count(PEOPLE, count))
        stop = QShortcut(QKeySequence(Qt.Key.Key_Escape), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        stop.activated.connect(self._escape)

    def _escape(self) -> None:
        """Stops what runs; where nothing does, nothing is chosen any more."""
        if self.working.isVisible():
            self.working.stop()
        elif self.map.canvas.selection:
            self.map.canvas.select(())

    def _refresh_view(self, key: str) -> None:
        if key == PEOPLE:
            self.people.refresh()
        elif key == VILLAGES:
            self.villages.refresh()
        elif key == LACKS:
            self.context.jobs.read(self._services.map, lambda seen: self._show_lacks(seen.picture.lacks), self.lacks.failed)
        elif key == ROWS:
            self.rows.refresh()
        else:
            self.context.jobs.read(self._services.map, lambda seen: self._count(len(seen.picture.lacks)), self.context.notices.show)

    def _show_lacks(self, found: Sequence[Any]) -> None:
        self.lacks.show_things(found)
        self._count(len(found))

    def _count(self, count: int) -> None:
        self._lacking = count
        self.switch.set_count(LACKS, count)
        self.badge_changed.emit()

    def _run(self, title: str, work: Callable[..., Any], done: Callable[[Any], object]) -> None:
        job = self.context.jobs.run(title, work, done=done, failed=self.context.notices.show)
        self.working.follow(job, title)

    def _told(self, what: str, why: str = "") -> None:
        undo = Offer("撤销", lambda: self.context.actions.trigger("edit.undo"))
        self.context.notices.success(what, why, offer=undo)
        self.context.bus.tell(CHANGED)

    def _assign(self, areas: list[str], grid: str) -> None:
        if not grid:
            given = {"area_no": areas[0], "since": self.context.workspace.clock().date().isoformat()}
            self._ask_grid(areas, given)
            return
        name = next((view.name for view in self.map.seen.picture.grids if view.grid_no == grid), grid) if self.map.seen else grid
        self._run(
            "正在划入网格",
            lambda _progress: self._services.assign(grid, areas),
            lambda _rows: self._told(f"{len(areas)} 个台区已划入{name}"),
        )

    def _ask_grid(self, areas: list[str], given: Mapping[str, str]) -> None:
        from dataclasses import replace

        sheet = self._setup.sheets["grid_area"]
        only = replace(sheet, fields=(sheet.field("grid_no"),))
        form = RowForm(self, f"{len(areas)} 个台区划入网格", only, (self._setup, self._services.state()), given)

        def agreed(values: Mapping[str, str]) -> None:
            form.accept()
            self._assign(areas, values["grid_no"])

        form.agreed.connect(agreed)
        form.open()

    def _store(self, form: RowForm, sheet: str, present: Mapping[str, Any] | None, values: dict[str, str]) -> None:
        from lvdesk.organisation.model import Asked

        spec = self._setup.sheets[sheet]
        number, version = (present["id"], present["version"]) if present else (None, None)
        asked = Asked(sheet, values, id=number, version=version)

        def done(_changed: Changed) -> None:
            form.accept()
            self._told(f"已保存{spec.title}")

        def failed(error: Exception) -> None:
            form.refuse(error.message if isinstance(error, LVDeskError) else str(error))

        label = f"{'修改' if present else '新增'}{spec.title} {values[spec.identity[0]]}"
        self.context.jobs.run(f"正在保存{spec.title}", lambda _progress: self._services.apply([asked], label), done=done, failed=failed)

    def _remove(self, sheet: str, rows: list[Mapping[str, Any]]) -> None:
        from lvdesk.organisation.model import Asked

        spec = self._setup.sheets[sheet]
        asked = [Asked(sheet, {}, id=each["id"], version=each["version"], remove=True) for each in rows]
        what = f"删除{len(rows)} 行{spec.title}"
        self._run(f"正在{what}", lambda _progress: self._services.apply(asked, what), lambda _changed: self._told(f"已{what}"))

    def _taken(self, found: "Taken") -> None:
        from lvdesk.organisation.applying import refusal

        if found.applied.problems:
            self.context.notices.show(refusal(found.applied.problems), f"{Path(found.path).name} 没有接收")
            return
        unknown = [each.name for each in found.sheets if not each.key]
        counts = "、".join(f"{each.title} {each.rows} 行" for each in found.sheets if each.key)
        self._told(f"已接收 {Path(found.path).name}", counts + (f"；认不出的表：{'、'.join(unknown)}" if unknown else ""))

    def _offer_former(self, found: "Sequence[FormerProposed]") -> None:
        placed = [each for each in found if each.team]
        counts = {team: sum(each.team == team for each in placed) for team in dict.fromkeys(each.team for each in placed)}
        said = "、".join(f"{team} {count} 人" for team, count in counts.items())
        open_ones = [each.name for each in found if not each.team]
        rest = f"；{len(open_ones)} 人定不了：{'、'.join(open_ones[:4])}" if open_ones else ""

        def adopt() -> None:
            self._run("正在转入班组", lambda _progress: self._services.adopt_former(found), lambda _rows: self._told(f"已转入：{said}"))

        self.context.notices.info(f"建议：{said}{rest}", "采用后从今天起生效，原班组到昨天为止", offer=Offer("采用", adopt))

    def _export(self, path: Path) -> None:
        def done(count: int) -> None:
            self.context.notices.success(f"已导出 {path.name}，{count} 行", str(path.parent))

        self._run("正在导出", lambda _progress: self._services.write(path), done)

    def _propose(self, wish: Mapping[str, Any]) -> None:
        from lvdesk.organisation.division.station import Wish

        self._run("正在计算划分方案", lambda progress: self._services.propose(Wish(**wish), progress), self.map.show_proposed)

    def _adopt(self, proposed: "Proposed", place: int) -> None:
        def done(rows: int) -> None:
            self._told("已采用划分方案" if rows else "方案与现状相同")

        self._run("正在采用方案", lambda _progress: self._services.adopt(proposed, place), done)

    def _edit_grid(self, number: str) -> None:
        for each in self._services.state().rows["grid"]:
            if each["grid_no"] == number:
                self.ask_row("grid", each)

    def _person(self) -> str:
        return next((each.name for each in self.people.picked()), "")

    def _edit_person(self) -> None:
        name = self._person()
        for each in self._services.state().rows["staff"]:
            if each["name"] == name:
                self.ask_row("staff", each)

    def _ask_team(self) -> None:
        self.ask_row("membership", None, {"staff": self._person(), "since": self.context.workspace.clock().date().isoformat()})

    def _ask_absence(self) -> None:
        day = self.context.workspace.clock().date().isoformat()
        self.ask_row("absence", None, {"staff": self._person(), "since": day, "until": day})

    def _hand_over(self) -> None:
        self.print_pages("handover", [self._person()])

    def _cards(self) -> None:
        responsible = [each.name for each in self.people.picked() if each.grids] if self.switch.current() == PEOPLE else []
        self.print_pages("cards", responsible)

    def _boards(self) -> None:
        self.print_pages("boards", [each.name for each in self.villages.picked()])

    def _print_areas(self) -> None:
        self.print_pages("area", self.map.canvas.numbers())

    def _ask_visit(self) -> None:
        for each in self.villages.picked()[:1]:
            day = self.context.workspace.clock().date().isoformat()
            self.ask_row("village_visit", None, {"village": each.name, "staff": each.manager, "met": each.contact, "day": day})

    def _ask_agreement(self) -> None:
        for each in self.villages.picked()[:1]:
            given = {"village": each.name, "grid_no": each.grid_no, "manager": each.manager, "contact": each.contact, "phone": each.phone}
            self.ask_row("agreement", None, {**given, "party_b": self.context.workspace.title})

    def _show_lack(self) -> None:
        keys = {each.key for each in self.lacks.picked()}
        self.show_view(MAP)
        if self.map.seen is not None:
            self.map.canvas.select([at for at, area in enumerate(self.map.seen.areas) if area.area_no in keys or area.grid in keys])

    def _ask_file(self, title: str, taken: Callable[[Path], object]) -> None:
        settings = self.context.workspace.settings
        dialog = QFileDialog(self, title, str(settings.get("organisation.books", "")), _BOOKS)

        def chosen(name: str) -> None:
            settings.set("organisation.books", str(Path(name).parent))
            taken(Path(name))

        dialog.fileSelected.connect(chosen)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _ask_picture(self) -> None:
        self._ask_save("网格图.png", "地图存为图片", "PNG 图片 (*.png)", self._save_picture)

    def _save_picture(self, path: Path) -> None:
        if self.map.save_picture(path):
            self.context.notices.success(f"已保存 {path.name}", str(path.parent))
        else:
            self.context.notices.warning(f"{path.name} 没有写成", "文件夹不能写入，或文件正被打开", "请换一个位置再试")

    def _ask_save(self, name: str, title: str, kinds: str, taken: Callable[[Path], object]) -> None:
        folder = Path(str(self.context.workspace.settings.get("organisation.books", "")))
        dialog = QFileDialog(self, title, str(folder / name), kinds)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(Path(name).suffix[1:])
        dialog.fileSelected.connect(lambda chosen: taken(Path(chosen)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
