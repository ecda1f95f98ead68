"""What is wrong with a calendar file, as the page says it. Pure."""

from dashboard import fitting, shift_problems
from dashboard.tongue import N_
from dashboard.tongue import gettext as _
from phoneline.calendar_import import Misfit
from phoneline.calendar_reading import Misread

SENTENCES = (
    N_("The file is larger than %(most)s MB; export fewer years."),
    N_("The file is no iCalendar file; take the one that your calendar program exports, in .ics."),
    N_("The file has no events."),
    N_("The file has more than %(most)s events."),
)
REASONS = (
    N_("has a time, a date or a rule that can't be read."),
    N_("changes all dates from one on (RANGE); make that a shift of its own."),
    N_("is before %(first)s or after %(last)s."),
    N_("ends before it begins; a shift past midnight ends the next day."),
    N_("has no end; give it one."),
    N_("has no beginning."),
    N_("says %(field)s in a way that can't be read."),
    N_("is for the whole day; give it a time at which it begins and one at which it ends."),
    N_("is in the zone %(zone)s, which nobody knows; name one such as America/Toronto."),
    N_("has %(field)s, which the roster doesn't know; make those dates events of their own."),
    N_("has more than one rule; make an event of each."),
    N_("repeats by the clock of %(theirs)s; the roster's own is %(ours)s, and they change apart."),
    N_("is the name of several volunteers; write their whole name."),
    N_("is no volunteer's name; write it as on People, or “Open shift”."),
    N_("moves %(date)s, which is no date of its rule."),
)
"""After the event and a colon."""


def sentence(one: Misread) -> str:
    """What is wrong and how to mend it."""
    if not one.number:
        return fitting.said_again(f"The file {one.reason}.", SENTENCES)
    if isinstance(one, Misfit):
        reason = " ".join(map(shift_problems.sentence, one.against))
    else:
        reason = fitting.said_again(f"{one.reason}.", REASONS)
    if not one.title:
        return _("Event %(number)s: %(reason)s", number=one.number, reason=reason)
    return _("Event %(number)s, “%(title)s”: %(reason)s", number=one.number, title=one.title, reason=reason)
