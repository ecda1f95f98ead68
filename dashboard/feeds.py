"""Addresses from which calendar programs fetch shifts, and what they fetch there."""

from collections.abc import Sequence

import structlog
from flask import Response, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from dashboard import feeds_view, queries_people
from dashboard.current import at, known_visitor, the_line
from dashboard.guard import page_group
from dashboard.tongue import gettext as _
from phoneline import calendar_text, roster_feeds
from phoneline.calendar_import import TakenOver
from phoneline.models import Account, Person, RosterFeed
from phoneline.states import AccountRole, Role

EVERYBODY = "all"
CALENDAR = "text/calendar; charset=utf-8"

group = page_group("feeds")
events = structlog.get_logger()


@group.get("/roster/addresses")
def page() -> ResponseReturnValue:
    return show()


@group.post("/roster/addresses")
def make() -> ResponseReturnValue:
    """A new address; it is shown in this answer and never again."""
    line, account_id, whose = the_line(), known_visitor().account_id, request.form.get("whose", "")
    person_id = None if whose == EVERYBODY else whose
    with line.database.transaction() as writing:
        if person_id is not None and person_id not in {one for one, _ in _may_make_for(writing)}:
            return show(problem=_("Please choose whose shifts the calendar is to show.")), 422
        token = roster_feeds.make(writing, person_id, account_id, line.now)
    events.info("roster_address_made", account_id=account_id, person_id=person_id)
    return show(address=f"{line.settings.public_url.rstrip('/')}{url_for('feeds.file', token=token)}"), 201


@group.post("/roster/addresses/<feed_id>/revoke")
def revoke(feed_id: str) -> ResponseReturnValue:
    line = the_line()
    with line.database.transaction() as writing:
        feed = writing.get(RosterFeed, feed_id)
        if feed is None or not _is_theirs(writing, feed):
            abort(404)
        roster_feeds.revoke(writing, feed_id, line.now)
    events.info("roster_address_revoked", account_id=known_visitor().account_id, feed_id=feed_id)
    return show(revoked=True)


@group.get("/calendar/<token>.ics")
def file(token: str) -> ResponseReturnValue:
    """What a calendar program fetches. Who doesn't know a standing address learns nothing, not even that one stood."""
    line = the_line()
    with line.database.reading() as reading:
        feed = roster_feeds.of_token(reading, token)
        if feed is None:
            abort(404)
        entries = roster_feeds.entries(reading, feed.person_id, line.now)
    if roster_feeds.is_to_be_noted(feed, line.now):
        with line.database.transaction() as writing:
            roster_feeds.was_fetched(writing, feed.id, line.now)
    name = _("Shifts") if feed.person_id else _("Roster")
    return Response(calendar_text.write(name, entries, line.now), content_type=CALENDAR)


def show(
    address: str | None = None,
    problem: str | None = None,
    *,
    revoked: bool = False,
    file_problems: Sequence[str] = (),
    taken_over: TakenOver | None = None,
) -> str:
    """The page, with what has just been done on it or what was wrong with that."""
    line = the_line()
    with line.database.reading() as reading:
        feeds = [one for one in roster_feeds.standing(reading) if _is_theirs(reading, one)]
        people = _may_make_for(reading)
        view = feeds_view.build(feeds, at())
    return render_template(
        "feeds.html",
        view=view,
        people=people,
        form={"wrong": "whose" if problem else "", "problem": problem},
        address=address,
        revoked=revoked,
        file_problems=file_problems,
        taken_over=taken_over,
        may_take_over=_is_staff(),
    )


def _own_person_id(session: Session) -> str | None:
    return session.get_one(Account, known_visitor().account_id).person_id


def _is_staff() -> bool:
    return known_visitor().role is not AccountRole.VOLUNTEER


def _is_theirs(session: Session, feed: RosterFeed) -> bool:
    """A coordinator looks after all of them; a volunteer after their own, and the ones they made."""
    visitor = known_visitor()
    own = feed.person_id is not None and feed.person_id == _own_person_id(session)
    return _is_staff() or own or feed.made_by == visitor.account_id


def _may_make_for(session: Session) -> Sequence[tuple[str, str]]:
    """Those for whom this visitor may make an address, by name."""
    if _is_staff():
        return queries_people.named(session, Role.VOLUNTEER, "")
    own = _own_person_id(session)
    return [(own, session.get_one(Person, own).name)] if own is not None else []
