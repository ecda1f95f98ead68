"""Volunteers are reminded of their shifts: by text, by calls where no word comes, and then others are asked."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from phoneline import accounts, alarms, assignments, clock, legs, progress, reminders, roster_changes, rosters
from phoneline.db import Database
from phoneline.live_settings import LiveSettings
from phoneline.models import (
    Alarm,
    AlarmTelling,
    CoverRequest,
    Leg,
    Person,
    RosterChange,
    ShiftCallStop,
    ShiftHours,
    ShiftReminder,
    TextOut,
)
from phoneline.prompts import catalogue
from phoneline.quiet_hours import window
from phoneline.roster_changes import By
from phoneline.roster_states import RosterAct
from phoneline.spreadsheets import IMPORTS
from phoneline.states import AccountRole, AlarmKind, LegEnd, LegState, Role
from tests import factories
from tests.journeys.story import table
from tests.webhooks.carrier import Carrier
from tests.webhooks.scenes import Scene
from tests.webhooks.twiml import Twiml

EN = catalogue("en")
NEVER = window("00:00-00:00")
LIVE = replace(LiveSettings(), quiet_weekday=NEVER, quiet_weekend=NEVER)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@dataclass
class Roster:
    """Volunteers, their hours, and the clock."""

    scene: Scene
    carrier: Carrier
    live: LiveSettings = LIVE
    now: datetime = field(default_factory=clock.now)

    def volunteer(self, number: int, **given: Any) -> str:
        given = {"numbers": [factories.number(number)], "name": f"Volunteer{number} Example"} | given
        with self.scene.database.transaction() as session:
            return factories.person(session, Role.VOLUNTEER, now=self.now, **given).id

    def hours(self, person_id: str, begins: float, lasts: float = 2, **given: Any) -> str:
        """Hours that begin so many hours from now."""
        at = {"starts_at": self.now + begins * HOUR, "ends_at": self.now + (begins + lasts) * HOUR}
        with self.scene.database.transaction() as session:
            made = ShiftHours(person_id=person_id, tier=1, **at, **given)
            session.add(made)
            session.flush()
            return made.id

    def tick(self, after: timedelta = timedelta()) -> None:
        """What the clock does, so much later, twice: two may run."""
        self.now += after
        for _ in range(2):
            with self.scene.database.transaction() as session:
                reminders.look(session, self.live, self.now)

    def until_before(self, hours_id: str, hours: float) -> None:
        """To so many hours before they begin."""
        with self.scene.database.reading() as session:
            starts_at = session.get_one(ShiftHours, hours_id).starts_at
        self.tick(starts_at - hours * HOUR - self.now)

    def texts(self) -> list[str]:
        with self.scene.database.reading() as session:
            return [one.body for one in session.scalars(select(TextOut).order_by(TextOut.created_at))]

    def states(self) -> list[tuple[str, str]]:
        with self.scene.database.reading() as session:
            found = session.scalars(select(ShiftReminder).order_by(ShiftReminder.starts_at, ShiftReminder.kind))
            return [(one.kind.value, one.state.value) for one in found]

    def rings(self) -> list[Leg]:
        """The calls that wait are placed."""
        with self.scene.database.transaction() as session:
            found = session.scalars(select(Leg).where(Leg.state == LegState.PENDING)).all()
            for leg in found:
                assert reminders.is_wanted(session, leg, self.now)
                legs.begin_dialling(leg, self.now)
                progress.placed(session, leg, f"CA{leg.token.replace('-', ''):0>32}"[:34], self.now)
            return list(found)

    def over(self, leg: Leg, end: LegEnd = LegEnd.NO_ANSWER) -> None:
        """The carrier's word that it is over, twice."""
        with self.scene.database.transaction() as session:
            for _ in range(2):
                row = session.get_one(Leg, leg.id)
                progress._over(session, row, end, self.live, self.now, self.now)  # the same as by a callback

    def answer(self, leg: Leg) -> str:
        return self.carrier.ask(f"/webhooks/legs/{leg.token}/answered", str(leg.carrier_sid)).said

    def press(self, leg: Leg, key: str, tries: int = 1) -> Twiml:
        return self.carrier.ask(f"/webhooks/reminders/{leg.token}/key/{tries}", str(leg.carrier_sid), Digits=key)

    def asked(self) -> list[tuple[str, str]]:
        """What others are asked to take: why, and how it stands."""
        with self.scene.database.reading() as session:
            return [(one.kind.value, one.state.value) for one in session.scalars(select(CoverRequest))]

    def is_confirmed(self, hours_id: str) -> bool:
        with self.scene.database.reading() as session:
            return session.get_one(ShiftHours, hours_id).confirmed_at is not None


