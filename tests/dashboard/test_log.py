import re
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import insert, select, text

from phoneline.models import Contact
from phoneline.states import ContactKind, FollowUp
from tests import factories
from tests.dashboard.evening import NOW, Evening
from tests.dashboard.pages import StoppedLine, said, token
from tests.databases import counting, hearing

ATTACK = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"


def rows(client: FlaskClient, query: str = "") -> list[str]:
    """Each contact's line as words."""
    text = client.get(f"/log{query}").text
    found = re.findall(r'<tr role="row" id="c-.*?</tr>', text, re.DOTALL)
    return [unescape(" ".join(re.sub(r"<[^>]+>", " ", row).split())) for row in found]


def follow_up(line: StoppedLine, contact: Contact) -> FollowUp:
    with line.database.reading() as session:
        found = session.scalars(select(Contact).where(Contact.id == contact.id)).one()
        assert found.follow_up is FollowUp.DONE or found.done_at is None
        return found.follow_up


def a_contact(line: StoppedLine, at: datetime = NOW, state: FollowUp = FollowUp.URGENT) -> Contact:
    with line.database.transaction() as session:
        return factories.contact(session, at, follow_up=state)


def test_one_line_a_contact_newest_first(coordinator: FlaskClient, busy_evening: Evening) -> None:
    found = rows(coordinator)
    assert len(found) == 12
    assert found[2] == "18:04 Call Marguerite with Ravi Talked 12 min, all fine"
    assert found[3].startswith("17:14 Check-in Old Tom Not reached overdue Done")
    assert found[3].endswith("Overdue since 18:14, now Joëlle's, by 20:14")
    assert found[4] == "16:14 Call D. Hung up before anyone was there"
    assert found[6] == "09:14 Check-in Blue Heron Said: I'm OK"
    assert found[9] == "17:14 Call An unknown caller with Ana Talked less than a minute, wrong number or spam"
    assert found[-1] == "19:14 Call Old Tom with Ana Talked 1 h 10 min, all fine"


def test_days_stand_above_their_contacts(coordinator: FlaskClient, busy_evening: Evening) -> None:
    days = re.findall(r'scope="rowgroup" colspan="5">([^<]+)<', coordinator.get("/log").text)
    assert days == [
        "Today, Tuesday 17 November",
        "Yesterday, Monday 16 November",
        "Friday 13 November",
        "Sunday 8 November",
    ]


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("?from=2026-11-17", 7),
        ("?from=2026-11-16&to=2026-11-16", 3),
        ("?to=2026-11-13", 2),
        ("?kind=checkin", 2),
        ("?outcome=fine", 4),
        ("?follow_up=open", 3),
        ("?follow_up=urgent", 1),
        ("?follow_up=done", 1),
        ("?kind=call&outcome=fine&from=2026-11-17&to=2026-11-17", 1),
        ("?kind=made-up&outcome=&follow_up=x", 12),
    ],
)
def test_filters_narrow_it(coordinator: FlaskClient, busy_evening: Evening, query: str, count: int) -> None:
    assert len(rows(coordinator, query)) == count
    assert len(rows(coordinator, f"/live{query}")) == count


def test_days_begin_at_the_lines_own_midnight(line: StoppedLine, coordinator: FlaskClient) -> None:
    # The day has 25 hours: the clocks go back in it.
    midnight = datetime(2026, 11, 1, 4, 0, tzinfo=UTC)
    for apart in (-1, 0, 25 * 3600 - 1, 25 * 3600):
        a_contact(line, midnight + timedelta(seconds=apart))
    assert len(rows(coordinator, "?from=2026-11-01&to=2026-11-01")) == 2


@pytest.mark.parametrize(
    "query", ["?from=yesterday", "?to=2026-13-01", "?from=2026-11-17&to=2026-11-16", "?from=9999-01-01"]
)
def test_a_day_that_makes_no_sense_is_kept_and_named(coordinator: FlaskClient, query: str) -> None:
    text = coordinator.get(f"/log{query}").text
    assert 'class="problem"' in text
    assert query.split("=")[1].split("&", maxsplit=1)[0] in text


