"""Callers' messages, from the end of the call until the carrier has them no more: real requests."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import undefer
from structlog.testing import capture_logs

from phoneline import calls, erasing_rows, fetching_takes, takes, voicemails
from phoneline.carrier.twilio import TwilioCarrier
from phoneline.db import Database
from phoneline.fetching import MOST_LOOKS, fetch_due
from phoneline.line import Line
from phoneline.live_settings import LiveSettings, LiveSettingsCache
from phoneline.models import Call, Contact, Voicemail
from phoneline.settings import load
from phoneline.simulator import Network
from phoneline.simulator.recordings import Recording
from phoneline.states import CallState, FollowUp, LegEnd, VoicemailState
from phoneline.voicemails import FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS, LOOK_AFTER, pause
from tests import factories
from tests.databases import KEY

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
ACCOUNT, TOKEN, LINE_NUMBER = "AC" + "0" * 32, "a token", "+14165550100"
LIVE = LiveSettings()


@dataclass(frozen=True)
class MovableLine(Line):
    times: list[datetime] = field(default_factory=lambda: [NOW])

    @property
    def now(self) -> datetime:
        return self.times[-1]


class Scene:
    """One caller who leaves a message, and the carrier that recorded it."""

    def __init__(self, line: MovableLine, net: Network) -> None:
        self.line, self.net, self.database = line, net, line.database
        self.recordings = net._exchange.recordings
        with self.database.transaction() as session:
            call = factories.call(session, NOW, number=factories.number(7))
            calls.leave_message(session, call, LIVE, NOW)
            self.call_id, self.call_sid = call.id, str(call.carrier_sid)

    def recorded(self, seconds: int, sid: str = "RE01", status: str = "completed") -> str:
        self.recordings[sid] = Recording(sid, self.call_sid, NOW.timestamp(), status, seconds)
        return sid

    def told(self, sid: str, seconds: int) -> None:
        """The carrier's callback."""
        with self.database.transaction() as session:
            calls.recording_known(session, calls.by_id(session, self.call_id), sid, seconds, self.line.now)

    def hung_up(self) -> None:
        with self.database.transaction() as session:
            call = calls.by_id(session, self.call_id)
            calls.end(session, call, self.line.now, LIVE, self.line.now, LegEnd.COMPLETED)

    def later(self, seconds: float) -> None:
        self.line.times.append(self.line.now + timedelta(seconds=seconds))
        fetch_due(self.line)

    def row(self) -> Voicemail:
        with self.database.reading() as session:
            return session.scalars(select(Voicemail).options(undefer(Voicemail.audio))).one()

    def requests(self) -> list[str]:
        """What the carrier was asked, in short."""
        asked = [event.detail for event in self.net.journal.of("rest_request")]
        return [f"{one['method']} {one['path'].rpartition('/')[2]}" for one in asked]

    def follow_ups(self) -> list[FollowUp]:
        with self.database.reading() as session:
            found = select(Contact.follow_up).where(Contact.call_id == self.call_id, Contact.kind == "voicemail")
            return list(session.scalars(found))


@pytest.fixture
def net() -> Iterator[Network]:
    with Network(
        account_sid=ACCOUNT, auth_token=TOKEN, line_number=LINE_NUMBER, public_url="http://127.0.0.1:9"
    ) as net:
        net.faults.media_needs_login = True
        yield net


@pytest.fixture
def scene(database: Database, database_url: str, net: Network) -> Scene:
    settings = load(
        values={
            "DATABASE_URL": database_url,
            "PHONELINE_KEYS": KEY,
            "REDIS_URL": "unix:///nowhere/queue.sock",
            "TWILIO_ACCOUNT_SID": ACCOUNT,
            "TWILIO_AUTH_TOKEN": TOKEN,
            "TWILIO_API_URL": net.api_url,
            "LINE_NUMBER": LINE_NUMBER,
            "PUBLIC_URL": "http://127.0.0.1:9",
            "SECRET_KEY": "a secret",
        }
    )
    return Scene(MovableLine(settings, database, TwilioCarrier(settings), LiveSettingsCache(database)), net)


def test_it_is_fetched_kept_encrypted_and_seen_to_be_deleted(scene: Scene) -> None:
    scene.hung_up()
    scene.told(scene.recorded(6), 6)
    scene.later(0)
    row = scene.row()
    assert (row.state, row.seconds, row.media_type, row.recording_sid) == ("kept", 6, "audio/mpeg", "RE01")
    assert row.audio is not None
    assert len(row.audio) > 10_000
    assert (row.deleted_at, row.next_try_at) == (NOW, None)
    assert scene.recordings["RE01"].deleted
    with scene.database.reading() as session:
        [stored] = session.execute(text("select audio from voicemail")).one()
    assert bytes(stored[:5]) == b"gAAAA", "encrypted with the line's key"
    assert row.audio[100:160] not in bytes(stored)
    assert scene.requests()[-3:] == ["GET RE01.mp3", "DELETE RE01.json", "GET RE01.json"]
    scene.later(3600)
    scene.told("RE01", 6)
    scene.later(3600)
    assert scene.requests()[-1] == "GET RE01.json", "told again, nothing is done again"
    assert scene.follow_ups() == [FollowUp.WANTED]


