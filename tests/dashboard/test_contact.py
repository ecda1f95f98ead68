import re
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select, update
from structlog.testing import capture_logs

from phoneline.models import AccessLog, Account, Checkin, Contact
from phoneline.states import (
    AccessAction,
    AccountRole,
    AttemptResult,
    CallOutcome,
    CallState,
    CheckinState,
    ContactKind,
    ContactOutcome,
    FollowUp,
    HandoverKind,
    OfferResult,
    PlanKind,
    Role,
)
from tests import factories
from tests.dashboard import pages
from tests.dashboard.evening import EMAILS, NOW, Evening
from tests.dashboard.pages import StoppedLine, said, token
from tests.databases import counting

ATTACK = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
NUMBER = factories.number(42)
READ_ALOUD = "+1 416 555 0142"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def promised(line: StoppedLine) -> str:
    """Somebody unknown was promised a call back a while ago: the contact's id."""
    with line.database.transaction() as session:
        at = NOW - 25 * MINUTE
        call = factories.call(session, at, number=NUMBER, state=CallState.ENDED, outcome=CallOutcome.CALLBACK)
        return factories.contact(session, at, call_id=call.id, kind=ContactKind.CALLBACK, follow_up=FollowUp.WANTED).id


def words(text: str) -> str:
    """The page's own part as words."""
    main = text.split("<main", 1)[1].split("</main>", maxsplit=1)[0]
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", f"<{main}").split()))


def shown(client: FlaskClient, contact_id: str, **headers: str) -> str:
    """What pressing "Show number" answers."""
    answer = client.post(f"/log/{contact_id}/number", data={"csrf_token": token(client, "/")}, headers={**headers})
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Location" not in answer.headers
    return answer.text


def looks(line: StoppedLine) -> list[AccessLog]:
    with line.database.reading() as session:
        return list(session.scalars(select(AccessLog)))


def test_the_sentence_says_who_what_was_promised_and_when(coordinator: FlaskClient, promised: str) -> None:
    text = coordinator.get(f"/log/{promised}").text
    assert "An unknown caller was promised a call back today 18:49. Somebody has to call them." in text


@pytest.mark.parametrize(
    ("kind", "ending", "outcome", "follow_up", "sentence"),
    [
        (ContactKind.CALL, CallOutcome.CONNECTED, ContactOutcome.FOLLOW_UP, FollowUp.WANTED,
         "Sam talked with Kim on Sunday 19:14. A follow-up is open."),
        (ContactKind.CALL, CallOutcome.ABANDONED, ContactOutcome.NONE, FollowUp.NONE,
         "Sam called us on Sunday 19:14: hung up before anyone was there. No follow-up is wanted here."),
        (ContactKind.CALL, CallOutcome.CRISIS, ContactOutcome.NONE, FollowUp.NONE,
         "Sam called us on Sunday 19:14: passed on to the crisis line. No follow-up is wanted here."),
        (ContactKind.CALL, CallOutcome.CALLBACK, ContactOutcome.NONE, FollowUp.NONE,
         "Sam called us on Sunday 19:14: asked for a call back. What was promised is a line of its own on the log."),
        (ContactKind.VOICEMAIL, CallOutcome.VOICEMAIL, ContactOutcome.NONE, FollowUp.URGENT,
         "Sam left a message on Sunday 19:14. An urgent follow-up is open."),
        (ContactKind.CALLBACK, CallOutcome.CALLBACK, ContactOutcome.NONE, FollowUp.URGENT,
         "Sam was promised a call back on Sunday 19:14. Somebody has to call them, urgently."),
        (ContactKind.CALLBACK, CallOutcome.CALLBACK, ContactOutcome.NONE, FollowUp.DONE,
         "Sam was promised a call back on Sunday 19:14. The follow-up is done."),
        (ContactKind.IN_PERSON, None, ContactOutcome.FINE, FollowUp.NONE,
         "Sam met Kim on Sunday 19:14. No follow-up is wanted here."),
        (ContactKind.SMS, None, ContactOutcome.NONE, FollowUp.NONE,
         "Sam sent a text on Sunday 19:14. No follow-up is wanted here."),
    ],
)  # fmt: skip
def test_each_kind_has_its_sentence(
    line: StoppedLine,
    coordinator: FlaskClient,
    kind: ContactKind,
    ending: CallOutcome | None,
    outcome: ContactOutcome,
    follow_up: FollowUp,
    sentence: str,
) -> None:
    with line.database.transaction() as session:
        made = Evening(session).contact(timedelta(days=2), kind, "Sam", "Kim", ending, 0, outcome, follow_up)
    assert f'<h1 class="answer">{said(sentence)}</h1>' in coordinator.get(f"/log/{made.id}").text


