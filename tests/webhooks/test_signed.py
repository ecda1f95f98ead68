"""Only the carrier gets in."""

from dataclasses import replace
from inspect import getclosurevars

import pytest
from flask import Flask
from werkzeug.routing import Rule

from phoneline.line import Line
from phoneline.models import Call
from phoneline.settings import Settings
from tests.webhooks.carrier import ACCOUNT, FORM, PUBLIC_URL, TOKEN, Carrier, settings
from tests.webhooks.scenes import Scene, await_trouble
from tests.webhooks.twiml import Twiml
from wsgi import create_app

NEXT_TOKEN = "the token that comes next"
FOR_EVERYBODY = ("/webhooks/voice/fallback", "/webhooks/voice/fallback/heard")
"""The safe document and its end: what goes wrong on our side must not lose a caller. Unsigned they change nothing."""


def rules(app: Flask) -> list[Rule]:
    """Every address of the carrier's side: that app stands behind the door of the whole one."""
    found = getclosurevars(app.wsgi_app).nonlocals["carrier"]
    ours = [rule for rule in found.url_map.iter_rules() if rule.rule.startswith("/webhooks/")]
    # What is got is played sound, and has a test of its own.
    return [rule for rule in ours if "POST" in (rule.methods or ())]


@pytest.fixture
def addresses(app: Flask, scene: Scene) -> list[str]:
    """Every signed address there is, about a call, a leg and a check-in that are really there."""
    call, ringing = scene.talking()
    peer = scene.called_peer()
    tokens = {
        **{f"/webhooks/{whose}/": call.token for whose in ("calls", "menu", "own-plans", "programme")},
        "/webhooks/checkins/": peer.call.token,
    }
    others = {
        "<int:tries>": "1",
        "<int:number>": "1",
        "<int:step>": "1",
        "<room>": "room",
        "<offer_id>": ringing.offer_id,
        "<hours_id>": "hours",
        "<proposal_id>": "proposal",
        "<contact_id>": "message",
        "<take_id>": "take",
        "<checkin_id>": "checkin",
        "<practice_id>": "practice",
        "<page>": "offered",
        "<prompt>": "goodbye",
        "<language>": "en",
    }
    found = []
    for rule in rules(app):
        token = next((token for prefix, token in tokens.items() if rule.rule.startswith(prefix)), ringing.token)
        path = rule.rule.replace("<token>", token)
        for name, value in others.items():
            path = path.replace(name, value)
        if path not in FOR_EVERYBODY:
            found.append(path)
    assert len(found) > 25
    assert not [path for path in found if "<" in path]
    return found


