"""Whether a shift may be as somebody means it: what speaks against it, and how to mend that."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from phoneline import assignments, holidays, matching, recurrence, rosters, shift_refusals, shift_rules, shift_states
from phoneline.live_settings import LiveSettings
from phoneline.models import DutyHours, Person, Shift, ShiftHours
from phoneline.recurrence import Occurrence, RuleError, RuleFault
from phoneline.roster_states import Refusal
from phoneline.shift_faults import Fault, Problem, ShiftRefusedError
from phoneline.shift_rules import LONGEST
from phoneline.states import Duty, Role

MOST_LOOKED_AT = 400
"""So many dates are asked about. What breaks a limit does so early."""


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


def added(session: Session, draft: Draft) -> Shift:
    """A new shift as it is meant, without its dates yet."""
    shift = Shift(**asdict(draft))
    session.add(shift)
    session.flush()
    return shift


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
            raise ShiftRefusedError(Problem("change", why, at))


def _held(session: Session, person_id: str | None) -> Person | None:
    """Held, and those with them with whom they don't work together: none of them gets other hours meanwhile."""
    if person_id is None:
        return None
    assignments.hold_people(session, {person_id, *matching.apart_from(session, person_id)})
    return session.get(Person, person_id)


def _of_times(draft: Draft, zone: ZoneInfo) -> Iterator[Problem]:
    if draft.ends_local <= draft.starts_local:
        yield Problem("ends_local", Fault.BACKWARDS)
    elif draft.ends_local - draft.starts_local > LONGEST:
        yield Problem("ends_local", Fault.TOO_LONG)
    elif not draft.rrule and not _stretch(draft, zone):
        yield Problem("ends_local", Fault.SKIPPED)


def _stretch(draft: Draft, zone: ZoneInfo) -> bool:
    begins, ends = (recurrence.instant(one, zone) for one in (draft.starts_local, draft.ends_local))
    return begins < ends


def _of_rule(draft: Draft, zone: ZoneInfo) -> Iterator[Problem]:
    if not draft.rrule.strip():
        return
    if why := _why_no_rule(draft.rrule, draft.starts_local, zone):
        yield Problem("rrule", why)
    elif timedelta() < draft.ends_local - draft.starts_local <= LONGEST and shift_rules.meets_itself(
        draft.starts_local, draft.ends_local, draft.rrule, zone
    ):
        yield Problem("ends_local", Fault.MEETS_ITSELF)


def _why_no_rule(rrule: str, starts_local: datetime, zone: ZoneInfo) -> RuleFault | Fault | None:
    """What is wrong with the rule of a shift that starts so."""
    try:
        recurrence.check_rule(rrule, starts_local, zone)
    except RuleError as error:
        return error.why
    return Fault.TOO_OFTEN if shift_rules.comes_too_often(rrule, starts_local, zone) else None


def _of_person(draft: Draft, person: Person | None) -> Iterator[Problem]:
    if draft.duty is Duty.COORDINATOR:
        if draft.person_id is None:
            yield Problem("person_id", Fault.NOBODYS_DUTY)
        elif person is None or not person.has(Role.COORDINATOR):
            yield Problem("person_id", Fault.NO_COORDINATOR)
        if draft.shadow:
            yield Problem("shadow", Fault.DUTY_ALONE)
    elif draft.person_id is None and draft.shadow:
        yield Problem("person_id", Fault.NOBODY_SITS_IN)
    elif draft.person_id is not None and (person is None or not person.has(Role.VOLUNTEER)):
        yield Problem("person_id", Fault.NO_VOLUNTEER)
    elif person is not None and not person.ready and not draft.shadow:
        yield Problem("person_id", Fault.NOT_READY)


def _of_another(session: Session, draft: Draft, but_for: Shift | None) -> Iterator[Problem]:
    same = same_as(session, draft)
    if same is not None and same.ended_at is None and (but_for is None or same.id != but_for.id):
        yield Problem("starts_local", Fault.THERE_ALREADY)


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
        alone = draft.shadow and why is Refusal.NOT_READY
        yield Problem("person_id", Fault.SITS_IN_ALONE if alone else why, at)


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
