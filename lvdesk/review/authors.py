"""Who entered what is to be reviewed: nobody confirms his own entry."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from sqlalchemy import Connection, select

from lvdesk.fieldwork.classing.answers import Answers
from lvdesk.network.batches import Batch, BatchSheet
from lvdesk.network.packages import CollectionPackage
from lvdesk.network.returns import SheetEntry

_ROWS: Final = ["sheet_id", "sheet_row"]
_APART: Final = re.compile(r"[、,，;；/\s]+")


class Authors:
    """Names behind rows of field results: who imported the file, who keyed the sheet, who was at site."""

    def __init__(self, answers: Answers) -> None:
        connection = answers.station.connection
        imported = connection.execute(select(BatchSheet.id, Batch.person).join(Batch, Batch.id == BatchSheet.batch))
        self._importers = {row.id: row.person for row in imported}
        self._keyers = _keyers(connection)
        packages = connection.execute(select(CollectionPackage.package_no, CollectionPackage.people))
        self._teams = {number: json.loads(people) for number, people in packages}
        wanted = [place for place in ("note.collected_by", "note.form_no") if place in answers.wide.columns]
        rows = answers.wide.select(*_ROWS, *wanted).unique(_ROWS, keep="first")
        packaged = answers.rows.select(*_ROWS, "package_no").unique(_ROWS, keep="first")
        rows = rows.join(packaged, on=_ROWS, how="left")
        self._rows = {(row["sheet_id"], row["sheet_row"]): row for row in rows.iter_rows(named=True)}

    def of(self, places: Iterable[tuple[int, int]]) -> list[str]:
        """Everybody who had a hand in these rows, each once, in the order of the rows."""
        names: dict[str, None] = {}
        for place in places:
            row = self._rows.get(place, {})
            at_site = [name for name in _APART.split(row.get("note.collected_by") or "") if name]
            for name in (
                self._importers.get(place[0], ""),
                *self._keyers.get(row.get("note.form_no") or "", ()),
                *(at_site or self._teams.get(row.get("package_no") or "", ())),
            ):
                if name:
                    names[name] = None
        return list(names)


def _keyers(connection: Connection) -> dict[str, list[str]]:
    found: defaultdict[str, dict[str, None]] = defaultdict(dict)
    query = select(SheetEntry.sheet_no, SheetEntry.first_by, SheetEntry.second_by).distinct()
    for sheet_no, *people in connection.execute(query):
        found[sheet_no].update(dict.fromkeys(name for name in people if name))
    return {sheet_no: list(names) for sheet_no, names in found.items()}
