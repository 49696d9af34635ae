"""Printed slips come back as photographs: turned, skewed, darker; ticks find their tasks, nothing closes by itself."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from PIL import Image, ImageDraw

from lvdesk.kit.progress import Progress
from lvdesk.workorders.creating import NewOrder, create
from lvdesk.workorders.model import Action, Request, State
from lvdesk.workorders.moving import act
from lvdesk.workorders.paper import slips, spots
from lvdesk.workorders.reading import order
from lvdesk.workorders.slips import take_slips
from lvdesk.workspace import Workspace
from tests.helpers.grids import with_areas
from ui.printing.pdf import write_pdf

DPMM = 8.0


@pytest.fixture
def slip(local_ws: Workspace, tmp_path: Path) -> tuple[str, Image.Image]:
    """An order with three tasks and its printed slip."""
    local_ws.clock = lambda: datetime.fromisoformat("2026-11-24T09:00:00+08:00")
    areas = with_areas(local_ws)
    tasks = (("计量", "换表"), ("采录", "补坐标"), ("核实", "核对户名"))
    number = create(local_ws, [NewOrder("data_check", "核实", "transformer_area", areas[0], tasks=tasks)]).numbers[0]
    act(local_ws, [number], Request(Action.DISPATCH))
    write_pdf(slips(local_ws, [order(local_ws, number)]), tmp_path / "slip.pdf", Progress(), title="派工单")
    page = pypdfium2.PdfDocument(tmp_path / "slip.pdf")[0].render(scale=DPMM * 25.4 / 72).to_pil().convert("L")
    return number, page


def ticked(page: Image.Image, names: Sequence[str], tasks: int = 3) -> Image.Image:
    """The page with crosses by pen."""
    page = page.copy()
    pen = ImageDraw.Draw(page)
    for spot in spots(tasks):
        if spot.name in names:
            x, y, r = spot.x * DPMM, spot.y * DPMM, 1.6 * DPMM
            pen.line([(x - r, y), (x - r / 3, y + r), (x + r * 1.3, y - r * 1.2)], fill=40, width=int(0.6 * DPMM))
    return page


def photographed(page: Image.Image, angle: float, seed: int) -> Image.Image:
    """As a phone sees it: on a table, turned, from the side, unevenly lit."""
    wide, high = page.size
    table = Image.new("L", (int(wide * 1.3), int(high * 1.25)), 120)
    table.paste(page, (int(wide * 0.15), int(high * 0.12)))
    dice = np.random.default_rng(seed)
    far = 0.04 * wide
    corners = [(0, 0), (0, table.height), (table.width, table.height), (table.width, 0)]
    quad = [float(each) for x, y in corners for each in (x + dice.uniform(-far, far), y + dice.uniform(-far, far))]
    seen = table.transform(table.size, Image.Transform.QUAD, quad, Image.Resampling.BICUBIC).rotate(
        angle, Image.Resampling.BICUBIC, expand=True, fillcolor=110
    )
    light = np.linspace(0.72, 1.0, seen.width)[None, :]
    return Image.fromarray(np.clip(np.asarray(seen, dtype=float) * light, 0, 255).astype(np.uint8)).resize(
        (seen.width // 2, seen.height // 2)
    )


@pytest.mark.parametrize("angle, seed", [(0, 1), (3, 2), (-8, 3), (90, 4), (180, 5)])
def test_a_photographed_slip_finds_its_order_and_brings_its_ticks(
    local_ws: Workspace, slip: tuple[str, Image.Image], tmp_path: Path, angle: float, seed: int
) -> None:
    number, page = slip
    path = tmp_path / "photo.jpg"
    photographed(ticked(page, ["task.1", "task.3", "outcome.done"]), angle, seed).save(path, quality=85)
    found = take_slips(local_ws, [path], Progress()).slips[0]
    assert (found.why, found.order_no) == ("", number)
    assert set(found.ticked) == {"task.1", "task.3", "outcome.done"}
    back = order(local_ws, number)
    assert [bool(task.done_at) for task in back.tasks] == [True, False, True]
    assert {proof.kind for proof in back.evidence} == {"photo", "note"}
    assert back.state is State.ARRIVED
    assert back.evidence[0].attachment
    again = take_slips(local_ws, [path], Progress()).slips[0]
    assert again.done == ()


def test_an_empty_slip_ticks_nothing(local_ws: Workspace, slip: tuple[str, Image.Image], tmp_path: Path) -> None:
    photographed(slip[1], 5, 9).save(tmp_path / "photo.jpg")
    found = take_slips(local_ws, [tmp_path / "photo.jpg"], Progress()).slips[0]
    assert (found.ticked, found.doubtful) == ((), ())


def test_what_is_no_slip_waits_with_its_reason(local_ws: Workspace, slip: tuple[str, Image.Image], tmp_path: Path) -> None:
    Image.new("L", (800, 1000), 200).save(tmp_path / "wall.png")
    (tmp_path / "text.jpg").write_text("no picture")
    slip[1].crop((0, 0, slip[1].width // 3, slip[1].height // 3)).save(tmp_path / "corner.png")
    found = take_slips(local_ws, [tmp_path / name for name in ("wall.png", "text.jpg", "corner.png")], Progress()).slips
    assert [bool(each.why) for each in found] == [True, True, True]
    assert "没有找到工单回单" in found[0].why
    assert "不是可以读取的图片" in found[1].why
    assert "拍得不全" in found[2].why
    assert not order(local_ws, slip[0]).evidence
