import base64
from pathlib import Path

import pytest

from phoneline.clock import SIMULATED_TIME
from phoneline.settings import DATABASE_ONLY, SIMULATED_ACCOUNT, VARIABLES, SettingsError, load

KEY = base64.urlsafe_b64encode(bytes(range(32))).decode()
GOOD = {
    "PHONELINE_KEYS": KEY,
    "REDIS_URL": "redis://127.0.0.1:6379/0",
    "TWILIO_ACCOUNT_SID": "AC" + "ab" * 16,
    "TWILIO_AUTH_TOKEN": "a token",
    "LINE_NUMBER": "+14165550100",
    "PUBLIC_URL": "https://line.example.org",
    "SECRET_KEY": "a secret",
}


def problems(**values: str) -> list[str]:
    with pytest.raises(SettingsError) as refused:
        load(values=GOOD | values)
    return refused.value.problems


def test_a_good_environment_has_the_defaults_of_the_interface() -> None:
    settings = load(values=GOOD)
    assert settings.database_url == f"sqlite:///{Path('instance/phoneline.sqlite3')}"
    assert settings.api_url == "https://api.twilio.com"
    assert str(settings.timezone) == "America/Toronto"
    assert settings.port == 8000
    assert (settings.fallback_number, settings.auth_token_next, settings.metrics_token) == (None, None, None)
    assert settings.auth_tokens == ("a token",)
    assert not settings.carrier_is_simulated


def test_all_that_is_missing_is_named_at_once_and_how_to_mend_it() -> None:
    with pytest.raises(SettingsError) as refused:
        load(values={})
    assert [line.split()[0] for line in refused.value.problems] == [one.name for one in VARIABLES if one.name in GOOD]
    assert all(" is missing: " in line and not line.endswith(": ") for line in refused.value.problems)
    assert all(name in str(refused.value) for name in GOOD)


BAD = {
    "DATABASE_URL": "mysql://db/line",
    "PHONELINE_KEYS": "short",
    "REDIS_URL": "http://queue",
    "TWILIO_API_URL": "ftp://engine",
    "LINE_NUMBER": "416-555-0100",
    "PUBLIC_URL": "http://line.example.org",
    "LINE_TIMEZONE": "Toronto",
    "FALLBACK_NUMBER": "911",
    "PORT": "eight thousand",
}


def test_all_that_is_wrong_is_named_in_one_message() -> None:
    found = problems(**BAD, **{SIMULATED_TIME: "0:10"})
    assert {line.split()[0] for line in found} == {*BAD, SIMULATED_TIME}
    assert len(found) == len(BAD) + 1


def test_what_is_wrong_and_what_is_missing_stand_in_the_same_message() -> None:
    with pytest.raises(SettingsError) as refused:
        load(values={name: value for name, value in GOOD.items() if name != "SECRET_KEY"} | {"PORT": "0"})
    assert {line.split()[0] for line in refused.value.problems} == {"SECRET_KEY", "PORT"}


@pytest.mark.parametrize("name", ["PHONELINE_KEYS", "TWILIO_AUTH_TOKEN", "SECRET_KEY", "DATABASE_URL"])
def test_no_message_and_no_settings_repeat_a_secret(name: str) -> None:
    secret = "do-not-tell-this"
    try:
        told = repr(load(values=GOOD | {name: secret}))
    except SettingsError as error:
        told = str(error)
    assert secret not in told


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("postgres://line@db/line", "postgresql+psycopg://line@db/line"),
        ("postgresql://line@db/line", "postgresql+psycopg://line@db/line"),
        ("postgresql+psycopg://line@db/line", "postgresql+psycopg://line@db/line"),
        ("sqlite:////srv/line.sqlite3", "sqlite:////srv/line.sqlite3"),
    ],
)
def test_every_common_form_of_the_database_is_taken(given: str, used: str) -> None:
    assert load(values=GOOD | {"DATABASE_URL": given}).database_url == used


@pytest.mark.parametrize("url", ["postgresql+asyncpg://db/line", "line.sqlite3", "sqlite://", "mysql://db/line"])
def test_another_database_is_refused(url: str) -> None:
    assert [line.split()[0] for line in problems(DATABASE_URL=url)] == ["DATABASE_URL"]


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("https://line.example.org/", "https://line.example.org"),
        ("https://example.org/line", "https://example.org/line"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://localhost:8000", "http://localhost:8000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_the_carrier_reaches_us_by_https_or_on_this_machine(given: str, used: str) -> None:
    assert load(values=GOOD | {"PUBLIC_URL": given}).public_url == used


@pytest.mark.parametrize(
    "url",
    [
        "http://line.example.org",
        "http://127.0.0.1.example.org",
        "http://localhost.example.org",
        "http://10.0.0.1",
        "https://",
        "line.example.org",
        "https://line.example.org?a=b",
        "https://line.example.org#a",
        "ftp://127.0.0.1",
        "http://[::1",
    ],
)
def test_anything_else_would_be_heard_on_the_way(url: str) -> None:
    assert [line.split()[0] for line in problems(PUBLIC_URL=url)] == ["PUBLIC_URL"]


def test_simulated_time_is_for_the_simulated_account_alone() -> None:
    (problem,) = problems(**{SIMULATED_TIME: "0:10"})
    assert problem.startswith(SIMULATED_TIME)
    simulated = {"TWILIO_ACCOUNT_SID": SIMULATED_ACCOUNT, "TWILIO_API_URL": "http://127.0.0.1:9000"}
    assert load(values=GOOD | simulated | {SIMULATED_TIME: "0:10"}).carrier_is_simulated
    assert not load(values=GOOD | simulated | {"TWILIO_API_URL": "https://api.twilio.com"}).carrier_is_simulated
    assert not load(values=GOOD | {"TWILIO_API_URL": "http://127.0.0.1:9000"}).carrier_is_simulated


def test_several_keys_are_kept_in_order() -> None:
    other = base64.urlsafe_b64encode(bytes(32)).decode()
    assert load(values=GOOD | {"PHONELINE_KEYS": f" {KEY} , {other},"}).keys == (KEY, other)


@pytest.mark.parametrize("keys", ["", " , ", "short", f"{KEY},short", KEY[:-2], "\u00e9" * 44])
def test_a_key_that_opens_nothing_is_refused(keys: str) -> None:
    (problem,) = problems(PHONELINE_KEYS=keys)
    assert problem.startswith("PHONELINE_KEYS must be comma-separated keys, each 32 random bytes")


def test_both_tokens_are_accepted_while_they_are_rotated() -> None:
    assert load(values=GOOD | {"TWILIO_AUTH_TOKEN_NEXT": "the next"}).auth_tokens == ("a token", "the next")


def test_commands_that_need_only_the_database_ask_for_nothing_else() -> None:
    settings = load(DATABASE_ONLY, {"PHONELINE_KEYS": KEY})
    assert (settings.keys, settings.line_number, settings.redis_url) == ((KEY,), "", None)
    with pytest.raises(SettingsError, match="PORT"):
        load(DATABASE_ONLY, {"PHONELINE_KEYS": KEY, "PORT": "none"})


@pytest.mark.parametrize(
    "number", ["4165550100", "+1416555010", "+1 416 555 0100", "+14165550100 ", "tel:+14165550100"]
)
def test_a_number_is_written_in_e164(number: str) -> None:
    assert [line.split()[0] for line in problems(LINE_NUMBER=number)] == ["LINE_NUMBER"]
