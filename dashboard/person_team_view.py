"""What a person's page says of somebody of the team. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from dashboard import words
from dashboard.times import Moment
from dashboard.tongue import N_, Phrases, ngettext
from dashboard.tongue import gettext as _
from phoneline.own_limits import Readiness
from phoneline.work_limits import Limits

READINESS: Mapping[Readiness, str] = Phrases(
    {
        Readiness.READY: N_("Trained: may be rung, and takes shifts"),
        Readiness.SHADOWING: N_("Learning: sits in on shifts of others, and is never rung"),
        Readiness.NOT_YET: N_("Not yet: neither"),
    }
)


@dataclass(frozen=True)
class TeamCard:
    """The part of the page. `logins`: those to choose from, with their addresses."""

    is_volunteer: bool
    limits: str
    readiness: Readiness
    logins: Sequence[tuple[str, str]]
    login: str
    readinesses: Sequence[tuple[Readiness, str]] = ()
    practised: str = ""
    """How often and when they went through a call on the practice line."""


def practised(count: int, last: datetime | None, at: Moment) -> str:
    if last is None:
        return _("Not a whole call on the practice line so far.")
    told = ngettext(
        "Practised %(number)s whole call, %(when)s.",
        "Practised %(number)s whole calls, last %(when)s.",
        count,
        number=words.number(count),
        when=at.on(last),
    )
    return words.sentence(told)


DAYS_OFF: Sequence[str] = (
    N_("Mondays"),
    N_("Tuesdays"),
    N_("Wednesdays"),
    N_("Thursdays"),
    N_("Fridays"),
    N_("Saturdays"),
    N_("Sundays"),
)


def limits(agreed: Limits) -> str:
    """Such as "At most ten hours a week, and never on Sundays"."""
    days = words.listed([_(DAYS_OFF[day]) for day in sorted(agreed.days_off)])
    parts = [
        _hours(agreed.hours_a_week) if agreed.hours_a_week else "",
        _shifts(agreed.shifts_a_week) if agreed.shifts_a_week else "",
        _rest(agreed.rest_hours) if agreed.rest_hours else "",
        _("never on %(days)s", days=days) if days else "",
    ]
    return words.sentence(words.listed([part for part in parts if part])) or _("No limits are written down")


def _hours(count: int) -> str:
    told = {"number": words.number(count)}
    return ngettext("at most %(number)s hour a week", "at most %(number)s hours a week", count, **told)


def _shifts(count: int) -> str:
    told = {"number": words.number(count)}
    return ngettext("at most %(number)s shift a week", "at most %(number)s shifts a week", count, **told)


def _rest(count: int) -> str:
    told = {"number": words.number(count)}
    return ngettext("%(number)s hour of rest between shifts", "%(number)s hours of rest between shifts", count, **told)
