"""`phoneline clock`: once a second, finds in the rows what has become due. Any number may run."""

import signal
import threading
import types
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import structlog
from sqlalchemy import ColumnElement, Select, or_, select, update
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session

from phoneline import (
    alarm_ladder,
    alarms,
    charges,
    checkin_layout,
    clock,
    due_callbacks,
    due_checkins,
    due_cover_requests,
    due_escalations,
    due_letters,
    due_volunteer_checkins,
    erasing,
    fetching_takes,
    jobs,
    owners,
    reminders,
    retention,
    rosters,
    texts,
    time_warnings,
    unstaffed,
    what_failed,
)
from phoneline.db import Job, after_commit, changed, insert_or_ignore
from phoneline.fetching import fetch_due
from phoneline.jobs import Messenger
from phoneline.line import Line, open_line
from phoneline.live_settings import LiveSettings
from phoneline.models import LEG_IS_PENDING, Leg, Pulse
from phoneline.settings import Settings
from phoneline.spend_watch import Watch
from phoneline.sweep import is_nudge_due, nudge_again, sweep

BEAT = "clock"
PULSE_SECONDS = 3
DATABASE_AWAY_SECONDS = 1
SHORTEST_PAUSE = 0.2
"""Our own seconds between two looks, however fast a simulated line's time goes: looking costs more than it finds."""
ROUNDS = 20
"""So often a tick goes on with what has waited too long; the rest is for the next one."""
LAY_OUT_ROUNDS = 4
"""As for check-ins that are laid out, long before anybody needs them."""
_UNCLAIMED = timedelta(seconds=2)
"""A leg that no worker has claimed for so long is dialled by the clock itself."""

log = structlog.get_logger()


@dataclass(frozen=True)
class Part:
    """A piece of a tick. Its name stands in the logs."""

    name: str
    work: Callable[[], None]

    def __call__(self) -> None:
        self.work()


def tick_forever(settings: Settings) -> int:
    """Tick until told to stop. 0 when it was."""
    stop = _stop_signals()
    line = open_line(settings)
    messenger = jobs.open_messenger(line)
    # A carrier that answers slowly must not hold up what is due, nor a long message what nothing was heard of.
    prices = charges.Watch()
    alone = (
        Part("sweep", lambda: sweep(line)),
        Part("messages", lambda: fetch_due(line)),
        Part("takes", lambda: fetching_takes.fetch_due(line)),
        Part("prices", lambda: prices.tick(line)),
    )
    aside = [threading.Thread(target=_every_second, args=(stop, part), name=part.name) for part in alone]
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


def _every_second(stop: threading.Event, *parts: Part) -> None:
    """Each part, again and again. What fails is told and tried again a second later; it stops nothing else."""
    while not stop.wait(max(clock.real_seconds(1.0), SHORTEST_PAUSE)):
        for part in parts:
            try:
                part()
            except SQLAlchemyError as error:
                # Mostly the database is away: one line says it, and there is nothing else to do for a while.
                log.error("tick_failed", part=part.name, **what_failed.facts(error))  # noqa: TRY400 - see above
                stop.wait(DATABASE_AWAY_SECONDS)
            except Exception:
                log.exception("tick_failed", part=part.name)


def parts(line: Line, messenger: Messenger) -> Sequence[Part]:
    """What a tick does: one look at what is due, then each part that has something to do."""
    look, watch = Look(line), Watch()

    def when_due(name: str, work: Callable[[], None]) -> Part:
        return Part(name, lambda: work() if look.may_find(name) else None)

    return (
        Part("look", look.tick),
        when_due("lay_out", lambda: _lay_out(line)),
        when_due("dial", lambda: _find_due(line, messenger)),
        when_due("call_back", lambda: _in_one(line, due_callbacks.look)),
        when_due("volunteer_checkins", lambda: _in_one(line, due_volunteer_checkins.look)),
        when_due("escalate", lambda: _in_one(line, due_escalations.look)),
        when_due("nudge", lambda: _nudge(line)),
        when_due("own", lambda: _in_one(line, owners.look)),
        when_due("remind", lambda: _in_one(line, reminders.look)),
        when_due("unstaffed", lambda: _in_one(line, unstaffed.look)),
        when_due("alarm", lambda: _in_one(line, _find_and_tell)),
        when_due("cover", lambda: _cover(line)),
        when_due("letter", lambda: _in_one(line, due_letters.look)),
        when_due("text", lambda: _text(line)),
        when_due("erase", lambda: _erase(line)),
        when_due("purge", lambda: _purge(line)),
        when_due("warn", lambda: _warn_of_time(line, messenger)),
        when_due("beat", lambda: _beat(line)),
        Part("spending", lambda: watch.tick(line)),
    )


