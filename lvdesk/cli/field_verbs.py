"""Verbs of the field work: packages, their sheets, forms on paper and as a workbook."""

import argparse
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from lvdesk.cli.output import Answer
from lvdesk.fieldwork.model import PACKAGE_STATES, SHEET_STATES, ItemView, PackageView, Request, SheetView
from lvdesk.kit.errors import KnownError, RefusedError
from lvdesk.kit.progress import Progress
from lvdesk.workspace import Workspace

_SHOWN: Final = 50


def add_verbs(verbs: Any, common: argparse.ArgumentParser) -> None:
    """Declares the verbs."""
    package = verbs.add_parser("package", parents=[common], help="采录任务包")
    steps = package.add_subparsers(dest="step", required=True, parser_class=type(common))
    making = steps.add_parser("create", parents=[common], help="建立任务包并编排表单")
    making.add_argument("--feeder", default="", help="线路：编号或名称")
    making.add_argument("--area", action="append", default=[], help="台区：编号或名称，可以重复")
    making.add_argument("--people", default="", help="采录人，用逗号隔开")
    making.add_argument("--team", default="", help="班组")
    making.add_argument("--day", default="", help="计划日期，如 2026-11-25")
    making.add_argument("--due", default="", help="应回日期")
    making.add_argument("--split", action="store_true", help="每个台区一个任务包")
    steps.add_parser("list", parents=[common], help="全部任务包")
    for name, told in (("show", "一个任务包的对象和表单"), ("send", "发出"), ("close", "结束"), ("cancel", "作废")):
        one = steps.add_parser(name, parents=[common], help=told)
        one.add_argument("package", metavar="KEY", help="任务包编号")
        if name in {"close", "cancel"}:
            one.add_argument("--reason", default="", help="原因")
    listing = steps.add_parser("sheets", parents=[common], help="表单登记")
    listing.add_argument("package", nargs="?", default="", metavar="KEY", help="任务包编号")
    forms = verbs.add_parser("forms", parents=[common], help="打印表单，或生成电子表单")
    forms.add_argument("package", metavar="PACKAGE", help="任务包编号")
    target = forms.add_mutually_exclusive_group(required=True)
    target.add_argument("--out", type=Path, help="PDF 文件")
    target.add_argument("--workbook", type=Path, help="电子表单，xlsx 文件")
    forms.add_argument("--sheet", nargs="+", default=[], metavar="NO", help="只打印这些表单")


def package(ws: Workspace, options: argparse.Namespace, progress: Progress) -> Answer:
    """Runs one step."""
    from lvdesk.fieldwork import moving, packages

    if options.step == "create":
        return _create(ws, options, progress)
    if options.step == "list":
        return _list(packages.packages(ws))
    if options.step == "sheets":
        return _sheets(ws, options.package)
    if options.step == "send":
        moving.send(ws, options.package)
    elif options.step == "close":
        moving.close(ws, options.package, options.reason)
    elif options.step == "cancel":
        moving.cancel(ws, options.package, options.reason)
    else:
        return _show(ws, options.package)
    answer = _show(ws, options.package)
    return Answer(answer.data, (answer.lines[0], answer.lines[-1]))  # who moves a package need not read all of it


def forms(ws: Workspace, options: argparse.Namespace, progress: Progress) -> Answer:
    """Prints the sheets of a package into a PDF, or writes its workbook."""
    if options.workbook is not None:
        from lvdesk.fieldwork.electronic import write_workbook

        if options.sheet:
            raise RefusedError("usage", "--sheet 只用于打印", "电子表单总是包括整个任务包")
        written = write_workbook(ws, options.package, options.workbook.resolve(), progress)
        data = {"path": str(written.path), "rows": written.rows, "sheets": dict(written.sheets), "sheet_no": written.sheet_no}
        told = "，".join(f"{name} {count:,} 行" for name, count in written.sheets.items())
        return Answer(data, (f"已生成电子表单 {written.path.name}（{written.sheet_no}）：{told}",))
    from lvdesk.fieldwork.sheets import print_sheets

    if options.printer is None:
        raise KnownError("print.unavailable", "此处不能打印表单", "请用 python main.py 运行，或在窗口中打印")
    printed = print_sheets(ws, options.package, options.out.resolve(), options.printer, progress, options.sheet)
    sheets = [{"sheet_no": each.sheet_no, "page": each.page, "items": list(each.items)} for each in printed.sheets]
    return Answer({"pages": printed.pages, "sheets": sheets}, (f"已打印 {printed.pages:,} 页到 {options.out}",))


