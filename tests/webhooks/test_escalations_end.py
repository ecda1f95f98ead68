"""What ends the ladder of a check-in nobody answered, and who is told so."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from phoneline import checkins, clock, escalations, follow_ups
from phoneline.models import CheckinPlan, Contact, Leg
from phoneline.prompts import catalogue
from phoneline.states import CheckinState, Direction, LegEnd, LegPurpose, SettledBy
from tests import factories
from tests.webhooks.ladder import STEP, Ladder
from tests.webhooks.test_escalations import EN, MIA, RAVI, TOLD


@pytest.mark.parametrize("by_text", [True, False])
def test_whoever_was_told_is_told_the_end(ladder: Ladder, by_text: bool) -> None:
    ladder.unreached({**RAVI, "texts_ok": by_text, "language": "fr"}, MIA)
    ladder.tick()
    asked = ladder.dial()
    ladder.press(asked, "1")
    ladder.over(asked, LegEnd.COMPLETED)
    with ladder.scene.database.transaction() as session:
        checkins.heard_from(session, ladder.person_id, SettledBy.INBOUND_CALL, ladder.now)
    ladder.tick(1)
    ladder.tick(STEP * 9)
    assert (ladder.stands(), ladder.follow_up(), ladder.alarms()) == (("over", "heard"), "done", 0)
    said = catalogue("fr")["escalation_heard"].format(name="Sam")
    if by_text:
        assert (ladder.texts(), ladder.rung(TOLD)) == ([(RAVI["number"], said)], [("Ravi", "told")])
        return
    leg = ladder.dial()
    assert leg.number == RAVI["number"]
    assert said in ladder.answer(leg).said
    ladder.over(leg, LegEnd.COMPLETED)
    ladder.tick(STEP)
    assert (ladder.pending(), ladder.texts(), ladder.rung(TOLD)) == ([], [], [("Ravi", "told")])


def test_who_does_not_answer_to_hear_the_end_is_texted_it(ladder: Ladder) -> None:
    ladder.unreached(RAVI)
    ladder.tick()
    ladder.press(ladder.dial(), "1")
    with ladder.scene.database.transaction() as session:
        escalations.heard_from(session, ladder.person_id, ladder.now)
    ladder.over(_asked(ladder), LegEnd.COMPLETED)
    ladder.tick(1)
    ladder.over(ladder.dial())
    assert [number for number, _ in ladder.texts()] == [RAVI["number"]]


def _asked(ladder: Ladder) -> Leg:
    with ladder.scene.database.reading() as session:
        return session.scalars(select(Leg).where(Leg.purpose == LegPurpose.ESCALATION).order_by(Leg.created_at)).all()[
            0
        ]


@pytest.mark.parametrize("by_key", [True, False])
def test_a_call_under_way_ends_when_the_peer_is_heard_from(ladder: Ladder, by_key: bool) -> None:
    ladder.unreached(RAVI, MIA)
    ladder.tick()
    leg = ladder.dial()
    ladder.answer(leg)
    with ladder.scene.database.transaction() as session:
        if by_key:
            # In their next check-in.
            plan = session.get_one(CheckinPlan, ladder.checkin().plan_id)
            later = factories.checkin(session, plan, ladder.now + timedelta(hours=1), state=CheckinState.CALLING)
            call = factories.call(session, ladder.now, direction=Direction.OUTBOUND, person_id=ladder.person_id)
            checkins.said_ok(session, factories.attempt(session, later, call, ladder.now), ladder.now)
        else:
            checkins.heard_from(session, ladder.person_id, SettledBy.COORDINATOR, ladder.now)
    assert EN["escalation_over"] in ladder.answer(leg).said
    assert EN["escalation_over"] in ladder.press(leg, "1").said
    ladder.over(leg, LegEnd.COMPLETED)
    ladder.tick(STEP)
    assert (ladder.stands(), ladder.pending(), ladder.rung(TOLD)) == (("over", "heard"), [], [])


def test_a_text_from_their_telephone_puts_a_coordinator_in_the_place_of_all_others(ladder: Ladder) -> None:
    ladder.unreached(RAVI, MIA)
    ladder.tick()
    number = ladder.person().numbers[0].number
    ladder.carrier.post("/webhooks/sms", From=number, Body="I was asleep, all good")
    ladder.tick(1)
    assert (ladder.stands(), ladder.pending(), ladder.alarms()) == (("climbing", "coordinator"), [], 1)


def test_a_follow_up_done_by_a_coordinator_ends_it(ladder: Ladder) -> None:
    ladder.unreached(RAVI, MIA)
    ladder.tick()
    leg = ladder.dial()
    ladder.press(leg, "1")
    with ladder.scene.database.transaction() as session:
        contact = session.scalars(select(Contact).where(Contact.checkin_id == ladder.checkin_id)).one()
        follow_ups.finish(session, contact.id, clock.now())
    ladder.tick(1)
    assert ladder.stands() == ("over", "settled")
    assert EN["escalation_settled"].format(name="Sam") in ladder.answer(ladder.dial()).said
