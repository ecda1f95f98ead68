"""Two records of one person are made one, in one transaction; and parted again, exactly as they were.

The record that goes stays as an empty row that says where everything is. Whatever would make it unclear what holds for
the one person afterwards is refused first, and somebody sees to it. Hold both rows.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import Table, select, update
from sqlalchemy.orm import Session, aliased

from phoneline import erasing_stop, merge_numbers, merge_rows, people, person_changes
from phoneline.live_settings import LiveSettings
from phoneline.merge_numbers import NumbersChangedError
from phoneline.merge_rows import Moved, Row
from phoneline.models import (
    PLAN_STANDS,
    Account,
    CheckinPlan,
    Person,
    PersonMerge,
    RightsRequest,
    Shift,
    ShiftHours,
)
from phoneline.person_states import PersonAct
from phoneline.states import ConsentKind, PlanKind, Role


class Refusal(StrEnum):
    """Why two records can't be made one, or parted, as things are."""

    SAME = "same"
    NOBODY = "nobody"
    """One of them isn't there any more."""
    TWO_LOGINS = "two_logins"
    BOTH_ON_SHIFT = "both_on_shift"
    UNDER_WAY = "under_way"
    """A call with one of them is going on, or a text is being sent."""
    TOO_MANY_NUMBERS = "too_many_numbers"
    SHARED_NUMBER = "shared_number"
    """Somebody else has one of the numbers, and the one person would be a volunteer."""
    PLAN_TWICE = "plan_twice"
    TWO_ZONES = "two_zones"
    ERASING = "erasing"
    SAID_NO = "said_no"
    """One of them stopped calls by an act of their own, and the other is called."""
    CHANGED_SINCE = "changed_since"
    """Parted, it would be unclear whose a number is."""


FILLED = ("language", "timezone", "alias", "pin_hash", "not_heard_days")
"""Taken over where the record that is kept has none."""
JOINED = ("speaks", "skills", "prefers")


@dataclass
class _Record:
    """What a `PersonMerge` keeps."""

    rows: Moved = field(default_factory=Moved)
    numbers: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    before: Row = field(default_factory=dict)
    after: Row = field(default_factory=dict)


def refusals(session: Session, kept_id: str, gone_id: str, live: LiveSettings, now: datetime) -> Sequence[Refusal]:
    """All that speaks against it, so that somebody can see to all of it."""
    if kept_id == gone_id:
        return [Refusal.SAME]
    kept, gone = (_there(session, person_id) for person_id in (kept_id, gone_id))
    if kept is None or gone is None:
        return [Refusal.NOBODY]
    both = (kept_id, gone_id)
    against = {
        Refusal.TWO_LOGINS: len(session.scalars(select(Account.id).where(Account.person_id.in_(both))).all()) > 1,
        Refusal.BOTH_ON_SHIFT: _both_on_shift(session, kept_id, gone_id, now),
        Refusal.UNDER_WAY: any(_is_busy(session, one) for one in both),
        Refusal.TOO_MANY_NUMBERS: merge_numbers.too_many(kept, gone),
        Refusal.SHARED_NUMBER: merge_numbers.is_shared(session, kept, gone),
        Refusal.PLAN_TWICE: _plan_twice(session, kept_id, gone_id),
        Refusal.TWO_ZONES: _two_zones(session, kept, gone, live),
        Refusal.ERASING: _is_being_erased(session, both),
        Refusal.SAID_NO: _said_no(session, kept_id, gone_id) or _said_no(session, gone_id, kept_id),
    }
    return [refusal for refusal, holds in against.items() if holds]


