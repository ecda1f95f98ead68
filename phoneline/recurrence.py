"""From a rule in somebody's wall-clock time to instants. Pure: rule, zone and range are arguments.

Rules are RFC 5545 RRULEs whose DTSTART is a wall-clock time without offset. A time that the clocks skip is moved by the
length of the gap; one that they repeat is its first occurrence. Ends and starts are turned into instants by the same
function, so two shifts that meet on the clock meet in time.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from dateutil.rrule import rrule, rruleset, rrulestr

_UNTIL_UTC = re.compile(r"UNTIL=(\d{8}T\d{6})Z", re.IGNORECASE)
_TOO_OFTEN = re.compile(r"FREQ=(SECONDLY|MINUTELY)", re.IGNORECASE)
_MOST = 10_000


class RuleError(ValueError):
    """The text is no rule that we can follow; the message says why."""


def instant(local: datetime, zone: ZoneInfo) -> datetime:
    """The UTC instant of a wall-clock time in `zone`."""
    return local.replace(tzinfo=zone, fold=0).astimezone(UTC)


def wall(at: datetime, zone: ZoneInfo) -> datetime:
    """The wall-clock time of an instant in `zone`, without offset."""
    return at.astimezone(zone).replace(tzinfo=None)


def day_around(at: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The local day of an instant in `zone`, as the half-open stretch between two midnights."""
    midnight = wall(at, zone).replace(hour=0, minute=0, second=0, microsecond=0)
    return instant(midnight, zone), instant(midnight + timedelta(days=1), zone)


def check_rule(text: str, starts_local: datetime, zone: ZoneInfo) -> None:
    """RuleError if the rule can't be read, fires more often than hourly, or never fires."""
    if next(iter(_rule(text, starts_local, zone)), None) is None:
        message = "the rule never comes about"
        raise RuleError(message)


def _rule(text: str, starts_local: datetime, zone: ZoneInfo) -> rrule | rruleset:
    if _TOO_OFTEN.search(text):
        message = "FREQ must be HOURLY or slower"
        raise RuleError(message)
    if "DTSTART" in text.upper():
        message = "leave DTSTART out: starts_at takes its place"
        raise RuleError(message)

    def in_zone(found: re.Match[str]) -> str:
        until = datetime.strptime(found[1], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
        return f"UNTIL={wall(until, zone):%Y%m%dT%H%M%S}"

    try:
        return rrulestr(_UNTIL_UTC.sub(in_zone, text.strip()), dtstart=starts_local, cache=False)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        message = f"not an RFC 5545 rule: {error}"
        raise RuleError(message) from error


def local_starts(starts_local: datetime, text: str, zone: ZoneInfo) -> Iterator[datetime]:
    """Every wall-clock start in order; just `starts_local` when there is no rule. Long rules end after 10,000."""
    if not text.strip():
        yield starts_local
        return
    for count, start in enumerate(_rule(text, starts_local, zone)):
        if count >= _MOST:
            return
        yield start


def due_instants(starts_local: datetime, text: str, zone: ZoneInfo, since: datetime, until: datetime) -> list[datetime]:
    """The instants in [since, until), ascending and each once."""
    found: dict[datetime, None] = {}
    last = wall(until, zone) + timedelta(days=1)
    for start in local_starts(starts_local, text, zone):
        if start > last:
            break
        at = instant(start, zone)
        if since <= at < until:
            found[at] = None
    return sorted(found)


def spans(
    starts_local: datetime, ends_local: datetime, text: str, zone: ZoneInfo, since: datetime, until: datetime
) -> list[tuple[datetime, datetime]]:
    """The half-open stretches that start before `until` and end after `since`. Lengths are of the wall clock."""
    length = ends_local - starts_local
    found = []
    last = wall(until, zone) + timedelta(days=1)
    for start in local_starts(starts_local, text, zone):
        if start > last:
            break
        begins, ends = instant(start, zone), instant(start + length, zone)
        if begins < until and ends > since and begins < ends:
            found.append((begins, ends))
    return found
