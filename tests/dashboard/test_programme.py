"""The pages of the programme: what is on, changed and undone; who comes, and the list of it."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from dashboard import activity_form
from phoneline import programme, signups
from phoneline.activity_drafts import Fault
from phoneline.activity_states import ActivityKind
from phoneline.crypto import Vault
from phoneline.db import Database
from phoneline.models import AccessLog, Account, Activity, ActivitySignup, ActivityWords, Contact, Person
from phoneline.signups import Guest
from phoneline.states import AccessAction, AccountRole, ContactKind, Role
from tests import factories
from tests.dashboard.evening import DAY, NOW
from tests.dashboard.pages import StoppedLine, said
from tests.dashboard.test_now import words
from tests.dashboard.test_shift import send
from tests.databases import Databases, counting
from tests.factories import TORONTO

CRAFTS: dict[str, Any] = {
    "title_en": "Crafts",
    "site_en": "the blue house",
    "title_fr": "Bricolage",
    "kind": "in_person",
    "day": "2026-11-23",
    "starts": "14:00",
    "ends": "16:00",
    "repeat": "weekly",
    "days": ["MO"],
    "every": "1",
    "places": "8",
    "by_key": "yes",
    "held_in": ["en"],
    "interests": "Crafts, Quiet  company,crafts",
}


@pytest.fixture
def database(databases: Databases, vault: Vault) -> Iterator[Database]:
    """Of one kind alone: the telephone asks both."""
    with databases.opened("sqlite") as database:
        yield database


def undo(client: FlaskClient, page: TestResponse) -> TestResponse:
    found = re.search(r'action="(/programme/undo/[^"]+)"', page.text)
    assert found
    return send(client, found[1])


def here(page: TestResponse) -> str:
    """The address of the activity whose page that is."""
    found = re.search(r'action="(/programme/[^/"]+)/signups"', page.text)
    assert found
    return found[1]


def on(line: StoppedLine, days: int = 15) -> list[str]:
    with line.database.reading() as session:
        found = programme.between(session, TORONTO, NOW, NOW + days * DAY)
        return [
            f"{one.activity.words[0].title} {one.starts_at.astimezone(TORONTO):%d.%m %H:%M}"
            for one in found
            if not one.off
        ]


def test_an_activity_is_made_changed_taken_off_and_all_of_that_undone(
    line: StoppedLine, coordinator: FlaskClient, volunteer: FlaskClient
) -> None:
    assert "Add the first one above." in coordinator.get("/programme").text
    made = send(coordinator, "/programme/new", **CRAFTS)
    assert "It is in the programme now." in made.text
    assert "Crafts: Monday 23 November, 14:00 to 16:00." in made.text
    assert on(line) == ["Crafts 23.11 14:00", "Crafts 30.11 14:00"]
    address = here(made)
    with line.database.reading() as session:
        assert session.scalars(select(Activity.interests)).one() == ["crafts", "quiet company"]
    one = CRAFTS | {"on": "2026-11-23T14:00:00"}
    changed = send(coordinator, address, **one | {"which": "one", "day": "2026-11-24", "title_en": "Painting"})
    assert "It is changed." in changed.text
    assert on(line) == ["Painting 24.11 14:00", "Crafts 30.11 14:00"]
    assert "moved" in coordinator.get(f"{address}?on=2026-11-23T14:00:00").text
    undone = undo(coordinator, changed)
    assert "It is as it was before." in undone.text
    assert on(line) == ["Crafts 23.11 14:00", "Crafts 30.11 14:00"]
    assert send(coordinator, address, **one | {"which": "all"}).status_code == 200
    off = send(coordinator, f"{address}/off", on="2026-11-23T14:00:00", which="all")
    assert on(line) == []
    refused = send(coordinator, f"{address}/off", on="2026-11-23T14:00:00", which="one")
    assert (refused.status_code, said(activity_form.FAULTS[Fault.NO_DATE]) in refused.text) == (422, True)
    undo(coordinator, off)
    week = words(volunteer.get("/programme?from=2026-11-23").text)
    assert "Crafts 14:00 to 16:00, in person: the blue house" in week
    assert "0 of 8 places taken" in week
    assert address not in volunteer.get("/programme?from=2026-11-23").text
    assert volunteer.get(address).status_code == 403
    assert "press 2" in volunteer.get("/programme/print?from=2026-11-23").text
    copied = coordinator.get(f"/programme/new?like={address.rpartition('/')[2]}&on=2026-11-30T14:00:00").text
    assert 'value="Bricolage"' in copied
    assert 'value="2026-11-30"' in copied


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"title_en": ""}, activity_form.FAULTS[Fault.NO_TITLE]),
        ({"places": "many"}, activity_form.FAULTS[Fault.PLACES]),
        ({"repeat": "rule", "rrule": "whenever"}, activity_form.FAULTS[Fault.RULE]),
        ({"shown_from": "2026-12-01", "shown_until": "2026-11-01"}, activity_form.FAULTS[Fault.SHOWN]),
    ],
)
def test_what_will_not_do_is_said_beside_its_field_and_what_was_typed_is_kept(
    line: StoppedLine, coordinator: FlaskClient, wrong: dict[str, str], told: str
) -> None:
    refused = send(coordinator, "/programme/new", **CRAFTS | wrong)
    assert refused.status_code == 422
    assert said(told) in refused.text
    assert 'value="the blue house"' in refused.text
    assert on(line) == []


@pytest.fixture
def this_morning(line: StoppedLine) -> str:
    """In person, on the day at hand, over by now; Sam, an unknown telephone and a coordinator's own self come."""
    with line.database.transaction() as session:
        local = NOW.astimezone(TORONTO).replace(tzinfo=None, hour=9, minute=0)
        made = factories.activity(session, local, title="=Walk", kind=ActivityKind.IN_PERSON)
        happening = programme.happening(session, made.id, local, TORONTO)
        assert happening is not None
        sam = factories.person(session, now=NOW - DAY, name="Sam")
        both = factories.person(session, Role.PEER, Role.COORDINATOR, now=NOW, name="Robin")
        for guest in (Guest(sam.id), Guest(number=factories.number(77)), Guest(both.id)):
            signups.sign_up(session, happening, guest, NOW - DAY)
        account = session.scalars(select(Account).filter_by(role=AccountRole.COORDINATOR)).one()
        account.person_id = both.id
        return made.id