def merge(
    session: Session, kept_id: str, gone_id: str, account_id: str | None, live: LiveSettings, now: datetime
) -> PersonMerge | Sequence[Refusal]:
    """All that is the one's is the other's from now on. What speaks against it, and nothing done, otherwise."""
    _hold(session, kept_id, gone_id)
    against = refusals(session, kept_id, gone_id, live, now)
    if against:
        return against
    kept, gone = session.get_one(Person, kept_id), session.get_one(Person, gone_id)
    table = cast("Table", Person.__table__)
    record = _Record(before=merge_rows.frozen(session, table, [kept_id]))
    values = _joined(kept, gone)
    record.numbers = merge_numbers.move(session, kept, gone)
    record.rows = merge_rows.move(session, gone_id, kept_id)
    session.execute(update(Person).where(Person.id == kept_id).values(**values))
    session.execute(update(Person).where(Person.id == gone_id).values(merged_into_id=kept_id))
    session.expire_all()
    changed = merge_rows.frozen(session, table, [kept_id])
    names = [name for name in changed if changed[name] != record.before[name]]
    record.before, record.after = {one: record.before[one] for one in names}, {one: changed[one] for one in names}
    made = PersonMerge(kept_id=kept_id, gone_id=gone_id, at=now, account_id=account_id, moved=_packed(record))
    session.add(made)
    session.flush()
    person_changes.note(session, kept_id, PersonAct.MERGED, account_id, now)
    return made


def last(session: Session, kept_id: str) -> PersonMerge | None:
    """The newest that can be undone."""
    theirs = select(PersonMerge).where(PersonMerge.kept_id == kept_id, PersonMerge.undone_at.is_(None))
    return session.scalars(theirs.order_by(PersonMerge.at.desc(), PersonMerge.id).limit(1)).first()


def part(session: Session, kept_id: str, merge_id: str, account_id: str | None, now: datetime) -> Refusal | None:
    """Both are as they were. What came since then stays with the record that was kept."""
    made = last(session, kept_id)
    if made is None or made.id != merge_id:
        return Refusal.NOBODY
    _hold(session, kept_id, made.gone_id)
    kept = _there(session, kept_id)
    session.refresh(made)
    if kept is None or made.undone_at is not None:
        return Refusal.NOBODY
    if _is_busy(session, kept_id):
        return Refusal.UNDER_WAY
    record = _unpacked(made.moved)
    try:
        merge_numbers.take_apart(session, kept_id, record.numbers)
    except NumbersChangedError:
        return Refusal.CHANGED_SINCE
    merge_rows.move_back(session, record.rows, made.gone_id, kept_id)
    _restore(session, kept_id, record)
    session.execute(update(Person).where(Person.id == made.gone_id).values(merged_into_id=None))
    made.undone_at = now
    session.flush()
    session.expire_all()
    for person_id in (kept_id, made.gone_id):
        person_changes.note(session, person_id, PersonAct.PARTED, account_id, now)
    return None


def _hold(session: Session, *ids: str) -> None:
    """Nothing is tied to either of them meanwhile. In one order, so that nobody waits for each other."""
    held = select(Person.id).where(Person.id.in_(ids)).order_by(Person.id).with_for_update()
    session.execute(held)
    session.expire_all()


def _there(session: Session, person_id: str) -> Person | None:
    found = session.get(Person, person_id)
    return found if found is not None and found.erased_at is None and found.merged_into_id is None else None


def _joined(kept: Person, gone: Person) -> dict[str, Any]:
    """What the record that is kept has afterwards."""
    newer = gone if gone.last_heard_at > kept.last_heard_at else kept
    found: dict[str, Any] = {"last_heard_at": newer.last_heard_at, "checkins_missed": newer.checkins_missed}
    for name in FILLED:
        found[name] = getattr(gone, name) if getattr(kept, name) is None else getattr(kept, name)
    for name in JOINED:
        found[name] = list(dict.fromkeys([*getattr(kept, name), *getattr(gone, name)]))
    if gone.has(Role.VOLUNTEER) and not kept.has(Role.VOLUNTEER):
        found |= {"ready": gone.ready, "shadowing": gone.shadowing}
    return found


