"""Shifts taken over from an iCalendar file: all that is still to come of them, or nothing.

As with a spreadsheet the same file again changes nothing, nothing is ever taken away, and nobody is told by text.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from phoneline import calendar_reading, locks, roster_changes, shift_checks, shift_dates, shift_plans, shift_rows
from phoneline.calendar_reading import Misread, Planned, Stretch
from phoneline.crypto import folded
from phoneline.live_settings import LiveSettings
from phoneline.models import Person, PersonRole, Shift
from phoneline.recurrence import RuleError, check_rule, instant, wall
from phoneline.roster_changes import By
from phoneline.roster_states import RosterAct
from phoneline.shift_checks import Draft, Problem, Replaced
from phoneline.shift_rules import next_date
from phoneline.states import Role

_TITLE = re.compile(r"(?P<who>.*?)\s*(?:\((?P<how>backup|sitting in)\))?", re.IGNORECASE)
_NOBODYS = frozenset({"open shift", "open"})
_FIELDS: Mapping[str, str] = {
    "person_id": "they",
    "ends_local": "the end",
    "starts_local": "the start",
    "rrule": "the rule",
}
"""What a problem of a draft is about, in a sentence."""


@dataclass(frozen=True)
class TakenOver:
    """How many shifts are new, how many stood already, how many events are over."""

    made: int = 0
    known: int = 0
    over: int = 0


@dataclass(frozen=True)
class Misfit(Misread):
    """An event that is a shift, but one that can't be so; `against` is what `reason` says in one."""

    against: Sequence[Problem] = ()


class CalendarRefusedError(Exception):
    """Nothing of the file holds, once the transaction is rolled back. `problems`: all that is wrong, in its order."""

    def __init__(self, problems: Sequence[Misread]) -> None:
        self.problems = sorted(problems, key=lambda one: one.number)
        super().__init__("\n".join(map(said, self.problems)))


def said(one: Misread) -> str:
    """Such as: event 3, "Ana": has no end; give it one."""
    if not one.number:
        return f"the file {one.reason}"
    return f"event {one.number}, “{one.title}”: {one.reason}" if one.title else f"event {one.number}: {one.reason}"


@dataclass(frozen=True)
class _Meant:
    """Whose an event is, and how they are there."""

    person_id: str | None
    tier: int = 1
    shadow: bool = False


class _Refused(Exception):  # noqa: N818 - never leaves this file
    """What speaks against one event."""

    def __init__(self, reason: str, *against: Problem) -> None:
        self.against = against
        super().__init__(reason)


def take_over(
    session: Session, data: bytes, person_id: str | None, by: By, live: LiveSettings, now: datetime
) -> TakenOver:
    """Take the file over. CalendarRefusedError if anything speaks against any of it.

    `person_id`: whose all of its shifts are; None where each event's title says who is on: a volunteer's name, "Open
    shift" for nobody's, perhaps with "(backup)" or "(sitting in)".
    """
    locks.hold_alone(session.connection(), locks.IMPORT)
    planned, wrong = calendar_reading.read(data, live.home.zone)
    problems, done = list(wrong), TakenOver()
    names = _names(session)
    for one in planned:
        try:
            done = _take_over(session, one, _whose(one.title, person_id, names), (by, live, now), done)
        except _Refused as error:
            told = one.number, one.title, str(error)
            problems.append(Misfit(*told, error.against) if error.against else Misread(*told))
    if problems:
        raise CalendarRefusedError(problems)
    return done


def _names(session: Session) -> Mapping[str, Sequence[str]]:
    """The volunteers by what they may be called: their whole name, or its first word."""
    found: dict[str, list[str]] = {}
    role = PersonRole.role == Role.VOLUNTEER
    for person in session.scalars(select(Person).join(PersonRole, PersonRole.person_id == Person.id).where(role)):
        for name in {folded(person.name), folded(person.first_name)}:
            found.setdefault(name, []).append(person.id)
    return found


