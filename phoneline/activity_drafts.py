"""An activity as it is meant, and what speaks against it. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from phoneline import recurrence, shift_rules
from phoneline.activity_states import ActivityKind
from phoneline.recurrence import RuleError

MOST_PLACES = 10_000
LONGEST = timedelta(days=7)


class Fault(StrEnum):
    """What speaks against an act about the programme."""

    NO_TITLE = "no_title"
    LENGTH = "length"
    """It ends before it begins, or lasts for more than a week."""
    RULE = "rule"
    MEETS_ITSELF = "meets_itself"
    SHOWN = "shown"
    """The last day on which callers hear of it is before the first."""
    PLACES = "places"
    OVER = "over"
    NO_DATE = "no_date"
    NOT_HERE = "not_here"
    CHANGED_SINCE = "changed_since"


class ActivityRefusedError(Exception):
    """It can't be so. Nothing has changed, once the transaction is rolled back."""

    def __init__(self, *faults: Fault) -> None:
        self.faults = faults
        super().__init__(*faults)


@dataclass(frozen=True)
class Words:
    """What it is called in one language, and where or how."""

    title: str
    place: str | None = None


@dataclass(frozen=True)
class Draft:
    """An activity as it is meant."""

    starts_local: datetime
    ends_local: datetime
    words: Mapping[str, Words]
    rrule: str = ""
    kind: ActivityKind = ActivityKind.PHONE
    held_in: Sequence[str] = ()
    interests: Sequence[str] = ()
    places: int | None = None
    by_key: bool = True
    shown_from: date | None = None
    shown_until: date | None = None


def must_hold(draft: Draft, zone: ZoneInfo) -> None:
    faults = tuple(_faults(draft, zone))
    if faults:
        raise ActivityRefusedError(*faults)


def _faults(draft: Draft, zone: ZoneInfo) -> Iterator[Fault]:
    if not draft.words:
        yield Fault.NO_TITLE
    if not timedelta() < draft.ends_local - draft.starts_local <= LONGEST:
        yield Fault.LENGTH
    elif draft.rrule and not _is_rule(draft, zone):
        yield Fault.RULE
    elif draft.rrule and shift_rules.meets_itself(draft.starts_local, draft.ends_local, draft.rrule, zone):
        yield Fault.MEETS_ITSELF
    if draft.shown_from and draft.shown_until and draft.shown_from > draft.shown_until:
        yield Fault.SHOWN
    if draft.places is not None and not 0 < draft.places <= MOST_PLACES:
        yield Fault.PLACES


def _is_rule(draft: Draft, zone: ZoneInfo) -> bool:
    try:
        recurrence.check_rule(draft.rrule, draft.starts_local, zone)
    except RuleError:
        return False
    return not shift_rules.comes_too_often(draft.rrule, draft.starts_local, zone)
