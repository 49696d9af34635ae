"""A person's question to a table (``kit.table.Query``) as SQL, the same for every table; coded columns are asked by their names."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, Table, Text, and_, cast, false, func, not_, or_, select
from sqlalchemy.types import TypeEngine

from lvdesk.kit.table import Condition, Filter, Query
from lvdesk.network.tables import SEARCHED
from lvdesk.templates.codes import CodeList
from lvdesk.templates.dictionary import Dictionary

_ESCAPE: Final = "\\"
_NUMBERS: Final = {"customer_no", "mp_no", "area_no", "feeder_no", "substation_no", "transformer_no", "bar_code"}
"""Fields that hold digits only; box, pole and asset numbers of local making may hold anything."""


@dataclass(frozen=True)
class Asked:
    """What stands behind a column that people see.

    Attributes:
        clause: its value in the database.
        names: value -> what is shown for it; other values are shown as they are. None where all are.
        rank: what it is ordered by, if not by its value.
    """

    clause: ColumnElement[Any]
    names: Mapping[str, str] | None = None
    rank: ColumnElement[Any] | None = None


class Selector:
    """Turns filters, words and order into clauses.

    Attributes:
        columns: what can be asked, by the key of the column.
    """

    def __init__(
        self, columns: Mapping[str, Asked], mentioned: Callable[[str], ColumnElement[bool]], last: Sequence[ColumnElement[Any]]
    ) -> None:
        """``mentioned`` says whether a row has a word in it; ``last`` is the order among equals."""
        self.columns, self._mentioned, self._last = columns, mentioned, last

    def where(self, query: Query) -> list[ColumnElement[bool]]:
        """The clauses of all filters and of the words."""
        return [*(self._clause(part) for part in query.filters), *map(self._mentioned, query.words.lower().split())]

    def order(self, query: Query) -> list[ColumnElement[Any]]:
        """The order asked for, empty values last, then the table's own."""
        order: list[ColumnElement[Any]] = []
        for name, descending in query.order:
            asked = self.columns[name]
            column = asked.clause if asked.rank is None else asked.rank
            order += [column.is_(None), column.desc() if descending else column]
        return [*order, *self._last]

    def shown(self, name: str, value: Any) -> Any:
        """A stored value as it is shown."""
        names = self.columns[name].names
        return names.get(value, value) if names is not None else value

    def counted(self, rows: Select[Any], name: str, limit: int) -> Select[Any]:
        """The most frequent values of a column among ``rows``, with their counts."""
        value = rows.with_only_columns(self.columns[name].clause.label("value")).order_by(None).subquery().c.value
        count = func.count().label("count")
        return select(value, count).group_by(value).order_by(count.desc(), value).limit(limit)

    def _clause(self, part: Filter) -> ColumnElement[bool]:
        asked = self.columns[part.column]
        column = asked.clause
        if part.condition is Condition.EMPTY:
            return or_(column.is_(None), _text(column) == "")
        if part.condition is Condition.NOT_EMPTY:
            return and_(column.is_not(None), _text(column) != "")
        return _plain(column, part) if asked.names is None else _coded(column, asked.names, part)


def of_records(table: Table, dictionary: Dictionary, codes: Mapping[str, CodeList]) -> Selector:
    """The questions to one entity's table."""
    columns = {}
    for name, field in dictionary.entities[table.name].fields.items():
        found = codes.get(field.codes)
        columns[name] = Asked(table.c[name], {item.code: item.name for item in found.items} if found is not None else None)
    return Selector(columns, lambda word: mentions(table, word), [table.c.id])


def contains(column: ColumnElement[Any], word: str) -> ColumnElement[bool]:
    """Whether the text has ``word`` in it, whatever its case; works for one and two characters too."""
    pattern = f"%{_escaped(word)}%"
    if word.lower() == word.upper():
        return column.like(pattern, escape=_ESCAPE)
    return column.ilike(pattern, escape=_ESCAPE)


