"""The job queue: rq on Redis or Valkey. A wake-up call, not a memory: what is to be done stands in the rows.

Jobs carry the name of a function of `phoneline.jobs` and nothing else, as JSON.
"""

from datetime import UTC, datetime, timedelta

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from rq import Queue, SimpleWorker
from rq.serializers import JSONSerializer

NAME = "phoneline"
SECONDS = 1.0
"""How long the queue server may take before it counts as away."""
JOB_SECONDS = 30
RESULT_SECONDS = 60
FAILURE_SECONDS = 24 * 3600
WORKER_SEEN_SECONDS = 60
WORKER_TTL = 30

QueueAway = RedisError


def connect(redis_url: str) -> Redis:
    """For sending: gives up quickly, tries once."""
    return Redis.from_url(
        redis_url, socket_timeout=SECONDS, socket_connect_timeout=SECONDS, retry=Retry(NoBackoff(), 0)
    )


def open_queue(connection: Redis) -> Queue:
    return Queue(NAME, connection=connection, serializer=JSONSerializer, default_timeout=JOB_SECONDS)


def send(queue: Queue, name: str) -> None:
    """Queue the function `phoneline.jobs.<name>`. QueueAway if the server can't be reached."""
    queue.enqueue_call(
        f"phoneline.jobs.{name}",
        description=name,
        result_ttl=RESULT_SECONDS,
        ttl=RESULT_SECONDS,
        failure_ttl=FAILURE_SECONDS,
    )


def workers_at_work(connection: Redis, wall_now: datetime) -> int:
    """How many workers gave a sign of life lately, by the wall clock that rq uses. QueueAway without a server."""
    since = wall_now - timedelta(seconds=WORKER_SEEN_SECONDS)
    workers = SimpleWorker.all(connection=connection, serializer=JSONSerializer)
    return sum(1 for worker in workers if worker.last_heartbeat and _utc(worker.last_heartbeat) >= since)


def _utc(at: datetime) -> datetime:
    return at if at.tzinfo else at.replace(tzinfo=UTC)
