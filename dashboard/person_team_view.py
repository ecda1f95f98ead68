"""What a person's page says of somebody of the team. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dashboard import rule_words, words
from phoneline.own_limits import Readiness
from phoneline.work_limits import Limits

READINESS: Mapping[Readiness, str] = {
    Readiness.READY: "Trained: may be rung, and takes shifts",
    Readiness.SHADOWING: "Learning: sits in on shifts of others, and is never rung",
    Readiness.NOT_YET: "Not yet: neither",
}


@dataclass(frozen=True)
class TeamCard:
    """The part of the page. `logins`: those to choose from, with their addresses."""

    is_volunteer: bool
    limits: str
    readiness: Readiness
    logins: Sequence[tuple[str, str]]
    login: str
    readinesses: Sequence[tuple[Readiness, str]] = tuple(READINESS.items())


def limits(agreed: Limits) -> str:
    """Such as "At most ten hours a week, and never on Sundays"."""
    parts = [
        f"at most {words.counted(agreed.hours_a_week, 'hour', 'hours')} a week" if agreed.hours_a_week else "",
        f"at most {words.counted(agreed.shifts_a_week, 'shift', 'shifts')} a week" if agreed.shifts_a_week else "",
        f"{words.counted(agreed.rest_hours, 'hour', 'hours')} of rest between shifts" if agreed.rest_hours else "",
        f"never on {_days(agreed)}" if agreed.days_off else "",
    ]
    return words.sentence(words.listed([part for part in parts if part])) or "No limits are written down"


def _days(agreed: Limits) -> str:
    names = list(rule_words.DAYS.values())
    return words.listed([f"{names[day]}s" for day in sorted(agreed.days_off)])
