"""People: everybody in the line's books, page by page, found by name."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from dashboard import people_view, queries_people
from dashboard.current import the_line
from dashboard.guard import page_group
from dashboard.people_view import Asked
from dashboard.queries_people import PAGE
from dashboard.times import Moment
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
    """Posted, since a name in an address would stay in histories and logs."""
    wanted = " ".join(request.form.get("name", "").split())[:LONGEST_SEARCH]
    return _page(Asked(_role(request.form.get("role", "")), wanted))


def _page(asked: Asked) -> str:
    line = the_line()
    at = Moment(line.now, line.settings.timezone)
    with line.database.reading() as reading:
        found = queries_people.named(reading, asked.role, asked.search)
        shown = found[(asked.page - 1) * PAGE : asked.page * PAGE]
        rows = queries_people.rows(reading, shown, at.zone, at.now)
        counts = queries_people.how_many(reading)
    view = people_view.build(rows, len(found), counts, asked, at)
    return render_template("people.html", view=view, asked=asked, choices=people_view.ROLE_CHOICES, most=PAGE)


def _role(text: str) -> Role | None:
    return Role(text) if text in set(Role) else None
