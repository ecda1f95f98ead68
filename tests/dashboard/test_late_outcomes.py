"""Where a volunteer's telephone was gone before they could say how it was: said later on the page, once."""

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from phoneline import conversations
from phoneline.models import AccessLog, CallbackTry, Contact, Offer
from phoneline.states import (
    AccessAction,
    AccountRole,
    AttemptResult,
    CallbackState,
    CallOutcome,
    CallState,
    CheckinState,
    ContactKind,
    ContactOutcome,
    Direction,
    FollowUp,
    LegState,
    OfferResult,
    Role,
)
from tests import factories
from tests.dashboard.evening import EMAILS, NOW
from tests.dashboard.pages import StoppedLine, token
from tests.dashboard.test_contact import words
from tests.databases import ONE_KIND

AGO = NOW - timedelta(minutes=20)
MINUTE = timedelta(minutes=1)


def dropped(line: StoppedLine, kind: ContactKind = ContactKind.CALL, **offer: Any) -> tuple[str, str]:
    """Ana and a caller talked, then her leg was gone: the ids of the contact and of her offer."""
    with line.database.transaction() as session:
        ana = factories.person(session, Role.VOLUNTEER, now=NOW, name="Ana")
        outbound = kind is not ContactKind.CALL
        call = factories.call(
            session,
            AGO,
            number=factories.number(3),
            state=CallState.ENDED,
            outcome=CallOutcome.CONNECTED,
            answered_at=AGO,
            ended_at=AGO + 5 * MINUTE,
            talk_seconds=300,
            volunteer_id=ana.id,
            direction=Direction.OUTBOUND if outbound else Direction.INBOUND,
        )
        of: dict[str, Any] = {"call_id": call.id}
        if kind is ContactKind.CALLBACK:
            promised_in = factories.call(session, AGO, number=call.number, state=CallState.ENDED)
            kept = factories.callback(session, promised_in, AGO, state=CallbackState.JOINED)
            about = {"callback_id": kept.id, "number_hash": kept.number_hash}
            session.add(CallbackTry(call_id=call.id, began_at=AGO, over_at=AGO, **about))
            of = {"call_id": promised_in.id}
        if kind is ContactKind.CHECKIN:
            peer = factories.person(session, now=NOW)
            planned = factories.plan(session, peer, AGO.replace(tzinfo=None), NOW)
            checkin = factories.checkin(session, planned, AGO, state=CheckinState.TALKED)
            factories.attempt(session, checkin, call, AGO, result=AttemptResult.TALK, over_at=AGO)
            of = {"checkin_id": checkin.id, "person_id": peer.id}
        made = factories.offer(session, call, ana, AGO, OfferResult.ACCEPTED)
        made.leg.state = LegState.ENDED
        given = {"accepted_at": AGO, "joined_at": AGO, "conversation_ended_at": AGO + 5 * MINUTE} | offer
        for name, value in given.items():
            setattr(made, name, value)
        contact = factories.contact(session, AGO, kind=kind, volunteer_id=ana.id, **of)
        return contact.id, made.id


def say(client: FlaskClient, contact_id: str, outcome: str | None) -> TestResponse:
    form = {"csrf_token": token(client, "/")} | ({"outcome": outcome} if outcome is not None else {})
    return client.post(f"/log/{contact_id}/outcome", data=form)


def stands(line: StoppedLine, contact_id: str) -> tuple[ContactOutcome, FollowUp]:
    with line.database.reading() as session:
        contact = session.get_one(Contact, contact_id)
        return contact.outcome, contact.follow_up


@ONE_KIND
@pytest.mark.parametrize(
    ("kind", "outcome", "follow_up"),
    [
        (ContactKind.CALL, "fine", "none"),
        (ContactKind.CALL, "wrong_number", "none"),
        (ContactKind.CALLBACK, "follow_up", "wanted"),
        (ContactKind.CHECKIN, "urgent", "urgent"),
    ],
)
def test_it_is_said_on_the_page_as_by_key(
    line: StoppedLine, coordinator: FlaskClient, kind: ContactKind, outcome: str, follow_up: str
) -> None:
    contact_id, offer_id = dropped(line, kind)
    text = coordinator.get(f"/log/{contact_id}").text
    assert "How was it? Ana couldn't say any more" in words(text)
    assert "Nobody has said yet how it was." in words(text)
    assert text.count('type="radio" name="outcome"') == 4
    answer = say(coordinator, contact_id, outcome)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/log/{contact_id}")
    assert stands(line, contact_id) == (outcome, follow_up)
    with line.database.reading() as session:
        assert session.get_one(Offer, offer_id).outcome_at == NOW
        [look] = session.scalars(select(AccessLog).where(AccessLog.about_id.is_(None)))
        assert (look.action, look.contact_id) == (AccessAction.OUTCOME_GIVEN, contact_id)
    text = words(coordinator.get(f"/log/{contact_id}").text)
    assert "How was it?" not in text
    assert f"Outcome given by {EMAILS[AccountRole.COORDINATOR]} today 19:14" in text


