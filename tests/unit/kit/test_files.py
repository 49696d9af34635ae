"""Files written whole or not at all; choices that cannot be read."""

from pathlib import Path

import pytest

from lvdesk.kit.errors import KnownError
from lvdesk.kit.files import replacing
from lvdesk.kit.settings import Settings


def test_a_file_in_place_of_the_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    with pytest.raises(KnownError, match="无法写入") as caught, replacing(tmp_path / "taken" / "x.csv") as part:
        part.write_text("")
    assert caught.value.code == "file.not_writable"


@pytest.mark.parametrize("there, code", [(True, "file.in_use"), (False, "file.not_writable")])
def test_in_use_is_only_what_exists(tmp_path: Path, there: bool, code: str) -> None:
    target = tmp_path / "x.csv"
    if there:
        target.write_text("old")
    with pytest.raises(KnownError) as caught, replacing(target):
        raise PermissionError(13, "no")
    assert caught.value.code == code
    assert [path.name for path in tmp_path.iterdir()] == (["x.csv"] if there else [])


@pytest.mark.parametrize("text", ["[1, 2]", "5", "{"])
def test_settings_of_another_form_are_put_aside(tmp_path: Path, text: str) -> None:
    (tmp_path / "settings.json").write_text(text, encoding="utf-8")
    settings = Settings(tmp_path / "settings.json")
    settings.set("title", "所")
    assert Settings(tmp_path / "settings.json").get("title") == "所"
    assert (tmp_path / "settings.damaged").read_text(encoding="utf-8") == text
