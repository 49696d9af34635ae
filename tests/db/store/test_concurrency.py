"""Twenty clients edit the same rows at once: the version column loses nothing, and without it edits do get lost."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from lvdesk.kit.errors import ConflictError
from lvdesk.store.journal import entries, verify_chain
from lvdesk.store.model import Change
from lvdesk.store.store import Store
from tests.db.store.sample import SAMPLE, add_towns, opened, rows, town

CLIENTS, EDITS = 20, 5


def _client(url: str, *, versioned: bool) -> int:
    """Reads, thinks, writes: adds one inhabitant, ``EDITS`` times; returns how often somebody else was faster."""
    store = Store.open(url, schema=SAMPLE)
    conflicts = done = 0
    while done < EDITS:
        with store.read() as connection:
            row = connection.execute(select(town.c.people, town.c.version)).one()
        try:
            with store.write("加一") as write:
                write.update(town, [Change(1, {"people": row.people + 1}, version=row.version if versioned else None)])
            done += 1
        except ConflictError:
            conflicts += 1
    store.close()
    return conflicts


@pytest.mark.parametrize("versioned", [True, False], ids=["with the version", "control without"])
def test_twenty_clients(postgres_url: str, *, versioned: bool) -> None:
    with opened(postgres_url) as store:
        add_towns(store, "甲")
        with ThreadPoolExecutor(CLIENTS) as pool:
            conflicts = sum(pool.map(lambda _: _client(postgres_url, versioned=versioned), range(CLIENTS)))
        lost = 100 + CLIENTS * EDITS - rows(store)[0]["people"]
        assert verify_chain(store) == []
        assert len({entry.id for entry in entries(store, limit=1000)}) == len(entries(store, limit=1000))
    if versioned:
        assert (lost, conflicts > 0) == (0, True)
    else:
        assert (lost > 0, conflicts) == (True, 0)


def test_ids_stay_unique_when_clients_insert_at_once(store_url: str) -> None:
    with opened(store_url) as store, ThreadPoolExecutor(4) as pool:
        given = list(pool.map(lambda client: [add_towns(store, f"{client}-{number}")[0] for number in range(5)], range(4)))
        assert sorted(row_id for ids in given for row_id in ids) == list(range(1, 21))
        assert verify_chain(store) == []
