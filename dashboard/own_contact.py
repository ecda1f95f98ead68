"""A contact that is about whoever is looking is none of their work: refused, as their own record is."""

from flask import abort
from sqlalchemy import select
from sqlalchemy.orm import Session

from dashboard.own_record import refuse_own
from phoneline.models import Contact


def refuse(session: Session, contact_id: str) -> None:
    """404 for no contact at all; OwnRecord for one with whoever is looking."""
    found = session.execute(select(Contact.id, Contact.person_id).where(Contact.id == contact_id)).one_or_none()
    if found is None:
        abort(404)
    refuse_own(found.person_id)
