"""The simulated phones of the demo: shown, and their keys passed on to the simulated network."""

from typing import Any

import requests
from flask import Response, abort, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue

from dashboard.current import the_line
from dashboard.guard import page_group

TIMEOUT_SECONDS = 4
ACTIONS = frozenset({"call", "answer", "reject", "hang-up", "press", "speak", "text"})
KEYS = frozenset("0123456789*#")
LONGEST_TEXT = 480
AWAY = "The simulated phone network doesn't answer. It starts together with the demo; please wait a moment."

group = page_group("phones")


@group.get("/phones")
def page() -> ResponseReturnValue:
    return render_template("phones.html")


@group.get("/phones/state")
def state() -> ResponseReturnValue:
    """What every handset shows, or an empty 204 if `since` is still the newest version."""
    try:
        # Without a version the network answers at once; waiting there would hold a thread of ours.
        answer = requests.get(_address("state"), timeout=TIMEOUT_SECONDS)
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
    except requests.RequestException:
        return jsonify(sentence=AWAY), 503
    if request.args.get("since") == str(found.get("version")):
        return make_response("", 204)
    return jsonify(found)


@group.post("/phones/<handset>/<action>")
def act(handset: str, action: str) -> ResponseReturnValue:
    """Pass one action on: 204, or 409 with a sentence that says why it can't be."""
    if action not in ACTIONS or not handset.replace("-", "").isalnum():
        abort(404)
    fields: dict[str, str] = {}
    if action == "press":
        fields["key"] = request.form.get("key", "")
        if fields["key"] not in KEYS:
            abort(400)
    if action == "text":
        fields["body"] = request.form.get("body", "").strip()
        if not 0 < len(fields["body"]) <= LONGEST_TEXT:
            abort(400)
    try:
        answer = requests.post(_address(f"handsets/{handset}/{action}"), data=fields, timeout=TIMEOUT_SECONDS)
    except requests.RequestException:
        return _sentence(AWAY, 503)
    return _sentence(answer.text, answer.status_code)


def _address(path: str) -> str:
    return f"{the_line().settings.api_url}/simulator/{path}"


def _sentence(text: str, status: int) -> Response:
    return make_response(text, status, {"Content-Type": "text/plain; charset=utf-8"})
