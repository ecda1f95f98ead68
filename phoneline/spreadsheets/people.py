"""The people spreadsheet: who they are, their roles and numbers, and what they agreed to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from phoneline import kept_refusals, live_settings, locks, people, pins, replanning
from phoneline.crypto import folded
from phoneline.db import Database
from phoneline.models import Person, PersonRole, PhoneNumber
from phoneline.spreadsheets import cells
from phoneline.spreadsheets.apart import check_apart, save_apart
from phoneline.spreadsheets.changed_on_pages import changed_on_pages
from phoneline.spreadsheets.holders import holders
from phoneline.spreadsheets.own_numbers import check_may_be_rung
from phoneline.spreadsheets.roles_off import check_roles_off
from phoneline.spreadsheets.sole_numbers import Claim, check_numbers
from phoneline.spreadsheets.table import Column, Problem, RefusedError, Row, read
from phoneline.states import Role

COLUMNS = (
    Column("name", cells.name, needed=True, filled=True),
    Column("phone", cells.phone, needed=True, filled=True),
    Column("roles", cells.roles, needed=True),
    Column("language", cells.language),
    Column("timezone", cells.timezone),
    Column("skills", cells.skills),
    Column("second_phone", cells.phone),
    Column("checkin_consent", cells.yes_or_no),
    Column("voicemail_ok", cells.yes_or_no),
    Column("ready", cells.yes_or_no),
    Column("pin", cells.pin),
    Column("speaks", cells.languages),
    Column("prefers", cells.wishes),
    Column("apart_from", cells.phones),
    Column("rather_not", cells.phones),
)
_AS_THEY_ARE = ("language", "timezone", "skills", "voicemail_ok", "ready", "speaks", "prefers")


@dataclass(frozen=True)
class _Entry:
    """What a row makes of a person, who may be new."""

    row: Row
    person: Person | None
    roles: frozenset[Role]
    numbers: Sequence[str]
    hashes: Sequence[str]

    @property
    def is_volunteer(self) -> bool:
        return Role.VOLUNTEER in self.roles


def import_people(database: Database, data: bytes, line_zone: ZoneInfo, now: datetime, line_number: str = "") -> int:
    """Take over the file; the number of its rows. RefusedError, and nothing changed, if anything is wrong with it."""
    table = read(data, COLUMNS, lambda row: (row["phone"], folded(row["name"])))
    # Hashing takes long on purpose, so it is done before the database is held up.
    pin_hashes = {} if table.problems else _pin_hashes(database, table.sound)
    with database.transaction() as session:
        locks.hold_alone(session.connection(), locks.IMPORT)
        known = _known(session, database, table.sound)
        unknown = [row for row in table.sound if row.number not in known]
        left_alone = changed_on_pages(session, database, unknown)
        meant = [row for row in table.sound if row.number not in left_alone]
        entries = [_entry(database, row, known.get(row.number)) for row in meant]
        problems = [*table.problems, *(problem for entry in entries for problem in _check_roles(entry))]
        problems += [problem for row in table.rows for problem in _check_row(row)]
        problems += check_numbers(session, [_claim(entry) for entry in entries])
        problems += check_apart(session, database, table.rows)
        present = [(entry.row, entry.person, entry.roles) for entry in entries if entry.person]
        problems += check_roles_off(session, present, line_zone, now)
        allowed = live_settings.read(session).countries
        problems += check_may_be_rung(table.rows, ("phone", "second_phone"), allowed, line_number)
        if problems:
            raise RefusedError(problems)
        for entry in entries:
            _let_go(entry)
        session.flush()
        saved = [(entry.row, _save(session, database, entry, pin_hashes, line_zone, now)) for entry in entries]
        save_apart(session, database, saved)
    return len(table.rows)


def _known(session: Session, database: Database, rows: Sequence[Row]) -> Mapping[int, Person]:
    """By row number, the person whom it is about, where there is one: same name, and `phone` is their first number."""
    hashes = {row.number: database.lookup_hash(row["phone"]) for row in rows}
    held = holders(session, hashes.values())
    found: dict[int, Person] = {}
    for row in rows:
        number_hash, name_hash = hashes[row.number], database.lookup_hash(folded(row["name"]))
        for person in held.get(number_hash, ()):
            if person.name_hash == name_hash and person.numbers[0].number_hash == number_hash:
                found.setdefault(row.number, person)
    return found


def _pin_hashes(database: Database, rows: Sequence[Row]) -> Mapping[int, str]:
    """By row number, the hash to keep for the row's PIN: the one that is there if the PIN is the same."""
    with_pin = [row for row in rows if row["pin"]]
    with database.reading() as session:
        present = {number: person.pin_hash for number, person in _known(session, database, with_pin).items()}
    found = {}
    for row in with_pin:
        old = present.get(row.number)
        found[row.number] = old if old and pins.matches(old, row["pin"]) else pins.hashed(row["pin"])
    return found


