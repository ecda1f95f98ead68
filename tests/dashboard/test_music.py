import re
from html import unescape
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from phoneline import live_settings, recordings, wait_music
from tests.dashboard.pages import StoppedLine, token
from tests.databases import ONE_KIND
from tests.sounds import tone

PAGE = "/prompts/music"


def answer(client: FlaskClient) -> str:
    found = re.search(r'<h1 class="answer">(.*?)</h1>', client.get(PAGE).text)
    assert found
    return unescape(found[1])


def upload(client: FlaskClient, audio: bytes) -> TestResponse:
    form = {"csrf_token": token(client, PAGE), "sound": (BytesIO(audio), "calm.wav")}
    return client.post(f"{PAGE}/record", data=form)


def choose(client: FlaskClient, choice: str) -> int:
    return client.post(f"{PAGE}/use", data={"csrf_token": token(client, PAGE), "choice": choice}).status_code


def in_use(line: StoppedLine) -> tuple[str, float]:
    with line.database.reading() as session:
        found = recordings.in_use(session).get(wait_music.KEY)
        return live_settings.read(session).wait_music, found.seconds if found else 0


@ONE_KIND
def test_own_music_is_put_into_use_taken_back_and_put_back(line: StoppedLine, coordinator: FlaskClient) -> None:
    assert "soft tones" in answer(coordinator)
    assert upload(coordinator, tone(8)).headers["Location"] == PAGE
    assert upload(coordinator, tone(9)).status_code == 303
    assert "your music" in answer(coordinator)
    assert in_use(line) == ("own", 9)
    assert choose(coordinator, "1") == 303
    assert in_use(line) == ("own", 8)
    assert choose(coordinator, "none") == 303
    assert (in_use(line)[0], "hear nothing" in answer(coordinator)) == ("none", True)
    assert "in use" not in coordinator.get(PAGE).text.partition("Your music")[2]
    assert choose(coordinator, "default") == 303
    assert (in_use(line)[0], "soft tones" in answer(coordinator)) == ("default", True)
    assert choose(coordinator, "2") == 303
    assert in_use(line) == ("own", 9)


@ONE_KIND
@pytest.mark.parametrize("choice", ["3", "", "own", "one", "9" * 30])
def test_what_is_no_choice_changes_nothing(line: StoppedLine, coordinator: FlaskClient, choice: str) -> None:
    upload(coordinator, tone(8))
    assert choose(coordinator, choice) == 404
    assert in_use(line) == ("own", 8)


@ONE_KIND
@pytest.mark.parametrize("audio", [b"", b"no sound", tone(5)], ids=["none", "something else", "too short"])
def test_what_will_not_do_is_refused_in_words(line: StoppedLine, coordinator: FlaskClient, audio: bytes) -> None:
    refused = upload(coordinator, audio)
    assert (refused.status_code, 'role="alert"' in refused.text) == (422, True)
    assert in_use(line) == ("default", 0)


@ONE_KIND
def test_the_page_says_when_the_own_music_is_missing(line: StoppedLine, coordinator: FlaskClient) -> None:
    with line.database.transaction() as session:
        live_settings.write(session, "wait_music", "own", line.now)
    assert "no music of yours is in use" in answer(coordinator)
