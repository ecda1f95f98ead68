"""What was filled in to say that a follow-up is done, or to give it another time. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from dashboard import typed
from dashboard.times import Moment
from dashboard.tongue import gettext as _
from phoneline.follow_up_states import FollowUpEnding
from phoneline.recurrence import instant, wall

LONGEST = 500
LATEST = timedelta(days=60)
USUAL = time(10)
"""At which hour of tomorrow the form begins."""


@dataclass(frozen=True)
class FollowUpForm:
    """As filled in, and what of it was understood; `problem` says what to mend, in the field `wrong`."""

    how: FollowUpEnding | None = None
    note: str = ""
    until: str = ""
    until_at: datetime | None = None
    reason: str = ""
    problem: str = ""
    wrong: str = ""


def blank(at: Moment) -> FollowUpForm:
    return FollowUpForm(until=tomorrow(at))


def tomorrow(at: Moment) -> str:
    day = wall(at.now, at.zone).date() + timedelta(days=1)
    return datetime.combine(day, USUAL).isoformat(timespec="minutes")


def read_done(form: Mapping[str, str], at: Moment) -> FollowUpForm:
    said, note = form.get("how", ""), typed.lines(form, "note")
    how = FollowUpEnding(said) if said in set(FollowUpEnding) else None
    wrong, problem = "", ""
    if how is None:
        wrong, problem = "how", _("Please say how it ended.")
    elif len(note) > LONGEST:
        wrong, problem = "note", _("Please keep the note below %(longest)s characters.", longest=LONGEST)
    return FollowUpForm(how=how, note=note[:LONGEST], until=tomorrow(at), wrong=wrong, problem=problem)


def read_later(form: Mapping[str, str], at: Moment) -> FollowUpForm:
    until, reason = form.get("until", "").strip()[:20], typed.lines(form, "reason")
    until_at = _instant(until, at)
    wrong, problem = "", ""
    if until_at is None:
        wrong, problem = "until", _("Please choose a time to come, within the next two months.")
    elif not reason:
        wrong, problem = "reason", _("Please say why, in a few words.")
    elif len(reason) > LONGEST:
        wrong, problem = "reason", _("Please keep the reason below %(longest)s characters.", longest=LONGEST)
    return FollowUpForm(until=until, until_at=until_at, reason=reason[:LONGEST], wrong=wrong, problem=problem)


def _instant(text: str, at: Moment) -> datetime | None:
    """By the viewer's clock; None for what is no time, has passed or is too far away."""
    try:
        chosen = datetime.fromisoformat(text)
    except ValueError:
        return None
    if chosen.tzinfo is not None or abs(chosen.date() - at.now.date()) > LATEST + timedelta(days=1):
        return None
    found = instant(chosen, at.zone)
    return found if at.now < found <= at.now + LATEST else None
