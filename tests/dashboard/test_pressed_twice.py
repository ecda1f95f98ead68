"""A button pressed twice in one moment: it is done once, and nobody is told that something went wrong."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict

from phoneline.models import (
    Account,
    Base,
    CheckinPlan,
    Contact,
    CoverNeed,
    Holiday,
    Person,
    PersonNote,
    Proposal,
    Thanks,
)
from phoneline.states import AccountRole, Role
from tests import factories
from tests.dashboard import pages
from tests.dashboard.evening import DAY, NOW
from tests.dashboard.pages import StoppedLine, token
from tests.dashboard.test_plans import MONDAYS

POSTGRESQL = pytest.mark.parametrize("database", ["postgresql"], indirect=True)
"""On SQLite whoever writes is alone."""
ON_FRIDAYS = {"days": ["4"], "starts": "18:00", "ends": "21:00", "minimum": "2", "wished": "2", "tier": "1"}
WRITTEN: Mapping[str, tuple[type[Base], Mapping[str, Any]]] = {
    "/people/new": (Person, {"name": "Sam", "roles": ["peer"], "number": "+14165550123"}),
    "/people/{sam}/plans": (CheckinPlan, {**MONDAYS, "step": "keep", "second": "yes"}),
    "/people/{sam}/notes": (PersonNote, {"words": "Likes chess"}),
    "/people/{sam}/contact": (
        Contact,
        {"how": "in_person", "outcome": "fine", "note": "In the garden", "day": "2026-11-17"},
    ),
    "/accounts": (Account, {"email": "new@example.org", "role": "volunteer", "person": ""}),
    "/roster/holidays": (Holiday, {"day": "2026-12-25", "name": "Christmas", "no_shifts": "yes"}),
    "/roster/cover": (CoverNeed, ON_FRIDAYS),
    "/roster/letter/thanks": (Thanks, {"words": "Thank you", "to": "everybody"}),
    "/roster/letter/proposals": (Proposal, {"words": "Longer evenings"}),
}
"""What writes something down: what, and what is filled in."""


def the_same(app: Flask, client: FlaskClient) -> FlaskClient:
    """The same browser."""
    another = app.test_client()
    for one in (client._cookies or {}).values():
        another.set_cookie(one.key, one.value)
    return another


@POSTGRESQL
@pytest.mark.parametrize("path", list(WRITTEN))
def test_what_two_presses_write_down_stands_there_once(line: StoppedLine, app: Flask, path: str) -> None:
    client = pages.logged_in(app, AccountRole.ADMIN)
    model, filled = WRITTEN[path]
    with line.database.transaction() as session:
        sam = factories.person(session, now=NOW)
        factories.consent(session, sam, NOW - DAY)
        login = session.scalars(select(Account).filter_by(role=AccountRole.ADMIN)).one()
        login.person_id = factories.person(session, Role.VOLUNTEER, now=NOW).id
        before = session.scalar(select(func.count()).select_from(model)) or 0
    form = MultiDict({"csrf_token": token(client, "/people")} | {name: filled[name] for name in filled})
    them = [client, *(the_same(app, client) for _ in range(3))]
    with ThreadPoolExecutor() as presses:
        answers = list(presses.map(lambda one: one.post(path.format(sam=sam.id), data=form).status_code, them))
    assert set(answers) <= {201, 303, 422}
    assert 201 in answers or 303 in answers
    with line.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(model)) == before + 1
