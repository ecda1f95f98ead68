"""Shifts made, changed, cancelled, and all of that undone: one date, from a date on, or all that is to come.

Hours that have begun never change, but for the end of those under way. Each act notes itself in the log of the roster,
and whoever loses or gets hours by somebody else's act is told. What speaks against an act is raised; then nothing of it
holds, once the transaction is rolled back.
"""

from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy import or_, select, true
from sqlalchemy.orm import Session

from phoneline import assignments, roster_changes, shift_checks, shift_dates, shift_notices, shift_rows, shift_rules
from phoneline.live_settings import LiveSettings
from phoneline.models import RosterChange, Shift
from phoneline.recurrence import instant, wall
from phoneline.roster_changes import By, Whose
from phoneline.roster_states import RosterAct
from phoneline.shift_checks import Draft, draft_of, same_as
from phoneline.shift_faults import Fault, Problem, ShiftRefusedError

_CHANGES = frozenset(
    {RosterAct.MADE, RosterAct.CHANGED, RosterAct.ENDED, RosterAct.TAKEN, RosterAct.GIVEN, RosterAct.SWAPPED}
)


class Which(StrEnum):
    """How much of a shift is meant."""

    ONE = "one"
    FROM_HERE = "from_here"
    ALL = "all"
    """All that is to come."""


def make(session: Session, draft: Draft, by: By, live: LiveSettings, now: datetime) -> Shift:
    """A shift, laid out. One that was the same and has ended is taken up again."""
    shift_checks.must_hold(session, draft, live, now)
    shift, was = _standing(session, draft, now)
    before = {"shifts": [was], "hours": []}
    shift_rows.lay_out(session, shift, live.home.zone, now)
    noted = roster_changes.note(session, RosterAct.MADE, by, now, shift, Whose(None, shift.person_id), before)
    if shift_rows.to_come(session, shift, now):
        shift_notices.tell(session, before, noted, live, now)
    else:
        shift_notices.tell_of(session, [], _first(shift, live, now), noted, live, now)
    return shift


def _first(shift: Shift, live: LiveSettings, now: datetime) -> list[shift_rows.Written]:
    """The first date of a shift that is under way, or begins beyond what is laid out."""
    zone = live.home.zone
    length = shift.ends_local - shift.starts_local
    local = shift_rules.next_date(shift.rrule, shift.starts_local, zone, wall(now, zone) - length)
    if local is None:
        return []
    _, starts_at, ends_at = shift_rules.planned(shift.starts_local, shift.ends_local, local, zone)
    hours = {"starts_at": starts_at.isoformat(), "ends_at": ends_at.isoformat()}
    return [{"person_id": shift.person_id, "off": False, **hours}] if ends_at > now else []


def change(  # noqa: PLR0913, PLR0917 - what, how much of it, what is meant, and the same three that every act is told
    session: Session,
    shift: Shift,
    occurs_local: datetime,
    which: Which,
    draft: Draft,
    by: By,
    live: LiveSettings,
    now: datetime,
) -> Shift:
    """The shift as it is meant from now on: itself, or another in its place, as it says or from one of its dates on.

    `occurs_local`: the date that is changed. For one date the draft's rule doesn't count.
    """
    shift = _held(session, shift, draft.person_id)
    which = meant(shift, occurs_local, which, live, now)
    if which is Which.ONE:
        return shift_dates.change(session, shift, occurs_local, draft, by, live, now)
    since = occurs_local if which is Which.FROM_HERE else None
    if draft == as_it_is(shift, since):
        return shift
    if since is not None and draft.rrule == shift.rrule:
        rest = shift_rules.rest_of(shift.rrule, shift.starts_local, live.home.zone, since)
        draft = replace(draft, rrule=rest)
    replaced = shift_rows.replaced_by(session, shift, now, since)
    shift_checks.must_hold(session, draft, live, now, shift, replaced)
    before = shift_rows.picture(session, [shift], now)
    shift_rows.goes_along(session, shift, occurs_local, live.home.zone, now)
    was_whose = shift.person_id
    after, others = _instead(session, shift, since, draft, live, now)
    before["shifts"] += others
    shift_rows.let_go(session, after, before["hours"], live, now)
    whose = Whose(was_whose, after.person_id)
    noted = roster_changes.note(session, RosterAct.CHANGED, by, now, after, whose, before)
    shift_notices.tell(session, before, noted, live, now)
    return after


