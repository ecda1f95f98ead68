"""Which days a report is about: plain words or two dates, and the days that they are compared with. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from dashboard import typed
from dashboard.tongue import N_, Phrases
from dashboard.tongue import gettext as _
from phoneline.report_rules import WEEK_DAYS, Days

MOST_YEARS = 10
_DAY = timedelta(days=1)


def _this_week(today: date) -> Days:
    return Days(today - today.weekday() * _DAY, today)


def _last_week(today: date) -> Days:
    monday = today - (today.weekday() + WEEK_DAYS) * _DAY
    return Days(monday, monday + (WEEK_DAYS - 1) * _DAY)


def _this_month(today: date) -> Days:
    return Days(today.replace(day=1), today)


def _last_month(today: date) -> Days:
    last = today.replace(day=1) - _DAY
    return Days(last.replace(day=1), last)


def _this_year(today: date) -> Days:
    return Days(today.replace(month=1, day=1), today)


def _last_year(today: date) -> Days:
    return Days(date(today.year - 1, 1, 1), date(today.year - 1, 12, 31))


PRESETS: Mapping[str, Callable[[date], Days]] = {
    "this-week": _this_week,
    "last-week": _last_week,
    "this-month": _this_month,
    "last-month": _last_month,
    "this-year": _this_year,
    "last-year": _last_year,
}
"""Those of now end today: the days to come have nothing to count."""
PRESET_WORDS: Mapping[str, str] = Phrases(
    {
        "this-week": N_("This week"),
        "last-week": N_("Last week"),
        "this-month": N_("This month"),
        "last-month": N_("Last month"),
        "this-year": N_("This year"),
        "last-year": N_("Last year"),
    }
)
FIRST = "this-month"


@dataclass(frozen=True)
class Asked:
    """The days, as an address asks for them, and what is wrong with that."""

    days: Days
    preset: str = ""
    since_text: str = ""
    until_text: str = ""
    wrong: str = ""
    """The field that can't be read: `from` or `to`."""
    problem: str = ""

    def query(self) -> dict[str, str]:
        """The same days as an address's query."""
        if self.preset:
            return {"days": self.preset}
        return {"from": str(self.days.first), "to": str(self.days.last)}


def read(query: Mapping[str, str], today: date) -> Asked:
    """What can't be read says so, and is kept as it was typed; the report is then of this month."""
    preset = query.get("days", "")
    since_text, until_text = (query.get(key, "").strip()[:20] for key in ("from", "to"))
    if preset in PRESETS or not (since_text or until_text):
        preset = preset if preset in PRESETS else FIRST
        return Asked(PRESETS[preset](today), preset)
    since, until = typed.any_day(since_text), typed.any_day(until_text)
    wrong, problem = _wrong(since, until, bool(until_text))
    if wrong or since is None:
        return Asked(PRESETS[FIRST](today), FIRST, since_text, until_text, wrong, problem)
    return Asked(Days(since, until or max(since, today)), "", since_text, until_text)


def _wrong(since: date | None, until: date | None, until_typed: bool) -> tuple[str, str]:  # noqa: FBT001 - a pure rule's last fact
    no_day = _("Please write the day as year-month-day, such as 2026-11-17.")
    if since is None:
        return "from", no_day
    if until_typed and until is None:
        return "to", no_day
    if until is not None and until < since:
        return "to", _("The last day is before the first.")
    if until is not None and (until - since).days > MOST_YEARS * 366:
        return "to", _("Please ask for at most ten years at once.")
    return "", ""
