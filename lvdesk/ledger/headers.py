"""Headers seen before: a person's mapping is used again when the same header line comes back."""

import json

from sqlalchemy import select

from lvdesk.ledger.model import FileReport, ImportRequest
from lvdesk.network.batches import HeaderMemory, table_of
from lvdesk.store.model import Change
from lvdesk.store.write import Write
from lvdesk.templates.matching import Remembered
from lvdesk.workspace import Workspace


def remembered(ws: Workspace) -> dict[str, Remembered]:
    """Header fingerprint -> the mapping somebody chose."""
    with ws.store.read() as connection:
        rows = connection.execute(select(HeaderMemory.fingerprint, HeaderMemory.template, HeaderMemory.mapping)).all()
    return {row.fingerprint: Remembered(row.template, tuple(json.loads(row.mapping))) for row in rows}


def remember(write: Write, request: ImportRequest, files: tuple[FileReport, ...]) -> None:
    """Keeps the mappings that a person chose in this import."""
    table = table_of(HeaderMemory)
    known = {row.fingerprint: row.id for row in write.connection.execute(select(HeaderMemory.fingerprint, HeaderMemory.id))}
    for file in files:
        for sheet in file.sheets:
            choice = request.choices.get((str(file.path), sheet.name))
            if not sheet.fingerprint or choice is None or choice.mapping is None:
                continue
            mapping = json.dumps([column.field for column in sheet.mapping if column.header])
            if sheet.fingerprint in known:
                write.update(table, [Change(known[sheet.fingerprint], {"template": sheet.template, "mapping": mapping})])
            else:
                new = write.insert(table, ("fingerprint", "template", "mapping"), [(sheet.fingerprint, sheet.template, mapping)], 1)
                known[sheet.fingerprint] = new[0]
