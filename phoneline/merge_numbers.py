"""The telephone numbers of two records that are made one: two of them at most, each once."""

from collections.abc import Mapping, Sequence
from typing import cast

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from phoneline import merge_rows, person_numbers
from phoneline.merge_rows import Row
from phoneline.models import Person, PhoneNumber
from phoneline.states import Role


class NumbersChangedError(Exception):
    """The numbers aren't those that the merging left: it can't be told whose each of them is."""


def together(kept: Person, gone: Person) -> Sequence[str]:
    """All of them, those of the record that is kept first."""
    return list(dict.fromkeys([*person_numbers.numbers(kept), *person_numbers.numbers(gone)]))


def too_many(kept: Person, gone: Person) -> bool:
    return len(together(kept, gone)) > person_numbers.MOST


def is_shared(session: Session, kept: Person, gone: Person) -> bool:
    """Whether somebody else has one of them, who can't share it with a volunteer."""
    sole = kept.has(Role.VOLUNTEER) or gone.has(Role.VOLUNTEER)
    ours = {kept.id, gone.id}
    return any(
        person_id not in ours and (sole or is_volunteer)
        for number in together(kept, gone)
        for person_id, is_volunteer in person_numbers.holders(session, number)
    )


def move(session: Session, kept: Person, gone: Person) -> Mapping[str, Sequence[Row]]:
    """All of them are the one's. The rows of both as they were, and as those of the one are now."""
    table = cast("Table", PhoneNumber.__table__)
    before = [merge_rows.frozen(session, table, [held.id]) for one in (kept, gone) for held in one.numbers]
    sole = kept.has(Role.VOLUNTEER) or gone.has(Role.VOLUNTEER)
    hashes = {held.number_hash for held in kept.numbers}
    theirs, place = list(gone.numbers), len(kept.numbers)
    for held in theirs:
        if held.number_hash in hashes:
            session.delete(held)
        else:
            place += 1
            held.person_id, held.position = kept.id, place
    session.flush()
    session.expire_all()
    for held in kept.numbers:
        held.sole = sole
    session.flush()
    after = [merge_rows.frozen(session, table, [held.id]) for held in kept.numbers]
    return {"before": before, "after": after}


def take_apart(session: Session, kept_id: str, moved: Mapping[str, Sequence[Row]]) -> None:
    """Each has the numbers that were theirs."""
    table = cast("Table", PhoneNumber.__table__)
    held = session.scalars(select(PhoneNumber).filter_by(person_id=kept_id).order_by(PhoneNumber.position)).all()
    if [merge_rows.frozen(session, table, [one.id]) for one in held] != list(moved["after"]):
        raise NumbersChangedError
    for one in held:
        session.delete(one)
    session.flush()
    for row in moved["before"]:
        merge_rows.put_in(session, table, row)
    session.expire_all()
