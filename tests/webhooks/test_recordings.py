"""Recorded prompts are played, in time, and never where our own side fails."""

import pytest
from flask import Flask

from phoneline import clock, prompt_changes, recordings, rewording
from phoneline.change_log import By
from phoneline.db import Database
from phoneline.models import Call
from phoneline.prompts import catalogue, say, speaking_seconds
from phoneline.sounds import Sounds
from phoneline.steps import Ask, Go, Recorded
from tests.sounds import tone
from tests.webhooks.away import away
from tests.webhooks.carrier import Carrier, settings
from tests.webhooks.scenes import Scene
from tests.webhooks.twiml import Twiml
from webhooks.twiml import render

WORDS = catalogue("en")
SETTINGS = settings("sqlite:///nowhere.sqlite3")


def record(database: Database, prompt: str, seconds: float = 1) -> str:
    with database.transaction() as session:
        return recordings.take_over(session, prompt, "en", tone(seconds), None, clock.now()).token


def played(document: Twiml) -> list[str]:
    return [(element.text or "").rsplit("/", 1)[-1] for element in document.root.iter("Play")]


def rendered(prompt: str, silence: int, seconds: float, *, keeps_time: bool) -> tuple[list[str], str | None, str]:
    """What is played, the silence after it, and what is said, where the prompt has a recording of this length."""
    ask = Ask((say(prompt, "en"),), "/webhooks/x", silence, keeps_time=keeps_time)
    document = Twiml(render((ask, Go("/webhooks/y")), SETTINGS, Sounds({(prompt, "en"): Recorded("token", seconds)})))
    gather = document.root.find("Gather")
    return played(document), None if gather is None else gather.get("timeout"), document.said


def test_a_recorded_prompt_is_played_to_whoever_speaks_the_language(
    carrier: Carrier, scene: Scene, database: Database
) -> None:
    token = record(database, "goodbye")
    call = scene.waiting_call(state="ended")
    document = carrier.ask(call.at("next"), call.sid)
    assert (played(document), document.said) == ([token], "")
    scene.change(Call, call.id, language="fr")
    document = carrier.ask(call.at("next"), call.sid)
    assert (played(document), document.said) == ([], catalogue("fr")["goodbye"])


def test_its_address_never_changes_what_it_plays(app: Flask, database: Database) -> None:
    token = record(database, "goodbye", 1)
    record(database, "goodbye", 2)
    answer = app.test_client().get(f"/recordings/{token}")
    assert (answer.status_code, answer.mimetype, answer.data) == (200, "audio/wav", tone(1))
    assert "immutable" in answer.headers["Cache-Control"]
    assert "Set-Cookie" not in answer.headers
    for nothing in ("there-is-none", "%00"):
        assert app.test_client().get(f"/recordings/{nothing}").status_code == 404


def test_the_safe_document_is_spoken(carrier: Carrier, scene: Scene, database: Database) -> None:
    record(database, "goodbye")
    call = scene.waiting_call(state="ended")
    assert played(carrier.ask(call.at("next"), call.sid))
    with away(database):
        document = carrier.ask("/webhooks/voice")
    assert (played(document), document.said.startswith(WORDS["safe"])) == ([], True)


@pytest.mark.parametrize("seconds", [2.0, 5.0, 6.5])
def test_a_turn_lasts_as_long_with_a_recording_as_with_words(seconds: float) -> None:
    planned = speaking_seconds((say("wait_more", "en"),)) + 5
    sound, silence, _ = rendered("wait_more", 5, seconds, keeps_time=True)
    assert sound == ["token"]
    assert abs(seconds + int(silence or 0) - planned) <= 0.5


def test_one_that_would_hold_up_the_turn_is_spoken() -> None:
    assert rendered("wait_more", 5, 12, keeps_time=True) == ([], "5", WORDS["wait_more"])


def test_after_a_menu_the_time_for_a_key_stays() -> None:
    assert rendered("step_out", 8, 12, keeps_time=False) == (["token"], "8", "")


def reword(database: Database, prompt: str, language: str, text: str) -> None:
    with database.transaction() as session:
        seen = rewording.current(session, prompt, language)
        prompt_changes.reword(session, prompt, language, text, By(), clock.now(), seen=seen)


def test_other_words_are_said_to_whoever_speaks_the_language(
    carrier: Carrier, scene: Scene, database: Database
) -> None:
    reword(database, "goodbye", "en", "So long & <take care>.")
    call = scene.waiting_call(state="ended")
    assert carrier.ask(call.at("next"), call.sid).said == "So long & <take care>."
    scene.change(Call, call.id, language="fr")
    assert carrier.ask(call.at("next"), call.sid).said == catalogue("fr")["goodbye"]


def test_in_other_words_the_same_is_filled_in_and_a_turn_lasts_as_long() -> None:
    said = say("wait_place", "en", place="three")
    ask = Ask((said,), "/webhooks/x", 5, keeps_time=True)
    longer = {("wait_place", "en"): "You are number {place}, thank you for your patience, and somebody will come soon."}
    document = Twiml(render((ask, Go("/webhooks/y")), SETTINGS, Sounds(words=longer)))
    assert document.said.startswith("You are number three, thank you")
    gather = document.root.find("Gather")
    assert gather is not None
    planned = speaking_seconds((said,)) + 5
    assert abs(len(document.said) / 15 + int(gather.get("timeout", "0")) - planned) <= 0.5


def test_words_that_fit_a_prompt_no_longer_are_left_out(database: Database) -> None:
    """A later release fills in something else, or has no such prompt."""
    with database.transaction() as session:
        for prompt, text in (("goodbye", "Bye {name}"), ("gone", "x"), ("safe", "x"), ("text_help", "x")):
            rewording.put(session, prompt, "en", text, None, clock.now())
        rewording.put(session, "recorded", "en", "Thanks.", None, clock.now())
        assert rewording.in_use(session) == {("recorded", "en"): "Thanks."}
