"""A volunteer's own page: what they do for themselves, and that they see nothing of callers but what these share."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from dashboard.access import MAY
from phoneline import alarms, own_notes
from phoneline.models import (
    Account,
    Checkin,
    CheckinTry,
    Contact,
    Debrief,
    Leg,
    Offer,
    Pause,
    Person,
    Practice,
    ShiftHours,
    Unavailable,
)
from phoneline.states import (
    AccountRole,
    AlarmKind,
    CallState,
    CheckinState,
    ContactOutcome,
    FollowUp,
    LegPurpose,
    LegState,
    OfferResult,
    PauseReason,
    PlanKind,
    Role,
)
from phoneline.volunteer_states import DebriefState, Shares
from tests import factories
from tests.dashboard.evening import HOUR, MINUTE, NOW
from tests.dashboard.pages import StoppedLine, said, token
from tests.dashboard.test_access import routes
from tests.dashboard.test_contact import ATTACK, words
from tests.dashboard.test_limits import post
from tests.dashboard.test_tongue import bracketed, untold
from tests.databases import ONE_KIND

__all__ = ["bracketed"]

CANARY = "Canary"
"""No volunteer's page may sing this name."""
NUMBER = factories.number(66)


@pytest.fixture
def ana(line: StoppedLine) -> str:
    """The volunteer whose login it is."""
    with line.database.transaction() as session:
        made = factories.person(session, Role.VOLUNTEER, now=NOW, name="Ana Example").id
        session.execute(update(Account).where(Account.role == AccountRole.VOLUNTEER).values(person_id=made))
        return made


def talked(line: StoppedLine, who: str, ago: timedelta = 20 * MINUTE, **peer: Any) -> tuple[str, str]:
    """A call that they took, over since a few minutes: the ids of the offer and of the contact."""
    at = NOW - ago
    with line.database.transaction() as session:
        caller = factories.person(session, now=NOW, name=f"{CANARY} Secret", numbers=[NUMBER], **peer)
        call = factories.call(session, at, person_id=caller.id, number=NUMBER, state=CallState.ENDED, volunteer_id=who)
        call.answered_at, call.ended_at = at, at + 5 * MINUTE
        made = factories.offer(session, call, session.get_one(Person, who), at, OfferResult.ACCEPTED)
        made.leg.state = LegState.ENDED
        made.accepted_at = made.joined_at = at
        made.conversation_ended_at = at + 5 * MINUTE
        contact = factories.contact(session, at, person_id=caller.id, call_id=call.id, volunteer_id=who)
        return made.id, contact.id


def listed(line: StoppedLine, usual: str | None, name: str = "Sam Secret", due: timedelta = HOUR, **plan: Any) -> str:
    """A check-in that a volunteer is to make."""
    with line.database.transaction() as session:
        peer = factories.person(session, now=NOW, name=name)
        given = {"kind": PlanKind.VOLUNTEER, "volunteer_id": usual} | plan
        planned = factories.plan(session, peer, (NOW + due).replace(tzinfo=None), NOW, **given)
        return factories.checkin(session, planned, NOW + due).id


def page(client: FlaskClient, path: str = "/me") -> str:
    return words(client.get(path).text)


def contact(line: StoppedLine, contact_id: str) -> Contact:
    with line.database.reading() as session:
        return session.get_one(Contact, contact_id)


@ONE_KIND
def test_on_shift_off_shift_and_a_break_go_as_by_the_keys(line: StoppedLine, volunteer: FlaskClient, ana: str) -> None:
    assert "You are off shift. Go on shift now" in page(volunteer)
    assert post(volunteer, "/me/shift/break", minutes="30") == 303, "off shift there is nothing to rest from"
    assert post(volunteer, "/me/shift/on") == 303
    assert "You are on shift until 21:15. Calls ring your phone." in page(volunteer)
    for minutes in ("30", "60"):
        assert post(volunteer, "/me/shift/break", minutes=minutes) == 303
    assert "You are on a break until 20:14. On shift until 21:15. Ring me again Go off shift" in page(volunteer)
    assert post(volunteer, "/me/shift/break", minutes="7") == 400
    assert post(volunteer, "/me/shift/back") == 303
    assert "You are on shift until 21:15." in page(volunteer)
    assert post(volunteer, "/me/shift/off") == 303
    assert "You are off shift." in page(volunteer)
    assert post(volunteer, "/me/shift/elsewhere") == 404
    with line.database.reading() as session:
        assert session.scalars(select(ShiftHours.person_id)).all() == [ana]
        assert len(session.scalars(select(Pause)).all()) == 2


