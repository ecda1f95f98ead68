"""What is known about callers can't be carried off by one login in an hour."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from dashboard import access, throttle
from phoneline.models import Account
from phoneline.states import AccountRole
from tests.dashboard import pages
from tests.dashboard.evening import MESSAGE, Evening
from tests.dashboard.pages import StoppedLine, said, token
from tests.databases import ONE_KIND


@pytest.fixture
def app(line: StoppedLine) -> Flask:
    """Pages at which nobody has looked anything up yet."""
    return pages.pages(line)


def answers(client: FlaskClient, method: str, path: str, times: int, **form: str) -> list[int]:
    """What was answered each time."""
    data = {"csrf_token": token(client, "/you")} | form
    found = []
    for _ in range(times):
        with client.open(path, method=method, data=data if method == "POST" else None) as answer:
            answer.get_data()
            found.append(answer.status_code)
    return found


@ONE_KIND
@pytest.mark.parametrize("what", list(throttle.GATHERED))
def test_a_login_gets_only_so_much_at_once_and_others_go_on(
    line: StoppedLine, app: Flask, busy_evening: Evening, what: str
) -> None:
    client, other = pages.logged_in(app, AccountRole.ADMIN), pages.logged_in(app, AccountRole.COORDINATOR)
    with line.database.reading() as session:
        account_id = session.scalars(select(Account.id).filter_by(role=AccountRole.VOLUNTEER)).one()
    method, path, second = {
        "numbers": ("POST", f"/log/{MESSAGE}/number", f"/people/{busy_evening.peers['Luz'].id}/numbers/show"),
        "searches": ("POST", "/people", f"/log/{MESSAGE}/who/find"),
        "downloads": ("GET", "/log/file", "/reports/calls.csv"),
        "invitations": ("POST", f"/accounts/{account_id}/link", "/accounts"),
    }[what]
    many = int(throttle.GATHERED[what][0].split()[0])
    given = answers(client, method, path, many + 1, name="nobody at all")
    assert given[-1] == 429
    assert all(status < 400 for status in given[:-1])
    assert answers(client, method, second, 1) == [429]
    told = client.open(path, method=method, data={"csrf_token": token(client, "/you")}).text
    assert said("carries off what callers trust us with") in told
    part = client.open(path, method=method, data={"csrf_token": token(client, "/you")}, headers={"HX-Request": "true"})
    assert (part.status_code, part.text.startswith("So that nobody")) == (200, True)
    assert client.get("/").status_code == 200
    if what != "invitations":
        assert answers(other, method, path, 1, name="nobody")[0] < 400


def test_what_pages_ask_for_by_themselves_is_never_counted() -> None:
    assert not [endpoint for endpoint in access.UNATTENDED if throttle.is_gathered(endpoint)]
    assert all(endpoint in access.MAY for _, those in throttle.GATHERED.values() for endpoint in those)
