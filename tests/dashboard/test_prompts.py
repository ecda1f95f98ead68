import re
from html import unescape
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from dashboard import prompt_groups
from dashboard.uploads import FORM_BYTES
from phoneline import recordings, rewording, wav
from phoneline.prompt_numbers import number_of
from phoneline.prompts import catalogue
from tests.dashboard.pages import StoppedLine, said, token
from tests.databases import ONE_KIND
from tests.sounds import tone

PAGE = "/prompts/en/goodbye"
FILLED = "/prompts/en/checkin_who"
"""In which a name is filled in."""


def words(text: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def upload(client: FlaskClient, audio: bytes, page: str = PAGE) -> TestResponse:
    form = {"csrf_token": token(client, PAGE), "sound": (BytesIO(audio), "goodbye.wav")}
    return client.post(f"{page}/record", data=form)


def write(client: FlaskClient, text: str, seen: str = "", page: str = PAGE) -> TestResponse:
    form = {"csrf_token": token(client, PAGE), "words": text, "seen": seen}
    return client.post(f"{page}/words", data=form)


def put(client: FlaskClient, version: str) -> TestResponse:
    return client.post(f"{PAGE}/use", data={"csrf_token": token(client, PAGE), "version": version})


@ONE_KIND
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
    assert "A WAV file, at most 4.2 seconds" in coordinator.get("/prompts/en/greeting").text


@ONE_KIND
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


@ONE_KIND
@pytest.mark.parametrize("audio", [b"", b"no sound", tone(40, width=1)], ids=["none", "something else", "too long"])
def test_what_will_not_do_is_refused_in_words(line: StoppedLine, coordinator: FlaskClient, audio: bytes) -> None:
    answer = upload(coordinator, audio)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    with line.database.reading() as session:
        assert recordings.versions(session, "goodbye", "en") == []


@ONE_KIND
def test_what_a_file_is_counts_and_not_its_name(line: StoppedLine, coordinator: FlaskClient) -> None:
    form = {"csrf_token": token(coordinator, PAGE), "sound": (BytesIO(tone(1) + b"<script>"), "song.mp3", "text/html")}
    assert coordinator.post(f"{PAGE}/record", data=form).status_code == 303
    with line.database.reading() as session:
        [kept] = recordings.versions(session, "goodbye", "en")
        assert recordings.sound(session, kept.token) == tone(1)


@ONE_KIND
def test_a_file_that_is_too_large_is_not_even_read(coordinator: FlaskClient) -> None:
    body, kind = b"\0" * (wav.MOST_BYTES + 2 * FORM_BYTES), "multipart/form-data; boundary=one"
    answer = coordinator.post(f"{PAGE}/record", data=body, content_type=kind)
    assert answer.status_code == 413
    assert "too large" in answer.text


@ONE_KIND
@pytest.mark.parametrize("page", ["/prompts/en/crisis_numbers", "/prompts/en/text_help", "/prompts/de/goodbye"])
def test_what_always_stays_as_it_is_has_no_page(coordinator: FlaskClient, page: str) -> None:
    assert coordinator.get(page).status_code == 404
    assert upload(coordinator, tone(1), page).status_code == 404
    assert write(coordinator, "Other words", page=page).status_code == 404
    assert upload(coordinator, tone(1), FILLED).status_code == 404


@ONE_KIND
def test_the_words_are_changed_versioned_and_taken_back(line: StoppedLine, coordinator: FlaskClient) -> None:
    own = catalogue("en")["goodbye"]
    upload(coordinator, tone(1))
    assert write(coordinator, "  Bye\n for now. ", seen=own).headers["Location"] == PAGE
    shown = words(coordinator.get(PAGE).text)
    assert "Callers hear your words from a machine. " in shown
    assert f"As it came {own}" in shown
    with line.database.reading() as session:
        assert rewording.in_use(session) == {("goodbye", "en"): "Bye for now."}
        assert recordings.in_use(session) == {}, "the recording of the old words rests"
    late = write(coordinator, "So long.", seen=own)
    assert late.status_code == 409
    assert "Meanwhile somebody made it “Bye for now.”" in words(late.text)
    assert "So long." in late.text
    assert write(coordinator, "So long.", seen="Bye for now.").status_code == 303
    assert "Bye for now. by coordinator@example.org today 19:14 Use these words again" in words(
        coordinator.get(PAGE).text
    )
    assert "your words" in coordinator.get("/prompts").text
    form = {"csrf_token": token(coordinator, PAGE), "seen": "So long.", "own": "yes"}
    assert coordinator.post(f"{PAGE}/words", data=form).status_code == 303
    with line.database.reading() as session:
        assert rewording.in_use(session) == {}


@ONE_KIND
@pytest.mark.parametrize(
    ("page", "text", "told"),
    [
        (PAGE, " ", "Please write the words"),
        (PAGE, "x" * 451, "at most 450 characters fit"),
        (PAGE, "Bye {name}.", "please write no braces"),
        (PAGE, "Bye }.", "please write no braces"),
        (FILLED, "Is that you?", "Please keep exactly what is filled in here, in its braces: {name}."),
        (FILLED, "Is that {name.__class__}?", "Please keep exactly what is filled in here"),
        (FILLED, "Is that {name!r} or {other}?", "Please keep exactly what is filled in here"),
        ("/prompts/en/greeting", "Hello. " * 30, "too long for this place"),
    ],
)
def test_words_that_will_not_do_stay_and_say_why(
    line: StoppedLine, coordinator: FlaskClient, page: str, text: str, told: str
) -> None:
    answer = write(coordinator, text, page=page)
    assert answer.status_code == 422
    assert told in unescape(answer.text)
    assert "maxlength" not in answer.text, "a browser would cut what is pasted and say nothing"
    assert said(text.strip()) in answer.text
    with line.database.reading() as session:
        assert rewording.in_use(session) == {}


@ONE_KIND
def test_what_callers_hear_is_in_the_log_and_taken_back_there(line: StoppedLine, coordinator: FlaskClient) -> None:
    def undo(words_of_it: str) -> TestResponse:
        before, _, _ = coordinator.get("/settings/changes").text.partition(f"<ins>{said(words_of_it)}</ins>")
        change_id = before.rsplit('id="change-', 1)[1].split('"')[0]
        return coordinator.post(f"/settings/changes/{change_id}/undo", data={"csrf_token": token(coordinator, PAGE)})

    write(coordinator, "Bye for now.", seen=catalogue("en")["goodbye"])
    upload(coordinator, tone(1))
    upload(coordinator, tone(2))
    log = words(coordinator.get("/settings/changes").text)
    assert "in English the words as they came Bye for now." in log
    assert "in English recording 1 recording 2" in log
    assert undo("recording 1").status_code == 409, "another one is in use by now"
    assert undo("recording 2").status_code == 303
    with line.database.reading() as session:
        assert recordings.in_use(session)["goodbye", "en"].seconds == pytest.approx(1)
    assert undo("Bye for now.").status_code == 303
    with line.database.reading() as session:
        assert rewording.in_use(session) == {}


@ONE_KIND
def test_prompts_are_found_by_words_and_number_in_their_groups(coordinator: FlaskClient) -> None:
    found = words(coordinator.get("/prompts?q=GREEN+tea").text)
    assert "No prompt has these words." in found
    found = words(coordinator.get("/prompts?q=stay+on").text)
    assert "A caller waits" in found
    assert catalogue("en")["goodbye"] not in found
    assert "One prompt has these words." in words(coordinator.get(f"/prompts?q={number_of('goodbye')}").text)
    assert [one for group in prompt_groups.groups() for one in group.prompts] == list(catalogue("en"))
    assert [group.prompts[0] for group in prompt_groups.groups()] == [first for first, _ in prompt_groups.GROUPS]
