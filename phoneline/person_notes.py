"""What the team notes about somebody. Whoever wrote a note may mend it, take it off and put it back."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from phoneline import people, twice
from phoneline.models import PersonNote

LONGEST = 2000


def write(session: Session, person_id: str, words: str, account_id: str | None, now: datetime) -> PersonNote:
    """Pressed twice it is one note. LookupError if there is nobody."""
    if not people.stays(session, person_id):
        raise LookupError
    lately = select(PersonNote).where(
        *(PersonNote.person_id == person_id, PersonNote.account_id == account_id),
        *(PersonNote.at > now - twice.MOMENT, PersonNote.removed_at.is_(None)),
    )
    there: PersonNote | None = twice.found(session, lately, lambda one: one.words == words)
    if there is not None:
        return there
    made = PersonNote(person_id=person_id, at=now, account_id=account_id, words=words)
    session.add(made)
    session.flush()
    return made


def mend(session: Session, person_id: str, note_id: str, words: str, account_id: str, now: datetime) -> None:
    """LookupError if they wrote no such note."""
    note = _own(session, person_id, note_id, account_id)
    note.words, note.edited_at = words, now


def take_off(session: Session, person_id: str, note_id: str, account_id: str, now: datetime) -> None:
    _own(session, person_id, note_id, account_id).removed_at = now


def put_back(session: Session, person_id: str, note_id: str, account_id: str) -> None:
    _own(session, person_id, note_id, account_id).removed_at = None


def _own(session: Session, person_id: str, note_id: str, account_id: str) -> PersonNote:
    note = session.get(PersonNote, note_id, with_for_update=True, populate_existing=True)
    if note is None or note.person_id != person_id or note.account_id != account_id:
        raise LookupError
    return note
