"""Placing calls: take the line's turn and the most urgent work in one commit, dial once, commit what came of it.

Any number of processes and threads may do this at once. No database connection is held while the carrier is asked.
"""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from phoneline import (
    alarm_ladder,
    checkins,
    clock,
    countries,
    due_checkins,
    escalation_calls,
    handovers,
    legs,
    machine_messages,
    offers,
    pace,
    progress,
)
from phoneline.carrier import BusyError, CarrierError, Dial, RefusedError
from phoneline.line import Line
from phoneline.live_settings import LiveSettings
from phoneline.models import LEG_IS_PENDING, Leg
from phoneline.states import CallState, LegPurpose

AT_ONCE = 32
"""So many dials may wait for the carrier's answer at once; one that hangs holds up nobody else."""

MACHINES_TOLD_APART = frozenset({LegPurpose.CHECKIN})
"""Legs of which the carrier is to say whether a machine answered."""

log = structlog.get_logger()


@dataclass(frozen=True)
class Taken:
    leg_id: str
    dial: Dial


class Dialler:
    """Places what is due whenever it is woken, on threads of its own. One for each process."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="dial")
        self._woken = threading.Event()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None
        self._closing = threading.Event()

    def wake(self) -> None:
        """There may be calls to place. Returns at once."""
        self._woken.set()
        with self._starting:
            if self._thread is None and not self._closing.is_set():
                self._thread = threading.Thread(target=self._run, name="dialler", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while self._awaken():
            try:
                while self._step():
                    pass
            except Exception:
                # What was due is still in the rows: the clock wakes us again within a second.
                log.exception("dialling_failed")

    def _awaken(self) -> bool:
        """Sleep until woken. False when it is for the end."""
        self._woken.wait()
        self._woken.clear()
        return not self._closing.is_set()

    def _step(self) -> bool:
        """One look: dial, wait for the turn, or False when nothing is due."""
        if self._closing.is_set():
            return False
        now = self._line.now
        taken = _take(self._line, now)
        if isinstance(taken, Taken):
            self._pool.submit(_dial, self._line, taken)
            return True
        if taken is None:
            return False
        clock.sleep((taken - now).total_seconds())
        return True

    def close(self) -> None:
        """Begin nothing new and wait for the dials under way."""
        self._closing.set()
        self._woken.set()
        self._pool.shutdown(wait=True)


def _work_is_due(session: Session, now: datetime) -> bool:
    return _next_leg(session) is not None or due_checkins.dialling_is_due(session, now)


def _next_leg(session: Session) -> Leg | None:
    return session.scalars(
        select(Leg)
        .where(LEG_IS_PENDING)
        .order_by(Leg.priority, Leg.created_at)
        .limit(1)
        .with_for_update(skip_locked=True, key_share=True)
        .execution_options(populate_existing=True)
    ).first()


def _take(line: Line, now: datetime) -> Taken | datetime | None:
    """Work that is now ours to dial; or the instant of the next turn; or None when nothing is due."""
    with line.database.reading() as session:
        if not _work_is_due(session, now):
            return None
    return line.database.run(lambda session: _take_turn(session, line, now))


def _take_turn(session: Session, line: Line, now: datetime) -> Taken | datetime | None:
    live = line.live
    wait_until = pace.take_turn(session, line.settings.account_sid, live.calls_per_second, now)
    if wait_until is not None:
        return wait_until
    withdrawn = _withdraw_unwanted(session, live, now)
    leg = _claim(session, line, live, now)
    if leg is not None and not _may_be_rung(leg, live):
        progress.refused(session, leg, live, now)
        return now
    if leg is not None:
        return Taken(leg.id, _dial_of(session, line, leg))
    if not withdrawn:
        # Nothing after all: the turn goes back.
        session.rollback()
    return None


def _withdraw_unwanted(session: Session, live: LiveSettings, now: datetime) -> bool:
    """Give up what comes next as long as it isn't wanted any more. Whoever is asked instead may come next then."""
    withdrawn = False
    while (leg := _next_leg(session)) is not None and not _still_wanted(session, leg, now):
        progress.withdrawn(session, leg, live, now)
        session.flush()
        withdrawn = True
    return withdrawn


def _claim(session: Session, line: Line, live: LiveSettings, now: datetime) -> Leg | None:
    leg = _next_leg(session)
    if leg is None:
        return due_checkins.begin_attempt(session, live, line.settings.timezone, now)
    legs.begin_dialling(leg, now)
    return leg


def _may_be_rung(leg: Leg, live: LiveSettings) -> bool:
    """Whether its number is of a country that may be rung. The fallback number stands in the environment: it may."""
    return leg.number == live.home.fallback_number or countries.may_be_rung(leg.number, live.countries)


def _still_wanted(session: Session, leg: Leg, now: datetime) -> bool:  # noqa: PLR0911 - one for each purpose
    """Whether a leg that waited its turn is still to be dialled."""
    match leg.purpose:
        case LegPurpose.OFFER:
            return offers.still_wanted(session, offers.of_leg(session, leg), now)
        case LegPurpose.HANDOVER:
            return handovers.is_wanted(handovers.of_leg(session, leg))
        case LegPurpose.CALLBACK:
            return progress.call_of(session, leg).state is CallState.RINGING
        case LegPurpose.CHECKIN:
            # For a volunteer who waits: others are dialled as they are written down.
            return checkins.still_rung_for(session, progress.call_of(session, leg))
        case LegPurpose.ALARM:
            return alarm_ladder.is_wanted(session, leg)
        case LegPurpose.ESCALATION:
            return escalation_calls.is_wanted(session, leg)
        case _:
            return False


def _dial_of(session: Session, line: Line, leg: Leg) -> Dial:
    def url(*parts: str) -> str:
        return "/".join([line.settings.public_url, "webhooks/legs", leg.token, *parts])

    return Dial(
        number=leg.number,
        url=url("answered"),
        fallback_url=f"{line.settings.public_url}/webhooks/legs/fallback",
        status_url=url("status"),
        ring_seconds=leg.ring_seconds,
        digits=leg.digits,
        # The carrier doesn't tell machines apart where it keys an extension.
        machine_url=url("machine") if leg.purpose in MACHINES_TOLD_APART and not leg.digits else None,
        until_greeting_ends=machine_messages.may_be_left(session, leg, line.live),
    )


def _dial(line: Line, taken: Taken) -> None:
    try:
        _dial_once(line, taken)
    except Exception:
        # The leg stays `dialling` and is never dialled again; the sweep finds out what became of it.
        log.exception("dial_not_written_down", leg=taken.leg_id)


def _dial_once(line: Line, taken: Taken) -> None:
    """Ask the carrier once, and write down what it said."""
    sid = ""
    failure: CarrierError | None = None
    try:
        sid = line.carrier.dial(taken.dial)
    except CarrierError as error:
        log.warning("dial_failed", leg=taken.leg_id, kind=type(error).__name__, reason=str(error))
        failure = error
    now, live = line.now, line.live
    line.database.run(lambda session: _write_down(session, taken.leg_id, sid, failure, live, now))


def _write_down(
    session: Session, leg_id: str, sid: str, failure: CarrierError | None, live: LiveSettings, now: datetime
) -> None:
    leg = session.get_one(Leg, leg_id)
    match failure:
        case None:
            progress.placed(session, leg, sid, now)
        case RefusedError():
            progress.refused(session, leg, live, now)
        case BusyError():
            progress.not_reached(session, leg, live, now)
        case _:
            progress.unclear(session, leg, now)
