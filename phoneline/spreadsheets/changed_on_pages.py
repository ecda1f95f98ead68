"""Rows about people whose name or number was changed on a page since, or who were made one with another record.

By its name and number such a row would be somebody new. It changes nothing instead: the page knows better.
"""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from phoneline import person_changes
from phoneline.crypto import folded
from phoneline.db import Database
from phoneline.models import Person, PersonChange
from phoneline.person_states import PersonAct
from phoneline.spreadsheets.holders import holders, in_batches
from phoneline.spreadsheets.table import Row


def changed_on_pages(session: Session, database: Database, rows: Sequence[Row]) -> Collection[int]:
    """The numbers of these rows, of which none is about somebody by their name and first number of now."""
    held = holders(session, [database.lookup_hash(row["phone"]) for row in rows])
    named = _named(session, [database.lookup_hash(folded(row["name"])) for row in rows])
    found = set()
    for row in rows:
        has_it = {person.id for person in held.get(database.lookup_hash(row["phone"]), ())}
        called_so = named.get(database.lookup_hash(folded(row["name"])), ())
        merged = any(one.merged_into_id in has_it for one in called_so)
        renamed = any(_was(session, person_id, "name", row["name"]) for person_id in has_it)
        renumbered = any(_was(session, one.id, "numbers", row["phone"]) for one in called_so)
        if merged or renamed or renumbered:
            found.add(row.number)
    return found


def _named(session: Session, hashes: Collection[str]) -> Mapping[str, Sequence[Person]]:
    found: dict[str, list[Person]] = {}
    for batch in in_batches(hashes):
        for person in session.scalars(select(Person).where(Person.name_hash.in_(batch))):
            found.setdefault(person.name_hash, []).append(person)
    return found


def _was(session: Session, person_id: str, field: str, value: str) -> bool:
    """Whether somebody changed this field on a page from this value."""
    acts = (PersonAct.EDITED, PersonAct.NUMBERS, PersonAct.RECOGNISED)
    theirs = select(PersonChange).where(
        PersonChange.person_id == person_id, PersonChange.act.in_(acts), PersonChange.undone_at.is_(None)
    )
    for change in session.scalars(theirs):
        was = person_changes.was(change).get(field)
        same = value in was if isinstance(was, list) else was is not None and folded(was) == folded(value)
        if same:
            return True
    return False
