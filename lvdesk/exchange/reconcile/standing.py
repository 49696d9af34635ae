"""Where a disagreement stands: what people decided counts while the sides say what they said then, an exception until its last day."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, Text, and_, case, func, literal, or_

from lvdesk.exchange.reconcile.model import State
from lvdesk.network.batches import table_of
from lvdesk.network.reconciling import Disagreement, DisagreementDecision

SIDED: Final = ("marketing", "field_value", "gis", "base")
EXCEPT, CORRECT = "except", "correct"
DISAGREEMENT: Final = table_of(Disagreement)
DECISION: Final = table_of(DisagreementDecision)
_D, _S = DISAGREEMENT.c, DECISION.c


def sides_of(row: Mapping[str, Any]) -> str:
    """What the sides say, as a decision keeps it."""
    return json.dumps([row[name] or "" for name in SIDED], ensure_ascii=False, separators=(",", ":"))


def _sides() -> ColumnElement[str]:
    """The same in the database; stored sides have no control characters."""
    quote, slash = literal('"', Text), literal("\\", Text)
    parts = []
    for name in SIDED:
        text = func.replace(func.coalesce(_D[name], literal("", Text)), slash, slash + slash)
        parts.append(quote + func.replace(text, quote, slash + quote, type_=Text) + quote)
    whole: ColumnElement[str] = literal("[", Text) + parts[0]
    for part in parts[1:]:
        whole = whole + literal(",", Text) + part
    return whole + literal("]", Text)


def joined_on() -> ColumnElement[bool]:
    """A disagreement and what was decided about it."""
    return _S.identity == _D.identity


def state_of(today: date) -> ColumnElement[str]:
    """The state of a disagreement left-joined with its decision."""
    counts = _S.value == _sides()
    runs = or_(_S.expires_on.is_(None), _S.expires_on >= today.isoformat())
    return case(
        (_D.resolved_at.is_not(None), literal(str(State.RESOLVED), Text)),
        (and_(counts, _S.decision == EXCEPT, runs), literal(str(State.EXCEPTED), Text)),
        (and_(counts, _S.decision == CORRECT), literal(str(State.CORRECTED), Text)),
        else_=literal(str(State.OPEN), Text),
    )
