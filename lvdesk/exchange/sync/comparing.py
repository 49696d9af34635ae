"""The other systems' lists of substations, feeders and transformers beside ours: what is the same, what changed, who puts it right."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import polars as pl
from sqlalchemy import Connection, select

from lvdesk.checks.model import KEYS
from lvdesk.checks.station import Station
from lvdesk.exchange.answers import answer_rows, answer_sheets, take_answers
from lvdesk.exchange.sync.likeness import Book, Thing, load_book, same_name
from lvdesk.exchange.sync.matching import BY_LIKENESS, NONE, Match, matched
from lvdesk.exchange.sync.model import SyncClass, SyncLine
from lvdesk.kit.progress import Progress
from lvdesk.ledger.model import ImportResult
from lvdesk.network.answers import SourceMatch
from lvdesk.workspace import Workspace

TEMPLATES: Final = {"substation": "source_substations", "feeder": "source_feeders", "transformer": "source_transformers"}
_PARENTS: Final = {"feeder": "substation", "transformer": "feeder"}
_SYSTEMS: Final = {"gis": "电网 GIS", "pms": "PMS"}
_ORDER: Final = {klass: place for place, klass in enumerate(SyncClass)}
_READ: Final = ("name", "gis_id", "pms_id", "capacity_kva", "voltage")


def take(ws: Workspace, paths: Sequence[Path], progress: Progress) -> ImportResult:
    """Keeps lists of the other systems; no record changes."""
    return take_answers(ws, paths, progress)


def compare(ws: Workspace, progress: Progress) -> tuple[SyncLine, ...]:
    """Everything the newest lists name beside ours, and what of ours they lack; what is to do first.

    Raises:
        KnownError: ``rules.unreadable``.
        Cancelled: the user stopped it.
    """
    book = load_book(ws.overrides)
    progress.start("正在比较站线变", len(TEMPLATES), "类")
    found: list[SyncLine] = []
    with ws.store.read() as connection:
        work = _Comparing(ws, connection, book)
        for entity in TEMPLATES:
            found += work.lines(entity)
            progress.step()
    return tuple(sorted(found, key=lambda line: (_ORDER[line.classes[0]], line.entity, line.source_name or line.name, line.source_key)))


class _Comparing:
    """One run, from the substation down: what hangs where is known before what hangs on it is asked."""

    def __init__(self, ws: Workspace, connection: Connection, book: Book) -> None:
        self._ws, self._connection, self._book = ws, connection, book
        self._station = Station(ws, connection)
        self._own: dict[str, dict[str, Thing]] = {}
        self._matches: dict[tuple[str, str], list[Match]] = {}
        self._decided = self._decisions()

    def lines(self, entity: str) -> list[SyncLine]:
        """The lines of one kind, of both systems."""
        rows = self._rows(entity)
        ours = self._own[entity] = self._ours(entity)
        found: list[SyncLine] = []
        for system in _SYSTEMS:
            theirs = self._theirs(entity, system, rows)
            if not theirs:
                continue
            decided = {key: word for (its, kind, key), word in self._decided.items() if (its, kind) == (system, entity)}
            matches = matched(theirs, list(ours.values()), self._known(entity, system), decided, self._book)
            self._matches[entity, system] = matches
            found += [self._line(entity, system, match) for match in matches]
            found += self._missing(entity, system, matches)
        return found

    def _rows(self, entity: str) -> pl.DataFrame:
        """The newest list of a kind: what an older one says of an object that the newer lists again does not count."""
        sheets = answer_sheets(self._connection, [TEMPLATES[entity]])["sheet_id"].to_list()
        rows = answer_rows(self._connection, sheets)
        wanted = {
            **{name: f"{entity}.{name}" for name in _READ},
            "parent_name": f"{_PARENTS.get(entity, entity)}.name", "parent_gis": f"{_PARENTS.get(entity, entity)}.gis_id",
            "area_no": "transformer_area.area_no",
        }  # fmt: skip
        given = {
            name: pl.col(field).cast(pl.String) if field in rows.columns else pl.lit(None, pl.String) for name, field in wanted.items()
        }
        there = [said.alias(name) for name, said in given.items()]
        return rows.select(*there) if rows.height else pl.DataFrame(schema=dict.fromkeys(wanted, pl.String))

    def _theirs(self, entity: str, system: str, rows: pl.DataFrame) -> list[Thing]:
        own = rows.drop_nulls(f"{system}_id").unique(f"{system}_id", keep="last", maintain_order=True)
        return [self._thing(entity, system, row) for row in own.sort(f"{system}_id").iter_rows(named=True)]

    def _thing(self, entity: str, system: str, row: Mapping[str, Any]) -> Thing:
        capacity = row["capacity_kva"]
        code = self._ws.codes["voltage"].canonical(row["voltage"] or "", system)[0] if entity != "transformer" else None
        number = float(capacity) if capacity and capacity.replace(".", "", 1).isdigit() else None
        parent = self._parent(entity, system, row) if entity in _PARENTS else ""
        return Thing(row[f"{system}_id"], row["name"] or "", parent, row["parent_name"] or "", number, code)

    def _parent(self, entity: str, system: str, row: Mapping[str, Any]) -> str:
        """Our key of what it hangs on there: by the other's identifier, else by its name."""
        above = self._matches.get((_PARENTS[entity], system), [])
        by_id = {match.theirs.key: match.ours for match in above if match.ours}
        if row["parent_gis"] in by_id:
            return by_id[row["parent_gis"]]
        name = row["parent_name"]
        if not name:
            return ""
        named = [match.ours for match in above if match.ours and match.theirs.name == name]
        own = [thing.key for thing in self._own[_PARENTS[entity]].values() if same_name(thing.name, name, self._book)]
        return next(iter(named or (own if len(own) == 1 else [])), "")

    def _ours(self, entity: str) -> dict[str, Thing]:
        table = self._station.table(entity)
        if entity == "transformer":
            areas = self._station.table("transformer_area").select("area_no", pl.col("name").alias("area_name"), "feeder_no")
            table = table.join(areas, on="area_no", how="left", maintain_order="left")
            table = table.with_columns(pl.coalesce("name", "area_name").alias("name"), pl.col("feeder_no").alias("parent"))
        elif entity == "feeder":
            table = table.with_columns(pl.col("substation_no").alias("parent"))
        found = {}
        for row in table.iter_rows(named=True):
            key = row[KEYS[entity]]
            above = self._own.get(_PARENTS.get(entity, ""), {}).get(row.get("parent") or "")
            found[key] = Thing(
                key, row["name"] or "", row.get("parent") or "", above.name if above else "", row.get("capacity_kva"), row.get("voltage")
            )
        return found

    def _known(self, entity: str, system: str) -> dict[str, str]:
        pairs = self._station.table(entity).select(f"{system}_id", KEYS[entity]).drop_nulls().unique(f"{system}_id", keep="none")
        return dict(pairs.iter_rows())

    def _decisions(self) -> dict[tuple[str, str, str], tuple[str, str]]:
        query = select(SourceMatch.system, SourceMatch.entity, SourceMatch.source_key, SourceMatch.decision, SourceMatch.key)
        return {(row[0], row[1], row[2]): (row[3], row[4]) for row in self._connection.execute(query)}

    def _line(self, entity: str, system: str, match: Match) -> SyncLine:
        title = self._ws.dictionary.title(entity)
        ours = self._own[entity].get(match.ours)
        classes, differences = self._classed(entity, system, match, ours)
        theirs = match.theirs
        todo = _todo(classes[0], f"{title} {theirs.name}", _SYSTEMS[system], ours.name if ours else "", differences)
        return SyncLine(
            system, entity, title, theirs.key, theirs.name, match.ours, ours.name if ours else "", classes, match.share, differences,
            match.evidence + (("另有同样相似的，请人工认定",) if match.ambiguous else ()), todo,
        )  # fmt: skip

    def _classed(
        self, entity: str, system: str, match: Match, ours: Thing | None
    ) -> tuple[tuple[SyncClass, ...], dict[str, tuple[str, str, str]]]:
        theirs = match.theirs
        if ours is None:
            fresh = match.decision == "new" or (match.how == NONE and match.share == 0)
            return ((SyncClass.OTHER if match.decision == "other" else SyncClass.NEW if fresh else SyncClass.UNMATCHED,), {})
        found: list[SyncClass] = []
        differences: dict[str, tuple[str, str, str]] = {}
        if not same_name(theirs.name, ours.name, self._book):
            found.append(SyncClass.RENAMED)
            differences[self._ws.dictionary.field(entity, "name").title] = (theirs.name, ours.name, self._owner(entity, "name"))
        if theirs.parent and ours.parent and theirs.parent != ours.parent:
            found.append(SyncClass.RECUT)
            above = self._own[_PARENTS[entity]]
            differences[self._ws.dictionary.title(_PARENTS[entity])] = (
                above[theirs.parent].name if theirs.parent in above else theirs.parent_name, ours.parent_name, "电网 GIS",
            )  # fmt: skip
        if theirs.capacity is not None and ours.capacity is not None and theirs.capacity != ours.capacity:
            found.append(SyncClass.CAPACITY)
            field = self._ws.dictionary.field(entity, "capacity_kva")
            differences[field.title] = (f"{theirs.capacity:g}", f"{ours.capacity:g}", self._owner(entity, "capacity_kva"))
        if match.how == BY_LIKENESS:
            own = self._known_of(entity, system).get(match.ours)
            sure = match.share >= self._book.sure and not match.ambiguous
            found = [SyncClass.REPLACED if own and sure else SyncClass.SUGGESTED, *found]
        return tuple(found) or (SyncClass.SAME,), differences

    def _known_of(self, entity: str, system: str) -> dict[str, str]:
        return {key: number for number, key in self._known(entity, system).items()}

    def _owner(self, entity: str, name: str) -> str:
        owner = self._ws.dictionary.field(entity, name).owner
        return {"marketing": "营销系统", "gis": "电网 GIS", "pms": "PMS", "field": "现场"}[owner]

    def _missing(self, entity: str, system: str, matches: Sequence[Match]) -> list[SyncLine]:
        """Ours that a list lacks though it lists others beside them."""
        named = {match.ours for match in matches}
        listed = {self._own[entity][match.ours].parent for match in matches if match.ours}
        title = self._ws.dictionary.title(entity)
        lines = []
        for key, thing in self._own[entity].items():
            if key not in named and thing.parent in listed:
                todo = f"{_SYSTEMS[system]}：补录{title} {thing.name}；已拆除的由营销注销"
                why = (f"{thing.parent_name or '全所'}的其他{title}都在清单中",)
                lines.append(SyncLine(system, entity, title, "", "", key, thing.name, (SyncClass.MISSING,), 0.0, {}, why, todo))
        return lines


def _todo(klass: SyncClass, what: str, system: str, ours: str, differences: Mapping[str, tuple[str, str, str]]) -> str:
    """Who has to do what; the system that maintains an attribute is right."""
    if klass is SyncClass.SAME or klass is SyncClass.OTHER:
        return ""
    if klass in {SyncClass.SUGGESTED, SyncClass.REPLACED}:
        return f"内勤：确认{system}的{what} 就是台账的 {ours}，确认后采用它的编号"
    if klass in {SyncClass.NEW, SyncClass.UNMATCHED}:
        return f"内勤：{system}有{what} 而台账没有，新投运的请营销立档，不属本所的认定为“不属本所”"
    parts = []
    for field, (theirs, mine, owner) in differences.items():
        side, value = ("内勤", theirs) if owner != "营销系统" else (system, mine)
        parts.append(f"{side}：把{what} 的{field}改为 {value}")
    return "；".join(parts)