def test_filters_offer_plain_words(coordinator: FlaskClient, busy_evening: Evening) -> None:
    text = coordinator.get("/log?follow_up=open").text
    assert "Every contact, with an open follow-up. Three follow-ups are open." in text
    assert re.search(r'aria-current="true">Open follow-ups<', text)
    assert "Every call, today." in coordinator.get("/log?kind=call&from=2026-11-17").text


def test_older_ones_follow_without_loss_or_repetition(line: StoppedLine, coordinator: FlaskClient) -> None:
    with line.database.transaction() as session:
        made = {factories.contact(session, NOW - timedelta(minutes=index // 3)).id for index in range(95)}
    seen: list[str] = []
    path = "/log"
    sizes = []
    while path:
        text = coordinator.get(path).text
        page = re.findall(r'id="c-([^"]+)"', text)
        seen += page
        sizes.append(len(page))
        older = re.search(r'href="([^"]*before=[^"]+)">Older', text)
        path = unescape(older[1]) if older else ""
    assert sizes == [40, 40, 15]
    assert set(seen) == made
    assert len(seen) == len(made)


@pytest.mark.parametrize("cursor", ["x", "1.", ".x", "-5.x", "99999999999999999999.x", "٣.x", "1700000000000000.'--"])
def test_a_made_up_place_is_no_error(coordinator: FlaskClient, busy_evening: Evening, cursor: str) -> None:
    assert coordinator.get("/log", query_string={"before": cursor}).status_code == 200


def test_pages_older_than_the_newest_stand_still(line: StoppedLine, coordinator: FlaskClient) -> None:
    with line.database.transaction() as session:
        for index in range(60):
            factories.contact(session, NOW - timedelta(minutes=index))
    newest = coordinator.get("/log").text
    assert "every 2s" in newest
    older = re.search(r'href="([^"]*before=[^"]+)">Older', newest)
    assert older
    assert "every 2s" not in coordinator.get(unescape(older[1])).text


def test_done_and_undone(line: StoppedLine, coordinator: FlaskClient) -> None:
    contact = a_contact(line)
    form = {"csrf_token": token(coordinator, "/log"), "kind": "call", "how": "reached"}
    answer = coordinator.post(f"/log/{contact.id}/done", data=form)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/log?kind=call")
    assert follow_up(line, contact) is FollowUp.DONE
    text = coordinator.get("/log").text
    assert f"/log/{contact.id}/undo" in text
    assert "No follow-up is open." in text
    assert coordinator.post(f"/log/{contact.id}/undo", data=form).status_code == 303
    assert follow_up(line, contact) is FollowUp.URGENT
    assert f"/log/{contact.id}/undo" not in coordinator.get("/log").text


def test_htmx_gets_the_log_as_it_stands(line: StoppedLine, coordinator: FlaskClient) -> None:
    contact = a_contact(line)
    form = {"csrf_token": token(coordinator, "/log"), "how": "not_needed"}
    answer = coordinator.post(f"/log/{contact.id}/done", data=form, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "Undo" in answer.text
    assert "<html" not in answer.text


def test_only_who_marked_it_may_take_it_back(line: StoppedLine, coordinator: FlaskClient) -> None:
    contact = a_contact(line, state=FollowUp.DONE)
    answer = coordinator.post(f"/log/{contact.id}/undo", data={"csrf_token": token(coordinator, "/")})
    assert answer.status_code == 404
    assert follow_up(line, contact) is FollowUp.DONE


@pytest.mark.parametrize("state", [FollowUp.NONE, FollowUp.DONE])
def test_nothing_open_nothing_done(line: StoppedLine, coordinator: FlaskClient, state: FollowUp) -> None:
    contact = a_contact(line, state=state)
    coordinator.post(f"/log/{contact.id}/done", data={"csrf_token": token(coordinator, "/"), "how": "reached"})
    assert follow_up(line, contact) is state


def test_done_twice_is_done_once(line: StoppedLine, coordinator: FlaskClient) -> None:
    contact = a_contact(line)
    form = {"csrf_token": token(coordinator, "/log"), "how": "not_needed"}
    for _ in range(2):
        assert coordinator.post(f"/log/{contact.id}/done", data=form).status_code == 303
    coordinator.post(f"/log/{contact.id}/undo", data=form)
    assert follow_up(line, contact) is FollowUp.URGENT


def test_names_cannot_become_markup(line: StoppedLine, coordinator: FlaskClient) -> None:
    with line.database.transaction() as session:
        peer = factories.person(session, now=NOW, name=ATTACK)
        factories.contact(session, NOW, person_id=peer.id, volunteer_id=peer.id, follow_up=FollowUp.URGENT)
        factories.call(session, NOW, person_id=peer.id, number=factories.number(3))
    for path in ("/log", "/log/live", "/", "/now"):
        text = coordinator.get(path).text
        assert "<script>alert" not in text
        assert "<img" not in text
        assert said(ATTACK) in text


def test_nothing_is_sent_while_nothing_has_changed(
    line: StoppedLine, coordinator: FlaskClient, busy_evening: Evening
) -> None:
    seen = coordinator.get("/log?kind=call").text.split('name="seen" value="')[1].split('"')[0]
    query = {"kind": "call", "seen": seen}
    assert coordinator.get("/log/live", query_string=query).status_code == 204
    a_contact(line)
    assert coordinator.get("/log/live", query_string=query).status_code == 200


def test_an_empty_log_says_what_will_be_here(coordinator: FlaskClient, line: StoppedLine) -> None:
    assert "Call the line to see the first." in coordinator.get("/log").text
    assert "Show everything" in coordinator.get("/log?kind=sms").text


def test_the_page_costs_the_same_however_long_the_log(
    line: StoppedLine, coordinator: FlaskClient, busy_evening: Evening
) -> None:
    with counting(line.database) as counted:
        coordinator.get("/log")
        assert len(counted) <= 3
        few = len(counted)
        counted.clear()
        with line.database.transaction() as session:
            for index in range(60):
                factories.contact(session, NOW - timedelta(minutes=index), kind=ContactKind.IN_PERSON)
        counted.clear()
        coordinator.get("/log")
        assert len(counted) == few


@pytest.mark.parametrize(
    ("query", "index"),
    [
        ("", "ix_contact_at_id"),
        ("?from=2026-11-01", "ix_contact_at_id"),
        ("?follow_up=open", "ix_contact_(open|due_at)"),
    ],
)
def test_a_page_is_found_by_an_index(
    line: StoppedLine, coordinator: FlaskClient, busy_evening: Evening, query: str, index: str
) -> None:
    old = [{"at": NOW - timedelta(days=index), "kind": ContactKind.IN_PERSON} for index in range(300)]
    with line.database.transaction() as session:
        session.execute(insert(Contact), old)
        # What PostgreSQL believes of so young a table is chance.
        session.execute(text("ANALYZE contact"))
    plans: list[str] = []

    def explain(_connection: object, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
        if "contact.at" in statement:
            raw = line.database.engine.raw_connection()
            cursor = raw.cursor()
            if line.database.is_sqlite:
                cursor.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            else:
                # So small a table would be read whole, were that not forbidden.
                cursor.execute("SET LOCAL enable_seqscan = off")
                if "follow_up" not in query:
                    # So few rows are put in order as quickly as they are found in it.
                    cursor.execute("SET LOCAL enable_sort = off")
                cursor.execute(f"EXPLAIN {statement}", parameters)
            plans.extend(str(row) for row in cursor.fetchall())
            raw.close()

    with hearing(line.database, explain):
        coordinator.get(f"/log{query}")
    assert any(re.search(index, step) for step in plans), plans
