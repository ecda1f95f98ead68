"""Whether a shift may be as somebody means it: what speaks against it, and how to mend that."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from phoneline import assignments, holidays, matching, recurrence, rosters, shift_refusals, shift_rules, shift_states
from phoneline.live_settings import LiveSettings
from phoneline.models import DutyHours, Person, Shift, ShiftHours
from phoneline.recurrence import Occurrence, RuleError
from phoneline.roster_states import Refusal
from phoneline.states import Duty, Role

LONGEST = timedelta(days=31)
MOST_LOOKED_AT = 400
"""So many dates are asked about. What breaks a limit does so early."""
REFUSED: Mapping[Refusal, str] = {
    Refusal.PAST: "is over already",
    Refusal.FULL: "has somebody else",
    Refusal.CLASHES: "are on another shift then",
    Refusal.NOT_READY: "aren't ready to be rung yet; they may sit in",
    Refusal.HOURS_A_WEEK: "would be on for more hours in that week than agreed",
    Refusal.SHIFTS_A_WEEK: "would have more shifts in that week than agreed",
    Refusal.REST: "would have too little rest between two shifts",
    Refusal.DAY_OFF: "have that day off",
    Refusal.UNAVAILABLE: "said that they can't then",
    Refusal.APART: "would be on together with somebody they don't work with",
}


BACKWARDS = "must be later than the start; a shift past midnight ends the next day"
TOO_LONG = f"must be at most {LONGEST.days} days after the start; let it repeat instead"
SKIPPED = "lies in the hour that the clocks skip that night; choose a later end"
TOO_OFTEN = f"comes more than {shift_rules.MOST_A_DAY} times a day; write it like FREQ=WEEKLY;BYDAY=MO"
MEETS_ITSELF = "is after the next one has begun; choose an earlier end, or fewer days"
NOBODYS_DUTY = "is missing; a coordinator's duty is always somebody's"
NO_COORDINATOR = "is no coordinator; choose one of them"
DUTY_ALONE = "is for volunteers' shifts; a coordinator's duty is done by whoever has it"
NOBODY_SITS_IN = "is missing; say who sits in"
NO_VOLUNTEER = "is no volunteer; choose one of the team"
NOT_READY = "isn't ready to be rung yet; let them sit in, or say that they are ready"
THERE_ALREADY = "is that of another shift with the same person and rule; change that one instead"
ALONE = "can sit in only while they are learning, beside somebody who is ready"


@dataclass(frozen=True)
class Draft:
    """A shift as somebody means it, by the line's wall clock. Nobody's, without a person: open to be taken."""

    person_id: str | None
    starts_local: datetime
    ends_local: datetime
    rrule: str = ""
    tier: int = 1
    duty: Duty = Duty.CALLS
    shadow: bool = False


@dataclass(frozen=True)
class Problem:
    """What is wrong with one field of a draft, and how to mend it."""

    field: str
    reason: str
    why: Refusal | None = None
    """The limit that stands against one of its dates."""
    at: datetime | None = None
    """That date, by the line's wall clock."""


class ShiftRefusedError(Exception):
    """A shift can't be so. Nothing has changed, once the transaction is rolled back."""

    def __init__(self, *problems: Problem) -> None:
        self.problems = problems
        super().__init__("; ".join(f"{one.field}: {one.reason}" for one in problems))


@dataclass(frozen=True)
class Replaced:
    """Hours that the draft takes the place of, and days on which they stay another's, or off."""

    ids: Collection[str] = ()
    days: Collection[date] = field(default_factory=frozenset)


NOTHING = Replaced()


def draft_of(shift: Shift) -> Draft:
    """The shift as somebody meant it."""
    return Draft(
        person_id=shift.person_id,
        starts_local=shift.starts_local,
        ends_local=shift.ends_local,
        rrule=shift.rrule,
        tier=shift.tier,
        duty=shift.duty,
        shadow=shift.shadow,
    )


