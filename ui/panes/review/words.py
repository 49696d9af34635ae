"""The review in words: lists, colours, why an item is here, what was decided."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from lvdesk.review.model import ADDRESSEES, KIND_TITLES, STATE_TITLES, Action, ItemView, Kind, Refused, State, Step
from ui.moments import said

MINE, BLOCKED, AUDIT, ALL = "mine", "blocked", "audit", "all"
STAGES: Final[tuple[tuple[str, str], ...]] = (
    (MINE, "待我处理"),
    (State.PREPARING, "待整理"),
    (BLOCKED, "不能进入"),
    (State.MARKETING, "待营销确认"),
    (State.OPERATIONS, "待运检确认"),
    (State.RETURNED, "退回"),
    (State.HELD, "挂起"),
    (State.CONFIRMED, "已确认"),
    (State.EXPORTED, "已导出"),
    (State.RECEIPTED, "已回执"),
    (State.AGREED, "已贯通"),
    (State.ARCHIVED, "已归档"),
    (AUDIT, "抽查"),
)
"""Key and title of every list, in the order of the work."""
LATER: Final = frozenset({State.EXPORTED, State.RECEIPTED, State.AGREED, State.ARCHIVED})
"""Lists that are only shown when there is something in them."""
STAGE_LEVELS: Final[Mapping[str, str]] = {
    MINE: "brand", State.PREPARING: "neutral", BLOCKED: "error", State.MARKETING: "warning", State.OPERATIONS: "info",
    State.RETURNED: "error", State.HELD: "neutral", State.CONFIRMED: "success", AUDIT: "info",
}  # fmt: skip
KIND_LEVELS: Final[Mapping[Kind, str]] = {
    Kind.CANCELLED: "error", Kind.NEW: "success", Kind.METER_REPLACED: "info", Kind.OTHER_BOX: "warning", Kind.OTHER_AREA: "warning",
    Kind.CONNECTION: "info",
}  # fmt: skip
_WHY: Final[Mapping[Kind, str]] = {
    Kind.CANCELLED: "台账有这一户，现场没有找到。通过后按现场结果改为已销户。",
    Kind.NEW: "现场有这一户，台账没有。通过后在台账中新建。",
    Kind.METER_REPLACED: "表位上的电能表与台账不是同一块。通过后台账换成现场的表。",
    Kind.OTHER_BOX: "电能表所在的箱与台账不同。通过后台账改到现场的箱。",
    Kind.OTHER_AREA: "现场认定的供电台区与台账不同。通过后户变关系改为现场的台区。",
    Kind.CONNECTION: "计量箱挂接在哪台设备上，由运检确认；与台账一致的也要确认。",
    Kind.NAME_CHANGED: "现场登记的户名与台账不同。通过后台账改用现场的户名。",
    Kind.ADDRESS_CHANGED: "现场登记的用电地址与台账不同。通过后台账改用现场的地址。",
    Kind.SLOT_CHANGED: "箱内表位与台账不同，以现场为准。",
    Kind.ATTRIBUTE_CHANGED: "计量箱的属性与台账不同，以现场为准。",
    Kind.MOVED_BOX: "计量箱的位置与台账不同，以现场坐标为准。",
    Kind.FILLED: "台账空着，现场补录。",
}
_HOW: Final[Mapping[str, str]] = {"bulk": "批量", "book": "经工作簿", "rule": "按规则", "desk": ""}
_BY_RULE: Final = "按规则通过"
_TOLD: Final = 3


def stage_title(key: str) -> str:
    """待营销确认 for ``marketing``."""
    return dict(STAGES).get(key, "全部")


def why(view: ItemView) -> str:
    """Why an item is in the queue."""
    return _WHY[view.kind]


def note(view: ItemView) -> tuple[str, str, str]:
    """What must be known before anything else: level, headline, more; empty strings when there is nothing."""
    if view.state is State.RETURNED:
        to = ADDRESSEES.get(view.addressee, "")
        often = f"第 {view.returns} 次退回" if view.returns > 1 else "退回"
        return "error", f"{often}给{to}" if to else often, view.reason
    if view.state is State.HELD:
        return "warning", f"挂起至 {view.until}" if view.until else "挂起", view.reason
    if view.blocked:
        return "error", "有未处理的错误，不能进入复核", view.blocked
    if view.locked_by:
        return "warning", f"{view.locked_by} 正在处理这一项", "等对方处理完或离开后再决定；可以先跳过"
    if view.forbidden and Action.CONFIRM not in view.allowed and view.state in {State.PREPARING, State.MARKETING, State.OPERATIONS}:
        return "info", "您不能通过这一项", view.forbidden
    if view.round > 1 or view.returns:
        again = f"退回过 {view.returns} 次，现场已重新采录" if view.returns else "现场结果更新过"
        return "info", again, ""
    return "", "", ""


def waited(view: ItemView) -> str:
    """Since when it is where it is."""
    return "今天进入" if not view.waiting_days else f"已等 {view.waiting_days} 天"


def subject(view: ItemView) -> str:
    """An item in one line: 账有实无 张三 4209747019."""
    return " ".join(part for part in (KIND_TITLES[view.kind], view.title, view.key if view.key != view.title else "") if part)


def origin(view: ItemView) -> str:
    """File, sheet and row."""
    row = f"第 {view.row} 行" if view.row else ""
    return " › ".join(part for part in (view.file, view.sheet, row) if part)


def step_lines(view: ItemView, today: date) -> list[str]:
    """Who decided what and when, newest first; what the rule passed at the end."""
    lines = [_step(step, today) for step in reversed(view.steps)]
    ruled = [f"{STATE_TITLES[stage]}：{text}" for stage, text in _stages(view) if text.startswith(_BY_RULE)]
    return [*lines, *ruled]


def _stages(view: ItemView) -> Sequence[tuple[State, str]]:
    return (State.MARKETING, view.marketing), (State.OPERATIONS, view.operations)


def _step(step: Step, today: date) -> str:
    given = "，".join(f"{title} 改为 {text or '（空）'}" for title, text in step.given)
    how = _HOW.get(step.how, "")
    head = f"{said(step.at, today)}　{step.person}　{how}{step.action}（{step.stage}）"
    more = "；".join(part for part in (given, step.reason) if part)
    return f"{head}：{more}" if more else head


def refusals(refused: Sequence[Refused]) -> str:
    """Why some items were not decided: each reason once with its number."""
    counted: dict[str, int] = {}
    for each in refused:
        counted[each.why] = counted.get(each.why, 0) + 1
    reasons = sorted(counted.items(), key=lambda pair: -pair[1])
    parts = [f"{text}（{count:,} 项）" if count > 1 else text for text, count in reasons[:_TOLD]]
    return "；".join(parts) + (" 等" if len(reasons) > _TOLD else "")
