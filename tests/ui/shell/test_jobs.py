"""Work off the UI thread: one end, on the UI thread, and a cancel that works."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from lvdesk.kit.errors import KnownError
from lvdesk.kit.progress import Progress
from ui.jobs import Jobs


@pytest.fixture
def jobs(qapp: object) -> Iterator[Jobs]:
    made = Jobs()
    yield made
    made.close()
    made.deleteLater()


def test_a_result_comes_back_on_the_ui_thread(qtbot: QtBot, jobs: Jobs) -> None:
    seen: list[Any] = []
    job = jobs.run("算", lambda _progress: 42, done=lambda result: seen.append((result, threading.current_thread())))
    with qtbot.waitSignal(job.ended):
        pass
    assert seen == [(42, threading.main_thread())]
    assert jobs.running() == []


def test_writers_run_one_after_the_other(qtbot: QtBot, jobs: Jobs) -> None:
    order: list[int] = []
    last = [jobs.run("写", lambda _progress, number=number: order.append(number)) for number in range(5)][-1]
    with qtbot.waitSignal(last.ended):
        pass
    assert order == [0, 1, 2, 3, 4]


def test_progress_is_told_while_it_runs(qtbot: QtBot, jobs: Jobs) -> None:
    go_on = threading.Event()

    def work(progress: Progress) -> None:
        progress.start("读", 10)
        progress.step(4)
        go_on.wait(10)

    job = jobs.run("导入", work)
    with qtbot.waitSignal(
        job.progressed, check_params_cb=lambda snapshot: (snapshot.label, snapshot.done, snapshot.total) == ("读", 4, 10)
    ):
        pass
    assert [running.title for running in jobs.running()] == ["导入"]
    go_on.set()
    with qtbot.waitSignal(job.ended):
        pass


def test_cancel_stops_at_the_next_step(qtbot: QtBot, jobs: Jobs) -> None:
    started = threading.Event()

    def work(progress: Progress) -> None:
        while True:
            started.set()
            progress.step()

    job = jobs.run("没完没了", work)
    started.wait(10)
    with qtbot.waitSignal(job.cancelled):
        job.cancel()


def test_a_waiting_job_is_cancelled_before_it_begins(qtbot: QtBot, jobs: Jobs) -> None:
    go_on, ran = threading.Event(), []
    jobs.run("先", lambda _progress: go_on.wait(10))
    second = jobs.run("后", lambda _progress: ran.append(1))
    with qtbot.waitSignal(second.cancelled):
        second.cancel()
        go_on.set()
    assert ran == []


def refuse(_progress: Progress) -> None:
    raise KnownError("x.y", "不行")


def test_a_failure_nobody_listens_to_is_told(qtbot: QtBot, jobs: Jobs) -> None:
    with qtbot.waitSignal(jobs.unhandled) as told:
        jobs.run("导入", refuse)
    assert told.args is not None
    assert str(told.args[1]) == "不行"


def test_a_failure_somebody_listens_to_is_told_once(qtbot: QtBot, jobs: Jobs) -> None:
    heard: list[Exception] = []
    with qtbot.assertNotEmitted(jobs.unhandled):
        job = jobs.run("导入", refuse, failed=heard.append)
        with qtbot.waitSignal(job.ended):
            pass
    assert [str(error) for error in heard] == ["不行"]


def test_quiet_reads_are_not_listed(qtbot: QtBot, jobs: Jobs) -> None:
    go_on = threading.Event()
    job = jobs.read(lambda: go_on.wait(10), lambda _result: None)
    assert jobs.running() == []
    go_on.set()
    with qtbot.waitSignal(job.ended):
        pass


def test_closing_cancels_and_waits(jobs: Jobs) -> None:
    ended = threading.Event()

    def work(progress: Progress) -> None:
        try:
            while True:
                progress.step()
        finally:
            ended.set()

    jobs.run("没完没了", work)
    assert jobs.close(10)
    assert ended.is_set() or jobs.running() == []


def test_nothing_starts_after_closing(jobs: Jobs) -> None:
    ran: list[int] = []
    jobs.close()
    jobs.read(lambda: ran.append(1), lambda _result: None)
    jobs.run("晚了", lambda _progress: ran.append(2))
    assert jobs.running() == []
    assert jobs.close()
    assert ran == []
