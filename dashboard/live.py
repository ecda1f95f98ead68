"""Fragments that a page asks for every two seconds: nothing is sent while nothing has changed."""

import hashlib

from flask import make_response, render_template, request
from flask.typing import ResponseReturnValue


def fingerprint(view: object) -> str:
    """Changes with anything that the view would show. Views are frozen dataclasses of plain values."""
    return hashlib.sha256(repr(view).encode()).hexdigest()[:16]


def fragment(template: str, view: object, **more: object) -> ResponseReturnValue:
    """The fragment, or an empty 204 if `seen` says that the page shows it already."""
    seen = fingerprint(view)
    if request.args.get("seen") == seen:
        return make_response("", 204)
    return render_template(template, view=view, seen=seen, **more)
