"""Whom nobody has heard from, in words. Pure: what was read, the instant and the zone are arguments."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard import owner_view, people_view, words
from dashboard.log_filters import Cursor
from dashboard.queries_not_heard import PAGE, Silent
from dashboard.times import Moment
from dashboard.tongue import N_, ngettext
from dashboard.tongue import gettext as _
from phoneline.not_heard import MOST_DAYS
from phoneline.recurrence import wall

MOST_COUNTED = 100
BAD_DAYS = N_("Please write a whole number of days, from 1 to %(most)s, or nothing.")


@dataclass(frozen=True)
class SilentLine:
    """One person on the list."""

    id: str
    name: str
    silence: str
    last: str
    missed: str
    coming: str
    asked: str
    """Whose it is to call them, if somebody is asked."""
    asked_id: str


@dataclass(frozen=True)
class NotHeardPage:
    answer: str
    lines: Sequence[SilentLine]
    more: str
    """Where the next page begins."""
    days: int


def build(found: Sequence[Silent], several: int, days: int, at: Moment) -> NotHeardPage:
    shown = found[:PAGE]
    more = str(Cursor(shown[-1].last_heard_at, shown[-1].id)) if len(found) > PAGE else ""
    return NotHeardPage(answer(several, days), [_line(one, at) for one in shown], more, days)


def bad_days() -> str:
    return _(BAD_DAYS, most=words.number(MOST_DAYS))


def answer(several: int, days: int) -> str:
    if several:
        return f"{notice(several)}."
    return ngettext(
        "Everybody was heard from within one day.",
        "Everybody was heard from within %(number)s days.",
        days,
        number=words.number(days),
    )


def notice(several: int) -> str:
    """Such as "Two people have not been heard from for a while"; empty when everybody has."""
    if not several:
        return ""
    if several > MOST_COUNTED:
        return _("More than %(number)s people haven't been heard from for a while", number=MOST_COUNTED)
    return ngettext(
        "One person has not been heard from for a while",
        "%(number)s people have not been heard from for a while",
        several,
        number=words.sentence(words.number(several)),
    )


def _line(one: Silent, at: Moment) -> SilentLine:
    return SilentLine(
        id=one.id,
        name=one.name,
        silence=_silence(one, at),
        last=_("Last: %(contact)s.", contact=people_view.last(one.last, at))
        if one.last
        else _("We have not heard from them yet."),
        missed=_missed(one.missed),
        coming=_coming(one, at),
        asked=_("Somebody is asked to call: %(whose)s.", whose=owner_view.whose(one.asked.owed, at))
        if one.asked
        else "",
        asked_id=one.asked.contact_id if one.asked else "",
    )


def _coming(one: Silent, at: Moment) -> str:
    return (
        _("Next check-in %(when)s.", when=at.on(one.next_checkin)) if one.next_checkin else _("No check-in is planned.")
    )


def _silence(one: Silent, at: Moment) -> str:
    days = (wall(at.now, at.zone).date() - wall(one.last_heard_at, at.zone).date()).days
    quiet = _quiet(days, heard=one.last is not None)
    own = _("their own number of days is %(number)s", number=one.own_days) if one.own_days else ""
    return f"{quiet}; {own}" if own else quiet


def _quiet(days: int, *, heard: bool) -> str:
    number = words.number(days)
    if heard and not days:
        return _("Heard from today")
    if heard:
        return ngettext("Not heard from for one day", "Not heard from for %(number)s days", days, number=number)
    if not days:
        return _("Not heard from since they came into the line's books, today")
    return ngettext(
        "Not heard from since they came into the line's books, one day ago",
        "Not heard from since they came into the line's books, %(number)s days ago",
        days,
        number=number,
    )


def _missed(missed: int) -> str:
    if not missed:
        return ""
    return ngettext(
        "Missed one check-in.", "Missed %(number)s check-ins in a row.", missed, number=words.number(missed)
    )
