"""Music between the words of a wait: cut to its turn, and silent for as long where it can't be had."""

import io
import wave
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from flask import Flask

from phoneline import clock, live_settings, recordings, wait_music, wav
from phoneline.db import Database
from phoneline.models import Call
from phoneline.prompts import say, speaking_seconds
from phoneline.sounds import Sounds
from phoneline.steps import Ask, Go, Music, Recorded, Say
from tests.sounds import tone
from tests.webhooks.away import away
from tests.webhooks.carrier import PUBLIC_URL, Carrier, settings
from tests.webhooks.scenes import OnTheLine, Scene
from tests.webhooks.twiml import Twiml
from webhooks.twiml import render

TONES = wait_music.tones()
SETTINGS = settings("sqlite:///nowhere.sqlite3")


def chosen(database: Database, choice: str) -> None:
    with database.transaction() as session:
        live_settings.write(session, "wait_music", choice, clock.now())


def uploaded(database: Database, seconds: float = 20) -> str:
    with database.transaction() as session:
        return recordings.take_over(session, *wait_music.KEY, tone(seconds), None, clock.now()).token


def played(document: Twiml) -> list[str]:
    """What is played within the Gather, where every key counts."""
    root = PUBLIC_URL + "/webhooks/music/"
    return [(element.text or "").removeprefix(root) for element in document.root.iterfind("Gather/Play")]


@pytest.fixture
def waiting(scene: Scene) -> OnTheLine:
    scene.talking()
    return scene.waiting_call()


@pytest.fixture
def turn(carrier: Carrier, waiting: OnTheLine) -> Callable[[int], Twiml]:
    return lambda number: carrier.ask(waiting.at(f"wait/{number}"), waiting.sid)


def test_soft_tones_fill_the_turn_and_change_from_turn_to_turn(turn: Callable[[int], Twiml]) -> None:
    found = [turn(number) for number in (3, 4, 6)]
    parts = [[one.split("/")[:2] for one in played(document)] for document in found]
    assert parts == [[[TONES.token, "2"]], [[TONES.token, "3"]], [[TONES.token, "1"]]]
    for document in found:
        gather = document.root.find("Gather")
        seconds = int(played(document)[0].split("/")[2])
        words = speaking_seconds((Say(document.said, "en"),))
        assert gather is not None
        assert abs(words + seconds + int(gather.get("timeout", "")) - 8) <= 0.5


def test_own_music_goes_on_where_it_was_and_begins_again(database: Database, turn: Callable[[int], Twiml]) -> None:
    token = uploaded(database)
    chosen(database, "own")
    found = [played(turn(number))[0] for number in (3, 4, 7)]
    assert [one.split("/")[:2] for one in found] == [[token, "0"], [token, "1"], [token, "0"]]


def test_own_music_is_played_where_no_words_fit_any_more(
    database: Database, scene: Scene, waiting: OnTheLine, turn: Callable[[int], Twiml]
) -> None:
    token = uploaded(database)
    chosen(database, "own")
    scene.change(Call, waiting.id, wait_began_at=clock.now() - timedelta(seconds=87))
    document = turn(5)
    assert (document.said, played(document)) == ("", [f"{token}/0/2"])


@pytest.mark.parametrize("choice", ["own", "none"])
def test_where_there_is_no_music_there_is_silence(
    database: Database, turn: Callable[[int], Twiml], choice: str
) -> None:
    chosen(database, choice)
    document = turn(3)
    gather = document.root.find("Gather")
    assert gather is not None
    assert (played(document), int(gather.get("timeout", "")) > 1) == ([], True)


@pytest.mark.parametrize("silence", range(1, 9))
def test_music_and_rest_are_as_long_as_the_silence_was(silence: int) -> None:
    ask = Ask((), "/webhooks/x", silence, keeps_time=True, music=Music(own=False, part=5))
    document = Twiml(render((ask, Go("/webhooks/y")), SETTINGS))
    gather, music = document.root.find("Gather"), played(document)
    assert gather is not None
    seconds = [int(one.split("/")[2]) for one in music]
    assert sum(seconds) + int(gather.get("timeout", "")) == silence
    assert [one.split("/")[1] for one in music] == (["1"] if silence > 1 else [])


def test_a_recorded_prompt_and_music_share_the_turn() -> None:
    prompt = say("wait_more", "en")
    ask = Ask((prompt,), "/webhooks/x", 5, keeps_time=True, music=Music(own=False, part=0))
    document = Twiml(render((ask, Go("/webhooks/y")), SETTINGS, Sounds({("wait_more", "en"): Recorded("token", 2.0)})))
    seconds = int(played(document)[-1].split("/")[2])
    assert abs(2 + seconds + 1 - speaking_seconds((prompt,)) - 5) <= 0.5


@pytest.mark.parametrize("own", [False, True], ids=["tones", "own"])
def test_each_part_lasts_as_long_as_its_address_says(app: Flask, database: Database, *, own: bool) -> None:
    token = uploaded(database) if own else TONES.token
    for seconds in (1, 4, 8):
        answer = app.test_client().get(wait_music.path(token, 1, seconds))
        assert (answer.status_code, answer.mimetype, wav.seconds(answer.data)) == (200, "audio/wav", seconds)
        assert "immutable" in answer.headers["Cache-Control"]
        assert "Set-Cookie" not in answer.headers


def test_tones_are_heard_and_come_and_go_softly(app: Flask) -> None:
    with wave.open(io.BytesIO(app.test_client().get(wait_music.path(TONES.token, 0, 2)).data)) as sound:
        assert (sound.getframerate(), sound.getnchannels()) == (8000, 1)
        samples = memoryview(sound.readframes(16000)).cast("h")
    assert samples[0] == samples[-1] == 0
    assert 2000 < max(samples) < 12000


def test_what_can_not_be_had_is_silent_for_as_long_and_not_kept(app: Flask, database: Database) -> None:
    token = uploaded(database)
    client = app.test_client()
    found = [client.get(wait_music.path(name, 0, 5)) for name in ("there-is-none", "%00")]
    with away(database):
        found.append(client.get(wait_music.path(token, 0, 5)))
    for answer in found:
        assert (answer.status_code, wav.seconds(answer.data), set(answer.data[44:])) == (200, 5, {0})
        assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("seconds", [0, 9, 100000])
def test_nobody_gets_more_than_a_turn(app: Flask, seconds: int) -> None:
    assert app.test_client().get(wait_music.path(TONES.token, 0, seconds)).status_code == 404


def test_an_address_has_no_parameters(turn: Callable[[int], Twiml]) -> None:
    assert not urlsplit(played(turn(3))[0]).query
