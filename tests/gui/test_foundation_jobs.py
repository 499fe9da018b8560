"""Background jobs and the door for core events: answers on the GUI thread, none after the end."""

import gc
import threading
import weakref
from dataclasses import dataclass
from functools import partial

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from crashdesk_gui.bridge import EventBridge
from crashdesk_gui.jobs import Job, JobRunner, JobState, Progress


class Refused(Exception):
    """A failure with a field of its own."""

    def __init__(self, code: int) -> None:
        super().__init__(f"refused with {code}")
        self.code = code


def test_work_runs_elsewhere_and_its_answer_comes_here(runner: JobRunner, qtbot: QtBot) -> None:
    here = threading.get_ident()
    answers: list[tuple[object, int]] = []
    marker = object()

    def work(_progress: Progress) -> tuple[object, int]:
        return marker, threading.get_ident()

    with qtbot.waitSignal(runner.finished, timeout=3000):
        runner.run(work, title="Work", on_done=lambda result: answers.append((result, threading.get_ident())))
    ((result, answered_in),) = answers
    assert result[0] is marker, "the very object arrives, not a copy"
    assert result[1] != here
    assert answered_in == here


def test_a_failure_arrives_as_the_exception_itself(runner: JobRunner, qtbot: QtBot) -> None:
    failures: list[Exception] = []

    def fail(_progress: Progress) -> None:
        raise Refused(-2011)

    with qtbot.waitSignal(runner.finished, timeout=3000) as blocker:
        runner.run(fail, title="Fail", on_done=lambda _result: pytest.fail("it failed"), on_failed=failures.append)
    assert isinstance(failures[0], Refused)
    assert failures[0].code == -2011
    assert blocker.args[0].state is JobState.FAILED


def test_jobs_of_one_runner_never_overlap_and_keep_their_order(runner: JobRunner, qtbot: QtBot) -> None:
    inside = threading.Semaphore(1)
    done: list[int] = []

    def work(number: int) -> int:
        assert inside.acquire(blocking=False), "two jobs ran at once"
        threading.Event().wait(0.002)
        inside.release()
        return number

    for number in range(12):
        runner.run(lambda _progress, number=number: work(number), title="Step", on_done=done.append)
    qtbot.waitUntil(lambda: len(done) == 12, timeout=5000)
    assert done == list(range(12))


def test_cancelling_stops_the_running_job_and_skips_the_waiting_one(runner: JobRunner, qtbot: QtBot) -> None:
    running = threading.Event()
    ended: list[str] = []

    def wait_long(progress: Progress) -> None:
        running.set()
        progress.wait(30)
        progress.raise_if_cancelled()

    runner.run(wait_long, title="Long", on_cancelled=lambda: ended.append("first"))
    runner.run(lambda _progress: ended.append("ran"), title="Next", on_cancelled=lambda: ended.append("second"))
    assert running.wait(3)
    runner.cancel_all()
    qtbot.waitUntil(lambda: not runner.busy, timeout=3000)
    assert ended == ["first", "second"]


def test_a_job_that_must_not_stop_is_not_cancelled(runner: JobRunner, qtbot: QtBot) -> None:
    go_on = threading.Event()
    seen: list[bool] = []

    def work(progress: Progress) -> bool:
        go_on.wait(3)
        return progress.cancelled

    job = runner.run(work, title="Write", cancellable=False, on_done=seen.append)
    job.cancel()
    go_on.set()
    qtbot.waitUntil(lambda: bool(seen), timeout=3000)
    assert seen == [False]


def test_progress_is_told_with_the_newest_values(runner: JobRunner, qtbot: QtBot) -> None:
    seen: list[tuple[int, int, str]] = []
    runner.progressed.connect(lambda job: seen.append((job.done, job.total, job.text)))

    def work(progress: Progress) -> None:
        for step in range(20_001):
            progress.report(step, 20_000, f"step {step}")

    with qtbot.waitSignal(runner.finished, timeout=5000):
        runner.run(work, title="Count")
    assert seen[-1] == (20_000, 20_000, "step 20000")
    assert seen == sorted(seen)
    assert len(seen) < 20_000, "reports that nobody read yet replace each other"


def test_nothing_is_called_after_close(qapp: QApplication, qtbot: QtBot) -> None:
    runner = JobRunner()
    called: list[object] = []
    started = threading.Event()

    def work(progress: Progress) -> str:
        started.set()
        progress.wait(30)
        return "late"

    runner.run(
        work, title="Late", on_done=called.append, on_failed=called.append, on_cancelled=lambda: called.append(None)
    )
    assert started.wait(3)
    assert runner.close()
    assert runner.at_rest
    qapp.processEvents()
    assert not called
    with pytest.raises(RuntimeError, match="closed"):
        runner.run(work, title="After")


