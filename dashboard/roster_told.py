"""A shift, and what speaks against it, as the roster's pages say it. Pure."""

from collections.abc import Mapping

from dashboard import rule_words, words
from phoneline.shift_checks import Draft, Problem

SUBJECTS: Mapping[str, str] = {
    "person_id": "they",
    "starts_local": "the beginning",
    "ends_local": "the end",
    "rrule": "the rule",
    "occurs_local": "that date",
    "tier": "the tier",
    "change": "that",
}
_OF_ONE = ("is ", "isn't ", "has ")
"""What is said of a person as if of a field."""


def problem(one: Problem) -> str:
    """A sentence: "They are on another shift then, on Monday 16 November at 22:00."."""
    subject = SUBJECTS.get(one.field, one.field)
    if one.field == "person_id" and one.reason.startswith(_OF_ONE):
        subject = "that person"
    return words.sentence(f"{subject} {one.reason}.")


def when(draft: Draft, this_year: int) -> str:
    """Such as "Mondays and Thursdays at 22:00, until 06:00"."""
    begins = rule_words.when(draft.starts_local, draft.rrule, this_year)
    days = (draft.ends_local.date() - draft.starts_local.date()).days
    until = f"{draft.ends_local:%H:%M}" if days <= 1 else f"{draft.ends_local:%H:%M} {words.number(days)} days later"
    return f"{begins}, until {until}"
