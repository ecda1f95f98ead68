"""Messages that the carrier plays to volunteers: an address for a few minutes, and nothing without it."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from phoneline import clock, follow_ups, listening
from phoneline.db import Database
from phoneline.listening import TICKET_LIFE
from phoneline.models import AccessLog, Contact, VoicemailTicket
from phoneline.settings import Settings
from phoneline.states import AccessAction, ContactKind, FollowUp, Role, VoicemailState
from phoneline.steps import Ask, Play, Say
from tests import factories
from tests.factories import WAV
from tests.webhooks.twiml import Twiml
from webhooks.twiml import render

MINUTE = timedelta(minutes=1)


@pytest.fixture
def now() -> datetime:
    return clock.now()


@pytest.fixture
def volunteer(database: Database, now: datetime) -> str:
    with database.transaction() as session:
        return factories.person(session, Role.VOLUNTEER, Role.PEER, now=now).id


def left(database: Database, at: datetime, person_id: str | None = None, **voicemail: Any) -> str:
    """A message with an open follow-up: its contact's id."""
    follow_up = voicemail.pop("follow_up", FollowUp.WANTED)
    with database.transaction() as session:
        kind = ContactKind.VOICEMAIL
        made = factories.contact(session, at, kind=kind, follow_up=follow_up, person_id=person_id)
        factories.voicemail(session, made, **voicemail)
        return made.id


def ticket(database: Database, contact_id: str, volunteer: str, now: datetime) -> str:
    with database.transaction() as session:
        path = listening.play(session, contact_id, volunteer, now)
    assert path is not None
    return path


def test_what_waits_is_told_oldest_first_and_says_not_who(database: Database, volunteer: str, now: datetime) -> None:
    new, old = left(database, now - MINUTE, seconds=9), left(database, now - 60 * MINUTE, follow_up=FollowUp.URGENT)
    left(database, now, audio=None, state=VoicemailState.AWAITED)
    left(database, now, audio=None, state=VoicemailState.SHORT)
    left(database, now, follow_up=FollowUp.DONE)
    left(database, now, volunteer)
    with database.reading() as session:
        found = listening.waiting(session, volunteer)
    assert [(one.contact_id, one.seconds, one.urgent) for one in found] == [(old, 6, True), (new, 9, False)]
    assert {name for one in found for name in vars(one)} == {"contact_id", "left_at", "seconds", "urgent"}


def test_what_somebody_has_seen_to_waits_no_more(database: Database, volunteer: str, now: datetime) -> None:
    contact_id = left(database, now)
    with database.transaction() as session:
        follow_ups.finish(session, contact_id, now)
        assert listening.waiting(session, volunteer) == []
        assert listening.play(session, contact_id, volunteer, now) is None


def test_the_carrier_fetches_the_bytes_with_the_address(
    app: Flask, database: Database, volunteer: str, now: datetime
) -> None:
    contact_id = left(database, now)
    path = ticket(database, contact_id, volunteer, now)
    for _ in range(2):
        answer = app.test_client().get(path)
        assert (answer.status_code, answer.data, answer.mimetype) == (200, WAV, "audio/wav")
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Set-Cookie" not in answer.headers
    with database.reading() as session:
        [look] = session.scalars(select(AccessLog))
        assert (look.action, look.contact_id) == (AccessAction.MESSAGE_HEARD, contact_id)
        assert (look.person_id, look.account_id) == (volunteer, None)
        [kept] = session.scalars(select(VoicemailTicket.token_hash))
    assert kept not in path
    assert path.split("/")[3] not in kept


@pytest.mark.parametrize("path", ["made-up", "", "%00", "../" * 3, "x" * 5000])
def test_an_unknown_address_leads_to_nothing(app: Flask, database: Database, now: datetime, path: str) -> None:
    left(database, now)
    answer = app.test_client().get(f"/webhooks/messages/{path}/audio")
    assert answer.status_code == 404
    assert WAV not in answer.data


def test_an_address_leads_to_nothing_once_it_is_old_and_is_cleared_away(
    app: Flask, database: Database, volunteer: str, now: datetime
) -> None:
    contact_id = left(database, now)
    path = ticket(database, contact_id, volunteer, now - TICKET_LIFE)
    answer = app.test_client().get(path)
    assert (answer.status_code, answer.data) == (404, b"")
    ticket(database, contact_id, volunteer, now)
    with database.reading() as session:
        assert len(session.scalars(select(VoicemailTicket)).all()) == 1


def test_an_address_plays_its_own_message_only(app: Flask, database: Database, volunteer: str, now: datetime) -> None:
    mine = ticket(database, left(database, now), volunteer, now)
    left(database, now, audio=b"RIFF    WAVEanother")
    assert app.test_client().get(mine).data == WAV
    assert app.test_client().get(mine.replace("/audio", "/")).status_code == 404
    assert app.test_client().post(mine).status_code == 405


def test_audio_that_is_gone_is_gone(app: Flask, database: Database, volunteer: str, now: datetime) -> None:
    path = ticket(database, left(database, now), volunteer, now)
    with database.transaction() as session:
        session.delete(session.scalars(select(Contact)).one())
    assert app.test_client().get(path).status_code == 404


def test_nobody_hears_their_own_message(database: Database, volunteer: str, now: datetime) -> None:
    contact_id = left(database, now, volunteer)
    with database.transaction() as session:
        assert listening.play(session, contact_id, volunteer, now) is None


def test_it_is_played_alone_and_within_a_question(line_settings: Settings) -> None:
    path = "/webhooks/messages/a-ticket/audio"
    asked = Ask((Say("Next: press one.", "en"),), "/webhooks/somewhere", 5, sound=Play(path))
    text = render((Play(path), asked), line_settings)
    document = Twiml(text)
    assert document.verbs == ["Play", "Gather"]
    assert text.count(f"<Play>{line_settings.public_url}{path}</Play>") == 2
