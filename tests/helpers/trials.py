"""A few small rules and a station of a few customers, to try what is done with findings without depending on the real rules."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import polars as pl
import pytest

from lvdesk.checks import registry
from lvdesk.checks.checking import Report, check
from lvdesk.checks.findings import FindingView, Scope, listed, table
from lvdesk.checks.model import Parameter, Rule, Severity, Values, hits
from lvdesk.checks.station import Station
from lvdesk.kit.progress import Progress
from lvdesk.kit.table import Query
from lvdesk.network.editing import Edit, edit
from lvdesk.network.records import show
from lvdesk.workspace import Workspace
from tests.helpers.stations import barcode, taken, workbook

HEADERS = ["用户编号", "用户名称", "用户地址", "用户分类", "合同容量", "立户日期", "计量点编号", "台区编号", "台区名称", "电能表条形码"]


def _odd_names(station: Station, _values: Values) -> Iterator[pl.DataFrame]:
    odd = station.table("customer").filter(pl.col("name").str.ends_with("!"))
    better = pl.concat_str(pl.lit('{"name": "'), pl.col("name").str.strip_chars_end("!"), pl.lit('"}'))
    yield hits(odd, "customer.name", pl.format("用户 {} 的名称“{}”有感叹号", "customer_no", "name"), suggestion=better)


def _no_address(station: Station, _values: Values) -> Iterator[pl.DataFrame]:
    bare = station.table("customer").filter(pl.col("address").is_null())
    yield hits(bare, "customer.address", pl.format("用户 {} 没有地址", "customer_no"))


def _large(station: Station, values: Values) -> Iterator[pl.DataFrame]:
    large = station.table("customer").filter(pl.col("contract_capacity") > values["limit"])
    wrong = pl.lit('{"contract_capacity": "很多"}')
    yield hits(large, "customer.contract_capacity", pl.format("用户 {} 容量过大", "customer_no"), suggestion=wrong)


def _odd_areas(station: Station, _values: Values) -> Iterator[pl.DataFrame]:
    """Tells a value that is not the field's own text."""
    odd = station.table("transformer_area").filter(pl.col("name").str.ends_with("!"))
    better = pl.concat_str(pl.lit('{"name": "'), pl.col("name").str.strip_chars_end("!"), pl.lit('"}'))
    told = pl.format("{}（{}）", "name", "area_no")
    yield hits(odd, "transformer_area.name", pl.format("台区 {} 有感叹号", "area_no"), value=told, suggestion=better)


def _rule(code: str, title: str, severity: Severity, find: object, **more: object) -> Rule:
    return Rule(code, "format", title, f"{title}的记录", "用户", f"请改正{title}", severity, find, **more)  # type: ignore[arg-type]


RULES = (
    _rule("T01", "名称有感叹号", Severity.ERROR, _odd_names),
    _rule("T02", "没有地址", Severity.WARNING, _no_address),
    _rule("T03", "容量过大", Severity.INFO, _large, parameters=(Parameter("limit", "上限", "number", 100),)),
    _rule("T04", "没有数据", Severity.ERROR, _no_address, needs=("pole",)),
    _rule("T05", "台区名有感叹号", Severity.WARNING, _odd_areas),
)


@contextmanager
def only_trial_rules() -> Iterator[None]:
    """Only the trial rules exist; no edition's file speaks of others."""
    real = registry.check
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(registry.rules, "__path__", [])
        patch.setattr(registry, "check", lambda _found: real(RULES))
        patch.setattr("lvdesk.checks.rulebook.FILE", "no-such-rules.toml")
        registry.discover.cache_clear()
        yield
    registry.discover.cache_clear()


@pytest.fixture
def trial_rules() -> Iterator[None]:
    """See ``only_trial_rules``."""
    with only_trial_rules():
        yield


def customer(number: int, name: str, address: str = "某村1号", capacity: str = "8", area: int = 1) -> list[str]:
    """One row of the ledger; 4209747010 + number is its customer number."""
    key = str(4209747010 + number)
    return [key, name, address, "03", capacity, "2020-01-01", f"09{key}", f"423175732{area}", f"{area}号公变", barcode("01", number)]


def ledger(path: Path, rows: Sequence[Sequence[str]]) -> Path:
    """A workbook of customers."""
    return workbook(path, {"用户": [HEADERS, *rows]})


def imported(ws: Workspace, folder: Path, *rows: Sequence[str], name: str = "用户.xlsx") -> None:
    """Imports the customers."""
    taken(ws, ledger(folder / name, rows))


def checked(ws: Workspace) -> Report:
    """A run of the rules."""
    return check(ws, Progress())


def by_identity(ws: Workspace, state: str = "all") -> dict[tuple[str, str], FindingView]:
    """Findings by rule and customer number."""
    return {(finding.rule, finding.key): finding for finding in listed(ws, state)}


def renamed(ws: Workspace, number: str, name: str) -> None:
    """Types a new name for a customer."""
    edit(ws, "customer", [Edit(show(ws, "customer", number).id, "name", name)])


def numbers(ws: Workspace, query: Query | None = None, scope: Scope | None = None) -> list[int]:
    """Numbers of the findings a table shows."""
    return list(table(ws, scope or Scope()).ids(query or Query()))