@pytest.fixture
def roster(scene: Scene, carrier: Carrier) -> Roster:
    return Roster(scene, carrier)


def rung(roster: Roster) -> tuple[str, Leg]:
    """A volunteer who was texted a day before, and whose telephone rings an hour later."""
    hours_id = roster.hours(roster.volunteer(1), 30)
    roster.tick()
    roster.until_before(hours_id, 24)
    roster.tick(HOUR)
    (leg,) = roster.rings()
    return hours_id, leg


def test_a_day_before_a_text_then_a_call_and_1_says_that_they_come(roster: Roster) -> None:
    hours_id = roster.hours(roster.volunteer(1), 30)
    roster.tick()
    assert (roster.texts(), roster.rings()) == ([], [])
    roster.until_before(hours_id, 24)
    (text,) = roster.texts()
    assert text.startswith("Hi Volunteer1, your next shift: ")
    assert text.endswith(f"{EN['text_shift_no_pin']} {EN['text_shift_call']}")
    assert roster.rings() == []
    roster.tick(HOUR)
    (leg,) = roster.rings()
    assert leg.number == factories.number(1)
    question = roster.answer(leg)
    assert question.startswith("Hello, it's about your shift: ")
    assert "Volunteer" not in question
    assert [roster.press(leg, "*", tries).said for tries in (1, 2, 2)] == [question] * 3
    assert roster.press(leg, "7").said == question
    assert roster.press(leg, "7", 2).said == EN["offer_no_key"]
    assert not roster.is_confirmed(hours_id)
    for _ in range(2):
        assert roster.press(leg, "1").said == EN["reminder_thanks"]
    assert roster.is_confirmed(hours_id)
    roster.over(leg, LegEnd.COMPLETED)
    roster.until_before(hours_id, 0.25)
    assert len(roster.texts()) == 2
    assert roster.texts()[1].startswith("Hi Volunteer1, a reminder of your shift: ")
    assert roster.rings() == []
    assert roster.states() == [("day_before", "confirmed"), ("soon", "confirmed")]
    with roster.scene.database.reading() as session:
        (change,) = session.scalars(select(RosterChange)).all()
        assert (change.act, change.hours_id) == (RosterAct.CONFIRMED, hours_id)


def test_who_answers_neither_the_text_nor_two_calls_is_stood_in_for_half_a_day_before(roster: Roster) -> None:
    hours_id, leg = rung(roster)
    roster.over(leg)
    roster.tick(HOUR)
    assert roster.rings() == []
    roster.tick(2 * HOUR)
    (again,) = roster.rings()
    roster.answer(again)
    roster.over(again, LegEnd.COMPLETED)
    roster.tick(HOUR)
    assert (roster.rings(), roster.asked()) == ([], [])
    roster.until_before(hours_id, 12)
    assert roster.asked() == [("cover", "open")]
    assert roster.states() == [("day_before", "unanswered"), ("soon", "waiting")]
    with roster.scene.database.reading() as session:
        assert session.get_one(ShiftHours, hours_id).person_id is not None, "it stays whose it was"
    roster.until_before(hours_id, 0.25)
    assert roster.rings() == []
    assert roster.states()[1] == ("soon", "declined")


def test_3_asks_others_and_1_after_it_takes_that_back(roster: Roster) -> None:
    hours_id, leg = rung(roster)
    roster.answer(leg)
    for _ in range(2):
        assert roster.press(leg, "3").said == EN["reminder_others"]
    assert roster.asked() == [("give_away", "open")]
    assert roster.states()[0] == ("day_before", "declined")
    assert roster.press(leg, "1").said == EN["reminder_thanks"]
    assert roster.asked() == [("give_away", "withdrawn")]
    assert roster.is_confirmed(hours_id)
    assert roster.states()[0] == ("day_before", "confirmed")


def test_9_stops_such_calls_and_texts_go_on(roster: Roster) -> None:
    hours_id, leg = rung(roster)
    roster.answer(leg)
    for _ in range(2):
        assert roster.press(leg, "9").said == EN["reminder_stopped"]
    assert roster.scene.count(ShiftCallStop) == 1
    roster.over(leg, LegEnd.COMPLETED)
    roster.tick(4 * HOUR)
    roster.until_before(hours_id, 12)
    assert (roster.rings(), roster.asked()) == ([], [])
    roster.until_before(hours_id, 0.25)
    assert len(roster.texts()) == 2
    assert EN["text_shift_call"] not in roster.texts()[1]
    assert roster.asked() == []
    roster.tick(5 * MINUTE)
    assert (roster.rings(), roster.asked()) == ([], [("cover", "open")])