def problems(
    session: Session,
    draft: Draft,
    live: LiveSettings,
    now: datetime,
    but_for_shift: Shift | None = None,
    replaced: Replaced = NOTHING,
) -> Sequence[Problem]:
    """All that speaks against it. In a transaction that writes it holds the person's row until that ends.

    `but_for_shift`: the shift that it is a change of.
    """
    zone = live.home.zone
    person = _held(session, draft.person_id)
    found = [*_of_times(draft, zone), *_of_rule(draft, zone), *_of_person(draft, person)]
    if found:
        return found
    return [*_of_another(session, draft, but_for_shift), *_of_hours(session, draft, person, live, now, replaced)]


def must_hold(
    session: Session,
    draft: Draft,
    live: LiveSettings,
    now: datetime,
    but_for_shift: Shift | None = None,
    replaced: Replaced = NOTHING,
) -> None:
    """ShiftRefusedError if anything speaks against it."""
    found = problems(session, draft, live, now, but_for_shift, replaced)
    if found:
        raise ShiftRefusedError(*found)


def refused(
    session: Session, hours: ShiftHours, person_id: str | None, live: LiveSettings, now: datetime
) -> Refusal | None:
    """Why this person can't have these hours, which are laid out already."""
    person = _held(session, person_id)
    if person is None:
        return None
    times = hours.starts_at, hours.ends_at
    return shift_refusals.refusal(session, person, *times, live, now, {hours.id}, shadow=hours.shadow)


def still_can(session: Session, rows: Sequence[ShiftHours], live: LiveSettings, now: datetime) -> None:
    """ShiftRefusedError if one of these hours is somebody's who can't have them any more."""
    for row in rows:
        if why := refused(session, row, row.person_id, live, now):
            at = recurrence.wall(row.starts_at, live.home.zone)
            raise ShiftRefusedError(Problem("change", f"can't be undone: they {REFUSED[why]}, {on(at)}", why, at))


def on(at: datetime) -> str:
    return f"on {at:%A} {at.day} {at:%B} at {at:%H:%M}"


def _held(session: Session, person_id: str | None) -> Person | None:
    """Held, and those with them with whom they don't work together: none of them gets other hours meanwhile."""
    if person_id is None:
        return None
    assignments.hold_people(session, {person_id, *matching.apart_from(session, person_id)})
    return session.get(Person, person_id)


def _of_times(draft: Draft, zone: ZoneInfo) -> Iterator[Problem]:
    if draft.ends_local <= draft.starts_local:
        yield Problem("ends_local", BACKWARDS)
    elif draft.ends_local - draft.starts_local > LONGEST:
        yield Problem("ends_local", TOO_LONG)
    elif not draft.rrule and not _stretch(draft, zone):
        yield Problem("ends_local", SKIPPED)


def _stretch(draft: Draft, zone: ZoneInfo) -> bool:
    begins, ends = (recurrence.instant(one, zone) for one in (draft.starts_local, draft.ends_local))
    return begins < ends


def _of_rule(draft: Draft, zone: ZoneInfo) -> Iterator[Problem]:
    if not draft.rrule.strip():
        return
    if reason := rule_problem(draft.rrule, draft.starts_local, zone):
        yield Problem("rrule", reason)
    elif timedelta() < draft.ends_local - draft.starts_local <= LONGEST and shift_rules.meets_itself(
        draft.starts_local, draft.ends_local, draft.rrule, zone
    ):
        yield Problem("ends_local", MEETS_ITSELF)


def rule_problem(rrule: str, starts_local: datetime, zone: ZoneInfo) -> str:
    """What is wrong with the rule of a shift that starts so; empty if nothing is."""
    try:
        recurrence.check_rule(rrule, starts_local, zone)
    except RuleError as error:
        return f"{error}; write it like FREQ=WEEKLY;BYDAY=MO"
    if shift_rules.comes_too_often(rrule, starts_local, zone):
        return TOO_OFTEN
    return ""