def cancel(
    session: Session, shift: Shift, occurs_local: datetime, which: Which, by: By, live: LiveSettings, now: datetime
) -> None:
    """It doesn't take place: on one date, from it on, or at all any more."""
    shift = _held(session, shift)
    which = meant(shift, occurs_local, which, live, now)
    if which is Which.ONE:
        shift_dates.cancel(session, shift, occurs_local, by, live, now)
        return
    before = shift_rows.picture(session, [shift], now)
    since = occurs_local if which is Which.FROM_HERE else None
    for hours in shift_rows.to_come(session, shift, now, since):
        session.delete(hours)
    _cut(shift, since, now)
    session.flush()
    whose = Whose(shift.person_id, None)
    noted = roster_changes.note(session, RosterAct.ENDED, by, now, shift, whose, before)
    shift_notices.tell(session, before, noted, live, now)


def undo(session: Session, change_id: str, by: By, live: LiveSettings, now: datetime) -> RosterChange:
    """What was made, changed or cancelled is as it was before, but for hours that have begun meanwhile."""
    done = _held_change(session, change_id)
    if done is None or done.before is None or "shifts" not in done.before:
        raise ShiftRefusedError(Problem("change", Fault.NOT_HERE))
    if done.undone_at is not None:
        return done
    ids = [one["id"] for one in done.before["shifts"]]
    shifts = session.scalars(select(Shift).where(Shift.id.in_(ids)).order_by(Shift.id).with_for_update(of=Shift)).all()
    if not shifts or _is_changed_since(session, done, ids):
        raise ShiftRefusedError(Problem("change", Fault.CHANGED_SINCE if shifts else Fault.NOT_HERE))
    before = shift_rows.picture(session, shifts, now)
    shift_rows.bring_back(session, done.before, live.home.zone, now)
    shift_checks.still_can(session, shift_rows.moved(session, shifts, before["hours"], now), live, now)
    done.undone_at = now
    noted = roster_changes.note(session, RosterAct.UNDONE, by, now, shifts[0], Whose(done.to_id, done.from_id))
    shift_notices.tell(session, before, noted, live, now)
    return done


def _held_change(session: Session, change_id: str) -> RosterChange | None:
    """The people first whose hours it was about: so is the order in which all hold them."""
    one = select(RosterChange).where(RosterChange.id == change_id)
    found = session.scalars(one).one_or_none()
    if found is None:
        return None
    hours = (found.before or {}).get("hours", ())
    people = {found.from_id, found.to_id, *(each["person_id"] for each in hours)}
    assignments.hold_people(session, people - {None})
    held = one.with_for_update(of=RosterChange, key_share=True)
    return session.scalars(held.execution_options(populate_existing=True)).one()


def _is_changed_since(session: Session, done: RosterChange, ids: list[str]) -> bool:
    of_one = bool((done.before or {}).get("only"))
    about_it = or_(RosterChange.hours_id.is_(None), RosterChange.hours_id == done.hours_id) if of_one else true()
    later = select(RosterChange.id).where(
        RosterChange.shift_id.in_(ids),
        about_it,
        RosterChange.at > done.at,
        RosterChange.act.in_(_CHANGES),
        RosterChange.undone_at.is_(None),
    )
    return session.scalars(later.limit(1)).first() is not None


# What is meant


def _held(session: Session, shift: Shift, *people: str | None) -> Shift:
    """The shift's row, held and read afresh; the people first whose hours may change with it."""
    assignments.hold_people(session, {one for one in (shift.person_id, *people) if one})
    one = select(Shift).where(Shift.id == shift.id).with_for_update(of=Shift, key_share=True)
    return session.scalars(one.execution_options(populate_existing=True)).one()


def has_date(shift: Shift, occurs_local: datetime, live: LiveSettings) -> bool:
    """Whether the shift has this date, even where it doesn't take place."""
    if shift.ended_at is not None or (shift.until_local is not None and occurs_local >= shift.until_local):
        return False
    zone = live.home.zone
    return shift_rules.next_date(shift.rrule, shift.starts_local, zone, occurs_local) == occurs_local