def test_every_line_of_the_log_and_of_needs_care_leads_to_its_page(
    line: StoppedLine, coordinator: FlaskClient, busy_evening: Evening
) -> None:
    with line.database.reading() as session:
        ids = set(session.scalars(select(Contact.id)))
    assert set(re.findall(r'<a class="who" href="/log/([^"]+)"', coordinator.get("/log").text)) == ids
    care = re.findall(r'<a class="who" href="/log/([^"]+)"', coordinator.get("/").text)
    assert len(care) == 3
    for contact_id in ids:
        answer = coordinator.get(f"/log/{contact_id}")
        assert answer.status_code == 200
        assert 'aria-current="true"' in answer.text


def test_the_page_has_what_the_log_has(line: StoppedLine, coordinator: FlaskClient) -> None:
    with line.database.transaction() as session:
        evening = Evening(session)
        call = factories.call(
            session,
            NOW - 30 * MINUTE,
            state=CallState.ENDED,
            outcome=CallOutcome.VOICEMAIL,
            language="fr",
            recording_seconds=74,
            number=NUMBER,
            person_id=evening.peers["Luz"].id,
        )
        for name, result, ago in (("Ravi", OfferResult.NO_ANSWER, 30), ("Kim", OfferResult.DECLINED, 29)):
            factories.offer(session, call, evening.team[name], NOW - ago * MINUTE, result)
        given = {"kind": ContactKind.VOICEMAIL, "person_id": call.person_id, "note": "Prefers mornings."}
        made = factories.contact(session, NOW - 29 * MINUTE, call_id=call.id, **given)
    text = words(coordinator.get(f"/log/{made.id}").text)
    assert "When 29 min ago, 18:45 Kind Message How it ended Left a message Language French" in text
    assert "Message 1 min 14 s long Note Prefers mornings." in text
    assert "Who was asked to take the call Ravi did not answer 18:44 Kim passed 18:45" in text


def test_who_was_brought_in_stands_on_the_page(line: StoppedLine, coordinator: FlaskClient) -> None:
    with line.database.transaction() as session:
        made = factories.contact(session, NOW, handed_over_at=NOW, handed_over_to=HandoverKind.CRISIS)
    text = words(coordinator.get(f"/log/{made.id}").text)
    assert "Handed over The crisis line joined the conversation today 19:14" in text


def test_a_check_in_says_how_it_was_tried_and_who_was_asked(line: StoppedLine, coordinator: FlaskClient) -> None:
    with line.database.transaction() as session:
        peer = factories.person(session, now=NOW, name="Mika", numbers=[NUMBER, factories.number(43)])
        ravi = factories.person(session, Role.VOLUNTEER, now=NOW, name="Ravi")
        local = NOW.replace(tzinfo=None)
        checkin = factories.checkin(session, factories.plan(session, peer, local, NOW), NOW - 30 * MINUTE)
        checkin.state = CheckinState.UNREACHED
        first, second = (factories.call(session, NOW, number=NUMBER, state=CallState.ENDED) for _ in range(2))
        for ago, call, result in ((30, first, AttemptResult.NO_ANSWER), (20, second, AttemptResult.TALK)):
            at = NOW - ago * MINUTE
            factories.attempt(session, checkin, call, at, result=result, over_at=at)
        factories.offer(session, second, ravi, NOW - 19 * MINUTE, OfferResult.BUSY)
        made = factories.contact(
            session, NOW - 10 * MINUTE, kind=ContactKind.CHECKIN, person_id=peer.id, checkin_id=checkin.id
        )
    text = words(coordinator.get(f"/log/{made.id}").text)
    assert "Mika was not reached for a check-in today 19:04." in text
    assert "How we tried to reach them no answer 18:44 wanted to talk with someone 18:54" in text
    assert "Who was asked to take the call Ravi was busy 18:55" in text
    with line.database.transaction() as session:
        session.get_one(Checkin, checkin.id).kind = PlanKind.VOLUNTEER
    assert "no answer 18:44 talked 18:54" in words(coordinator.get(f"/log/{made.id}").text)
    assert READ_ALOUD in shown(coordinator, made.id)


def test_the_number_is_nowhere_until_somebody_asks(coordinator: FlaskClient, promised: str) -> None:
    for path in (f"/log/{promised}", "/log", "/", "/now", "/log/live"):
        text = coordinator.get(path).text
        assert NUMBER not in text
        assert re.sub(r"\D", "", NUMBER)[-7:] not in re.sub(r"[\s-]", "", text)
        assert "tel:" not in text


