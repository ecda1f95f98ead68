"""Messages on their contact's page: played to those who may, and written down."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from structlog.testing import capture_logs

from phoneline import listening
from phoneline.models import AccessLog, Account
from phoneline.states import (
    AccessAction,
    AccountRole,
    CallOutcome,
    CallState,
    ContactKind,
    FollowUp,
    Role,
    VoicemailState,
)
from tests import factories
from tests.dashboard import pages
from tests.dashboard.evening import EMAILS, NOW
from tests.dashboard.pages import StoppedLine, stopped_line
from tests.dashboard.test_contact import words
from tests.databases import ONE_KIND
from tests.factories import WAV


def left(line: StoppedLine, **voicemail: object) -> str:
    """Somebody left a message an hour ago: the contact's id."""
    with line.database.transaction() as session:
        at = NOW - timedelta(hours=1)
        given = {"state": CallState.ENDED, "outcome": CallOutcome.VOICEMAIL, "number": factories.number(3)}
        call = factories.call(session, at, **given)
        made = factories.contact(session, at, call_id=call.id, kind=ContactKind.VOICEMAIL, follow_up=FollowUp.WANTED)
        if voicemail:
            factories.voicemail(session, made, **voicemail)  # type: ignore[arg-type] # a column's value
        return made.id


@pytest.fixture
def message(line: StoppedLine) -> str:
    return left(line, seconds=74, deleted_at=NOW)


def looks(line: StoppedLine) -> list[AccessLog]:
    with line.database.reading() as session:
        return list(session.scalars(select(AccessLog).order_by(AccessLog.at)))


@ONE_KIND
def test_the_page_has_a_player_that_fetches_nothing_by_itself(
    line: StoppedLine, coordinator: FlaskClient, message: str
) -> None:
    text = coordinator.get(f"/log/{message}").text
    assert (
        f'<audio class="player" controls controlslist="nodownload" preload="none" src="/log/{message}/message"' in text
    )
    assert 'aria-labelledby="h-message"' in text
    assert "Their message" in words(text)
    assert "1 min 14 s long. Each listening is written down below, with your login and the time." in words(text)
    assert "carrier still has it" not in text
    assert looks(line) == []


@ONE_KIND
def test_the_bytes_are_those_that_were_recorded(coordinator: FlaskClient, message: str) -> None:
    answer = coordinator.get(f"/log/{message}/message")
    assert (answer.status_code, answer.data, answer.mimetype) == (200, WAV, "audio/wav")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert "media-src 'self'" in answer.headers["Content-Security-Policy"]


@ONE_KIND
def test_a_player_may_ask_for_a_part(coordinator: FlaskClient, message: str) -> None:
    part = coordinator.get(f"/log/{message}/message", headers={"Range": "bytes=8-11"})
    assert (part.status_code, part.data) == (206, b"WAVE")
    assert part.headers["Content-Range"] == f"bytes 8-11/{len(WAV)}"
    assert part.headers["Cache-Control"] == "no-store"
    assert coordinator.get(f"/log/{message}/message", headers={"Range": "bytes=9999-"}).status_code == 416


@ONE_KIND
def test_each_listening_is_written_down_once_and_stands_on_the_page(
    line: StoppedLine, app: Flask, coordinator: FlaskClient, message: str
) -> None:
    with capture_logs() as logs:
        for part in ("bytes=0-1", "bytes=0-", "bytes=20-"):
            coordinator.get(f"/log/{message}/message", headers={"Range": part})
    with line.database.reading() as session:
        account_id = session.scalars(select(Account.id).filter_by(role=AccountRole.COORDINATOR)).one()
    [look] = looks(line)
    assert (look.at, look.account_id, look.contact_id) == (NOW, account_id, message)
    assert look.action is AccessAction.MESSAGE_HEARD
    assert {one["event"] for one in logs} == {"message_played"}
    assert f"Message played to {EMAILS[AccountRole.COORDINATOR]} today 19:14" in words(
        coordinator.get(f"/log/{message}").text
    )
    pages.logged_in(app, AccountRole.ADMIN).get(f"/log/{message}/message")
    assert len(looks(line)) == 2, "somebody else's listening is their own"
    later = stopped_line(line.database, line.settings, NOW + timedelta(minutes=6))
    pages.logged_in(pages.pages(later), AccountRole.COORDINATOR).get(f"/log/{message}/message")
    assert len(looks(line)) == 3


