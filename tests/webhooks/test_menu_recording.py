"""A coordinator records a prompt by telephone."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from phoneline import clock, live_settings, recordings, takes
from phoneline.carrier import Audio, RecordingReport
from phoneline.documents.menu_recording import MOST_TURNS, SPARE_SECONDS
from phoneline.fetching_takes import fetch_due
from phoneline.line import Line
from phoneline.models import PromptRecording, PromptTake
from phoneline.prompt_numbers import number_of
from phoneline.prompts import catalogue
from phoneline.states import Role, TakeState
from tests.sounds import tone
from tests.webhooks.carrier import Carrier, Records
from tests.webhooks.own_menu import AtThePhone, Member, inside, volunteer
from tests.webhooks.scenes import Scene
from tests.webhooks.twiml import Twiml

WORDS, FRENCH = catalogue("en"), catalogue("fr")


@pytest.fixture
def noor(scene: Scene) -> Member:
    return volunteer(scene, Role.VOLUNTEER, Role.COORDINATOR)


class Studio:
    """A coordinator at the recorder, and what the carrier has of it."""

    def __init__(self, scene: Scene, line: Line, records: Records, phone: AtThePhone) -> None:
        self.scene, self.line, self.phone = scene, line, phone
        self.tapes, self.sid = records.recordings, phone.call.sid

    def begin(self, number: int = 1, prompt: str = "goodbye", language: str = "fr") -> Twiml:
        return self.phone.page(f"record/{prompt}/{language}/{number}")

    def page(self, page: str, digits: str = "", **fields: str) -> Twiml:
        path = f"/webhooks/menu/{self.phone.call.token}/take/{self.take().id}/{page}"
        return self.phone.carrier.ask(path, self.sid, Digits=digits, **fields)

    def recorded(self, sid: str, audio: bytes | None, seconds: int = 1) -> None:
        """The carrier has it."""
        self.tapes.reports[sid] = RecordingReport(sid, in_the_making=False, complete=audio is not None, seconds=seconds)
        self.tapes.calls.setdefault(self.sid, []).append(sid)
        if audio is not None:
            self.tapes.audios[sid] = Audio(audio, "audio/wav")

    def fetch(self) -> None:
        """A round of the clock, whenever it has something to do."""
        with self.scene.database.transaction() as session:
            for row in session.scalars(select(PromptTake).where(PromptTake.next_try_at.is_not(None))):
                row.next_try_at = clock.now() - timedelta(seconds=1)
        fetch_due(self.line)

    def take(self) -> PromptTake:
        """The last one."""
        with self.scene.database.reading() as session:
            return session.scalars(select(PromptTake).order_by(PromptTake.number.desc())).all()[0]

    def versions(self, prompt: str = "goodbye", language: str = "fr") -> list[PromptRecording]:
        with self.scene.database.reading() as session:
            return list(recordings.versions(session, prompt, language))


@pytest.fixture
def studio(scene: Scene, carrier: Carrier, line: Line, records: Records, noor: Member) -> Studio:
    return Studio(scene, line, records, inside(scene, carrier, noor))


def sounds(document: Twiml) -> list[str]:
    return [(one.text or "").partition("/under")[2] for one in document.root.iter("Play")]


def test_only_a_coordinator_is_told_of_it_and_can_do_it(scene: Scene, carrier: Carrier, studio: Studio) -> None:
    menu = studio.phone.page("top/1").said
    assert [key for key in ("1", "2", "3", "5") if f"press {key}" in menu] == ["1", "2", "3", "5"]
    assert studio.phone.press("5").said == WORDS["menu_record_which"]
    other = inside(scene, carrier, volunteer(scene, name="Other Example"))
    assert WORDS["menu_record"] not in other.page("top/1").said
    assert WORDS["menu_record_which"] not in other.press("5").said
    for page in (f"record/{number_of('goodbye')}/1", "record/goodbye/1", "record/goodbye/fr/1"):
        assert other.page(page, str(number_of("goodbye"))).verbs == ["Redirect"]
    assert scene.database.run(lambda session: session.scalars(select(PromptTake)).all()) == []


def test_on_shift_with_messages_at_most_four_choices_are_spoken(scene: Scene, studio: Studio) -> None:
    said = studio.phone.press("1").said
    assert said.count("press ") == 4
    assert WORDS["menu_record"] in said
    assert WORDS["menu_checkins"] in said


def test_it_is_chosen_by_its_number_and_a_language_and_heard_as_it_is_now(studio: Studio) -> None:
    number = str(number_of("goodbye"))
    languages = studio.phone.page("record/1", number)
    assert languages.said.count("press ") == 3
    now = studio.phone.page("record/goodbye/1", "2")
    assert now.said == f"{WORDS['menu_record_now']} {FRENCH['goodbye']} {WORDS['menu_record_after']}"
    assert now.leads_on
    assert studio.phone.page("record/goodbye/fr/1", "#").said == WORDS["menu_record_left"]
    wrong = studio.phone.page("record/1", "123").said
    assert wrong == f"{WORDS['menu_record_unknown']} {WORDS['menu_record_which']}"
    for page, digits in (("record/2", "123"), ("record/1", ""), ("record/1", str(number_of("crisis_numbers")))):
        assert WORDS["menu_record_now"] not in studio.phone.page(page, digits).said
    assert studio.phone.page("record/goodbye/1", "#").verbs == ["Redirect"]


def test_a_line_with_one_language_asks_for_none(scene: Scene, carrier: Carrier, noor: Member) -> None:
    with scene.database.transaction() as session:
        live_settings.write(session, "languages", "fr", clock.now())
    phone = inside(scene, carrier, noor)
    assert FRENCH["goodbye"] in phone.page("record/1", str(number_of("goodbye"))).said


def test_it_is_heard_back_kept_as_a_version_and_deleted_at_the_carrier(
    app: Flask, scene: Scene, studio: Studio, noor: Member
) -> None:
    recorder = studio.begin()
    assert recorder.verbs == ["Record", "Redirect"]
    spare = int(recorder.root[0].attrib["maxLength"]) - recordings.most_seconds("goodbye", "fr")
    assert spare == SPARE_SECONDS, "a breath after the tone is trimmed off"
    assert studio.page("recorded", RecordingSid="RE1").said == WORDS["menu_record_wait"]
    studio.fetch()
    assert studio.take().state is TakeState.AWAITED, "the carrier is still at it"
    studio.recorded("RE1", tone(2))
    studio.fetch()
    back = studio.page("turn/2")
    assert back.said.startswith(f"{WORDS['menu_record_back']} {WORDS['menu_record_keys']}")
    (sound,) = sounds(back)
    answer = app.test_client().get(sound)
    assert (answer.data, answer.headers["Cache-Control"]) == (tone(2), "no-store")
    assert studio.versions() == []
    assert studio.tapes.reports == {}, "deleted over there, and seen to be"
    for _ in range(2):
        assert studio.page("key/1", "1").said == WORDS["menu_record_kept"]
    (made,) = studio.versions()
    assert (made.version, made.person_id, made.account_id, made.in_use) == (1, noor.id, None, True)
    assert app.test_client().get(sound).status_code == 404
    assert app.test_client().get(f"/recordings/{made.token}").data == tone(2)
    studio.phone.hang_up()
    studio.fetch()
    assert (studio.take().state, studio.take().next_try_at) == (TakeState.KEPT, None)
    assert studio.take().deleted_at is not None


def test_2_records_it_again_and_pound_leaves_all_as_it_was(studio: Studio) -> None:
    for number in (1, 2):
        recorder = studio.begin() if number == 1 else studio.page("key/1", "2")
        assert recorder.verbs == ["Record", "Redirect"]
        assert studio.begin(number).verbs == ["Record", "Redirect"], "asked again it is the same take"
        assert studio.take().number == number
        studio.recorded(f"RE{number}", tone(number))
        studio.page("recorded", RecordingSid=f"RE{number}")
        studio.fetch()
    assert studio.page("key/1", "7").said.startswith(WORDS["menu_record_back"])
    for _ in range(2):
        assert studio.page("key/1", "#").said == WORDS["menu_record_left"]
    assert studio.page("key/1", "1").said == WORDS["menu_record_left"]
    assert studio.versions() == []
    assert studio.tapes.reports == {}
    assert studio.begin(9).verbs == ["Redirect"]


@pytest.mark.parametrize("first", ["recorded", "recording"])
def test_the_carriers_word_counts_from_whichever_request_and_however_late(studio: Studio, first: str) -> None:
    studio.begin()
    studio.page("recorded")
    studio.page(first, RecordingSid="RE1")
    studio.recorded("RE1", tone(1))
    studio.fetch()
    studio.page("key/1", "1")
    for _ in range(2):
        studio.page("recording", RecordingSid="RE1")
        studio.page("recorded", RecordingSid="RE1")
    assert len(studio.versions()) == 1
    assert studio.take().state is TakeState.KEPT


def test_with_no_word_of_it_the_calls_only_recording_is_it(studio: Studio) -> None:
    studio.begin()
    studio.recorded("RE1", tone(1))
    studio.page("recorded")
    studio.fetch()
    assert studio.take().state is TakeState.HERE


@pytest.mark.parametrize("audio", [None, b"no sound", tone(40)], ids=["nothing", "something else", "too long"])
def test_what_will_not_do_is_said_and_may_be_recorded_again(studio: Studio, audio: bytes | None) -> None:
    studio.begin()
    studio.recorded("RE1", audio)
    studio.page("recorded", RecordingSid="RE1")
    studio.fetch()
    said = studio.page("turn/2").said
    assert said.startswith("That was empty, or too long: at most 30 seconds fit here.")
    assert studio.page("key/1", "1").said.startswith("That was empty"), "it can't be kept"
    assert studio.page("key/1", "2").verbs == ["Record", "Redirect"]
    assert studio.tapes.reports == {}


def test_a_carrier_that_has_it_too_late_changes_nothing(studio: Studio) -> None:
    studio.begin()
    studio.page("recorded", RecordingSid="RE1")
    assert studio.page(f"turn/{MOST_TURNS}").leads_on
    assert studio.page(f"turn/{MOST_TURNS + 1}").said == WORDS["menu_record_late"]
    studio.recorded("RE1", tone(1))
    studio.fetch()
    assert (studio.take().state, studio.tapes.reports) == (TakeState.DROPPED, {})


def test_who_hangs_up_before_a_word_leaves_nothing_here_or_there(studio: Studio) -> None:
    studio.begin()
    studio.recorded("RE1", tone(1))
    studio.page("recorded", RecordingSid="RE1")
    studio.fetch()
    studio.recorded("RE2", tone(1))  # nobody ever told of this one
    studio.phone.hang_up()
    studio.fetch()
    with studio.scene.database.reading() as session:
        assert takes.audio(session, studio.take().token) is None
    assert (studio.take().state, studio.take().next_try_at) == (TakeState.DROPPED, None)
    assert studio.tapes.reports == {}
    studio.recorded("RE3", tone(1))
    studio.page("recording", RecordingSid="RE3")
    studio.fetch()
    assert studio.tapes.reports == {}


def test_what_the_carrier_lists_late_is_deleted_however_often_it_was_looked_for_before(studio: Studio) -> None:
    studio.begin()
    studio.page("recorded")
    for _ in range(takes.MOST_LOOKS):
        studio.fetch()
    studio.phone.hang_up()
    studio.fetch()
    studio.recorded("RE1", tone(1))
    studio.fetch()
    assert studio.tapes.reports == {}


def test_a_deletion_is_believed_only_when_it_is_seen(studio: Studio) -> None:
    studio.begin()
    studio.tapes.deletes = False
    studio.recorded("RE1", tone(1))
    studio.page("recorded", RecordingSid="RE1")
    studio.fetch()
    assert (studio.take().state, studio.take().deleted_at) == (TakeState.HERE, None)
    studio.tapes.deletes = True
    studio.fetch()
    assert studio.take().deleted_at is not None


def test_nobody_reaches_a_take_of_another_call(scene: Scene, carrier: Carrier, studio: Studio, noor: Member) -> None:
    studio.begin()
    other = inside(scene, carrier, noor)
    for page in ("turn/1", "recorded", "key/1"):
        assert other.page(f"take/{studio.take().id}/{page}", "1").verbs == ["Redirect"]
        assert other.page(f"take/no-such/{page}", "1").verbs == ["Redirect"]
