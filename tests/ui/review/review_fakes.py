"""A review without a database: items of every stage, decided in memory."""

import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from lvdesk.kit.errors import KnownError
from lvdesk.kit.progress import Progress
from lvdesk.kit.table import Cell, Column, Query, Row
from lvdesk.network.changed import Changed
from lvdesk.review.auditing import Audit
from lvdesk.review.book_taking import BookTaken, RowRefused
from lvdesk.review.model import (
    KIND_TITLES,
    STATE_TITLES,
    Action,
    Crop,
    Decided,
    ItemView,
    Kind,
    Refused,
    Request,
    Side,
    Spot,
    State,
    Step,
)
from tests.ui.fieldwork.return_fakes import drawing
from ui.models.source import ListSource
from ui.panes.review.loading import Facet, Facets, Habits, Wanted

AT = "2026-11-21T09:10:00+08:00"
CHANGED = Changed.REVIEW | Changed.HISTORY | Changed.NETWORK
REASONS = ("照片或表单看不清", "条码与台账对不上，请现场核对", "户变关系存疑，请现场核相", "缺少照片")
STATUS = (("01", "正常用电客户"), ("02", "当前新装客户"), ("03", "当前变更客户"), ("04", "已销户客户"))
DEVICES = (("01", "接户线"), ("02", "低压电缆分支箱"), ("03", "低压线路杆"), ("04", "配电变压器低压侧"))
PLACE = ("110kV 城东变电站", "10kV 文一 F11 线", "文晖路1#公变", "箱 4130005150414038044146")
COLUMNS = (
    Column("number", "编号", "number", 70), Column("state", "状态", "code", 100), Column("kind", "类别", "code", 90),
    Column("title", "名称", "text", 190), Column("key", "对象", "identifier", 140), Column("ledger", "台账", "text", 190),
    Column("field", "现场", "text", 190), Column("area", "台区", "text", 150), Column("feeder", "线路", "text", 110),
    Column("entered", "采录、录入", "text", 130), Column("waiting", "进入时间", "date", 130), Column("returns", "退回次数", "number", 80),
    Column("reason", "原因", "text", 200), Column("decided", "确认人", "text", 150),
)  # fmt: skip
AREAS = ("文晖路1#公变", "文晖路3#公变", "朝晖六区公变")
SPOTS = (
    Spot("ledger", "箱 4130005150414038044146", 120.18312, 30.28612), Spot("field", "现场", 120.18338, 30.28634),
    Spot("area", "文晖路1#公变", 120.18402, 30.28581),
    *(Spot("neighbour", f"箱 {n}", 120.1829 + n * 0.00017, 30.2856 + (n * 7 % 5) * 0.00021) for n in range(9)),
)  # fmt: skip
_SIDES: Mapping[Kind, Sequence[Side]] = {
    Kind.CANCELLED: (Side("customer.status", "用户状态", "正常用电客户", "已销户客户", "", "营销", STATUS, True),),
    Kind.NAME_CHANGED: (Side("customer.name", "用户名称", "王小明", "王晓明", "", "营销", (), True),),
    Kind.CONNECTION: (
        Side("meter_box.area_no", "台区编号", "4649726068 文晖路1#公变", "4649726068 文晖路1#公变", "", "PMS", (), False),
        Side("meter_box.device_type", "挂接设备类型", "接户线", "低压线路杆", "", "PMS", DEVICES, True),
        Side("meter_box.device_name", "挂接设备名称", "", "文晖路支线 03# 杆", "", "PMS", (), True),
    ),
    Kind.OTHER_AREA: (
        Side("metering_point.area_no", "台区编号", "4649726068 文晖路1#公变", "4649726071 文晖路3#公变", "", "营销", (), True),
    ),
    Kind.NEW: (
        Side("customer.name", "用户名称", "", "张记小吃", "", "营销", (), True),
        Side("customer.address", "用电地址", "", "文晖路 18 号底商", "", "营销", (), True),
        Side("meter.bar_code", "电能表条码", "", "4130001000000009547031", "", "营销", (), True),
    ),
    Kind.SLOT_CHANGED: (Side("meter.slot_row", "表位行号", "1", "2", "", "现场", (), True),),
}  # fmt: skip
_TITLES = {Kind.CONNECTION: "文晖路 18 号箱", Kind.NEW: "张记小吃", Kind.SLOT_CHANGED: "4130001000000005079709"}


