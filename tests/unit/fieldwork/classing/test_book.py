"""What field people write in verdicts and remarks, clause by clause."""

import polars as pl
import pytest

from lvdesk.fieldwork.classing.book import load_book


@pytest.mark.parametrize(
    "said, kind",
    [
        ("账有实无", "absent"),
        ("现场无此户", "absent"),
        ("现场无该电表", "absent"),
        ("查无此人", "absent"),
        ("表箱不见了", "absent"),
        ("没找到", "absent"),
        ("缺失", "absent"),
        ("表计已拆除", "absent"),
        ("户已注销", "absent"),
        ("房屋已拆迁，人已搬走", "absent"),
        ("正常。房子倒塌", "absent"),
        ("旧表已拆，换新表", "replaced"),
        ("未换表", None),
        ("表待更换", None),
        ("现场换表 2026.3.5", "replaced"),
        ("申请销户", None),
        ("疑似销户", None),
        ("台账无此户", "new"),
        ("系统里没有", "new"),
        ("实有账无", "new"),
        ("新增（业扩）", "new"),
        ("无新增用户", None),
        ("锁门", "closed"),
        ("无人在家", "closed"),
        ("门锁着，箱外看到表号", None),
        ("台区不符", "other_area"),
        ("户变关系错误", "other_area"),
        ("不属于", None),
        ("不属本台区", "other_area"),
        ("正常", None),
        ("表箱生锈、门坏", None),
        ("", None),
    ],
)
def test_what_is_written_means(said: str, kind: str | None) -> None:
    assert load_book(None).verdicts(pl.Series([said], dtype=pl.String)).to_list() == [kind]
