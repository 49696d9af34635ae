"""What the short lists of the page show: receipts, suspected links, network changes, stations and lines of the other systems."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from lvdesk.kit.table import Column
from ui.panes.reconcile.loading import Services
from ui.widgets.list_view import Listing

RECEIPTS, SUSPECTS, CASES, SYNC = "receipts", "suspects", "cases", "sync"
_SYSTEMS: Final = {"gis": "电网 GIS", "pms": "PMS"}


def receipts(services: Services) -> Listing:
    """What waits after receipts."""
    columns = (
        Column("number", "编号", "number", 64), Column("system", "系统", "code", 90), Column("outcome", "结果", "code", 90),
        Column("entity", "对象", "code", 80), Column("key", "对象编号", "identifier", 150), Column("title", "名称", "text", 180),
        Column("desk", "办理", "code", 100), Column("reason", "对方的话", "text", 240), Column("package", "导出包", "identifier", 120),
    )  # fmt: skip
    return Listing(
        "reconcile", RECEIPTS, "回执待办", columns,
        lambda each: (
            str(each.number), each.system_title, each.outcome_title, each.entity_title, each.key, each.title, each.desk_title, each.reason,
            each.package_no,
        ),
        lambda each: f"{each.todo}（{each.file} 第 {each.row} 行）", services.lines,
        ("success", "没有待办的回执", "把营销系统、电网 GIS 的回执拖到窗口里，或点“接收回执和回写”"),
    )  # fmt: skip


def suspects(read: Callable[[], Sequence[Any]]) -> Listing:
    """Links that are probably wrong."""
    from lvdesk.exchange.doctor.model import GRADE_TITLES, LINK_TITLES

    columns = (
        Column("grade", "把握", "code", 80), Column("link", "关系", "code", 90), Column("key", "编号", "identifier", 150),
        Column("title", "名称", "text", 200), Column("area", "台账台区", "text", 170), Column("should", "应在台区", "text", 170),
        Column("pieces", "依据", "number", 60), Column("evidence", "依据内容", "text", 420),
    )  # fmt: skip
    return Listing(
        "reconcile", SUSPECTS, "疑似错挂", columns,
        lambda each: (
            GRADE_TITLES[each.grade], LINK_TITLES[each.link], each.key, each.title, each.area_name, each.should_name,
            str(len(each.evidence)), "；".join(each.evidence),
        ),
        lambda each: each.sentence, read, ("success", "没有疑似错挂的关系", "各项依据与台账一致"),
    )  # fmt: skip


def cases(services: Services) -> Listing:
    """Network changes under way."""
    columns = (
        Column("case_no", "编号", "identifier", 120), Column("kind", "异动", "code", 110), Column("state", "状态", "code", 80),
        Column("key", "对象编号", "identifier", 150), Column("title", "名称", "text", 190), Column("due", "期限", "date", 100),
        Column("late", "逾期", "code", 60), Column("next", "下一步", "text", 300),
    )  # fmt: skip
    return Listing(
        "reconcile", CASES, "异动", columns,
        lambda each: (
            each.case_no, each.kind_title, each.state_title, each.key, each.title, each.due_on, "逾期" if each.overdue else "",
            each.next_step,
        ),
        lambda each: f"{each.kind_title} {each.title}：{each.next_step}", services.cases,
        ("success", "没有在办的异动", "复核确认的换表、移箱、销户、新增在对账后自动登记为异动"),
    )  # fmt: skip


def sync(read: Callable[[], Sequence[Any]]) -> Listing:
    """Substations, feeders and transformers of the other systems beside ours."""
    from lvdesk.exchange.sync.model import SYNC_TITLES

    columns = (
        Column("klass", "类别", "code", 90), Column("system", "系统", "code", 90), Column("entity", "对象", "code", 80),
        Column("source", "对方名称", "text", 180), Column("source_key", "对方编号", "identifier", 130),
        Column("name", "台账名称", "text", 180),
        Column("key", "台账编号", "identifier", 140), Column("like", "相似", "number", 60), Column("todo", "怎么办", "text", 380),
    )  # fmt: skip
    return Listing(
        "reconcile", SYNC, "站线变同步", columns,
        lambda each: (
            "、".join(SYNC_TITLES[klass] for klass in each.classes), _SYSTEMS.get(each.system, each.system), each.entity_title,
            each.source_name, each.source_key, each.name, each.key, f"{each.likeness:.0%}" if each.likeness else "", each.todo,
        ),
        lambda each: "；".join(part for part in (each.todo, *each.evidence) if part), read,
        ("compare", "还没有电网侧清单", "把 PMS、电网 GIS 导出的变电站、馈线、变压器清单拖到窗口里，这里与台账对照"),
    )  # fmt: skip