@ONE_KIND
def test_who_is_not_ready_is_offered_the_practice_line_alone(
    line: StoppedLine, volunteer: FlaskClient, coordinator: FlaskClient, ana: str
) -> None:
    with line.database.transaction() as session:
        session.get_one(Person, ana).ready = False
    listed(line, ana, due=-MINUTE)
    shown = page(volunteer)
    assert "Your phone doesn't ring for calls yet." in shown.replace("&#39;", "'")
    assert "Go on shift now" not in shown
    assert post(volunteer, "/me/shift/on") == 303
    for _ in range(2):
        assert post(volunteer, "/me/practice") == 303
    with line.database.reading() as session:
        assert session.scalars(select(ShiftHours)).all() == []
        rung = session.scalars(select(Practice)).one()
        assert rung.leg is not None
        assert (rung.person_id, rung.leg.purpose) == (ana, LegPurpose.PRACTICE)
    assert "Your phone rings: pick up to practise." in page(volunteer)
    assert "Not a whole call on the practice line so far." in page(coordinator, f"/people/{ana}")
    with line.database.transaction() as session:
        done = session.scalars(select(Practice)).one()
        done.finished_at = done.over_at = NOW
    assert "You practised last today 19:14." in page(volunteer)
    assert "Practised one whole call, today 19:14." in page(coordinator, f"/people/{ana}")


@ONE_KIND
def test_call_rings_their_own_phone_for_nobody_but_them(line: StoppedLine, volunteer: FlaskClient, ana: str) -> None:
    mine = listed(line, ana, topics="chess")
    other = listed(line, None, "Kim Secret", due=-MINUTE)
    assert "Sam planned 20:14 Shared with you: chess Call : Sam, 20:14" in page(volunteer)
    assert post(volunteer, f"/me/check-ins/{other}/call") == 303, "of the shift's, while they are on no shift"
    for _ in range(2):
        assert post(volunteer, f"/me/check-ins/{mine}/call") == 303
    with line.database.reading() as session:
        offer, tried = session.scalars(select(Offer)).one(), session.scalars(select(CheckinTry)).one()
        assert (offer.volunteer_id, offer.call.state, tried.checkin_id) == (ana, CallState.SEEKING, mine)
        assert tried.by_themselves
        assert session.get_one(Checkin, mine).attempt_due_at == NOW + HOUR, "nobody else calls before its time"
        assert session.scalars(select(Leg)).one().number == offer.volunteer.numbers[0].number
    shown = page(volunteer)
    assert "Your phone rings: press 1 to take the call." in shown
    assert "Sam your phone rings: press 1" in shown
    seen = re.findall(r'name="seen" value="(\w+)"', volunteer.get("/me").text)[0]
    assert volunteer.get(f"/me/live?seen={seen}").status_code == 204
    with line.database.transaction() as session:
        session.execute(update(Offer).values(result=OfferResult.ACCEPTED, accepted_at=NOW))
    assert "you are talking" in volunteer.get(f"/me/live?seen={seen}").text


@ONE_KIND
def test_why_nobody_is_rung_is_said(line: StoppedLine, volunteer: FlaskClient, ana: str) -> None:
    mine = listed(line, ana)

    def told() -> str:
        answer = volunteer.post(f"/me/check-ins/{mine}/call", data={"csrf_token": token(volunteer, "/")})
        assert "Not called: " in page(volunteer, answer.headers["Location"])
        return answer.headers["Location"].partition("=")[2]

    with line.database.transaction() as session:
        session.add(ShiftHours(person_id=ana, tier=1, starts_at=NOW - HOUR, ends_at=NOW + HOUR))
        session.add(Pause(person_id=ana, reason=PauseReason.BREAK, since=NOW, until=NOW + HOUR))
    assert told() == "call_on_break"
    with line.database.transaction() as session:
        session.execute(update(Pause).values(ended_at=NOW))
        session.execute(update(Checkin).values(state=CheckinState.TALKED))
    assert told() == "call_not_now"
    with line.database.transaction() as session:
        session.get_one(Person, ana).ready = False
    assert told() == "call_not_ready"
    with line.database.reading() as session:
        assert session.scalars(select(Offer)).all() == []


