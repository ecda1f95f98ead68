"""Follow-ups: whose, by when, how urgent; done with how it ended, taken back, put off; never whoever's is looking."""

import csv
import io
import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from structlog.testing import capture_logs

from dashboard.current import LINE
from phoneline.follow_up_states import FollowUpEnding
from phoneline.models import AccessLog, Account, Contact, FollowUpEnd, Person, PersonRole
from phoneline.states import AccessAction, AccountRole, ContactKind, FollowUp, Role
from tests import factories
from tests.dashboard import pages
from tests.dashboard.evening import DAY, EMAILS, HOUR, NOW, Evening
from tests.dashboard.pages import StoppedLine
from tests.databases import ONE_KIND

EMAIL = EMAILS[AccountRole.COORDINATOR]


def words(text: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def told(client: FlaskClient, query: str = "") -> str:
    """What the page says, from its answer on."""
    return words(client.get(f"/follow-ups{query}").text.split('id="answer"')[1].split(">", 1)[1])


def names(client: FlaskClient, query: str = "") -> list[str]:
    """Of whom there are cards, in their order."""
    return re.findall(r'class="plain" href="/log/[^"]+">([^<]+)<', client.get(f"/follow-ups{query}").text)


def tab(client: FlaskClient, query: str = "") -> list[str]:
    """Which of the tabs is marked as the one that is shown."""
    return re.findall(r'aria-current="true">([^<]+) <span', client.get(f"/follow-ups{query}").text)


def send(client: FlaskClient, path: str, **form: str) -> str:
    answer = client.post(path, data={"csrf_token": pages.token(client, "/"), "back": "follow_ups", **form})
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def contact_of(line: StoppedLine, name: str) -> str:
    with line.database.reading() as session:
        open_ones = select(Contact).where(Contact.follow_up.in_(("wanted", "urgent")))
        found = [one for one in session.scalars(open_ones) if (one.person.name if one.person else "") == name]
        return found[0].id


def becomes(line: StoppedLine, person: Person, role: AccountRole = AccountRole.COORDINATOR) -> None:
    """The login is this person's."""
    with line.database.transaction() as session:
        session.execute(update(Account).where(Account.role == role).values(person_id=person.id))


def test_urgent_ones_come_first_and_each_says_whose_it_is_and_by_when(
    coordinator: FlaskClient, busy_evening: Evening
) -> None:
    text = told(coordinator)
    assert text.startswith("Three follow-ups are open. One is urgent. One is overdue.")
    assert "Mine 0 Everybody's 3 Overdue 1 Done lately 0" in text
    assert "overdue Old Tom 2 h ago, 17:14 check-in: not reached Overdue since 18:14, now Joëlle's, by 20:14" in text
    assert names(coordinator) == ["Old Tom", "Sam", "An unknown caller"]
    assert tab(coordinator) == ["Everybody&#39;s"], "what is listed, where nothing is mine"
    assert tab(coordinator, "?show=mine") == ["Mine"]
    assert names(coordinator, "?show=overdue") == ["Old Tom"]
    assert told(coordinator, "?show=mine").startswith("Nothing is yours to do just now. Three follow-ups are open.")
    assert "What is given to you" in told(coordinator, "?show=mine")


def test_taken_it_is_mine_and_done_with_two_presses_it_can_be_taken_back_for_a_week(
    line: StoppedLine, app: Flask, coordinator: FlaskClient, busy_evening: Evening
) -> None:
    sam = contact_of(line, "Sam")
    assert send(coordinator, f"/log/{sam}/take", show="all") == "/follow-ups?show=all"
    assert told(coordinator).startswith("One follow-up is yours."), "mine first, where there is something"
    assert (names(coordinator), tab(coordinator)) == (["Sam"], ["Mine"])
    page = coordinator.get("/follow-ups").text
    assert page.count('name="how" value="reached"') == 1, "one press opens it, the second says how it ended"
    to = send(coordinator, f"/follow-ups/{sam}/done", show="mine", how="reached", note="She laughed.")
    assert to == f"/follow-ups?show=mine&done={sam}"
    assert "Sam: done. Undo" in words(coordinator.get(to).text)
    text = told(coordinator, "?show=done")
    assert text.startswith("One follow-up was done in the last seven days.")
    assert f"Sam call Reached, said by {EMAIL} today 19:14 She laughed. Undo" in text
    with line.database.reading() as session:
        end = session.scalars(select(FollowUpEnd)).one()
        assert (end.ending, end.was, end.note) == (FollowUpEnding.REACHED, FollowUp.WANTED, "She laughed.")
    app.extensions[LINE] = replace(line, at=NOW + 7 * HOUR)
    send(coordinator, f"/follow-ups/{sam}/undo", show="done")
    assert names(coordinator, "?show=mine") == ["Sam"]
    assert "said by" not in told(coordinator, "?show=done")


@ONE_KIND
def test_what_was_done_long_ago_is_neither_told_nor_taken_back(
    line: StoppedLine, app: Flask, coordinator: FlaskClient, busy_evening: Evening
) -> None:
    sam = contact_of(line, "Sam")
    send(coordinator, f"/follow-ups/{sam}/done", how="not_needed")
    app.extensions[LINE] = replace(line, at=NOW + 8 * DAY)
    again = pages.logged_in(app, AccountRole.COORDINATOR)
    send(again, f"/follow-ups/{sam}/undo")
    assert names(again, "?show=done") == []
    assert "Undo" not in again.get(f"/log/{sam}").text
    with line.database.reading() as session:
        assert session.get_one(Contact, sam).follow_up is FollowUp.DONE


@ONE_KIND
def test_without_a_word_of_how_it_ended_nothing_is_done_and_the_note_is_kept(
    line: StoppedLine, coordinator: FlaskClient, busy_evening: Evening
) -> None:
    sam = contact_of(line, "Sam")
    form = {"csrf_token": pages.token(coordinator, "/"), "how": "somehow", "note": "Half a word"}
    answer = coordinator.post(f"/follow-ups/{sam}/done", data=form)
    assert (answer.status_code, "Please say how it ended." in answer.text) == (422, True)
    assert 'value="Half a word"' in answer.text
    long = coordinator.post(f"/follow-ups/{sam}/done", data=form | {"how": "reached", "note": "x" * 501})
    assert (long.status_code, "below 500 characters" in long.text) == (422, True)
    assert "Sam" in names(coordinator)


@ONE_KIND
def test_htmx_gets_the_list_as_it_stands_and_nothing_while_nothing_has_changed(
    line: StoppedLine, coordinator: FlaskClient, busy_evening: Evening
) -> None:
    seen = coordinator.get("/follow-ups?show=all").text.split('name="seen" value="')[1].split('"')[0]
    query = {"seen": seen, "show": "all"}
    assert coordinator.get("/follow-ups/live", query_string=query).status_code == 204
    sam = contact_of(line, "Sam")
    form = {"csrf_token": pages.token(coordinator, "/"), "back": "follow_ups", "show": "all", "how": "reached"}
    answer = coordinator.post(f"/follow-ups/{sam}/done", data=form, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert "Sam: done." in answer.text
    assert coordinator.get("/follow-ups/live", query_string=query).status_code == 200


@ONE_KIND
def test_htmx_gets_what_to_mend_in_the_list(line: StoppedLine, coordinator: FlaskClient, busy_evening: Evening) -> None:
    sam = contact_of(line, "Sam")
    form = {"csrf_token": pages.token(coordinator, "/"), "back": "follow_ups", "show": "all"}
    past = form | {"until": "2026-11-16T10:00", "reason": "They work until nine."}
    answer = coordinator.post(f"/follow-ups/{sam}/later", data=past, headers={"HX-Request": "true"})
    assert answer.status_code == 200, "of a refusal htmx shows nothing"
    assert answer.text.count("Please choose a time to come, within the next two months.") == 1
    assert answer.text.count('value="They work until nine."') == 1
    long = form | {"how": "reached", "note": "x" * 501}
    told_so = coordinator.post(f"/follow-ups/{sam}/done", data=long, headers={"HX-Request": "true"}).text
    assert told_so.count("below 500 characters") == 1
    assert names(coordinator) == ["Old Tom", "Sam", "An unknown caller"]


@ONE_KIND
def test_more_follow_without_loss_or_repetition(line: StoppedLine, coordinator: FlaskClient) -> None:
    due = {"given_at": NOW, "due_at": NOW + DAY}
    with line.database.transaction() as session:
        made = [
            factories.contact(session, NOW - timedelta(minutes=n // 3), follow_up=state, **due).id
            for n in range(25)
            for state in (FollowUp.WANTED, FollowUp.URGENT)
        ]
    seen: list[str] = []
    path = "/follow-ups"
    while path:
        text = coordinator.get(path).text
        seen += re.findall(r'<li class="entry owed[^"]*" id="c-([^"]+)"', text)
        more = re.search(r'href="([^"]*after=[^"]+)">More', text)
        path = unescape(more[1]) if more else ""
    assert (len(seen), set(seen)) == (50, set(made))
    for place in ("x", "wanted.1.1", "none.1.1.a", "wanted.1.1.'--", f"wanted.{9 * 10**15}{9 * 10**15}.1.a"):
        assert coordinator.get("/follow-ups", query_string={"after": place}).status_code == 200


@ONE_KIND
def test_nobody_meets_what_is_about_themselves(
    line: StoppedLine, coordinator: FlaskClient, busy_evening: Evening
) -> None:
    sam, mine = busy_evening.peers["Sam"], contact_of(line, "Sam")
    assert "Sam" in names(coordinator, "?show=all")
    becomes(line, sam)
    assert told(coordinator, "?show=all").startswith("Two follow-ups are open. One is urgent.")
    for page in ("/", "/log", "/log/file", "/follow-ups?show=all"):
        assert not re.search(r"\bSam\b(?! talking)", words(coordinator.get(page).text).replace("Sam talking", "")), page
    refused = coordinator.get(f"/log/{mine}")
    assert (refused.status_code, "This is about you" in refused.text) == (403, True)
    form = {"csrf_token": pages.token(coordinator, "/"), "how": "reached", "person": sam.id, "outcome": "fine"}
    later = {"until": "2026-11-18T18:00", "reason": "No."}
    for act in ("follow-ups/{}/done", "follow-ups/{}/undo", "follow-ups/{}/later", "log/{}/take", "log/{}/give"):
        answer = coordinator.post(f"/{act.format(mine)}", data=form | later)
        assert answer.status_code == 403, act
    for act in (f"log/{mine}/number", f"log/{mine}/done", f"people/{sam.id}/contact"):
        assert coordinator.post(f"/{act}", data=form).status_code == 403, act
    with line.database.reading() as session:
        assert session.get_one(Contact, mine).follow_up is FollowUp.WANTED
        assert session.scalars(select(AccessLog.action)).all() == [AccessAction.LOG_TAKEN]


def test_who_looks_at_a_contact_looks_at_the_persons_record(
    line: StoppedLine, coordinator: FlaskClient, busy_evening: Evening
) -> None:
    sam = contact_of(line, "Sam")
    for _ in range(2):
        coordinator.get(f"/log/{sam}")
    with line.database.reading() as session:
        look = session.scalars(select(AccessLog)).one()
        assert (look.action, look.about_id) == (AccessAction.LOOKED, busy_evening.peers["Sam"].id)


@ONE_KIND
def test_the_log_is_taken_away_as_it_is_filtered_and_no_cell_is_a_formula(
    line: StoppedLine, coordinator: FlaskClient, busy_evening: Evening
) -> None:
    with line.database.transaction() as session:
        sly = factories.person(session, Role.PEER, now=NOW, name="=1+2")
        factories.contact(session, NOW, kind=ContactKind.SMS, person_id=sly.id)
    with capture_logs() as logged:
        answer = coordinator.get("/log/file?kind=sms")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="phoneline-2026-11-17.csv"'
    rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert rows == [
        ["Day", "Time", "Kind", "Who", "With", "How it ended", "Follow-up", "Whose", "Due"],
        ["2026-11-17", "19:14", "text", "'=1+2", "", "", "none", "", ""],
        ["2026-11-13", "19:14", "text", "Marguerite", "", "", "none", "", ""],
    ]
    assert [one["event"] for one in logged] == ["log_taken"]
    assert len(coordinator.get("/log/file").text.splitlines()) == 14
    assert coordinator.get("/log/file?from=soon").status_code == 400
    with line.database.reading() as session:
        actions = [AccessAction.LOG_TAKEN] * 2
        assert session.scalars(select(AccessLog.action)).all() == actions


@pytest.mark.parametrize("state", ["given", "on its way"])
def test_what_is_nobodys_yet_says_so(line: StoppedLine, coordinator: FlaskClient, state: str) -> None:
    with line.database.transaction() as session:
        given = {"due_at": NOW + HOUR, "given_at": NOW} if state == "given" else {}
        factories.contact(session, NOW, kind=ContactKind.SMS, follow_up=FollowUp.URGENT, **given)
        person = factories.person(session, Role.VOLUNTEER, now=NOW, name="Ana")
        session.add(PersonRole(person_id=person.id, role=Role.COORDINATOR))
    says = "Nobody's yet, by 20:14" if state == "given" else "On its way to whoever is on duty"
    assert says in told(coordinator)
    becomes(line, person)
    contact = contact_of(line, "")
    send(coordinator, f"/log/{contact}/give", person=person.id)
    assert names(coordinator, "?show=mine") == ["An unknown caller"], "given to who the login is"
