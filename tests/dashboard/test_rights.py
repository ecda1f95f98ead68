"""What a person may ask for: all that is kept about them, and to be erased."""

import io
import json
import zipfile
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from dashboard.rights_form import NAMES_THEM, names_them
from phoneline import erasing
from phoneline.models import AccessLog, Account, Contact, Person, RightsRequest
from phoneline.rights_states import AskedHow, RightsKind
from phoneline.states import AccessAction, AccountRole
from tests import factories
from tests.dashboard import evening, pages
from tests.dashboard.evening import NOW, Evening
from tests.dashboard.pages import StoppedLine, token

GIVEN = {"how": "writing", "reason": "They moved away", "when": "day"}


@pytest.fixture
def admin(app: Flask) -> FlaskClient:
    return pages.logged_in(app, AccountRole.ADMIN)


def post(client: FlaskClient, path: str, form: dict[str, str]) -> TestResponse:
    return client.post(path, data=form | {"csrf_token": token(client, "/people")})


def path(busy: Evening, name: str = "Luz") -> str:
    return f"/people/{busy.peers[name].id}/rights"


def downloaded(client: FlaskClient, at: str) -> zipfile.ZipFile:
    answer = post(client, f"{at}/everything", GIVEN)
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    assert "Luz" not in answer.headers["Content-Disposition"]
    return zipfile.ZipFile(io.BytesIO(answer.data))


def test_everything_is_handed_over_readably_and_without_what_is_others(
    line: StoppedLine, coordinator: FlaskClient, busy_evening: Evening
) -> None:
    luz = busy_evening.peers["Luz"]
    with line.database.transaction() as session:
        session.execute(update(Contact).where(Contact.person_id == luz.id).values(note="Her cat is ill"))
        session.execute(update(Contact).where(Contact.person_id != luz.id).values(note="About another"))
        session.execute(update(Person).where(Person.id == luz.id).values(language="fr"))
        factories.text_out(session, NOW, person_id=luz.id, body="See you on Sunday")
        factories.apart_decision(session, luz.id, busy_evening.team["Kim"].id, NOW, reason="Kim is afraid")
    files = downloaded(coordinator, path(busy_evening))
    assert files.namelist() == ["everything.html", "everything.json", "messages/1.wav"]
    assert files.read("messages/1.wav") == factories.WAV
    page, data = files.read("everything.html").decode(), files.read("everything.json").decode()
    told = json.loads(data)
    assert told["person"]["name"] == "Luz"
    assert {"contacts", "checkins", "plans", "numbers", "roles", "texts", "looks", "requests"} <= set(told["sections"])
    assert {row.get("volunteer") for row in told["sections"]["contacts"]} == {None, "Joëlle"}
    assert all("Her cat is ill" in text and "See you on Sunday" in text for text in (page, data))
    assert 'lang="fr"' in page
    assert "Écrit le mardi 17 novembre 2026 19:14." in page, "it is read when today is long over"
    assert "a consulté ce qui est conservé sur vous" in unescape(page)
    assert not [one for one in ("aujourd", " hier ", "looked", "automated", ">peer<", ">fr<") if one in page]
    assert not [one for one in ("About another", "Kim", "afraid", "Sam", "token", "_hash") if one in page + data]
    with line.database.reading() as session:
        asked = session.scalars(select(RightsRequest)).one()
        assert (asked.kind, asked.asked_how, asked.done_at) == (RightsKind.EXPORT, AskedHow.WRITING, NOW)
        looked = select(AccessLog.id).where(AccessLog.about_id == luz.id, AccessLog.action == AccessAction.LOOKED)
        assert len(session.scalars(looked).all()) == 1


def test_a_volunteer_gets_nothing_of_those_they_talked_with(
    line: StoppedLine, coordinator: FlaskClient, busy_evening: Evening
) -> None:
    with line.database.transaction() as session:
        session.execute(update(Contact).values(note="About another"))
    ana = busy_evening.team["Ana"]
    data = downloaded(coordinator, f"/people/{ana.id}/rights").read("everything.json").decode()
    told = json.loads(data)["sections"]["team"]
    assert {"call", "contact", "offer", "shift_hours"} <= {row["table"] for row in told}
    others = ("About another", "Sam", "Old Tom", factories.number(1), factories.number(12))
    assert not [one for one in others if one in data]


def test_who_begins_to_erase_somebody_can_undo_it_and_says_why(admin: FlaskClient, busy_evening: Evening) -> None:
    at = path(busy_evening)
    for form, words in (
        (GIVEN | {"reason": " "}, "Please say why"),
        (GIVEN | {"reason": "luz wrote to us"}, "leave out who they are"),
        (GIVEN | {"how": ""}, "how they asked"),
        (GIVEN | {"when": "never"}, "choose when"),
    ):
        refused = post(admin, f"{at}/erase", form)
        assert (refused.status_code, words in refused.text) == (422, True)
    assert post(admin, f"{at}/erase", GIVEN).status_code == 303
    shown = admin.get(at).text
    assert "is to be erased tomorrow" in shown
    assert "is to be erased tomorrow" in admin.get(path(busy_evening).removesuffix("/rights")).text, (
        "whoever rings them sees it"
    )
    assert "They moved away" in shown
    everybody = admin.get("/rights").text
    assert "One person is to be erased" in everybody
    undo = next(part.split('"')[0] for part in everybody.split('action="') if part.startswith("/rights/"))
    assert post(admin, undo, {}).status_code == 303
    assert "It was undone" in admin.get(at).text


def test_done_now_their_page_is_gone_and_the_list_says_what_the_carrier_still_has(
    line: StoppedLine, admin: FlaskClient, busy_evening: Evening
) -> None:
    refused = post(admin, f"{path(busy_evening, 'Sam')}/erase", GIVEN | {"when": "now"})
    assert (refused.status_code, "They are on the telephone" in refused.text) == (422, True)
    at = path(busy_evening)
    assert post(admin, f"{at}/erase", GIVEN | {"when": "now"}).headers["Location"].endswith("/rights")
    with line.database.transaction() as session:
        message = session.get_one(Contact, evening.MESSAGE)
        factories.voicemail(session, factories.contact(session, NOW, person_id=message.person_id))
    for seconds in (0, 10, 20):
        with line.database.transaction() as session:
            erasing.look(session, NOW + timedelta(seconds=seconds))
    listed = admin.get("/rights").text
    assert "Somebody was erased" in listed
    assert "One message is still at the carrier" in listed
    assert "Luz" not in listed
    assert [admin.get(one).status_code for one in (at, at.removesuffix("/rights"))] == [404, 404]
    assert "Luz" not in admin.get("/people").text


def test_nobody_hands_over_or_erases_their_own_record(line: StoppedLine, app: Flask, busy_evening: Evening) -> None:
    luz = busy_evening.peers["Luz"]
    with line.database.transaction() as session:
        session.execute(update(Account).where(Account.role == AccountRole.ADMIN).values(person_id=luz.id))
    client = pages.logged_in(app, AccountRole.ADMIN)
    at = path(busy_evening)
    asked = [client.get(at), post(client, f"{at}/everything", GIVEN), post(client, f"{at}/erase", GIVEN)]
    assert [answer.status_code for answer in asked] == [403] * 3


def test_a_reason_that_outlives_somebody_doesnt_say_who_they_were() -> None:
    name = "Luz María Ito"
    assert [names_them(words, name) for words in ("Maria asked", "maría asked", "call 416 555 01 12", "a@b.org")] == [
        False,
        True,
        True,
        True,
    ]
    assert not names_them("Asked in 2026, by letter", name)
    assert NAMES_THEM
