"""The desk check (室内核实): before anyone walks, customers that are certainly cancelled are found and marked."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import select

from lvdesk.checks.station import Station
from lvdesk.kit.errors import RefusedError
from lvdesk.kit.progress import Progress
from lvdesk.ledger import deskcheck_marks
from lvdesk.ledger.deskcheck_book import load_book
from lvdesk.ledger.deskcheck_candidates import Candidates, gathered
from lvdesk.ledger.deskcheck_evidence import Search
from lvdesk.ledger.deskcheck_model import CONFIRMED, FeederProgress, Mark, Marked
from lvdesk.ledger.deskcheck_people import People
from lvdesk.network.batches import Difference
from lvdesk.network.tables import Customer
from lvdesk.workspace import Workspace

_STEPS: Final = 12


def candidates(ws: Workspace, progress: Progress | None = None) -> Candidates:
    """Every customer that may be cancelled, with the evidence, and what people marked so far.

    Raises:
        KnownError: ``rules.unreadable`` when the station's own rules of the desk check cannot be read.
        Cancelled: the user stopped it.
    """
    progress = progress or Progress()
    book = load_book(ws)
    names = {item.code: item.name for item in ws.codes["customer_status"].items}
    with ws.store.read() as connection:
        progress.start("正在读取用户、计量点和电能表", _STEPS, "步")
        people = People(connection, ws.dictionary)
        progress.step()
        station = Station(ws, connection)
        disputed = connection.execute(
            select(Difference.id).where(Difference.entity == "meter", Difference.field == "mp_no").limit(1)
        ).first()
        disputes = station.differences if disputed else None
        progress.start("正在查找销户依据", _STEPS, "类")
        hits = []
        for frame in Search(people, book, station.today, disputes).hits():
            hits.append(frame)
            progress.step()
        marks = deskcheck_marks.read_marks(connection)
    return gathered(people, hits, book, names).with_marks(marks)


def refreshed(ws: Workspace, present: Candidates) -> Candidates:
    """The same evidence beside the present marks: what is left to do after marking."""
    with ws.store.read() as connection:
        return present.with_marks(deskcheck_marks.read_marks(connection))


def mark(
    ws: Workspace, customer_nos: Sequence[str], verdict: str, reason: str, progress: Progress | None = None, seen: Candidates | None = None
) -> Marked:
    """Marks customers with a verdict, in one undoable write; marking again changes the verdict.

    Args:
        ws: the station.
        customer_nos: each must be a customer of the ledger.
        verdict: of the code list ``verdict``; 确认销户 leaves the customer out of field packages.
        reason: why, in the person's words.
        progress: to watch and to stop.
        seen: the candidates the person looked at, whose evidence is kept with the mark; without them it is looked for.

    Raises:
        RefusedError: an unknown verdict, no reason, unknown customers; nothing was marked.
        ConflictError: somebody marked the same customer in the meantime.
    """
    progress, numbers = progress or Progress(), list(dict.fromkeys(customer_nos))
    given = {"verdict": deskcheck_marks.verdict_of(ws, verdict), "reason": reason.strip()}
    if not given["reason"]:
        raise RefusedError("deskcheck.reason", "没有写明原因，本次没有标注任何用户", "请填写标注的原因")
    with ws.store.read() as connection:
        deskcheck_marks.refuse_unknown(connection, numbers)
    said = (seen or candidates(ws, progress)).said(numbers)
    return deskcheck_marks.store_marks(ws, numbers, given, said, progress)


def unmark(ws: Workspace, customer_nos: Sequence[str], progress: Progress | None = None) -> Marked:
    """Takes the verdicts of customers away, in one undoable write; those without one are counted as unchanged.

    Raises:
        RefusedError: unknown customers; nothing was changed.
    """
    numbers = list(dict.fromkeys(customer_nos))
    with ws.store.read() as connection:
        deskcheck_marks.refuse_unknown(connection, numbers)
    return deskcheck_marks.remove_marks(ws, numbers, progress or Progress())


def progress_by_feeder(ws: Workspace, progress: Progress | None = None) -> list[FeederProgress]:
    """How far the desk check of each feeder is."""
    return list(candidates(ws, progress).feeders)


def left_out(ws: Workspace) -> frozenset[str]:
    """Numbers of the customers confirmed as cancelled: nobody walks for them, so field packages leave them out.

    Only 确认销户 counts: a suspected customer is visited, that is how the suspicion is settled.
    """
    with ws.store.read() as connection:
        return frozenset(number for number, each in deskcheck_marks.read_marks(connection).items() if each.verdict == CONFIRMED)


def mark_of(ws: Workspace, record: int) -> Mark | None:
    """What was decided about the customer of this record."""
    with ws.store.read() as connection:
        number = connection.execute(select(Customer.customer_no).where(Customer.id == record)).scalar()
        return deskcheck_marks.read_marks(connection, [number]).get(number) if number else None
