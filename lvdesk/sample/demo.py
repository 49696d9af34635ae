"""The sample station taken through the main job: files made, imported, exported. For the demo and the first look."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lvdesk.exchange.exports import export
from lvdesk.exchange.model import ExportRequest, System
from lvdesk.kit.progress import Progress
from lvdesk.ledger.importing import take
from lvdesk.ledger.model import ImportRequest
from lvdesk.network.counting import counts, unresolved
from lvdesk.sample.building import build
from lvdesk.security.people import register
from lvdesk.workspace import Workspace

CUSTOMERS = 3000
TITLE = "样例供电所"
PEOPLE: Final = (
    ("样例管理员", "admin", "综合班"), ("样例内勤", "clerk", "内勤班"), ("样例网格长", "grid_leader", "外勤班"),
    ("样例营销员", "marketing", "营销班"), ("样例运检员", "operations", "运检班"),
)  # fmt: skip
"""One person for each role that has work; without a PIN, so that everything can be tried."""


@dataclass(frozen=True)
class Demo:
    """What came of it: records per entity, links that lead nowhere, cells put right and refused, records of a test export."""

    counts: dict[str, int]
    unresolved: dict[str, int]
    files: int
    healed: int
    refused: int
    exported: int
    export: Path


def run_main_job(ws: Workspace, customers: int, progress: Progress) -> Demo:
    """Makes the station's files inside the workspace's folder, imports them together and tries the marketing export."""
    progress.start("正在生成样例供电所")
    station = build(ws.folder / TITLE, customers=customers, progress=progress)
    ws.settings.set("title", TITLE)
    _staff(ws)
    result = take(ws, ImportRequest(tuple(station.files)), progress)
    manifest = export(ws, ExportRequest(System.MARKETING, ws.folder / "导出", test=True), progress)
    sheets = [sheet for file in result.files for sheet in file.sheets]
    return Demo(
        counts(ws),
        unresolved(ws),
        len(result.files),
        sum(len(sheet.healed) for sheet in sheets),
        sum(len(sheet.refused) for sheet in sheets),
        manifest.records,
        manifest.files[0].path,
    )


def _staff(ws: Workspace) -> None:
    """Registers the sample's people, the administrator first: after him only he may."""
    person = ws.person
    for name, role, team in PEOPLE:
        register(ws.store, ws.overrides, name, [role], team)
        ws.store.person = PEOPLE[0][0]
    ws.store.person = person


def make_sample(folder: Path, progress: Progress) -> None:
    """Fills an empty folder with a workspace of the sample station."""
    ws = Workspace.open(folder)
    try:
        run_main_job(ws, CUSTOMERS, progress)
    finally:
        ws.close()
