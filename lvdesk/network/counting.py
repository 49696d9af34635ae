"""How much there is of everything, and what waits at each step of the loop."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import func, select

from lvdesk.network.answers import AnswerSheet, IdPair, ReceiptLine
from lvdesk.network.batches import Batch, Difference, table_of
from lvdesk.network.exports import ExportPackage
from lvdesk.network.packages import CollectionPackage
from lvdesk.network.reconciling import Disagreement, DisagreementDecision
from lvdesk.network.returns import FieldDifference, FieldSheet, Photo, ScannedPage
from lvdesk.network.reviews import ReviewItem
from lvdesk.network.tables import TABLES, Customer, Feeder, Meter, MeterBox, MeteringPoint, TransformerArea
from lvdesk.network.verdicts import OPEN, CheckRun, DeskCheckMark, Finding, FindingException, same_fault, state_of
from lvdesk.store.tables import journal
from lvdesk.workspace import Workspace


@dataclass(frozen=True)
class LoopStep:
    """One step of the loop from ledger to agreement of all systems.

    Attributes:
        count: what is done or stored; waiting: what a person should look at.
        enabled: the step exists in this program; the others are shown as what comes next.
    """

    key: str
    title: str
    count: int
    detail: str
    waiting: int
    enabled: bool


_CANCELLED: Final = "已销户"
_UNREAD: Final = "unread"
_READY, _LEFT = "confirmed", "exported"
_RECEIPTS, _FED = ("marketing_receipt", "gis_receipt"), "power_source"
_DECIDED: Final = ("confirm", "correct")


def counts(ws: Workspace) -> dict[str, int]:
    """Records per entity."""
    with ws.store.read() as connection:
        return {entity: connection.execute(select(func.count()).select_from(table)).scalar_one() for entity, table in TABLES.items()}


def absent(ws: Workspace) -> int:
    """Customers that their ledger no longer lists."""
    with ws.store.read() as connection:
        return connection.execute(select(func.count()).where(Customer.absent_sheet.is_not(None))).scalar_one()


def unresolved(ws: Workspace) -> dict[str, int]:
    """Links that lead nowhere, per kind of child; empty when the whole chain resolves."""
    pairs = {
        "feeder": select(func.count()).where(
            Feeder.substation_no.is_(None) | Feeder.substation_no.not_in(select(TABLES["substation"].c.substation_no))
        ),
        "transformer_area": select(func.count()).where(
            TransformerArea.feeder_no.is_(None) | TransformerArea.feeder_no.not_in(select(Feeder.feeder_no))
        ),
        "meter_box": select(func.count()).where(MeterBox.area_no.is_(None) | MeterBox.area_no.not_in(select(TransformerArea.area_no))),
        "metering_point": select(func.count()).where(
            MeteringPoint.area_no.is_(None) | MeteringPoint.area_no.not_in(select(TransformerArea.area_no))
        ),
        "meter": select(func.count()).where(Meter.box_no.is_not(None), Meter.box_no.not_in(select(MeterBox.asset_no))),
    }
    with ws.store.read() as connection:
        found = {entity: connection.execute(query).scalar_one() for entity, query in pairs.items()}
    return {entity: count for entity, count in found.items() if count}


def findings(ws: Workspace) -> dict[tuple[str, str], int]:
    """Findings by state and severity, as exceptions stand today."""
    state = state_of(ws.clock().date()).label("state")
    each = select(state, Finding.severity).outerjoin(FindingException, same_fault()).subquery()
    query = select(each.c.state, each.c.severity, func.count()).group_by(each.c.state, each.c.severity)
    with ws.store.read() as connection:
        return {(row[0], row[1]): row[2] for row in connection.execute(query)}


def loop(ws: Workspace) -> list[LoopStep]:
    """The steps in the order of work."""
    with ws.store.read() as connection:
        files = connection.execute(
            select(func.count()).select_from(Batch).join(journal, journal.c.id == Batch.entry).where(journal.c.undone_by.is_(None))
        ).scalar_one()
        differences = connection.execute(select(func.count()).select_from(Difference)).scalar_one()
    first = LoopStep("import", "台账导入", files, f"已导入 {files} 个文件，保留差异 {differences} 处", differences, enabled=True)
    return [first, _desk_check(ws), _packages(ws), _returns(ws), _checks(ws), *_reviews(ws), _exports(ws), _receipts(ws), _feedback(ws)]


def _desk_check(ws: Workspace) -> LoopStep:
    """Waiting are customers whom the ledger says are gone, or no longer lists, and nobody has looked at."""
    gone = Customer.absent_sheet.is_not(None) | Customer.status.startswith(_CANCELLED)
    waiting = select(func.count()).select_from(Customer).where(gone, Customer.customer_no.not_in(select(DeskCheckMark.customer_no)))
    with ws.store.read() as connection:
        marks = connection.execute(select(func.count()).select_from(DeskCheckMark)).scalar_one()
        left = connection.execute(waiting).scalar_one()
    return LoopStep("deskcheck", "室内核实", marks, f"已标注 {marks} 户，待核实 {left} 户", left, enabled=True)


def _packages(ws: Workspace) -> LoopStep:
    """Waiting are packages not yet sent, and those that should be back by now."""
    open_ones = select(CollectionPackage.out_at, CollectionPackage.due_on).where(CollectionPackage.closed_at.is_(None))
    today = ws.clock().date().isoformat()
    with ws.store.read() as connection:
        found = connection.execute(open_ones).all()
    here = sum(out_at is None for out_at, _due in found)
    late = sum(out_at is not None and due is not None and due < today for out_at, due in found)
    detail = f"待发出 {here} 个，在外 {len(found) - here} 个，逾期 {late} 个" if found else "还没有在办的任务包"
    return LoopStep("packages", "任务包与表单", len(found), detail, here + late, enabled=True)


def _returns(ws: Workspace) -> LoopStep:
    """Waiting are differences between field and ledger, and pages and photos that a person must say something about."""
    with ws.store.read() as connection:
        open_ones = connection.execute(select(func.count()).where(FieldDifference.resolved_at.is_(None))).scalar_one()
        pages = connection.execute(select(func.count()).where(ScannedPage.state == _UNREAD)).scalar_one()
        photos = connection.execute(select(func.count()).where(Photo.box_no == "")).scalar_one()
        tables = connection.execute(select(func.count(FieldSheet.id))).scalar_one()
    detail = (
        f"采录差异 {open_ones} 处，待认扫描页 {pages} 页，待归档照片 {photos} 张" if tables or pages or photos else "还没有回收采录结果"
    )
    return LoopStep("returns", "现场回收", tables, detail, open_ones + pages + photos, enabled=True)


def _reviews(ws: Workspace) -> list[LoopStep]:
    """Waiting are items at each stage; done is what the stage's people have confirmed."""
    item = table_of(ReviewItem).c
    with ws.store.read() as connection:
        rows = connection.execute(select(item.state, func.count()).where(item.resolved_at.is_(None)).group_by(item.state)).all()
        done = {
            stage: connection.execute(select(func.count()).where(item[stage].in_(_DECIDED))).scalar_one()
            for stage in ("marketing", "operations")
        }
    waiting = {row[0]: row[1] for row in rows}
    return [
        LoopStep(
            stage, title, done[stage], f"待确认 {waiting.get(stage, 0)} 项，已确认 {done[stage]} 项", waiting.get(stage, 0), enabled=True
        )
        for stage, title in (("marketing", "营销确认"), ("operations", "运检确认"))
    ]


