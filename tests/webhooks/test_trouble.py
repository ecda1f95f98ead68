"""When the database is gone or our own code fails: still a document, never an error."""

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select

from phoneline import clock, live_settings
from phoneline.crypto import Vault
from phoneline.db import Database
from phoneline.line import Line
from phoneline.live_settings import LiveSettingsCache
from phoneline.models import Call, LiveSetting
from phoneline.prompts import catalogue
from phoneline.states import CallOutcome, CallState
from tests.webhooks.away import away
from tests.webhooks.carrier import ACCOUNT, CALLER, LINE_NUMBER, Carrier, Records, settings
from tests.webhooks.scenes import Scene, await_trouble
from tests.webhooks.twiml import Twiml
from tests.words import heard
from wsgi import create_app

WORDS = catalogue("en")
FALLBACK_NUMBER = "+14165550142"
SAFE = ["Say", "Say", "Say", "Redirect"]
RINGS = ["Say", "Say", "Dial", "Say", "Say", "Redirect"]
FALLBACK = "/webhooks/voice/fallback"


@pytest.fixture
def with_fallback(line: Line) -> Carrier:
    """The same line with a number to ring when it can't serve."""
    return Carrier(create_app(replace(line, settings=replace(line.settings, fallback_number=FALLBACK_NUMBER))))


def is_safe(document: Twiml) -> bool:
    return document.verbs in (SAFE, RINGS) and document.said.endswith(heard("crisis_numbers"))


# Without the database


def test_a_caller_still_hears_something_and_is_told_of_help(
    carrier: Carrier, with_fallback: Carrier, database: Database
) -> None:
    with away(database):
        document = carrier.ask("/webhooks/voice")
        assert document.verbs == SAFE
        assert document.said.startswith(WORDS["safe"])
        assert is_safe(document)
        document = with_fallback.ask("/webhooks/voice")
        assert document.verbs == RINGS
        assert document.root.findtext("Dial/Number") == FALLBACK_NUMBER


def test_it_is_spoken_in_the_lines_own_language_once_that_was_known(
    carrier: Carrier, line: Line, database: Database
) -> None:
    with database.transaction() as session:
        live_settings.write(session, "languages", "fr,en", clock.now())
        live_settings.write(session, "crisis_numbers", "CA:988+text,911; BM:55-01,119", clock.now())
    assert line.live.languages == ("fr", "en")
    with away(database):
        for path in ("/webhooks/voice", FALLBACK):
            assert "5 5, 0 1" in carrier.ask(path, From="+14415550142").said
        for path in ("/webhooks/voice", FALLBACK):
            assert carrier.ask(path).said.endswith(heard("crisis_numbers", "fr"))
        assert carrier.ask("/webhooks/legs/a/answered").said == catalogue("fr")["leg_failed"]


CALLERS_PAGES = [
    "menu/1",
    "wait/1",
    "next",
    "wait-key/1",
    "choice/1",
    "message",
    "tone",
    "left/1",
    "stay",
    "after",
    "alone",
    "recorded",
]


def test_every_turn_of_a_caller_gets_the_safe_document(carrier: Carrier, database: Database, scene: Scene) -> None:
    call, _ = scene.talking()
    with away(database):
        for page in CALLERS_PAGES:
            assert is_safe(carrier.ask(call.at(page), call.sid, Digits="1")), page


def test_other_legs_end_neutrally(with_fallback: Carrier, database: Database, scene: Scene) -> None:
    """A volunteer's or a peer's phone: nothing of crises, and nobody else is rung."""
    _, ringing = scene.talking()
    peer = scene.called_peer()
    pages = [
        *[(ringing.leg("answered"), ringing.sid), (f"/webhooks/legs/{peer.leg_token}/answered", peer.call.sid)],
        *[(ringing.at(page), ringing.sid) for page in ("key/1", "stepped-out", "step-out-key/1", "back", "outcome/1")],
        *[
            (peer.at(page), peer.call.sid)
            for page in ("who/1", "who-key/1", "menu/1", "key/1", "later/1", "message", "silent")
        ],
    ]
    with away(database):
        for path, sid in pages:
            document = with_fallback.ask(path, sid, Digits="1")
            assert (document.verbs, document.said) == (["Say", "Hangup"], WORDS["leg_failed"]), path
        assert with_fallback.ask("/webhooks/legs/fallback").said == WORDS["leg_failed"]


