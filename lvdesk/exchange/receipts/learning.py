"""What refusals teach: a check before the next export, offered with how well it tells refused from taken, confirmed by a person."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import polars as pl
from sqlalchemy import select

from lvdesk.checks.model import KEYS
from lvdesk.checks.station import Station
from lvdesk.exchange.receipts.book import Book, load_book
from lvdesk.exchange.receipts.model import ACTION, Outcome
from lvdesk.exchange.rejects import FILE, wrong
from lvdesk.kit.errors import RefusedError
from lvdesk.kit.files import replacing
from lvdesk.kit.paths import resources
from lvdesk.kit.sources import single
from lvdesk.network.answers import IdPair, ReceiptLine
from lvdesk.network.frames import read_frame
from lvdesk.security.people import require
from lvdesk.workspace import Workspace

_READ: Final = {"system": pl.String, "entity": pl.String, "key": pl.String, "reason": pl.String}
_PAIR: Final = {"system": pl.String, "entity": pl.String, "key": pl.String}
_LIMIT: Final = r"(\d+)\s*个?(?:字|位|字符|汉字)"


@dataclass(frozen=True)
class Proposal:
    """A check that refusals suggest.

    Attributes:
        number: 1 for the first; of the present list.
        why: what people would read before an export.
        refused, caught: records that were refused so, and how many of them the check would have found.
        taken, blamed: records that were taken, and how many of them it would have blamed wrongly.
        reason: in the receiver's words; ``limit`` of a length, 0 else.
    """

    number: int
    system: str
    entity: str
    entity_title: str
    field: str
    field_title: str
    check: str
    limit: int
    why: str
    reason: str
    refused: int
    caught: int
    taken: int
    blamed: int


def proposals(ws: Workspace) -> list[Proposal]:
    """Checks that refusals suggest and that pre-flight does not know yet, those that catch most first.

    A check that catches nothing of what was refused is none.
    """
    book = load_book(ws.overrides)
    known = {_identity(str(system), rule) for system, rules in single(FILE, ws.overrides).items() for rule in rules}
    query = select(ReceiptLine.system, ReceiptLine.entity, ReceiptLine.key, ReceiptLine.reason).where(
        ReceiptLine.outcome == str(Outcome.REJECTED)
    )
    with ws.store.read() as connection:
        refused = read_frame(connection, query.order_by(ReceiptLine.id), _READ)
        pairs = select(IdPair.system, IdPair.entity, IdPair.key).where(IdPair.until.is_(None))
        taken = read_frame(connection, pairs, _PAIR).unique()
        station = Station(ws, connection)
        found: dict[tuple[Any, ...], Proposal] = {}
        for (system, entity, reason), lines in refused.group_by("system", "entity", "reason", maintain_order=True):
            for rule in _rules(ws, book, str(entity), str(reason)):
                if _identity(str(system), rule) not in known:
                    made = _weighed(station, str(system), rule, lines["key"].to_list(), taken)
                    before = found.get(_identity(str(system), rule))
                    if made.caught and (before is None or made.caught > before.caught):
                        found[_identity(str(system), rule)] = made
    ordered = sorted(found.values(), key=lambda each: (-each.caught, each.blamed, each.why))
    return [Proposal(**{**each.__dict__, "number": place}) for place, each in enumerate(ordered, 1)]


def adopt(ws: Workspace, numbers: Sequence[int]) -> list[Proposal]:
    """Writes these proposals into the station's own rules of its receivers; they hold from the next look ahead on.

    Raises:
        RefusedError: ``people.not_allowed``, ``receipt.no_rule``.
        KnownError: ``file.not_writable``.
    """
    require(ws.store, ws.overrides, ACTION)
    offered = {each.number: each for each in proposals(ws)}
    if missing := [number for number in numbers if number not in offered]:
        raise RefusedError("receipt.no_rule", f"没有第 {missing[0]} 条建议", "请用 receipt rules 查看现在的建议")
    chosen = [offered[number] for number in dict.fromkeys(numbers)]
    own = ws.overrides / FILE
    text = (own if own.is_file() else resources() / FILE).read_text(encoding="utf-8-sig").rstrip()
    with replacing(own) as part:
        part.write_text("\n\n".join([text, *map(_written, chosen)]) + "\n", encoding="utf-8")
    return chosen


def _rules(ws: Workspace, book: Book, entity: str, reason: str) -> Iterable[dict[str, Any]]:
    """The checks a refusal could mean: the way it is said, about the field it names."""
    if entity not in KEYS:
        return
    check = next((each for each in book.checks if each.pattern.search(reason)), None)
    field = check and _field(ws, entity, reason, check.fields)
    if check is None or not field:
        return
    limit = pl.Series([reason]).str.extract(_LIMIT, 1).cast(pl.Int64)[0]
    if check.check == "length" and limit is None:
        return
    title = f"{ws.dictionary.title(entity)}{ws.dictionary.field(entity, field).title}"
    yield {
        "entity": entity, "field": field, "check": check.check, "why": f"{title}：{reason}",
        **({"limit": limit} if check.check == "length" else {}),
    }  # fmt: skip


def _field(ws: Workspace, entity: str, reason: str, allowed: Sequence[str]) -> str:
    """The field whose name, or a usual name of whose column, stands in the reason; the longest name counts."""
    words: dict[str, str] = {}
    for template in (*ws.templates.values(), *ws.answers.values()):
        for column in template.columns:
            if column.entity == entity:
                words.update(dict.fromkeys((column.header, *column.aliases, *column.shared), column.field.partition(".")[2]))
    own = ws.dictionary.entities[entity].fields
    words.update({field.title: name for name, field in own.items()})
    hits = [(len(word), name) for word, name in words.items() if len(word) > 1 and word in reason and (not allowed or name in allowed)]
    if not hits and "坐标" in reason:
        return "longitude" if "longitude" in own else ""
    return max(hits)[1] if hits else ""


def _weighed(station: Station, system: str, rule: Mapping[str, Any], keys: list[str], taken: pl.DataFrame) -> Proposal:
    """The rule held against the records as they are now."""
    entity, field = rule["entity"], rule["field"]
    records = station.table(entity)
    bad = set(records.filter(wrong(rule))[KEYS[entity]].to_list())
    good = set(taken.filter((pl.col("system") == system) & (pl.col("entity") == entity))["key"].to_list()) - set(keys)
    titles = station.dictionary
    return Proposal(
        0, system, entity, titles.title(entity), field, titles.field(entity, field).title, rule["check"], rule.get("limit", 0), rule["why"],
        rule["why"].partition("：")[2], len(set(keys)), len(set(keys) & bad), len(good), len(good & bad),
    )  # fmt: skip


def _identity(system: str, rule: Mapping[str, Any]) -> tuple[Any, ...]:
    return system, rule.get("entity"), rule.get("field"), rule.get("check")


def _written(rule: Proposal) -> str:
    """A table of TOML; a JSON string is a basic string of TOML."""
    lines = [f"[[{rule.system}]]", *(f"{name} = {json.dumps(getattr(rule, name))}" for name in ("entity", "field", "check"))]
    lines += [f"limit = {rule.limit}"] if rule.check == "length" else []
    return "\n".join([*lines, f"why = {json.dumps(rule.why, ensure_ascii=False)}"])
