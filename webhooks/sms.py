"""A text arrives."""

from flask import Blueprint, Response

from webhooks.twiml import nothing


def blueprint() -> Blueprint:
    """`POST /webhooks/sms`: received, answered with an empty document."""
    pages = Blueprint("sms", __name__, url_prefix="/webhooks")

    @pages.post("/sms")
    def text() -> Response:
        return nothing()

    return pages
