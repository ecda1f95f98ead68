"""People: everybody in the line's books, page by page, found by name, alias or number."""

from collections.abc import Sequence

from flask import render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from dashboard import current, people_view, queries_people, typed
from dashboard.current import the_line
from dashboard.guard import page_group
from dashboard.own_record import is_own
from dashboard.people_view import Asked
from dashboard.queries_people import PAGE
from phoneline import identity
from phoneline.states import Role

LONGEST_SEARCH = 100
MOST_DIGITS = 6

group = page_group("people")


@group.get("/people")
def page() -> ResponseReturnValue:
    number = request.args.get("page", "1")
    readable = number.isascii() and number.isdecimal() and len(number) <= MOST_DIGITS
    return _page(Asked(_role(request.args.get("role", "")), page=max(1, int(number)) if readable else 1))


@group.post("/people")
def search() -> ResponseReturnValue:
    """Posted, since a name or a number in an address would stay in histories and logs."""
    wanted = typed.line(request.form, "name", LONGEST_SEARCH)
    number = identity.typed_number(wanted, the_line().settings.line_number)
    return _page(Asked(_role(request.form.get("role", "")), wanted, number=number))


def _page(asked: Asked) -> str:
    line, at = the_line(), current.at()
    with line.database.reading() as reading:
        found = [one for one in _found(reading, asked) if not is_own(one[0])]
        shown = found[(asked.page - 1) * PAGE : asked.page * PAGE]
        rows = queries_people.rows(reading, shown, at.zone, at.now)
        counts = queries_people.how_many(reading)
    view = people_view.build(rows, len(found), counts, asked, at)
    return render_template("people.html", view=view, asked=asked, choices=people_view.role_choices(), most=PAGE)


def _found(reading: Session, asked: Asked) -> Sequence[tuple[str, str]]:
    if asked.number is not None:
        return queries_people.with_number(reading, asked.role, asked.number)
    return queries_people.named(reading, asked.role, asked.search)


def _role(text: str) -> Role | None:
    return Role(text) if text in set(Role) else None
