"""When a shift is, as the roster says what was done. Pure."""

from dashboard import rule_words, words
from dashboard.tongue import gettext as _
from dashboard.tongue import ngettext
from phoneline.shift_checks import Draft


def when(draft: Draft, this_year: int) -> str:
    """Such as "Mondays and Thursdays at 22:00, until 06:00"."""
    begins = rule_words.when(draft.starts_local, draft.rrule, this_year)
    days = (draft.ends_local.date() - draft.starts_local.date()).days
    ends = f"{draft.ends_local:%H:%M}"
    if days <= 1:
        return _("%(begins)s, until %(time)s", begins=begins, time=ends)
    return ngettext(
        "%(begins)s, until %(time)s %(number)s day later",
        "%(begins)s, until %(time)s %(number)s days later",
        days,
        begins=begins,
        time=ends,
        number=words.number(days),
    )
