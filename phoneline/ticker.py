"""`phoneline clock`: once a second, finds in the rows what has become due. Any number may run."""

import signal
import threading
import types
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from phoneline import (
    alarm_ladder,
    alarms,
    checkin_layout,
    clock,
    due_callbacks,
    due_checkins,
    fetching_takes,
    jobs,
    rosters,
    texts,
    time_warnings,
)
from phoneline.db import Job, after_commit, insert_or_ignore
from phoneline.fetching import fetch_due
from phoneline.jobs import Messenger
from phoneline.line import Line, open_line
from phoneline.models import LEG_IS_PENDING, Leg, Pulse
from phoneline.settings import Settings
from phoneline.spend_watch import Watch
from phoneline.sweep import is_nudge_due, nudge_again, sweep

PULSE_SECONDS = 3
DATABASE_AWAY_SECONDS = 1
SHORTEST_PAUSE = 0.2
"""Our own seconds between two looks, however fast a simulated line's time goes: looking costs more than it finds."""
_UNCLAIMED = timedelta(seconds=2)
"""A leg that no worker has claimed for so long is dialled by the clock itself."""

log = structlog.get_logger()


def tick_forever(settings: Settings) -> int:
    """Tick until told to stop. 0 when it was."""
    stop = _stop_signals()
    line = open_line(settings)
    messenger = jobs.open_messenger(line)
    # A carrier that answers slowly must not hold up what is due, nor a long message what nothing was heard of.
    aside = [
        threading.Thread(target=_every_second, args=(stop, lambda: sweep(line)), name="sweep"),
        threading.Thread(target=_every_second, args=(stop, lambda: fetch_due(line)), name="messages"),
        threading.Thread(target=_every_second, args=(stop, lambda: fetching_takes.fetch_due(line)), name="takes"),
    ]
    for thread in aside:
        thread.start()
    try:
        _every_second(stop, *parts(line, messenger))
    finally:
        for thread in aside:
            thread.join()
        messenger.close()
        line.close()
    return 0


def _every_second(stop: threading.Event, *parts: Callable[[], None]) -> None:
    """Each part, again and again. What fails is told and tried again a second later; it stops nothing else."""
    while not stop.wait(max(clock.real_seconds(1.0), SHORTEST_PAUSE)):
        for part in parts:
            try:
                part()
            except SQLAlchemyError as error:
                # The database is away: one line says it, and there is nothing else to do for a while.
                log.error("tick_failed", kind=type(error).__name__)  # noqa: TRY400 - see above
                stop.wait(DATABASE_AWAY_SECONDS)
            except Exception:
                log.exception("tick_failed")


def parts(line: Line, messenger: Messenger) -> Sequence[Callable[[], None]]:
    watch = Watch()
    return (
        lambda: _lay_out(line),
        lambda: _find_due(line, messenger),
        lambda: _call_back(line),
        lambda: _nudge(line),
        lambda: _alarm(line),
        lambda: _text(line),
        lambda: _warn_of_time(line, messenger),
        lambda: _beat(line),
        lambda: watch.tick(line),
    )


def _stop_signals() -> threading.Event:
    stop = threading.Event()

    def on_signal(_number: int, _frame: types.FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, on_signal)
    return stop


def _lay_out(line: Line) -> None:
    """Shifts and check-ins for the time ahead."""
    now = line.now
    with line.database.reading() as session:
        due = rosters.is_lay_out_due(session, line.settings.timezone, now) or checkin_layout.is_lay_out_due(
            session, now
        )
    if due:
        with line.database.transaction() as session:
            rosters.lay_out_due(session, line.settings.timezone, now)
            checkin_layout.lay_out_due(session, line.settings.timezone, now)


def _find_due(line: Line, messenger: Messenger) -> None:
    now = line.now
    with line.database.reading() as session:
        if not due_checkins.anything_waits(session, now) and not _unclaimed(session, now):
            return
    live = line.live
    with line.database.transaction() as session:
        ready = due_checkins.hold_or_expire(session, live, line.settings.timezone, now)
        if ready:
            after_commit(session, Job("place_calls"))
        overdue = _unclaimed(session, now) or due_checkins.dialling_is_due(session, now - _UNCLAIMED)
    if overdue:
        messenger.dialler.wake()


def _unclaimed(session: Session, now: datetime) -> bool:
    pending = select(Leg.id).where(LEG_IS_PENDING, Leg.created_at <= now - _UNCLAIMED)
    return session.scalars(pending.limit(1)).first() is not None


def _call_back(line: Line) -> None:
    now = line.now
    with line.database.reading() as session:
        due = due_callbacks.anything_due(session, now)
    if due:
        live = line.live
        line.database.run(lambda session: due_callbacks.look(session, live, now))


def _nudge(line: Line) -> None:
    with line.database.reading() as session:
        due = is_nudge_due(session, line.now)
    if due:
        with line.database.transaction() as session:
            nudge_again(session, line.now)


def _alarm(line: Line) -> None:
    now, live = line.now, line.live
    with line.database.reading() as session:
        if not alarms.anything_to_find(session, live, now) and not alarm_ladder.anything_due(session, now):
            return
    with line.database.transaction() as session:
        alarms.find(session, live, now)
        alarm_ladder.take_due_steps(session, live, now)


def _text(line: Line) -> None:
    now = line.now
    with line.database.reading() as session:
        due = texts.anything_due(session, now)
    if due:
        with line.database.transaction() as session:
            texts.send_overdue(session, now)


def _warn_of_time(line: Line, messenger: Messenger) -> None:
    with line.database.reading() as session:
        due = time_warnings.due(session, line.settings.timezone, line.now)
    messenger.send([Job(time_warnings.WARN, call_id) for call_id in due])


def _beat(line: Line) -> None:
    """Leave a sign of life every few seconds."""
    now = line.now
    with line.database.reading() as session:
        last = session.get(Pulse, "clock")
    if last is None or last.at <= now - timedelta(seconds=PULSE_SECONDS) or last.at > now:
        with line.database.transaction() as session:
            if not insert_or_ignore(session, Pulse, name="clock", at=now):
                session.get_one(Pulse, "clock").at = now
