"""The simulated phones of the demo: shown, and their keys passed on to the simulated network."""

from collections.abc import Mapping
from typing import Any

import requests
from flask import Response, abort, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue

from dashboard.current import the_line
from dashboard.guard import page_group
from dashboard.tongue import N_, Phrases
from dashboard.tongue import gettext as _

TIMEOUT_SECONDS = 4
ACTIONS = frozenset({"call", "answer", "reject", "hang-up", "press", "speak", "text"})
KEYS = frozenset("0123456789*#")
LONGEST_TEXT = 480
AWAY = N_("The simulated phone network doesn't answer. It starts together with the demo; please wait a moment.")
SAYS: Mapping[str, str] = Phrases(
    {
        "answer": N_("Answer"),
        "decline": N_("Decline"),
        "call": N_("Call the line"),
        "hang-up": N_("Hang up"),
        "speak": N_("Speak for 5 seconds"),
        "idle": N_("not in a call"),
        "dialling": N_("calling …"),
        "ringing": N_("ringing"),
        "recorded": N_("being recorded, {time}"),
        "on-the-line": N_("on the line, {time}"),
        "talking": N_("talking with {names}, {time}"),
        "sound": N_("♪ sound"),
        "text": N_("text to the line"),
        "inbox": N_("Text: {text}"),
        "nothing-heard": N_("What this phone hears will stand here."),
        "hears": N_("What {name} hears"),
        "keys": N_("Keys of {name}"),
        "texts": N_("{name} texts the line"),
        "is-peer": N_("peer"),
        "is-volunteer": N_("volunteer"),
        "is-coordinator": N_("coordinator"),
        "is-outside": N_("elsewhere"),
        "failed": N_("That did not work. Please load the page again."),
        "unreached": N_("The line can't be reached. Please try again in a moment."),
        "away": N_("The line can't be reached. The page keeps trying."),
    }
)
"""What the page's script shows; it fills in what stands in braces."""
NETWORK_SAYS: Mapping[str, str] = Phrases(
    {
        said: said
        for said in (
            N_("This phone is already on a call."),
            N_("This phone is not on a call."),
            N_("This phone is not ringing."),
            N_("Nobody is on this phone yet."),
            N_("There is no such key."),
            N_("Crisis line"),
        )
    }
)
"""The network's own sentences, and what the demo calls the one phone that is nobody's."""

group = page_group("phones")


@group.get("/phones")
def page() -> ResponseReturnValue:
    return render_template("phones.html", says=SAYS)


@group.get("/phones/state")
def state() -> ResponseReturnValue:
    """What every handset shows, or an empty 204 if `since` is still the newest version."""
    try:
        # Without a version the network answers at once; waiting there would hold a thread of ours.
        answer = requests.get(_address("state"), timeout=TIMEOUT_SECONDS)
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
    except requests.RequestException:
        return jsonify(sentence=_(AWAY)), 503
    if request.args.get("since") == str(found.get("version")):
        return make_response("", 204)
    for one in found["handsets"]:
        one["label"] = _told(one["label"])
        one["in_conference_with"] = [_told(label) for label in one["in_conference_with"]]
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
        return _sentence(_(AWAY), 503)
    return _sentence(_told(answer.text), answer.status_code)


def _address(path: str) -> str:
    return f"{the_line().settings.api_url}/simulator/{path}"


def _told(text: str) -> str:
    return NETWORK_SAYS.get(text, text)


def _sentence(text: str, status: int) -> Response:
    return make_response(text, status, {"Content-Type": "text/plain; charset=utf-8"})