def mentions(table: Table, word: str) -> ColumnElement[bool]:
    """Whether a record has ``word`` in one of the fields it is looked up by, or in the initials of its name.

    Words in Chinese are looked for in names and addresses only, letters not in numbers: a third of the work on large tables.
    """
    names = [name for name in SEARCHED[table.name] if word.isascii() or name not in _NUMBERS]
    clauses = [contains(table.c[name], word) for name in names]
    if word.isascii() and not word.isdigit() and "name" in table.c:
        clauses.append(contains(table.c.initials, word))
    return or_(false(), *clauses)


def _plain(column: ColumnElement[Any], part: Filter) -> ColumnElement[bool]:
    text, kind = _text(column), column.type
    operands = part.operands
    first = operands[0] if operands else ""
    match part.condition:
        case Condition.ONE_OF:
            return _one_of(column, operands)
        case Condition.CONTAINS:
            return contains(text, first)
        case Condition.NOT_CONTAINS:
            return or_(column.is_(None), not_(contains(text, first)))
        case Condition.STARTS:
            return text.like(f"{_escaped(first)}%", escape=_ESCAPE)
        case Condition.EQUALS:
            return _one_of(column, (first,))
        case Condition.NOT_EQUALS:
            return or_(column.is_(None), not_(_one_of(column, (first,))))
    low, high = _operand(first, kind), _operand(operands[-1] if operands else "", kind)
    if low is None or high is None:
        return false()  # a word in a column of numbers
    match part.condition:
        case Condition.AT_LEAST:
            return and_(column >= low)
        case Condition.AT_MOST:
            return and_(column <= low)
        case _:
            return column.between(low, high)


def _coded(column: ColumnElement[Any], named: Mapping[str, str], part: Filter) -> ColumnElement[bool]:
    """Conditions on names; values outside the list are their own names."""
    chosen = {code for code, name in named.items() if _holds(name, part)}
    outside = and_(column.not_in(list(named)), _plain(column, part))
    inside = column.in_(sorted(chosen)) if chosen else false()
    empty = column.is_(None) if part.condition in {Condition.NOT_CONTAINS, Condition.NOT_EQUALS} else false()
    blank = column.is_(None) if part.condition is Condition.ONE_OF and "" in part.operands else false()
    return or_(inside, outside, empty, blank)


def _holds(name: str, part: Filter) -> bool:
    first = part.operands[0] if part.operands else ""
    match part.condition:
        case Condition.ONE_OF | Condition.EQUALS:
            return name in part.operands
        case Condition.NOT_EQUALS:
            return name != first
        case Condition.CONTAINS:
            return first in name
        case Condition.NOT_CONTAINS:
            return first not in name
        case Condition.STARTS:
            return name.startswith(first)
        case Condition.AT_LEAST:
            return name >= first
        case Condition.AT_MOST:
            return name <= first
        case _:
            return first <= name <= part.operands[-1]


def _one_of(column: ColumnElement[Any], operands: Sequence[str]) -> ColumnElement[bool]:
    values = list(_converted((text for text in operands if text != ""), column.type))
    clause: ColumnElement[bool] = column.in_(values) if values else false()
    return or_(clause, column.is_(None)) if "" in operands else clause


def _converted(texts: Iterable[str], kind: TypeEngine[Any]) -> Iterable[Any]:
    for text in texts:
        value = _operand(text, kind)
        if value is not None:
            yield value


def _operand(text: str, kind: TypeEngine[Any]) -> Any:
    if kind.python_type is str:
        return text
    try:
        return float(text)
    except ValueError:
        return None


def _text(column: ColumnElement[Any]) -> ColumnElement[Any]:
    return column if column.type.python_type is str else cast(column, Text)


def _escaped(word: str) -> str:
    for special in (_ESCAPE, "%", "_"):
        word = word.replace(special, _ESCAPE + special)
    return word