def an_item(number: int, kind: Kind, state: State, **given: Any) -> ItemView:
    """An item with everything that may be seen of one."""
    names = ("王小明", "周记粮油", "李桂芳", "沈国平", "赵明")
    values: dict[str, Any] = {
        "version": 1, "entity": "customer", "entity_title": "用户", "key": f"42097{number:05d}", "record": number,
        "title": _TITLES.get(kind, names[number % 5]), "area_no": str(number % 3), "area_name": AREAS[number % 3], "place": PLACE,
        "sides": _SIDES[kind], "evidence": ("采录结论“缺失”", "同箱另外 3 户都已采录", "连续两次任务包都没有找到"),
        "file": "外勤一班 11-22.xlsx", "sheet": "箱采录", "row": number + 2, "package_no": "CL261122-03", "entered_by": ("王建国",),
        "blocked": "", "marketing": "", "operations": "", "returns": 0, "reason": "", "addressee": "",
        "until": "", "waiting_days": number % 9, "steps": (), "photos": (1, 2),
        "crops": (Crop(1, "b1.tick", "缺失 · 表位 1-2", "S0012"),), "spots": SPOTS,
        "allowed": (Action.CONFIRM, Action.CORRECT, Action.RETURN, Action.HOLD), "forbidden": "", "locked_by": "", "round": 1,
    }  # fmt: skip
    return ItemView(id=number, kind=kind, state=state, **(values | given))


def items(count: int = 40) -> list[ItemView]:
    """Items of every stage; most wait for marketing."""
    kinds = (Kind.CANCELLED, Kind.NAME_CHANGED, Kind.NEW, Kind.CANCELLED, Kind.NAME_CHANGED)
    found = [an_item(number, kinds[number % 5], State.MARKETING) for number in range(1, count + 1)]
    other = count + 1
    confirmed = Step("待营销确认", "通过", "李海燕", AT, "desk", "", ())
    connections = (Kind.CONNECTION, Kind.OTHER_AREA)
    found += [
        an_item(other + place, connections[place % 2], State.OPERATIONS, marketing="按规则通过：挂接点不涉及营销户头",
                entity="meter_box", entity_title="计量箱", evidence=("现场填写的挂接设备与台账不同",))
        for place in range(6)
    ]  # fmt: skip
    ruled = (Action.CONFIRM, Action.RETURN, Action.HOLD)
    found += [an_item(other + 10 + place, Kind.SLOT_CHANGED, State.PREPARING, allowed=ruled) for place in range(7)]
    found.append(an_item(other + 20, Kind.CANCELLED, State.PREPARING, blocked="电能表条码重复：与另一行相同", allowed=(Action.RETURN,)))
    back = Step("待营销确认", "退回", "李海燕", AT, "desk", "照片或表单看不清", ())
    found.append(
        an_item(other + 21, Kind.NEW, State.RETURNED, returns=2, reason="照片或表单看不清", addressee="grid_leader", record=None,
                steps=(back, confirmed, back), allowed=(Action.RESUME, Action.REVOKE))
    )  # fmt: skip
    found.append(
        an_item(
            other + 22, Kind.NAME_CHANGED, State.HELD, reason="等台账部门答复", until="2026-12-01", allowed=(Action.RESUME, Action.REVOKE)
        )
    )
    found.append(
        an_item(other + 23, Kind.CANCELLED, State.CONFIRMED, marketing="李海燕 通过 2026-11-21 09:10", steps=(confirmed,),
                allowed=(Action.REVOKE,), forbidden="“已确认”的事项现在不用确认")
    )  # fmt: skip
    return found


