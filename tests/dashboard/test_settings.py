"""The live settings on their page: in words, changed in place, written down, taken back."""

from datetime import timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from dashboard import setting_said
from dashboard.setting_groups import ADMINS_ONLY, GROUPS
from dashboard.setting_kinds import Field
from dashboard.setting_words import ABOUT
from phoneline import live_settings, setting_changes
from phoneline.change_log import COMMAND_LINE
from phoneline.models import SettingChange
from phoneline.states import AccountRole
from tests.dashboard import pages
from tests.dashboard.evening import EMAILS, NOW
from tests.dashboard.pages import StoppedLine, said, token
from tests.dashboard.test_contact import words
from tests.databases import ONE_KIND

RETRY = "checkin_retry_seconds"


@pytest.fixture
def admin(app: Flask) -> FlaskClient:
    return pages.logged_in(app, AccountRole.ADMIN)


def save(client: FlaskClient, key: str, seen: str, **fields: str) -> TestResponse:
    where = f"/settings/guarded/{key}" if key in ADMINS_ONLY else f"/settings/{key}"
    return client.post(where, data={"csrf_token": token(client, "/"), "seen": seen, **fields})


def undo(client: FlaskClient, change_id: str) -> TestResponse:
    data = {"csrf_token": token(client, "/"), "back": "settings"}
    return client.post(f"/settings/changes/{change_id}/undo", data=data)


def stored(line: StoppedLine, key: str) -> str:
    with line.database.reading() as session:
        return setting_changes.current_value(session, key)


def written(line: StoppedLine) -> list[SettingChange]:
    with line.database.reading() as session:
        return list(session.scalars(select(SettingChange).order_by(SettingChange.at)))


@ONE_KIND
def test_every_live_setting_stands_on_the_page_once_in_words(admin: FlaskClient) -> None:
    assert sorted(key for group in GROUPS for key in group.keys) == sorted(live_settings.KEYS) == sorted(ABOUT)
    text = admin.get("/settings").text
    for key, about in ABOUT.items():
        assert text.count(f'id="{key}"') == 1
        assert said(about.name) in text
        assert said(about.effect) in text
        assert about.field is Field.HOURS or said(setting_said.accepted(key)) in text


@ONE_KIND
def test_a_setting_is_changed_in_its_unit_written_down_and_taken_back(
    line: StoppedLine, coordinator: FlaskClient
) -> None:
    answer = save(coordinator, RETRY, "600", amount="1,5", unit="3600")
    shown = coordinator.get(answer.headers["Location"])
    assert "Saved. It holds from the next attempt on." in words(shown.text)
    assert "The pause between two attempts 90 minutes" in words(shown.text)
    assert stored(line, RETRY) == "5400"
    [change] = written(line)
    assert (change.old, change.new, change.reason) == ("600", "5400", None)
    log = words(coordinator.get("/settings/changes").text)
    assert f"The pause between two attempts 10 minutes 90 minutes {EMAILS[AccountRole.COORDINATOR]}, 19:14" in log
    assert undo(coordinator, change.id).headers["Location"] == f"/settings#{RETRY}"
    assert stored(line, RETRY) == "600"
    assert undo(coordinator, change.id).status_code == 303, "it is just that already"
    assert len(written(line)) == 2


@ONE_KIND
def test_who_saves_what_another_changed_meanwhile_is_told_and_nothing_is_lost(
    line: StoppedLine, coordinator: FlaskClient
) -> None:
    with line.database.transaction() as session:
        setting_changes.change(session, RETRY, "900", COMMAND_LINE, NOW - timedelta(minutes=4))
    late = save(coordinator, RETRY, "600", amount="5", unit="60")
    assert late.status_code == 409
    assert "Meanwhile it was changed to “15 minutes” (at the command line, 19:10)." in words(late.text)
    assert 'value="5"' in late.text
    assert stored(line, RETRY) == "900"
    assert save(coordinator, RETRY, "900", amount="5", unit="60").status_code == 303
    first = written(line)[0]
    refused = undo(coordinator, first.id)
    assert refused.status_code == 409
    assert "It has been changed again since then" in refused.text
    assert stored(line, RETRY) == "300"


