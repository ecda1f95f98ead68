"""What the contact log is narrowed to, as it stands in its address: days, kinds and states, never a person. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import TypeVar
from zoneinfo import ZoneInfo

from dashboard import typed
from dashboard.tongue import N_
from dashboard.tongue import gettext as _
from phoneline.recurrence import instant
from phoneline.states import ContactKind, ContactOutcome, FollowUp

OPEN = "open"
"""Follow-ups wanted or urgent."""
WRONG_ORDER = N_("The last day is before the first.")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Word = TypeVar("Word", bound=StrEnum)


@dataclass(frozen=True)
class Cursor:
    """Where a page ends: the next one begins just below."""

    at: datetime
    id: str

    def __str__(self) -> str:
        return f"{(self.at - _EPOCH) // timedelta(microseconds=1)}.{self.id}"

    @classmethod
    def read(cls, text: str) -> "Cursor | None":
        """None for whatever no page of ours has written."""
        micros, _, contact_id = text.partition(".")
        number = micros.isascii() and micros.isdecimal() and len(micros) <= 16  # noqa: PLR2004 - digits of the year 2286
        if not number or not contact_id or not contact_id.isprintable():
            return None
        return cls(_EPOCH + timedelta(microseconds=int(micros)), contact_id)


@dataclass(frozen=True)
class Filters:
    """What was asked for, as typed, and what of it was understood."""

    since_text: str = ""
    until_text: str = ""
    since: date | None = None
    until: date | None = None
    kind: ContactKind | None = None
    outcome: ContactOutcome | None = None
    follow_up: str = ""
    problem: str = ""

    def bounds(self, zone: ZoneInfo) -> tuple[datetime | None, datetime | None]:
        """The days as instants, half-open; the last day is included."""
        since = _midnight(self.since, zone) if self.since else None
        return since, _midnight(self.until + timedelta(days=1), zone) if self.until else None

    def query(self) -> dict[str, str]:
        """The same filters as an address's query; what narrows nothing is left out."""
        words = {
            "from": self.since_text,
            "to": self.until_text,
            "kind": self.kind or "",
            "outcome": self.outcome or "",
            "follow_up": self.follow_up,
        }
        return {key: str(value) for key, value in words.items() if value}


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return instant(datetime.combine(day, time()), zone)


def read(query: Mapping[str, str]) -> Filters:
    """The filters of an address. A word that doesn't exist narrows nothing, a day that can't be read says so."""
    since_text, until_text = (query.get(key, "").strip()[:20] for key in ("from", "to"))
    since, until = typed.any_day(since_text), typed.any_day(until_text)
    problem = _(typed.NO_DAY) if (since_text and not since) or (until_text and not until) else ""
    if since and until and until < since:
        problem = _(WRONG_ORDER)
    follow_up = query.get("follow_up", "")
    return Filters(
        since_text=since_text,
        until_text=until_text,
        since=since,
        until=until,
        kind=_word(ContactKind, query.get("kind", "")),
        outcome=_word(ContactOutcome, query.get("outcome", "")),
        follow_up=follow_up if follow_up == OPEN or _word(FollowUp, follow_up) else "",
        problem=problem,
    )


def _word(words: type[Word], text: str) -> Word | None:
    return words(text) if text in {word.value for word in words} else None