class Look:
    """Asks the database at once for everything that may be due: most ticks find nothing.

    A question that fails stops none of it: then every part does its work, whether there is any or not.
    """

    def __init__(self, line: Line) -> None:
        self._line = line
        self._found: Collection[str] | None = None

    def may_find(self, name: str) -> bool:
        """Whether that part may have something to do."""
        return self._found is None or name in self._found

    def tick(self) -> None:
        self._found = None
        due = self._due(self._line.live, self._line.now)
        try:
            with self._line.database.reading() as session:
                is_due = session.execute(select(*due.values())).one()
        except OperationalError:
            # The database is away, for all parts alike.
            self._found = ()
            raise
        self._found = [name for name, holds in zip(due, is_due, strict=True) if holds]

    def _due(self, live: LiveSettings, now: datetime) -> Mapping[str, ColumnElement[bool]]:
        zone = self._line.settings.timezone
        seen = select(Pulse).where(Pulse.name == BEAT, Pulse.at > now - timedelta(seconds=PULSE_SECONDS))
        return {
            "lay_out": or_(rosters.is_lay_out_due(zone, now), checkin_layout.is_lay_out_due(now)),
            "dial": or_(due_checkins.anything_waits(now), _unclaimed(now).exists()),
            "call_back": due_callbacks.is_anything_due(now),
            "volunteer_checkins": due_volunteer_checkins.is_anything_due(now),
            "escalate": due_escalations.is_anything_due(now),
            "nudge": is_nudge_due(now),
            "own": owners.is_anything_due(now),
            "remind": reminders.is_anything_due(now),
            "unstaffed": unstaffed.is_anything_due(now),
            "alarm": or_(alarms.is_anything_to_find(live, now), alarm_ladder.is_anything_due(now)),
            "cover": due_cover_requests.is_anything_due(now),
            "letter": due_letters.is_anything_due(live, now),
            "text": texts.is_anything_due(now),
            "erase": erasing.is_anything_due(now),
            "purge": retention.is_due(now),
            "warn": time_warnings.with_minutes().exists(),
            "beat": ~seen.where(Pulse.at <= now).exists(),
        }


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
    with line.database.transaction() as session:
        rosters.lay_out_due(session, line.settings.timezone, now)
    for _ in range(LAY_OUT_ROUNDS):
        with line.database.transaction() as session:
            if checkin_layout.lay_out_due(session, line.settings.timezone, now) < checkin_layout.MOST:
                break


def _find_due(line: Line, messenger: Messenger) -> None:
    now, live = line.now, line.live
    for _ in range(ROUNDS):
        if line.database.run(partial(_hold_or_expire, line=line, live=live, now=now)) < due_checkins.MOST:
            break
    with line.database.transaction() as session:
        if due_checkins.dialling_is_due(session, now):
            after_commit(session, Job("place_calls"))
        unclaimed = session.scalars(_unclaimed(now).limit(1)).first() is not None
        overdue = unclaimed or due_checkins.dialling_is_due(session, now - _UNCLAIMED)
    if overdue:
        messenger.dialler.wake()


def _hold_or_expire(session: Session, line: Line, live: LiveSettings, now: datetime) -> int:
    return due_checkins.hold_or_expire(session, live, line.settings.timezone, now)


def _unclaimed(now: datetime) -> Select[str]:
    return select(Leg.id).where(LEG_IS_PENDING, Leg.created_at <= now - _UNCLAIMED)


def _in_one(line: Line, look: Callable[[Session, LiveSettings, datetime], None]) -> None:
    """One look in one transaction, at one moment."""
    now, live = line.now, line.live
    line.database.run(lambda session: look(session, live, now))


def _nudge(line: Line) -> None:
    with line.database.transaction() as session:
        nudge_again(session, line.now)


def _find_and_tell(session: Session, live: LiveSettings, now: datetime) -> None:
    alarms.find(session, live, now)
    alarm_ladder.take_due_steps(session, live, now)


def _cover(line: Line) -> None:
    now, live = line.now, line.live
    with line.database.reading() as session:
        to_ask = due_cover_requests.whom_to_ask(session, live, now)
    line.database.run(lambda session: due_cover_requests.look(session, to_ask, live, now))


def _text(line: Line) -> None:
    with line.database.transaction() as session:
        texts.send_overdue(session, line.now)


def _erase(line: Line) -> None:
    now = line.now
    line.database.run(lambda session: erasing.look(session, now))


def _purge(line: Line) -> None:
    found = retention.look(line.database, line.live, line.now)
    if any(found.values()):
        log.info("forgotten", **found)


def _warn_of_time(line: Line, messenger: Messenger) -> None:
    with line.database.reading() as session:
        due = time_warnings.due(session, line.settings.timezone, line.now)
    messenger.send([Job(time_warnings.WARN, call_id) for call_id in due])


def _beat(line: Line) -> None:
    """Leave a sign of life every few seconds."""
    now = line.now
    with line.database.transaction() as session:
        if not changed(session, update(Pulse).where(Pulse.name == BEAT).values(at=now)):
            insert_or_ignore(session, Pulse, name=BEAT, at=now)
