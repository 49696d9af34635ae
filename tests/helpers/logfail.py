"""Fails a test that logs a warning nobody expected."""

import logging
from collections.abc import Iterator

import pytest


class Collector(logging.Handler):
    """Keeps the records that a user's log should not hold after a good run."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)

    def report(self) -> str:
        return "\n".join(f"{record.name} {record.levelname}: {record.getMessage()}" for record in self.records)


@pytest.fixture(autouse=True)
def quiet_log(request: pytest.FixtureRequest) -> Iterator[None]:
    """No warning and no error in the log, unless the test is marked ``expects_log``."""
    collector = Collector()
    root = logging.getLogger()
    root.addHandler(collector)
    yield
    root.removeHandler(collector)
    if collector.records and not request.node.get_closest_marker("expects_log"):
        pytest.fail(f"logged without being expected (mark the test expects_log if it means it):\n{collector.report()}", pytrace=False)
