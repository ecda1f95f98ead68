"""What follows from a commit: the functions that a worker runs from the queue, and those done at once on the spot.

Each looks at the rows again and stands down if the world has moved on.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import structlog
from sqlalchemy import select

from phoneline import announcing, leaving_messages, legs, machine_messages, texting, texts, time_warnings
from phoneline import queue as job_queue
from phoneline.carrier import CarrierError
from phoneline.db import Job
from phoneline.dialling import Dialler
from phoneline.line import Line
from phoneline.models import Call, Leg, Offer
from phoneline.states import CallState, LegPurpose, LegState

AT_ONCE = 16
TEXTS_AT_ONCE = 8
TOLD_FIRST = frozenset({LegPurpose.OFFER, LegPurpose.HANDOVER, LegPurpose.ESCALATION})
log = structlog.get_logger()


def end_leg(line: Line, leg_id: str) -> None:
    """Cancel or hang up a leg that nobody needs any more. Who has picked up to help is told so first."""
    with line.database.reading() as session:
        leg = session.get_one(Leg, leg_id)
    if leg.carrier_sid is None or leg.end_wanted_at is None or leg.state is LegState.ENDED:
        return
    if leg.purpose in TOLD_FIRST and leg.answered_at is not None:
        line.carrier.redirect(leg.carrier_sid, f"{line.settings.public_url}/webhooks/legs/{leg.token}/answered")
    else:
        line.carrier.end(leg.carrier_sid)


def nudge_call(line: Line, call_id: str) -> None:
    """Have the caller's leg ask at once what comes next, if it hasn't asked by itself."""
    with line.database.reading() as session:
        call = session.get_one(Call, call_id)
    if call.nudge_at is not None and call.carrier_sid is not None and call.state is not CallState.ENDED:
        line.carrier.redirect(call.carrier_sid, f"{line.settings.public_url}/webhooks/calls/{call.token}/next")


def nudge_volunteer(line: Line, offer_id: str) -> None:
    """Take a volunteer out of a room that the caller has left."""
    with line.database.reading() as session:
        offer = session.scalars(select(Offer).where(Offer.id == offer_id)).one()
    leg = offer.leg
    if offer.nudge_at is not None and leg.carrier_sid is not None and leg.state is not LegState.ENDED:
        line.carrier.redirect(leg.carrier_sid, f"{line.settings.public_url}/webhooks/offers/{leg.token}/stepped-out")


ON_THE_SPOT: dict[str, Callable[[Line, str], None]] = {
    "end_leg": end_leg,
    "nudge_call": nudge_call,
    "nudge_volunteer": nudge_volunteer,
    texts.SEND: texting.send,
    time_warnings.WARN: announcing.warn_of_time,
    machine_messages.LEAVE: leaving_messages.leave,
}
"""One request each that somebody waits for. If one is lost, the clock asks again, but for what is tried only once."""

_woken: list[Dialler] = []


def place_calls() -> None:
    """Run by a worker from the queue: place what is due."""
    for dialler in _woken:
        dialler.wake()


QUEUED = {"place_calls": place_calls}
"""The only functions that a worker runs."""


class Messenger:
    """Sends jobs after a commit, off the request's thread. Dials on the spot when the queue can't be reached."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="job")
        # Of their own: a carrier that is slow with texts must not hold up who waits on the telephone.
        self._texting = ThreadPoolExecutor(TEXTS_AT_ONCE, thread_name_prefix="text")
        self.dialler = Dialler(line)
        url = line.settings.redis_url
        self._queue = job_queue.open_queue(job_queue.connect(url)) if url else None

    def send(self, jobs: Sequence[Job]) -> None:
        for job in jobs:
            threads = self._texting if job.name == texts.SEND else self._threads
            threads.submit(self._do, job)

    def _do(self, job: Job) -> None:
        try:
            if job.name == legs.DIAL_HERE:
                self.dialler.wake()
            elif job.id is None:
                self._wake_worker(job.name)
            else:
                ON_THE_SPOT[job.name](self._line, job.id)
        except CarrierError as error:
            log.warning("carrier_request_failed", job=job.name, id=job.id, reason=str(error))
        except Exception:
            log.exception("job_failed", job=job.name, id=job.id)

    def _wake_worker(self, name: str) -> None:
        try:
            if self._queue is None:
                self.dialler.wake()
            else:
                job_queue.send(self._queue, name)
        except job_queue.QueueAway as error:
            log.warning("queue_away", reason=type(error).__name__)
            self.dialler.wake()

    def close(self) -> None:
        self._threads.shutdown(wait=True)
        self._texting.shutdown(wait=True)
        self.dialler.close()


def work_here(dialler: Dialler) -> None:
    """From now on `place_calls` wakes this process's dialler."""
    _woken[:] = [dialler]


def open_messenger(line: Line) -> Messenger:
    """Have the line's commits send their jobs."""
    messenger = Messenger(line)
    line.database.send_jobs = messenger.send
    return messenger