FORGERIES = {
    "missing": (TOKEN, PUBLIC_URL),
    "empty": (TOKEN, PUBLIC_URL),
    "of another token": ("another token", PUBLIC_URL),
    "of no token": ("", PUBLIC_URL),
    "of the next token, when there is none": (NEXT_TOKEN, PUBLIC_URL),
    "of another host": (TOKEN, "https://evil.example.org/under"),
    "of another scheme": (TOKEN, PUBLIC_URL.replace("https", "http")),
    "without our path": (TOKEN, PUBLIC_URL.removesuffix("/under")),
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_wrong_signature_is_refused_everywhere_and_nothing_changes(
    app: Flask, addresses: list[str], scene: Scene, forgery: str
) -> None:
    before = scene.dump()
    token, public_url = FORGERIES[forgery]
    forger = Carrier(app, token, public_url)
    for path in [*addresses, *FOR_EVERYBODY]:
        form = forger.form(scene.call_sid(path), Digits="1", CallStatus="completed")
        signature = "" if forgery == "empty" else forger.signature(path, form)
        answer = forger.send(path, form, {} if forgery == "missing" else {"X-Twilio-Signature": signature})
        assert (path, answer.status_code) == (path, 200 if path in FOR_EVERYBODY else 403)
    await_trouble()
    assert scene.dump() == before


def test_the_same_requests_are_taken_when_they_are_signed(carrier: Carrier, addresses: list[str], scene: Scene) -> None:
    """So that the refusals above are due to the signature alone."""
    before = scene.dump()
    for path in addresses:
        answer = carrier.post(path, scene.call_sid(path), Digits="1", CallStatus="completed")
        assert (path, answer.status_code) == (path, 200)
    assert scene.dump() != before


@pytest.mark.parametrize(
    ("changed", "value"), [("Digits", "2"), ("CallSid", "CA" + "00" * 16), ("From", "+14165550142"), ("Extra", "1")]
)
def test_a_signed_form_that_was_changed_on_the_way_is_refused(
    carrier: Carrier, scene: Scene, changed: str, value: str
) -> None:
    call = scene.waiting_call()
    before = scene.dump()
    path = call.at("wait-key/1")
    form = carrier.form(call.sid, Digits="1")
    signature = carrier.signature(path, form)
    assert carrier.send(path, form | {changed: value}, {"X-Twilio-Signature": signature}).status_code == 403
    assert carrier.send(f"{path}?Digits=1", form, {"X-Twilio-Signature": signature}).status_code == 403
    assert carrier.send(call.at("wait-key/2"), form, {"X-Twilio-Signature": signature}).status_code == 403
    assert scene.dump() == before
    assert carrier.send(path, form, {"X-Twilio-Signature": signature}).status_code == 200


def test_a_query_is_part_of_what_is_signed(carrier: Carrier) -> None:
    assert carrier.post("/webhooks/sms?a=b&c=%20d").status_code == 200


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH"])
def test_any_method_but_post_is_refused(app: Flask, addresses: list[str], scene: Scene, method: str) -> None:
    before = scene.dump()
    client = app.test_client()
    for path in [*addresses, *FOR_EVERYBODY]:
        answer = client.open(path, method=method)
        assert (path, answer.status_code) == (path, 405)
        assert answer.headers.get_all("Set-Cookie") == []
    assert scene.dump() == before


@pytest.mark.parametrize("mimetype", ["application/json", "text/plain", "multipart/form-data; boundary=x", ""])
def test_only_a_form_is_a_form(carrier: Carrier, addresses: list[str], scene: Scene, mimetype: str) -> None:
    """Signed as a form would be: the body alone must not decide what is read."""
    before = scene.dump()
    form = carrier.form(Digits="1")
    body = "&".join(f"{name}={value}" for name, value in form.items())
    for path in addresses:
        headers = {"X-Twilio-Signature": carrier.signature(path, form)}
        answer = carrier.app.test_client().post(path, data=body, content_type=mimetype, headers=headers)
        carrier.look_at(answer)
        assert (path, answer.status_code) in {(path, 415), ("/webhooks/voice/fallback/rung", 403)}
    assert scene.dump() == before


def test_a_form_may_name_its_characters(carrier: Carrier) -> None:
    path, form = "/webhooks/sms", carrier.form(Body="Grüße ☎")
    answer = carrier.app.test_client().post(
        path,
        data=form,
        content_type=f"{FORM}; charset=UTF-8",
        headers={"X-Twilio-Signature": carrier.signature(path, form)},
    )
    assert answer.status_code == 200


def test_another_account_is_refused_though_its_signature_fits(
    carrier: Carrier, addresses: list[str], scene: Scene
) -> None:
    before = scene.dump()
    for path in addresses:
        for account in ("AC" + "cd" * 16, "", ACCOUNT.lower(), ACCOUNT + " "):
            if account != ACCOUNT:
                assert carrier.post(path, AccountSid=account).status_code == 403
    assert scene.dump() == before


def test_without_a_token_nobody_gets_in(line: Line) -> None:
    app = create_app(replace(line, settings=replace(line.settings, auth_token="")))
    for token in ("", TOKEN):
        assert Carrier(app, token=token).post("/webhooks/voice").status_code == 403


def test_both_tokens_hold_while_they_are_rotated(line: Line, database_url: str, scene: Scene) -> None:
    rotating = settings(database_url, TWILIO_AUTH_TOKEN_NEXT=NEXT_TOKEN)
    app = create_app(Line(rotating, line.database, line.carrier, line.live_cache))
    for count, token in enumerate([TOKEN, NEXT_TOKEN], start=1):
        assert Carrier(app, token=token).post("/webhooks/voice", f"CA{count:032x}").status_code == 200
        assert scene.count(Call) == count
    assert Carrier(app, token="a third").post("/webhooks/voice").status_code == 403
    done = create_app(
        Line(settings(database_url, TWILIO_AUTH_TOKEN=NEXT_TOKEN), line.database, line.carrier, line.live_cache)
    )
    assert Carrier(done, token=TOKEN).post("/webhooks/voice").status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example.org"},
        {"Host": "127.0.0.1:8000", "X-Forwarded-Proto": "http", "X-Forwarded-Host": "evil.example.org"},
        {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Port": "81", "X-Forwarded-Prefix": "/evil"},
        {
            "Forwarded": "host=evil.example.org;proto=http",
            "X-Original-URL": "/webhooks/sms",
            "X-HTTP-Method-Override": "GET",
        },
    ],
)
def test_what_a_proxy_tells_changes_neither_the_check_nor_an_address(
    carrier: Carrier, line_settings: Settings, headers: dict[str, str]
) -> None:
    path, form = "/webhooks/voice", carrier.form()
    signed = {"X-Twilio-Signature": carrier.signature(path, form)}
    plain, through_proxy = carrier.send(path, form, signed), carrier.send(path, form, signed | headers)
    assert through_proxy.status_code == 200
    assert through_proxy.text == plain.text
    addresses = list(Twiml(through_proxy.text).addresses)
    assert addresses
    assert all(one.startswith(f"{line_settings.public_url}/webhooks/") for one in addresses)
