import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from phoneline import clock, jobs, worker
from phoneline.queue import connect, open_queue, send, workers_at_work
from phoneline.queue_server import QueueServer


class Dialler:
    """Takes the queue away in the middle of its first job, and has the worker stop in its second."""

    def __init__(self, server: QueueServer) -> None:
        self._server = server
        self.woken = 0
        self.went_away = threading.Event()

    def wake(self) -> None:
        self.woken += 1
        if self.woken == 1:
            self._server.stop()
            self.went_away.set()
        else:
            os.kill(os.getpid(), signal.SIGTERM)


@pytest.fixture
def own_signals() -> Iterator[None]:
    """rq's worker takes this process's signals."""
    before = {wanted: signal.getsignal(wanted) for wanted in (signal.SIGTERM, signal.SIGINT)}
    yield
    for wanted, handler in before.items():
        signal.signal(wanted, handler)


@pytest.mark.usefixtures("own_signals")
def test_a_worker_whose_queue_went_away_in_the_middle_of_a_job_works_on(tmp_path: Path) -> None:
    server = QueueServer(tmp_path / "queue")
    server.start()
    dialler = Dialler(server)
    jobs.work_here(dialler)  # type: ignore[arg-type] # only ever woken
    with connect(server.url) as connection:
        send(open_queue(connection), "place_calls")

    def come_back() -> None:
        dialler.went_away.wait(30)
        server.start()
        with connect(server.url) as again:
            send(open_queue(again), "place_calls")
        over.wait(60)  # the server ends with the thread that started it

    over = threading.Event()
    comes_back = threading.Thread(target=come_back)
    comes_back.start()
    worker._listen(server.url)
    over.set()
    comes_back.join()
    server.stop()
    assert dialler.woken >= 2


def test_a_worker_is_known_again_after_its_queue_was_emptied(tmp_path: Path) -> None:
    with QueueServer(tmp_path / "queue") as server, connect(server.url) as connection:
        at_work = worker._new_worker(connection, threading.Event())
        at_work.register_birth()  # type: ignore[no-untyped-call] # rq annotates most, not this
        connection.flushall()
        assert workers_at_work(connection, clock.machine_now()) == 0
        at_work.heartbeat()
        assert workers_at_work(connection, clock.machine_now()) == 1