@ONE_KIND
def test_how_a_call_was_is_said_late_with_a_note_that_coordinators_read(
    line: StoppedLine, volunteer: FlaskClient, coordinator: FlaskClient, ana: str
) -> None:
    offer_id, contact_id = talked(line, ana)
    shown = page(volunteer)
    assert "How was your last call? With a caller, 15 min ago, 18:59." in shown
    assert "A caller 5 min · nothing was said 18:54" in shown
    assert post(volunteer, f"/me/calls/{offer_id}", outcome="follow_up", note=ATTACK) == 303
    assert post(volunteer, f"/me/calls/{offer_id}", outcome="fine") == 303, "the first word holds"
    kept = contact(line, contact_id)
    assert (kept.outcome, kept.follow_up, kept.note) == (ContactOutcome.FOLLOW_UP, FollowUp.WANTED, ATTACK)
    assert said(ATTACK) in coordinator.get(f"/log/{contact_id}").text
    after = volunteer.get("/me").text
    assert said(ATTACK) in after
    assert "How was your last call?" not in after
    assert post(volunteer, f"/me/notes/{contact_id}", note="She has a new cat.") == 303
    assert contact(line, contact_id).note == "She has a new cat."
    long = volunteer.post(
        f"/me/notes/{contact_id}", data={"csrf_token": token(volunteer, "/"), "note": "x" * (own_notes.LONGEST + 1)}
    )
    assert long.status_code == 422
    assert "xxx</textarea>" in long.text, "what was typed is kept"
    assert post(volunteer, f"/me/notes/{contact_id}", note=" ") == 303
    assert contact(line, contact_id).note is None


@ONE_KIND
def test_a_note_is_theirs_for_a_day_and_never_takes_anothers_place(
    line: StoppedLine, volunteer: FlaskClient, ana: str
) -> None:
    offer_id, contact_id = talked(line, ana)
    with line.database.transaction() as session:
        ravi = factories.person(session, Role.VOLUNTEER, now=NOW, name="Ravi")
        row = session.get_one(Contact, contact_id)
        row.note, row.note_by_id, row.note_at = "Ravi's words.", ravi.id, NOW
    assert post(volunteer, f"/me/notes/{contact_id}", note="Mine.") == 303
    assert contact(line, contact_id).note == "Ravi's words.", "not theirs to change"
    for mine in ("First.", "Second."):
        assert post(volunteer, f"/me/calls/{offer_id}", note=mine) == 303
        assert contact(line, contact_id).note == f"Ravi's words.\n\n{mine}"
    assert "Ravi" not in page(volunteer)
    with line.database.transaction() as session:
        session.get_one(Contact, contact_id).note_at = NOW - own_notes.TO_CHANGE
    assert post(volunteer, f"/me/notes/{contact_id}", note="Later.") == 303
    assert contact(line, contact_id).note == "Ravi's words.\n\nSecond."
    with line.database.transaction() as session:
        session.get_one(Offer, offer_id).volunteer_id = ravi.id
    assert post(volunteer, f"/me/calls/{offer_id}", note="Of another's call.") == 303
    assert "Of another" not in str(contact(line, contact_id).note)


@ONE_KIND
def test_a_name_is_shown_where_the_peer_shares_it(
    line: StoppedLine, volunteer: FlaskClient, coordinator: FlaskClient, ana: str
) -> None:
    _, contact_id = talked(line, ana)
    assert "With a caller, 15 min ago" in page(volunteer)
    person = f"/people/{contact(line, contact_id).person_id}"
    assert 'value="usual" checked' in coordinator.get(person).text
    assert post(coordinator, f"{person}/shares", shares="all") == 400
    assert post(coordinator, f"{person}/shares", shares=Shares.TEAM) == 303
    shown = volunteer.get("/me").text
    assert f"With {CANARY}, 15 min ago" in words(shown)
    assert "Secret" not in shown, "the first name alone"