def test_nothing_is_fetched_while_the_caller_is_on_the_line(scene: Scene) -> None:
    scene.told(scene.recorded(1), 1)
    scene.later(60)
    assert scene.requests() == []
    scene.recorded(30, "RE02")
    scene.hung_up()
    scene.later(0)
    assert (scene.row().recording_sid, scene.row().seconds) == ("RE02", 30), (
        "the recorder was begun anew: the longest counts"
    )
    assert [one.deleted for one in scene.recordings.values()] == [True, True]


def test_a_callback_that_never_comes_is_made_up_for_by_looking(scene: Scene) -> None:
    scene.recorded(12)
    scene.hung_up()
    scene.later(LOOK_AFTER.total_seconds() - 1)
    assert scene.requests() == [], "the carrier has a while to tell by itself"
    scene.later(1)
    assert (scene.row().state, scene.row().seconds) == (VoicemailState.KEPT, 12)
    assert scene.row().deleted_at is not None


@pytest.mark.parametrize(("seconds", "status", "kept"), [(2, "completed", 2), (0, "absent", 0), (9, "failed", 0)])
def test_under_three_seconds_nothing_is_kept_but_the_follow_up(
    scene: Scene, seconds: int, status: str, kept: int
) -> None:
    scene.hung_up()
    scene.told(scene.recorded(seconds, status=status), seconds)
    scene.later(0)
    row = scene.row()
    assert (row.state, row.seconds, row.audio, row.deleted_at) == (VoicemailState.SHORT, kept, None, NOW)
    assert scene.recordings["RE01"].deleted
    assert not [one for one in scene.requests() if "mp3" in one or "wav" in one]
    assert scene.follow_ups() == [FollowUp.WANTED]


def test_three_seconds_are_a_message(scene: Scene) -> None:
    scene.hung_up()
    scene.told(scene.recorded(3), 3)
    scene.later(0)
    assert scene.row().state is VoicemailState.KEPT


def test_audio_that_is_late_is_asked_for_again_ever_more_seldom(scene: Scene) -> None:
    scene.hung_up()
    scene.recordings[scene.recorded(6)].media_from = float("inf")
    scene.told("RE01", 6)
    waits = []
    for _ in range(4):
        scene.later(0)
        row = scene.row()
        assert (row.state, row.next_try_at is None) == (VoicemailState.AWAITED, False)
        assert row.next_try_at is not None
        waits.append((row.next_try_at - scene.line.now).total_seconds())
        asked = len(scene.requests())
        scene.later(waits[-1] - 0.1)
        assert len(scene.requests()) == asked
        scene.line.times.append(row.next_try_at)
    assert waits == [FIRST_PAUSE_SECONDS * 2**n for n in range(4)]
    assert scene.requests()[-2:] == ["GET RE01.mp3", "GET RE01.wav"]
    scene.recordings["RE01"].media_from = 0
    scene.later(0)
    assert (scene.row().state, scene.row().next_try_at) == (VoicemailState.KEPT, None)


def test_a_recording_in_the_making_is_left_alone(scene: Scene) -> None:
    scene.hung_up()
    scene.told(scene.recorded(6, status="in-progress"), 6)
    scene.later(0)
    assert scene.row().state is VoicemailState.AWAITED
    assert not scene.recordings["RE01"].deleted


def test_a_deletion_that_is_refused_is_not_written_down_and_made_again(scene: Scene) -> None:
    scene.net.faults.refused_deletes = 1
    scene.hung_up()
    scene.told(scene.recorded(6), 6)
    with capture_logs() as logs:
        scene.later(0)
    assert (scene.row().state, scene.row().deleted_at) == (VoicemailState.KEPT, None)
    assert [one["event"] for one in logs if one["log_level"] == "warning"] == ["message_not_fetched_yet"]
    scene.later(FIRST_PAUSE_SECONDS)
    assert (scene.row().deleted_at, scene.row().next_try_at) == (scene.line.now, None)
    assert scene.requests().count("GET RE01.mp3") == 1, "what is here is not fetched again"


def test_a_deletion_is_believed_only_when_it_is_seen(scene: Scene) -> None:
    scene.hung_up()
    scene.told(scene.recorded(6), 6)

    class Undeletable(Recording):
        def __setattr__(self, name: str, value: object) -> None:
            if name != "deleted":
                super().__setattr__(name, value)

        deleted = False

    scene.recordings["RE01"] = Undeletable("RE01", scene.call_sid, 0, "completed", 6)
    scene.later(0)
    assert "DELETE RE01.json" in scene.requests()
    assert (scene.row().state, scene.row().deleted_at) == (VoicemailState.KEPT, None)
    assert scene.row().next_try_at is not None
    scene.recorded(6)
    scene.recordings["RE01"].deleted = True
    scene.later(3600)
    assert scene.row().deleted_at == scene.line.now


