"""How evenly the hours and the calls are shared, over the last weeks and those to come."""

from datetime import timedelta

from flask import render_template, request
from flask.typing import ResponseReturnValue

from dashboard import balance_view, queries_balance, queries_roster
from dashboard.balance_view import COLUMNS, Window
from dashboard.current import the_line
from dashboard.guard import page_group

WEEKS = (4, 8, 12)
AHEAD = timedelta(weeks=4)

group = page_group("balance")


@group.get("/roster/balance")
def page() -> ResponseReturnValue:
    line = the_line()
    text, by = request.args.get("weeks", ""), request.args.get("by", "")
    weeks = next((one for one in WEEKS if text == str(one)), WEEKS[1])
    by = by if by in COLUMNS else "done"
    window = Window(line.now - timedelta(weeks=weeks), line.now, line.now + AHEAD, line.settings.timezone)
    with line.database.reading() as reading:
        team = queries_roster.team(reading)
        found = queries_balance.on(reading, window.since, window.until)
        calls = queries_balance.conversations(reading, window.since, window.now)
    shares = balance_view.shares(team, found, calls, window, by)
    return render_template(
        "balance.html",
        answer=balance_view.answer(shares, weeks),
        shares=shares,
        hours=balance_view.hours,
        columns=COLUMNS.items(),
        by=by,
        weeks=weeks,
        choices=WEEKS,
    )
