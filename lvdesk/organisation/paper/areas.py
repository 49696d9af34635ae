"""台区档案 on paper: one page each."""

from collections.abc import Iterator, Sequence

from lvdesk.kit.clock import stamp
from lvdesk.kit.flow import Col, Flow
from lvdesk.kit.page import Page
from lvdesk.organisation.area_file import AreaFile, area_file
from lvdesk.organisation.state import state
from lvdesk.workspace import Workspace


def foot(ws: Workspace, purpose: str) -> str:
    """Person, time and purpose, as every page says them."""
    return f"{ws.title}  {ws.person}  {stamp(ws.clock())[:16].replace('T', ' ')}  {purpose}"


def area_files(ws: Workspace, areas: Sequence[str]) -> Iterator[Page]:
    """The files of some areas, of all public ones without any.

    Raises:
        KnownError: ``organisation.unknown_area``.
    """
    for number in areas or list(state(ws).areas):
        yield from laid_out(area_file(ws, number), foot(ws, "台区管理使用"))


def laid_out(file: AreaFile, foot_text: str) -> list[Page]:
    """One file."""
    flow = Flow(f"台区档案  {file.name}", f"{file.area_no}   {file.day}", foot_text)
    flow.code(f"LVDESK:AREA:{file.area_no}")
    flow.skip(7)
    people = (("网格", file.grid), ("网格长", file.leader), ("台区经理", f"{file.manager}  {file.phone}".strip()))
    flow.pairs((*people, *file.facts, ("村（社区）", "、".join(file.villages)), *file.quality[:2]))
    flow.heading("重点用户")
    flow.table((Col("户号", 2), Col("户名", 3), Col("说明", 4)), file.matters, empty="没有用户")
    more = f"（另有 {file.open_more} 处）" if file.open_more else ""
    flow.heading(f"未处理的错误{more}")
    flow.table((Col("规则", 1), Col("对象", 2), Col("问题", 6)), file.open_items, empty="没有未处理的错误")
    flow.heading("台区经理三重职责")
    flow.table((Col("职责", 1), Col("工作", 6, lines=3)), [(title, "；".join(tasks)) for title, tasks in file.duties])
    return flow.pages()