def _exports(ws: Workspace) -> LoopStep:
    """Waiting is what both stages confirmed and no package has carried yet."""
    item = table_of(ReviewItem).c
    ready = select(func.count()).where(item.state == _READY, item.resolved_at.is_(None))
    with ws.store.read() as connection:
        packages = connection.execute(select(func.count()).select_from(table_of(ExportPackage))).scalar_one()
        waiting = connection.execute(ready).scalar_one()
    detail = f"已导出 {packages} 包，已确认待导出 {waiting} 项" if packages or waiting else "还没有已确认的事项"
    return LoopStep("export", "导出归档", packages, detail, waiting, enabled=True)


def _receipts(ws: Workspace) -> LoopStep:
    """Waiting are refusals and conflicts that somebody has to settle; beside them what left and was not answered yet."""
    line, item = table_of(ReceiptLine).c, table_of(ReviewItem).c
    with ws.store.read() as connection:
        pairs = connection.execute(select(func.count()).where(table_of(IdPair).c.until.is_(None))).scalar_one()
        waiting = connection.execute(select(func.count()).where(line.settled_at.is_(None))).scalar_one()
        out = connection.execute(select(func.count()).where(item.state == _LEFT, item.resolved_at.is_(None))).scalar_one()
        sheets = connection.execute(select(func.count()).where(AnswerSheet.template.in_(_RECEIPTS))).scalar_one()
    detail = f"已收编号 {pairs} 个，退回和冲突待办 {waiting} 条，已导出未回执 {out} 项" if sheets or out else "还没有收到回执"
    return LoopStep("receipts", "回执", sheets, detail, waiting, enabled=True)


def _feedback(ws: Workspace) -> LoopStep:
    """Waiting are disagreements nobody has decided about."""
    decided = select(DisagreementDecision.identity)
    with ws.store.read() as connection:
        sheets = connection.execute(select(func.count()).where(AnswerSheet.template == _FED)).scalar_one()
        open_ones = select(func.count()).where(Disagreement.resolved_at.is_(None), Disagreement.identity.not_in(decided))
        waiting = connection.execute(open_ones).scalar_one()
    detail = f"已接收回写 {sheets} 份，对账差异待处理 {waiting} 处" if sheets or waiting else "还没有收到电源信息回写"
    return LoopStep("feedback", "电源信息回写", sheets, detail, waiting, enabled=True)


def _checks(ws: Workspace) -> LoopStep:
    """Waiting are open errors: nothing with one moves on."""
    with ws.store.read() as connection:
        run = connection.execute(select(CheckRun.id).limit(1)).scalar()
    found = {severity: count for (state, severity), count in findings(ws).items() if state == OPEN}
    errors, count = found.get("error", 0), sum(found.values())
    detail = f"未处理 {count} 处，其中错误 {errors} 处" if run is not None else "还没有检查过"
    return LoopStep("checks", "模板校验", count, detail, errors, enabled=True)
