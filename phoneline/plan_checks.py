"""Whether a plan may be made as it is meant: what is wrong with it, and how to mend that."""

import dataclasses
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from phoneline import countries, matching, quiet_hours, recurrence
from phoneline.countries import WhyNot
from phoneline.live_settings import LiveSettings
from phoneline.models import Person
from phoneline.people import has_consent, refuses_volunteers, withdrew_by_own_act, zone_of
from phoneline.recurrence import RuleError, RuleFault
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


class Fault(Enum):
    """A reason by its words, as a command says them behind the field's name; in the gaps stand a problem's values."""

    NO_NUMBER = "has no telephone number; give them one first"
    STOPPED = "they have stopped automated calls themselves; it takes their own word to have them again"
    NOT_AGREED = "they haven't agreed to automated calls; ask them and record their consent first"
    STOPPED_VOLUNTEERS = "they have stopped calls by volunteers themselves; it takes their own word to have them"
    BACKWARDS = "must be later than the start"
    BEFORE_THE_FIRST = "is before the first call, %(first)s; choose a later end"
    NO_VOLUNTEER = "is no volunteer; choose one of the team"
    THEMSELVES = "is the person themselves; choose somebody else"
    APART = "is kept apart from them; choose somebody else"
    OWN_NUMBER = "is their own number; give the number of whoever is to be told"
    ATTEMPTS = "must be a whole number from %(least)s to %(most)s"
    RETRY = "must be from %(least)s to %(most)s seconds, that is 24 hours"
    RING = "must be from %(least)s to %(most)s seconds"
    EXTENSION = "must be up to 30 keys: digits, *, # and w to wait half a second"
    TOPICS = "must be at most %(most)s characters; they are read aloud"
    QUIET = quiet_hours.WANTED


Reason = Fault | RuleFault | WhyNot


@dataclass(frozen=True)
class Problem:
    """What is wrong with one field of a draft, `person` for the peer themselves, and how to mend it."""

    field: str
    why: Reason
    values: Mapping[str, object] = dataclasses.field(default_factory=dict)

    @property
    def reason(self) -> str:
        said = self.why.value % self.values
        of_person = self.field == "person" and isinstance(self.why, WhyNot)
        return f"can't be called: their number {said}" if of_person else said


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
        yield Problem("person", Fault.NO_NUMBER)
    for number in person.numbers:
        yield from _of_number("person", number.number, live)
    if draft.kind is PlanKind.AUTOMATED and not has_consent(session, person.id):
        if withdrew_by_own_act(session, person.id):
            yield Problem("kind", Fault.STOPPED)
        else:
            yield Problem("kind", Fault.NOT_AGREED)
    if draft.kind is PlanKind.VOLUNTEER and refuses_volunteers(session, person.id):
        yield Problem("kind", Fault.STOPPED_VOLUNTEERS)


def _of_times(draft: Draft, zone: ZoneInfo) -> Iterator[Problem]:
    first: datetime | None = draft.starts_local
    if draft.rrule.strip():
        try:
            first = recurrence.first_start(draft.rrule, draft.starts_local, zone)
            if first is None:
                yield Problem("rrule", RuleFault.NEVER)
        except RuleError as error:
            yield Problem("rrule", error.why)
    if draft.ends_local is not None and draft.ends_local <= draft.starts_local:
        yield Problem("ends_local", Fault.BACKWARDS)
    elif draft.ends_local is not None and first is not None and draft.ends_local <= first:
        yield Problem("ends_local", Fault.BEFORE_THE_FIRST, {"first": f"{first:%Y-%m-%d %H:%M}"})


def _of_volunteer(session: Session, person: Person, draft: Draft) -> Iterator[Problem]:
    if draft.volunteer_id is None:
        return
    volunteer = session.get(Person, draft.volunteer_id)
    if volunteer is None or not volunteer.has(Role.VOLUNTEER):
        yield Problem("volunteer_id", Fault.NO_VOLUNTEER)
    elif volunteer.id == person.id:
        yield Problem("volunteer_id", Fault.THEMSELVES)
    elif draft.volunteer_id in session.scalars(matching.apart(person.id)).all():
        yield Problem("volunteer_id", Fault.APART)


def _of_contact(person: Person, draft: Draft, live: LiveSettings) -> Iterator[Problem]:
    if draft.escalate_to is None:
        return
    yield from _of_number("escalate_to", draft.escalate_to, live)
    if draft.escalate_to in {number.number for number in person.numbers}:
        yield Problem("escalate_to", Fault.OWN_NUMBER)


def _of_number(field: str, number: str, live: LiveSettings) -> Iterator[Problem]:
    if why := countries.why_not_ring(number, live.countries, live.home.number):
        yield Problem(field, why, countries.values(number, live.countries))


def _of_calls(draft: Draft) -> Iterator[Problem]:
    if draft.attempts is not None and not 1 <= draft.attempts <= MOST_ATTEMPTS:
        yield Problem("attempts", Fault.ATTEMPTS, {"least": 1, "most": MOST_ATTEMPTS})
    if draft.retry_seconds is not None and not 0 <= draft.retry_seconds <= LONGEST_RETRY_SECONDS:
        yield Problem("retry_seconds", Fault.RETRY, {"least": 0, "most": LONGEST_RETRY_SECONDS})
    if draft.ring_seconds is not None and draft.ring_seconds not in RING_SECONDS:
        yield Problem("ring_seconds", Fault.RING, {"least": RING_SECONDS[0], "most": RING_SECONDS[-1]})
    if draft.extension is not None and not _EXTENSION.fullmatch(draft.extension):
        yield Problem("extension", Fault.EXTENSION)
    if draft.topics is not None and len(draft.topics) > LONGEST_TOPICS:
        yield Problem("topics", Fault.TOPICS, {"most": LONGEST_TOPICS})
    if draft.quiet is not None:
        try:
            quiet_hours.window(draft.quiet)
        except ValueError:
            yield Problem("quiet", Fault.QUIET)