def test_who_never_confirmed_is_called_once_more_shortly_before(roster: Roster) -> None:
    hours_id, leg = rung(roster)
    roster.over(leg, LegEnd.FAILED)
    with roster.scene.database.transaction() as session:
        for one in session.scalars(select(ShiftReminder).where(ShiftReminder.asked_at.is_not(None))):
            one.due_at = None
    roster.until_before(hours_id, 0.25)
    roster.tick()
    (last,) = roster.rings()
    roster.answer(last)
    roster.over(last, LegEnd.COMPLETED)
    roster.tick()
    assert roster.asked() == [("cover", "open")]


def test_nobody_is_called_while_they_still_listen_to_the_call_before(roster: Roster) -> None:
    _, leg = rung(roster)
    roster.answer(leg)
    roster.tick(4 * MINUTE)
    assert roster.rings() == []
    roster.over(leg, LegEnd.COMPLETED)
    roster.tick(4 * HOUR)
    assert len(roster.rings()) == 1


def test_a_yes_about_a_shift_takes_on_no_alarm(roster: Roster) -> None:
    both = roster.volunteer(1, pin_hash=factories.quick_hash("1234"))
    hours_id = roster.hours(both, 24.5)
    roster.tick()
    roster.tick(HOUR)
    with roster.scene.database.transaction() as session:
        alarms.raise_alarm(session, AlarmKind.SPENDING, "minutes", roster.now)
        alarm = session.scalars(select(Alarm)).one()
        session.add(AlarmTelling(alarm_id=alarm.id, step=1, person_id=both, at=roster.now))
    roster.carrier.ask("/webhooks/sms", MessageSid="SM1", Body="yes 1234", From=factories.number(1))
    with roster.scene.database.reading() as session:
        assert session.scalars(select(Alarm.acknowledged_by)).one() is None
    assert roster.is_confirmed(hours_id)


def test_who_is_on_the_telephone_is_not_called(roster: Roster) -> None:
    who = roster.volunteer(1)
    hours_id = roster.hours(who, 30)
    roster.tick()
    roster.until_before(hours_id, 24)
    call = roster.scene.waiting_call(person_id=who)
    roster.tick(HOUR)
    assert roster.rings() == []
    roster.carrier.ask("/webhooks/voice/status", call.sid, CallStatus="completed")
    roster.tick(5 * MINUTE)
    assert len(roster.rings()) == 1


def test_hours_that_meet_are_one_reminder_and_one_answer(roster: Roster) -> None:
    who = roster.volunteer(1)
    first, then = roster.hours(who, 30), roster.hours(who, 32)
    apart = roster.hours(who, 34.5)
    roster.tick()
    assert roster.scene.count(ShiftReminder) == 4
    roster.until_before(first, 24)
    assert len(roster.texts()) == 1
    roster.tick(HOUR)
    (leg,) = roster.rings()
    roster.answer(leg)
    roster.press(leg, "1")
    assert [roster.is_confirmed(one) for one in (first, then, apart)] == [True, True, False]


def test_in_quiet_hours_nobody_is_texted_or_called(roster: Roster) -> None:
    """Whatever the hour of the test: they begin in six hours and last for thirteen."""
    begins = roster.now + 6 * HOUR
    quiet = window(f"{begins:%H:%M}-{begins + 13 * HOUR:%H:%M}")
    roster.live = replace(LIVE, quiet_weekday=quiet, quiet_weekend=quiet, home=replace(LIVE.home, zone=ZoneInfo("UTC")))
    roster.hours(roster.volunteer(1), 30.5)
    roster.tick()
    found = []
    for after in (4.8, 0.4, 1.5, 12, 0.6):
        roster.tick(after * HOUR)
        found.append((len(roster.texts()), len(roster.rings())))
    assert found == [(0, 0), (1, 0), (1, 0), (1, 0), (1, 1)]


def test_hours_that_come_at_short_notice_by_spreadsheet_or_by_themselves_remind_nobody(
    roster: Roster, database: Database
) -> None:
    roster.volunteer(1)
    local = roster.now.astimezone(factories.TORONTO).replace(tzinfo=None, microsecond=0)
    rows = [
        {"phone": factories.number(1), "starts_at": local + begins * HOUR, "ends_at": local + (begins + 1) * HOUR}
        for begins in (-1, 0.2, 3, 8, 20)
    ]
    IMPORTS["shifts"](database, table(rows), factories.TORONTO, roster.now)
    with database.transaction() as session:
        rosters.lay_out_due(session, factories.TORONTO, roster.now)
    for after in (0, 0.1, 2.7, 5, 11.9, 4):
        roster.tick(after * HOUR)
    assert (roster.texts(), roster.rings(), roster.states()) == ([], [], [])


