"""Somebody is written down, and changed, on a page; what was changed can be seen and taken back."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, select, update
from werkzeug.test import TestResponse

from dashboard.current import LINE
from phoneline.crypto import folded
from phoneline.models import AccessLog, Account, DutyHours, Person, PersonChange, Shift, ShiftHours
from phoneline.person_states import PersonAct
from phoneline.states import AccessAction, AccountRole, Duty, Role
from tests import factories
from tests.dashboard.evening import EMAILS, NOW
from tests.dashboard.pages import StoppedLine, said, token
from tests.dashboard.test_now import words
from tests.databases import ONE_KIND

FILLED = {"name": "Sam  Roy", "roles": ["peer"], "language": "fr", "prefers": "women, Trans; women"}


@pytest.fixture
def sam(line: StoppedLine) -> str:
    with line.database.transaction() as session:
        return factories.person(session, now=NOW, name="Sam", numbers=["+14165550145"]).id


def post(client: FlaskClient, path: str, **filled: Any) -> TestResponse:
    return client.post(path, data={"csrf_token": token(client, "/people"), **filled})


def read(line: StoppedLine, person_id: str) -> Person:
    with line.database.reading() as session:
        return session.get_one(Person, person_id)


def last_change(line: StoppedLine) -> PersonChange:
    with line.database.reading() as session:
        changes = session.scalars(select(PersonChange).where(PersonChange.undone_at.is_(None)))
        return changes.all()[-1]


@ONE_KIND
def test_somebody_new_is_written_down_with_a_number_as_one_dials_it(
    line: StoppedLine, coordinator: FlaskClient
) -> None:
    answer = post(coordinator, "/people/new", **FILLED, number="(416) 555-0123")
    assert answer.status_code == 303
    made = read(line, answer.headers["Location"].rsplit("/", 1)[1])
    assert (made.name, made.language, made.prefers) == ("Sam Roy", "fr", ["women", "Trans"])
    assert made.name_hash == line.database.lookup_hash(folded("sam roy"))
    assert [one.number for one in made.numbers] == ["+14165550123"]
    assert not made.ready
    text = words(coordinator.get(answer.headers["Location"]).text)
    assert f"{EMAILS[AccountRole.COORDINATOR]} wrote them down" in text


@ONE_KIND
@pytest.mark.parametrize(
    ("wrong", "mend"),
    [
        ({"name": " "}, "Please write what they are called"),
        ({"alias": "x" * 61}, "Please keep it below 60 characters"),
        ({"roles": []}, "Please say what they are here"),
        ({"timezone": "Nowhere/Land"}, "Please choose a time zone from the list"),
        ({"skills": ",".join(map(str, range(21)))}, "Please write at most 20."),
        ({"number": "12"}, "This is no telephone number."),
        ({"number": "+44 20 7946 0123"}, "only CA, US"),
        ({"roles": ["volunteer"], "number": "416 555 0145"}, "Is it perhaps the same person?"),
    ],
)
def test_what_wont_do_comes_back_with_what_to_mend(
    line: StoppedLine, coordinator: FlaskClient, sam: str, wrong: dict[str, Any], mend: str
) -> None:
    answer = post(coordinator, "/people/new", **{**FILLED, **wrong})
    assert (answer.status_code, said(mend) in answer.text) == (422, True)
    with line.database.reading() as session:
        assert len(session.scalars(select(Person)).all()) == 1


@ONE_KIND
def test_a_change_is_written_down_without_its_words_and_can_be_taken_back(
    line: StoppedLine, coordinator: FlaskClient, sam: str
) -> None:
    page = f"/people/{sam}"
    changed = {"name": "Samira", "alias": "Blue Heron", "roles": ["peer", "volunteer"], "timezone": "America/Winnipeg"}
    assert post(coordinator, f"{page}/edit", **changed).status_code == 303
    after = read(line, sam)
    assert (after.name, after.alias, after.known_as) == ("Samira", "Blue Heron", "Blue Heron")
    assert after.numbers[0].sole
    text = words(coordinator.get(f"{page}?show=changes").text)
    assert "changed their record: name, alias, roles, time zone" in text
    with line.database.engine.connect() as connection:
        assert "Samira" not in str(connection.exec_driver_sql("select * from person_change").all())
    change = last_change(line)
    assert post(coordinator, f"{page}/changes/{change.id}/undo").status_code == 303
    before = read(line, sam)
    assert (before.name, before.alias, before.timezone) == ("Sam", None, None)
    assert before.has(Role.PEER)
    assert not before.has(Role.VOLUNTEER)
    assert not before.numbers[0].sole
    assert "Taken back since" in coordinator.get(f"{page}?show=changes").text
    post(coordinator, f"{page}/changes/{change.id}/undo")
    assert read(line, sam).name == "Sam"


@ONE_KIND
@pytest.mark.parametrize(
    ("role", "duty", "mend", "where"),
    [
        (Role.VOLUNTEER, Duty.CALLS, "They still have shifts ahead as a volunteer.", "/roster/people/{person}"),
        (Role.COORDINATOR, Duty.COORDINATOR, "They still have duty ahead as a coordinator.", "/roster"),
    ],
)
def test_a_role_is_taken_off_when_nothing_is_ahead_that_needs_it(
    line: StoppedLine, coordinator: FlaskClient, role: Role, duty: Duty, mend: str, where: str
) -> None:
    local = NOW.replace(tzinfo=None)
    with line.database.transaction() as session:
        ana = factories.person(session, role, Role.PEER, now=NOW, name="Ana")
        factories.shift(session, ana, local, local + timedelta(hours=2), NOW, rrule="FREQ=DAILY", duty=duty)
    page = f"/people/{ana.id}/edit"
    assert post(coordinator, page, name="Ann", roles=[role.value]).status_code == 303, "another role is"
    answer = post(coordinator, page, name="Anna", roles=["peer"])
    assert (answer.status_code, said(mend) in answer.text) == (422, True)
    assert f'href="{where.format(person=ana.id)}" target="_blank"' in answer.text
    assert 'value="Anna"' in answer.text, "what was typed is still there"
    assert read(line, ana.id).has(role)
    assert coordinator.get(where.format(person=ana.id)).status_code == 200
    with line.database.transaction() as session:
        # Each date that is laid out is somebody else's, and those that follow would be theirs.
        session.execute(delete(ShiftHours))
        session.execute(delete(DutyHours))
    assert post(coordinator, page, name="Anna", roles=["peer"]).status_code == 422
    with line.database.transaction() as session:
        session.execute(update(Shift).values(until_local=local))
    assert post(coordinator, page, name="Anna", roles=["peer"]).status_code == 303
    assert not read(line, ana.id).has(role)


@ONE_KIND
def test_only_the_last_change_is_taken_back_and_only_if_it_still_can_be(
    line: StoppedLine, coordinator: FlaskClient, sam: str
) -> None:
    page = f"/people/{sam}"
    with line.database.transaction() as session:
        ana = factories.person(session, Role.VOLUNTEER, now=NOW, name="Ana", numbers=["+14165550177"]).id
    post(coordinator, f"/people/{ana}/edit", name="Ana", roles=["peer"])
    post(coordinator, f"{page}/numbers", number="416 555 0177")
    assert numbers(line, sam) == ["+14165550145", "+14165550177"]
    assert "the line can" in coordinator.get(f"/people/{ana}").text
    answer = post(coordinator, f"/people/{ana}/changes/{_of(line, ana).id}/undo")
    assert answer.status_code == 422
    assert said("a volunteer's number is theirs alone") in answer.text
    first = _of(line, sam)
    coordinator.application.extensions[LINE] = replace(line, at=NOW + timedelta(minutes=1))
    post(coordinator, f"{page}/numbers/{read(line, sam).numbers[1].id}/sooner")
    assert numbers(line, sam) == ["+14165550177", "+14165550145"]
    second = _of(line, sam)
    post(coordinator, f"{page}/changes/{first.id}/undo")
    assert numbers(line, sam) == ["+14165550177", "+14165550145"]
    post(coordinator, f"{page}/changes/{second.id}/undo")
    assert numbers(line, sam) == ["+14165550145", "+14165550177"]
    post(coordinator, f"{page}/changes/{first.id}/undo")
    assert numbers(line, sam) == ["+14165550145"]
    post(coordinator, f"{page}/numbers/{read(line, sam).numbers[0].id}/off")
    assert "No number is known" in coordinator.get(page).text


def numbers(line: StoppedLine, person_id: str) -> list[str]:
    return [one.number for one in read(line, person_id).numbers]


def _of(line: StoppedLine, person_id: str) -> PersonChange:
    """The newest change of theirs that stands."""
    with line.database.reading() as session:
        theirs = select(PersonChange).filter_by(person_id=person_id, undone_at=None).order_by(PersonChange.at)
        stand = session.scalars(theirs)
        return [one for one in stand if one.act in {PersonAct.EDITED, PersonAct.NUMBERS}][-1]


@ONE_KIND
def test_numbers_are_shown_when_asked_for_and_that_is_written_down(
    line: StoppedLine, coordinator: FlaskClient, sam: str
) -> None:
    assert "555 0145" not in coordinator.get(f"/people/{sam}").text
    shown = post(coordinator, f"/people/{sam}/numbers/show").text
    assert "+1 416 555 0145" in shown
    with line.database.reading() as session:
        log = session.execute(select(AccessLog.action, AccessLog.about_id)).all()
    assert (AccessAction.NUMBER_SHOWN, sam) in [tuple(row) for row in log]
    looks = words(coordinator.get(f"/people/{sam}?show=looks").text)
    who = EMAILS[AccountRole.COORDINATOR]
    assert f"{who} was shown their number" in looks
    assert looks.count(f"{who} looked at this page") == 1


@ONE_KIND
@pytest.mark.parametrize(
    "path", ["", "/edit", "/numbers", "/numbers/show", "/notes", "/consent", "/agreed", "/readiness", "/login"]
)
def test_nobody_meets_their_own_record_as_staff(
    line: StoppedLine, coordinator: FlaskClient, sam: str, path: str
) -> None:
    with line.database.transaction() as session:
        session.scalars(select(Account).filter_by(role=AccountRole.COORDINATOR)).one().person_id = sam
    csrf = token(coordinator, "/people")
    answer = coordinator.post(f"/people/{sam}{path}", data={"csrf_token": csrf}) if path else None
    answer = answer or coordinator.get(f"/people/{sam}")
    assert answer.status_code == 403
    assert "This is about you" in answer.text
    assert "Sam" not in coordinator.get("/people").text