def test_a_volunteer_who_steps_out_is_taken_back_to_the_caller(
    carrier: Carrier, database: Database, scene: Scene
) -> None:
    """The caller sits in the room alone, and nobody else knows its name."""
    call, ringing = scene.talking()
    step = carrier.ask(ringing.at("back"), ringing.sid)
    address = next(one for one in step.addresses if "stepped-out" in one).removeprefix(carrier.public_url)
    with away(database):
        back = carrier.ask(address, ringing.sid)
        assert (back.said, back.verbs, back.room) == (WORDS["safe_back"], ["Say", "Dial"], step.room)
        assert list(back.addresses) == list(step.addresses)
        assert carrier.ask(address, ringing.sid).room == step.room, "and however often"
    assert carrier.ask(address, ringing.sid).said == WORDS["step_out"]
    assert scene.call(call.id).state is CallState.ASIDE


def test_a_notice_is_refused_so_that_it_may_come_again(carrier: Carrier, database: Database, scene: Scene) -> None:
    call, ringing = scene.talking()
    notices = [
        ("/webhooks/voice/status", {"CallStatus": "completed"}),
        (ringing.leg("status"), {"CallStatus": "completed"}),
        (ringing.leg("machine"), {"AnsweredBy": "machine_start"}),
        (call.at("recording"), {"RecordingSid": "RE" + "0f" * 16}),
        (call.at("room"), {"StatusCallbackEvent": "participant-leave"}),
        # No notice, but what is said into a conversation: not the safe document.
        ("/webhooks/announcements/token/words", {}),
    ]
    with away(database):
        for path, fields in notices:
            assert carrier.post(path, call.sid, **fields).status_code == 503, path
    carrier.ask("/webhooks/voice/status", call.sid, CallStatus="completed")
    assert scene.call(call.id).state is CallState.ENDED


def test_the_health_needs_no_database_and_a_text_may_come_again(
    carrier: Carrier, app: Flask, database: Database
) -> None:
    with away(database):
        assert carrier.post("/webhooks/sms", Body="hello").status_code == 503
        assert app.test_client().get("/healthz").status_code == 200


