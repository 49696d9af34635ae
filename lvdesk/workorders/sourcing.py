"""Orders out of what is already known: errors of the checks, refusals of other systems, cases of network change; and workbooks."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from sqlalchemy import select

from lvdesk.kit.errors import KnownError
from lvdesk.kit.progress import Progress
from lvdesk.network.answers import ReceiptLine
from lvdesk.network.reconciling import ChangeCase
from lvdesk.network.tables import Meter, MeteringPoint
from lvdesk.network.verdicts import Finding
from lvdesk.organisation.workbook import plain
from lvdesk.tabular.guard import Reader
from lvdesk.tabular.heal.dates import heal_date
from lvdesk.workorders.creating import Created, NewOrder, create
from lvdesk.workorders.types import OrderBook, load_orders
from lvdesk.workspace import Workspace

_READ: Final = "lvdesk.tabular.reading:everything"
_HEAD_ROWS: Final = 15
_VISITED: Final = ("customer", "meter_box", "transformer_area", "feeder")
_FIELD_DESK: Final = "field"
_HEADS: Final[Mapping[str, tuple[str, ...]]] = {
    "kind": ("工单类型", "类型", "业务类型"), "title": ("事项", "内容", "业务描述", "受理内容", "标题"), "source": ("来源", "受理渠道"),
    "source_no": ("来源编号", "工单编号", "申请编号", "95598工单号"), "customer": ("户号", "用户编号", "客户编号"),
    "box": ("计量箱", "计量箱编号", "箱资产编号"), "area": ("台区编号", "台区编码"), "feeder": ("线路编号", "馈线编号"),
    "address": ("地址", "用电地址", "故障地址"), "contact": ("联系人", "客户姓名", "用户名称"), "phone": ("电话", "联系电话", "手机"),
    "zone": ("区域", "城乡"), "at": ("受理时间", "派单时间", "创建时间"), "note": ("备注", "说明"),
}  # fmt: skip
_ZONES: Final = {"城区": "urban", "城市": "urban", "农村": "rural", "乡村": "rural", "特殊边远": "remote", "边远": "remote"}


def from_findings(ws: Workspace, severity: str = "error", areas: Sequence[str] = (), rules: Sequence[str] = ()) -> Created:
    """One order for each thing that has errors, with a task for each error; what has an open order already is left alone.

    Raises:
        RefusedError: ``orders.nothing`` when nothing is open.
    """
    query = select(Finding.entity, Finding.key, Finding.rule, Finding.message, Finding.area_no).where(
        Finding.resolved_at.is_(None), Finding.severity == severity
    )
    if areas:
        query = query.where(Finding.area_no.in_(areas))
    if rules:
        query = query.where(Finding.rule.in_(rules))
    with ws.store.read() as connection:
        rows = connection.execute(query.order_by(Finding.entity, Finding.key, Finding.rule)).all()
        owners = {row[0]: row[1] for row in connection.execute(select(Meter.asset_no, MeteringPoint.customer_no).join(
            MeteringPoint, MeteringPoint.mp_no == Meter.mp_no))}  # fmt: skip
        points = {row[0]: row[1] for row in connection.execute(select(MeteringPoint.mp_no, MeteringPoint.customer_no))}
    tasks: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for entity, key, _rule, message, area in rows:
        place = _visited(entity, key, area, owners, points)
        if place is not None:
            tasks.setdefault(place, []).append(("核实", message))
    wanted = [
        NewOrder("data_check", "", entity, key, tasks=tuple(found), origin=f"finding|{entity}|{key}")
        for (entity, key), found in tasks.items()
    ]
    return create(ws, wanted, f"检查问题转工单 {len(wanted)} 张")


def from_receipts(ws: Workspace) -> Created:
    """One order for each refusal that the field has to settle.

    Raises:
        RefusedError: ``orders.nothing``.
    """
    query = select(ReceiptLine.id, ReceiptLine.entity, ReceiptLine.key, ReceiptLine.plain).where(
        ReceiptLine.settled_at.is_(None), ReceiptLine.desk == _FIELD_DESK
    )
    with ws.store.read() as connection:
        rows = connection.execute(query).all()
    wanted = [
        NewOrder("data_check", f"退回核实：{said}"[:60], entity, key, "对账", tasks=(("核实", said),), origin=f"receipt|{number}")
        for number, entity, key, said in rows if entity in _VISITED
    ]  # fmt: skip
    return create(ws, wanted, f"退回待办转工单 {len(wanted)} 张")


def from_cases(ws: Workspace) -> Created:
    """One order for each case of network change that is under way.

    Raises:
        RefusedError: ``orders.nothing``.
    """
    query = select(ChangeCase.case_no, ChangeCase.entity, ChangeCase.key, ChangeCase.title).where(ChangeCase.closed_at.is_(None))
    with ws.store.read() as connection:
        rows = connection.execute(query).all()
    wanted = [
        NewOrder("network_change", f"异动 {title}"[:60], entity, key, "对账", source_no=number, origin=f"case|{number}")
        for number, entity, key, title in rows if entity in _VISITED
    ]  # fmt: skip
    return create(ws, wanted, f"异动转工单 {len(wanted)} 张")


def from_book(ws: Workspace, path: Path, progress: Progress) -> Created:
    """All rows of a workbook, all or none.

    Raises:
        RefusedError: ``orders.…`` naming the row.
        KnownError: ``orders.not_a_book``, or ``file.…`` when it cannot be read.
    """
    book = load_orders(ws.overrides)
    wanted = list(_rows(book, path, progress))
    if not wanted:
        raise KnownError("orders.not_a_book", f"{path.name} 里没有找到工单", "需要“工单类型”和“事项”两列，另有户号、台区编号、受理时间等")
    return create(ws, wanted, f"导入工单 {path.name}，{len(wanted)} 张")


def _visited(
    entity: str, key: str, area: str | None, owners: Mapping[str, str | None], points: Mapping[str, str | None]
) -> tuple[str, str] | None:
    """Where one goes for a fault: meters and metering points belong to a customer, poles to their area."""
    if entity in _VISITED:
        return entity, key
    owner = owners.get(key) if entity == "meter" else points.get(key) if entity == "metering_point" else None
    if owner:
        return "customer", owner
    return ("transformer_area", area) if area else None


def _rows(book: OrderBook, path: Path, progress: Progress) -> Iterator[NewOrder]:
    progress.start(f"正在读取 {path.name}")
    heads: dict[str, dict[str, int]] = {}
    with Reader() as reader:
        for message in reader.stream(_READ, (path,), progress):
            if not isinstance(message, tuple):
                continue
            sheet, piece = message
            for number, texts in enumerate(piece.frame.iter_rows(), piece.first_row):
                if sheet in heads:
                    cells = {key: (texts[at] or "").strip() for key, at in heads[sheet].items() if at < len(texts)}
                    if any(cells.values()):
                        yield _new(book, cells, f"{sheet} 第 {number} 行")
                elif number <= _HEAD_ROWS:
                    words = [plain(text or "") for text in texts]
                    found = {key: words.index(word) for key, known in _HEADS.items() for word in known if word in words}
                    if "kind" in found:
                        heads[sheet] = found


def _new(book: OrderBook, cells: Mapping[str, str], where: str) -> NewOrder:
    entity, key = next(
        ((entity, cells[name]) for entity, name in zip(_VISITED, ("customer", "box", "area", "feeder"), strict=True) if cells.get(name)),
        ("", ""),
    )
    kind = book.type_of(cells.get("kind", "")).key
    source = cells.get("source", "") or "其他"
    zone = _ZONES.get(cells.get("zone", ""), cells.get("zone", ""))
    return NewOrder(
        kind, entity=entity, key=key, source=source, zone=zone, at=_moment(cells.get("at", "")), where=where,
        title=cells.get("title", ""), source_no=cells.get("source_no", ""), address=cells.get("address", ""),
        contact=cells.get("contact", ""), phone=cells.get("phone", ""), note=cells.get("note", ""),
    )  # fmt: skip


def _moment(text: str) -> str:
    """A time with the zone of China where none is said; what nobody can read stays as it is and is refused later."""
    healed = heal_date(text).value if text else ""
    if not healed:
        return text
    day, _space, clock = healed.partition(" ")
    clock = clock or "00:00"
    return f"{day}T{clock if clock.count(':') == 2 else f'{clock}:00'}+08:00"