def meant(shift: Shift, occurs_local: datetime, which: Which, live: LiveSettings, now: datetime) -> Which:
    """How much that comes to. What takes place once is all there is, and from the first date on it is all."""
    if not has_date(shift, occurs_local, live):
        raise ShiftRefusedError(Problem("occurs_local", Fault.NO_DATE))
    zone = live.home.zone
    if instant(occurs_local, zone) <= now:
        if which is Which.FROM_HERE:
            raise ShiftRefusedError(Problem("occurs_local", Fault.OVER_OR_BEGUN))
        return which if shift.rrule else Which.ONE
    if not shift.rrule:
        return Which.ALL
    has_earlier = shift_rules.has_date_before(shift.rrule, shift.starts_local, zone, occurs_local)
    return Which.ALL if which is Which.FROM_HERE and not has_earlier else which


def as_it_is(shift: Shift, since: datetime | None = None) -> Draft:
    """The shift as it is meant, from one of its dates on."""
    whole = draft_of(shift)
    if since is None:
        return whole
    return replace(whole, starts_local=since, ends_local=since + (shift.ends_local - shift.starts_local))


def moved(shift: Shift, occurs_local: datetime, which: Which, starts_local: datetime, ends_local: datetime) -> Draft:
    """The draft of a shift one of whose dates was moved or stretched: its days of the week move along.

    A rule that has no such days stays as it is, and only the time of day moves.
    """
    days = (starts_local.date() - occurs_local.date()).days
    rule = shift_rules.days_later(shift.rrule, days)
    length = ends_local - starts_local
    start = starts_local
    if which is Which.ALL and shift.rrule:
        start = shift.starts_local + (starts_local - occurs_local)
    if rule is None and which is not Which.ONE:
        start = datetime.combine(start.date() - (starts_local.date() - occurs_local.date()), start.time())
    rrule = shift.rrule if rule is None else rule
    return replace(draft_of(shift), rrule=rrule, starts_local=start, ends_local=start + length)


# A shift, or another in its place


def _standing(session: Session, draft: Draft, now: datetime) -> tuple[Shift, shift_rows.Written]:
    """The shift that the draft means, and how it was before: ended, if it wasn't there at all."""
    shift = same_as(session, draft)
    if shift is None:
        shift = shift_checks.added(session, draft)
        return shift, shift_rows.state(shift, ended_at=now)
    was = shift_rows.state(shift)
    shift.ended_at = shift.until_local = None
    shift.ends_local, shift.shadow = draft.ends_local, draft.shadow
    session.flush()
    return shift, was


def _instead(
    session: Session, shift: Shift, since: datetime | None, draft: Draft, live: LiveSettings, now: datetime
) -> tuple[Shift, list[shift_rows.Written]]:
    """What is there from now on, or from a date on, with the hours of before; and how another shift was before."""
    zone = live.home.zone
    old = shift_rows.as_it_was(shift)
    if since is None and _identity(draft) == _identity(draft_of(shift)):
        shift.ends_local, shift.shadow = draft.ends_local, draft.shadow
        shift_rows.carry_over(session, old, shift, since, zone, now)
        shift_rows.lay_out(session, shift, zone, now)
        return shift, []
    new, was = _standing(session, draft, now)
    if shift.until_local is not None:
        same_day = shift.until_local.time() == shift.starts_local.time()
        clock = new.starts_local.time() if same_day else shift.until_local.time()
        new.until_local = datetime.combine(shift.until_local.date(), clock)
    _cut(shift, since, now)
    session.flush()
    shift_rows.carry_over(session, old, new, since, zone, now)
    shift_rows.lay_out(session, new, zone, now)
    return new, [was]


def _identity(draft: Draft) -> Draft:
    """Without what may change and leave it the same shift."""
    return replace(draft, ends_local=draft.starts_local, shadow=False)


def _cut(shift: Shift, since: datetime | None, now: datetime) -> None:
    if since is None:
        shift.ended_at = now
    else:
        shift.until_local = since
