"""The hand-over pack when a manager changes: his areas, customers that matter, what is open, agreements, keys; to be signed."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from lvdesk.kit.errors import RefusedError
from lvdesk.kit.flow import Col, Flow
from lvdesk.kit.page import Page
from lvdesk.organisation.area_file import area_file
from lvdesk.organisation.grids import Picture, picture
from lvdesk.organisation.paper.areas import foot
from lvdesk.workspace import Workspace

OpenOrders = Callable[[Sequence[str]], Sequence[Sequence[str]]]
"""Areas -> rows (number, what, area, due) of the orders that are open there."""


def handover(ws: Workspace, giver: str, taker: str, orders: OpenOrders | None = None) -> Iterator[Page]:
    """The pack of everything somebody is responsible for.

    Raises:
        RefusedError: ``organisation.nothing_to_hand`` when he is responsible for nothing.
    """
    seen = picture(ws)
    areas = sorted(number for number, name in seen.managers.items() if name == giver)
    led = [view.grid_no for view in seen.grids if view.leader == giver]
    agreements = [row for row in seen.now.on("agreement", seen.day) if row["manager"] == giver or row["grid_no"] in led]
    if not areas and not led and not agreements:
        raise RefusedError("organisation.nothing_to_hand", f"{giver} 没有负责的台区、网格或协议", "请检查姓名，或先指定责任人")
    flow = Flow("工作交接单", f"交出 {giver}   接手 {taker or '＿＿＿＿＿＿'}   {seen.day}", foot(ws, "工作交接"))
    flow.skip(4)
    _areas(flow, seen, areas, led)
    matters, problems = [], []
    for number in areas:
        file = area_file(ws, number)
        matters += [(key, name, file.name, why) for key, name, why in file.matters[:3]]
        problems += [(file.name, key, message) for _rule, key, message in file.open_items[:5]]
        problems += [(file.name, "", f"另有 {file.open_more} 处")] if file.open_more else []
    flow.heading(f"重点用户（{len(matters)} 户）")
    flow.table((Col("户号", 2), Col("户名", 2.4), Col("台区", 2.2), Col("说明", 3)), matters)
    if orders is not None:
        flow.heading("在办工单")
        flow.table((Col("工单", 1.6), Col("事项", 3), Col("台区", 2), Col("期限", 1.6)), orders(areas))
    flow.heading("未处理的问题")
    flow.table((Col("台区", 2), Col("对象", 2), Col("问题", 5)), problems)
    flow.heading("协议与联络")
    flow.table(
        (Col("协议", 1.6), Col("村（社区）", 1.6), Col("联系人", 1.4), Col("电话", 1.6), Col("到期", 1.3)),
        list(map(_agreement, agreements)),
    )
    flow.heading("钥匙、工器具、资料（手填）")
    flow.table((Col("名称", 4), Col("数量", 1), Col("编号", 2), Col("备注", 3)), [], blank=5)
    flow.sign(("交出人", "接手人", "网格长"))
    flow.sign(("日期", "监交人"))
    yield from flow.pages()


def _areas(flow: Flow, seen: Picture, areas: Sequence[str], led: Sequence[str]) -> None:
    names = {view.grid_no: view.name for view in seen.grids}
    if led:
        flow.text(f"任网格长：{'、'.join(names[number] for number in led)}")
    flow.heading(f"负责台区（{len(areas)} 个）")
    rows = []
    for number in areas:
        work = seen.work[number]
        grid = names.get(seen.grid_of.get(number, ""), "")
        rows.append((number, work.name, grid, f"{work.customers:,}", f"{work.boxes:,}", f"{work.errors:,}"))
    columns = (Col("台区编号", 2), Col("名称", 3), Col("网格", 2), *(Col(title, 1, "right") for title in ("户", "箱", "错误")))
    flow.table(columns, rows)


def _agreement(row: Mapping[str, str]) -> tuple[str, ...]:
    return row["agreement_no"], row["village"], row["contact"], row["phone"], row["until"]
