"""A supply station of our own invention: the files it would hand over, for the demo, the tests and the bench."""

from lvdesk.sample.big_ledger import big_ledger
from lvdesk.sample.building import build
from lvdesk.sample.model import SampleStation

__all__ = ["SampleStation", "big_ledger", "build"]
