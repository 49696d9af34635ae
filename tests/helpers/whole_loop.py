"""The whole loop by the command line alone, with the two receiving systems played by us: what they were sent comes back with numbers.

``python -m tests.helpers.whole_loop FOLDER LEDGER… -- FIELD…`` runs it on files of a station and prints what every step said.
"""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import openpyxl

from lvdesk.tabular.writing import write_sheets

ROOT: Final = Path(__file__).resolve().parents[2]
PEOPLE: Final = {"赵管理": "admin", "钱内勤": "clerk", "孙营销": "marketing", "李运检": "operations", "周网格": "grid_leader"}
_STAGES: Final = {"marketing": "孙营销", "operations": "李运检", "preparing": "钱内勤"}
_ASKED_AT_ONCE: Final = 500
_VISITED: Final = 4
Row = Mapping[str, Any]


@dataclass
class Loop:
    """One station going round.

    Attributes:
        folder: for the workspace and every file in between.
        said: step -> what the command line answered.
    """

    folder: Path
    said: dict[str, dict[str, Any]] = field(default_factory=dict)

    def ask(self, step: str, *words: object, well: Sequence[int] = (0, 1)) -> dict[str, Any]:
        """Runs a verb and keeps its answer; fails when the status is not one of ``well``."""
        command = [sys.executable, "main.py", "--workspace", str(self.folder / "station"), *map(str, words), "--json"]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600, check=False)
        if done.returncode not in well:
            raise AssertionError(f"{step}: {done.returncode} {done.stdout[-1500:]} {done.stderr[-1500:]}")
        self.said[step] = json.loads(done.stdout)
        return self.said[step]

    def run(self, ledgers: Sequence[Path], results: Sequence[Path] = ()) -> None:
        """Import, desk check, package, return, check, both confirmations, exports, receipts, feedback, reconciliation."""
        marketing, gis, feedback = self.until_sent(ledgers, results)
        self.ask("receipt", "receipt", marketing, gis, "--as", "钱内勤")
        self.ask("feedback", "feedback", feedback)
        self.ask("reconcile", "reconcile", "--as", "钱内勤")

    def until_sent(self, ledgers: Sequence[Path], results: Sequence[Path] = ()) -> tuple[Path, Path, Path]:
        """All until the exports; returns what the other systems answer: both receipts and the power sources."""
        self.ask("import", "import", *ledgers)
        for name, role in PEOPLE.items():
            self.ask("people", "people", "add", name, "--role", role, *(["--as", "赵管理"] if role != "admin" else []))
        gone = [each["customer_no"] for each in self.ask("propose", "deskcheck", "propose")["candidates"]][:3]
        if gone:
            self.ask("mark", "deskcheck", "mark", *gone, "--verdict", "确认销户", "--reason", "台账已销户，抄表员证实")
        self.ask("return", "return", *results, *self._visited())
        self.ask("check", "check")
        for stage, person in _STAGES.items():
            self._confirm(stage, person)
        for system in ("marketing", "gis"):
            self.ask(f"export {system}", "export", system, "--out", self.folder / "out", "--as", "钱内勤")
        return self._marketing_answers(), self._gis_answers(), self._feedback()

    def _visited(self) -> list[Path]:
        """A package of the first areas, brought back as its electronic form without a change."""
        chosen = [word for area in self._areas()[:_VISITED] for word in ("--area", area)]
        number = self.ask("package", "package", "create", *chosen)["package"]
        form = self.folder / "电子表单.xlsx"
        self.ask("form", "forms", number, "--workbook", form)
        return [form]

    def _areas(self) -> list[str]:
        book = self.folder / "look.xlsx"
        self.ask("look", "export", "check", "marketing", "--draft", book)
        rows = sorted(_table(book, "台区就绪情况"), key=lambda row: -int(row["应有"]))
        return [str(row["台区编号"]) for row in rows]

    def _confirm(self, stage: str, person: str) -> None:
        items = [item["id"] for item in self.ask(f"list {stage}", "review", "list", "--stage", stage)["items"]]
        for start in range(0, len(items), _ASKED_AT_ONCE):
            chosen = items[start : start + _ASKED_AT_ONCE]
            self.ask(f"confirm {stage}", "review", "decide", *chosen, "--decision", "confirm", "--as", person)

    def _sent(self, system: str, sheet: str) -> list[Row]:
        files = [Path(file["path"]) for file in self.said[f"export {system}"]["files"]]
        book = next((path for path in files if path.suffix == ".xlsx"), None)
        return _table(book, sheet) if book else []

    def _marketing_answers(self) -> Path:
        """The marketing system takes all boxes but the first, which it refuses."""
        boxes = [str(row["计量箱条码编号"]) for row in self._sent("marketing", "计量箱")]
        rows = [("计量箱", number, "成功", "", f"8{place:09d}") for place, number in enumerate(boxes)]
        rows[:1] = [("计量箱", number, "失败", "安装位置不能为空", "") for _kind, number, *_rest in rows[:1]]
        return self._written("营销系统回执.xlsx", "导入结果", ("设备类型", "资产编号", "导入结果", "失败原因", "营销_ID"), rows)

    def _gis_answers(self) -> Path:
        """The GIS draws the same boxes; it knows them by the marketing number."""
        rows = [(f"8{place:09d}", f"{40_770_000 + place}", "计量箱", "正常") for place in range(1, len(self._sent("marketing", "计量箱")))]
        return self._written("ID映射.xlsx", "ID映射", ("营销_ID", "GIS_ID", "设备类型", "状态"), rows)

    def _feedback(self) -> Path:
        """The GIS says what feeds each customer who was sent; every 25th hangs elsewhere there."""
        sent = {str(row["用户编号"]): str(row["台区编号"]) for row in self._sent("marketing", "计量箱普查表") if row["用户编号"]}
        areas = sorted({*self._areas(), *sent.values()})
        elsewhere = dict(zip(areas, areas[1:] + areas[:1], strict=True))
        rows = [(number, elsewhere[area] if place % 25 == 24 else area) for place, (number, area) in enumerate(sent.items())]
        named = [(number, area, "2026-11-24") for number, area in rows]
        return self._written("电源信息回写.xlsx", "电源信息回写", ("户号", "台区编号", "回写时间"), named)

    def _written(self, name: str, sheet: str, headers: tuple[str, ...], rows: list[tuple[str, ...]]) -> Path:
        write_sheets(self.folder / name, [(sheet, list(headers), rows)], text_columns=list(headers))
        return self.folder / name


def _table(path: Path, sheet: str) -> list[Row]:
    """The rows of a sheet by their headers."""
    book = openpyxl.load_workbook(path, read_only=True)
    try:
        head, *rows = book[sheet].iter_rows(values_only=True)
    finally:
        book.close()
    return [dict(zip(map(str, head), row, strict=True)) for row in rows]


def main() -> None:
    """Runs the loop and tells it."""
    folder, *files = sys.argv[1:]
    middle = files.index("--") if "--" in files else len(files)
    loop = Loop(Path(folder))
    loop.folder.mkdir(parents=True, exist_ok=True)
    try:
        loop.run([Path(name) for name in files[:middle]], [Path(name) for name in files[middle + 1 :]])
    finally:
        for step, answer in loop.said.items():
            sys.stdout.write(f"{step}: {json.dumps(answer, ensure_ascii=False)[:700]}\n")


if __name__ == "__main__":
    main()