def test_it_is_shown_in_groups_and_as_a_link_and_hidden_again_by_reloading(
    coordinator: FlaskClient, promised: str
) -> None:
    text = shown(coordinator, promised)
    assert f'href="tel:{NUMBER}"' in text
    assert READ_ALOUD in words(text)
    assert "0142" not in re.findall(r"<title>.*?</title>", text)[0]
    assert NUMBER not in coordinator.get(f"/log/{promised}").text


def test_htmx_gets_the_part_with_the_number(coordinator: FlaskClient, promised: str) -> None:
    text = shown(coordinator, promised, **{"HX-Request": "true"})
    assert READ_ALOUD in text
    assert "Number shown to" in text
    assert "<html" not in text
    assert "HX-Push-Url" not in text


def test_each_showing_is_written_down(line: StoppedLine, coordinator: FlaskClient, promised: str) -> None:
    with capture_logs() as logs:
        shown(coordinator, promised)
    with line.database.reading() as session:
        account_id = session.scalars(select(Account.id).filter_by(role=AccountRole.COORDINATOR)).one()
    [look] = looks(line)
    assert (look.at, look.account_id, look.contact_id) == (NOW, account_id, promised)
    assert look.action is AccessAction.NUMBER_SHOWN
    assert logs == [{"event": "number_shown", "log_level": "info", "account_id": account_id, "contact_id": promised}]
    shown(coordinator, promised)
    assert len(looks(line)) == 2


def test_who_looked_and_when_stands_on_the_page(line: StoppedLine, app: Flask, promised: str) -> None:
    admin, coordinator = (pages.logged_in(app, role) for role in (AccountRole.ADMIN, AccountRole.COORDINATOR))
    assert "Number shown" not in coordinator.get(f"/log/{promised}").text
    mine = f"Number shown to {EMAILS[AccountRole.COORDINATOR]} today 19:14"
    assert mine in words(shown(coordinator, promised))
    shown(admin, promised)
    with line.database.transaction() as session:
        account = session.scalars(select(Account).filter_by(role=AccountRole.COORDINATOR)).one()
        session.execute(update(AccessLog).where(AccessLog.account_id == account.id).values(at=NOW - timedelta(days=3)))
    text = words(admin.get(f"/log/{promised}").text)
    admins = f"Number shown to {EMAILS[AccountRole.ADMIN]} today 19:14"
    assert f"{admins} Number shown to {EMAILS[AccountRole.COORDINATOR]} on Saturday 19:14" in text


def test_a_look_outlives_the_login_and_the_contact(line: StoppedLine, app: Flask, promised: str) -> None:
    shown(pages.logged_in(app, AccountRole.COORDINATOR), promised)
    with line.database.transaction() as session:
        session.execute(delete(Account).filter_by(role=AccountRole.COORDINATOR))
    admin = pages.logged_in(app, AccountRole.ADMIN)
    assert "Number shown to a login that is gone today 19:14" in words(admin.get(f"/log/{promised}").text)
    with line.database.transaction() as session:
        session.execute(delete(Contact).filter_by(id=promised))
    [look] = looks(line)
    assert (look.account_id, look.contact_id) == (None, None)


def test_volunteers_get_nothing(line: StoppedLine, volunteer: FlaskClient, promised: str) -> None:
    assert volunteer.get(f"/log/{promised}").status_code == 403
    answer = volunteer.post(f"/log/{promised}/number", data={"csrf_token": token(volunteer, "/")})
    assert answer.status_code == 403
    assert "0142" not in answer.text
    assert looks(line) == []


@pytest.mark.parametrize("form", [{}, {"csrf_token": "made up"}])
def test_no_number_without_a_token(
    line: StoppedLine, coordinator: FlaskClient, promised: str, form: dict[str, str]
) -> None:
    answer = coordinator.post(f"/log/{promised}/number", data=form)
    assert answer.status_code == 400
    assert "0142" not in answer.text
    assert looks(line) == []


def test_an_address_alone_shows_no_number(line: StoppedLine, coordinator: FlaskClient, promised: str) -> None:
    assert coordinator.get(f"/log/{promised}/number").status_code == 405
    assert looks(line) == []


@pytest.mark.parametrize("contact_id", ["made-up", "00000000-0000-0000-0000-000000000000", "'--", "%00", "٣"])
def test_an_unknown_contact_is_not_there(line: StoppedLine, coordinator: FlaskClient, contact_id: str) -> None:
    answer = coordinator.get(f"/log/{contact_id}")
    assert answer.status_code == 404
    assert "There is nothing here" in answer.text
    form = {"csrf_token": token(coordinator, "/")}
    assert coordinator.post(f"/log/{contact_id}/number", data=form).status_code == 404
    assert coordinator.get("/log/").status_code == 404
    assert looks(line) == []


