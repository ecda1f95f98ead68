"""What was changed about somebody's record: written down with who did it, and the last of it taken back."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from phoneline.models import Person, PersonChange
from phoneline.person_states import PersonAct

Fields = Mapping[str, Any]


def note(
    session: Session,
    person_id: str,
    act: PersonAct,
    account_id: str | None,
    now: datetime,
    before: Fields | None = None,
    after: Fields | None = None,
) -> PersonChange:
    """Write down what was done. With `before` and `after`, the fields that changed, it can be taken back."""
    change = PersonChange(
        person_id=person_id, at=now, account_id=account_id, act=act, before=_packed(before), after=_packed(after)
    )
    session.add(change)
    session.flush()
    return change


def differing(before: Fields, after: Fields) -> tuple[Fields, Fields]:
    """Of two states of a record what isn't the same in both."""
    names = [name for name in after if before.get(name) != after[name]]
    return {name: before.get(name) for name in names}, {name: after[name] for name in names}


def last(session: Session, person_id: str) -> PersonChange | None:
    """The newest change that could be taken back and wasn't. Hold the person's row."""
    theirs = select(PersonChange).where(
        PersonChange.person_id == person_id, PersonChange.before.is_not(None), PersonChange.undone_at.is_(None)
    )
    return session.scalars(theirs.order_by(PersonChange.at.desc(), PersonChange.id.desc()).limit(1)).first()


def was(change: PersonChange) -> Fields:
    return _unpacked(change.before)


def became(change: PersonChange) -> Fields:
    return _unpacked(change.after)


def held(session: Session, person_id: str) -> Person | None:
    """The person's row, held and read afresh: two pages change a record one after the other."""
    there = select(Person).where(Person.id == person_id, Person.erased_at.is_(None), Person.merged_into_id.is_(None))
    one = there.with_for_update(of=Person, key_share=True)
    return session.scalars(one.execution_options(populate_existing=True)).one_or_none()


def _packed(fields: Fields | None) -> str | None:
    return None if fields is None else json.dumps(fields, ensure_ascii=False, sort_keys=True)


def _unpacked(text: str | None) -> Fields:
    found: Fields = json.loads(text) if text else {}
    return found