def _restore(session: Session, kept_id: str, record: _Record) -> None:
    """What the merging changed on the record, unless somebody has changed it since."""
    table = cast("Table", Person.__table__)
    is_now = merge_rows.frozen(session, table, [kept_id])
    back = {name: value for name, value in record.before.items() if is_now[name] == record.after[name]}
    if back:
        stored = merge_rows.stored(table)
        session.execute(update(stored).where(stored.c.id == kept_id).values(merge_rows.thawed(table, back)))


# What speaks against it


def _both_on_shift(session: Session, kept_id: str, gone_id: str, now: datetime) -> bool:
    other, theirs = aliased(ShiftHours), aliased(Shift)
    overlap = (
        select(ShiftHours.id)
        .join(other, (other.starts_at < ShiftHours.ends_at) & (other.ends_at > ShiftHours.starts_at))
        .where(ShiftHours.person_id == kept_id, ShiftHours.ends_at > now, other.person_id == gone_id)
    )
    alike = (
        select(Shift.id)
        .join(theirs, (theirs.starts_local == Shift.starts_local) & (theirs.rrule == Shift.rrule))
        .where(Shift.person_id == kept_id, theirs.person_id == gone_id, theirs.ended_at.is_(None))
    )
    return any(session.scalars(one.limit(1)).first() is not None for one in (overlap, alike))


def _is_busy(session: Session, person_id: str) -> bool:
    return erasing_stop.is_talking(session, person_id) or not erasing_stop.is_quiet(session, person_id)


def _plan_twice(session: Session, kept_id: str, gone_id: str) -> bool:
    same = aliased(CheckinPlan)
    twice = (
        select(CheckinPlan.id)
        .join(
            same,
            (same.starts_local == CheckinPlan.starts_local)
            & (same.rrule == CheckinPlan.rrule)
            & (same.kind == CheckinPlan.kind),
        )
        .where(CheckinPlan.person_id == gone_id, PLAN_STANDS, same.person_id == kept_id)
    )
    return session.scalars(twice.limit(1)).first() is not None


def _two_zones(session: Session, kept: Person, gone: Person, live: LiveSettings) -> bool:
    """Plans go by the clock where somebody is: it must be one clock."""
    if people.zone_of(kept, live.home.zone) == people.zone_of(gone, live.home.zone):
        return False
    planned = select(CheckinPlan.id).where(CheckinPlan.person_id.in_((kept.id, gone.id)), PLAN_STANDS)
    return session.scalars(planned.limit(1)).first() is not None


def _is_being_erased(session: Session, both: Sequence[str]) -> bool:
    standing = select(RightsRequest.id).where(RightsRequest.person_id.in_(both), RightsRequest.due_at.is_not(None))
    return session.scalars(standing.limit(1)).first() is not None


def _said_no(session: Session, one: str, other: str) -> bool:
    """Whether the one stopped calls that the other still gets."""
    stopped = people.withdrew_by_own_act(session, one) and not people.has_consent(session, one)
    if stopped and people.has_consent(session, other):
        return True
    called = select(CheckinPlan.id).where(
        CheckinPlan.person_id == other, PLAN_STANDS, CheckinPlan.kind == PlanKind.VOLUNTEER
    )
    agreed = people.has_consent(session, other, ConsentKind.VOLUNTEER_CALLS)
    still = agreed or session.scalars(called.limit(1)).first() is not None
    return people.refuses_volunteers(session, one) and still


# How it is kept


def _packed(record: _Record) -> str:
    rows = {"keys": record.rows.keys, "taken_out": record.rows.taken_out, "stayed": record.rows.stayed}
    return json.dumps({"rows": rows, "numbers": record.numbers, "before": record.before, "after": record.after})


def _unpacked(text: str) -> _Record:
    found = json.loads(text)
    rows = Moved(**found["rows"])
    return _Record(rows, found["numbers"], found["before"], found["after"])
