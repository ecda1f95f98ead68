"""What is wrong with a calendar file, as the page says it. Pure."""

from collections.abc import Mapping

from dashboard import shift_problems
from dashboard.tongue import N_
from dashboard.tongue import gettext as _
from phoneline.calendar_import import Misfit
from phoneline.calendar_reading import Fault, Misread

SAID: Mapping[Fault, str] = {
    Fault.TOO_LARGE: N_("The file is larger than %(most)s MB; export fewer years."),
    Fault.NO_CALENDAR: N_("The file is no iCalendar file; take the one that your calendar program exports, in .ics."),
    Fault.EMPTY: N_("The file has no events."),
    Fault.TOO_MANY: N_("The file has more than %(most)s events."),
    # The others stand after the event and a colon.
    Fault.UNREADABLE: N_("has a time, a date or a rule that can't be read."),
    Fault.LATER_DATES: N_("changes all dates from one on (RANGE); make that a shift of its own."),
    Fault.OUT_OF_TIME: N_("is before %(first)s or after %(last)s."),
    Fault.BACKWARDS: N_("ends before it begins; a shift past midnight ends the next day."),
    Fault.NO_END: N_("has no end; give it one."),
    Fault.NO_BEGINNING: N_("has no beginning."),
    Fault.FIELD: N_("says %(field)s in a way that can't be read."),
    Fault.WHOLE_DAY: N_("is for the whole day; give it a time at which it begins and one at which it ends."),
    Fault.ZONE: N_("is in the zone %(zone)s, which nobody knows; name one such as America/Toronto."),
    Fault.OTHER_DATES: N_("has %(field)s, which the roster doesn't know; make those dates events of their own."),
    Fault.RULES: N_("has more than one rule; make an event of each."),
    Fault.OTHER_CLOCK: N_("repeats by the clock of %(theirs)s; write its times by the roster's own, %(ours)s."),
    Fault.SEVERAL_NAMED: N_("is the name of several volunteers; write their whole name."),
    Fault.NOBODY_NAMED: N_("is no volunteer's name; write it as on People, or “Open shift”."),
    Fault.NO_DATE: N_("moves %(date)s, which is no date of its rule."),
}


def sentence(one: Misread | Misfit) -> str:
    """What is wrong and how to mend it."""
    if isinstance(one, Misfit):
        reason = " ".join(map(shift_problems.sentence, one.against))
    else:
        reason = _(SAID[one.why], **one.values)
    if not one.number:
        return reason
    if not one.title:
        return _("Event %(number)s: %(reason)s", number=one.number, reason=reason)
    return _("Event %(number)s, “%(title)s”: %(reason)s", number=one.number, title=one.title, reason=reason)
