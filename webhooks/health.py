"""Whether the line is up: for load balancers, monitors and people."""

from flask import Blueprint, Response, jsonify

from phoneline import health
from phoneline.line import Line


def blueprint(line: Line) -> Blueprint:
    """`GET /healthz`: this process serves. `GET /readyz`: everything that a call needs is there."""
    pages = Blueprint("health", __name__)

    @pages.get("/healthz")
    def healthz() -> Response:
        return Response("ok\n", mimetype="text/plain")

    @pages.get("/readyz")
    def readyz() -> tuple[Response, int]:
        found = health.check(line)
        return jsonify(found), 200 if all(word == health.OK for word in found.values()) else 503

    return pages
