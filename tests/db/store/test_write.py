"""Writing: all or nothing, versions against overwriting, operations that are not applied twice."""

import pytest
from sqlalchemy import func, inspect, select, text

from lvdesk.kit.errors import Cancelled, ConflictError
from lvdesk.store.journal import entries
from lvdesk.store.model import Change, DoneBefore
from lvdesk.store.store import Store
from tests.db.store.sample import TOWN, add_towns, house, opened, remark, rows, town


def test_inserted_rows_get_consecutive_ids_and_come_back_as_they_were(store_url: str) -> None:
    given = [("甲", 1, 0.1, True, b"\x00\xff", "a"), ("乙", None, None, None, None, ""), ("丙", -5, 1e300, False, b"", None)]
    with opened(store_url) as store:
        with store.write("导入") as write:
            ids = write.insert(town, TOWN, iter(given), 3)
        assert ids == range(1, 4)
        assert [tuple(row[name] for name in TOWN) for row in rows(store)] == given


def test_a_wrong_count_of_rows_stores_nothing(store_url: str) -> None:
    with opened(store_url) as store:
        with pytest.raises(ValueError, match="announced"), store.write("导入") as write:
            write.insert(town, ("name",), [("甲",)], 2)
        assert rows(store) == []


def test_ids_are_never_given_out_twice(store_url: str) -> None:
    with opened(store_url) as store:
        add_towns(store, "甲", "乙")
        with store.write("删除") as write:
            write.delete(town, [2])
        assert add_towns(store, "丙") == range(3, 4)


def test_cancel_half_way_saves_nothing(store_url: str) -> None:
    with opened(store_url) as store:
        with pytest.raises(Cancelled):
            _cancelled_import(store)
        assert rows(store) == []
        assert entries(store) == []


def _cancelled_import(store: Store) -> None:
    with store.write("导入") as write:
        write.insert(town, ("name",), [("甲",)], 1)
        raise Cancelled


def test_an_empty_write_and_a_change_to_the_same_value_leave_no_entry(store_url: str) -> None:
    with opened(store_url) as store:
        add_towns(store, "甲")
        with store.write("什么也没做"):
            pass
        with store.write("改成一样") as write:
            write.update(town, [Change(1, {"name": "甲", "people": 100})])
        assert [entry.label for entry in entries(store)] == ["导入乡镇"]
        assert rows(store, versions=True)[0]["version"] == 1


def test_update_counts_the_version_up_and_renews_derived_values(store_url: str) -> None:
    with opened(store_url) as store:
        add_towns(store, "甲")
        with store.write("修改") as write:
            write.update(town, [Change(1, {"people": 7}, version=1)])
        row = rows(store, versions=True)[0]
        assert (row["people"], row["version"], row["words"]) == (7, 2, "甲 7")


def test_an_edit_of_a_row_that_somebody_changed_is_refused_and_says_who(store_url: str) -> None:
    with opened(store_url, "张三") as mine, opened(store_url, "李四") as other:
        add_towns(mine, "甲", "乙")
        with other.write("改人口") as write:
            write.update(town, [Change(1, {"people": 8}, version=1)])
        with pytest.raises(ConflictError) as caught, mine.write("修改") as write:
            write.update(town, [Change(2, {"people": 9}, version=1), Change(1, {"people": 9}, version=1)])
        assert caught.value.code == "store.row_changed"
        assert "李四" in caught.value.message
        assert "改人口" in caught.value.message
        assert [row["people"] for row in rows(mine)] == [8, 100]


def test_a_row_that_is_gone_is_a_conflict(store_url: str) -> None:
    with opened(store_url) as store:
        with pytest.raises(ConflictError, match="已被删除"), store.write("修改") as write:
            write.update(town, [Change(5, {"people": 1})])
        with pytest.raises(ConflictError, match="已被删除"), store.write("删除") as write:
            write.delete(town, [5])


def test_the_same_operation_is_applied_once(store_url: str) -> None:
    with opened(store_url) as store:
        with store.write("导入", operation="file-1") as write:
            write.insert(town, ("name",), [("甲",)], 1)
        with pytest.raises(DoneBefore) as caught, store.write("导入", operation="file-1") as again:
            again.insert(town, ("name",), [("乙",)], 1)
        assert caught.value.entry_id == write.entry_id
        assert [row["name"] for row in rows(store)] == ["甲"]


def test_tables_without_version_are_written_but_not_recorded(store_url: str) -> None:
    with opened(store_url) as store:
        with store.write("备注") as write:
            write.insert(remark, ("text", "data"), [("甲", {"a": [1, None, "x"]}), ("乙", None)], 2)
            write.update(remark, [Change(1, {"text": "丙"})])
            write.delete(remark, [2])
        assert rows(store, remark) == [{"id": 1, "text": "丙", "data": {"a": [1, None, "x"]}}]
        assert entries(store) == []


def test_a_read_sees_one_state_and_cannot_write(store_url: str) -> None:
    count = select(func.count()).select_from(town)
    with opened(store_url) as store:
        add_towns(store, "甲")
        with store.read() as connection:
            assert connection.execute(count).scalar() == 1
            add_towns(store, "乙")
            assert connection.execute(count).scalar() == 1
        with pytest.raises(Exception, match="只读"), store.read() as connection:
            connection.execute(text("DELETE FROM town"))
        assert len(rows(store)) == 2


def _indexes(store: Store) -> list[str | None]:
    with store.read() as connection:
        return [index["name"] for index in inspect(connection).get_indexes("house")]


def test_indexes_put_off_are_there_again_after_the_commit_and_after_a_failure(store_url: str) -> None:
    with opened(store_url) as store:
        add_towns(store, "甲")
        with pytest.raises(Cancelled):
            _houses(store, fail=True)
        assert (_indexes(store), rows(store, house)) == (["ix_house_town_id"], [])
        _houses(store, fail=False)
        assert (_indexes(store), len(rows(store, house))) == (["ix_house_town_id"], 2)


def _houses(store: Store, *, fail: bool) -> None:
    with store.write("导入") as write:
        write.put_off_indexes(house)
        write.insert(house, ("town_id",), [(1,), (1,)], 2)
        if fail:
            raise Cancelled
