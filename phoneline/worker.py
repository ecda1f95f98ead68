"""`phoneline worker`: takes wake-up calls from the queue and places calls."""

import logging
import threading
from types import FrameType

import structlog
from redis import Redis
from redis.client import Pipeline
from rq import Queue, SimpleWorker
from rq.exceptions import StopRequested
from rq.job import Job
from rq.serializers import JSONSerializer
from rq.worker_registration import register

from phoneline import jobs
from phoneline import queue as job_queue
from phoneline.line import open_line
from phoneline.settings import Settings

AWAY_SECONDS = 1.0
"""Between two attempts to find the queue again. The clock dials meanwhile."""

log = structlog.get_logger()


class Worker(SimpleWorker):
    """An rq worker that runs the listed functions and nothing else, in its own process: a job takes no time.

    Whoever can write to the queue server could otherwise have any function run.
    """

    told_to_stop: threading.Event

    def execute_job(self, job: Job, queue: Queue) -> None:
        if job.func_name not in {f"phoneline.jobs.{name}" for name in jobs.QUEUED}:
            self.log.error("job_not_listed")
            job.delete()
            return
        super().execute_job(job, queue)

    def heartbeat(self, timeout: int | None = None, pipeline: Pipeline | None = None) -> None:
        """Also makes itself known anew: a queue server that was emptied has forgotten its workers."""
        super().heartbeat(timeout, pipeline)
        register(self, pipeline)

    def request_stop(self, signum: int, frame: FrameType | None) -> None:
        self.told_to_stop.set()
        super().request_stop(signum, frame)  # type: ignore[no-untyped-call] # rq annotates most, not this


def work(settings: Settings) -> int:
    """Work until told to stop. 0 when it was."""
    line = open_line(settings)
    messenger = jobs.open_messenger(line)
    jobs.work_here(messenger.dialler)
    # Whatever came due while nobody worked.
    messenger.dialler.wake()
    try:
        _listen(settings.redis_url or "")
    finally:
        messenger.close()
        line.close()
    return 0


def _listen(redis_url: str) -> None:
    """Until told to stop. An rq worker gives up if the queue goes away in the middle of a job: then another begins."""
    connection = Redis.from_url(redis_url)
    told_to_stop = threading.Event()
    while not told_to_stop.is_set():
        try:
            _new_worker(connection, told_to_stop).work(logging_level=logging.getLevelName(logging.WARNING))
            told_to_stop.wait(AWAY_SECONDS)
        except StopRequested:
            return
        except job_queue.QueueAway as error:
            log.warning("queue_away", reason=type(error).__name__)
            told_to_stop.wait(AWAY_SECONDS)


def _new_worker(connection: Redis, told_to_stop: threading.Event) -> Worker:
    worker = Worker(
        [job_queue.open_queue(connection)],
        connection=connection,
        worker_ttl=job_queue.WORKER_TTL,
        maintenance_interval=30,
        log_job_description=False,
        serializer=JSONSerializer,
    )
    worker.told_to_stop = told_to_stop
    return worker