def test_who_hung_up_before_the_tone_left_no_message_and_a_late_word_is_still_heard(scene: Scene) -> None:
    scene.hung_up()
    for _ in range(MOST_LOOKS):
        scene.later(3600)
    row = scene.row()
    assert (row.state, row.next_try_at, row.deleted_at) == (VoicemailState.MISSING, None, None)
    assert scene.follow_ups() == [FollowUp.WANTED]
    scene.told(scene.recorded(8), 8)
    scene.later(0)
    assert (scene.row().state, scene.row().seconds) == (VoicemailState.KEPT, 8)
    assert scene.row().deleted_at is not None


def test_of_who_is_erased_the_carrier_is_asked_until_it_has_nothing(scene: Scene) -> None:
    scene.net.faults.refused_deletes = 1
    scene.hung_up()
    scene.told(scene.recorded(6), 6)
    with scene.database.transaction() as session:
        erasing_rows.forget_contacts(session, select(Contact.id), None, scene.line.now)
    scene.later(0)
    assert (scene.row().state, scene.row().audio, scene.row().deleted_at) == (VoicemailState.REMOVED, None, None)
    scene.later(FIRST_PAUSE_SECONDS)
    assert (scene.row().deleted_at, scene.row().next_try_at) == (scene.line.now, None)
    assert "GET RE01.mp3" not in scene.requests()
    assert scene.recordings["RE01"].deleted


def test_a_second_recording_that_turns_up_late_is_deleted_too(scene: Scene) -> None:
    scene.hung_up()
    scene.told(scene.recorded(6), 6)
    scene.later(0)
    scene.told(scene.recorded(1, "RE02"), 1)
    assert scene.row().deleted_at is None
    scene.later(0)
    assert scene.recordings["RE02"].deleted
    assert (scene.row().recording_sid, scene.row().deleted_at) == ("RE01", scene.line.now)


def test_a_prompt_recorded_on_the_same_call_is_no_message(scene: Scene) -> None:
    with scene.database.transaction() as session:
        call, noor = session.get_one(Call, scene.call_id), factories.person(session, now=NOW)
        takes.told(takes.begin(session, call, 1, noor.id, "goodbye", "en", NOW), scene.recorded(60, "RE02"), NOW)
    scene.hung_up()
    scene.told(scene.recorded(6), 6)
    scene.later(0)
    assert (scene.row().recording_sid, scene.recordings["RE02"].deleted) == ("RE01", False)
    fetching_takes.fetch_due(scene.line)
    assert scene.recordings["RE02"].deleted


def test_a_message_is_not_deleted_for_a_prompt_of_the_same_call_that_the_carrier_never_named(scene: Scene) -> None:
    with scene.database.transaction() as session:
        call, noor = session.get_one(Call, scene.call_id), factories.person(session, now=NOW)
        takes.drop(takes.begin(session, call, 1, noor.id, "goodbye", "en", NOW))
    scene.recorded(6)
    for _ in range(takes.MOST_LOOKS):
        scene.line.times.append(scene.line.now + timedelta(hours=7))
        fetching_takes.fetch_due(scene.line)
    assert not scene.recordings["RE01"].deleted, "nobody has heard it yet"


def test_two_clocks_do_not_fetch_the_same_message(scene: Scene) -> None:
    scene.hung_up()
    scene.told(scene.recorded(6), 6)
    with scene.database.transaction() as session:
        assert len(voicemails.claim(session, scene.line.now)) == 1
    fetch_due(scene.line)
    assert scene.requests() == []


def test_a_carrier_that_is_away_holds_up_nothing_for_good(scene: Scene) -> None:
    scene.hung_up()
    scene.told(scene.recorded(6), 6)
    scene.net.faults.rest_down = "unavailable"
    scene.later(0)
    assert scene.row().state is VoicemailState.AWAITED
    scene.net.faults.rest_down = ""
    scene.later(FIRST_PAUSE_SECONDS)
    assert scene.row().state is VoicemailState.KEPT


def test_the_call_stays_what_it_was(scene: Scene) -> None:
    scene.hung_up()
    with scene.database.reading() as session:
        assert session.get_one(Call, scene.call_id).state is CallState.ENDED


def test_pauses_grow_and_have_an_end() -> None:
    assert [pause(tries).total_seconds() for tries in (0, 1, 2, 3)] == [15, 15, 30, 60]
    assert pause(10_000) == timedelta(seconds=LONGEST_PAUSE_SECONDS)
