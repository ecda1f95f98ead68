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
from phoneline.calendar_reading import EventError, Fault, Misread, Planned, Stretch
from phoneline.crypto import folded
from phoneline.live_settings import LiveSettings
from phoneline.models import Person, PersonRole, Shift
from phoneline.recurrence import RuleError, RuleFault, check_rule, instant, wall
from phoneline.roster_changes import By
from phoneline.roster_states import RosterAct
from phoneline.shift_checks import Draft, Replaced
from phoneline.shift_faults import Problem, ShiftRefusedError
from phoneline.shift_rules import LONGEST, next_date
from phoneline.states import Role

_TITLE = re.compile(r"(?P<who>.*?)\s*(?:\((?P<how>backup|sitting in)\))?", re.IGNORECASE)
_NOBODYS = frozenset({"open shift", "open"})
_FIELDS: Mapping[str, str] = {
    "person_id": "they",
    "ends_local": "the end",
    "starts_local": "the start",
    "rrule": "the rule",
}
"""What is wrong with a draft, in a command's sentence."""


@dataclass(frozen=True)
class TakenOver:
    """How many shifts are new, how many stood already, how many events are over."""

    made: int = 0
    known: int = 0
    over: int = 0


@dataclass(frozen=True)
class Misfit:
    """An event that is a shift, but one that can't be so."""

    number: int
    title: str
    against: Sequence[Problem]

    @property
    def reason(self) -> str:
        return "; ".join(map(_said, self.against))


class CalendarRefusedError(Exception):
    """Nothing of the file holds, once the transaction is rolled back. `problems`: all that is wrong, in its order."""

    def __init__(self, problems: Sequence[Misread | Misfit]) -> None:
        self.problems = sorted(problems, key=lambda one: one.number)
        super().__init__("\n".join(map(_sentence, self.problems)))


def _sentence(one: Misread | Misfit) -> str:
    """Such as: event 3, "Ana": has no end; give it one."""
    if not one.number:
        return f"the file {one.reason}"
    return f"event {one.number}, “{one.title}”: {one.reason}" if one.title else f"event {one.number}: {one.reason}"


def _said(problem: Problem) -> str:
    """What is wrong with a rule is a sentence by itself."""
    if isinstance(problem.why, RuleFault):
        return problem.reason
    return f"{_FIELDS.get(problem.field, problem.field)} {problem.reason}"


@dataclass(frozen=True)
class _Meant:
    """Whose an event is, and how they are there."""

    person_id: str | None
    tier: int = 1
    shadow: bool = False


def take_over(
    session: Session, data: bytes, person_id: str | None, by: By, live: LiveSettings, now: datetime
) -> TakenOver:
    """Take the file over. CalendarRefusedError if anything speaks against any of it.

    `person_id`: whose all of its shifts are; None where each event's title says who is on: a volunteer's name, "Open
    shift" for nobody's, perhaps with "(backup)" or "(sitting in)".
    """
    locks.hold_alone(session.connection(), locks.IMPORT)
    planned, wrong = calendar_reading.read(data, live.home.zone)
    problems: list[Misread | Misfit] = list(wrong)
    done = TakenOver()
    names = _names(session)
    for one in planned:
        try:
            done = _take_over(session, one, _whose(one.title, person_id, names), (by, live, now), done)
        except EventError as error:
            problems.append(Misread(one.number, one.title, error.why, error.values))
        except ShiftRefusedError as error:
            problems.append(Misfit(one.number, one.title, error.problems))
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


def _whose(title: str, person_id: str | None, names: Mapping[str, Sequence[str]]) -> _Meant:
    """Whose the event is. EventError if its title doesn't say."""
    told = _TITLE.fullmatch(title)
    who, how = (folded(told["who"]), (told["how"] or "").lower()) if told else (folded(title), "")
    if person_id is None and who not in _NOBODYS:
        ids = names.get(who, ())
        if len(ids) != 1:
            raise EventError(Fault.SEVERAL_NAMED if ids else Fault.NOBODY_NAMED)
        person_id = ids[0]
    return _Meant(person_id, 2 if how == "backup" else 1, shadow=how == "sitting in")


_Act = tuple[By, LiveSettings, datetime]


def _take_over(session: Session, one: Planned, whose: _Meant, act: _Act, done: TakenOver) -> TakenOver:
    _, live, now = act
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
        return next_date(draft.rrule, draft.starts_local, zone, wall(now, zone) - LONGEST) is None
    except RuleError as error:
        raise ShiftRefusedError(Problem("rrule", error.why)) from error


def _make(session: Session, draft: Draft, one: Planned, act: _Act) -> Shift:
    by, live, now = act
    elsewhere = {day.date() for day in {*one.without, *one.moved}}
    shift_checks.must_hold(session, draft, live, now, replaced=Replaced(days=elsewhere))
    shift = shift_checks.added(session, draft)
    shift_rows.lay_out(session, shift, live.home.zone, now)
    roster_changes.note(session, RosterAct.IMPORTED, by, now, shift)
    return shift


def _deviate(session: Session, shift: Shift, draft: Draft, one: Planned, act: _Act) -> None:
    """The dates that don't take place, or at another time; what somebody has changed here since stays."""
    for occurs_local in sorted({*one.without, *one.moved}):
        stretch = one.moved.get(occurs_local)
        if shift_plans.has_date(shift, occurs_local, act[1]):
            _one_date(session, shift, replace(draft, rrule=""), (occurs_local, stretch), act)
        elif stretch is not None:
            raise EventError(Fault.NO_DATE, date=f"{occurs_local:%Y-%m-%d %H:%M}")


def _one_date(session: Session, shift: Shift, draft: Draft, date: tuple[datetime, Stretch | None], act: _Act) -> None:
    _, live, now = act
    occurs_local, stretch = date
    try:
        row = shift_dates.row_of(session, shift, occurs_local, live, now)
    except ShiftRefusedError:
        return  # it is over
    if row.kept or row.starts_at <= now:
        return
    row.kept = True
    if stretch is None:
        row.off, row.ends_at = True, row.starts_at
        return
    moved = replace(draft, starts_local=stretch[0], ends_local=stretch[1])
    shift_checks.must_hold(session, moved, live, now, replaced=Replaced({row.id}))
    row.off = False
    row.starts_at, row.ends_at = (instant(local, live.home.zone) for local in stretch)
