"""The pace of all dials: never more in any second than allowed, and close to it when there is work."""

import heapq
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import count
from math import ceil

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from phoneline import clock, pace
from phoneline.db import Database
from phoneline.dialling import AHEAD, LATE, SOON, Taken, _dial_of, _dial_once
from phoneline.line import Line
from phoneline.live_settings import LiveSettingsCache
from phoneline.models import Leg
from phoneline.states import LegEnd, LegState, Role
from tests import factories
from tests.databases import Databases
from tests.webhooks.carrier import Records
from tests.webhooks.carrier import settings as line_settings

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
ACCOUNT = "AC"
MILLISECOND = timedelta(milliseconds=1)
delays = st.lists(st.sampled_from([0, 0, 0, 1, 3, 9, 12, 40, 130, 400, 1200]), min_size=25, max_size=45)


class Diallers:
    """Several processes' dials on one line, each as late as told, in the order in which things happen."""

    def __init__(self, session: Session, rate: float) -> None:
        self._session = session
        self._rate = rate
        self._serial = count()
        self._events: list[tuple[datetime, int, Leg | None]] = []
        self.sent: list[datetime] = []

    def run(self, delays: list[int], processes: int = 3) -> list[datetime]:
        """When each call went out. Each delay holds up the next thing that is done by so many milliseconds."""
        late = iter(delays)
        for _ in range(processes):
            self._at(NOW, None)
        while self._events:
            at, _, leg = heapq.heappop(self._events)
            now = at + next(late, 0) * MILLISECOND
            if leg is not None:
                self._send(leg, now)
            elif len(self.sent) + len(self._events) - processes < len(delays):
                self._take(now)
        return sorted(self.sent)

    def _at(self, at: datetime, leg: Leg | None) -> None:
        heapq.heappush(self._events, (at, next(self._serial), leg))

    def _take(self, now: datetime) -> None:
        leg = factories.leg(self._session, now, state=LegState.DIALLING)
        turn = pace.take_turn(self._session, ACCOUNT, self._rate, now + SOON, AHEAD, leg.id)
        if turn is None:
            self._session.delete(leg)
            free = pace.next_turn(self._session, ACCOUNT, self._rate, now, AHEAD)
            self._at(max(now + MILLISECOND, free - AHEAD), None)
        else:
            leg.dialled_at = turn
            self._at(turn, leg)
            self._at(now, None)

    def _send(self, leg: Leg, now: datetime) -> None:
        assert leg.dialled_at is not None
        if now > leg.dialled_at + LATE:
            leg.dialled_at = pace.take_another(self._session, ACCOUNT, self._rate, now + SOON, leg.id)
            self._at(leg.dialled_at, leg)
        else:
            leg.dialled_at = now
            self.sent.append(now)


def most_within(sent: list[datetime], window: timedelta) -> int:
    return max(sum(at <= other < at + window for other in sent) for at in sent)


@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(delays, st.sampled_from([0.5, 1, 2.5, 10, 50]))
@example([0, 0, 900, 0, 0, 900, 0, 0, 0, 900, 900, 900, 0, 0, 0, 900, *[0] * 7, *[900] * 5, 0, 0, 0], 1)
def test_no_second_has_more_calls_than_allowed_however_late_anybody_is(
    databases: Databases, delays: list[int], rate: float
) -> None:
    with databases.opened("sqlite") as database, database.transaction() as session:
        sent = Diallers(session, rate).run(delays)
        session.rollback()
    window = ceil(rate) / rate * timedelta(seconds=1)
    # Who is a little late is not told of; the margin is for that.
    assert most_within(sent, window - max(timedelta(), LATE - (pace.LEAST_MARGIN - 1) * window)) <= ceil(rate)


@pytest.mark.parametrize("rate", [1, 10, 50])
def test_with_enough_to_do_the_allowed_rate_is_nearly_used(databases: Databases, rate: int) -> None:
    """Each step is up to 8 ms late, now and then one far more: what was missed is made up for."""
    calls = 20 + 3 * rate
    delays = [(7 * n) % 9 if n % 40 else 200 for n in range(3 * calls)][: 2 * calls]
    with databases.opened("sqlite") as database, database.transaction() as session:
        sent = Diallers(session, rate).run(delays)[:calls]
        session.rollback()
    used = (len(sent) - 1) / (sent[-1] - sent[0]).total_seconds() / rate
    assert 0.98 <= used <= 1