@ONE_KIND
def test_a_wish_to_talk_stands_on_the_first_page_until_somebody_has(
    line: StoppedLine, volunteer: FlaskClient, coordinator: FlaskClient, ana: str
) -> None:
    for _ in range(2):
        assert post(volunteer, "/me/debrief/ask") == 303
    assert "The coordinators know that you'd like to talk." in page(volunteer).replace("&#39;", "'")
    with line.database.reading() as session:
        wish = session.scalars(select(Debrief)).one()
    first, theirs = "would like to talk with somebody about a call", f"/debriefs/{wish.id}"
    assert f"Ana Example {first} since 19:14" in words(coordinator.get("/").text)
    assert post(volunteer, f"{theirs}/take") == 403
    assert post(coordinator, f"{theirs}/take") == 303
    assert "coordinator@example.org talks with them" in words(coordinator.get("/").text)
    assert "A coordinator will talk with you soon." in page(volunteer)
    for act, said_then in (("done", "has talked with somebody"), ("undo", "talks with them")):
        assert post(coordinator, f"{theirs}/{act}") == 303
        assert said_then in words(coordinator.get("/").text)
    assert post(volunteer, "/me/debrief/off") == 303
    with line.database.transaction() as session:
        wish = session.scalars(select(Debrief)).one()
        assert (wish.person_id, wish.state) == (ana, DebriefState.DONE)
        wish.state, wish.done_at = DebriefState.TAKEN, None
        session.execute(update(Account).values(person_id=None))
        session.execute(update(Account).where(Account.role == AccountRole.COORDINATOR).values(person_id=ana))
    assert "somebody else sees to it" in coordinator.get("/").text
    assert post(coordinator, f"{theirs}/done") == 403, "another sees to it"
    for path in (f"{theirs}/else", "/debriefs/made-up/take", "/me/debrief/else"):
        assert post(coordinator, path) == 404


@ONE_KIND
def test_a_login_that_is_nobodys_learns_how_and_does_nothing(line: StoppedLine, volunteer: FlaskClient) -> None:
    assert "tied to a volunteer yet" in page(volunteer)
    for path in ("shift/on", "practice", "debrief/ask", "calls/x", "notes/x", "check-ins/x/call"):
        assert post(volunteer, f"/me/{path}", outcome="fine", note="x") == 404
    assert volunteer.get("/me/live").status_code == 204


@ONE_KIND
def test_no_page_of_a_volunteers_names_a_peer_or_a_number_that_was_not_shared(
    line: StoppedLine, app: Flask, volunteer: FlaskClient, ana: str
) -> None:
    _, contact_id = talked(line, ana)
    listed(line, None, f"{CANARY} Two", due=-MINUTE, topics=f"{CANARY} topic")
    with line.database.transaction() as session:
        peer = factories.person(session, now=NOW, name=f"{CANARY} Three", numbers=[factories.number(68)])
        waits = factories.call(session, NOW - MINUTE, person_id=peer.id, number=factories.number(68))
        factories.offer(session, waits, session.get_one(Person, ana), NOW)
        urgent = factories.contact(session, NOW, person_id=peer.id, follow_up=FollowUp.URGENT, note=f"{CANARY} note")
        alarms.raise_alarm(session, AlarmKind.URGENT_FOLLOW_UP, urgent.id, NOW, urgent.id)
        session.get_one(Contact, contact_id).note = f"{CANARY} wrote"
    theirs = {one for one in MAY if AccountRole.VOLUNTEER in MAY[one]}
    opened = [path for endpoint, method, path in routes(app) if endpoint in theirs and method == "GET"]
    assert len(opened) > 8
    for path in [*opened, f"/log/{contact_id}", f"/people/{peer.id}"]:
        shown = volunteer.get(path.replace("made-up", peer.id), follow_redirects=True).text
        for secret in (CANARY, NUMBER, factories.number(68), NUMBER[-4:], factories.number(68)[-4:]):
            assert secret not in shown, (path, secret)


@ONE_KIND
def test_their_pages_take_their_words_from_the_catalogues(
    line: StoppedLine, volunteer: FlaskClient, ana: str, bracketed: None
) -> None:
    offer_id, _ = talked(line, ana)
    listed(line, ana, "Sam", topics="0")
    with line.database.transaction() as session:
        ravi = factories.person(session, Role.VOLUNTEER, now=NOW, name="Ravi")
        for number, who in enumerate((ana, ravi.id, None, None)):
            begins = NOW + (20 + 3 * number) * HOUR
            session.add(ShiftHours(person_id=who, tier=2, starts_at=begins, ends_at=begins + HOUR))
        local = NOW.replace(tzinfo=None)
        for rule in ("", "FREQ=WEEKLY;BYDAY=TU"):
            session.add(Unavailable(person_id=ana, starts_local=local + HOUR, ends_local=local + 2 * HOUR, rrule=rule))
        session.execute(update(Account).values(timezone="Europe/Paris"))
    for path in ("/me?told=on", "/my-shifts", "/me?told=too_late"):
        shown = volunteer.get(path).text.split("<main")[1].split("</main>")[0]
        shown = re.sub(r'<p class="stale".*?</p>', "", shown)
        assert set(untold(f"<main{shown}")) <= {"Sam", "Ravi"}, path
        post(volunteer, f"/me/calls/{offer_id}", note="0")
        post(volunteer, "/me/shift/on")