def test_done_and_undone_on_the_page(coordinator: FlaskClient, promised: str) -> None:
    form = {"csrf_token": token(coordinator, f"/log/{promised}"), "back": "contact"}
    answer = coordinator.post(f"/follow-ups/{promised}/done", data=form)
    assert (answer.status_code, "Please say how it ended." in answer.text) == (422, True)
    said_so = form | {"how": "not_reached", "note": "Rang three times."}
    answer = coordinator.post(f"/follow-ups/{promised}/done", data=said_so)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/log/{promised}")
    text = coordinator.get(f"/log/{promised}").text
    assert "The follow-up is done." in text
    assert f"Not reached, said by {EMAILS[AccountRole.COORDINATOR]} today 19:14." in text
    assert "Rang three times." in text
    assert coordinator.post(f"/follow-ups/{promised}/undo", data=form).headers["Location"] == f"/log/{promised}"
    assert "Somebody has to call them." in coordinator.get(f"/log/{promised}").text


def test_another_time_is_written_down_with_its_reason(coordinator: FlaskClient, promised: str) -> None:
    form = {"csrf_token": token(coordinator, f"/log/{promised}"), "until": "2026-11-20T18:30", "reason": " "}
    answer = coordinator.post(f"/follow-ups/{promised}/later", data=form)
    assert (answer.status_code, "Please say why, in a few words." in answer.text) == (422, True)
    assert 'value="2026-11-20T18:30"' in answer.text, "kept as it was filled in"
    for until in ("2026-11-17T19:00", "2027-03-01T10:00", "soon", "9999-12-31T23:59", "2026-11-20T18:30+05:00"):
        refused = coordinator.post(f"/follow-ups/{promised}/later", data=form | {"until": until, "reason": "Away."})
        assert (refused.status_code, "Please choose a time to come" in refused.text) == (422, True), until
    answer = coordinator.post(f"/follow-ups/{promised}/later", data=form | {"reason": "She works until six."})
    assert answer.status_code == 303
    text = coordinator.get(f"/log/{promised}").text
    assert "Put off until Friday 18:30 by" in text
    assert "today 19:14: She works until six." in text


def test_names_and_notes_cannot_become_markup(line: StoppedLine, coordinator: FlaskClient) -> None:
    with line.database.transaction() as session:
        peer = factories.person(session, Role.VOLUNTEER, now=NOW, name=ATTACK)
        call = factories.call(session, NOW, person_id=peer.id, number='"><img src=x>', language=ATTACK)
        factories.offer(session, call, peer, NOW, OfferResult.DECLINED)
        given = {"person_id": peer.id, "volunteer_id": peer.id, "note": ATTACK, "follow_up": FollowUp.WANTED}
        made = factories.contact(session, NOW, call_id=call.id, **given)
        session.execute(update(Account).where(Account.role == AccountRole.COORDINATOR).values(email=ATTACK))
    for text in (coordinator.get(f"/log/{made.id}").text, shown(coordinator, made.id)):
        assert "<script>alert" not in text
        assert "<img" not in text
        assert said(ATTACK) in text
    assert f"shown to {said(ATTACK)}" in coordinator.get(f"/log/{made.id}").text


def test_the_page_costs_the_same_however_much_happened(
    line: StoppedLine, coordinator: FlaskClient, promised: str
) -> None:
    with counting(line.database) as counted:
        coordinator.get(f"/log/{promised}")  # the first look of a process also reads the key for numbers
        counted.clear()
        coordinator.get(f"/log/{promised}")
        assert len(counted) == 12
        with line.database.transaction() as session:
            contact = session.get_one(Contact, promised)
            call = contact.call
            assert call is not None
            for index in range(30):
                asked = factories.person(session, Role.VOLUNTEER, now=NOW)
                factories.offer(session, call, asked, NOW - index * MINUTE, OfferResult.NO_ANSWER)
                session.add(AccessLog(at=NOW, action=AccessAction.NUMBER_SHOWN, contact_id=promised))
        counted.clear()
        text = coordinator.get(f"/log/{promised}").text
        assert len(counted) == 12
        assert [
            statement for statement in counted[2:] if "LIMIT" not in statement and "contact.id =" not in statement
        ] == []
        assert (text.count('class="step"'), text.count("Number shown")) == (20, 10)
        assert "And more after these." in text
        assert "And more before these." in text
