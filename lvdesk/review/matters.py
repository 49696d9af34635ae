"""The rules of the review (``resources/review.toml``): which kind of matter needs which stage, and why it does not need the other."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from lvdesk.kit.errors import KnownError
from lvdesk.kit.sources import single
from lvdesk.review.model import Kind
from lvdesk.review.states import Needs

FILE: Final = "review.toml"


@dataclass(frozen=True)
class Matter:
    """One kind: ``waived`` says per stage why the rule passes it, "" where people must confirm."""

    needs: Needs
    waived: Mapping[str, str]


@dataclass(frozen=True)
class Book:
    """All rules.

    Attributes:
        connection: entity -> the fields that together are its connection point.
        return_limit: which return of the same item goes to the grid leader.
        audit_share, audit_least: size of a random sample: part of what passed, but at least so many.
    """

    matters: Mapping[Kind, Matter]
    connection: Mapping[str, tuple[str, ...]]
    lock_minutes: int
    return_limit: int
    reasons: tuple[str, ...]
    audit_share: float
    audit_least: int


def load_book(overrides: Path | None) -> Book:
    """The rules; ``overrides`` is the workspace's folder of its own.

    Raises:
        KnownError: ``rules.unreadable`` when the file lacks a part or has one of the wrong kind.
    """
    data = single(FILE, overrides)
    try:
        return Book(
            {kind: _matter(data["kinds"][kind]) for kind in Kind},
            {str(entity): tuple(map(str, fields)) for entity, fields in data["connection"].items()},
            int(data["lock_minutes"]), int(data["return_limit"]), tuple(map(str, data["reasons"]["list"])),
            float(data["audit"]["share"]), int(data["audit"]["least"]),
        )  # fmt: skip
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        hint = "请改正该文件，或把它移出工作区的 resources 文件夹"
        raise KnownError("rules.unreadable", f"规则文件 {FILE} 缺少或写错 {error}", hint) from error


def _matter(data: Mapping[str, Any]) -> Matter:
    stages = {stage: data[stage] for stage in ("marketing", "operations")}
    for stage, said in stages.items():
        if said is not True and not (isinstance(said, str) and said.strip()):
            raise ValueError(f"{stage}（应为 true 或不需要的原因）")
    waived = {stage: "" if said is True else str(said).strip() for stage, said in stages.items()}
    return Matter(Needs(not waived["marketing"], not waived["operations"]), waived)
