from pathlib import Path

import pytest

from lvdesk.kit.errors import KnownError
from lvdesk.tabular.encodings import detect, texts

TEXT = "户号,户名\r\n4212327782,张三㐀𠀀\r\n"


@pytest.mark.parametrize(
    "content,name",
    [
        (TEXT.encode(), "utf-8"),
        (TEXT.encode("utf-8-sig"), "utf-8"),
        (TEXT.encode("utf-16"), "utf-16-le"),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), "utf-16-be"),
        ((TEXT * 3).encode("utf-16-le"), "utf-16-le"),
        ((TEXT * 3).encode("utf-16-be"), "utf-16-be"),
        (TEXT.encode("gb18030"), "gb18030"),
        ("户名\n张三".encode("gbk"), "gb18030"),
        (b"plain,ascii\n", "utf-8"),
        (b"a" * 2_000_000 + "户号".encode("gbk"), "gb18030"),
    ],
)
def test_encoding_is_found(tmp_path: Path, content: bytes, name: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    found = detect(path)
    assert (found.name, found.damaged) == (name, False)
    assert "\ufffd" not in "".join(texts(path, found))


def test_text_comes_out_whole_whatever_the_blocks(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes((TEXT * 20).encode("gb18030"))
    for block in (1, 3, 7, 1000):
        assert "".join(texts(path, detect(path), block)) == (TEXT * 20).replace("\r\n", "\n")


def test_one_bad_byte_keeps_the_rest_readable(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    content = (TEXT * 50).encode()
    at = content.index("张".encode()) + 1
    path.write_bytes(content[:at] + b"\xff" + content[at + 1 :])
    found = detect(path)
    assert (found.name, found.damaged) == ("utf-8", True)
    assert "".join(texts(path, found)).count("张三") == 49


@pytest.mark.parametrize("content", [b"\0" * 5000, bytes(range(256)) * 20])
def test_what_is_no_text_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    with pytest.raises(KnownError) as caught:
        detect(path)
    assert caught.value.code in {"file.not_table", "file.encoding"}
