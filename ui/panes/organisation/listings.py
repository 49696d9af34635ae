"""What the lists of the page show: people, villages, what is lacking, the rows of any sheet."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

from lvdesk.kit.table import Column
from ui.panes.organisation.loading import Services
from ui.widgets.list_view import Listing

if TYPE_CHECKING:
    from lvdesk.organisation.grids import Lack
    from lvdesk.organisation.liaison import VillageView
    from lvdesk.organisation.roster import Member
    from lvdesk.organisation.setup import Sheet

PEOPLE, VILLAGES, LACKS = "people", "villages", "lacks"
_PAGE: Final = "organisation"
_LONG: Final = {"services", "subject", "outcome", "note", "scope", "kind", "areas"}


def people(services: Services) -> Listing:
    """Everybody with team, grid, and who stands in."""
    columns = (
        Column("name", "姓名", "text", 90), Column("post", "岗位", "code", 100), Column("team", "班组", "code", 90),
        Column("role", "职责", "code", 70),
        Column("grids", "网格", "text", 130), Column("specialties", "专业", "text", 150), Column("phone", "电话", "identifier", 120),
        Column("shift", "今日班次", "code", 80), Column("away", "在岗", "text", 180),
    )  # fmt: skip

    def line(each: "Member") -> tuple[str, ...]:
        return (
            each.name, each.post, each.team, each.role, "、".join(each.grids), "、".join(each.specialties), each.phone, each.shift,
            _away(each),
        )  # fmt: skip

    def said(each: "Member") -> str:
        leads = f"任 {'、'.join(each.leads)} 网格长；" if each.leads else ""
        return f"{each.name}：{leads}{each.team or '没有班组'}，{_away(each)}"

    hint = "导入人员名单或工作簿；原班组名单可以直接转成内勤班、外勤班"
    return Listing(_PAGE, PEOPLE, "人员", columns, line, said, services.members, ("people", "还没有登记员工", hint))


def _away(each: "Member") -> str:
    return f"{each.away}，替班 {each.standin or '未定'}" if each.away else "在岗"


def villages(services: Services) -> Listing:
    """Villages with agreement, visits, what is due."""
    columns = (
        Column("name", "村（社区）", "text", 120), Column("reminder", "要做的事", "text", 280),
        Column("township", "乡镇（街道）", "text", 110), Column("grid", "网格", "text", 110),
        Column("manager", "客户经理", "text", 90), Column("contact", "联系人", "text", 90), Column("phone", "电话", "identifier", 120),
        Column("agreement", "协议", "identifier", 100), Column("until", "到期", "date", 100), Column("visited", "最近走访", "date", 100),
    )  # fmt: skip

    def line(each: "VillageView") -> tuple[str, ...]:
        return (
            each.name, each.reminder, each.township, each.grid, each.manager, each.contact, each.phone, each.agreement, each.until,
            each.visited,
        )  # fmt: skip

    def said(each: "VillageView") -> str:
        return f"{each.name}：{each.reminder or '协议和走访都在期限内'}"

    return Listing(
        _PAGE, VILLAGES, "村社区", columns, line, said, services.villages, ("people", "还没有村（社区）", "新增村（社区），或导入工作簿")
    )


def lacks(read: Callable[[], Sequence[Any]]) -> Listing:
    """What the division lacks."""
    from lvdesk.organisation.grids import LACKS as TITLES

    columns = (Column("kind", "类别", "code", 140), Column("key", "对象", "identifier", 140), Column("message", "说明", "text", 560))

    def line(each: "Lack") -> tuple[str, ...]:
        return TITLES[each.kind], each.key, each.message

    return Listing(
        _PAGE, LACKS, "缺项", columns, line, lambda each: each.message, read, ("success", "没有缺项", "每个公变台区都有网格和责任人")
    )


def rows(services: Services, sheet: "Sheet") -> Listing:
    """The rows of a sheet as they are kept."""
    columns = tuple(
        Column(each.name, each.title, "date" if each.kind == "day" else "text", 200 if each.name in _LONG else 120) for each in sheet.fields
    )
    return Listing(
        _PAGE, f"rows.{sheet.key}", sheet.title, columns, lambda each: tuple(each[field.name] for field in sheet.fields),
        lambda each: "，".join(f"{field.title} {each[field.name]}" for field in sheet.fields if each[field.name])[:160],
        lambda: services.state().rows[sheet.key], ("list", f"还没有{sheet.title}", "点“新增”，或导入工作簿"),
    )  # fmt: skip