def test_an_idle_line_dials_at_once_and_then_keeps_the_distance(database: Database) -> None:
    with database.transaction() as session:
        one, other = (factories.leg(session, NOW, state=LegState.DIALLING) for _ in range(2))
        one.dialled_at = pace.take_turn(session, ACCOUNT, 1, NOW, AHEAD, one.id)
        assert one.dialled_at == NOW
        assert pace.take_turn(session, ACCOUNT, 1, NOW, AHEAD, other.id) is None
        free = pace.next_turn(session, ACCOUNT, 1, NOW, AHEAD)
        assert free == NOW + pace.interval(1)
        assert pace.take_turn(session, ACCOUNT, 1, free - AHEAD, AHEAD, other.id) == free


def test_a_rate_that_was_raised_holds_at_once(database: Database) -> None:
    with database.transaction() as session:
        one, other = (factories.leg(session, NOW, state=LegState.DIALLING) for _ in range(2))
        one.dialled_at = pace.take_turn(session, ACCOUNT, 0.01, NOW, AHEAD, one.id)
        later = NOW + timedelta(seconds=3)
        assert pace.take_turn(session, ACCOUNT, 1, later, AHEAD, other.id) == later


def test_who_takes_turns_at_once_takes_different_ones(database: Database) -> None:
    def take(_: int) -> datetime:
        while True:
            with database.transaction() as session:
                leg = factories.leg(session, NOW, state=LegState.DIALLING)
                turn = pace.take_turn(session, ACCOUNT, 50, clock.now(), AHEAD, leg.id)
                if turn is not None:
                    leg.dialled_at = turn
                    return turn
                session.rollback()
            clock.sleep(0.01)

    with ThreadPoolExecutor(6) as threads:
        turns = sorted(threads.map(take, range(60)))
    assert len(set(turns)) == 60
    assert most_within(turns, timedelta(seconds=1)) <= 50


def test_a_process_that_stood_still_rings_nobody_whose_leg_was_given_up(database: Database) -> None:
    """It wrote down that it is about to dial, and wakes up when others have long settled what became of that."""
    records = Records()
    line = Line(line_settings(_url(database)), database, records, LiveSettingsCache(database))
    with database.transaction() as session:
        before = clock.now() - timedelta(minutes=5)
        kept, gone, unwanted = (_about_to_be_dialled(session, before) for _ in range(3))
        gone.state, gone.end, gone.ended_at = LegState.ENDED, LegEnd.FAILED, clock.now()
        unwanted.end_wanted_at = before
        taken = [Taken(leg.id, _dial_of(session, line, leg), before) for leg in (kept, gone, unwanted)]
    for one in taken:
        _dial_once(line, one)
    assert records.asked == [("dial", kept.number)]
    with database.reading() as session:
        leg = session.get_one(Leg, unwanted.id)
        assert (leg.state, leg.end, leg.dialled_at) == (LegState.ENDED, LegEnd.CANCELLED, None)


def test_when_the_carrier_was_really_asked_is_written_down(database: Database) -> None:
    line = Line(line_settings(_url(database)), database, Records(), LiveSettingsCache(database))
    with database.transaction() as session:
        turn = clock.now() + timedelta(seconds=0.3)
        leg = _about_to_be_dialled(session, turn)
        taken = Taken(leg.id, _dial_of(session, line, leg), turn)
    _dial_once(line, taken)
    with database.reading() as session:
        dialled_at = session.scalars(select(Leg.dialled_at).where(Leg.id == leg.id)).one()
    assert dialled_at is not None
    assert turn < dialled_at <= clock.now()


def _url(database: Database) -> str:
    return database.engine.url.render_as_string(hide_password=False)


def _about_to_be_dialled(session: Session, turn: datetime) -> Leg:
    """A volunteer's leg."""
    call, volunteer = factories.call(session, NOW), factories.person(session, Role.VOLUNTEER, now=NOW)
    number = volunteer.numbers[0].number
    leg = factories.leg(session, NOW, state=LegState.DIALLING, dialled_at=turn, number=number)
    factories.offer(session, call, volunteer, NOW).leg_id = leg.id
    return leg
