from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from dashboard import consent_form
from phoneline import checkins, people
from phoneline.consents import How, Whose
from phoneline.models import Checkin, Consent, Leg, Person
from phoneline.states import AttemptResult, CallState, CheckinReason, CheckinState, ConsentKind, LegState, PlanKind
from tests import factories
from tests.dashboard.evening import DAY, HOUR, MINUTE, NOW
from tests.dashboard.pages import StoppedLine, said, token
from tests.dashboard.test_now import words
from tests.databases import ONE_KIND

YES = {"kind": "automated_calls", "how": How.PHONE, "whose": Whose.OWN, "words": "Yes, please ring me on Mondays."}


@pytest.fixture
def sam(line: StoppedLine) -> Person:
    with line.database.transaction() as session:
        return factories.person(session, now=NOW, name="Sam Sample")


def post(client: FlaskClient, sam: Person, action: str = "", **form: str) -> TestResponse:
    filled = {"csrf_token": token(client, "/")} | form
    return client.post(f"/people/{sam.id}/consent{action}", data=filled, follow_redirects=True)


def coming(session: Session, sam: Person, state: CheckinState = CheckinState.DUE, **given: Any) -> Checkin:
    """One occasion with a plan of its own."""
    due_at = given.pop("due_at", NOW + DAY)
    plan = factories.plan(session, sam, due_at.replace(tzinfo=None), NOW, kind=given.pop("kind", PlanKind.AUTOMATED))
    return factories.checkin(session, plan, due_at, state=state, **given)


@ONE_KIND
def test_a_yes_is_written_down_in_whose_and_which_words(
    line: StoppedLine, coordinator: FlaskClient, sam: Person
) -> None:
    assert "Automated No: nobody has written down a yes" in words(coordinator.get(f"/people/{sam.id}").text)
    with line.database.transaction() as session:
        skipped = coming(session, sam, CheckinState.SKIPPED, reason=CheckinReason.NO_CONSENT).id
    text = words(post(coordinator, sam, **YES).text)
    assert "Automated Yes, since today 19:14" in text
    assert "Yes today 19:14, by phone, their own word “Yes, please ring me on Mondays.”" in text
    with line.database.reading() as session:
        assert session.get_one(Checkin, skipped).state is CheckinState.DUE
        kept = session.scalars(select(Consent.words)).one()
        raw = session.connection().exec_driver_sql("select words from consent").scalar_one()
    assert kept == "Yes, please ring me on Mondays."
    assert "Mondays" not in raw


@ONE_KIND
@pytest.mark.parametrize(
    ("left_out", "problem"),
    [("how", consent_form.NO_HOW), ("whose", consent_form.NO_WHOSE), ("words", consent_form.NO_WORDS)],
)
def test_a_yes_needs_how_whose_and_which_words(
    line: StoppedLine, coordinator: FlaskClient, sam: Person, left_out: str, problem: str
) -> None:
    answer = post(coordinator, sam, **YES | {left_out: " "})
    assert answer.status_code == 422
    assert said(problem) in answer.text
    assert (YES["words"] in answer.text) == (left_out != "words")
    with line.database.reading() as session:
        assert not people.has_consent(session, sam.id)


@ONE_KIND
def test_one_click_ends_all_automated_calls_and_the_page_says_so(
    line: StoppedLine, coordinator: FlaskClient, sam: Person
) -> None:
    with line.database.transaction() as session:
        factories.consent(session, sam, NOW - DAY)
        planned = coming(session, sam).id
        by_hand = coming(session, sam, kind=PlanKind.VOLUNTEER).id
        ringing = coming(session, sam, CheckinState.CALLING, due_at=NOW - MINUTE).id
        leg = factories.leg(session, NOW - MINUTE, state=LegState.PLACED, carrier_sid="CAringing")
        call = factories.call(session, NOW - MINUTE, person_id=sam.id, state=CallState.CHECKIN, leg_id=leg.id)
        factories.attempt(session, session.get_one(Checkin, ringing), call, NOW - MINUTE)
    text = words(post(coordinator, sam, "/end").text)
    assert "Automated No: stopped today 19:14, by a coordinator, on this page" in text
    assert "End all automated calls" not in text
    with line.database.reading() as session:
        assert session.get_one(Checkin, planned).state is CheckinState.SKIPPED
        assert session.get_one(Checkin, planned).reason is CheckinReason.STOPPED
        assert session.get_one(Checkin, ringing).state is CheckinState.STOPPED
        assert session.get_one(Checkin, by_hand).state is CheckinState.DUE
        assert session.get_one(Leg, leg.id).end_wanted_at is not None
        [attempt] = session.get_one(Checkin, ringing).attempts
        assert attempt.result is AttemptResult.CANCELLED
    # Nobody but the coordinator said so: another word may bring them back.
    assert "Automated Yes" in words(post(coordinator, sam, **YES | {"whose": Whose.OTHER}).text)


@ONE_KIND
def test_what_they_stopped_themselves_comes_back_by_their_own_word_alone(
    line: StoppedLine, coordinator: FlaskClient, sam: Person
) -> None:
    with line.database.transaction() as session:
        factories.consent(session, sam, NOW - DAY)
        people.withdraw_consent(session, sam.id, people.KEY_9, NOW - HOUR)
    page = words(coordinator.get(f"/people/{sam.id}").text)
    assert "Automated No: stopped today 18:14, they pressed 9 in a call" in page
    assert "They stopped automated calls themselves. It takes their own word to bring them back." in page
    refused = post(coordinator, sam, **YES | {"whose": Whose.OTHER})
    assert refused.status_code == 422
    assert said(consent_form.NOT_OWN) in refused.text
    assert "Automated Yes" in words(post(coordinator, sam, **YES).text)


@ONE_KIND
def test_a_stop_in_a_volunteers_call_stands_in_the_ledger_until_a_later_yes(
    line: StoppedLine, coordinator: FlaskClient, sam: Person
) -> None:
    with line.database.transaction() as session:
        checkin = coming(session, sam, CheckinState.CALLING, kind=PlanKind.VOLUNTEER)
        call = factories.call(session, NOW - HOUR, person_id=sam.id, state=CallState.RINGING)
        attempt = factories.attempt(session, checkin, call, NOW - HOUR)
        checkins.said_stop(session, attempt, NOW - HOUR)
        people.refuse_volunteers(session, sam.id, people.KEY_9, NOW - HOUR)
        assert people.withdrew_by_own_act(session, sam.id), "9 stops automated calls too"
        assert len(session.scalars(select(Consent)).all()) == 1
    page = words(coordinator.get(f"/people/{sam.id}").text)
    assert "By volunteers No: stopped today 18:14, they pressed 9 in a call" in page
    volunteers = YES | {"kind": ConsentKind.VOLUNTEER_CALLS}
    assert post(coordinator, sam, **volunteers | {"whose": Whose.OTHER}).status_code == 422
    assert "By volunteers Yes, since today 19:14" in words(post(coordinator, sam, **volunteers).text)
    with line.database.transaction() as session:
        assert people.withdrew_by_own_act(session, sam.id)
        people.refuse_volunteers(session, sam.id, people.KEY_9, NOW + HOUR)
        assert people.refuses_volunteers(session, sam.id)
