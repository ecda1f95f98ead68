"""Two records of one person are made one on a page; and it is said who a caller was, or wasn't."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from phoneline import merge_rows, people
from phoneline.models import Account, Call, Checkin, Contact, Person, PersonChange, PersonMerge
from phoneline.states import AccountRole, CallState, CheckinState, ContactKind, FollowUp, Role, SettledBy
from tests import factories
from tests.dashboard.evening import NOW
from tests.dashboard.pages import StoppedLine, said
from tests.dashboard.test_agreed import RAVI
from tests.dashboard.test_now import words
from tests.dashboard.test_person_edit import post, read
from tests.dashboard.test_plans import MONDAYS
from tests.dashboard.test_seen import FORM as SEEN
from tests.databases import ONE_KIND

OLD, NEW = "+14165550145", "+14165550146"
HOUR = timedelta(hours=1)


@pytest.fixture
def sam(line: StoppedLine) -> str:
    with line.database.transaction() as session:
        return factories.person(session, now=NOW, name="Sam", numbers=[OLD]).id


def called(line: StoppedLine, number: str, person_id: str | None = None) -> str:
    """The contact of a call that was answered and has ended."""
    with line.database.transaction() as session:
        ended = {"state": CallState.ENDED, "answered_at": NOW, "ended_at": NOW}
        call = factories.call(session, NOW, person_id=person_id, number=number, **ended)
        return factories.contact(session, NOW, person_id=person_id, call_id=call.id).id


def whose(line: StoppedLine, number: str) -> str | None:
    with line.database.reading() as session:
        found = people.calling_from(session, line.database.lookup_hash(number))
    return found.person_id if found else None


@ONE_KIND
def test_another_record_is_found_looked_at_made_one_and_parted(
    line: StoppedLine, coordinator: FlaskClient, sam: str
) -> None:
    with line.database.transaction() as session:
        other = factories.person(session, now=NOW, name="Samuel R.", numbers=[NEW]).id
        factories.contact(session, NOW, person_id=other)
    page = f"/people/{sam}"
    found = post(coordinator, f"{page}/merge/find", name="(416) 555-0146")
    assert "Samuel R." in found.text
    look = words(post(coordinator, f"{page}/merge/look", other=other).text)
    assert "Are Samuel R. and Sam the same person?" in look
    assert "Contacts on the log One" in look
    assert "Telephone numbers One" in look
    assert post(coordinator, f"{page}/merge", other=other).headers["Location"] == page
    assert whose(line, NEW) == sam
    assert coordinator.get(f"/people/{other}").headers["Location"] == page
    assert "Samuel R." not in coordinator.get("/people").text
    text = words(coordinator.get(page).text)
    assert "The record of Samuel R. was made one with this one today 19:14." in text
    assert "made another record of them one with this one" in text
    with line.database.reading() as session:
        merge_id = session.scalars(select(PersonMerge.id)).one()
    assert post(coordinator, f"{page}/merge/{merge_id}/part").status_code == 303
    assert whose(line, NEW) == other
    assert "Samuel R." in coordinator.get("/people").text
    assert post(coordinator, f"{page}/merge/{merge_id}/part").status_code == 404


@ONE_KIND
def test_what_is_still_sent_for_the_record_that_went_is_refused_rather_than_lost_in_it(
    line: StoppedLine, coordinator: FlaskClient, sam: str
) -> None:
    with line.database.transaction() as session:
        other = factories.person(session, now=NOW, name="Samuel R.", numbers=[NEW]).id
        ana = factories.person(session, Role.VOLUNTEER, now=NOW).id
    plan = MONDAYS | {"kind": "volunteer", "volunteer": ana, "step": "keep"}
    assert post(coordinator, f"/people/{sam}/merge", other=other).status_code == 303
    page = f"/people/{other}"
    answers = [
        post(coordinator, f"{page}/notes", words="Likes the mornings"),
        post(coordinator, f"{page}/contact", **SEEN),
        post(coordinator, f"{page}/agreed", **RAVI),
        post(coordinator, f"{page}/plans", **plan),
        post(coordinator, "/limits/people", person=other, minutes="30"),
    ]
    assert [answer.status_code for answer in answers] == [404] * len(answers)
    with line.database.reading() as session:
        assert not merge_rows.counts(session, other)


@ONE_KIND
def test_what_speaks_against_it_is_said_and_nobody_merges_themselves(
    line: StoppedLine, coordinator: FlaskClient, sam: str
) -> None:
    with line.database.transaction() as session:
        other = factories.person(session, now=NOW, name="Samuel R.", numbers=[NEW, "+14165550147"]).id
    for step in ("/look", ""):
        answer = post(coordinator, f"/people/{sam}/merge{step}", other=other)
        assert "Together they have more than two telephone numbers." in answer.text
        assert "make them one" not in answer.text
    assert read(line, other).merged_into_id is None
    assert post(coordinator, f"/people/{sam}/merge/look", other="nobody").status_code == 404
    with line.database.transaction() as session:
        session.scalars(select(Account).filter_by(role=AccountRole.COORDINATOR)).one().person_id = other
    for step in ("/look", ""):
        assert post(coordinator, f"/people/{sam}/merge{step}", other=other).status_code == 403


@ONE_KIND
def test_an_unknown_caller_is_said_to_be_somebody_with_the_number_and_all_that_came_from_it(
    line: StoppedLine, coordinator: FlaskClient, sam: str
) -> None:
    before, contact = called(line, NEW), called(line, NEW)
    anothers = called(line, "+14165550199")
    with line.database.transaction() as session:
        plan = factories.plan(session, session.get_one(Person, sam), NOW.replace(tzinfo=None), NOW)
        factories.checkin(session, plan, NOW + HOUR)
    page = f"/log/{contact}/who"
    assert "Who was in touch today 19:14?" in coordinator.get(page).text
    assert said("It was Sam") in post(coordinator, f"{page}/find", name="sam").text
    assert post(coordinator, page, person=sam, take_number="yes").headers["Location"] == f"/people/{sam}"
    assert whose(line, NEW) == sam
    with line.database.reading() as session:
        theirs = session.scalars(select(Contact.id).filter_by(person_id=sam)).all()
        assert {before, contact} <= set(theirs)
        assert anothers not in theirs
        assert len(session.scalars(select(Call).filter_by(person_id=sam)).all()) == 2
        checkin = session.scalars(select(Checkin)).one()
        assert (checkin.state, checkin.settled_by) == (CheckinState.TALKED, SettledBy.INBOUND_CALL)
        change = session.scalars(select(PersonChange.id)).one()
    assert post(coordinator, page, person=sam).status_code == 422
    assert "said that an unknown caller had been them" in coordinator.get(f"/people/{sam}?show=changes").text
    post(coordinator, f"/people/{sam}/changes/{change}/undo")
    assert whose(line, NEW) is None
    with line.database.reading() as session:
        left = session.scalars(select(Contact).filter_by(person_id=sam)).one()
    # The check-in that it had settled is somebody's task.
    assert (left.kind, left.follow_up) == (ContactKind.CHECKIN, FollowUp.WANTED)


@ONE_KIND
def test_a_caller_wasnt_them_and_on_a_shared_telephone_is_taken_for_nobody_any_more(
    line: StoppedLine, coordinator: FlaskClient, sam: str
) -> None:
    contact = called(line, OLD, sam)
    page = f"/log/{contact}/who"
    assert said("Was it Sam who was in touch today 19:14?") in coordinator.get(page).text
    assert f"/log/{contact}/who" in coordinator.get(f"/log/{contact}").text
    assert post(coordinator, f"{page}/not", shared="yes").status_code == 303
    assert whose(line, OLD) is None
    with line.database.reading() as session:
        assert session.scalars(select(Contact.person_id)).one() is None
        assert session.scalars(select(Call.person_id)).one() is None
        change = session.scalars(select(PersonChange.id)).one()
    assert "Others use this telephone too" in coordinator.get(f"/people/{sam}").text
    assert post(coordinator, f"{page}/not").status_code == 422
    post(coordinator, f"/people/{sam}/changes/{change}/undo")
    assert whose(line, OLD) == sam
    with line.database.reading() as session:
        assert session.scalars(select(Contact.person_id)).one() == sam


@ONE_KIND
def test_nobody_is_said_to_be_a_caller_whose_call_goes_on(
    line: StoppedLine, coordinator: FlaskClient, sam: str
) -> None:
    with line.database.transaction() as session:
        call = factories.call(session, NOW, number=NEW)
        contact = factories.contact(session, NOW, call_id=call.id).id
    answer = post(coordinator, f"/log/{contact}/who", person=sam)
    assert (answer.status_code, "The call is still going on." in answer.text) == (422, True)
    assert post(coordinator, "/log/nothing/who", person=sam).status_code == 404
    assert post(coordinator, f"/log/{contact}/who", person="nobody").status_code == 404
