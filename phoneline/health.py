"""What the line needs to work, and what of it is missing. Reasons name no host, number or person."""

from datetime import timedelta

from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from phoneline import clock
from phoneline import queue as job_queue
from phoneline.line import Line
from phoneline.migrate import at_head
from phoneline.models import Pulse

OK = "ok"
CLOCK_SEEN = timedelta(seconds=15)


def check(line: Line) -> dict[str, str]:
    """`database`, `queue`, `workers` and `clock`, each "ok" or the reason why not."""
    database, ticking = _database_and_clock(line)
    queue, workers = _queue_and_workers(line)
    return {"database": database, "queue": queue, "workers": workers, "clock": ticking}


def _database_and_clock(line: Line) -> tuple[str, str]:
    try:
        if not at_head(line.database):
            return "not migrated: run `phoneline db upgrade`", "unknown: the database is not migrated"
        with line.database.reading() as session:
            pulse = session.get(Pulse, "clock")
    except SQLAlchemyError as error:
        return f"can't be reached ({type(error).__name__})", "unknown: the database can't be reached"
    if pulse is None:
        return OK, "never seen: run `phoneline clock`"
    if line.now - pulse.at > CLOCK_SEEN:
        return OK, f"not seen since {pulse.at:%Y-%m-%dT%H:%M:%SZ}: run `phoneline clock`"
    return OK, OK


def _queue_and_workers(line: Line) -> tuple[str, str]:
    if line.settings.redis_url is None:
        return "REDIS_URL is missing", "unknown: there is no queue"
    try:
        connection = job_queue.connect(line.settings.redis_url)
        connection.ping()
        # Not the line's clock: rq dates its workers by the machine's.
        workers = job_queue.workers_at_work(connection, clock.machine_now())
    except RedisError as error:
        return f"can't be reached ({type(error).__name__})", "unknown: the queue can't be reached"
    return OK, OK if workers else "none at work: run `phoneline worker`"