def test_what_is_logged_of_it_names_nobody(
    carrier: Carrier, database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    path, form = "/webhooks/voice", carrier.form(Digits="5")
    signature = carrier.signature(path, form)
    with away(database):
        carrier.send(path, form, {"X-Twilio-Signature": signature})
    await_trouble()
    told = "".join(capsys.readouterr())
    assert "webhook_failed" in told
    assert not [word for word in (CALLER, CALLER[1:], signature, carrier.token, ACCOUNT) if word in told]


def test_a_broken_row_of_our_own_is_no_error_for_the_caller(carrier: Carrier, database: Database) -> None:
    """Not the database but our own code fails: it cannot read its settings."""
    with database.transaction() as session:
        session.add(LiveSetting(key="wait_cap_seconds", value="soon", changed_at=clock.now()))
    assert is_safe(carrier.ask("/webhooks/voice"))
    with database.transaction() as session:
        session.get_one(LiveSetting, "wait_cap_seconds").value = "90"


# What becomes of such a call


def test_once_the_database_is_back_the_call_is_written_down(carrier: Carrier, database: Database, scene: Scene) -> None:
    sid = "CA" + "0e" * 16
    began = clock.now()
    with away(database):
        carrier.ask("/webhooks/voice", sid)
    await_trouble()
    call = only_call(scene)
    assert (call.carrier_sid, call.number, call.state) == (sid, CALLER, CallState.GREETING)
    assert call.safe_document_at is not None
    assert began <= call.started_at <= call.safe_document_at < clock.now()
    carrier.ask("/webhooks/voice/status", sid, CallStatus="completed")
    assert only_call(scene).outcome is CallOutcome.FAILED


def test_one_that_can_not_be_written_down_holds_up_no_other(carrier: Carrier, database: Database, scene: Scene) -> None:
    """PostgreSQL takes no NUL in a text, SQLite does: either way the caller after it is written down."""
    sid = "CA" + "0e" * 16
    with away(database):
        carrier.ask("/webhooks/voice", "CA\x00")
        carrier.ask("/webhooks/voice", sid)
    await_trouble()
    with scene.database.reading() as session:
        assert sid in session.scalars(select(Call.carrier_sid)).all()


def test_it_takes_no_offers_any_more(carrier: Carrier, database: Database, scene: Scene) -> None:
    call = scene.waiting_call()
    ringing = scene.ringing(call)
    scene.ringing(scene.waiting_call())
    with away(database):
        carrier.ask(call.at("wait/2"), call.sid)
    await_trouble()
    assert str(scene.offer(ringing.offer_id).result) == "cancelled"
    assert carrier.ask(call.at("wait/3"), call.sid).leads_on
    with scene.database.reading() as session:
        assert len(session.get_one(Call, call.id).offers) == 1


@pytest.mark.parametrize("page", ["rung", "heard"])
@pytest.mark.parametrize("first", ["told", "ended"])
def test_who_was_rung_or_heard_the_numbers_has_been_helped(
    carrier: Carrier, scene: Scene, page: str, first: str
) -> None:
    sid = "CA" + "0e" * 16
    carrier.ask(FALLBACK, sid)
    await_trouble()
    # Who was rung has a leg of their own, which names the caller's.
    told = {"CallSid": "CA" + "3c" * 16, "ParentCallSid": sid, "From": LINE_NUMBER} if page == "rung" else {}
    steps = {
        "told": lambda: carrier.post(f"{FALLBACK}/{page}", sid, **told),
        "ended": lambda: carrier.post("/webhooks/voice/status", sid, CallStatus="completed"),
    }
    for step in sorted(steps, key=lambda name: name != first):
        assert steps[step]().status_code == 200
        await_trouble()
    assert only_call(scene).outcome is CallOutcome.CRISIS
    assert only_call(scene).number == CALLER


def test_after_a_conversation_the_safe_document_takes_nothing_back(carrier: Carrier, scene: Scene) -> None:
    call, _ = scene.talking()
    carrier.ask(FALLBACK, call.sid)
    await_trouble()
    carrier.ask("/webhooks/voice/status", call.sid, CallStatus="completed")
    assert only_call(scene).outcome is CallOutcome.CONNECTED


def only_call(scene: Scene) -> Call:
    with scene.database.reading() as session:
        return session.scalars(select(Call)).one()


# The fallback's own address


@pytest.mark.parametrize("gone", [False, True], ids=["all is well", "no database"])
def test_the_fallback_is_the_same_with_and_without_a_database(
    carrier: Carrier, with_fallback: Carrier, database: Database, gone: bool
) -> None:
    def documents() -> list[str]:
        signed = [one.ask(FALLBACK).text for one in (carrier, with_fallback)]
        unsigned = [one.send(FALLBACK, one.form()).text for one in (carrier, with_fallback)]
        return [*signed, *unsigned]

    if gone:
        with away(database):
            found = documents()
    else:
        found = documents()
    without, rings, *unsigned = (Twiml(text) for text in found)
    assert (without.verbs, rings.verbs) == (SAFE, RINGS)
    assert is_safe(without)
    assert is_safe(rings)
    dial = rings.root.find("Dial")
    assert dial is not None
    assert (dial.findtext("Number"), dial.get("callerId")) == (FALLBACK_NUMBER, LINE_NUMBER)
    for document in unsigned:
        assert (document.verbs, document.said) == (["Say", "Hangup"], heard("crisis_numbers"))


def test_unsigned_it_changes_nothing(with_fallback: Carrier, scene: Scene) -> None:
    call, _ = scene.talking()
    before = scene.dump()
    for page in ("", "/heard"):
        assert with_fallback.send(FALLBACK + page, with_fallback.form(call.sid)).status_code == 200
        answer = with_fallback.app.test_client().post(FALLBACK + page, json={"CallSid": call.sid})
        with_fallback.look_at(answer)
        assert answer.status_code == 200
        assert FALLBACK_NUMBER not in answer.text
    assert with_fallback.send(f"{FALLBACK}/rung", with_fallback.form(call.sid)).status_code == 403
    await_trouble()
    assert scene.dump() == before


def test_it_leads_a_caller_to_the_end_of_the_numbers(carrier: Carrier) -> None:
    (address,) = carrier.ask(FALLBACK).addresses
    assert carrier.ask(address.removeprefix(carrier.public_url)).verbs == ["Hangup"]


# Never there at all


@pytest.fixture(params=["sqlite:///{folder}", "postgresql+psycopg://line@127.0.0.1:9/line"])
def unreachable(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, vault: Vault) -> Line:
    """A line whose database never was there: a folder instead of a file, a port on which nobody listens."""
    url = request.param.format(folder=tmp_path_factory.mktemp("folder"))
    database = Database(url)
    return Line(settings(url), database, Records(), LiveSettingsCache(database))


def test_a_leg_of_a_line_without_database_ends_neutrally(unreachable: Line) -> None:
    carrier = Carrier(create_app(unreachable))
    for path in ("/webhooks/legs/token/answered", "/webhooks/offers/token/key/1", "/webhooks/checkins/token/who/1"):
        assert carrier.ask(path).said == WORDS["leg_failed"]


def test_health_says_what_is_wrong_and_names_no_place(unreachable: Line) -> None:
    client = create_app(unreachable).test_client()
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json is not None
    assert sorted(answer.json) == ["clock", "database", "queue", "workers"]
    assert answer.json["database"].startswith("can't be reached")
    assert not [word for word in ("127.0.0.1", "line@", "nowhere", "sqlite") if word in answer.text]
    assert client.get("/healthz").text == "ok\n"
