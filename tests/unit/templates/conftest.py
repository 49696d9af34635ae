from collections.abc import Callable

import pytest

from lvdesk.templates.codes import CodeList, load_codes
from lvdesk.templates.definition import Template, load_templates
from lvdesk.templates.dictionary import Dictionary, load_dictionary
from lvdesk.templates.matching import TableMatch, match_table

Match = Callable[..., list[TableMatch]]


@pytest.fixture(scope="session")
def dictionary() -> Dictionary:
    return load_dictionary()


@pytest.fixture(scope="session")
def codes() -> dict[str, CodeList]:
    return load_codes()


@pytest.fixture(scope="session")
def templates() -> dict[str, Template]:
    return load_templates()


@pytest.fixture(scope="session")
def match(templates: dict[str, Template], dictionary: Dictionary) -> Match:
    """Matches rows written as comma-separated lines, "" for a blank cell."""

    def run(*lines: str, **more: object) -> list[TableMatch]:
        rows = [[cell or None for cell in line.split(",")] for line in lines]
        return match_table(rows, templates, dictionary, **more)

    return run
