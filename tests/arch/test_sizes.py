"""Small files, small functions, few parameters, and a sentence on everything public."""

import ast
import re
from collections.abc import Iterator

from tests.arch.tree import ROOT, parse, sources

FILE_LINES, FUNCTION_LINES, PARAMETERS = 400, 50, 6
OURS = ("lvdesk", "ui", "installer", "main.py", "dev.py")
# mousePressEvent, rowCount, data: the name is Qt's, and so is its meaning.
_QT_NAME = re.compile(r"[a-z]+[A-Z]|(data|event|flags|index|paint|parent|sibling|sort)$")

Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions(tree: ast.AST) -> Iterator[Function]:
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def lines(function: Function) -> int:
    return (function.end_lineno or 0) - function.lineno + 1


def parameters(function: Function) -> int:
    """Parameters a caller can give; self and cls are not counted."""
    given = function.args
    named = [*given.posonlyargs, *given.args, *given.kwonlyargs]
    return len(named) - bool(named and named[0].arg in ("self", "cls"))


def undocumented(tree: ast.Module) -> Iterator[str]:
    """Public classes, functions and methods without a docstring; Qt's own names are left out."""
    for node in ast.iter_child_nodes(tree):
        if not isinstance(node, Function | ast.ClassDef) or node.name.startswith("_"):
            continue
        if not ast.get_docstring(node) and not _QT_NAME.match(node.name):
            yield node.name
        if isinstance(node, ast.ClassDef):
            yield from (f"{node.name}.{inner}" for inner in undocumented(ast.Module(node.body, [])))


def test_files_are_short() -> None:
    counted = {name: len((ROOT / name).read_text(encoding="utf-8").splitlines()) for name in sources(*OURS, "tests")}
    assert {name: count for name, count in counted.items() if count > FILE_LINES} == {}


def test_functions_are_short() -> None:
    found = ((name, function) for name in sources(*OURS, "tests") for function in functions(parse(name)))
    assert [f"{name}:{function.lineno} {lines(function)}" for name, function in found if lines(function) > FUNCTION_LINES] == []


def test_functions_take_few_parameters() -> None:
    found = ((name, function) for name in sources(*OURS) for function in functions(parse(name)))
    over = [f"{name}:{function.lineno} {parameters(function)}" for name, function in found if parameters(function) > PARAMETERS]
    assert over == []


def test_public_names_are_explained() -> None:
    places = [name for name in sources(*OURS) if "/versions/" not in name]
    assert [f"{name}: {missing}" for name in places for missing in undocumented(parse(name))] == []


def test_the_measures_measure() -> None:
    body = "\n".join(f"    x = {number}" for number in range(50))
    tree = ast.parse(f"class A:\n  def b(self, c, d, *, e): pass\n  def rowCount(self): pass\n  def _own(self): pass\ndef f():\n{body}\n")
    long = {function.name: (lines(function), parameters(function)) for function in functions(tree)}
    assert long["f"] == (51, 0)
    assert long["b"] == (1, 3)
    assert list(undocumented(tree)) == ["A", "A.b", "f"]
