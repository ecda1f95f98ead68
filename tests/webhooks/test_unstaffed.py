"""A stretch that is about to begin with nobody on shift finds a coordinator in time, and nobody's sleep."""

import threading
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import select

from phoneline import alarm_ladder, alarms, cover_needs, legs, pauses, progress, unstaffed
from phoneline.db import Database
from phoneline.hours import closed_days
from phoneline.live_settings import LiveSettings
from phoneline.models import Alarm, CoverNeed, Leg, ShiftHours, TextOut
from phoneline.prompts import catalogue
from phoneline.states import AlarmKind, AlarmState, LegEnd, LegState, Role
from tests import factories
from tests.webhooks.carrier import Carrier
from tests.webhooks.twiml import Twiml

LIVE = LiveSettings()
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def friday(clock: str, day: int = 20) -> datetime:
    """In Toronto; the 20th is a Friday."""
    return datetime.fromisoformat(f"2026-11-{day}T{clock}").replace(tzinfo=factories.TORONTO).astimezone(UTC)


class Roster:
    """Two coordinators, a volunteer, the need for one person from six to ten every evening, and the clock."""

    def __init__(self, database: Database) -> None:
        self.database, self.live = database, LIVE
        with database.transaction() as session:
            self.coordinators = [
                factories.person(session, Role.COORDINATOR, now=friday("08:00") + one * MINUTE).id for one in range(2)
            ]
            self.volunteer = factories.person(session, Role.VOLUNTEER, now=friday("08:00")).id
            self.need = factories.cover_need(session, friday("08:00"), starts=time(18), ends=time(22)).id

    def tick(self, at: datetime) -> None:
        """What two clocks do at that moment."""
        for _ in range(2):
            self.database.run(lambda session: unstaffed.look(session, self.live, at))
            self.database.run(lambda session: alarms.find(session, self.live, at))
            self.database.run(lambda session: alarm_ladder.take_due_steps(session, self.live, at))

    def on(self, starts_at: datetime, ends_at: datetime) -> None:
        with self.database.transaction() as session:
            session.add(ShiftHours(person_id=self.volunteer, tier=1, starts_at=starts_at, ends_at=ends_at))

    def alarms(self) -> list[tuple[AlarmKind, AlarmState]]:
        with self.database.reading() as session:
            return [(one.kind, one.state) for one in session.scalars(select(Alarm).order_by(Alarm.raised_at))]

    def states(self) -> list[AlarmState]:
        return [state for _, state in self.alarms()]

    def texts(self) -> list[tuple[str | None, str]]:
        with self.database.reading() as session:
            return [(one.person_id, one.body) for one in session.scalars(select(TextOut).order_by(TextOut.created_at))]

    def called(self) -> list[str]:
        with self.database.reading() as session:
            found = session.scalars(select(Alarm)).one().tellings
            return [one.person_id for one in found if one.leg_id is not None]

    def placed(self, at: datetime) -> Leg:
        with self.database.transaction() as session:
            leg = session.scalars(select(Leg).where(Leg.state == LegState.PENDING)).one()
            legs.begin_dialling(leg, at)
            progress.placed(session, leg, f"CA{leg.token.replace('-', ''):0>32}"[:34], at)
            return leg

    def missed(self, at: datetime) -> None:
        """The call that goes out is not answered."""
        leg = self.placed(at)
        with self.database.transaction() as session:
            row = session.get_one(Leg, leg.id)
            progress._over(session, row, LegEnd.NO_ANSWER, self.live, at, at)  # the same as by a callback

    def press_1(self, carrier: Carrier, at: datetime) -> Twiml:
        leg = self.placed(at)
        return carrier.ask(f"/webhooks/alarms/{leg.token}/key/1", str(leg.carrier_sid), Digits="1")


@pytest.fixture
def roster(database: Database) -> Roster:
    return Roster(database)


def test_a_text_three_hours_before_a_call_within_the_hour_and_over_when_somebody_is_on(roster: Roster) -> None:
    first, second = roster.coordinators
    roster.tick(friday("14:59"))
    assert roster.alarms() == []
    roster.tick(friday("15:00"))
    assert roster.alarms() == [(AlarmKind.UNSTAFFED, AlarmState.OPEN)]
    told = catalogue("en")["alarm_text_unstaffed"].format(when="today at 6 PM")
    assert roster.texts() == [(first, told)]
    for at in ("15:30", "16:59"):
        roster.tick(friday(at))
    assert (roster.called(), len(roster.texts())) == ([], 1), "nobody is called while there is time"
    roster.tick(friday("17:00"))
    assert roster.called() == [first]
    roster.missed(friday("17:01"))
    roster.tick(friday("17:01"))
    assert roster.called() == [first, second]
    assert [who for who, _ in roster.texts()] == [first, second]
    roster.missed(friday("17:02"))
    for minutes in range(10, 70, 10):
        roster.tick(friday("17:02") + minutes * MINUTE)
    assert roster.called() == [first, second], "each of them once"
    assert roster.states() == [AlarmState.OPEN], "one alarm for the stretch, also once it has begun"
    roster.on(friday("17:30"), friday("22:00"))
    roster.tick(friday("18:13"))
    assert roster.states() == [AlarmState.OVER]


