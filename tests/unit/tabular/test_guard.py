import os
import threading
from collections.abc import Iterator

import pytest

from lvdesk.kit.errors import Cancelled, KnownError, RefusedError
from lvdesk.kit.progress import Progress
from lvdesk.tabular.guard import ChildBugError, Reader

JOBS = "tests.unit.tabular.jobs"


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    with Reader(memory=400 << 20, silence=1.5) as made:
        yield made


def test_items_arrive_as_they_were_and_the_child_stays_warm(reader: Reader) -> None:
    assert list(reader.stream(f"{JOBS}:echo", (1, "二", None))) == [1, "二", None]
    assert next(iter(list(reader.stream(f"{JOBS}:frame", (1000,)))))["c1"][999] == "户999"
    first, second = (list(reader.stream(f"{JOBS}:who", ())) for _ in range(2))
    assert first == second != [os.getpid()]


def test_errors_for_people_arrive_whole(reader: Reader) -> None:
    with pytest.raises(RefusedError) as caught:
        list(reader.stream(f"{JOBS}:refuse", ()))
    assert (caught.value.code, caught.value.message, caught.value.hint) == ("some.code", "不行", "换一个")


@pytest.mark.expects_log
@pytest.mark.parametrize("job,code", [("abort", "file.crashed"), ("hang", "file.too_slow"), ("swallow", "file.too_large")])
def test_a_dying_child_is_one_line_and_the_next_file_is_read(
    reader: Reader, capfd: pytest.CaptureFixture[str], job: str, code: str
) -> None:
    with pytest.raises(KnownError) as caught:
        list(reader.stream(f"{JOBS}:{job}", ()))
    assert caught.value.code == code
    assert caught.value.hint
    assert capfd.readouterr().err == ""
    assert list(reader.stream(f"{JOBS}:echo", (1,))) == [1]


def test_our_own_mistakes_are_not_blamed_on_the_file(reader: Reader) -> None:
    with pytest.raises(ChildBugError, match="ZeroDivisionError"):
        list(reader.stream(f"{JOBS}:bug", ()))


def test_cancel_ends_the_child_at_once(reader: Reader) -> None:
    progress = Progress()
    stream = reader.stream(f"{JOBS}:hang", (), progress)
    assert next(stream) == 1
    timer = threading.Timer(0.2, progress.cancel)
    timer.start()
    with pytest.raises(Cancelled):
        next(stream)
    timer.join()
    assert list(reader.stream(f"{JOBS}:echo", (1,))) == [1]


def test_leaving_early_leaves_a_usable_reader(reader: Reader) -> None:
    for item in reader.stream(f"{JOBS}:echo", (1, 2, 3)):
        assert item == 1
        break
    assert list(reader.stream(f"{JOBS}:echo", (4,))) == [4]
