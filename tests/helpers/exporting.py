"""A form of export as simple as can be, and exports of the small station through it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import polars as pl
import pytest

from lvdesk.checks.model import KEYS
from lvdesk.exchange import exports
from lvdesk.exchange.model import ExportRequest, Format, Manifest, Options, System, Written
from lvdesk.exchange.picture import Picture
from lvdesk.kit.progress import Progress
from lvdesk.review.model import State
from lvdesk.workspace import Workspace
from tests.helpers import reviewing

FILE: Final = "记录.csv"
ENTITIES: Final = ("feeder", "transformer_area", "meter_box", "meter", "metering_point", "customer")


def write_keys(leaving: Picture, folder: Path, _options: Options, progress: Progress) -> list[Written]:
    """One line for each record: entity and key."""
    progress.start("正在写出", leaving.records)
    rows = [(entity, key) for entity, frame in leaving.frames.items() for key in frame[KEYS[entity]]]
    pl.DataFrame(rows, schema={"entity": pl.String, "key": pl.String}, orient="row").write_csv(folder / FILE)
    progress.step(len(rows))
    return [Written(folder / FILE, len(rows))]


@pytest.fixture
def form(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Makes ``write_keys`` (or what is given) the form of every export."""

    def made(write: Callable[..., Any] = write_keys, key: str = "keys", entities: tuple[str, ...] = ENTITIES) -> None:
        simple = Format(key, System.MARKETING, "编号", "", 1, entities, write)
        monkeypatch.setattr(exports, "chosen", lambda _system, _key: simple)
        monkeypatch.setattr("lvdesk.exchange.preflight.chosen", lambda _system, _key: simple)

    made()
    return made


def export(ws: Workspace, folder: Path, **more: Any) -> Manifest:
    """An export by the person at the desk."""
    return exports.export(ws, ExportRequest(System.MARKETING, folder, **more), Progress())


def keys(manifest: Manifest) -> dict[str, set[str]]:
    """Entity -> keys in the package's file."""
    found: dict[str, set[str]] = {}
    for entity, key in pl.read_csv(manifest.files[0].path, schema={"entity": pl.String, "key": pl.String}).iter_rows():
        found.setdefault(entity, set()).add(key)
    return found


def why(manifest: Manifest) -> dict[tuple[str, str], str]:
    """(entity, key) -> reason of what stayed."""
    return {(each.entity, each.key): each.why for each in manifest.held_back}


def confirmed(ws: Workspace, folder: Path) -> Workspace:
    """The small station with everything that can be confirmed so."""
    reviewing.queued(ws, folder)
    reviewing.confirm_all(ws)
    return ws


def exported(ws: Workspace) -> int:
    """How many items of the review are 已导出."""
    return sum(view.state is State.EXPORTED for view in reviewing.all_items(ws).values())