def test_whom_somebody_puts_on_a_shift_at_short_notice_is_told_and_asked_at_once(roster: Roster) -> None:
    who, themselves = roster.volunteer(1), roster.volunteer(2)
    given, taken = roster.hours(who, 5), roster.hours(themselves, 6)
    with roster.scene.database.transaction() as session:
        account = accounts.create(
            session, "kim@example.org", AccountRole.COORDINATOR, "long enough a password", roster.now
        )
        for hours_id, by in ((given, By(account_id=account.id)), (taken, By(themselves))):
            hours = session.get_one(ShiftHours, hours_id)
            roster_changes.note(session, RosterAct.GIVEN, by, roster.now, hours)
    roster.tick()
    roster.tick()
    (text,) = roster.texts()
    assert text.startswith("Hi Volunteer1, your next shift: ")
    assert roster.states() == [("day_before", "asked"), ("soon", "waiting"), ("soon", "waiting")]


def test_hours_that_go_to_another_or_are_moved_are_asked_about_anew(roster: Roster) -> None:
    first, second = roster.volunteer(1), roster.volunteer(2)
    given, moved = roster.hours(first, 30), roster.hours(first, 40)
    roster.tick()
    with roster.scene.database.transaction() as session:
        to = session.get_one(Person, second)
        by = By(first)
        move = assignments.Move(first, to)
        assignments.hand_over(session, given, move, RosterAct.GIVEN, by, roster.live, roster.now)
        one = session.get_one(ShiftHours, moved)
        one.starts_at, one.ends_at = one.starts_at + 24 * HOUR, one.ends_at + 24 * HOUR
    roster.tick(MINUTE)
    roster.until_before(given, 23)
    (text,) = roster.texts()
    assert text.startswith("Hi Volunteer2")
    roster.tick(34 * HOUR)
    assert [one[:14] for one in roster.texts()].count("Hi Volunteer1,") == 1


@pytest.mark.parametrize("word", ["ok", "YES"])
def test_an_ok_by_text_says_that_they_come_and_a_no_asks_others(roster: Roster, word: str) -> None:
    number = factories.number(1)
    hours_id = roster.hours(roster.volunteer(1, pin_hash=factories.quick_hash("1234")), 24.5)
    roster.tick()
    roster.tick(HOUR)
    assert EN["text_shift_answer"] in roster.texts()[0]
    for sid, body in (("SM1", word), ("SM2", "OK 1234")):
        roster.carrier.ask("/webhooks/sms", MessageSid=sid, Body=body, From=number)
    assert {EN["text_pin_needed"], EN["text_shift_thanks"]} < set(roster.texts())
    assert roster.is_confirmed(hours_id)
    roster.scene.change(ShiftHours, hours_id, confirmed_at=None)
    roster.carrier.ask("/webhooks/sms", MessageSid="SM3", Body=word, From=number)
    assert roster.is_confirmed(hours_id)
    roster.scene.change(ShiftHours, hours_id, confirmed_at=None)
    for sid, body, state in (("SM4", "no", "open"), ("SM5", word, "withdrawn")):
        roster.carrier.ask("/webhooks/sms", MessageSid=sid, Body=body, From=number)
        assert roster.asked() == [("give_away", state)]


def test_who_can_not_be_asked_has_not_failed_to_answer(roster: Roster) -> None:
    stopped = roster.volunteer(1)
    with roster.scene.database.transaction() as session:
        factories.opted_out(session, session.get_one(Person, stopped), roster.now)
    hours_id = roster.hours(stopped, 30)
    roster.tick()
    for before in (24, 20, 12, 0.25, 0.1):
        roster.until_before(hours_id, before)
    assert (roster.texts(), roster.rings(), roster.asked()) == ([], [], [])
    assert roster.states() == [("day_before", "over"), ("soon", "over")]


def test_a_call_about_hours_that_are_gone_ends_kindly(roster: Roster) -> None:
    hours_id, leg = rung(roster)
    with roster.scene.database.transaction() as session:
        session.delete(session.get_one(ShiftHours, hours_id))
    assert roster.answer(leg) == EN["reminder_over"]
    assert roster.press(leg, "1").said == EN["reminder_over"]
    roster.over(leg)
