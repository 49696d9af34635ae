"""Field results of the small station of ``visiting``, written as the workbooks that teams bring back."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from lvdesk.fieldwork.return_model import FieldDifferenceView, Returned, ReturnRequest
from lvdesk.fieldwork.returns import take_back
from lvdesk.kit.progress import Progress
from lvdesk.workspace import Workspace
from tests.helpers.stations import workbook

RESULT_HEAD: Final = (
    "用户编号", "用户名称", "用电地址", "台区编号", "计量箱条码", "电能表条码", "经度", "纬度",
    "核对结论", "备注", "采录日期", "采录人", "任务包",
)  # fmt: skip


def results(path: Path, rows: Sequence[Mapping[str, str]]) -> Path:
    """A workbook of field results, one row per customer, by header; headers beyond the usual ones as the rows have them."""
    usual = {"核对结论": "正常", "采录日期": "2026-11-20", "采录人": "甲"}
    head = [*RESULT_HEAD, *dict.fromkeys(name for row in rows for name in row if name not in RESULT_HEAD)]
    cells = [tuple({**usual, **row}.get(name) for name in head) for row in rows]
    return workbook(path, {"采录结果": [head, *cells]})


def returned(ws: Workspace, *paths: Path, package_no: str = "") -> Returned:
    """What taking these files back says."""
    return take_back(ws, ReturnRequest(paths, package_no), Progress())


def classes(found: Sequence[FieldDifferenceView]) -> list[tuple[str, str, str]]:
    """Class, key and field value of each, sorted."""
    return sorted((str(view.klass), view.key, view.field_value or "") for view in found)