def _whose(title: str, person_id: str | None, names: Mapping[str, Sequence[str]]) -> _Meant | str:
    """Whose the event is; what is wrong with its title where that can't be said."""
    told = _TITLE.fullmatch(title)
    who, how = (folded(told["who"]), (told["how"] or "").lower()) if told else (folded(title), "")
    if person_id is None and who not in _NOBODYS:
        ids = names.get(who, ())
        if len(ids) != 1:
            many = "is the name of several volunteers; write their whole name"
            return many if ids else "is no volunteer's name; write it as on People, or “Open shift”"
        person_id = ids[0]
    return _Meant(person_id, 2 if how == "backup" else 1, shadow=how == "sitting in")


_Act = tuple[By, LiveSettings, datetime]


def _take_over(session: Session, one: Planned, whose: _Meant | str, act: _Act, done: TakenOver) -> TakenOver:
    _, live, now = act
    if isinstance(whose, str):
        raise _Refused(whose)
    draft = Draft(whose.person_id, one.starts_local, one.ends_local, one.rrule, whose.tier, shadow=whose.shadow)
    if _is_over(draft, live, now):
        return replace(done, over=done.over + 1)
    shift = shift_checks.same_as(session, draft)
    if shift is None:
        shift = _make(session, draft, one, act)
        done = replace(done, made=done.made + 1)
    else:
        done = replace(done, known=done.known + 1)
    if shift.ended_at is None:
        _deviate(session, shift, draft, one, act)
    return done


def _is_over(draft: Draft, live: LiveSettings, now: datetime) -> bool:
    """Whether nothing of it is to come."""
    zone = live.home.zone
    if not draft.rrule:
        return instant(draft.ends_local, zone) <= now
    try:
        check_rule(draft.rrule, draft.starts_local, zone)
        return next_date(draft.rrule, draft.starts_local, zone, wall(now, zone) - shift_checks.LONGEST) is None
    except RuleError as error:
        raise _Refused(f"the rule is {error}", Problem("rrule", str(error))) from error


def _make(session: Session, draft: Draft, one: Planned, act: _Act) -> Shift:
    by, live, now = act
    elsewhere = {day.date() for day in {*one.without, *one.moved}}
    _must_hold(session, draft, live, now, Replaced(days=elsewhere))
    shift = Shift(
        person_id=draft.person_id,
        starts_local=draft.starts_local,
        ends_local=draft.ends_local,
        rrule=draft.rrule,
        tier=draft.tier,
        shadow=draft.shadow,
    )
    session.add(shift)
    session.flush()
    shift_rows.lay_out(session, shift, live.home.zone, now)
    roster_changes.note(session, RosterAct.IMPORTED, by, now, shift)
    return shift


def _must_hold(session: Session, draft: Draft, live: LiveSettings, now: datetime, replaced: Replaced) -> None:
    found = shift_checks.problems(session, draft, live, now, None, replaced)
    if found:
        raise _Refused("; ".join(f"{_FIELDS.get(one.field, one.field)} {one.reason}" for one in found), *found)


def _deviate(session: Session, shift: Shift, draft: Draft, one: Planned, act: _Act) -> None:
    """The dates that don't take place, or at another time; what somebody has changed here since stays."""
    for occurs_local in sorted({*one.without, *one.moved}):
        stretch = one.moved.get(occurs_local)
        if shift_plans.has_date(shift, occurs_local, act[1]):
            _one_date(session, shift, replace(draft, rrule=""), (occurs_local, stretch), act)
        elif stretch is not None:
            raise _Refused(f"moves {occurs_local:%Y-%m-%d %H:%M}, which is no date of its rule")


def _one_date(session: Session, shift: Shift, draft: Draft, date: tuple[datetime, Stretch | None], act: _Act) -> None:
    _, live, now = act
    occurs_local, stretch = date
    try:
        row = shift_dates.row_of(session, shift, occurs_local, live, now)
    except shift_checks.ShiftRefusedError:
        return  # it is over
    if row.kept or row.starts_at <= now:
        return
    row.kept = True
    if stretch is None:
        row.off, row.ends_at = True, row.starts_at
        return
    moved = replace(draft, starts_local=stretch[0], ends_local=stretch[1])
    _must_hold(session, moved, live, now, Replaced({row.id}))
    row.off = False
    row.starts_at, row.ends_at = (instant(local, live.home.zone) for local in stretch)
