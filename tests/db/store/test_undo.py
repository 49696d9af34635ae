"""Undo and redo: they survive a restart, go back step by step, and refuse when somebody changed a row since."""

from collections.abc import Callable

import pytest

from lvdesk.kit.errors import ConflictError, LVDeskError, RefusedError
from lvdesk.store.journal import entries, verify_chain
from lvdesk.store.model import Change
from lvdesk.store.store import Store
from lvdesk.store.undo import redo, redoable, undo, undoable
from tests.db.store.sample import add_towns, house, opened, rows, town


def _insert(store: Store) -> None:
    add_towns(store, "丙", "丁")


def _update(store: Store) -> None:
    with store.write("修改") as write:
        write.update(town, [Change(1, {"name": "新", "height": None, "seal": b"\x01"}), Change(2, {"open": False})])


def _delete(store: Store) -> None:
    with store.write("删除") as write:
        write.delete(town, [1, 2])


def _mixture(store: Store) -> None:
    with store.write("整理") as write:
        write.insert(house, ("town_id", "number"), [(2, "1号"), (2, "2号")], 2)
        write.update(house, [Change(2, {"number": "二号"})])
        write.delete(town, [1])
        write.update(town, [Change(2, {"name": "甲"})])


@pytest.mark.parametrize("work", [_insert, _update, _delete, _mixture])
def test_undo_after_a_restart_and_redo_give_the_same_rows(store_url: str, work: Callable[[Store], None]) -> None:
    with opened(store_url) as store:
        add_towns(store, "甲", "乙")
        before = rows(store), rows(store, house)
        work(store)
        after = rows(store), rows(store, house)
        assert after != before
    with opened(store_url) as store:
        label = entries(store)[0].label
        assert undo(store).label == f"撤销：{label}"
        assert (rows(store), rows(store, house)) == before
        assert redo(store).label == f"重做：{label}"
        assert (rows(store), rows(store, house)) == after
        undo(store)
        assert (rows(store), rows(store, house)) == before
        assert verify_chain(store) == []


def test_undo_walks_back_step_by_step_and_redo_forward(store_url: str) -> None:
    with opened(store_url) as store:
        states = [rows(store)]
        for work in (lambda s: add_towns(s, "甲", "乙"), _update, _delete):
            work(store)
            states.append(rows(store))
        for expected in reversed(states[:-1]):
            undo(store)
            assert rows(store) == expected
        assert undoable(store) is None
        for expected in states[1:]:
            redo(store)
            assert rows(store) == expected
        assert redoable(store) is None


def test_undo_is_refused_when_a_touched_row_changed_since(store_url: str) -> None:
    with opened(store_url, "张三") as store, opened(store_url, "李四") as other:
        imported = add_towns(store, "甲", "乙")
        with other.write("改名") as write:
            write.update(town, [Change(imported[0], {"name": "子"})])
        before = rows(store)
        with pytest.raises(ConflictError) as caught:
            undo(store, 1)
        assert [word for word in ("李四", "改名", "1 条乡镇") if word not in caught.value.message] == []
        assert rows(store) == before
        undo(other, 2)
        undo(store, 1)
        assert rows(store) == []


def test_undo_of_another_row_is_not_hindered(store_url: str) -> None:
    with opened(store_url) as store:
        add_towns(store, "甲", "乙")
        for row_id, people in ((1, 7), (2, 8)):
            with store.write(f"修改{row_id}") as write:
                write.update(town, [Change(row_id, {"people": people})])
        undo(store, 2)
        assert [row["people"] for row in rows(store)] == [100, 8]


def test_undo_of_a_parent_somebody_points_to_is_refused(store_url: str) -> None:
    with opened(store_url) as store:
        add_towns(store, "甲")
        with store.write("加户") as write:
            write.insert(house, ("town_id",), [(1,)], 1)
        with pytest.raises(ConflictError, match="引用"):
            undo(store, 1)
        assert len(rows(store)) == 1


def test_an_edit_begun_before_an_undo_is_refused_after_it(store_url: str) -> None:
    with opened(store_url) as store:
        add_towns(store, "甲")
        _edit(store, 1, 5)
        undo(store)
        with pytest.raises(ConflictError, match="撤销"):
            _edit(store, 2, 6)


def _edit(store: Store, version: int, people: int) -> None:
    with store.write("修改") as write:
        write.update(town, [Change(1, {"people": people}, version=version)])


@pytest.mark.parametrize(
    "steps,code",
    [
        ([undo], "store.nothing_to_undo"),
        ([redo], "store.nothing_to_redo"),
        ([lambda s: undo(s, 9)], "store.no_entry"),
        ([lambda s: add_towns(s, "甲"), lambda s: undo(s, 1), lambda s: undo(s, 1)], "store.undone_before"),
        ([lambda s: add_towns(s, "甲"), undo, lambda s: add_towns(s, "乙"), redo], "store.nothing_to_redo"),
    ],
)
def test_what_cannot_be_undone_is_refused_with_a_reason(store_url: str, steps: list[Callable[[Store], object]], code: str) -> None:
    with opened(store_url) as store:
        *before, last = steps
        for step in before:
            step(store)
        with pytest.raises(RefusedError) as caught:
            last(store)
        assert caught.value.code == code


def test_undo_of_a_redo_takes_the_write_back(store_url: str) -> None:
    with opened(store_url) as store:
        add_towns(store, "甲")
        undo(store)
        again = redo(store)
        assert undo(store, again.id).label == "撤销：导入乡镇"
        assert rows(store) == []


def test_a_change_past_the_journal_is_noticed(store_url: str) -> None:
    with opened(store_url) as store:
        add_towns(store, "甲")
        _edit(store, 1, 5)
        with store.write("绕过历史") as write:
            write.connection.exec_driver_sql("UPDATE town SET people = 6")
        with pytest.raises(LVDeskError, match="已不是当时保存的内容"):
            undo(store)


def test_on_a_server_undo_takes_back_ones_own_work(store_url: str) -> None:
    with opened(store_url, "张三") as mine, opened(store_url, "李四") as other:
        add_towns(mine, "甲")
        add_towns(other, "乙")
        undo(mine)
        assert [row["name"] for row in rows(mine)] == (["甲"] if mine.is_sqlite else ["乙"])
