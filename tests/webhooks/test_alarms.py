"""Urgent things find a person: texted at once, called when nobody has taken them on, then the next one."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select

from phoneline import alarm_ladder, alarms, clock, follow_ups, hours, legs, progress, states
from phoneline.db import Database
from phoneline.live_settings import LiveSettings
from phoneline.models import Alarm, Contact, Leg, Person, PersonRole, ShiftHours, TextOut
from phoneline.prompts import catalogue
from phoneline.states import (
    AlarmKind,
    AlarmState,
    CallState,
    ContactKind,
    Direction,
    FollowUp,
    LegEnd,
    LegPurpose,
    LegState,
    Role,
    TextState,
)
from tests import factories
from tests.webhooks.carrier import Carrier
from tests.webhooks.scenes import Scene
from tests.webhooks.twiml import Twiml

LIVE = LiveSettings()
EN = catalogue("en")
SOON, CALL = timedelta(seconds=5), timedelta(seconds=LIVE.alarm_call_seconds + 1)


class Duty:
    """Coordinators, the clock, and what the line did for them."""

    def __init__(self, database: Database) -> None:
        self.database, self.now = database, clock.now()

    def coordinator(self, number: int, **given: Any) -> str:
        given = {"numbers": [factories.number(number)]} | given
        with self.database.transaction() as session:
            made_at = self.now + timedelta(seconds=number - 1000)
            return factories.person(session, Role.COORDINATOR, now=made_at, **given).id

    def on_roster(self, person_id: str, roster: states.Duty, begins: float = -1, *, tier: int = 1) -> None:
        """For two hours, that begin so many hours from now."""
        local = self.now.astimezone(factories.TORONTO).replace(tzinfo=None) + timedelta(hours=begins)
        with self.database.transaction() as session:
            who = session.get_one(Person, person_id)
            factories.shift(session, who, local, local + timedelta(hours=2), self.now, duty=roster, tier=tier)

    def urgent(self, kind: ContactKind = ContactKind.CALL) -> str:
        with self.database.transaction() as session:
            return factories.contact(session, self.now, kind=kind, follow_up=FollowUp.URGENT).id

    def tick(self, after: timedelta = timedelta()) -> None:
        """What the clock does, so much later, twice: two may run."""
        self.now += after
        for _ in range(2):
            with self.database.transaction() as session:
                alarms.find(session, LIVE, self.now)
                alarm_ladder.take_due_steps(session, LIVE, self.now)

    def alarm(self) -> Alarm:
        with self.database.reading() as session:
            alarm = session.scalars(select(Alarm)).one()
            assert alarm.tellings is not None
            return alarm

    def texted(self) -> list[str | None]:
        with self.database.reading() as session:
            return [one.person_id for one in session.scalars(select(TextOut).order_by(TextOut.created_at))]

    def called(self) -> list[str]:
        """Whom we called, in order."""
        return [telling.person_id for telling in self.alarm().tellings if telling.leg_id]

    def leg(self) -> Leg:
        """The last call, as the carrier placed it."""
        with self.database.transaction() as session:
            leg = session.scalars(select(Leg).where(Leg.purpose == LegPurpose.ALARM).order_by(Leg.created_at)).all()[-1]
            if leg.state is LegState.PENDING:
                assert alarm_ladder.is_wanted(session, leg)
                legs.begin_dialling(leg, self.now)
                progress.placed(session, leg, f"CA{leg.token.replace('-', ''):0>32}"[:34], self.now)
            return leg

    def over(self, end: LegEnd = LegEnd.NO_ANSWER) -> None:
        """The last call came to nothing."""
        leg = self.leg()
        with self.database.transaction() as session:
            row = session.get_one(Leg, leg.id)
            progress._over(session, row, end, LIVE, self.now, self.now)  # the same as by a callback

    def press(self, carrier: Carrier, key: str, tries: int = 1) -> Twiml:
        leg = self.leg()
        return carrier.ask(f"/webhooks/alarms/{leg.token}/key/{tries}", str(leg.carrier_sid), Digits=key)


@pytest.fixture
def duty(database: Database) -> Duty:
    return Duty(database)


def test_a_coordinator_is_texted_at_once_and_called_when_nobody_takes_it(duty: Duty) -> None:
    first, second = duty.coordinator(301), duty.coordinator(302)
    duty.urgent()
    duty.tick()
    assert (duty.texted(), duty.called()) == ([first], [])
    duty.tick(SOON)
    assert (duty.texted(), duty.called()) == ([first], []), "one text"
    duty.tick(CALL)
    assert (duty.texted(), duty.called()) == ([first], [first])
    duty.tick(SOON)
    assert duty.called() == [first], "one call for one step"
    duty.over()
    duty.tick(SOON)
    assert (duty.texted(), duty.called()) == ([first, second], [first, second]), "the next one without delay"
    duty.over(LegEnd.BUSY)
    duty.tick(SOON)
    assert duty.called() == [first, second], "all were called: a pause"
    duty.tick(CALL)
    assert duty.called() == [first, second, first]


def test_everybody_is_called_a_few_times_and_then_it_stays_on_the_page(duty: Duty) -> None:
    duty.coordinator(301)
    duty.urgent()
    duty.tick()
    for _ in range(alarm_ladder.MOST_CALLS):
        duty.tick(CALL)
        duty.over()
    duty.tick(CALL)
    duty.tick(CALL)
    assert len(duty.called()) == alarm_ladder.MOST_CALLS
    assert (duty.alarm().state, duty.alarm().next_step_at) == (AlarmState.OPEN, None)


@pytest.mark.parametrize("roster", [states.Duty.COORDINATOR, states.Duty.CALLS])
def test_whoever_is_on_duty_comes_first_and_alone_tier_by_tier(duty: Duty, roster: states.Duty) -> None:
    duty.coordinator(301)
    first, second = duty.coordinator(303), duty.coordinator(302)
    duty.on_roster(second, roster, -1.5, tier=2)
    duty.on_roster(first, roster)
    for number, begins in ((304, -3), (305, 1)):
        duty.on_roster(duty.coordinator(number), roster, begins)
    if roster is states.Duty.COORDINATOR:
        duty.on_roster(duty.coordinator(306), states.Duty.CALLS)
    duty.urgent()
    duty.tick()
    duty.tick(CALL)
    duty.over()
    duty.tick(SOON)
    duty.over()
    duty.tick(CALL)
    assert (duty.texted(), duty.called()) == ([first, second], [first, second, first])


def test_nobody_is_told_of_what_is_about_themselves(duty: Duty) -> None:
    theirs, other = duty.coordinator(1), duty.coordinator(2)
    duty.on_roster(theirs, states.Duty.COORDINATOR)
    contact_id = duty.urgent()
    with duty.database.transaction() as session:
        session.get_one(Contact, contact_id).person_id = theirs
    duty.tick()
    assert duty.texted() == [other]
    for _ in range(2):
        duty.tick(CALL)
    assert set(duty.called()) == {other}


def test_an_unclear_dial_is_not_made_again(duty: Duty) -> None:
    first, second, _ = (duty.coordinator(number) for number in (301, 302, 303))
    duty.urgent()
    duty.tick()
    duty.tick(CALL)
    with duty.database.transaction() as session:
        leg = session.scalars(select(Leg).where(Leg.purpose == LegPurpose.ALARM)).one()
        legs.begin_dialling(leg, duty.now)
        progress.unclear(session, leg, duty.now)
    duty.tick(SOON)
    assert duty.called() == [first]
    duty.tick(timedelta(seconds=alarm_ladder.CALL_SECONDS))
    assert duty.called() == [first, second], "the next one, not the same"
    with duty.database.transaction() as session:
        progress._over(session, session.get_one(Leg, leg.id), LegEnd.COMPLETED, LIVE, duty.now, duty.now)
    duty.tick(SOON)
    assert duty.called() == [first, second], "its end tells nothing about the second one's"


@pytest.mark.parametrize("ends_by", ["doing", "deleting"])
def test_a_follow_up_that_ends_in_the_instant_in_which_the_clock_finds_it_raises_no_alarm(
    duty: Duty, ends_by: str
) -> None:
    """Nor does the clock wait for it, or stumble over its end."""
    if duty.database.is_sqlite:
        pytest.skip("on SQLite whoever writes is alone")
    contact_id = duty.urgent()
    with duty.database.transaction() as ending:
        if ends_by == "doing":
            follow_ups.finish(ending, contact_id, clock.now())
        else:
            ending.execute(delete(Contact).where(Contact.id == contact_id))
        duty.tick()
    duty.tick(SOON)
    with duty.database.reading() as session:
        assert session.scalars(select(Alarm)).all() == []


def test_a_call_that_could_not_be_made_is_made_again_soon(duty: Duty) -> None:
    first = duty.coordinator(301)
    duty.urgent()
    duty.tick()
    duty.tick(CALL)
    duty.over(LegEnd.FAILED)
    duty.tick(timedelta(seconds=alarm_ladder.NOBODY_SECONDS - 1))
    assert duty.called() == [first]
    duty.tick(timedelta(seconds=1))
    assert duty.called() == [first, first]


def test_who_talks_is_called_after_the_others(duty: Duty, scene: Scene) -> None:
    _, ringing = scene.talking()
    with duty.database.transaction() as session:
        talking = session.get_one(Person, ringing.volunteer_id)
        talking.roles.append(PersonRole(role=Role.COORDINATOR))
        talking.created_at -= timedelta(days=1)
    free = duty.coordinator(302)
    for tier, one in enumerate((talking.id, free), start=1):
        duty.on_roster(one, states.Duty.COORDINATOR, tier=tier)
    duty.urgent()
    duty.tick()
    duty.tick(CALL)
    duty.over()
    duty.tick(SOON)
    assert duty.called() == [free, talking.id]


def test_who_can_not_be_texted_is_called_without_delay(duty: Duty) -> None:
    first = duty.coordinator(301)
    with duty.database.transaction() as session:
        person = session.get_one(Person, first)
        factories.opted_out(session, person, duty.now)
    duty.urgent()
    duty.tick()
    duty.tick(SOON)
    assert (duty.texted(), duty.called()) == ([], [first])


def test_nobody_to_tell_is_no_mistake_and_looked_at_again(duty: Duty) -> None:
    duty.urgent()
    duty.tick()
    first = duty.coordinator(301)
    duty.tick(CALL)
    assert duty.texted() == [first]


def test_key_1_takes_it_on_and_hears_what_it_is(duty: Duty, carrier: Carrier) -> None:
    first = duty.coordinator(301)
    contact_id = duty.urgent()
    duty.tick()
    duty.tick(CALL)
    leg = duty.leg()
    document = carrier.ask(f"/webhooks/legs/{leg.token}/answered", str(leg.carrier_sid))
    assert document.said == EN["alarm_call"]
    for _ in range(2):
        document = duty.press(carrier, "1")
        assert EN["alarm_about_urgent_follow_up"] in document.said
        assert "Hangup" in document.verbs
    assert duty.leg().end_wanted_at is None, "they are to hear it to the end"
    alarm = duty.alarm()
    assert (alarm.state, alarm.acknowledged_by, alarm.contact_id) == (AlarmState.ACKNOWLEDGED, first, contact_id)
    duty.over(LegEnd.COMPLETED)
    duty.tick(CALL)
    assert duty.called() == [first]


@pytest.mark.parametrize(("key", "said"), [("2", "alarm_passed"), ("5", "offer_no_key")])
def test_another_key_passes_it_on(duty: Duty, carrier: Carrier, key: str, said: str) -> None:
    first, second = duty.coordinator(301), duty.coordinator(302)
    duty.urgent()
    duty.tick()
    duty.tick(CALL)
    if key == "5":
        assert duty.press(carrier, key).said == EN["alarm_call"]
    assert duty.press(carrier, key, tries=2).said == EN[said]
    duty.over(LegEnd.COMPLETED)
    duty.tick(SOON)
    assert duty.called() == [first, second]


def test_of_two_who_take_it_on_the_first_has_it(duty: Duty, carrier: Carrier) -> None:
    duty.coordinator(301)
    duty.urgent()
    duty.tick()
    duty.tick(CALL)
    leg = duty.leg()
    with duty.database.transaction() as session:
        assert alarms.acknowledge(session, duty.alarm().id, duty.now)
        assert not alarms.acknowledge(session, duty.alarm().id, duty.now)
    with duty.database.reading() as session:
        assert session.get_one(Leg, leg.id).end_wanted_at is not None, "nobody needs that call any more"
    assert duty.press(carrier, "1").said == EN["alarm_over"]
    assert duty.alarm().acknowledged_by is None


def test_it_is_over_when_the_follow_up_is_done_and_comes_again_when_it_was_a_slip(duty: Duty) -> None:
    duty.coordinator(301)
    contact_id = duty.urgent()
    duty.tick()
    with duty.database.transaction() as session:
        follow_ups.finish(session, contact_id, clock.now())
    duty.tick(CALL)
    assert (duty.alarm().state, duty.called()) == (AlarmState.OVER, [])
    with duty.database.transaction() as session:
        follow_ups.reopen(session, contact_id, FollowUp.URGENT)
    duty.tick(SOON)
    with duty.database.reading() as session:
        assert sorted(one.state for one in session.scalars(select(Alarm))) == [AlarmState.OPEN, AlarmState.OVER]


def test_what_was_urgent_long_ago_rings_nobody(duty: Duty) -> None:
    duty.coordinator(301)
    with duty.database.transaction() as session:
        factories.contact(session, duty.now - timedelta(days=2), follow_up=FollowUp.URGENT)
    duty.tick()
    assert duty.texted() == []


def test_after_a_day_it_rings_nobody_and_stays_on_the_page(duty: Duty) -> None:
    duty.coordinator(301)
    duty.urgent()
    duty.tick()
    duty.tick(alarms.STALE)
    assert (duty.called(), duty.alarm().state, duty.alarm().next_step_at) == ([], AlarmState.OPEN, None)


def test_a_wish_for_a_follow_up_is_no_alarm(duty: Duty) -> None:
    with duty.database.transaction() as session:
        factories.contact(session, duty.now, follow_up=FollowUp.WANTED)
        assert not session.scalar(select(alarms.is_anything_to_find(LIVE, duty.now)))


def test_words_of_danger_are_an_alarm_of_their_own_kind(duty: Duty, carrier: Carrier) -> None:
    duty.coordinator(301)
    carrier.ask("/webhooks/sms", MessageSid="SM1", Body="I want to die", From=factories.number(310))
    duty.tick(timedelta(seconds=1))
    assert duty.alarm().kind is AlarmKind.DANGER_WORDS
    with duty.database.reading() as session:
        bodies = [one.body for one in session.scalars(select(TextOut)) if one.state is TextState.PENDING]
    assert EN["alarm_text_danger_words"] in bodies


def test_a_caller_with_an_empty_shift_is_one_alarm_for_the_whole_stretch(duty: Duty, scene: Scene) -> None:
    first = duty.coordinator(301)
    scene.talking()
    scene.end_legs()
    with duty.database.transaction() as session:
        session.execute(delete(ShiftHours))
    scene.waiting_call(direction=Direction.OUTBOUND)
    scene.waiting_call(state=CallState.ENDED)
    duty.tick()
    assert duty.texted() == [], "nobody who called is waiting"
    scene.waiting_call()
    with duty.database.transaction() as session:
        closed = replace(LIVE, closed_days=hours.closed_days(str(duty.now.astimezone(factories.TORONTO).date())))
        found = session.scalar(select(alarms.is_anything_to_find(closed, duty.now)))
        assert not found, "outside the hours volunteers have their rest"
    duty.tick(SOON)
    call = scene.waiting_call()
    duty.tick(SOON)
    assert (duty.alarm().kind, duty.texted()) == (AlarmKind.EMPTY_SHIFT, [first])
    scene.ringing(call)
    duty.now = clock.now()
    duty.tick()
    assert duty.alarm().state is AlarmState.OVER


def test_spending_is_raised_once_and_over_with_its_day(duty: Duty) -> None:
    with duty.database.transaction() as session:
        raised = [alarms.raise_alarm(session, AlarmKind.SPENDING, "minutes", duty.now) for _ in range(2)]
    assert raised == [True, False]
    duty.tick(alarms.STALE)
    assert duty.alarm().state is AlarmState.OVER