@ONE_KIND
def test_who_listened_by_telephone_stands_there_too(line: StoppedLine, coordinator: FlaskClient, message: str) -> None:
    with line.database.transaction() as session:
        ana = factories.person(session, Role.VOLUNTEER, now=NOW, name="Ana")
        assert listening.play(session, message, ana.id, NOW) is not None
    assert "Message played to Ana by telephone today 19:14" in words(coordinator.get(f"/log/{message}").text)


@ONE_KIND
def test_even_the_end_alone_is_not_had_without_a_note(
    line: StoppedLine, coordinator: FlaskClient, message: str
) -> None:
    coordinator.get(f"/log/{message}/message", headers={"Range": "bytes=20-"})
    assert len(looks(line)) == 1


@ONE_KIND
def test_volunteers_and_strangers_hear_nothing(
    line: StoppedLine, app: Flask, volunteer: FlaskClient, message: str
) -> None:
    for client, status in ((volunteer, 403), (app.test_client(), 302)):
        answer = client.get(f"/log/{message}/message")
        assert answer.status_code == status
        assert WAV not in answer.data
    assert looks(line) == []


@ONE_KIND
@pytest.mark.parametrize(
    ("state", "on_the_page", "in_the_log"),
    [
        (VoicemailState.AWAITED, "It is on its way from the carrier.", "Left a message"),
        (VoicemailState.SHORT, "It was shorter than three seconds", "Left a message too short to keep"),
        (VoicemailState.MISSING, "Nothing was recorded", "Hung up before leaving a message"),
        (None, "once the call is over", "Left a message"),
    ],
)
def test_without_sound_it_says_why(
    line: StoppedLine, coordinator: FlaskClient, state: VoicemailState | None, on_the_page: str, in_the_log: str
) -> None:
    contact_id = left(line, **({"audio": None, "state": state, "seconds": None} if state else {}))
    text = coordinator.get(f"/log/{contact_id}").text
    assert on_the_page in words(text)
    assert "<audio" not in text
    assert f'<td role="cell" class="c-ending">{in_the_log}</td>' in coordinator.get("/log").text
    assert coordinator.get(f"/log/{contact_id}/message").status_code == 404
    assert looks(line) == []


@ONE_KIND
@pytest.mark.parametrize(
    ("state", "to_do"),
    [
        (VoicemailState.AWAITED, "listen to the message"),
        (VoicemailState.SHORT, "left too short a message"),
        (VoicemailState.MISSING, "hung up before leaving a message"),
    ],
)
def test_needs_care_asks_nobody_to_listen_to_nothing(
    line: StoppedLine, coordinator: FlaskClient, state: VoicemailState, to_do: str
) -> None:
    left(line, audio=None, state=state)
    assert f'<span class="what">{to_do}</span>' in coordinator.get("/").text


@ONE_KIND
def test_the_log_says_that_there_is_something_to_hear(coordinator: FlaskClient, message: str) -> None:
    assert "Left a message, 1 min 14 s long" in coordinator.get("/log").text


@ONE_KIND
def test_a_copy_that_the_carrier_still_has_is_mentioned(line: StoppedLine, coordinator: FlaskClient) -> None:
    assert "The carrier still has it too" in coordinator.get(f"/log/{left(line, seconds=6)}").text


@ONE_KIND
def test_unknown_contacts_and_contacts_without_a_message_play_nothing(
    line: StoppedLine, coordinator: FlaskClient
) -> None:
    with line.database.transaction() as session:
        call = factories.contact(session, NOW).id
    for contact_id in ("made-up", call):
        assert coordinator.get(f"/log/{contact_id}/message").status_code == 404
    assert "<audio" not in coordinator.get(f"/log/{call}").text
    assert looks(line) == []
