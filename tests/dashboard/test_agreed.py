"""Whom a peer agreed to be asked, and how far a ladder has come, as pages."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from phoneline.escalation_states import EscalationState, EscalationStep, TellingResult
from phoneline.models import AgreedContact, Person
from phoneline.states import CheckinState, ContactKind, FollowUp, Purpose, Role
from tests import factories
from tests.dashboard.evening import DAY, MINUTE, NOW
from tests.dashboard.pages import StoppedLine, said, token
from tests.dashboard.test_now import words
from tests.databases import ONE_KIND

RAVI = {"name": "Ravi, her brother", "number": "+1 (425) 555-0101", "how": "In a talk with Ana"}
NUMBER = "+14255550101"


@pytest.fixture
def sam(line: StoppedLine) -> Person:
    with line.database.transaction() as session:
        return factories.person(session, now=NOW, name="Sam Sample")


def post(client: FlaskClient, sam: Person, action: str = "", **form: str) -> TestResponse:
    filled = {"csrf_token": token(client, "/")} | form
    return client.post(f"/people/{sam.id}/agreed{action}", data=filled, follow_redirects=True)


def listed(line: StoppedLine) -> list[AgreedContact]:
    with line.database.reading() as session:
        rows = select(AgreedContact).where(AgreedContact.ended_at.is_(None))
        return list(session.scalars(rows.order_by(AgreedContact.position)))


@ONE_KIND
def test_people_are_written_down_moved_up_and_taken_off(
    line: StoppedLine, coordinator: FlaskClient, sam: Person
) -> None:
    text = words(coordinator.get(f"/people/{sam.id}").text)
    assert "this call is about Sam, who gave us your number" in text
    text = words(post(coordinator, sam, **RAVI, words="Sam asks you to look in.", texts_ok="yes").text)
    assert "Ravi, her brother ends in 01 Agreed today 19:14: In a talk with Ana Told the end by text. “Sam asks" in text
    assert NUMBER[-7:] not in text
    post(coordinator, sam, **RAVI | {"name": "Mia", "number": "+14255550102"}, language="fr")
    first, second = listed(line)
    assert (first.number, first.words) == (NUMBER, "Sam asks you to look in.")
    assert (second.name, second.language) == ("Mia", "fr")
    post(coordinator, sam, f"/{second.id}/sooner")
    assert [one.name for one in listed(line)] == ["Mia", "Ravi, her brother"]
    post(coordinator, sam, f"/{first.id}/off")
    assert [one.name for one in listed(line)] == ["Mia"]
    with line.database.reading() as session:
        raw = session.connection().exec_driver_sql("select name, number, words, agreed_how from agreed_contact").all()
    assert not any(word in str(raw) for word in ("Ravi", "0101", "look in", "talk"))


@ONE_KIND
@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"number": "0101"}, "Write the whole number with + and the country"),
        ({"number": "+911"}, "Write the whole number"),
        ({"number": factories.number(99)}, "the line's own number"),
        ({"number": "+442079460123"}, "a country that the line doesn't ring, only CA, US"),
        ({"number": "+19005550123"}, "costs by the minute"),
        ({"number": "own"}, "Sam's own number"),
        ({"number": "+14255550199"}, "This number is on the list."),
        ({"how": " "}, "Say when and how Sam agreed to it"),
        ({"name": ""}, "Say who they are"),
        ({"words": "x" * 201}, "Keep it to 200 characters"),
        ({"language": "tlh"}, "Choose one of the languages."),
    ],
)
def test_what_can_not_be_written_down_comes_back_with_how_to_mend_it(
    line: StoppedLine, coordinator: FlaskClient, sam: Person, changed: dict[str, str], problem: str
) -> None:
    with line.database.transaction() as session:
        factories.agreed_contact(session, sam, NOW, number="+14255550199")
    if changed.get("number") == "own":
        changed = {"number": sam.numbers[0].number}
    answer = post(coordinator, sam, **RAVI | changed)
    assert answer.status_code == 422
    assert said(problem) in answer.text
    assert len(listed(line)) == 1


@ONE_KIND
def test_a_number_that_only_a_plan_names_stands_first_and_strangers_have_no_list(
    line: StoppedLine, coordinator: FlaskClient, sam: Person
) -> None:
    with line.database.transaction() as session:
        plan = {"purpose": Purpose.SAFETY, "escalate_to": "+14255550177"}
        factories.plan(session, sam, NOW.replace(tzinfo=None), NOW, **plan)
        factories.agreed_contact(session, sam, NOW, name="Ravi", stopped_at=NOW - DAY)
        volunteer = factories.person(session, Role.VOLUNTEER, now=NOW)
    text = words(coordinator.get(f"/people/{sam.id}").text)
    assert "The number in their plan ends in 77 Named in a safety plan: asked first. Ravi ends in" in text
    assert "Asked yesterday 19:14 not to be rung again" in text
    assert post(coordinator, volunteer, **RAVI).status_code == 404
    assert "Who is asked when they can" not in coordinator.get(f"/people/{volunteer.id}").text


@ONE_KIND
def test_pages_say_how_far_the_ladder_has_come(line: StoppedLine, coordinator: FlaskClient, sam: Person) -> None:
    began, until = NOW - 20 * MINUTE, NOW + timedelta(minutes=40)
    with line.database.transaction() as session:
        plan = factories.plan(session, sam, NOW.replace(tzinfo=None), NOW, purpose=Purpose.SAFETY)
        checkin = factories.checkin(session, plan, began, state=CheckinState.UNREACHED)
        about = {"kind": ContactKind.CHECKIN, "person_id": sam.id, "checkin_id": checkin.id}
        contact = factories.contact(session, began, follow_up=FollowUp.URGENT, **about)
        taken = {"state": EscalationState.TAKEN, "step": EscalationStep.CONTACTS, "taken_until": until}
        ladder = factories.escalation(session, checkin, began, **taken)
        for step, (name, result) in enumerate((("Mia", TellingResult.NO_ANSWER), ("Ravi", TellingResult.TAKEN))):
            friend = factories.agreed_contact(session, sam, NOW, name=name)
            at = began + step * 15 * MINUTE
            factories.telling(session, ladder, friend, at, step=step, result=result, over_at=at)
    assert "check-in: not reached; Ravi looks after it until 19:54" in words(coordinator.get("/").text)
    text = words(coordinator.get(f"/log/{contact.id}").text)
    assert "Ravi looks after it until 19:54. Then one of you is asked." in text
    assert "Mia did not answer 18:54 Ravi looks after it 19:09" in text