@ONE_KIND
def test_the_first_word_is_final(line: StoppedLine, coordinator: FlaskClient) -> None:
    contact_id, _ = dropped(line)
    say(coordinator, contact_id, "urgent")
    assert say(coordinator, contact_id, "fine").status_code == 303
    assert stands(line, contact_id) == (ContactOutcome.URGENT, FollowUp.URGENT)
    with line.database.reading() as session:
        assert len(session.scalars(select(AccessLog)).all()) == 1


@ONE_KIND
def test_a_key_that_came_in_the_meantime_holds(line: StoppedLine, coordinator: FlaskClient) -> None:
    contact_id, offer_id = dropped(line)
    with line.database.transaction() as session:
        offer = session.get_one(Offer, offer_id)
        conversations.record_outcome(session, offer.call, offer, ContactOutcome.FINE, NOW)
    say(coordinator, contact_id, "urgent")
    assert stands(line, contact_id) == (ContactOutcome.FINE, FollowUp.NONE)


@ONE_KIND
@pytest.mark.parametrize(
    "offer",
    [
        {"outcome_at": AGO + 6 * MINUTE},
        {"joined_at": None},
        {"conversation_ended_at": None, "released_at": None},
    ],
    ids=["skipped by #", "never joined", "still talking"],
)
def test_it_is_asked_for_only_where_a_volunteer_had_no_chance(
    line: StoppedLine, coordinator: FlaskClient, offer: dict[str, Any]
) -> None:
    contact_id, _ = dropped(line, **offer)
    assert "How was it?" not in coordinator.get(f"/log/{contact_id}").text
    say(coordinator, contact_id, "urgent")
    assert stands(line, contact_id) == (ContactOutcome.NONE, FollowUp.NONE)


@ONE_KIND
def test_what_another_volunteer_of_the_same_call_said_stays(line: StoppedLine, coordinator: FlaskClient) -> None:
    contact_id, _ = dropped(line)
    with line.database.transaction() as session:
        session.get_one(Contact, contact_id).outcome = ContactOutcome.FINE
    assert "How was it?" not in coordinator.get(f"/log/{contact_id}").text
    say(coordinator, contact_id, "urgent")
    assert stands(line, contact_id) == (ContactOutcome.FINE, FollowUp.NONE)


@ONE_KIND
def test_a_volunteer_whose_leg_is_there_says_it_by_key(line: StoppedLine, coordinator: FlaskClient) -> None:
    contact_id, offer_id = dropped(line, released_at=None)
    with line.database.transaction() as session:
        session.get_one(Offer, offer_id).leg.state = LegState.PLACED
    assert "How was it?" not in coordinator.get(f"/log/{contact_id}").text
    say(coordinator, contact_id, "urgent")
    assert stands(line, contact_id) == (ContactOutcome.NONE, FollowUp.NONE)


@ONE_KIND
@pytest.mark.parametrize("outcome", ["none", "", "made up", None])
def test_only_the_four_can_be_said(line: StoppedLine, coordinator: FlaskClient, outcome: str | None) -> None:
    contact_id, _ = dropped(line)
    assert say(coordinator, contact_id, outcome).status_code == 400
    assert stands(line, contact_id) == (ContactOutcome.NONE, FollowUp.NONE)


@ONE_KIND
def test_volunteers_and_forgers_say_nothing(
    line: StoppedLine, coordinator: FlaskClient, volunteer: FlaskClient
) -> None:
    contact_id, _ = dropped(line)
    assert say(volunteer, contact_id, "urgent").status_code == 403
    assert coordinator.post(f"/log/{contact_id}/outcome", data={"outcome": "urgent"}).status_code == 400
    assert say(coordinator, "made-up", "urgent").status_code == 404
    assert stands(line, contact_id) == (ContactOutcome.NONE, FollowUp.NONE)
