"""The columns of the people spreadsheet that say who is kept apart from whom, by telephone number."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from phoneline.db import Database
from phoneline.models import Apart, Person
from phoneline.spreadsheets.holders import holders
from phoneline.spreadsheets.table import Problem, Row

COLUMNS: Mapping[str, bool] = {"apart_from": True, "rather_not": False}
"""Each with what it says: never at all, or only if nobody else is there."""


def check_apart(session: Session, database: Database, rows: Sequence[Row]) -> list[Problem]:
    """A problem for each number that is the person's own, or nobody's, here or in the file."""
    in_file = {row[column] for row in rows for column in ("phone", "second_phone")}
    named = {number for row in rows for column in COLUMNS for number in row[column] or ()} - in_file
    hashes = {number: database.lookup_hash(number) for number in named}
    held = holders(session, hashes.values())
    unknown = {number for number, number_hash in hashes.items() if number_hash not in held}
    problems = []
    for row in rows:
        for column in COLUMNS:
            numbers = set(row[column] or ())
            if numbers & {row["phone"], row["second_phone"]}:
                problems.append(row.problem(column, "has the person's own number; leave it out"))
            if numbers & unknown:
                problems.append(row.problem(column, "has a number that is nobody's; bring its owner in first"))
    return problems


def save_apart(session: Session, database: Database, saved: Sequence[tuple[Row, Person]]) -> None:
    """From whom each row's person is kept apart, once everybody is there. Who shares the number is meant as well."""
    hashes = {number: database.lookup_hash(number) for row, _ in saved for one in COLUMNS for number in row[one] or ()}
    held = holders(session, hashes.values())
    for row, person in saved:
        for column, strict in COLUMNS.items():
            if row[column] is not None:
                others = {other.id for number in row[column] for other in held.get(hashes[number], ())} - {person.id}
                _save(session, person, others, strict=strict)


def _save(session: Session, person: Person, others: set[str], *, strict: bool) -> None:
    present = {
        one.other_id: one for one in session.scalars(select(Apart).filter_by(person_id=person.id, strict=strict))
    }
    for other_id in present.keys() - others:
        session.delete(present[other_id])
    session.add_all(Apart(person_id=person.id, other_id=one, strict=strict) for one in sorted(others - present.keys()))
