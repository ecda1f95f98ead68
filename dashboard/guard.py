"""What stands before every page: a login, the right to see it, and for posts a token of ours."""

from urllib.parse import urlsplit

from flask import Blueprint, abort, g, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from dashboard import access, headers, sessions, tongue
from dashboard.forgery import forgery


def page_group(name: str) -> Blueprint:
    """A blueprint whose every route is guarded and whose answers carry the security headers."""
    group = Blueprint(name, "dashboard", template_folder="templates")
    group.before_request(_guard)
    group.after_request(headers.protect)
    return group


def _guard() -> ResponseReturnValue | None:
    if "\0" in request.path or any("\0" in value for value in request.args.values()):
        abort(404)  # no id of ours has one, and PostgreSQL takes none even to look for it
    endpoint = request.endpoint or ""
    if endpoint not in access.PUBLIC:
        g.visitor = sessions.resume(attended=endpoint not in access.UNATTENDED)
        if g.visitor is None:
            return _ask_to_log_in()
        tongue.choose(g.visitor.language)
        if g.visitor.has_to is not None and endpoint not in access.ON_THE_WAY[g.visitor.has_to]:
            return _onward(url_for(access.ON_THE_WAY[g.visitor.has_to][0]))
        if not access.may(g.visitor.role, endpoint):
            abort(403)
    forgery.protect()  # type: ignore[no-untyped-call]  # flask_wtf has no annotations
    return None


def _onward(address: str) -> ResponseReturnValue:
    if request.headers.get("HX-Request"):
        answer = make_response("", 204)
        answer.headers["HX-Redirect"] = address
        return answer
    return redirect(address, 303)


def _ask_to_log_in() -> ResponseReturnValue:
    if request.headers.get("HX-Request"):
        return _onward(url_for("login.form"))
    if request.accept_mimetypes.best == "application/json":
        abort(401)
    wanted = request.full_path.rstrip("?") if request.method == "GET" else "/"
    return redirect(url_for("login.form", next=None if wanted == "/" else wanted))


def local_path(wanted: str) -> str:
    """`wanted` if it is a path on this site, else the first page."""
    parts = urlsplit(wanted)
    local = wanted.startswith("/") and not wanted.startswith("//") and not parts.netloc and not parts.scheme
    return wanted if local and "\\" not in wanted and wanted.isprintable() else "/"
