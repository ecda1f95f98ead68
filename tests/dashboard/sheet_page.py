"""The page of a day's check-ins: what it says, and its buttons."""

from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select

from phoneline import live_settings
from phoneline.models import AccessLog, Checkin
from phoneline.states import AccessAction, AccountRole
from tests.dashboard.evening import EMAILS, NOW
from tests.dashboard.pages import StoppedLine, token
from tests.dashboard.test_now import words

COORDINATOR = EMAILS[AccountRole.COORDINATOR]


def entry(client: FlaskClient, checkin_id: str, path: str = "/check-ins") -> str:
    """What the page says of one check-in."""
    text = client.get(path).text.split(f'id="c-{checkin_id}"', 1)[1]
    return words(text.split("</ol>")[0].split('<li class="entry')[0])


def press(client: FlaskClient, checkin_id: str, action: str, **form: str) -> str:
    """Press a button of the sheet; what the page says then of that check-in."""
    form["csrf_token"] = token(client, "/check-ins")
    went = client.post(f"/check-ins/{checkin_id}/{action}", data=form)
    assert went.status_code == 303, went.status_code
    return entry(client, checkin_id, went.headers["Location"].split("#")[0])


def stored(line: StoppedLine, checkin_id: str) -> Checkin:
    with line.database.reading() as session:
        return session.get_one(Checkin, checkin_id)


def acts(line: StoppedLine) -> list[AccessAction]:
    """By name: in a clock that stands still nothing comes after anything else."""
    with line.database.reading() as session:
        return sorted(session.scalars(select(AccessLog.action)))


def change(line: StoppedLine, checkin_id: str, **values: Any) -> None:
    with line.database.transaction() as session:
        for name, value in values.items():
            setattr(session.get_one(Checkin, checkin_id), name, value)


def capped(line: StoppedLine, checkin_id: str) -> None:
    """A cap of today holds back all further calls."""
    with line.database.transaction() as session:
        live_settings.write(session, "spend_calls_day", "1", NOW)