@ONE_KIND
@pytest.mark.parametrize(
    ("key", "fields", "told"),
    [
        (RETRY, {"amount": "8", "unit": "86400"}, "From 0 seconds to 7 days, in whole seconds."),
        (RETRY, {"amount": "0.3", "unit": "1"}, "From 0 seconds to 7 days, in whole seconds."),
        (RETRY, {"amount": "1e400", "unit": "1"}, "From 0 seconds to 7 days, in whole seconds."),
        ("not_heard_days", {"amount": "none"}, "A whole number from 1 to 3,650."),
        ("wait_music", {"choice": "jazz"}, "One of those on the list."),
        ("quiet_weekday", {"starts": "20:00", "ends": ""}, "Two times of day;"),
        ("languages", {"first": "fr", "second": "fr"}, "At least one language, each once."),
    ],
)
def test_what_will_not_do_stays_and_says_what_is_accepted(
    line: StoppedLine, coordinator: FlaskClient, key: str, fields: dict[str, str], told: str
) -> None:
    answer = save(coordinator, key, stored(line, key), **fields)
    assert answer.status_code == 422
    assert f"won\u2019t do. {told}" in unescape(answer.text)
    assert all(value in answer.text for name, value in fields.items() if name != "choice")
    assert written(line) == []


@ONE_KIND
def test_each_kind_of_field_is_stored_as_the_command_takes_it(line: StoppedLine, admin: FlaskClient) -> None:
    def kept(key: str, **fields: str | list[str]) -> str:
        data = {"csrf_token": token(admin, "/"), "seen": stored(line, key), "reason": "asked for", **fields}
        where = f"/settings/guarded/{key}" if key in ADMINS_ONLY else f"/settings/{key}"
        assert admin.post(where, data=data).status_code == 303
        return stored(line, key)

    assert kept("calls_per_second", amount="0,5") == "0.5"
    assert kept("quiet_weekend", starts="22:30", ends="08:00") == "22:30-08:00"
    assert kept("languages", first="fr", second="en", third="") == "fr,en"
    assert kept("countries", text="ca, fr") == "CA,FR"
    assert kept("offer_strategy", choice="in_order") == "in_order"
    regions = {"region": ["ca", "FR", ""], "talk": ["988", "31-14", ""], "texts": ["yes", "no", "no"]}
    assert kept("crisis_numbers", **regions, emergency=["911", "112", ""]) == "CA:988+text,911;FR:31-14,112"
    twice = {**regions, "region": ["CA", "CA", ""], "emergency": ["911", "112", ""]}
    data = {"csrf_token": token(admin, "/"), "seen": stored(line, "crisis_numbers"), "reason": "why", **twice}
    assert "Each region can stand here once." in admin.post("/settings/guarded/crisis_numbers", data=data).text


@ONE_KIND
def test_what_is_dangerous_only_admins_change_and_say_why(
    line: StoppedLine, coordinator: FlaskClient, admin: FlaskClient
) -> None:
    assert save(coordinator, "pin_tries", "5", amount="9", reason="I want to").status_code == 403
    assert coordinator.post("/settings/pin_tries", data={"csrf_token": token(coordinator, "/")}).status_code == 403
    refused = save(admin, "pin_tries", "5", amount="9")
    assert refused.status_code == 422
    assert "Please say why" in refused.text
    assert 'value="9"' in refused.text
    assert save(admin, "pin_tries", "5", amount="9", reason="New volunteers, long PINs").status_code == 303
    [change] = written(line)
    assert "New volunteers, long PINs" in coordinator.get("/settings/changes").text
    assert undo(coordinator, change.id).status_code == 403
    assert undo(admin, change.id).status_code == 303
    assert stored(line, "pin_tries") == "5"


@ONE_KIND
def test_the_log_of_settings_goes_back_page_by_page(line: StoppedLine, coordinator: FlaskClient) -> None:
    assert "Nothing has been changed yet." in coordinator.get("/settings/changes").text
    with line.database.transaction() as session:
        for minutes in range(60):
            at = NOW - timedelta(minutes=60 - minutes)
            setting_changes.change(session, RETRY, str(minutes), COMMAND_LINE, at)
    first = coordinator.get("/settings/changes").text
    assert first.count('id="change-') == 50
    older = unescape(first.split('href="/settings/changes?before=')[1].split('"')[0])
    assert coordinator.get(f"/settings/changes?before={older}").text.count('id="change-') == 10
    assert coordinator.get("/settings/changes?before=soon").status_code == 200
