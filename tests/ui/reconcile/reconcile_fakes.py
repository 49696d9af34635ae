"""A station that went round the loop, without a database."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from lvdesk.exchange.changes.model import CaseState, CaseView
from lvdesk.exchange.doctor.model import Grade, Link, StepState, Suspect, Trace, TraceStep
from lvdesk.exchange.feedback import Fed
from lvdesk.exchange.receipts.model import LineView, Outcome, Received
from lvdesk.exchange.reconcile.browsing import COLUMNS, Facets
from lvdesk.exchange.reconcile.corrections import CorrectionFile
from lvdesk.exchange.reconcile.model import KLASS_TITLES, TARGET_TITLES, Corrections, DisagreementView, Klass, Reconciled, State, Target
from lvdesk.exchange.reconcile.rates import Rate, RateBook
from lvdesk.exchange.reconcile.reading import Scope
from lvdesk.exchange.sync.deciding import Adopted
from lvdesk.exchange.sync.model import SyncClass, SyncLine
from lvdesk.kit.progress import Progress
from lvdesk.kit.table import Row
from lvdesk.network.changed import Changed
from ui.models.source import ListSource

AREAS: Final = (("4128363032", "八前楼双湾4#公变"), ("4649726068", "东大屯七槐塘7#公变"), ("0968041358", "金塘东李台4#公变"))


def _view(number: int, klass: Klass, target: Target, title: str, sides: tuple[str | None, ...], todo: str) -> DisagreementView:
    marketing, found, gis, base, suggestion = sides
    area, name = AREAS[number % 3]
    return DisagreementView(
        number,
        klass,
        KLASS_TITLES[klass],
        "customer",
        "用户",
        f"42172656{number:02d}",
        "area_no",
        "户变关系",
        title,
        marketing,
        found,
        gis,
        base,
        "marketing",
        "营销系统",
        suggestion,
        target,
        TARGET_TITLES[target],
        todo,
        (f"营销、现场一致为 {suggestion or base}", "电网 GIS：电源信息回写.xlsx 第 26 行", "现场采录：外勤一班.xlsx 第 83 行"),
        area,
        name,
        State.OPEN,
        "待处理",
        "",
        "",
        "",
        "",
        "",
        "2026-11-24T09:15:49+00:00",
        "",
    )


VIEWS: Final = (
    _view(
        1,
        Klass.WRONG_UPSTREAM,
        Target.GIS,
        "赵军",
        ("4128363032", "4128363032", "4649726068", "4128363032", "4128363032"),
        "电网 GIS：把 用户 4217265601（赵军）的户变关系由 4649726068 改为 4128363032",
    ),
    _view(
        2,
        Klass.CANCELLED,
        Target.MARKETING,
        "戴玉梅",
        ("在用", "已销户", None, "在用", "已销户"),
        "营销：核实 用户 4217265602（戴玉梅）是否销户",
    ),
    _view(
        3, Klass.MISSING, Target.GIS, "彩虹科技有限公司城郊营业部", ("在用", "在用", None, "在用", "在用"), "电网 GIS：补录 用户 4217265603"
    ),
    _view(
        4,
        Klass.CHANGED,
        Target.FIELD,
        "李涛",
        ("0968041358", "4864056526", "0968041358", "0968041358", None),
        "外勤：到现场核对 用户 4217265604（李涛）的户变关系",
    ),
)


def _steps() -> tuple[TraceStep, ...]:
    sound = [
        ("customer", "用户", "4217265601", "赵军"),
        ("metering_point", "计量点", "1726565601", ""),
        ("meter", "电能表", "18492708568018", "4130001184927085680186"),
        ("meter_box", "计量箱", "15970932946796", "双湾镇双湾村宜都路21号"),
    ]
    lower = [TraceStep(entity, title, key, name, {}, StepState.SOUND, "") for entity, title, key, name in sound]
    area = TraceStep(
        "transformer_area",
        "台区",
        "4128363032",
        "八前楼双湾4#公变",
        {"gis": "东大屯七槐塘7#公变 4649726068"},
        StepState.DISPUTED,
        "电网 GIS说是 东大屯七槐塘7#公变 4649726068",
    )
    above = [
        TraceStep("feeder", "线路", "1314714067", "10kV八前楼线", {}, StepState.SOUND, ""),
        TraceStep("substation", "变电站", "", "", {}, StepState.BROKEN, "台账中没有变电站"),
    ]
    return (*lower, area, *above)


TRACE: Final = Trace("4217265601", "赵军", _steps(), complete=False, why="台账中没有变电站")
LINES: Final = tuple(
    LineView(
        number,
        "marketing",
        "营销系统",
        "DC261124-01",
        "meter_box",
        "计量箱",
        f"152152204117{number:02d}",
        "桐堂镇桐堂村陈路路29号",
        Outcome.REJECTED,
        "被退回",
        "",
        reason,
        f"{desk}：{plain}",
        key,
        desk,
        "2026-11-24T09:15:49+00:00",
        "",
        "",
        "",
        "营销系统回执.xlsx",
        "导入结果",
        number + 1,
    )
    for number, (reason, plain, key, desk) in enumerate(
        [
            ("安装位置不能为空", "对方要求填写的内容空着，请补全", "ledger", "内勤台账"),
            ("经度超出范围", "坐标没有或不对，请到现场重新采集坐标", "fieldwork", "外勤采录"),
        ],
        1,
    )
)
SUSPECTS: Final = (
    Suspect(
        Link.CUSTOMER_AREA,
        "customer",
        "4176007832",
        "孟莹",
        "1",
        "枣畈竹口7#公变",
        "2",
        "松畈桐堂2#公变",
        20.6,
        Grade.CERTAIN,
        "用户 4176007832（孟莹）的户变关系确定有误，台账在 枣畈竹口7#公变，应在 松畈桐堂2#公变："
        "最近的 8 个计量箱中 6 个在 松畈桐堂2#公变；电网 GIS 回写为 松畈桐堂2#公变",
        ("最近的 8 个计量箱中 6 个在 松畈桐堂2#公变", "电网 GIS 回写为 松畈桐堂2#公变"),
    ),
    Suspect(
        Link.BOX_AREA,
        "meter_box",
        "15010123502005",
        "花店镇花店村乔街路29号",
        "3",
        "松畈花店5#公变",
        "4",
        "松畈前东河4#公变",
        1.2,
        Grade.POSSIBLE,
        "计量箱 15010123502005 的箱变关系可能有误",
        ("最近的 8 个计量箱中 6 个在 松畈前东河4#公变",),
    ),
)
CASE: Final = CaseView(
    1,
    "YD261124-001",
    "meter_replaced",
    "换表",
    "customer",
    "4221474816",
    "乔平",
    "现场",
    CaseState.OPEN,
    "在办",
    AREAS[0][0],
    {},
    {},
    (),
    "",
    "2026-11-20T09:00:00+00:00",
    "钱内勤",
    "2026-11-23",
    overdue=True,
    next_step="导出给营销系统",
)
BOOK: Final = RateBook(
    "2026-11-24",
    Rate("", "全所", 361, 380),
    (Rate("1", "10kV金塘线", 120, 130), Rate("2", "10kV前店线", 241, 250)),
    tuple(Rate(number, name, 110 + place, 120 + place) for place, (number, name) in enumerate(AREAS)),
    (Rate("customer.area_no", "户变关系", 365, 380), Rate("meter_box.area_no", "箱变关系", 118, 119)),
    (("2026-11-20", Rate("", "全所", 340, 380)), ("2026-11-22", Rate("", "全所", 352, 380)), ("2026-11-24", Rate("", "全所", 361, 380))),
)
SYNC: Final = SyncLine(
    "gis", "transformer", "变压器", "40773158", "北村2#配变", "T4231757321", "北村2#公变", (SyncClass.SUGGESTED,), 0.96, {},
    ("名称相似 100%：北村2#配变 与 北村2#公变", "容量相同 200 kVA"),
    "内勤：确认电网 GIS的变压器 北村2#配变 就是台账的 北村2#公变，确认后采用它的编号",
)  # fmt: skip


class FakeReconcile:
    """See ``Services``; remembers what was asked."""

    def __init__(self, *, empty: bool = False, error: Exception | None = None) -> None:
        self.empty, self.error = empty, error
        self.corrected: list[int] = []
        self.allowed: list[tuple[list[int], str, str | None]] = []
        self.taken: list[Path] = []
        self.settled: list[tuple[list[int], str]] = []
        self.closed: list[tuple[list[str], str]] = []
        self.adopted: list[SyncLine] = []
        self.decided: list[tuple[str, str]] = []
        self.runs = 0

    def run(self, progress: Progress) -> Reconciled:
        progress.start("正在三方对账")
        self.runs += 1
        return Reconciled((361, 380), {}, {}, {}, 4, 1, Changed.RECONCILING)

    def facets(self, _scope: Scope) -> Facets:
        if self.error is not None:
            raise self.error
        if self.empty:
            return Facets((), (), (), (), ())
        klasses = tuple((each.klass, 1) for each in VIEWS)
        targets = ((Target.MARKETING, 1), (Target.GIS, 2), (Target.FIELD, 1))
        return Facets(klasses, ((State.OPEN, len(VIEWS)),), targets, (), tuple((number, name, 1) for number, name in AREAS))

    def table(self, scope: Scope) -> ListSource:
        wanted = [each for each in VIEWS if not scope.klasses or each.klass in scope.klasses]
        wanted = [each for each in wanted if not scope.areas or each.area_no in scope.areas]
        return ListSource(COLUMNS, [Row(each.number, _values(each)) for each in wanted])

    def view(self, number: int) -> DisagreementView | None:
        return next((each for each in VIEWS if each.number == number), None)

    def correct(self, ids: Sequence[int], _folder: Path | None, _progress: Progress) -> tuple[Corrections, list[CorrectionFile]]:
        self.corrected += ids
        return Corrections(tuple(ids), (), "GZ261124-01", {Target.GIS: len(ids)}, "对账更正", Changed.RECONCILING), []

    def allow(self, ids: Sequence[int], reason: str, until: str | None) -> Changed:
        self.allowed.append((list(ids), reason, until))
        return Changed.RECONCILING

    def withdraw(self, _ids: Sequence[int]) -> Changed:
        return Changed.RECONCILING

    def rates(self) -> RateBook:
        return RateBook("", Rate("", "全所", 0, 0), (), (), (), ()) if self.empty else BOOK

    def take(self, paths: Sequence[Path], _progress: Progress) -> tuple[Received, Fed | None]:
        self.taken += paths
        return Received((), 237, 236, 118, 0, LINES, 0, 12, ("DC261124-01",), (), "接收回执", Changed.ANSWERS), None

    def lines(self) -> list[LineView]:
        return [] if self.empty else list(LINES)

    def settle(self, numbers: Sequence[int], how: str) -> Changed:
        self.settled.append((list(numbers), how))
        return Changed.ANSWERS

    def suspects(self, progress: Progress) -> tuple[Suspect, ...]:
        progress.start("正在诊断上级电源")
        return () if self.empty else SUSPECTS

    def trace(self, _entity: str, _key: str) -> Trace:
        return TRACE

    def cases(self) -> list[CaseView]:
        return [] if self.empty else [CASE]

    def close(self, numbers: Sequence[str], how: str) -> Changed:
        self.closed.append((list(numbers), how))
        return Changed.RECONCILING

    def compare(self, progress: Progress) -> tuple[SyncLine, ...]:
        progress.start("正在比较站线变")
        return () if self.empty else (SYNC,)

    def adopt(self, lines: Sequence[SyncLine]) -> Adopted:
        self.adopted += lines
        return Adopted(len(lines), (), Changed.NETWORK)

    def decide(self, line: SyncLine, decision: str) -> Changed:
        self.decided.append((line.source_key, decision))
        return Changed.ANSWERS


def _values(each: DisagreementView) -> tuple[str, ...]:
    said = {
        "number": str(each.number), "state": each.state_title, "klass": each.klass_title, "target": each.target_title, "title": each.title,
        "key": each.key, "field": each.field_title, "marketing": each.marketing, "field_value": each.field_value, "gis": each.gis,
        "base": each.base, "suggestion": each.suggestion, "area": each.area_name, "found": each.found_at[:16].replace("T", " "),
    }  # fmt: skip
    return tuple(said[column.key] or "" for column in COLUMNS)