def test_a_stubborn_job_is_reported_by_close_and_stays_silent(qapp: QApplication) -> None:
    runner = JobRunner()
    started, release = threading.Event(), threading.Event()
    called: list[object] = []

    def stubborn(_progress: Progress) -> None:
        started.set()
        release.wait(10)

    runner.run(stubborn, title="Stubborn", on_done=called.append)
    assert started.wait(3)
    assert not runner.close(timeout_ms=20)
    release.set()
    assert runner.close()
    qapp.processEvents()
    assert not called


@pytest.mark.parametrize("by_owner", [False, True])
def test_a_receiver_that_is_gone_is_not_called(runner: JobRunner, qtbot: QtBot, by_owner: bool) -> None:
    release = threading.Event()
    label = QLabel()
    called: list[str] = []
    callback = called.append if by_owner else label.setText
    runner.run(
        lambda _progress: release.wait(3) and "done", title="Read", on_done=callback, owner=label if by_owner else None
    )
    label.deleteLater()
    QApplication.sendPostedEvents(label)
    release.set()
    qtbot.waitUntil(lambda: not runner.busy, timeout=3000)
    assert not called


def test_signals_tell_the_life_of_a_job(runner: JobRunner, qtbot: QtBot) -> None:
    life: list[tuple[str, JobState]] = []
    runner.started.connect(lambda job: life.append(("started", job.state)))
    runner.finished.connect(lambda job: life.append(("finished", job.state)))
    job: Job = runner.run(lambda _progress: None, title="Read")
    assert job.state is JobState.WAITING
    qtbot.waitUntil(lambda: job.ended, timeout=3000)
    assert life == [("started", JobState.RUNNING), ("finished", JobState.DONE)]


@dataclass(frozen=True)
class Event:
    subject: str
    number: int


def post_from_threads(bridge: EventBridge, subjects: str, each: int) -> None:
    def post(subject: str) -> None:
        for number in range(each):
            bridge.post(Event(subject, number))

    threads = [threading.Thread(target=post, args=(subject,)) for subject in subjects]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_every_event_arrives_once_in_order_on_the_gui_thread(qtbot: QtBot) -> None:
    bridge = EventBridge()
    got: list[Event] = []
    threads: set[int] = set()
    bridge.received.connect(lambda event: (got.append(event), threads.add(threading.get_ident())))
    post_from_threads(bridge, "abc", 200)
    qtbot.waitUntil(lambda: len(got) == 600, timeout=3000)
    assert threads == {threading.get_ident()}
    for subject in "abc":
        assert [event.number for event in got if event.subject == subject] == list(range(200))


def test_events_of_one_key_become_the_newest(qtbot: QtBot) -> None:
    bridge = EventBridge(coalesce_ms=20, key=lambda event: event.subject)
    got: list[Event] = []
    bridge.received.connect(got.append)
    post_from_threads(bridge, "ab", 300)
    qtbot.waitUntil(lambda: len(got) >= 2, timeout=3000)
    assert sorted(got, key=lambda event: event.subject) == [Event("a", 299), Event("b", 299)]


def test_a_closed_bridge_is_silent(qapp: QApplication, qtbot: QtBot) -> None:
    bridge = EventBridge(parent=QObject(qapp))
    got: list[object] = []
    bridge.received.connect(got.append)
    bridge.post("before")
    bridge.close()
    bridge.post("after")
    qtbot.wait(20)
    assert not got


@pytest.mark.parametrize("ending", ["done", "failed", "cancelled"])
def test_a_job_that_ended_keeps_nothing_of_its_work(runner: JobRunner, qtbot: QtBot, ending: str) -> None:
    """Whoever keeps the job, and however many were run: a desk looks at its store once a second, for days."""

    class Needed:
        """What the work needs, a history of a million points."""

    kept: list[Job] = []
    needed: list[weakref.ref[Needed]] = []

    def work(_needed: Needed, progress: Progress) -> None:
        if ending == "failed":
            raise Refused(1)
        if ending == "cancelled":
            kept[-1].cancel()
            progress.raise_if_cancelled()

    for _ in range(3):
        what = Needed()
        needed.append(weakref.ref(what))
        with qtbot.waitSignal(runner.finished, timeout=3000):
            kept.append(runner.run(partial(work, what), title="Work", on_failed=lambda _error: None))
        del what
    qtbot.waitUntil(lambda: runner.at_rest, timeout=3000)
    gc.collect()
    assert [each() for each in needed] == [None, None, None]
