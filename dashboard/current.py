"""What the request at hand is about: the line, and who is logged in."""

from dataclasses import dataclass
from typing import cast
from zoneinfo import ZoneInfo

from flask import current_app, g, has_request_context

from dashboard.times import Moment
from phoneline.line import Line
from phoneline.states import AccountRole

LINE = "phoneline"


@dataclass(frozen=True)
class Visitor:
    """Who is logged in, as far as pages need to know."""

    account_id: str
    role: AccountRole
    person_id: str | None = None
    """Which volunteer or coordinator it is, where somebody said so."""
    peer_id: str | None = None
    """The same person, if they are a peer as well: then their own record is none of their work."""
    language: str | None = None
    """In which they read the pages; None: their browser's."""
    timezone: str | None = None
    """By whose clock they read them; None: the line's."""
    session_id: str = ""
    has_to: str | None = None
    """The second step that comes before everything else: see `access.ON_THE_WAY`."""


def the_line() -> Line:
    return cast("Line", current_app.extensions[LINE])


def at() -> Moment:
    """Now, by the clock of whoever is looking."""
    line, someone = the_line(), visitor()
    zone = ZoneInfo(someone.timezone) if someone is not None and someone.timezone else line.settings.timezone
    return Moment(line.now, zone)


def visitor() -> Visitor | None:
    """Who is logged in; None before login and on pages that ask nobody."""
    return cast("Visitor | None", g.get("visitor")) if has_request_context() else None


def known_visitor() -> Visitor:
    """Who is logged in, on a page that is only for people who are."""
    found = visitor()
    if found is None:
        raise RuntimeError("this page is not behind the login")
    return found
