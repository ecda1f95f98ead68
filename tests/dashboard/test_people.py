from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy import event

from dashboard.queries_people import PAGE
from phoneline.states import PlanKind, Role
from tests import factories
from tests.dashboard.evening import NOW, Evening
from tests.dashboard.pages import StoppedLine, said, token
from tests.dashboard.test_now import words
from tests.databases import ONE_KIND


def find(client: FlaskClient, name: str, **more: str) -> str:
    return client.post("/people", data={"csrf_token": token(client, "/people"), "name": name} | more).text


def test_everybody_stands_there_with_what_comes_and_what_was(coordinator: FlaskClient, busy_evening: Evening) -> None:
    text = words(coordinator.get("/people").text)
    assert "Six peers and four volunteers." in text
    assert text.index("Ana volunteer") < text.index("Blue Heron peer") < text.index("Sam peer")
    assert "Marguerite peer Next check-in in 31 min, 19:45" in text
    assert "416" not in text


def test_roles_narrow_the_list(coordinator: FlaskClient, busy_evening: Evening) -> None:
    text = words(coordinator.get("/people?role=volunteer").text)
    assert "Four volunteers." in text
    assert "Marguerite" not in text
    assert "Marguerite" in coordinator.get("/people?role=king").text


def test_somebody_is_found_by_a_piece_of_their_name(coordinator: FlaskClient, busy_evening: Evening) -> None:
    text = words(find(coordinator, "  HERON "))
    assert said("One person has “HERON” in their name.") in text
    assert "Blue Heron" in text
    assert "Marguerite" not in text
    assert "Nobody is called that." in find(coordinator, "Heron", role="volunteer")


def test_thousands_are_a_page_and_not_many_questions(line: StoppedLine, coordinator: FlaskClient) -> None:
    with line.database.transaction() as session:
        for index in range(PAGE * 2 + 5):
            factories.person(session, now=NOW, name=f"Peer {index:03}")
    asked: list[str] = []
    event.listen(line.database.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    last = words(coordinator.get("/people?page=3").text)
    assert len(asked) <= 14
    assert "Peer 084" in last
    assert "Peer 079" not in last
    assert "After" not in last
    assert "page=2" in coordinator.get("/people?page=3").text
    assert "Peer 000" in coordinator.get("/people?page=-1").text
    assert f"The first {PAGE} are shown." in words(find(coordinator, "peer"))


def test_nobody_yet_tells_how_to_begin(coordinator: FlaskClient) -> None:
    assert "phoneline import people" in coordinator.get("/people").text


def test_a_person_has_a_page_with_what_is_known_and_what_was(
    line: StoppedLine, coordinator: FlaskClient, busy_evening: Evening
) -> None:
    with line.database.transaction() as session:
        luz = factories.person(session, Role.PEER, Role.VOLUNTEER, now=NOW, name="Luz B.", language="es")
        plan = factories.plan(session, luz, NOW.replace(tzinfo=None), NOW, kind=PlanKind.VOLUNTEER)
        factories.checkin(session, plan, NOW + timedelta(days=2, hours=-1))
        factories.contact(session, NOW - timedelta(hours=1), person_id=luz.id)
        number = luz.numbers[0].number
    page = coordinator.get(f"/people/{luz.id}").text
    text = words(page)
    assert "Luz B. Spanish · peer and volunteer" in text
    assert "Luz B. is called on Wednesday 18 November at 00:14 by a volunteer. Next: Thursday 18:14." in text
    assert "Last: Call, 18:14." in text
    assert "First number: ends in " + number[-2:] in text
    assert f"/team/{luz.id}" in page
    assert number[-7:] not in page
    assert coordinator.get("/people/nobody").status_code == 404


@ONE_KIND
def test_somebody_is_found_by_alias_and_by_number_however_it_is_written(
    line: StoppedLine, coordinator: FlaskClient
) -> None:
    with line.database.transaction() as session:
        heron = factories.person(session, now=NOW, name="Helen Roy", alias="Blue Heron", numbers=["+14165550123"])
        factories.person(session, now=NOW, name="Sam", numbers=["+14165550145"])
    assert "Helen Roy" in words(find(coordinator, "blue h"))
    for written in ("+1 416 555 0123", "(416) 555-0123", "416.555.0123", "1 416 555 0123"):
        found = words(find(coordinator, written))
        assert "One person has this telephone number." in found
        assert heron.name in found
        assert "Sam" not in found
    assert "Nobody has this number. Is all of it there, with the area code?" in find(coordinator, "416 555 0124")
