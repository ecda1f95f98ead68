"""A call outside the line's hours."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from phoneline import clock, live_settings, spoken
from phoneline.db import Database
from phoneline.line import Line
from phoneline.models import Call, Leg, Offer
from phoneline.prompts import catalogue
from phoneline.states import CallOutcome, CallState, Role
from tests import factories
from tests.webhooks.carrier import CALLER, Carrier
from tests.webhooks.scenes import OnTheLine, Scene
from tests.webhooks.twiml import Twiml
from tests.words import heard
from wsgi import create_app

WORDS = catalogue("en")
FALLBACK_NUMBER = "+14165550142"
UNSEEN_SID = "CA" + "7f" * 16


def close(database: Database, *distances: int) -> None:
    """No hours on the days so far from today."""
    today = clock.now().astimezone(factories.TORONTO).date()
    days = ",".join(str(today + timedelta(days=distance)) for distance in distances)
    with database.transaction() as session:
        live_settings.write(session, "closed_days", days, clock.now())


@pytest.fixture
def closed(database: Database) -> None:
    """Until the day after tomorrow begins."""
    close(database, -1, 0, 1)


@pytest.fixture
def with_fallback(line: Line) -> Carrier:
    return Carrier(create_app(replace(line, settings=replace(line.settings, fallback_number=FALLBACK_NUMBER))))


def the_call(scene: Scene, sid: str) -> OnTheLine:
    with scene.database.reading() as session:
        call = session.scalars(select(Call).where(Call.carrier_sid == sid)).one()
        return OnTheLine(call.id, call.token, sid, call.number)


def arrives(carrier: Carrier, scene: Scene, number: str = CALLER) -> OnTheLine:
    """A call that has come as far as the choices."""
    carrier.ask("/webhooks/voice", UNSEEN_SID, From=number)
    call = the_call(scene, UNSEEN_SID)
    carrier.ask(call.at("wait/1"), call.sid)
    assert scene.call(call.id).state is CallState.CHOOSING
    return call


def ends(carrier: Carrier, scene: Scene, call: OnTheLine) -> CallOutcome | None:
    carrier.ask("/webhooks/voice/status", call.sid, CallStatus="completed")
    return scene.call(call.id).outcome


def opening_in(language: str) -> str:
    opens = clock.now().astimezone(factories.TORONTO).replace(hour=0, minute=0, second=0) + timedelta(days=2)
    return spoken.when(opens, clock.now(), factories.TORONTO, language)


@pytest.mark.usefixtures("closed")
def test_the_caller_hears_in_their_language_when_somebody_is_there_again(carrier: Carrier, scene: Scene) -> None:
    greeted = carrier.ask("/webhooks/voice", UNSEEN_SID)
    assert greeted.said.startswith(WORDS["closed_greeting_until"].format(when=opening_in("en")))
    assert WORDS["greeting"] not in greeted.said
    assert catalogue("fr")["other_language_8"] in greeted.said
    assert catalogue("es")["other_language_7"] in greeted.said
    assert carrier.ask("/webhooks/voice", UNSEEN_SID).text == greeted.text
    call = the_call(scene, UNSEEN_SID)
    french = catalogue("fr")
    assert carrier.ask(call.at("menu/1"), call.sid, Digits="8").said == french["closed_greeting_until"].format(
        when=opening_in("fr")
    )
    choices = carrier.ask(call.at("wait/1"), call.sid)
    assert choices.said == " ".join(heard(key, "fr") for key in ("closed_crisis", "closed_callback", "closed_message"))
    assert choices.verbs == ["Gather", "Redirect"]


@pytest.mark.usefixtures("closed")
def test_the_next_opening_is_told_by_the_clock_of_who_calls(carrier: Carrier, scene: Scene, database: Database) -> None:
    with database.transaction() as session:
        someone = factories.person(session, now=clock.now(), timezone="America/Vancouver", language="en")
        number = someone.numbers[0].number
    greeted = carrier.ask("/webhooks/voice", UNSEEN_SID, From=number)
    assert "9 PM" in greeted.said
    assert carrier.ask("/webhooks/voice", UNSEEN_SID, From=number).text == greeted.text


@pytest.mark.usefixtures("closed")
def test_nobody_is_rung_though_they_are_on_shift(carrier: Carrier, scene: Scene) -> None:
    with scene.database.transaction() as session:
        ana = factories.person(session, Role.VOLUNTEER, now=clock.now())
    scene.shift(ana.id)
    assert scene.on_shift() == {ana.id}
    call = arrives(carrier, scene)
    for page in ("wait/2", "next", "wait-key/2", "choice/1"):
        carrier.ask(call.at(page), call.sid, Digits="0")
    assert scene.count(Offer) == scene.count(Leg) == 0


@pytest.mark.usefixtures("closed")
@pytest.mark.parametrize(
    ("key", "outcome", "kind"),
    [
        ("1", CallOutcome.CALLBACK, "callback"),
        ("2", CallOutcome.VOICEMAIL, "voicemail"),
        ("", CallOutcome.VOICEMAIL, "voicemail"),
    ],
)
def test_each_way_out_leaves_a_follow_up(
    carrier: Carrier, scene: Scene, key: str, outcome: CallOutcome, kind: str
) -> None:
    call = arrives(carrier, scene)
    page = "choice/1" if key else "message"
    said = carrier.ask(call.at(page), call.sid, Digits=key).said
    assert said == (WORDS["callback_promised"] if key == "1" else heard("recorder"))
    assert ends(carrier, scene, call) is outcome
    assert scene.contacts(call) == [("call", "none", "none"), (kind, "none", "wanted")]


@pytest.mark.usefixtures("closed")
def test_who_withholds_their_number_keys_one_in(carrier: Carrier, scene: Scene) -> None:
    call = arrives(carrier, scene, "anonymous")
    assert carrier.ask(call.at("choice/1"), call.sid, Digits="1").said == WORDS["callback_number"]
    assert carrier.ask(call.at("number/1"), call.sid, Digits="6475550107").said == WORDS["callback_promised_keyed"]


@pytest.mark.usefixtures("closed")
def test_without_a_fallback_number_key_0_is_a_wrong_key(carrier: Carrier, scene: Scene) -> None:
    call = arrives(carrier, scene)
    again = carrier.ask(call.at("choice/1"), call.sid, Digits="0")
    assert again.verbs == ["Gather", "Redirect"]
    assert WORDS["closed_pass_on"] not in again.said
    assert carrier.ask(call.at("choice/2"), call.sid, Digits="0").said == heard("recorder")


def passed_on(carrier: Carrier, scene: Scene) -> tuple[OnTheLine, Twiml]:
    call = arrives(carrier, scene)
    assert WORDS["closed_pass_on"] in carrier.ask(call.at("wait/2"), call.sid).said
    document = carrier.ask(call.at("choice/1"), call.sid, Digits="0")
    assert document.verbs == ["Say", "Dial", "Redirect"]
    assert document.root.findtext("Dial/Number") == FALLBACK_NUMBER
    assert scene.call(call.id).state is CallState.PASSED_ON
    assert carrier.ask(call.at("choice/1"), call.sid, Digits="0").text == document.text
    return call, document


@pytest.mark.usefixtures("closed")
@pytest.mark.parametrize("told", ["by the notice", "when the caller comes back", "after the end", "twice"])
def test_key_0_rings_the_fallback_number(with_fallback: Carrier, scene: Scene, told: str) -> None:
    call, _ = passed_on(with_fallback, scene)
    joined = {"DialCallStatus": "completed", "DialBridged": "true"}
    child = {"ParentCallSid": call.sid, "CallStatus": "in-progress"}
    if told in {"by the notice", "twice"}:
        with_fallback.ask(call.at("picked-up"), "CA" + "3c" * 16, **child)
    if told in {"when the caller comes back", "twice"}:
        assert with_fallback.ask(call.at("passed-on"), call.sid, **joined).said == heard("passed_on")
    outcome = ends(with_fallback, scene, call)
    if told == "after the end":
        with_fallback.ask(call.at("picked-up"), "CA" + "3c" * 16, **child)
        outcome = scene.call(call.id).outcome
    assert outcome is CallOutcome.CRISIS
    assert scene.contacts(call) == [("call", "none", "none")]


@pytest.mark.usefixtures("closed")
def test_nobody_at_the_fallback_number_brings_the_crisis_numbers_and_the_choices(
    with_fallback: Carrier, scene: Scene
) -> None:
    call, _ = passed_on(with_fallback, scene)
    back = with_fallback.ask(call.at("passed-on"), call.sid, DialCallStatus="no-answer", DialBridged="false")
    assert back.said.endswith(f"{heard('crisis_numbers')} {heard('crisis_numbers')}")
    choices = with_fallback.ask(call.at("numbers-heard"), call.sid)
    assert WORDS["closed_message"] in choices.said
    assert ends(with_fallback, scene, call) is CallOutcome.CRISIS, "these were the last words"


@pytest.mark.usefixtures("closed")
@pytest.mark.parametrize(
    ("page", "key", "outcome"),
    [
        ("choice/1", "1", CallOutcome.CALLBACK),
        ("message", "", CallOutcome.VOICEMAIL),
        ("choice/1", "0", CallOutcome.ABANDONED),
    ],
)
def test_what_is_chosen_after_the_crisis_numbers_is_the_outcome(
    with_fallback: Carrier, scene: Scene, page: str, key: str, outcome: CallOutcome
) -> None:
    call, _ = passed_on(with_fallback, scene)
    with_fallback.ask(call.at("passed-on"), call.sid, DialCallStatus="busy", DialBridged="false")
    with_fallback.ask(call.at("numbers-heard"), call.sid)
    with_fallback.ask(call.at(page), call.sid, Digits=key)
    assert ends(with_fallback, scene, call) is outcome


@pytest.mark.usefixtures("closed")
def test_a_notice_of_another_leg_says_nothing_about_this_call(with_fallback: Carrier, scene: Scene) -> None:
    call, _ = passed_on(with_fallback, scene)
    before = scene.dump()
    with_fallback.ask(call.at("picked-up"), call.sid, ParentCallSid="CA" + "3c" * 16)
    with_fallback.ask(call.at("picked-up"), call.sid)
    assert scene.dump() == before


def test_a_call_that_began_within_the_hours_goes_on(carrier: Carrier, scene: Scene, database: Database) -> None:
    call = scene.waiting_call()
    scene.change(Call, call.id, started_at=clock.now() - timedelta(days=3))
    ringing = scene.ringing(call)
    close(database, -1, 0, 1)
    assert heard("closed_crisis") not in carrier.ask(call.at("wait/2"), call.sid).said
    assert carrier.ask(ringing.at("key/1"), ringing.sid, Digits="1").room is not None
    assert scene.call(call.id).state is CallState.CONNECTED


def test_when_the_hours_begin_a_caller_who_is_still_there_may_wait(
    carrier: Carrier, scene: Scene, database: Database
) -> None:
    """As if the call had come three days ago, at night."""
    call = scene.waiting_call(state=CallState.CHOOSING)
    scene.change(Call, call.id, started_at=clock.now() - timedelta(days=3))
    close(database, -4, -3, -2)
    scene.ringing(scene.waiting_call())
    assert carrier.ask(call.at("next"), call.sid).said == heard("choices")
    carrier.ask(call.at("choice/1"), call.sid, Digits="0")
    assert scene.call(call.id).state is CallState.WAITING


@pytest.mark.usefixtures("closed")
def test_a_peer_who_wants_to_talk_outside_the_hours_is_called_back_within_them(carrier: Carrier, scene: Scene) -> None:
    scene.volunteer()
    peer = scene.called_peer()
    asked = carrier.ask(peer.at("who-key/1"), peer.call.sid, Digits="1")
    assert WORDS["checkin_key_call_back"] in asked.said
    document = carrier.ask(peer.at("key/1"), peer.call.sid, Digits="0")
    assert WORDS["callback_promised_here"] in document.said
    carrier.ask(f"/webhooks/legs/{peer.leg_token}/status", peer.call.sid, CallStatus="completed")
    assert scene.contacts(peer.call) == [("callback", "none", "wanted"), ("checkin", "none", "urgent")]
    assert scene.count(Offer) == 0


PAGES = ["voice", "wait/2", "wait-key/2", "choice/1", "choice/2", "message", "passed-on", "picked-up", "numbers-heard"]
turns = st.tuples(st.sampled_from(PAGES), st.sampled_from(["0", "0", "1", "2", "*"]), st.booleans())


@pytest.mark.usefixtures("closed")
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sequence=st.lists(turns, min_size=2, max_size=8), withheld=st.booleans())
def test_outside_the_hours_a_call_leads_somewhere_whatever_comes(
    with_fallback: Carrier, scene: Scene, sequence: list[tuple[str, str, bool]], withheld: bool
) -> None:
    call = scene.waiting_call(state=CallState.GREETING, **({"number": None, "person_id": None} if withheld else {}))
    with_fallback.ask(call.at("wait/1"), call.sid)
    bridged = chosen = False
    for page, key, joined in sequence:
        before = scene.call(call.id).state
        form = {"Digits": key, "DialBridged": str(joined).lower(), "ParentCallSid": call.sid if joined else ""}
        path = "/webhooks/voice" if page == "voice" else call.at(page)
        document = with_fallback.ask(path, call.sid, **form)
        assert document.verbs == [] if page == "picked-up" else document.leads_on, page
        bridged = bridged or (joined and before is CallState.PASSED_ON and page in {"passed-on", "picked-up"})
        chosen = scene.call(call.id).state in {CallState.MESSAGE, CallState.CALLBACK}
    outcome = ends(with_fallback, scene, call)
    assert outcome in {CallOutcome.CRISIS, CallOutcome.VOICEMAIL, CallOutcome.CALLBACK, CallOutcome.ABANDONED}
    if bridged:
        assert outcome is CallOutcome.CRISIS
    elif chosen:
        assert outcome is not CallOutcome.ABANDONED
    assert scene.count(Offer) == 0
