"""The shifts spreadsheet: when each volunteer is on, or a coordinator on duty, in the line's wall-clock time.

A volunteers' shift without a phone is open to be taken.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from phoneline import locks, roster_changes, rosters, shift_checks, shift_rules
from phoneline.db import Database
from phoneline.models import Person, Shift
from phoneline.recurrence import RuleError, check_rule
from phoneline.roster_changes import LINE
from phoneline.roster_states import RosterAct
from phoneline.shift_checks import Draft
from phoneline.shift_faults import Fault
from phoneline.shift_rules import LONGEST
from phoneline.spreadsheets import cells, shift_limits
from phoneline.spreadsheets.holders import coordinator_among, holders, in_batches, volunteer_among
from phoneline.spreadsheets.table import Column, Problem, RefusedError, Row, read
from phoneline.states import Duty, Role

COLUMNS = (
    Column("phone", cells.phone, needed=True),
    Column("starts_at", cells.local_time, needed=True, filled=True),
    Column("ends_at", cells.local_time, needed=True),
    Column("rrule", cells.rule),
    Column("tier", cells.tier),
    Column("duty", cells.word(Duty)),
)
Key = tuple[str | None, datetime, str, int, Duty]
"""What tells a shift from another: person (none when it is open), start, rule, tier and duty."""


def import_shifts(
    database: Database,
    data: bytes,
    line_zone: ZoneInfo,
    now: datetime,
    line_number: str = "",  # noqa: ARG001 - as all imports take it
) -> int:
    """Take over the file; the number of its rows. RefusedError, and nothing changed, if anything is wrong with it."""
    table = read(data, COLUMNS, lambda row: (row["phone"], *_when(row)))
    with database.transaction() as session:
        locks.hold_alone(session.connection(), locks.IMPORT)
        volunteers = _people(session, database, table.rows)
        known = _known(session, [person.id for person in volunteers.values()])
        problems = list(table.problems)
        keys: dict[int, Key] = {}
        for row in table.sound:
            if row["phone"] is None:
                keys[row.number] = (None, *_when(row))
            elif row.number in volunteers:
                keys[row.number] = (volunteers[row.number].id, *_when(row))
        seen: dict[Key, str | None] = {}
        for row in table.rows:
            key = keys.get(row.number)
            problems += _check(row, volunteers.get(row.number), known.get(key) if key else None, line_zone)
            # The same number twice has been found already.
            if key and seen.setdefault(key, row["phone"]) != row["phone"]:
                problems.append(row.problem("phone", "is the other number of a volunteer with the same shift above"))
        if problems:
            raise RefusedError(problems)
        saved: dict[int, Shift] = {}
        for row in table.rows:
            shift = _save(session, row, keys[row.number], known.get(keys[row.number]), line_zone, now)
            if shift is not None:
                saved[row.number] = shift
        limits = shift_limits.broken(session, saved.items(), line_zone, now)
        if limits:
            raise RefusedError(
                [row.problem("starts_at", limits[row.number]) for row in table.rows if row.number in limits]
            )
    return len(table.rows)


def _when(row: Row) -> tuple[datetime, str, int, Duty]:
    return row["starts_at"], row["rrule"] or "", row["tier"] or 1, row["duty"] or Duty.CALLS


def _people(session: Session, database: Database, rows: Sequence[Row]) -> Mapping[int, Person]:
    """By row number, the volunteer whose number `phone` is, or the coordinator where it is about duty."""
    hashes = {row.number: database.lookup_hash(row["phone"]) for row in rows if row["phone"]}
    held = holders(session, hashes.values())
    on_duty = {row.number for row in rows if row["duty"] is Duty.COORDINATOR}
    found = {
        number: (coordinator_among if number in on_duty else volunteer_among)(held.get(number_hash, ()))
        for number, number_hash in hashes.items()
    }
    return {number: person for number, person in found.items() if person}


def _known(session: Session, person_ids: Sequence[str]) -> Mapping[Key, Shift]:
    """The shifts of these people, and the open ones."""
    theirs = [Shift.person_id.in_(batch) for batch in in_batches(person_ids)]
    return {
        (shift.person_id, shift.starts_local, shift.rrule, shift.tier, shift.duty): shift
        for which in (*theirs, Shift.person_id.is_(None))
        for shift in session.scalars(select(Shift).where(which))
    }


def _check(row: Row, volunteer: Person | None, shift: Shift | None, line_zone: ZoneInfo) -> list[Problem]:
    problems = []
    if volunteer is None and row["phone"]:
        role = Role.COORDINATOR if row["duty"] is Duty.COORDINATOR else Role.VOLUNTEER
        problems.append(row.problem("phone", f"is no {role}'s; import them with `import people`, role {role}, first"))
    if row["duty"] is Duty.COORDINATOR and row["phone"] is None and "phone" not in row.faulty:
        problems.append(row.problem("phone", "is blank; only volunteers' shifts can be open, so say whose duty it is"))
    if row["ends_at"] is None and shift is None and not row.faulty:
        problems.append(row.problem("ends_at", "is blank for a new shift; fill it in"))
    return problems + _check_span(row) + (check_row_rule(row, line_zone) or _check_how_often(row, line_zone))


def _check_span(row: Row) -> list[Problem]:
    starts_at, ends_at = row["starts_at"], row["ends_at"]
    if starts_at is None or ends_at is None:
        return []
    if ends_at <= starts_at:
        return [row.problem("ends_at", "must be later than starts_at; a shift past midnight ends the next day")]
    if ends_at - starts_at > LONGEST:
        return [row.problem("ends_at", f"must be at most {LONGEST.days} days after starts_at; use rrule to repeat")]
    return []


def check_row_rule(row: Row, zone: ZoneInfo) -> list[Problem]:
    """What is wrong with the row's rule as one that starts at its `starts_at`."""
    if row["rrule"] and row["starts_at"]:
        try:
            check_rule(row["rrule"], row["starts_at"], zone)
        except RuleError as error:
            return [row.problem("rrule", str(error))]
    return []


def _check_how_often(row: Row, zone: ZoneInfo) -> list[Problem]:
    if row["rrule"] and row["starts_at"] and shift_rules.comes_too_often(row["rrule"], row["starts_at"], zone):
        return [row.problem("rrule", Fault.TOO_OFTEN.value)]
    return []


def _save(
    session: Session, row: Row, key: Key, shift: Shift | None, line_zone: ZoneInfo, now: datetime
) -> Shift | None:
    """The shift, if it is new or has changed."""
    if shift is None:
        person_id, starts_local, rrule, tier, duty = key
        shift = shift_checks.added(session, Draft(person_id, starts_local, row["ends_at"], rrule, tier, duty))
        rosters.lay_out(session, shift, line_zone, now)
    elif row["ends_at"] not in {None, shift.ends_local}:
        shift.ends_local = row["ends_at"]
        rosters.lay_out_anew(session, shift, line_zone, now)
    else:
        return None
    roster_changes.note(session, RosterAct.IMPORTED, LINE, now, shift)
    return shift
