"""Everything that happened between somebody and the line, in one list."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, select

from dashboard.queries_timeline import PAGE
from phoneline import people, person_changes
from phoneline.models import PersonNote
from phoneline.person_states import PersonAct
from phoneline.states import (
    AccountRole,
    AttemptResult,
    CheckinState,
    ContactKind,
    Direction,
    FollowUp,
    Role,
    SettledBy,
    TextState,
)
from tests import factories
from tests.dashboard import pages
from tests.dashboard.evening import EMAILS, NOW
from tests.dashboard.pages import StoppedLine, said
from tests.dashboard.test_now import words
from tests.dashboard.test_person_edit import post
from tests.databases import ONE_KIND

HOUR = timedelta(hours=1)


@pytest.fixture
def sam(line: StoppedLine) -> str:
    """Somebody to whom one thing of each kind happened, an hour apart."""
    with line.database.transaction() as session:
        one = factories.person(session, now=NOW, name="Sam")
        ana = factories.person(session, Role.VOLUNTEER, now=NOW, name="Ana")
        factories.contact(session, NOW - HOUR, person_id=one.id, volunteer_id=ana.id, kind=ContactKind.IN_PERSON)
        done = NOW - HOUR - HOUR / 2
        factories.contact(
            session,
            NOW - 20 * HOUR,
            person_id=one.id,
            kind=ContactKind.VOICEMAIL,
            follow_up=FollowUp.DONE,
            done_at=done,
        )
        plan = factories.plan(session, one, NOW.replace(tzinfo=None), NOW)
        late = factories.checkin(session, plan, NOW - 2 * HOUR)
        late.state, late.settled_by = CheckinState.OK, SettledBy.KEYPAD
        for minutes, result in enumerate((AttemptResult.NO_ANSWER, AttemptResult.OK)):
            rung = factories.call(session, NOW, direction=Direction.OUTBOUND)
            at = NOW - 2 * HOUR + timedelta(minutes=minutes)
            factories.attempt(session, late, rung, at, result=result, over_at=NOW)
        factories.checkin(session, plan, NOW + HOUR)
        factories.text_out(session, NOW - 3 * HOUR, person_id=one.id, state=TextState.DELIVERED)
        people.give_consent(session, one.id, people.SPREADSHEET, NOW - 5 * HOUR)
        people.withdraw_consent(session, one.id, people.KEY_9, NOW - 4 * HOUR)
        person_changes.note(session, one.id, PersonAct.PLAN_PAUSED, None, NOW - 6 * HOUR)
        return one.id


def test_it_has_all_of_it_newest_first(coordinator: FlaskClient, sam: str) -> None:
    text = words(coordinator.get(f"/people/{sam}").text)
    lines = (
        "In person with Ana",
        "Follow-up done",
        said("Check-in: said: I'm OK"),
        "A text reached them",
        "Automated calls stopped: they pressed 9 in a call",
        "Yes to automated calls, by the people spreadsheet",
        "They themselves, by telephone, paused a check-in plan",
        "Message",
    )
    places = [text.index(line, text.index("What happened")) for line in lines]
    assert places == sorted(places)
    assert said("Two attempts: no answer, said: I'm OK") in text
    assert text.count("Check-in: ") == 1


@ONE_KIND
@pytest.mark.parametrize(
    ("show", "there", "gone"),
    [
        ("talks", "In person with Ana", "Check-in: "),
        ("checkins", "Check-in: said", "In person with Ana"),
        ("texts", "A text reached them", "In person with Ana"),
        ("plans", "paused a check-in plan", "A text reached them"),
    ],
)
def test_it_is_narrowed_in_plain_words(coordinator: FlaskClient, sam: str, show: str, there: str, gone: str) -> None:
    text = words(coordinator.get(f"/people/{sam}?show={show}").text)
    shown = text[text.index("What happened") : text.index("You saw or spoke with them elsewhere?")]
    assert there in shown
    assert gone not in shown


def test_older_lines_follow_without_a_gap_and_however_many_there_are_it_asks_as_little(
    line: StoppedLine, coordinator: FlaskClient, sam: str
) -> None:
    asked: list[str] = []
    event.listen(line.database.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    coordinator.get(f"/people/{sam}")
    few, asked[:] = len(asked), []
    with line.database.transaction() as session:
        for number in range(PAGE + 3):
            # Two at each instant: the place is told by the id as well.
            session.add(PersonNote(person_id=sam, at=NOW - number // 2 * HOUR / 60, words=f"Note {number:02}!"))
    asked[:] = []
    first = coordinator.get(f"/people/{sam}?show=notes").text
    assert len(asked) <= few
    onward = first.split("before=")[1].split("#")[0].replace("&amp;", "&")
    second = coordinator.get(f"/people/{sam}?show=notes&before={onward}").text
    seen = [number for number in range(PAGE + 3) for text in (first, second) if f"Note {number:02}!" in text]
    assert seen == list(range(PAGE + 3))


@ONE_KIND
def test_a_note_is_its_writers_to_mend_to_take_off_and_to_put_back(
    line: StoppedLine, coordinator: FlaskClient, sam: str
) -> None:
    page = f"/people/{sam}"
    assert post(coordinator, f"{page}/notes", words=" ").status_code == 422
    assert post(coordinator, f"{page}/notes", words="x" * 2001).status_code == 422
    assert post(coordinator, "/people/nobody/notes", words="Hello").status_code == 404
    assert post(coordinator, f"{page}/notes", words="Likes cats.\r\nTea.").status_code == 303
    with line.database.reading() as session:
        note = session.scalars(select(PersonNote)).one()
    assert note.words == "Likes cats.\nTea."
    text = words(coordinator.get(page).text)
    assert f"Note by {EMAILS[AccountRole.COORDINATOR]}" in text
    admin = pages.logged_in(coordinator.application, AccountRole.ADMIN)
    assert post(admin, f"{page}/notes/{note.id}", words="Dogs").status_code == 404
    assert "Likes cats." in admin.get(page).text
    assert f"/notes/{note.id}" not in admin.get(page).text
    post(coordinator, f"{page}/notes/{note.id}", words="Likes dogs.")
    assert "Changed today 19:14" in words(coordinator.get(page).text)
    taken_off = post(coordinator, f"{page}/notes/{note.id}/off").text
    assert "The note is taken off." in taken_off
    assert "Likes dogs." not in taken_off
    post(coordinator, f"{page}/notes/{note.id}/back")
    assert "Likes dogs." in coordinator.get(page).text
