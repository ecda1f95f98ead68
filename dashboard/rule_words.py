"""When a rule fires, as people say it: "Mondays and Thursdays at 10:00". Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from dashboard import words

DAYS: Mapping[str, str] = {
    "MO": "Monday",
    "TU": "Tuesday",
    "WE": "Wednesday",
    "TH": "Thursday",
    "FR": "Friday",
    "SA": "Saturday",
    "SU": "Sunday",
}
_WORKDAYS = list(DAYS)[:5]
_NTH = {"1": "first", "2": "second", "3": "third", "4": "fourth", "-1": "last"}
_PART = re.compile(r"([A-Z]+)=([A-Z0-9,+-]+)")
_SAID = frozenset({"FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "COUNT", "UNTIL", "WKST"})


def parts(rrule: str) -> Mapping[str, str]:
    """The rule's parts by name; empty if it is more than one simple rule."""
    found = [_PART.fullmatch(part) for part in rrule.upper().split(";")]
    return {one[1]: one[2] for one in found if one} if all(found) else {}


def days(rrule: str, starts_local: datetime) -> Sequence[str] | None:
    """The days of a rule that means nothing but "every week on these"; None for any other."""
    rule = parts(rrule)
    if rule.get("FREQ") == "DAILY" and set(rule) <= {"FREQ"}:
        return list(DAYS)
    if rule.get("FREQ") != "WEEKLY" or not set(rule) <= {"FREQ", "BYDAY", "WKST"}:
        return None
    named = rule["BYDAY"].split(",") if "BYDAY" in rule else [list(DAYS)[starts_local.weekday()]]
    return [day for day in DAYS if day in named] if set(named) <= set(DAYS) else None


@dataclass(frozen=True)
class Weekly:
    """On these days of every so many weeks, until a last day if it has one."""

    days: Sequence[str]
    every: int
    until: str
    """As year-month-day."""


def weekly(rrule: str, starts_local: datetime) -> Weekly | None:
    """A rule that means nothing but that; None for any other."""
    rule = parts(rrule)
    every, until = rule.get("INTERVAL", "1"), re.fullmatch(r"((\d{4})(\d\d)(\d\d)(T235959)?)?", rule.get("UNTIL", ""))
    plain = ";".join(f"{name}={value}" for name, value in rule.items() if name not in {"INTERVAL", "UNTIL"})
    named = days(plain, starts_local) if plain else None
    if named is None or until is None or not every.isdecimal() or not int(every):
        return None
    if rule["FREQ"] == "DAILY" and int(every) > 1:
        return None
    return Weekly(named, int(every), f"{until[2]}-{until[3]}-{until[4]}" if until[1] else "")


def when(starts_local: datetime, rrule: str, this_year: int) -> str:
    """The days and the time of day."""
    at = f"at {starts_local:%H:%M}"
    if not rrule.strip():
        return f"on {_date(starts_local, this_year)} {at}"
    rule = parts(rrule)
    said = _days_of(rule, starts_local) if set(rule) <= _SAID else ""
    if not said:
        return f"by the rule {rrule} {at}"
    return f"{said} {at}{_how_long(rule, this_year)}"


def _days_of(rule: Mapping[str, str], starts_local: datetime) -> str:
    """Empty for what has no plain words."""
    interval = int(rule.get("INTERVAL", "1") or 1)
    match rule.get("FREQ"):
        case "DAILY" if "BYMONTHDAY" not in rule:
            if "BYDAY" in rule:
                return _weekly(rule, starts_local) if interval == 1 else ""
            return "every day" if interval == 1 else f"every {interval} days"
        case "WEEKLY" if "BYMONTHDAY" not in rule:
            named = _weekly(rule, starts_local)
            return named if interval == 1 or not named else f"every {interval} weeks, {named},"
        case "MONTHLY":
            named = _monthly(rule, starts_local)
            return named and f"{named} of {'each month' if interval == 1 else f'every {interval} months'}"
    return ""


def _weekly(rule: Mapping[str, str], starts_local: datetime) -> str:
    named = rule["BYDAY"].split(",") if "BYDAY" in rule else [list(DAYS)[starts_local.weekday()]]
    if not set(named) <= set(DAYS):
        return ""
    return said_days([day for day in DAYS if day in named])


def said_days(named: Sequence[str]) -> str:
    """Such as "Mondays and Thursdays"."""
    if len(named) == len(DAYS):
        return "every day"
    if list(named) == _WORKDAYS:
        return "Mondays to Fridays"
    return words.listed([f"{DAYS[day]}s" for day in named])


def _monthly(rule: Mapping[str, str], starts_local: datetime) -> str:
    if "BYDAY" in rule:
        found = re.fullmatch(r"(-?\d)([A-Z]{2})", rule["BYDAY"])
        known = found and "BYMONTHDAY" not in rule and found[1] in _NTH and found[2] in DAYS
        return f"on the {_NTH[found[1]]} {DAYS[found[2]]}" if found and known else ""
    day = rule.get("BYMONTHDAY", str(starts_local.day))
    if day == "-1":
        return "on the last day"
    return f"on day {day}" if day.isdecimal() else ""


def _how_long(rule: Mapping[str, str], this_year: int) -> str:
    if count := rule.get("COUNT"):
        times = "once" if count == "1" else f"{words.number(int(count))} times"
        return f", {times}"
    found = re.match(r"(\d{4})(\d\d)(\d\d)", rule.get("UNTIL", ""))
    if not found:
        return ""
    return f", until {_date(datetime(int(found[1]), int(found[2]), int(found[3])), this_year)}"  # noqa: DTZ001 - a wall clock's day


def _date(local: datetime, this_year: int) -> str:
    """Such as "Monday 23 November", with the year if it isn't this one."""
    return f"{local:%A} {local.day} {local:%B}" + (f" {local.year}" if local.year != this_year else "")
