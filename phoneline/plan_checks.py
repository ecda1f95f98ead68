"""Whether a plan may be made as it is meant: what is wrong with it, and how to mend that."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from phoneline import countries, matching, recurrence
from phoneline.live_settings import LiveSettings
from phoneline.models import Person
from phoneline.people import has_consent, refuses_volunteers, withdrew_by_own_act, zone_of
from phoneline.quiet_hours import window
from phoneline.recurrence import RuleError
from phoneline.states import PlanKind, PlanVoicemail, Purpose, Role

MOST_ATTEMPTS = 10
LONGEST_RETRY_SECONDS = 24 * 3600
RING_SECONDS = range(5, 601)
"""The carrier lets nothing ring longer."""
LONGEST_TOPICS = 200
_EXTENSION = re.compile(r"[0-9*#w]{1,30}")


@dataclass(frozen=True)
class Draft:
    """A plan as somebody means it. What is None is as the line's settings, or the person, say."""

    starts_local: datetime
    rrule: str = ""
    kind: PlanKind = PlanKind.AUTOMATED
    purpose: Purpose = Purpose.SOCIAL
    volunteer_id: str | None = None
    escalate_to: str | None = None
    topics: str | None = None
    attempts: int | None = None
    retry_seconds: int | None = None
    ring_seconds: int | None = None
    second_on_retry: bool = True
    extension: str | None = None
    voicemail: PlanVoicemail | None = None
    discreet: bool = False
    quiet: str | None = None
    ends_local: datetime | None = None


@dataclass(frozen=True)
class Problem:
    """What is wrong with one field of a draft, `person` for the peer themselves, and how to mend it."""

    field: str
    reason: str


def problems(session: Session, person: Person, draft: Draft, live: LiveSettings) -> Sequence[Problem]:
    """All that speaks against making this plan for this person. Times may lie in the past: see `is_over`."""
    return [
        *_of_person(session, person, draft, live),
        *_of_times(draft, zone_of(person, live.home.zone)),
        *_of_volunteer(session, person, draft),
        *_of_contact(person, draft, live),
        *_of_calls(draft),
    ]


def is_over(draft: Draft, zone: ZoneInfo, now: datetime) -> bool:
    """Whether the plan has no call to come. For rules without a problem."""
    return next_due(draft, zone, now) is None


def next_due(draft: Draft, zone: ZoneInfo, now: datetime) -> datetime | None:
    """When its first call after `now` is due."""
    ends_at = recurrence.instant(draft.ends_local, zone) if draft.ends_local else None
    for start in recurrence.local_starts(draft.starts_local, draft.rrule, zone, now):
        at = recurrence.instant(start, zone)
        if ends_at is not None and at >= ends_at:
            return None
        if at > now:
            return at
    return None


def _of_person(session: Session, person: Person, draft: Draft, live: LiveSettings) -> Iterator[Problem]:
    if not person.numbers:
        yield Problem("person", "has no telephone number; give them one first")
    for number in person.numbers:
        if reason := countries.reason_not_to_ring(number.number, live.countries, live.home.number):
            yield Problem("person", f"can't be called: their number {reason}")
    if draft.kind is PlanKind.AUTOMATED and not has_consent(session, person.id):
        if withdrew_by_own_act(session, person.id):
            yield Problem(
                "kind", "they have stopped automated calls themselves; it takes their own word to have them again"
            )
        else:
            yield Problem("kind", "they haven't agreed to automated calls; ask them and record their consent first")
    if draft.kind is PlanKind.VOLUNTEER and refuses_volunteers(session, person.id):
        yield Problem("kind", "they have stopped calls by volunteers themselves; it takes their own word to have them")


def _of_times(draft: Draft, zone: ZoneInfo) -> Iterator[Problem]:
    first: datetime | None = draft.starts_local
    if draft.rrule.strip():
        try:
            first = recurrence.first_start(draft.rrule, draft.starts_local, zone)
            if first is None:
                yield Problem("rrule", "the rule never comes about; write it like FREQ=WEEKLY;BYDAY=MO")
        except RuleError as error:
            yield Problem("rrule", f"{error}; write it like FREQ=WEEKLY;BYDAY=MO")
    if draft.ends_local is not None and draft.ends_local <= draft.starts_local:
        yield Problem("ends_local", "must be later than the start")
    elif draft.ends_local is not None and first is not None and draft.ends_local <= first:
        yield Problem("ends_local", f"is before the first call, {first:%Y-%m-%d %H:%M}; choose a later end")


def _of_volunteer(session: Session, person: Person, draft: Draft) -> Iterator[Problem]:
    if draft.volunteer_id is None:
        return
    volunteer = session.get(Person, draft.volunteer_id)
    if volunteer is None or not volunteer.has(Role.VOLUNTEER):
        yield Problem("volunteer_id", "is no volunteer; choose one of the team")
    elif volunteer.id == person.id:
        yield Problem("volunteer_id", "is the person themselves; choose somebody else")
    elif draft.volunteer_id in session.scalars(matching.apart(person.id)).all():
        yield Problem("volunteer_id", "is kept apart from them; choose somebody else")


def _of_contact(person: Person, draft: Draft, live: LiveSettings) -> Iterator[Problem]:
    if draft.escalate_to is None:
        return
    if reason := countries.reason_not_to_ring(draft.escalate_to, live.countries, live.home.number):
        yield Problem("escalate_to", reason)
    if draft.escalate_to in {number.number for number in person.numbers}:
        yield Problem("escalate_to", "is their own number; give the number of whoever is to be told")


def _of_calls(draft: Draft) -> Iterator[Problem]:
    if draft.attempts is not None and not 1 <= draft.attempts <= MOST_ATTEMPTS:
        yield Problem("attempts", f"must be a whole number from 1 to {MOST_ATTEMPTS}")
    if draft.retry_seconds is not None and not 0 <= draft.retry_seconds <= LONGEST_RETRY_SECONDS:
        yield Problem("retry_seconds", f"must be from 0 to {LONGEST_RETRY_SECONDS} seconds, that is 24 hours")
    if draft.ring_seconds is not None and draft.ring_seconds not in RING_SECONDS:
        yield Problem("ring_seconds", f"must be from {RING_SECONDS[0]} to {RING_SECONDS[-1]} seconds")
    if draft.extension is not None and not _EXTENSION.fullmatch(draft.extension):
        yield Problem("extension", "must be up to 30 keys: digits, *, # and w to wait half a second")
    if draft.topics is not None and len(draft.topics) > LONGEST_TOPICS:
        yield Problem("topics", f"must be at most {LONGEST_TOPICS} characters; they are read aloud")
    if draft.quiet is not None:
        try:
            window(draft.quiet)
        except ValueError as error:
            yield Problem("quiet", str(error))
