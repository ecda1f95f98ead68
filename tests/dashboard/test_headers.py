import re

from flask import Flask
from flask.testing import FlaskClient

from dashboard.assets import FOLDER, FOR_GOOD, fingerprint
from tests.databases import ONE_KIND

PAGES = ("/login", "/", "/now", "/log", "/log/live", "/phones", "/nothing-here")
INLINE = re.compile(r"<style|\sstyle=|\son\w+=|javascript:|<script(?![^>]*\ssrc=)", re.IGNORECASE)


@ONE_KIND
def test_pages_say_that_nothing_foreign_may_run(coordinator: FlaskClient) -> None:
    for path in PAGES:
        headers = coordinator.get(path).headers
        policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
        assert policy == {
            "default-src": "'none'",
            "script-src": "'self'",
            "style-src": "'self'",
            "img-src": "'self'",
            "media-src": "'self'",
            "connect-src": "'self'",
            "font-src": "'none'",
            "form-action": "'self'",
            "frame-ancestors": "'none'",
            "base-uri": "'none'",
        }
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Cache-Control"] == "no-store", path


@ONE_KIND
def test_pages_have_nothing_inline(coordinator: FlaskClient) -> None:
    for path in PAGES:
        assert INLINE.findall(coordinator.get(path).text) == [], path


@ONE_KIND
def test_refusals_carry_the_same_headers(app: Flask, volunteer: FlaskClient) -> None:
    for answer in (volunteer.get("/log"), volunteer.post("/logout"), app.test_client().get("/")):
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Cache-Control"] == "no-store"


@ONE_KIND
def test_assets_are_kept_for_good_under_an_address_of_their_content(app: Flask) -> None:
    client = app.test_client()
    addresses = re.findall(r'(?:href|src)="(/static/[^"]+)"', client.get("/login").text)
    assert len(addresses) == 4
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == FOR_GOOD
        version = address.split("/")[2]
        assert client.get(address.replace(version, "0" * 12)).status_code == 404


@ONE_KIND
def test_nothing_outside_the_folder_is_an_asset(app: Flask) -> None:
    assert fingerprint("../assets.py") is None
    assert app.test_client().get("/static/0123456789ab/../assets.py").status_code == 404
    assert app.test_client().get("/static/0123456789ab/vendor/nothing.js").status_code == 404


@ONE_KIND
def test_a_page_is_light_on_the_wire(coordinator: FlaskClient) -> None:
    for path in ("/login", "/", "/log", "/phones"):
        text = coordinator.get(path).text
        parts = {address.split("/", 3)[3] for address in re.findall(r'"(/static/[^"]+)"', text)}
        assert len(text.encode()) + sum((FOLDER / part).stat().st_size for part in parts) < 150_000
