"""How much pages ask of the database: as much for many as for few, and never much."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from sqlalchemy import event, select

from dashboard.access import MAY
from phoneline.db import Database
from phoneline.models import CheckinPlan, Person, Shift
from phoneline.states import AccountRole, CallOutcome, ContactKind, ContactOutcome, FollowUp
from tests.dashboard import evening, pages
from tests.dashboard.evening import Evening
from tests.dashboard.pages import StoppedLine
from tests.databases import ONE_KIND

MOST = 40


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """The statements that are sent until the end of the block."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: object) -> None:
        # The live settings are read anew each second: now and then within what is counted.
        if "live_setting" not in statement and not statement.startswith("BEGIN"):
            sent.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    yield sent
    event.remove(database.engine, "before_cursor_execute", note)


def looked_at(line: StoppedLine) -> dict[str, str]:
    """Of each kind of thing that an address may name the first one, so that it is the same among few and many."""
    with line.database.reading() as session:
        names: dict[str, Any] = {"person_id": Person, "plan_id": CheckinPlan, "shift_id": Shift}
        first = {name: session.scalars(select(model.id).order_by(model.id)).first() for name, model in names.items()}
    return {name: found or "nothing" for name, found in first.items()} | {"contact_id": evening.MESSAGE}


def asked(app: Flask, line: StoppedLine, about: dict[str, str]) -> dict[str, list[str]]:
    client = pages.logged_in(app, AccountRole.ADMIN)
    found = {}
    for rule in app.url_map.iter_rules():
        if rule.endpoint in MAY and "GET" in (rule.methods or ()) and set(rule.arguments) <= set(about):
            address = re.sub(r"<(\w+)>", lambda one: about[one[1]], rule.rule)
            client.get(address)
            with counted(line.database) as sent:
                client.get(address)
            found[address] = sent
    return found


def another_evening(more: Evening) -> None:
    """As many people again, with calls, check-ins, plans and what was promised."""
    for part in (more.shifts, more.calls_in_progress, more.checkins, more.plans, more.apart):
        part()
    for name in more.peers:
        more.contact(evening.HOUR, ContactKind.CALL, name, "Ana", CallOutcome.CONNECTED, 60, ContactOutcome.FOLLOW_UP)
        more.contact(evening.DAY, ContactKind.VOICEMAIL, name, "", CallOutcome.VOICEMAIL, follow_up=FollowUp.WANTED)


@ONE_KIND
def test_pages_ask_no_more_where_there_is_more(app: Flask, line: StoppedLine, busy_evening: Evening) -> None:
    about = looked_at(line)
    few = asked(app, line, about)
    with line.database.transaction() as session:
        for _ in range(2):
            another_evening(Evening(session))
    many = asked(app, line, about)
    grown = {address: (len(few[address]), len(sent)) for address, sent in many.items() if len(sent) > len(few[address])}
    assert grown == {}
    assert {address: len(sent) for address, sent in many.items() if len(sent) > MOST} == {}
