"""What somebody typed into a form, or what stands in an address, as it is meant; None for what can't be read. Pure."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time

_YEARS = range(2000, 2100)
"""As spreadsheets have them."""
_EVER = range(1970, 2201)
"""Beyond these a zone's midnight may not be an instant any more."""


def line(form: Mapping[str, str], name: str, longest: int) -> str:
    """Words in one line, with single spaces."""
    return " ".join(form.get(name, "").replace("\0", "").split())[:longest]


def lines(form: Mapping[str, str], name: str) -> str:
    """Words in as many lines as were written."""
    return form.get(name, "").replace("\r\n", "\n").replace("\0", "").strip()


def key(form: Mapping[str, str], name: str) -> str:
    """What is to be the id of a row."""
    return form.get(name, "").replace("\0", "")[:64]


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
