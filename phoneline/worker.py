"""`phoneline worker`: takes wake-up calls from the queue and places calls."""

import logging

from redis import Redis
from rq import Queue, SimpleWorker
from rq.job import Job
from rq.serializers import JSONSerializer

from phoneline import jobs
from phoneline import queue as job_queue
from phoneline.line import open_line
from phoneline.settings import Settings


class Worker(SimpleWorker):
    """An rq worker that runs the listed functions and nothing else, in its own process: a job takes no time.

    Whoever can write to the queue server could otherwise have any function run.
    """

    def execute_job(self, job: Job, queue: Queue) -> None:
        if job.func_name not in {f"phoneline.jobs.{name}" for name in jobs.QUEUED}:
            self.log.error("job_not_listed")
            job.delete()
            return
        super().execute_job(job, queue)


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
    connection = Redis.from_url(redis_url)
    worker = Worker(
        [job_queue.open_queue(connection)],
        connection=connection,
        worker_ttl=job_queue.WORKER_TTL,
        maintenance_interval=30,
        log_job_description=False,
        serializer=JSONSerializer,
    )
    worker.work(logging_level=logging.getLevelName(logging.WARNING))
