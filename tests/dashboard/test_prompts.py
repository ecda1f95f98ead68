import re
from html import unescape
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from dashboard.uploads import FORM_BYTES
from phoneline import recordings, wav
from phoneline.prompts import catalogue
from tests.dashboard.pages import StoppedLine, said, token
from tests.sounds import tone

PAGE = "/prompts/en/goodbye"


def words(text: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def upload(client: FlaskClient, audio: bytes, page: str = PAGE) -> TestResponse:
    form = {"csrf_token": token(client, PAGE), "sound": (BytesIO(audio), "goodbye.wav")}
    return client.post(f"{page}/record", data=form)


def put(client: FlaskClient, version: str) -> TestResponse:
    return client.post(f"{PAGE}/use", data={"csrf_token": token(client, PAGE), "version": version})


def test_the_list_has_every_prompt_and_says_which_are_recorded(line: StoppedLine, coordinator: FlaskClient) -> None:
    text = coordinator.get("/prompts").text
    assert "In English, all prompts are spoken by a machine." in text
    assert all(said(one) in text for one in catalogue("en").values())
    assert "/prompts/en/goodbye" in text
    assert "/prompts/en/crisis_numbers" not in text
    upload(coordinator, tone(1))
    assert "In English, one prompt is played from a recording" in coordinator.get("/prompts").text
    assert said(catalogue("fr")["goodbye"]) in coordinator.get("/prompts?language=fr").text
    assert coordinator.get("/prompts?language=de").status_code == 404


def test_a_recording_is_heard_taken_back_and_put_back(line: StoppedLine, coordinator: FlaskClient) -> None:
    assert upload(coordinator, tone(1)).headers["Location"] == PAGE
    assert upload(coordinator, tone(2)).status_code == 303
    text = coordinator.get(PAGE).text
    assert "Callers hear your recording. " in words(text)
    assert "Version 2 in use 2 s long, by" in words(text)
    assert text.count("<audio") == 2
    assert put(coordinator, "1").status_code == 303
    with line.database.reading() as session:
        assert recordings.in_use(session)["goodbye", "en"].seconds == pytest.approx(1)
    put(coordinator, "")
    assert "Callers hear these words from a machine." in words(coordinator.get(PAGE).text)
    assert put(coordinator, "7").status_code == 404
    assert put(coordinator, "one").status_code == 400


@pytest.mark.parametrize("audio", [b"", b"no sound", tone(40, width=1)], ids=["none", "something else", "too long"])
def test_what_will_not_do_is_refused_in_words(line: StoppedLine, coordinator: FlaskClient, audio: bytes) -> None:
    answer = upload(coordinator, audio)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    with line.database.reading() as session:
        assert recordings.versions(session, "goodbye", "en") == []


def test_a_file_that_is_too_large_is_not_even_read(coordinator: FlaskClient) -> None:
    body, kind = b"\0" * (wav.MOST_BYTES + 2 * FORM_BYTES), "multipart/form-data; boundary=one"
    answer = coordinator.post(f"{PAGE}/record", data=body, content_type=kind)
    assert answer.status_code == 413
    assert "too large" in answer.text


@pytest.mark.parametrize("page", ["/prompts/en/crisis_numbers", "/prompts/en/checkin_who", "/prompts/de/goodbye"])
def test_what_can_not_be_recorded_has_no_page(coordinator: FlaskClient, page: str) -> None:
    assert coordinator.get(page).status_code == 404
    assert upload(coordinator, tone(1), page).status_code == 404
