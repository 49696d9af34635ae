"""The map with its tools, beside it the grids with their workload, or the proposals."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QComboBox, QFileDialog, QStackedWidget, QWidget

from ui.panes.base import Context
from ui.panes.organisation import map_paint
from ui.panes.organisation.grid_cards import GridCards
from ui.panes.organisation.loading import Services
from ui.panes.organisation.map_canvas import MapCanvas
from ui.panes.organisation.proposals_view import ProposalsView
from ui.parts import button, card, column, label, row, scrolled, tool
from ui.widgets.segmented import Segmented
from ui.widgets.state_view import StateView

if TYPE_CHECKING:
    from lvdesk.organisation.division.station import Proposed
    from lvdesk.organisation.mapping import GridMap

_PALETTE: Final = ("#00706B", "#C05A12", "#1F66B5", "#8A3FA0", "#7A6A00", "#B02A5B", "#3F7D20", "#5B5FC7", "#A8452C", "#2E7F9F")
_BACKDROPS: Final = "底图 (*.geojson *.json *.gpkg *.shp *.mbtiles);;所有文件 (*)"
_TILES_MS: Final = 180
_SIDE: Final = 312


class MapView(QWidget):
    """Signals: assign_asked(areas, grid or ""), adopt_asked(Proposed, place), propose_asked(wish), edit_asked(grid), start_asked()."""

    assign_asked = Signal(list, str)
    adopt_asked = Signal(object, int)
    propose_asked = Signal(dict)
    edit_asked = Signal(str)
    start_asked = Signal()

    def __init__(self, context: Context, services: Services) -> None:
        super().__init__()
        self._context, self._services, self._asked = context, services, 0
        self.seen: GridMap | None = None
        self.canvas, self.cards, self.proposals = MapCanvas(), GridCards(), ProposalsView()
        self.by, self.legend = QComboBox(), label("", "muted")
        self.by.setAccessibleName("着色")
        for key, title in map_paint.BY:
            self.by.addItem(f"按{title}着色", key)
        self.told, self.lacks = label("", wrap=True), label("", "muted", wrap=True)
        self.side = Segmented((("grids", "网格"), ("proposals", "划分方案")), name="右侧")
        self.sides, self.pages = QStackedWidget(), QStackedWidget()
        self.state = StateView()
        self.state.loading()
        self._tiles = QTimer(self)
        self._tiles.setSingleShot(True)
        self._tiles.setInterval(_TILES_MS)
        self._lay_out()
        self._connect()

    def refresh(self) -> None:
        """Reads the map again."""
        self._asked += 1
        asked = self._asked

        def take(seen: "GridMap") -> None:
            if asked == self._asked:
                self.show_map(seen)

        self._context.jobs.read(self._services.map, take, self._failed)

    def show_map(self, seen: "GridMap") -> None:
        """Shows a map."""
        self.seen = seen
        if not seen.areas:
            hint = (
                "导入台区台账和计量箱坐标后，这里显示台区、计量箱和网格"
                if not seen.unplaced
                else f"{len(seen.unplaced)} 个公变台区都没有坐标，请先采录坐标"
            )
            self.state.say("map", "还没有可以显示的台区", hint, ("去导入台账", lambda: self._context.navigate("ledger")))
            self.pages.setCurrentIndex(0)
            return
        inks = {view.grid_no: _PALETTE[place % len(_PALETTE)] for place, view in enumerate(seen.picture.grids)}
        self.canvas.show_map(seen, inks, self.by.currentData())
        self.cards.show_grids(seen.picture.grids, inks)
        self.listed.setCurrentIndex(1 if seen.picture.grids else 0)
        self._show_legend()
        self._show_chosen(self.canvas.numbers())
        self.lacks.setText(
            "\n".join(each.message for each in seen.picture.lacks[:3])
            + (f"\n共缺 {len(seen.picture.lacks)} 项，见“缺项”" if len(seen.picture.lacks) > 3 else "")
        )
        self.lacks.setVisible(bool(seen.picture.lacks))
        self.proposals.clear()
        self.pages.setCurrentIndex(1)

    def show_proposed(self, proposed: "Proposed") -> None:
        """Shows proposals beside the map."""
        self.side.select("proposals")
        self.sides.setCurrentIndex(1)
        self.proposals.show_proposed(proposed)

    def ask_assign(self) -> None:
        """Asks which grid the chosen areas shall come into."""
        if self.seen is not None and self.canvas.selection:
            self.assign_asked.emit(self.canvas.numbers(), "")

    def save_picture(self, path: Path) -> bool:
        """What is shown, as a picture."""
        return self.canvas.grab().save(str(path))

    def _lay_out(self) -> None:
        self.lasso = tool("lasso", "圈选（按住 Shift 拖动也可以）", shortcut="L")
        self.lasso.setCheckable(True)
        self.lasso.toggled.connect(self._set_lasso)
        self.put = button("划入网格…", self.ask_assign, icon_name="arrow-right")
        near = tool("plus", "放大", lambda: self.canvas.zoom(1.5), shortcut="+")
        looks = (near, tool("minus", "缩小", lambda: self.canvas.zoom(1 / 1.5), shortcut="-"))
        everything, under = tool("fit", "显示全部", self.canvas.fit, shortcut="Home"), tool("map", "底图…", self._ask_backdrop)
        tools = row(self.by, self.lasso, *looks, everything, under, self.put, None, self.legend, gap=6)
        board = card()
        inside = column(tools, self.canvas, self.told, parent=board, gap=8)
        inside.setContentsMargins(12, 10, 12, 10)
        inside.setStretch(1, 1)
        listed, empty = QWidget(), StateView()
        empty.say("people", "还没有网格", "新建网格，或导入人员与网格的工作簿；也可以让程序从头划分", ("新建网格…", self.start_asked.emit))
        holder = QWidget()
        holder.setProperty("page", "true")
        column(self.cards, None, parent=holder, gap=0)
        column(scrolled(holder), self.lacks, parent=listed, gap=8).setStretch(0, 1)
        self.listed = grids = QStackedWidget()
        grids.addWidget(empty)
        grids.addWidget(listed)
        self.sides.addWidget(grids)
        self.sides.addWidget(self.proposals)
        beside = card()
        column(self.side, self.sides, parent=beside, gap=8, margin=10).setStretch(1, 1)
        beside.setFixedWidth(_SIDE)
        full = QWidget()
        row(board, beside, parent=full, gap=12).setStretch(0, 1)
        waiting = card()
        column(self.state, parent=waiting, gap=0, margin=1)
        self.pages.addWidget(waiting)
        self.pages.addWidget(full)
        column(self.pages, parent=self, gap=0)

    def _connect(self) -> None:
        self.by.currentIndexChanged.connect(lambda _place: self._recolour())
        self.side.chosen.connect(lambda key: self.sides.setCurrentIndex(int(key == "proposals")))
        self.canvas.chosen.connect(self._show_chosen)
        self.canvas.dropped.connect(self.assign_asked)
        self.canvas.hovered.connect(self._hover)
        self.canvas.moved.connect(self._tiles.start)
        self._tiles.timeout.connect(self._ask_tiles)
        self.cards.chosen.connect(self._choose_grid)
        self.cards.opened.connect(self.edit_asked)
        self.proposals.asked.connect(self.propose_asked)
        self.proposals.shown.connect(self._preview)
        self.proposals.adopted.connect(lambda place: self.adopt_asked.emit(self.proposals.proposed, place))

    def _set_lasso(self, on: bool) -> None:
        self.canvas.lasso_on = on
        self.canvas.setCursor(Qt.CursorShape.CrossCursor if on else Qt.CursorShape.OpenHandCursor)

    def _recolour(self) -> None:
        self.canvas.colour_by(self.by.currentData())
        self._show_legend()

    def _show_legend(self) -> None:
        if self.seen is None:
            return
        found = map_paint.legend(self.seen, self.by.currentData())
        self.legend.setTextFormat(Qt.TextFormat.RichText if found else Qt.TextFormat.PlainText)
        self.legend.setText("　".join(f'<span style="color:{ink}">●</span> {text}' for ink, text in found))

    def _show_chosen(self, numbers: list[str]) -> None:
        assert self.seen is not None  # noqa: S101 - chosen on a map
        self.put.setEnabled(bool(numbers))
        chosen = [self.seen.areas[place] for place in self.canvas.selection]
        if not chosen:
            self.told.setText(
                f"{len(self.seen.areas)} 个公变台区、{len(self.seen.boxes):,} 只有坐标的计量箱；点选或圈选台区，拖到另一个网格里"
            )
            return
        people = sum(each.customers for each in chosen)
        if len(chosen) == 1:
            one = chosen[0]
            grid = next((view.name for view in self.seen.picture.grids if view.grid_no == one.grid), "没有网格")
            self.told.setText(
                f"{one.name}（{one.area_no}）  {grid}  客户经理 {one.manager or '缺'}  {one.customers:,} 户  未处理错误 {one.errors} 处"
            )
        else:
            self.told.setText(
                f"已选 {len(chosen)} 个台区，{people:,} 户，工作量 {sum(each.load for each in chosen):,.0f}；拖到另一个网格，或点“划入网格”"
            )

    def _choose_grid(self, number: str) -> None:
        if self.seen is not None:
            self.canvas.select([place for place, area in enumerate(self.seen.areas) if area.grid == number])

    def _hover(self, numbers: list[str], target: str) -> None:
        """Every figure as it would be, while somebody drags."""
        if not target:
            self.cards.show_shares({})
            self._show_chosen(numbers)
            return
        self._context.jobs.read(
            lambda: self._services.what_if(dict.fromkeys(numbers, target)), partial(self._show_what_if, target), self._failed
        )

    def _show_what_if(self, target: str, found: tuple[tuple[str, ...], Any, Any]) -> None:
        _names, now, then = found
        if self.seen is None:
            return
        views = self.seen.picture.grids
        mean = sum(view.load for view in views) / max(sum(max(len(view.people), 1) for view in views), 1) or 1.0
        self.cards.show_shares({view.grid_no: load / mean for view, load in zip(views, then.loads, strict=True)})
        name = next((view.name for view in views if view.grid_no == target), target)
        self.told.setText(
            f"划入{name}后：最重 {now.balance:.2f} → {then.balance:.2f} 倍，每月路程 {now.kilometres:,.0f} → {then.kilometres:,.0f} km"
        )

    def _preview(self, place: int) -> None:
        proposed = self.proposals.proposed
        if proposed is not None and self.seen is not None:
            moving = {move.key for move in proposed.proposals[place].moves}
            self.canvas.select([at for at, area in enumerate(self.seen.areas) if area.area_no in moving])

    def _ask_backdrop(self) -> None:
        dialog = QFileDialog(self, "选择底图", str(self._context.workspace.settings.get("organisation.backdrop", "")), _BACKDROPS)
        dialog.fileSelected.connect(lambda name: self.open_backdrop(Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def open_backdrop(self, path: Path) -> None:
        """Draws a file under the map."""
        if self.seen is None:
            return
        origin = self.seen.origin
        self._context.workspace.settings.set("organisation.backdrop", str(path))
        self._context.jobs.run(
            f"正在读取底图 {path.name}", lambda progress: self._services.backdrop(path, origin, progress), writes=False,
            done=self.canvas.show_backdrop, failed=lambda error: self._context.notices.show(error, "底图没有打开"),
        )  # fmt: skip

    def _ask_tiles(self) -> None:
        backdrop = self.canvas.backdrop
        if backdrop is not None and backdrop.tiles is not None:
            ground, wide = self.canvas.ground(), self.canvas.width()
            self._context.jobs.read(lambda: backdrop.pictures(*ground, wide), self.canvas.show_tiles, self._failed)

    def _failed(self, error: Exception) -> None:
        what, hint = getattr(error, "message", "") or "读取地图时出错", getattr(error, "hint", "") or "请重试"
        self.state.say("error", what, hint, ("重试", self.refresh), level="error")
        self.pages.setCurrentIndex(0)