def test_who_takes_it_on_by_key_hears_when_somebody_is_needed(roster: Roster, carrier: Carrier) -> None:
    for at in ("15:00", "17:00"):
        roster.tick(friday(at))
    heard = roster.press_1(carrier, friday("17:01"))
    assert "nobody is on shift then" in str(heard.said)
    roster.tick(friday("17:30"))
    roster.tick(friday("21:30"))
    assert (roster.states(), len(roster.called())) == ([AlarmState.ACKNOWLEDGED], 1)
    roster.tick(friday("22:00"))
    assert roster.states() == [AlarmState.OVER], "over with its stretch"
    roster.tick(friday("15:00", day=21))
    assert roster.states() == [AlarmState.OVER, AlarmState.OPEN], "the next evening is another one"


def test_where_nobody_wrote_down_a_need_nobody_is_ever_told(roster: Roster) -> None:
    with roster.database.transaction() as session:
        assert session.scalar(select(unstaffed.is_anything_due(friday("15:00"))))
        cover_needs.take_off(session, roster.need, friday("08:00"))
        assert not session.scalar(select(unstaffed.is_anything_due(friday("15:00"))))
    for hours in range(30):
        roster.tick(friday("08:00") + hours * HOUR)
    assert (roster.alarms(), roster.texts()) == ([], [])


@pytest.mark.parametrize(
    ("change", "state"),
    [
        ({"ended_at": friday("15:01")}, AlarmState.OVER),
        ({"minimum": 0}, AlarmState.OVER),
        ({"starts": time(21)}, AlarmState.OPEN),
    ],
    ids=["taken off", "only wished", "later"],
)
def test_it_is_over_when_the_need_is_gone(roster: Roster, change: dict[str, object], state: AlarmState) -> None:
    roster.tick(friday("15:00"))
    with roster.database.transaction() as session:
        need = session.get_one(CoverNeed, roster.need)
        for name, value in change.items():
            setattr(need, name, value)
    roster.tick(friday("15:02"))
    assert roster.states() == [state]


def test_nobody_is_told_where_it_is_switched_off_or_the_line_is_closed(roster: Roster) -> None:
    roster.live = replace(LIVE, unstaffed_alarm_seconds=0)
    roster.tick(friday("15:00"))
    roster.live = replace(LIVE, closed_days=closed_days("11-20"))
    roster.tick(friday("15:01"))
    assert roster.alarms() == []


def test_a_break_is_no_alarm_unless_it_is_long(roster: Roster) -> None:
    roster.on(friday("18:00"), friday("22:00"))
    for minutes, raised in ((30, []), (45, [AlarmState.OPEN])):
        with roster.database.transaction() as session:
            pauses.take_break(session, roster.volunteer, friday("19:00") + minutes * MINUTE, friday("19:00"))
        roster.tick(friday("19:00") + minutes * timedelta(seconds=1))
        assert roster.states() == raised
    assert roster.called() == [], "a text first"


@pytest.mark.parametrize(
    ("starts", "day", "told_from"),
    [
        ("18:00", 20, friday("15:00")),
        ("12:00", 20, friday("09:00")),
        ("11:59", 20, friday("19:00", day=19)),  # 08:59 is in the night: the evening before
        ("02:00", 20, friday("19:00", day=19)),
        ("22:59", 19, friday("19:59", day=19)),
        ("09:00", 21, friday("19:00", day=20)),  # the night of a Friday ends on Saturday at ten
        ("12:00", 22, friday("17:00", day=21)),
    ],
)
def test_what_would_be_told_in_the_night_is_told_the_evening_before(starts: str, day: int, told_from: datetime) -> None:
    assert unstaffed.told_from(friday(starts, day=day), LIVE) == told_from


def test_what_comes_up_in_the_night_waits_for_the_last_hour(roster: Roster) -> None:
    roster.on(friday("17:00"), friday("12:00", day=21))
    with roster.database.transaction() as session:
        factories.cover_need(session, friday("08:00"), starts=time(6), ends=time(9))
    roster.tick(friday("19:30"))
    with roster.database.transaction() as session:
        hours = session.scalars(select(ShiftHours)).one()
        hours.ends_at = friday("23:00")
    for hours_later in range(1, 6):
        roster.tick(friday("23:00") + hours_later * HOUR)
        assert roster.alarms() == []
    roster.tick(friday("05:00", day=21))
    assert roster.states() == [AlarmState.OPEN]


def test_clocks_at_the_same_moment_raise_it_once(roster: Roster) -> None:
    together = threading.Barrier(4)

    def look() -> None:
        together.wait()
        roster.database.run(lambda session: unstaffed.look(session, LIVE, friday("15:00")))

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert roster.states() == [AlarmState.OPEN]
