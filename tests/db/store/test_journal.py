"""The journal: who did what, each field before and after, and a chain that shows tampering."""

import pytest
from sqlalchemy import text

from lvdesk.store.journal import details, entries, verify_chain
from lvdesk.store.model import Change
from lvdesk.store.undo import redo, undo
from tests.db.store.sample import add_towns, clock, opened, town


def test_entries_come_newest_first_in_pages_and_can_be_searched(store_url: str) -> None:
    with opened(store_url) as store:
        for name in "甲乙丙":
            add_towns(store, name, label=f"导入{name}")
        assert [entry.label for entry in entries(store, limit=2)] == ["导入丙", "导入乙"]
        assert [entry.label for entry in entries(store, before=2)] == ["导入甲"]
        assert [entry.id for entry in entries(store, text="乙")] == [2]
        assert len(entries(store, text="张三")) == 3
        assert entries(store, text="%") == []
        first = entries(store)[-1]
        assert (first.person, first.at, first.summary) == ("张三", clock().isoformat(), {"town": {"insert": 1, "update": 0, "delete": 0}})


def test_details_show_each_field_before_and_after_even_when_the_row_went_on(store_url: str) -> None:
    with opened(store_url) as store:
        add_towns(store, "甲", "乙")
        with store.write("修改") as write:
            write.update(town, [Change(1, {"people": 5, "seal": b"\x07"})])
        with store.write("删除") as write:
            write.delete(town, [1])
        (changed,) = details(store, 2)
        assert changed.fields == {"people": (100, 5), "seal": (b"\x00\xff", b"\x07")}
        assert details(store, 3)[0].fields["people"] == (5, None)
        inserted = details(store, 1)
        assert [(row.id, row.fields["people"], row.fields["seal"]) for row in inserted] == [
            (1, (None, 100), (None, b"\x00\xff")),
            (2, (None, 100), (None, b"\x00\xff")),
        ]


def test_details_come_in_pages_across_parts(store_url: str) -> None:
    with opened(store_url) as store:
        with store.write("导入") as write:
            for start in range(0, 30, 10):
                write.insert(town, ("name",), [(f"镇{number}",) for number in range(start, start + 10)], 10)
        assert [row.id for row in details(store, 1, start=8, limit=5)] == [9, 10, 11, 12, 13]
        assert [row.id for row in details(store, 1, start=28, limit=5)] == [29, 30]


@pytest.mark.parametrize(
    "tampering,problem",
    [
        ("UPDATE journal SET label = '别的' WHERE id = 2", "2（别的）的内容被改动过"),
        ("UPDATE journal SET person = '李四' WHERE id = 1", "1（导入乡镇）的内容被改动过"),
        ("UPDATE journal_part SET count = 9 WHERE entry = 2", "2（修改）的内容被改动过"),
        ("DELETE FROM journal_part WHERE entry = 2", "2（修改）的内容被改动过"),
        ("DELETE FROM journal WHERE id = 2", "缺少记录 2"),
        ("UPDATE journal SET undone_by = NULL, digest = 'x' WHERE id = 3", "4（撤销：加一）与前一条记录不相接"),
        ("UPDATE journal SET undone_by = 1 WHERE id = 2", "2（修改）的撤销标记没有对应的撤销记录"),
    ],
)
def test_tampering_breaks_the_chain(store_url: str, tampering: str, problem: str) -> None:
    with opened(store_url) as store:
        add_towns(store, "甲")
        with store.write("修改") as write:
            write.update(town, [Change(1, {"people": 5})])
        add_towns(store, "乙", label="加一")
        undo(store)
        assert verify_chain(store) == []
        with store.write("") as write:
            write.connection.execute(text(tampering))
        assert [line for line in verify_chain(store) if problem in line]


def test_a_redo_keeps_the_chain_whole(store_url: str) -> None:
    with opened(store_url) as store:
        add_towns(store, "甲")
        undo(store)
        redo(store)
        assert verify_chain(store) == []
        assert [(entry.id, entry.undoes, entry.undone_by) for entry in entries(store)] == [(3, 2, None), (2, 1, 3), (1, None, None)]
