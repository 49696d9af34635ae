"""From the former teams (综合班, 营业班 …) to 内勤班 and 外勤班: an old list in, a proposal out, taken over as a whole."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from lvdesk.kit.errors import KnownError
from lvdesk.kit.progress import Progress
from lvdesk.organisation.applying import apply
from lvdesk.organisation.model import Applied, Asked
from lvdesk.organisation.setup import Setup, load_setup
from lvdesk.organisation.state import day_before, state
from lvdesk.organisation.workbook import plain
from lvdesk.tabular.guard import Reader
from lvdesk.workspace import Workspace

_READ: Final = "lvdesk.tabular.reading:everything"
_HEAD_ROWS: Final = 15
_HEADS: Final[Mapping[str, tuple[str, ...]]] = {
    "name": ("姓名", "员工姓名", "人员姓名"),
    "former": ("原班组", "所在班组", "班组", "部门", "所属班组"),
    "post": ("岗位", "岗位名称", "职务"),
    "phone": ("电话", "联系电话", "手机", "手机号", "手机号码"),
    "staff_no": ("工号", "员工编号", "人资编码"),
}


@dataclass(frozen=True)
class Proposed:
    """Where somebody should go. ``team`` "" when nobody can tell; ``why`` one sentence."""

    name: str
    former: str
    post: str
    phone: str
    staff_no: str
    team: str
    why: str


def propose(ws: Workspace, path: Path, progress: Progress) -> list[Proposed]:
    """A proposal for each person of an old list.

    Raises:
        KnownError: ``organisation.no_former`` when no sheet has names and teams, or ``file.…`` when it cannot be read.
    """
    setup = load_setup(ws.overrides)
    found = [_proposed(setup, row) for row in _rows(path, progress)]
    if not found:
        raise KnownError("organisation.no_former", f"{path.name} 里没有找到原班组名单", "名单需要“姓名”和“原班组”（或“班组”）两列")
    return found


def adopt(ws: Workspace, proposals: Sequence[Proposed], since: str) -> Applied:
    """Stores the people, the new teams and who belongs to which from a day on; earlier memberships end the day before.

    Raises:
        RefusedError: ``organisation.…``.
    """
    now = state(ws)
    placed = [each for each in proposals if each.team]
    asked = [Asked("team", {"name": team, "kind": team}) for team in dict.fromkeys(each.team for each in placed)]
    for each in placed:
        values = {"name": each.name, "post": each.post, "phone": each.phone, "staff_no": each.staff_no}
        asked.append(Asked("staff", {name: text for name, text in values.items() if text}, each.name))
        present = [row for row in now.on("membership", since) if row["staff"] == each.name]
        if any(row["team"] == each.team for row in present):
            continue
        for row in present:
            gone = row["since"] == since
            asked.append(Asked("membership", {} if gone else {"until": day_before(since)}, each.name, row["id"], remove=gone))
        asked.append(Asked("membership", {"staff": each.name, "team": each.team, "since": since}, each.name))
    return apply(ws, asked, f"原班组 {len(placed)} 人转入内勤班、外勤班")


def team_for(setup: Setup, former: str, post: str) -> tuple[str, str]:
    """New team and the reason; ("", why) when no rule fits."""
    for rule in setup.data["former"]:
        word = next((word for word in rule["words"] if word in former), None)
        if word is None:
            continue
        unless: Mapping[str, Any] = rule.get("unless", {})
        if post and post in unless.get("posts", ()):
            return str(unless["team"]), f"{former} 的{post}按岗位转入"
        return str(rule["team"]), f"原班组含“{word}”"
    return "", f"没有“{former}”的对应关系，请手工指定" if former else "没有填原班组，请手工指定"


def _proposed(setup: Setup, row: Mapping[str, str]) -> Proposed:
    team, why = team_for(setup, row["former"], row["post"])
    return Proposed(row["name"], row["former"], row["post"], row["phone"], row["staff_no"], team, why)


def _rows(path: Path, progress: Progress) -> Iterator[dict[str, str]]:
    progress.start(f"正在读取 {path.name}")
    heads: dict[str, dict[str, int]] = {}
    with Reader() as reader:
        for message in reader.stream(_READ, (path,), progress):
            if not isinstance(message, tuple):
                continue
            sheet, piece = message
            for number, texts in enumerate(piece.frame.iter_rows(), piece.first_row):
                if sheet in heads:
                    row = {key: (texts[at] or "").strip() if at >= 0 else "" for key, at in heads[sheet].items()}
                    if row["name"]:
                        yield row
                elif number <= _HEAD_ROWS:
                    words = [plain(text or "") for text in texts]
                    places = {key: next((words.index(word) for word in known if word in words), -1) for key, known in _HEADS.items()}
                    if places["name"] >= 0 and places["former"] >= 0:
                        heads[sheet] = places