def _of_person(draft: Draft, person: Person | None) -> Iterator[Problem]:
    if draft.duty is Duty.COORDINATOR:
        if draft.person_id is None:
            yield Problem("person_id", NOBODYS_DUTY)
        elif person is None or not person.has(Role.COORDINATOR):
            yield Problem("person_id", NO_COORDINATOR)
        if draft.shadow:
            yield Problem("shadow", DUTY_ALONE)
    elif draft.person_id is None and draft.shadow:
        yield Problem("person_id", NOBODY_SITS_IN)
    elif draft.person_id is not None and (person is None or not person.has(Role.VOLUNTEER)):
        yield Problem("person_id", NO_VOLUNTEER)
    elif person is not None and not person.ready and not draft.shadow:
        yield Problem("person_id", NOT_READY)


def _of_another(session: Session, draft: Draft, but_for: Shift | None) -> Iterator[Problem]:
    same = same_as(session, draft)
    if same is not None and same.ended_at is None and (but_for is None or same.id != but_for.id):
        yield Problem("starts_local", THERE_ALREADY)


def same_as(session: Session, draft: Draft) -> Shift | None:
    """The shift that the draft can't be told from, also one that has ended."""
    alike = {"starts_local": draft.starts_local, "rrule": draft.rrule, "tier": draft.tier, "duty": draft.duty}
    return session.scalars(select(Shift).filter_by(person_id=draft.person_id, **alike)).one_or_none()


# Date by date


def _of_hours(
    session: Session, draft: Draft, person: Person | None, live: LiveSettings, now: datetime, replaced: Replaced
) -> Iterator[Problem]:
    """The first date on which the person can't, if there is one."""
    dates = _dates(session, draft, live.home.zone, now, replaced)
    if person is None or not dates:
        return
    if draft.duty is Duty.COORDINATOR:
        at = _first_clash(session, draft, dates, replaced)
        why = Refusal.CLASHES if at else None
    else:
        at, why = _first_refused(session, draft, dates, live, now, replaced)
    if at is not None and why is not None:
        words = ALONE if draft.shadow and why is Refusal.NOT_READY else REFUSED[why]
        yield Problem("person_id", f"{words}, {on(at)}", why, at)


def _dates(session: Session, draft: Draft, zone: ZoneInfo, now: datetime, replaced: Replaced) -> Sequence[Occurrence]:
    until = now + rosters.AHEAD
    if not draft.rrule.strip():
        until = max(until, recurrence.instant(draft.ends_local, zone))
    dates = recurrence.occurrences(draft.starts_local, draft.ends_local, draft.rrule, zone, now, until)
    without = set(replaced.days)
    if draft.rrule.strip() and draft.duty is Duty.CALLS:
        without |= holidays.days(session)
    return [one for one in dates if one.local.date() not in without][:MOST_LOOKED_AT]


def _first_clash(session: Session, draft: Draft, dates: Sequence[Occurrence], replaced: Replaced) -> datetime | None:
    """The first date that meets other duty of the same coordinator."""
    for one in dates:
        meets = select(DutyHours.id).where(
            DutyHours.person_id == draft.person_id,
            DutyHours.starts_at < one.ends_at,
            DutyHours.ends_at > one.starts_at,
            DutyHours.ends_at > DutyHours.starts_at,
            DutyHours.id.not_in(replaced.ids),
        )
        if session.scalars(meets.limit(1)).first() is not None:
            return one.local
    return None


def _first_refused(
    session: Session, draft: Draft, dates: Sequence[Occurrence], live: LiveSettings, now: datetime, replaced: Replaced
) -> tuple[datetime | None, Refusal | None]:
    """Each date beside all others of the draft: so what they come to in a week counts."""
    spans = {f"date {place}": (one.starts_at, one.ends_at) for place, one in enumerate(dates)}
    around = (dates[0].starts_at, max(one.ends_at for one in dates))
    who = shift_refusals.standing(session, draft.person_id or "", around, live)
    who = replace(who, held={**who.held, **spans})
    for one, (name, span) in zip(dates, spans.items(), strict=True):
        but_for = {name, *replaced.ids}
        why = shift_states.why_not(who, span, live.home.zone, now, but_for, shadow=draft.shadow)
        if why is not None:
            return one.local, why
    return None, None
