"""What somebody typed into a form, or what stands in an address, as it is meant; None for what can't be read. Pure."""

import re
from collections.abc import Collection, Mapping
from datetime import date, datetime, time

from werkzeug.datastructures import MultiDict

from dashboard.tongue import N_
from phoneline.settings import e164

NO_DAY = N_("Please write the day as year-month-day, such as 2026-11-23.")
NO_TIME = N_("Please write the time as hours and minutes, such as 10:00.")
NO_NUMBER = N_("Please write the number with its country, such as +1 416 555 0100.")
LONGEST_REASON = 500
NO_REASON = N_("Please say why, in a few words: whoever looks at this later will want to know.")
LONG_REASON = N_("Please keep the reason below 500 characters.")
_YEARS = range(2000, 2100)
"""As spreadsheets have them."""
_EVER = range(1970, 2201)
"""Beyond these a zone's midnight may not be an instant any more."""


class UnreadError(Exception):
    """A form can't be read; `problems` says by field what to mend."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        self.problems = problems
        super().__init__(*problems)


def line(form: Mapping[str, str], name: str, longest: int) -> str:
    """Words in one line, with single spaces."""
    return " ".join(form.get(name, "").replace("\0", "").split())[:longest]


def lines(form: Mapping[str, str], name: str) -> str:
    """Words in as many lines as were written."""
    return form.get(name, "").replace("\r\n", "\n").replace("\0", "").strip()


def fields(form: Mapping[str, str], names: Collection[str], words: Mapping[str, Collection[str]]) -> dict[str, str]:
    """Those that were sent, each in one line, but for what is none of the words that its field may have."""
    found = {name: line(form, name, 500) for name in names if name in form}
    return {name: text for name, text in found.items() if name not in words or text in words[name]}


def ticked(form: MultiDict[str, str], name: str, offered: Collection[str]) -> list[str]:
    """Which boxes of one name were ticked, in the order in which they are offered."""
    sent = form.getlist(name)
    return [one for one in offered if one in sent]


def key(form: Mapping[str, str], name: str) -> str:
    """What is to be the id of a row."""
    return form.get(name, "").replace("\0", "")[:64]


def number(text: str) -> str:
    """A telephone number in E.164, however it was grouped; empty if it is none."""
    bare = "".join(character for character in text if character not in " -().\u00a0")
    try:
        return e164(bare)
    except ValueError:
        return ""


def day(text: str) -> date | None:
    return _day(text, _YEARS)


def any_day(text: str) -> date | None:
    """Also one of long ago, or far ahead: it is only looked at."""
    return _day(text, _EVER)


def _day(text: str, years: range) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if found.year in years else None


def clock(text: str) -> time | None:
    """Hours and minutes; what a browser adds as seconds is left out."""
    found = re.fullmatch(r"(\d{1,2}):(\d\d)(:\d\d)?", text)
    try:
        return time(int(found[1]), int(found[2])) if found else None
    except ValueError:
        return None


def clock_of_span(text: str) -> time | None:
    """Where a stretch of a day begins or ends: 24:00 is midnight."""
    try:
        found = time.fromisoformat("00:00" if text == "24:00" else text)
    except ValueError:
        return None
    return found.replace(second=0, microsecond=0) if found.tzinfo is None else None


def wall_time(text: str) -> datetime | None:
    """A day and a time of a clock on the wall."""
    found = _moment(text)
    return found if found and found.tzinfo is None else None


def instant(text: str) -> datetime | None:
    found = _moment(text)
    return found if found and found.tzinfo is not None else None


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text[:40])
    except ValueError:
        return None
    return found if found.year in _YEARS else None
