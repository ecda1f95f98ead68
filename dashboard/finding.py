"""Somebody else is looked for on a person's or a contact's page: by name, alias or number, never in an address."""

from collections.abc import Sequence

from flask import request
from sqlalchemy.orm import Session

from dashboard import queries_people, typed
from dashboard.current import the_line
from dashboard.own_record import is_own
from dashboard.queries_people import PersonRow
from dashboard.times import Moment
from phoneline import identity

MOST = 8
LONGEST = 100


def wanted() -> str:
    """What was typed."""
    return typed.line(request.form, "name", LONGEST)


def found(reading: Session, text: str, but: str | None, at: Moment) -> Sequence[PersonRow]:
    """The first few whom it fits; not `but`, and not who is looking."""
    number = identity.typed_number(text, the_line().settings.line_number)
    if number is not None:
        all_of_them = queries_people.with_number(reading, None, number)
    else:
        all_of_them = queries_people.named(reading, None, text) if text else []
    others = [one for one in all_of_them if one[0] != but and not is_own(one[0])]
    return queries_people.rows(reading, others[:MOST], at.zone, at.now)