class FakeReview:
    """The services over a list.

    Attributes:
        hold: cleared keeps decisions waiting.
        refuse: ids that are refused, and why.
        lost: what every decision fails with.
    """

    def __init__(self, made: Sequence[ItemView] | None = None) -> None:
        self.items = {item.id: item for item in (items() if made is None else made)}
        self.decided: list[Request] = []
        self.refuse: dict[int, str] = {}
        self.lost: Exception | None = None
        self.broken = False
        self.is_stale = False
        self.gathered = 0
        self.holder = ""
        self.opened: list[int] = []
        self.closed = 0
        self.reads = 0
        self.hold = threading.Event()
        self.hold.set()
        self.drawn: list[Audit] = []
        self.written: list[tuple[Path, str, list[int]]] = []
        self._lock = threading.Lock()

    def stale(self) -> bool:
        return self.is_stale

    def gather(self, progress: Progress) -> Changed:
        self.gathered += 1
        self.is_stale = False
        return Changed.REVIEW

    def counts(self) -> Mapping[str, int]:
        if self.broken:
            raise KnownError("db.locked", "数据库正被另一个程序占用", "请关闭它后重试")
        with self._lock:
            counted = Counter(str(self._stage(item)) for item in self.items.values())
            mine = sum(Action.CONFIRM in item.allowed for item in self.items.values())
        return {**{str(state): 0 for state in State}, **counted, "mine": mine}

    def facets(self, wanted: Wanted) -> Facets:
        found = self._within(replace(wanted, kinds=frozenset(), areas=frozenset(), people=frozenset(), age=""))
        kinds = Counter(item.kind for item in found)
        areas = Counter((item.area_no, item.area_name) for item in found)
        people = Counter(name for item in found for name in item.entered_by)
        return Facets(
            [Facet(str(kind), KIND_TITLES[kind], count) for kind, count in kinds.items()],
            [Facet("1 至 3 天", "1 至 3 天", len(found))] if found else [],
            [Facet(name, name, count) for name, count in people.items()],
            [Facet(number, name, count) for (number, name), count in areas.items()],
        )

    def table(self, wanted: Wanted) -> ListSource:
        review = self

        class Live(ListSource):
            def __init__(self) -> None:
                super().__init__(COLUMNS, review._rows(wanted))

            def ids(self, query: Query) -> Any:
                super().__init__(COLUMNS, review._rows(wanted))
                return super().ids(query)

        return Live()

    def views(self, ids: Sequence[int], session: str) -> Sequence[ItemView]:
        self.reads += 1
        with self._lock:
            return [self.items[each] for each in ids if each in self.items]

    def decide(self, request: Request, progress: Progress) -> Decided:
        self.hold.wait()
        if self.lost is not None:
            raise self.lost
        progress.start("正在处理复核事项", len(request.ids), "项")
        states, refused = {}, []
        with self._lock:
            self.decided.append(request)
            for each in request.ids:
                progress.step()
                item = self.items[each]
                if each in self.refuse:
                    refused.append(Refused(each, "review.changed", self.refuse[each]))
                    continue
                states[each] = self._moved(item, request)
                allowed = (Action.REVOKE,) if states[each] is State.CONFIRMED else item.allowed
                step = Step(STATE_TITLES[item.state], str(request.action), "陈思远", AT, request.how, request.reason, ())
                self.items[each] = replace(
                    item, state=states[each], version=item.version + 1, allowed=allowed, reason=request.reason, steps=(*item.steps, step)
                )
        return Decided(tuple(states), states, tuple(refused), f"复核 {len(states)} 项", 7, CHANGED if states else Changed.NOTHING)

    def open_item(self, item: int, session: str) -> str:
        self.opened.append(item)
        return self.holder

    def close(self, session: str) -> None:
        self.closed += 1

    def habits(self) -> Habits:
        return Habits(REASONS, 2)

    def photo(self, photo: int, longest: int) -> bytes:
        return drawing(320, 240, f"照片 {photo}", "#BFD3DE", "JPG")

    def crop(self, page: int, place: str) -> bytes:
        return drawing(300, 120, "缺失 √")

    def write_book(self, path: Path, stage: str, ids: Sequence[int], progress: Progress) -> int:
        self.written.append((path, stage, list(ids)))
        return len(ids)

    def take_book(self, path: Path, progress: Progress) -> BookTaken:
        refused = RowRefused(6, 0, "review.unknown", "没有这一项"), RowRefused(8, 3, "review.reason", "退回需要写明原因")
        return BookTaken(9, 3, 4, refused, (7,), CHANGED)

    def audits(self) -> Sequence[Audit]:
        return self.drawn

    def draw(self, share: float, least: int) -> tuple[int, Changed]:
        passed = [item for item in self.items.values() if item.state is State.CONFIRMED]
        self.drawn = [
            Audit(place, item.id, item.kind, item.title, item.key, "在用", "已销户", "李海燕", "", "陈思远", AT, "", "", "")
            for place, item in enumerate(passed, 1)
        ]
        return len(self.drawn), Changed.REVIEW

    def judge(self, audit: int, note: str, *, sound: bool) -> Changed:
        verdict = "sound" if sound else "wrong"
        self.drawn = [replace(each, verdict=verdict, note=note, person="陈思远") if each.id == audit else each for each in self.drawn]
        return Changed.REVIEW

    def _stage(self, item: ItemView) -> str:
        return "blocked" if item.blocked and item.state is State.PREPARING else item.state

    def _moved(self, item: ItemView, request: Request) -> State:
        if request.action is Action.RETURN:
            return State.RETURNED
        if request.action is Action.HOLD:
            return State.HELD
        if request.action in {Action.RESUME, Action.REVOKE}:
            return State.MARKETING
        return State.OPERATIONS if item.kind is Kind.NEW and item.state is State.MARKETING else State.CONFIRMED

    def _within(self, wanted: Wanted) -> list[ItemView]:
        with self._lock:
            found = list(self.items.values())
        if wanted.stage == "mine":
            found = [item for item in found if Action.CONFIRM in item.allowed]
        elif wanted.stage != "all":
            found = [item for item in found if self._stage(item) == wanted.stage]
        return [
            item for item in found if (not wanted.kinds or item.kind in wanted.kinds) and (not wanted.areas or item.area_no in wanted.areas)
        ]

    def _rows(self, wanted: Wanted) -> list[Row]:
        return [self._row(item) for item in self._within(wanted)]

    def _row(self, item: ItemView) -> Row:
        sides = [side for side in item.sides if side.decisive]
        marks = {"state": Cell("error", item.blocked)} if item.blocked else {}
        values = (
            str(item.id), STATE_TITLES[item.state], KIND_TITLES[item.kind], item.title, item.key, sides[0].ledger, sides[0].field,
            item.area_name, "10kV 文一 F11 线", "、".join(item.entered_by), "2026-11-21 09:10", str(item.returns or ""), item.reason, "",
        )  # fmt: skip
        return Row(item.id, values, marks)
