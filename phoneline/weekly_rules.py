"""Rules as people think of them, "Mondays and Thursdays": made from weekdays, and read out of RFC 5545. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

_NAMES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
WEEK = tuple(range(7))
_SAYABLE = {"FREQ", "INTERVAL", "BYDAY", "WKST", "UNTIL", "COUNT"}
"""What else a rule may hold changes what its days and its time are."""


@dataclass(frozen=True)
class Pattern:
    """Days that can be said in a breath: every so many days, or on weekdays of every so many weeks."""

    every: int
    weekdays: Sequence[int] = ()
    """Monday is 0; none of them: it counts days."""


def of_weekdays(chosen: Sequence[int], before: str = "") -> str:
    """The rule of calls on these weekdays. Where the rule before had a last day, that stays."""
    ends = (_parts(before) or {}).get("UNTIL")
    rule = "FREQ=DAILY" if tuple(chosen) == WEEK else f"FREQ=WEEKLY;BYDAY={','.join(_NAMES[day] for day in chosen)}"
    return f"{rule};UNTIL={ends}" if ends else rule


def is_counted(rrule: str) -> bool:
    """Whether it ends after so many calls: with another start they would be counted anew."""
    return "COUNT=" in rrule.upper()


def pattern(rrule: str, starts_local: datetime) -> Pattern | None:
    """What the rule means; None if a few words don't say it, or for a call that is made just once."""
    parts = _parts(rrule)
    if parts is None or not set(parts) <= _SAYABLE or not parts.get("INTERVAL", "1").isdecimal():
        return None
    every, names = int(parts.get("INTERVAL", "1")), [one for one in parts.get("BYDAY", "").split(",") if one]
    if not every or any(name not in _NAMES for name in names):
        return None
    chosen = sorted({_NAMES.index(name) for name in names})
    match parts.get("FREQ"):
        case "DAILY" if not chosen:
            return Pattern(every)
        case "DAILY" if every == 1:
            return Pattern(1, chosen) if tuple(chosen) != WEEK else Pattern(1)
        case "WEEKLY":
            chosen = chosen or [starts_local.weekday()]
            return Pattern(1) if every == 1 and tuple(chosen) == WEEK else Pattern(every, chosen)
    return None


def _parts(rrule: str) -> dict[str, str] | None:
    text = re.sub(r"^RRULE:", "", rrule.strip().upper())
    pairs = [part.split("=") for part in text.split(";") if part]
    if not pairs or any(len(pair) != 2 for pair in pairs):  # noqa: PLR2004 - a name and its value
        return None
    return {name.strip(): value.strip() for name, value in pairs}
