"""What was promised and isn't done: whose, by when, how urgent; done with how it ended, handed on or put off."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from dashboard import (
    care,
    contact,
    follow_up_form,
    follow_ups_view,
    ladder_view,
    live,
    queries_follow_ups,
    queries_ladder,
    queries_owners,
)
from dashboard.current import at, the_line
from dashboard.follow_up_form import FollowUpForm
from dashboard.follow_ups_view import MOST_DONE, DoneLine, FollowUpsPage
from dashboard.guard import page_group
from dashboard.queries_follow_ups import LATELY, PAGE, Counts, Place, Show
from dashboard.times import Moment

group = page_group("follow_ups")


@dataclass(frozen=True)
class Asked:
    """What of the follow-ups is wanted; without a word for it: mine, or everybody's where none is."""

    show: Show | None = None
    after: Place | None = None

    def show_of(self, counts: Counts) -> Show:
        return self.show or (Show.MINE if counts.mine else Show.ALL)


def asked(query: Mapping[str, str]) -> Asked:
    word = query.get("show", "")
    return Asked(Show(word) if word in set(Show) else None, Place.read(query.get("after", "")))


@group.get("/follow-ups")
def page() -> ResponseReturnValue:
    wanted = asked(request.args)
    view = _view(wanted)
    done = _just_done(request.args.get("done", ""))
    return render_template(
        "follow_ups.html", view=view, seen=live.fingerprint(view), after=wanted.after, just_done=done, **_blank()
    )


@group.get("/follow-ups/live", endpoint="live")
def fragment() -> ResponseReturnValue:
    return live.fragment("follow_ups_live.html", _view(asked(request.args)), after=None, **_blank())


@group.post("/follow-ups/<contact_id>/done")
def done(contact_id: str) -> ResponseReturnValue:
    """Done, and how it ended; a form that won't do comes back where it stood."""
    form = follow_up_form.read_done(request.form, at())
    if form.problem:
        return _again(contact_id, form)
    care.finish(contact_id, form)
    return after(contact_id, done=contact_id)


@group.post("/follow-ups/<contact_id>/undo")
def undo(contact_id: str) -> ResponseReturnValue:
    care.take_back(contact_id)
    return after(contact_id)


@group.post("/follow-ups/<contact_id>/later")
def later(contact_id: str) -> ResponseReturnValue:
    """Another time for it, and why."""
    form = follow_up_form.read_later(request.form, at())
    if form.problem or form.until_at is None:
        return _again(contact_id, form)
    care.put_off(contact_id, form.until_at, form.reason)
    return after(contact_id)


def after(contact_id: str, done: str = "") -> ResponseReturnValue:
    """To where the button stood: the first page, the contact's, or this one, to htmx as a fragment."""
    if request.form.get("back") == "now":
        return redirect(url_for("now.page"), 303)
    if request.form.get("back") != "follow_ups":
        return redirect(url_for("contact.page", contact_id=contact_id), 303)
    wanted = asked(request.form)
    if not request.headers.get("HX-Request"):
        return redirect(url_for("follow_ups.page", show=wanted.show, done=done or None), 303)
    view = _view(Asked(wanted.show))
    told = {"just_done": _just_done(done), "tell": True, "after": None}
    return render_template("follow_ups_live.html", view=view, seen=live.fingerprint(view), **told, **_blank())


def _again(contact_id: str, form: FollowUpForm) -> ResponseReturnValue:
    """What to mend: in the list to htmx, which shows nothing of what is refused, else on the contact's page."""
    if not request.headers.get("HX-Request"):
        return contact.show(contact_id, follow_form=form), 422
    view = _view(Asked(asked(request.form).show))
    mended = {"mend_id": contact_id, "mend": form, "after": None}
    return render_template("follow_ups_live.html", view=view, seen=live.fingerprint(view), **mended, **_blank())


def _blank() -> dict[str, str]:
    return {"tomorrow": follow_up_form.tomorrow(at())}


def _just_done(contact_id: str) -> DoneLine | None:
    """What was done a moment ago, to be taken back if that was a slip."""
    if not contact_id:
        return None
    with the_line().database.reading() as reading:
        found = queries_follow_ups.done_one(reading, contact_id)
    return follow_ups_view.done_line(found, at()) if found is not None and found.ending is not None else None


def _view(wanted: Asked) -> FollowUpsPage:
    moment = at()
    with the_line().database.reading() as reading:
        return _read(reading, wanted, moment)


def _read(reading: Session, wanted: Asked, moment: Moment) -> FollowUpsPage:
    counts = queries_follow_ups.counts(reading)
    since = moment.now - LATELY
    show = wanted.show_of(counts)
    is_done = show is Show.DONE
    done_ones = queries_follow_ups.done_ones(reading, PAGE, since, wanted.after) if is_done else []
    open_ones = [] if is_done else queries_follow_ups.open_ones(reading, PAGE, show, wanted.after)
    shown = follow_ups_view.section(open_ones, PAGE, moment)
    ladders = queries_ladder.of_contacts(reading, [line.id for line in shown.lines])
    last = done_ones[PAGE - 1].place if len(done_ones) > PAGE else open_ones[PAGE - 1].place if shown.more else ""
    return follow_ups_view.build(
        show,
        counts,
        queries_follow_ups.done_count(reading, since, MOST_DONE),
        found=ladder_view.with_ladders(shown, ladders, moment),
        done=done_ones,
        more=str(last),
        coordinators=[] if is_done else queries_owners.coordinators(reading),
        at=moment,
    )
