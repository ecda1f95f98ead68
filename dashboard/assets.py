"""Styles and scripts, under addresses that change with their content, so that browsers may keep them for good."""

import gzip
import hashlib
from functools import cache
from pathlib import Path

from flask import Response, abort, request, url_for

from dashboard.guard import page_group

FOLDER = Path(__file__).parent / "static"
FOR_GOOD = "public, max-age=31536000, immutable"
KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}

group = page_group("assets")


@cache
def content(name: str) -> bytes | None:
    """The file's content, read once; None if there is no such file."""
    path = (FOLDER / name).resolve()
    return path.read_bytes() if path.is_relative_to(FOLDER.resolve()) and path.is_file() else None


@cache
def fingerprint(name: str) -> str | None:
    """Twelve hex digits of the file's content; None if there is no such file."""
    found = content(name)
    return None if found is None else hashlib.sha256(found).hexdigest()[:12]


@cache
def packed(name: str) -> bytes:
    """The same, compressed once."""
    return gzip.compress(content(name) or b"", mtime=0)


@group.app_template_global()
def asset(name: str) -> str:
    """The address of a file in `static/`."""
    version = fingerprint(name)
    if version is None:
        raise FileNotFoundError(f"dashboard/static/{name} is missing; scripts/setup.sh fetches what is in vendor/")
    return url_for("assets.file", version=version, name=name)


@group.get("/static/<version>/<path:name>")
def file(version: str, name: str) -> Response:
    """An address with an outdated fingerprint is gone: what a page asks for is what it was written for."""
    found = content(name) if fingerprint(name) == version else None
    kind = KINDS.get(Path(name).suffix)
    if found is None or kind is None:
        abort(404)
    answer = Response(found, mimetype=kind, headers={"Cache-Control": FOR_GOOD, "Vary": "Accept-Encoding"})
    if request.accept_encodings.quality("gzip"):
        answer.set_data(packed(name))
        answer.headers["Content-Encoding"] = "gzip"
    return answer
