"""Nobody meets their own record as staff: a peer who is also on the team is looked after by somebody else."""

from sqlalchemy import ColumnElement, or_, true
from sqlalchemy.orm import InstrumentedAttribute
from werkzeug.exceptions import Forbidden

from dashboard.current import visitor


class OwnRecord(Forbidden):
    """This page is about whoever is looking."""


def is_own(person_id: str | None) -> bool:
    """Whether this person is a peer and the one who is looking."""
    someone = visitor()
    return person_id is not None and someone is not None and someone.peer_id == person_id


def refuse_own(person_id: str | None) -> None:
    """OwnRecord, a 403 with a page that says why, if this person is the one who is looking."""
    if is_own(person_id):
        raise OwnRecord


def not_own(column: InstrumentedAttribute[str | None] | InstrumentedAttribute[str]) -> ColumnElement[bool]:
    """For queries of lists: the row isn't about whoever is looking."""
    someone = visitor()
    if someone is None or someone.peer_id is None:
        return true()
    return or_(column.is_(None), column != someone.peer_id)