def _create(ws: Workspace, options: argparse.Namespace, progress: Progress) -> Answer:
    from lvdesk.fieldwork import packages, register, sheets

    people = tuple(options.people.replace("，", ",").replace("、", ",").split(","))
    request = Request(
        feeder=options.feeder,
        areas=tuple(options.area),
        people=people,
        team=options.team,
        planned_on=options.day,
        due_on=options.due,
        split=options.split,
    )
    if not (options.feeder or options.area):
        raise RefusedError("usage", "没有指明范围", "请给出 --feeder 或 --area")
    left_out = packages.plan(ws, request, progress).left_out
    made = packages.create(ws, request, progress)
    for number in made.package_nos:
        sheets.prepare(ws, number, progress)
    count = sum(len(register.sheets(ws, number)) for number in made.package_nos)
    data = {
        "package": made.package_nos[0],
        "packages": list(made.package_nos),
        "items": made.items,
        "sheets": count,
        "left_out": [{"reason": why, "count": number} for why, number in left_out],
    }
    left = [f"未列入：{why} {number:,} 个" for why, number in left_out if number]
    return Answer(data, (f"已建立任务包 {'、'.join(made.package_nos)}：{made.items:,} 个对象，{count:,} 张表单", *left))


def _list(views: Sequence[PackageView]) -> Answer:
    lines = [
        f"{view.package_no}  {view.title}  {PACKAGE_STATES[view.state]}  收回 {view.items_back:,}/{view.items:,}"
        + (f"  应回 {view.due_on}" if view.due_on else "")
        + (f"  逾期 {view.overdue} 天" if view.overdue else "")
        for view in views
    ]
    return Answer({"packages": [_package(view) for view in views]}, tuple(lines) or ("没有任务包",))


def _show(ws: Workspace, package_no: str) -> Answer:
    from lvdesk.fieldwork import packages, register

    detail = packages.show(ws, package_no)
    views = register.sheets(ws, detail.view.package_no)
    data = {**_package(detail.view), "items": [_item(item) for item in detail.items], "sheets": [_sheet(sheet) for sheet in views]}
    lines = [
        f"{item.position}  {item.key}  {item.area_name}  {item.address}  {'；'.join(reason.text for reason in item.reasons)}  {item.state}"
        for item in detail.items[:_SHOWN]
    ]
    more = [f"另有 {len(detail.items) - _SHOWN:,} 个，详见 --json"] if len(detail.items) > _SHOWN else []
    counts = "，".join(f"{SHEET_STATES[state]} {count}" for state, count in detail.view.sheets.items())
    return Answer(data, (*_list([detail.view]).lines, *lines, *more, f"表单：{counts or '还没有编排'}"))


def _sheets(ws: Workspace, package_no: str) -> Answer:
    from lvdesk.fieldwork import packages, register

    if package_no:
        packages.show(ws, package_no)  # a package that does not exist is told of, not shown as empty
    views = register.sheets(ws, package_no)
    overdue = {view.sheet_no for view in register.overdue_sheets(ws)}
    data = {"sheets": [{"package": view.package_no, **_sheet(view), "overdue": view.sheet_no in overdue} for view in views]}
    lines = [
        f"{view.sheet_no}  {view.form_title}  第 {view.page} 页  {SHEET_STATES[view.state]}"
        + ("  逾期未收回" if view.sheet_no in overdue else "")
        + ("  打印后内容有变" if view.changed_since else "")
        for view in views
    ]
    return Answer(data, tuple(lines) or ("没有表单",))


def _package(view: PackageView) -> dict[str, Any]:
    return {
        "package": view.package_no,
        "title": view.title,
        "state": str(view.state),
        "items": view.items,
        "items_back": view.items_back,
        "team": view.team,
        "people": list(view.people),
        "planned_on": view.planned_on,
        "due_on": view.due_on,
        "areas": list(view.areas),
        "overdue": view.overdue,
        "sheets": {str(state): count for state, count in view.sheets.items()},
    }


def _item(item: ItemView) -> dict[str, Any]:
    return {
        "position": item.position,
        "entity": item.entity,
        "key": item.key,
        "area": item.area_no,
        "reasons": [asdict(reason) for reason in item.reasons],
        "state": item.state,
        "sheets": list(item.sheet_nos),
    }


def _sheet(view: SheetView) -> dict[str, Any]:
    return {
        "sheet_no": view.sheet_no,
        "form": view.form,
        "page": view.page,
        "pages": view.pages,
        "items": view.items,
        "state": str(view.state),
        "copies": view.copies,
        "changed_since": view.changed_since,
        "replaced_by": view.replaced_by,
    }
