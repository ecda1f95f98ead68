"""What was filled in to block a caller. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dashboard import typed
from dashboard.tongue import N_
from dashboard.tongue import gettext as _
from phoneline.recurrence import instant, wall

_LATEST_YEAR = 2100
DAY_IS_PAST = N_("The last day lies in the past.")
DAY_IS_FAR = N_("Please choose a day before 2100, or leave it empty.")


@dataclass(frozen=True)
class BlockForm:
    """As typed, and what of it was understood; `problem` says what to mend, in the field `wrong`."""

    reason: str = ""
    last_day: str = ""
    number: str = ""
    ends_at: datetime | None = None
    problem: str = ""
    wrong: str = ""


def read(form: Mapping[str, str], zone: ZoneInfo, now: datetime, *, with_number: bool = False) -> BlockForm:
    """A block holds through its last day, as the line's zone counts days; without one, until it is lifted."""
    reason = " ".join(form.get("reason", "").split())
    written, day = form.get("number", "").strip()[:40], form.get("last_day", "").strip()[:20]
    number = typed.number(written)
    ends_at, bad_day = _end(day, zone, now)
    problems = (("number", typed.NO_NUMBER if with_number and not number else ""), ("reason", _bad_reason(reason)))
    wrong, problem = next(((field, words) for field, words in (*problems, ("last_day", bad_day)) if words), ("", ""))
    return BlockForm(
        reason[: typed.LONGEST_REASON], day, number or written, ends_at, _(problem) if problem else "", wrong
    )


def _bad_reason(reason: str) -> str:
    if not reason:
        return typed.NO_REASON
    return typed.LONG_REASON if len(reason) > typed.LONGEST_REASON else ""


def _end(text: str, zone: ZoneInfo, now: datetime) -> tuple[datetime | None, str]:
    """The midnight after the day, if there is one, and what is wrong with it, if anything is."""
    if not text:
        return None, ""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None, typed.NO_DAY
    if day < wall(now, zone).date():
        return None, DAY_IS_PAST
    if day.year >= _LATEST_YEAR:
        return None, DAY_IS_FAR
    return instant(datetime.combine(day + timedelta(days=1), time()), zone), ""
