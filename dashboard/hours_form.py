"""When the line is open, as filled in: for each weekday from when until when, several times. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from werkzeug.datastructures import MultiDict

from dashboard import typed
from dashboard.tongue import N_
from phoneline import hours
from phoneline.hours import ALWAYS, ClosedDays, LineHours

MOST_SPANS = 6
WEEKDAYS = range(7)
WORKDAYS = range(1, 5)
"""Which Monday's hours are copied to."""
BOTH_TIMES = N_("Please give both times, such as 09:00 and 17:00, or none.")
NO_HOURS = N_("Please give at least one day its hours, or choose “at any hour”.")
EARLIEST, LATEST = 2000, 2999
"""Years that somebody can mean."""
NO_DAY = N_("Please choose a day.")
THERE_ALREADY = N_("That day is on the list already.")
Span = tuple[str, str]


@dataclass(frozen=True)
class HoursForm:
    """As filled in; `problems` says by weekday what to mend, or by "always"."""

    always: bool = False
    days: Sequence[Sequence[Span]] = ()
    """With an empty row at the end of each day, for one more."""
    problems: Mapping[str, str] = field(default_factory=dict)
    hours: LineHours | None = None


def of(line_hours: LineHours) -> HoursForm:
    """What is stored. Of a line that is always open the days are empty."""
    days: list[list[Span]] = [[] for _ in WEEKDAYS]
    if line_hours.text != ALWAYS.text:
        for one in line_hours.openings:
            for day in one.weekdays:
                days[day].append((f"{one.opens:%H:%M}", f"{one.closes:%H:%M}"))
    return HoursForm(line_hours.text == ALWAYS.text, _with_room([sorted(day) for day in days]), hours=line_hours)


def read(form: MultiDict[str, str]) -> HoursForm:
    days = [_spans(form, day) for day in WEEKDAYS]
    if "copy" in form:
        days = [days[0] if day in WORKDAYS else spans for day, spans in enumerate(days)]
    always = "always" in form
    understood = [[(typed.clock_of_span(starts), typed.clock_of_span(ends)) for starts, ends in day] for day in days]
    problems = {
        str(day): BOTH_TIMES
        for day, spans in enumerate(understood)
        if not always and any(None in span for span in spans)
    }
    if not always and not any(days):
        problems["always"] = NO_HOURS
    filled = HoursForm(always, _with_room(days), problems)
    if problems:
        return filled
    whole = [[(starts, ends) for starts, ends in day if starts is not None and ends is not None] for day in understood]
    return HoursForm(always, filled.days, hours=ALWAYS if always else hours.of_days(whole))


def _spans(form: MultiDict[str, str], day: int) -> list[Span]:
    """The rows of a day in which something stands, each once."""
    rows = [
        (form.get(f"starts-{day}-{row}", "").strip()[:5], form.get(f"ends-{day}-{row}", "").strip()[:5])
        for row in range(MOST_SPANS)
    ]
    return list(dict.fromkeys(row for row in rows if any(row)))


def _with_room(days: Sequence[Sequence[Span]]) -> Sequence[Sequence[Span]]:
    return [[*day, ("", "")][:MOST_SPANS] for day in days]


@dataclass(frozen=True)
class ClosedForm:
    """A day to be closed; `problem` says what to mend."""

    day: str = ""
    yearly: bool = False
    problem: str = ""


def closed_with(closed: ClosedDays, form: ClosedForm) -> tuple[ClosedForm, str]:
    """The list with one more day, as it is written; empty where the form says what to mend."""
    try:
        day = date.fromisoformat(form.day)
    except ValueError:
        day = date.min
    if not EARLIEST <= day.year <= LATEST:
        return ClosedForm(form.day, form.yearly, NO_DAY), ""
    name = f"{day:%m-%d}" if form.yearly else f"{day:%Y-%m-%d}"
    if name in closed.names():
        return ClosedForm(form.day, form.yearly, THERE_ALREADY), ""
    return form, ", ".join([*closed.names(), name])


def closed_without(closed: ClosedDays, name: str) -> str | None:
    """The list without a day; None if it isn't on it."""
    left = [one for one in closed.names() if one != name]
    return None if len(left) == len(closed.names()) else ", ".join(left) or "none"
