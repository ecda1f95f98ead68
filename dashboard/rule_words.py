"""When a rule fires, as people say it: "Mondays and Thursdays at 10:00". Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from dashboard import words
from dashboard.times import full_date
from dashboard.tongue import N_, Phrases, ngettext
from dashboard.tongue import gettext as _

DAYS: Mapping[str, str] = Phrases(
    {
        "MO": N_("Monday"),
        "TU": N_("Tuesday"),
        "WE": N_("Wednesday"),
        "TH": N_("Thursday"),
        "FR": N_("Friday"),
        "SA": N_("Saturday"),
        "SU": N_("Sunday"),
    }
)
_EACH: Mapping[str, str] = Phrases(
    {
        "MO": N_("Mondays"),
        "TU": N_("Tuesdays"),
        "WE": N_("Wednesdays"),
        "TH": N_("Thursdays"),
        "FR": N_("Fridays"),
        "SA": N_("Saturdays"),
        "SU": N_("Sundays"),
    }
)
_WORKDAYS = list(DAYS)[:5]
_NTH: Mapping[str, str] = {
    "1": N_("on the first %(day)s"),
    "2": N_("on the second %(day)s"),
    "3": N_("on the third %(day)s"),
    "4": N_("on the fourth %(day)s"),
    "-1": N_("on the last %(day)s"),
}
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
    time = f"{starts_local:%H:%M}"
    if not rrule.strip():
        return _("on %(date)s at %(time)s", date=_date(starts_local, this_year), time=time)
    rule = parts(rrule)
    said = _days_of(rule, starts_local) if set(rule) <= _SAID else ""
    if not said:
        return _("by the rule %(rule)s at %(time)s", rule=rrule, time=time)
    return _how_long(rule, _("%(days)s at %(time)s", days=said, time=time), this_year)


def _days_of(rule: Mapping[str, str], starts_local: datetime) -> str:
    """Empty for what has no plain words."""
    interval = int(rule.get("INTERVAL", "1") or 1)
    match rule.get("FREQ"):
        case "DAILY" if "BYMONTHDAY" not in rule:
            if "BYDAY" in rule:
                return _weekly(rule, starts_local) if interval == 1 else ""
            return ngettext("every day", "every %(number)s days", interval, number=interval)
        case "WEEKLY" if "BYMONTHDAY" not in rule:
            named = _weekly(rule, starts_local)
            if interval == 1 or not named:
                return named
            return _("every %(number)s weeks, %(days)s,", number=interval, days=named)
        case "MONTHLY":
            named = _monthly(rule, starts_local)
            return named and ngettext(
                "%(day)s of each month", "%(day)s of every %(number)s months", interval, day=named, number=interval
            )
    return ""


def _weekly(rule: Mapping[str, str], starts_local: datetime) -> str:
    named = rule["BYDAY"].split(",") if "BYDAY" in rule else [list(DAYS)[starts_local.weekday()]]
    if not set(named) <= set(DAYS):
        return ""
    return said_days([day for day in DAYS if day in named])


def said_days(named: Sequence[str]) -> str:
    """Such as "Mondays and Thursdays"."""
    if len(named) == len(DAYS):
        return _("every day")
    if list(named) == _WORKDAYS:
        return _("Mondays to Fridays")
    return words.listed([_EACH[day] for day in named])


def _monthly(rule: Mapping[str, str], starts_local: datetime) -> str:
    if "BYDAY" in rule:
        found = re.fullmatch(r"(-?\d)([A-Z]{2})", rule["BYDAY"])
        known = found and "BYMONTHDAY" not in rule and found[1] in _NTH and found[2] in DAYS
        return _(_NTH[found[1]], day=DAYS[found[2]]) if found and known else ""
    day = rule.get("BYMONTHDAY", str(starts_local.day))
    if day == "-1":
        return _("on the last day")
    return _("on day %(day)s", day=day) if day.isdecimal() else ""


def _how_long(rule: Mapping[str, str], said: str, this_year: int) -> str:
    """What was said, with its end if it has one."""
    if count := rule.get("COUNT"):
        times = int(count)
        return ngettext("%(days)s, once", "%(days)s, %(number)s times", times, days=said, number=words.number(times))
    found = re.match(r"(\d{4})(\d\d)(\d\d)", rule.get("UNTIL", ""))
    if not found:
        return said
    until = _date(datetime(int(found[1]), int(found[2]), int(found[3])), this_year)  # noqa: DTZ001 - a wall clock's day
    return _("%(days)s, until %(date)s", days=said, date=until)


def _date(local: datetime, this_year: int) -> str:
    """Such as "Monday 23 November", with the year if it isn't this one."""
    return full_date(local, with_year=local.year != this_year)
