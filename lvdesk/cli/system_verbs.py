"""Verbs of the program itself: selftest, demo, bench."""

import argparse
import platform
import subprocess
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

from lvdesk import __version__
from lvdesk.cli.output import DONE, DONE_WITH_REFUSALS, Answer
from lvdesk.kit.errors import RefusedError
from lvdesk.kit.paths import resources
from lvdesk.kit.progress import Progress
from lvdesk.workspace import Workspace


def add_verbs(verbs: Any, common: argparse.ArgumentParser) -> None:
    """Declares the verbs."""
    verbs.add_parser("selftest", parents=[common], help="检查程序是否完整")
    showing = verbs.add_parser("demo", parents=[common], help="生成样例供电所并走一遍主流程")
    showing.add_argument("--customers", type=int, default=3000)
    measuring = verbs.add_parser("bench", parents=[common], help="测量速度与内存")
    measuring.add_argument("--rows", type=int, nargs="*", default=[])


def selftest(ws: Workspace, _options: argparse.Namespace, progress: Progress) -> Answer:
    """Everything the program finds at run time, and a small import through all layers; an installed copy must say the same."""
    from lvdesk.checks.registry import discover
    from lvdesk.exchange.registry import discover as formats
    from lvdesk.network.tables import TABLES
    from lvdesk.statistics.indicators import indicators
    from lvdesk.workorders.types import load_orders

    found: dict[str, Any] = {
        "version": __version__,
        "python": platform.python_version(),
        "templates": sorted(ws.templates),
        "codes": sorted(ws.codes),
        "rules": list(discover()),
        "entities": list(TABLES),
        "formats": sorted(f"{system}.{key}" for system, there in formats().items() for key in there),
        "indicators": list(indicators(ws.overrides)),
        "order_types": list(load_orders(ws.overrides).types),
        "icons": len(list((resources() / "icons").glob("*.svg"))),
        "engine": ws.store.diagnostics(),
    }
    needed = {"模板": found["templates"], "代码表": found["codes"], "规则": found["rules"], "图标": found["icons"]}
    problems = [f"缺少{what}" for what, there in needed.items() if not there]
    problems += _through_all_layers(progress)
    found |= {"problems": problems, "ok": not problems}
    sizes = f"模板 {len(ws.templates)}，代码表 {len(ws.codes)}，规则 {len(found['rules'])}"
    lines = [f"LVDesk {__version__}，{sizes}，{'完好' if not problems else '；'.join(problems)}"]
    return Answer(found, tuple(lines), DONE if not problems else DONE_WITH_REFUSALS)


def _through_all_layers(progress: Progress) -> list[str]:
    from lvdesk.ledger.importing import take
    from lvdesk.ledger.model import ImportRequest
    from lvdesk.sample import build

    with tempfile.TemporaryDirectory() as name:
        station = build(Path(name) / "files", customers=60, dirt=False)
        scratch = Workspace.open(Path(name) / "workspace", person="selftest")
        try:
            result = take(scratch, ImportRequest(tuple(station.files)), progress)
        finally:
            scratch.close()
    return [f"自检导入失败：{file.reason}" for file in result.files if file.status != "imported"]


def demo(ws: Workspace, options: argparse.Namespace, progress: Progress) -> Answer:
    """Makes the sample station and runs the main job on it."""
    from lvdesk.network.counting import counts
    from lvdesk.sample.demo import TITLE, run_main_job

    if ws.settings.get("title") != TITLE and any(counts(ws).values()):
        raise RefusedError("demo.not_empty", "这个工作区已有台账，不能混入虚构的样例数据", "请用 --workspace 指定一个空文件夹")
    done = run_main_job(ws, options.customers, progress)
    titles = "、".join(f"{ws.dictionary.title(entity)} {number:,}" for entity, number in done.counts.items() if number)
    lines = (
        "样例供电所已就绪（数据均为虚构）",
        f"  导入 {done.files} 个文件：{titles}",
        f"  治愈单元格 {done.healed:,} 处，拒收 {done.refused:,} 处，未解析的关系 {sum(done.unresolved.values()):,} 处",
        f"  导出 {done.export.name}，{done.exported:,} 行",
        f"  工作区 {ws.folder}",
    )
    return Answer(asdict(done) | {"workspace": str(ws.folder)}, lines)


def bench(_ws: Workspace, options: argparse.Namespace, _progress: Progress) -> Answer:
    """Runs the measurements of ``tests/bench``; they stand beside the program only in a source checkout."""
    root = resources().parent
    if not (root / "tests" / "bench").is_dir():
        raise RefusedError("bench.source_only", "性能测量只在源代码目录中可用", "请在源代码目录运行 python dev.py bench")
    command = [sys.executable, "-m", "tests.bench", *[str(rows) for rows in options.rows]]
    done = subprocess.run(command, cwd=root, stdout=sys.stderr, check=False)
    return Answer({"status": done.returncode}, (), DONE if done.returncode == 0 else DONE_WITH_REFUSALS)
