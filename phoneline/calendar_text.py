"""Hours as calendar programs read them: an iCalendar text (RFC 5545). Pure.

Each date is an event of its own, in UTC: there is no rule and no zone that another program could read otherwise.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from icalendar import Calendar, Event

PRODUCT = "-//phoneline//roster//EN"
FETCH_AGAIN = timedelta(hours=1)


@dataclass(frozen=True)
class Entry:
    """One date; the same id whenever it is fetched, so that it moves in the calendar and isn't doubled."""

    id: str
    starts_at: datetime
    ends_at: datetime
    title: str


def write(name: str, entries: Sequence[Entry], now: datetime) -> bytes:
    """The whole calendar."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", FETCH_AGAIN, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    for entry in entries:
        event = Event()
        event.add("uid", f"{entry.id}@phoneline")
        event.add("dtstamp", now)
        event.add("dtstart", entry.starts_at)
        event.add("dtend", entry.ends_at)
        event.add("summary", entry.title)
        calendar.add_component(event)
    return bytes(calendar.to_ical())
