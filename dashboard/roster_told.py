"""When a shift is, as the roster says what was done. Pure."""

from dashboard import rule_words, words
from phoneline.shift_checks import Draft


def when(draft: Draft, this_year: int) -> str:
    """Such as "Mondays and Thursdays at 22:00, until 06:00"."""
    begins = rule_words.when(draft.starts_local, draft.rrule, this_year)
    days = (draft.ends_local.date() - draft.starts_local.date()).days
    until = f"{draft.ends_local:%H:%M}" if days <= 1 else f"{draft.ends_local:%H:%M} {words.number(days)} days later"
    return f"{begins}, until {until}"
