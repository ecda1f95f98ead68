"""Placing calls: claim the most urgent work and the line's turn in one commit, dial once, commit what came of it.

The turn lies a little ahead; the carrier is asked at that instant, so that calls go out evenly and none too soon.
Any number of processes and threads may do this at once. No database connection is held while the carrier is asked.
"""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

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
    practice,
    progress,
    reminders,
)
from phoneline.carrier import BusyError, CarrierError, Dial, RefusedError
from phoneline.line import Line
from phoneline.live_settings import LiveSettings
from phoneline.models import LEG_IS_PENDING, Leg
from phoneline.states import CallState, LegPurpose, LegState

AT_ONCE = 64
"""So many dials may wait for their turn or the carrier's answer at once; one that hangs holds up nobody else."""
AHEAD = timedelta(seconds=clock.line_seconds(0.15))
"""A turn is taken so long before it: what is still to be done in the database takes less."""
TOGETHER = timedelta(seconds=clock.line_seconds(0.07))
"""So long is waited for several turns to be near: claiming what they are for in one commit costs less."""
MOST_TOGETHER = 8
SOON = timedelta(seconds=clock.line_seconds(0.02))
"""A turn lies at least so far ahead: what is left to do before it is a commit."""
LATE = timedelta(seconds=clock.line_seconds(0.01))
"""Who is later for a turn has missed it, and says so before they go on: others go by it."""

LOOK_AGAIN = timedelta(seconds=clock.line_seconds(0.05))

MACHINES_TOLD_APART = frozenset({LegPurpose.CHECKIN})
"""Legs of which the carrier is to say whether a machine answered."""

log = structlog.get_logger()


@dataclass(frozen=True)
class Taken:
    leg_id: str
    dial: Dial
    turn: datetime


class _TooSoonError(Exception):
    """The next turn is too far ahead: nothing was claimed."""

    def __init__(self, turn: datetime) -> None:
        super().__init__()
        self.turn = turn


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
        taken = _take(self._line)
        if taken is None:
            return False
        if isinstance(taken, datetime):
            _sleep_until(self._line, taken)
        else:
            for one in taken:
                self._pool.submit(_dial, self._line, one)
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


def _sleep_until(line: Line, instant: datetime) -> None:
    clock.sleep((instant - line.now).total_seconds())


def _take(line: Line) -> Sequence[Taken] | datetime | None:
    """Work that is now ours to dial; or the instant to look again; or None when nothing is due."""
    now = line.now
    with line.database.reading() as session:
        if not _work_is_due(session, now):
            return None
        turn = pace.planned_turn(session, line.settings.account_sid, line.live.calls_per_second, now, AHEAD)
    if turn > now + AHEAD:
        return turn - AHEAD + TOGETHER
    try:
        return line.database.run(partial(_claim_with_turns, line=line))
    except _TooSoonError as error:
        return error.turn - AHEAD + TOGETHER


def _claim_with_turns(session: Session, line: Line) -> Sequence[Taken] | datetime | None:
    """What is due for all turns that are near, so that one commit serves several calls.

    Whoever claims holds the pace: two who claimed at once would both ring a telephone that two people share.
    """
    live, now = line.live, line.now
    pace.hold(session, line.settings.account_sid, now)
    claimed: list[tuple[Leg, Dial]] = []
    for _ in range(_turns_near(session, line, live, now)):
        leg = _claim(session, line, live, now)
        if leg is None:
            break
        if _may_be_rung(leg, live):
            claimed.append((leg, _dial_of(session, line, leg)))
            # It doesn't count before it has its turn.
            leg.dialled_at = None
        else:
            progress.refused(session, leg, live, now)
    if not claimed:
        # What came first was not to be dialled now, or somebody else has it in hand. Is there more?
        return now + LOOK_AGAIN if _work_is_due(session, now) else None
    return [_with_turn(session, line, live, *one, ahead=AHEAD * (10 * n or 1)) for n, one in enumerate(claimed)]


def _turns_near(session: Session, line: Line, live: LiveSettings, now: datetime) -> int:
    rate = live.calls_per_second
    turn = pace.planned_turn(session, line.settings.account_sid, rate, now, AHEAD)
    near = (now + AHEAD - max(now, turn)) // pace.interval(rate) + 1
    return min(MOST_TOGETHER, max(1, near))


def _with_turn(session: Session, line: Line, live: LiveSettings, leg: Leg, dial: Dial, *, ahead: timedelta) -> Taken:
    soon, account = line.now + SOON, line.settings.account_sid
    turn = pace.take_turn(session, account, live.calls_per_second, soon, ahead, leg.id)
    if turn is None:
        raise _TooSoonError(pace.next_turn(session, account, live.calls_per_second, soon, AHEAD))
    leg.dialled_at = turn
    return Taken(leg.id, dial, turn)


def _claim(session: Session, line: Line, live: LiveSettings, now: datetime) -> Leg | None:
    """What is most urgent, as being dialled. What comes first and isn't wanted any more is given up."""
    while (leg := _next_leg(session)) is not None:
        if _still_wanted(session, leg, now):
            legs.begin_dialling(leg, now)
            return leg
        progress.withdrawn(session, leg, live, now)
        session.flush()
    return due_checkins.begin_attempt(session, live, line.settings.timezone, now)


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
        case LegPurpose.REMINDER:
            return reminders.is_wanted(session, leg, now)
        case LegPurpose.PRACTICE:
            return practice.is_wanted(session, leg)
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
    """Ask the carrier once, when it is time, and write down what it said."""
    sid = ""
    failure: CarrierError | None = None
    if not _await_turn(line, taken):
        return
    dialled_at = line.now
    try:
        sid = line.carrier.dial(taken.dial)
    except CarrierError as error:
        log.warning("dial_failed", leg=taken.leg_id, kind=type(error).__name__, reason=str(error))
        failure = error
    work = partial(_write_down, leg_id=taken.leg_id, sid=sid, failure=failure, dialled_at=dialled_at, line=line)
    line.database.run(work)


def _await_turn(line: Line, taken: Taken) -> bool:
    """Wait for the turn, or for another one if that was missed. False if the leg was given up meanwhile.

    So a process that stood still for long, and finds that others have gone on without it, rings nobody.
    """
    turn: datetime | None = taken.turn
    soon, late = SOON, LATE
    while turn is not None:
        _sleep_until(line, turn)
        if line.now <= turn + late:
            return True
        turn = line.database.run(partial(_take_another, line=line, leg_id=taken.leg_id, soon=soon))
        # On a machine that is too busy to be punctual nobody must wait for ever.
        soon, late = 2 * soon, 2 * late
    return False


def _take_another(session: Session, line: Line, leg_id: str, soon: timedelta) -> datetime | None:
    """Another turn for a leg that is still to be dialled; None if it isn't, or if it isn't wanted any more."""
    leg = session.get_one(Leg, leg_id, with_for_update={"of": Leg, "key_share": True})
    if leg.end_wanted_at is not None:
        progress.called_off(session, leg, line.live, line.now)
    if leg.state is not LegState.DIALLING:
        return None
    account, rate = line.settings.account_sid, line.live.calls_per_second
    leg.dialled_at = pace.take_another(session, account, rate, line.now + soon, leg_id)
    return leg.dialled_at


def _write_down(
    session: Session, leg_id: str, sid: str, failure: CarrierError | None, dialled_at: datetime, line: Line
) -> None:
    live, now = line.live, line.now
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
    # To the millisecond: the pace goes by it.
    leg.dialled_at = dialled_at