def _entry(database: Database, row: Row, person: Person | None) -> _Entry:
    roles = row["roles"] or frozenset(held.role for held in (person.roles if person else ()))
    second = row["second_phone"] or (person.numbers[1].number if person and len(person.numbers) > 1 else None)
    numbers = [row["phone"], second] if second else [row["phone"]]
    return _Entry(row, person, roles, numbers, [database.lookup_hash(number) for number in numbers])


def _claim(entry: _Entry) -> Claim:
    return Claim(entry.row, entry.person.id if entry.person else None, entry.hashes, entry.is_volunteer)


def _check_roles(entry: _Entry) -> list[Problem]:
    if not entry.roles:
        reason = f"is blank for somebody new; fill in {';'.join(Role)} or some of them"
        return [entry.row.problem("roles", reason)]
    return _check_pin(entry.row, entry.roles)


def _check_row(row: Row) -> list[Problem]:
    """What the row's own cells say against each other, even where another of them is wrong."""
    problems = _check_pin(row, row["roles"]) if row.faulty and row["roles"] else []
    if row["phone"] and row["second_phone"] == row["phone"]:
        problems.append(row.problem("second_phone", "is the same as phone; leave it blank"))
    return problems


def _check_pin(row: Row, roles: frozenset[Role]) -> list[Problem]:
    if row["pin"] and Role.VOLUNTEER not in roles:
        return [row.problem("pin", "is for volunteers; leave it blank or add the role volunteer")]
    return []


def _let_go(entry: _Entry) -> None:
    """Free what the person is about to give up, so that another row may take it in the same import."""
    person = entry.person
    if person is None:
        return
    for number, kept in zip(list(person.numbers), [*entry.hashes, None], strict=False):
        if number.number_hash != kept:
            person.numbers.remove(number)
        elif number.sole and not entry.is_volunteer:
            number.sole = False


def _save(
    session: Session,
    database: Database,
    entry: _Entry,
    pin_hashes: Mapping[int, str],
    line_zone: ZoneInfo,
    now: datetime,
) -> Person:
    row = entry.row
    person = entry.person or Person(name_hash=database.lookup_hash(folded(row["name"])), created_at=now)
    zone_before = people.zone_of(person, line_zone)
    person.name = row["name"]
    for column in _AS_THEY_ARE:
        if row[column] is not None:
            setattr(person, column, row[column])
    person.pin_hash = pin_hashes.get(row.number, person.pin_hash)
    _save_roles(person, entry.roles)
    _save_numbers(person, entry)
    session.add(person)
    session.flush()
    if entry.person is None:
        kept_refusals.bring_back(session, person.id, entry.hashes, now)
    _save_consent(session, row, person.id, now)
    if entry.person and people.zone_of(person, line_zone) != zone_before:
        replanning.move_to_zone(session, person, zone_before, line_zone, now)
    return person


def _save_roles(person: Person, roles: frozenset[Role]) -> None:
    for held in [held for held in person.roles if held.role not in roles]:
        person.roles.remove(held)
    person.roles.extend(PersonRole(role=role) for role in sorted(roles) if not person.has(role))


def _save_numbers(person: Person, entry: _Entry) -> None:
    for position, (number, number_hash) in enumerate(zip(entry.numbers, entry.hashes, strict=True), start=1):
        if position > len(person.numbers):
            person.numbers.append(PhoneNumber(position=position, number=number, number_hash=number_hash))
        person.numbers[position - 1].sole = entry.is_volunteer


def _save_consent(session: Session, row: Row, person_id: str, now: datetime) -> None:
    wanted = row["checkin_consent"]
    if wanted is False:
        people.withdraw_consent(session, person_id, people.SPREADSHEET, now)
    elif wanted and not people.has_consent(session, person_id) and not people.withdrew_by_own_act(session, person_id):
        people.give_consent(session, person_id, people.SPREADSHEET, now)
        replanning.take_up_again(session, person_id, now)