def test_the_list_of_a_date_says_who_comes_and_who_came_and_numbers_only_when_asked(
    line: StoppedLine, coordinator: FlaskClient, this_morning: str
) -> None:
    address = f"/programme/{this_morning}"
    listed = coordinator.get(address).text
    assert "an unknown caller" in listed
    assert "+1" not in listed
    with line.database.reading() as session:
        rows = {one.person.name if one.person else "": one.id for one in session.scalars(select(ActivitySignup))}
    shown = send(coordinator, f"/programme/signups/{rows['']}/number").text
    assert re.search(r'class="tel">\+1 ', shown)
    for _ in range(2):
        send(coordinator, f"/programme/signups/{rows['Sam']}/came")
    for what in ("came", "off", "number"):
        assert send(coordinator, f"/programme/signups/{rows['Robin']}/{what}").status_code == 403, "their own"
    send(coordinator, f"{address}/signups", on=f"{NOW.astimezone(TORONTO):%Y-%m-%d}T09:00:00", name="Old Tom")
    send(coordinator, f"/programme/signups/{rows['']}/off")
    assert "off the list" in coordinator.get(address).text
    file = coordinator.get(f"{address}/signups.csv").text.splitlines()
    assert file[0] == "activity,starts_at,who,signed_up_at,by,came"
    assert [row.split(",")[2:6:3] for row in file[1:]] == [["Sam", "yes"], ["Old Tom", ""]]
    assert file[1].startswith("'=Walk,")
    with line.database.reading() as session:
        looks = select(AccessLog.signup_id).filter_by(action=AccessAction.NUMBER_SHOWN)
        assert session.scalars(looks).all() == [rows[""]]
        contacts = session.execute(select(Contact.kind, Person.name).join(Person, Person.id == Contact.person_id))
        assert [tuple(one) for one in contacts] == [(ContactKind.IN_PERSON, "Sam")], "once"


def test_whoever_signed_up_for_what_does_not_take_place_stands_there_until_they_know(
    line: StoppedLine, coordinator: FlaskClient
) -> None:
    made = send(coordinator, "/programme/new", **CRAFTS)
    date = {"on": "2026-11-30T14:00:00"}
    send(coordinator, f"{here(made)}/signups", name="Old Tom", **date)
    assert send(coordinator, f"{here(made)}/signups", name=" ", **date).status_code == 422
    assert "1 of 8 places taken" in coordinator.get("/programme?from=2026-11-30").text
    assert "Who should be told" not in coordinator.get("/programme").text
    send(coordinator, f"{here(made)}/off", which="from_here", **date)
    told = coordinator.get("/programme").text
    assert "Old Tom" in told
    found = re.search(r'action="(/programme/signups/[^"]+/told)"', told)
    assert found
    assert "Old Tom" not in send(coordinator, found[1]).text


def test_a_page_of_the_programme_asks_no_more_of_the_database_for_more_of_it(
    line: StoppedLine, coordinator: FlaskClient
) -> None:
    def queries() -> int:
        coordinator.get("/programme")
        with counting(line.database) as asked:
            assert coordinator.get("/programme").status_code == 200
        return len(asked)

    local = NOW.replace(tzinfo=None) + DAY
    with line.database.transaction() as session:
        factories.activity(session, local, rrule="FREQ=DAILY")
    few = queries()
    with line.database.transaction() as session:
        for number in range(20):
            words = [ActivityWords(language=one, title=f"{number}") for one in ("en", "fr")]
            factories.activity(session, local, rrule="FREQ=DAILY", words=words)
    assert queries() == few
