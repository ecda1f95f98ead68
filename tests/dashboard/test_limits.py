from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from dashboard import block_form, limit_form, typed
from phoneline import live_settings
from phoneline.models import Account, Block, DailyLimit
from phoneline.states import AccountRole, CallState
from tests import factories
from tests.dashboard.evening import EMAILS, NOW
from tests.dashboard.pages import StoppedLine, said, token
from tests.dashboard.test_contact import ATTACK, words
from tests.databases import ONE_KIND
from tests.factories import TORONTO

NUMBER = factories.number(42)
WHY = "Rang forty times last night"


@pytest.fixture
def stranger(line: StoppedLine) -> str:
    """A call from a number that is nobody's: the contact's id."""
    with line.database.transaction() as session:
        call = factories.call(session, NOW, number=NUMBER, state=CallState.ENDED)
        return factories.contact(session, NOW, call_id=call.id).id


def post(client: FlaskClient, path: str, **fields: str) -> int:
    return client.post(path, data={"csrf_token": token(client, "/"), **fields}).status_code


def kept(line: StoppedLine) -> list[Block]:
    with line.database.reading() as session:
        return list(session.scalars(select(Block)))


@ONE_KIND
def test_a_caller_is_blocked_from_their_contact_and_the_block_lifted_and_put_back(
    line: StoppedLine, coordinator: FlaskClient, stranger: str
) -> None:
    assert post(coordinator, f"/log/{stranger}/block", reason=f"  {WHY} ", last_day="2026-11-20") == 303
    [block] = kept(line)
    with line.database.reading() as session:
        email = session.get_one(Account, block.decided_by).email
    assert (block.number, block.reason, email) == (NUMBER, WHY, EMAILS[AccountRole.COORDINATOR])
    assert block.ends_at == datetime(2026, 11, 21, tzinfo=TORONTO)
    page = coordinator.get(f"/log/{stranger}").text
    assert "A number that ends in 42 is not put through until Saturday 00:00." in words(page)
    assert WHY in page
    assert "One caller is blocked." in words(coordinator.get("/limits").text)
    assert post(coordinator, f"/limits/blocks/{block.id}/lift", back=stranger) == 303
    assert "Block this caller" in coordinator.get(f"/log/{stranger}").text
    shown = words(coordinator.get("/limits").text)
    assert "Nobody is blocked" in shown
    assert "lifted today 19:14" in shown
    assert post(coordinator, f"/limits/blocks/{block.id}/back") == 303
    assert "One caller is blocked." in words(coordinator.get("/limits").text)


@ONE_KIND
def test_no_page_says_the_blocked_number(coordinator: FlaskClient, stranger: str) -> None:
    post(coordinator, f"/log/{stranger}/block", reason=WHY)
    for path in ("/limits", f"/log/{stranger}"):
        text = coordinator.get(path).text
        assert "5550142" not in text
        assert "until somebody lifts it" in text


@ONE_KIND
def test_a_number_is_blocked_however_it_is_grouped(line: StoppedLine, coordinator: FlaskClient) -> None:
    assert post(coordinator, "/limits/numbers", number="(416) 555-0142", reason=WHY) == 303
    [block] = kept(line)
    assert (block.number, block.ends_at) == (NUMBER, None)


@ONE_KIND
@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"number": NUMBER, "reason": "  "}, typed.NO_REASON),
        ({"number": NUMBER, "reason": "x" * 501}, typed.LONG_REASON),
        ({"number": NUMBER, "reason": WHY, "last_day": "2026-11-16"}, block_form.DAY_IS_PAST),
        ({"number": NUMBER, "reason": WHY, "last_day": "soon"}, typed.NO_DAY),
        ({"number": NUMBER, "reason": WHY, "last_day": "2100-01-01"}, block_form.DAY_IS_FAR),
        ({"number": "555 0142", "reason": WHY}, typed.NO_NUMBER),
        ({"number": "", "reason": WHY}, typed.NO_NUMBER),
    ],
)
def test_what_will_not_do_comes_back_with_what_to_mend(
    line: StoppedLine, coordinator: FlaskClient, fields: dict[str, str], problem: str
) -> None:
    answer = coordinator.post("/limits/numbers", data={"csrf_token": token(coordinator, "/"), **fields})
    assert answer.status_code == 422
    assert said(problem) in answer.text
    assert said(fields["reason"].strip()[:500]) in answer.text
    assert kept(line) == []


@ONE_KIND
def test_on_a_contact_too(line: StoppedLine, coordinator: FlaskClient, stranger: str) -> None:
    answer = coordinator.post(f"/log/{stranger}/block", data={"csrf_token": token(coordinator, "/"), "reason": ""})
    assert answer.status_code == 422
    assert said(typed.NO_REASON) in answer.text
    assert kept(line) == []


@ONE_KIND
def test_a_withheld_number_cannot_be_blocked_and_the_page_says_so(line: StoppedLine, coordinator: FlaskClient) -> None:
    with line.database.transaction() as session:
        withheld = factories.contact(session, NOW, call_id=factories.call(session, NOW).id).id
    text = coordinator.get(f"/log/{withheld}").text
    assert "A withheld number can't be blocked" in words(text)
    assert f"/log/{withheld}/block" not in text
    assert post(coordinator, f"/log/{withheld}/block", reason=WHY) == 404
    assert kept(line) == []


def test_a_last_day_holds_to_its_end_where_the_line_is() -> None:
    late = datetime(2026, 11, 19, 3, 0, tzinfo=UTC)  # still the 18th in Toronto
    form = block_form.read({"reason": WHY, "last_day": "2026-11-18"}, TORONTO, late)
    assert form.ends_at == datetime(2026, 11, 19, tzinfo=TORONTO)
    assert block_form.read({"reason": WHY, "last_day": "2026-11-17"}, TORONTO, late).problem == block_form.DAY_IS_PAST


@ONE_KIND
def test_a_reason_and_a_name_are_text_and_nothing_else(line: StoppedLine, coordinator: FlaskClient) -> None:
    with line.database.transaction() as session:
        who = factories.person(session, now=NOW, name=ATTACK)
        contact = factories.contact(session, NOW, person_id=who.id).id
    post(coordinator, f"/log/{contact}/block", reason=ATTACK)
    for path in ("/limits", f"/log/{contact}"):
        text = coordinator.get(path).text
        assert ATTACK not in text
        assert said(ATTACK) in text


@ONE_KIND
def test_blocks_that_ended_of_late_are_shown_and_older_ones_are_not(
    line: StoppedLine, coordinator: FlaskClient
) -> None:
    with line.database.transaction() as session:
        for index, days in ((51, 2), (52, 40)):
            ends = NOW - timedelta(days=days)
            factories.block(session, ends - timedelta(days=1), number=factories.number(index), ends_at=ends)
    text = coordinator.get("/limits").text
    assert "ends in 51" in text
    assert "ends in 52" not in text
    assert "Block again" not in text


def peer(line: StoppedLine, **given: object) -> str:
    with line.database.transaction() as session:
        return factories.person(session, now=NOW, name="Marguerite", **given).id


@ONE_KIND
def test_a_limit_is_agreed_ended_and_agreed_again(line: StoppedLine, coordinator: FlaskClient) -> None:
    who = peer(line)
    given = {"person": who, "minutes": "30", "calls": "3", "note": WHY, "language": "fr"}
    assert post(coordinator, "/limits/people", **given) == 303
    with line.database.transaction() as session:
        [kept] = session.scalars(select(DailyLimit))
        limit_id = kept.id
        assert (kept.minutes, kept.calls, kept.note, kept.person.language) == (30, 3, WHY, "fr")
        talked = {"state": CallState.ENDED, "talk_seconds": 400, "answered_at": NOW}
        factories.call(session, NOW, person_id=who, **talked)
    shown = words(coordinator.get("/limits").text)
    assert "With one person a daily limit is agreed." in shown
    assert "Marguerite three calls and 30 minutes a day Today: 6 of 30 min, 1 of 3 calls" in shown
    assert post(coordinator, f"/limits/people/{limit_id}/end") == 303
    assert "Everybody may call as often as they like." in words(coordinator.get("/limits").text)
    assert post(coordinator, f"/limits/people/{limit_id}/resume") == 303
    assert post(coordinator, "/limits/people", person=who, minutes="20", language="es") == 303
    with line.database.reading() as session:
        [kept] = session.scalars(select(DailyLimit))
        assert (kept.minutes, kept.calls, kept.note, kept.person.language) == (20, None, None, "fr")


@ONE_KIND
@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"person": "", "minutes": "10"}, limit_form.NOBODY),
        ({"minutes": "", "calls": ""}, limit_form.NOTHING),
        ({"minutes": "0"}, limit_form.BAD_MINUTES),
        ({"minutes": "ten"}, limit_form.BAD_MINUTES),
        ({"minutes": "1441"}, limit_form.BAD_MINUTES),
        ({"calls": "101"}, limit_form.BAD_CALLS),
        ({"calls": "1", "note": "x" * 501}, limit_form.LONG_NOTE),
    ],
)
def test_a_limit_that_will_not_do_comes_back_with_what_to_mend(
    line: StoppedLine, coordinator: FlaskClient, fields: dict[str, str], problem: str
) -> None:
    given = {"csrf_token": token(coordinator, "/"), "person": peer(line), **fields}
    answer = coordinator.post("/limits/people", data=given)
    assert answer.status_code == 422
    assert said(problem) in answer.text


@ONE_KIND
def test_a_limit_with_nobody_is_refused(line: StoppedLine, coordinator: FlaskClient) -> None:
    assert post(coordinator, "/limits/people", person="nobody", minutes="10") == 404


@ONE_KIND
def test_the_page_of_a_contact_leads_to_a_limit_for_its_person(line: StoppedLine, coordinator: FlaskClient) -> None:
    who = peer(line)
    with line.database.transaction() as session:
        contact = factories.contact(session, NOW, person_id=who).id
    assert f"/limits?person={who}" in coordinator.get(f"/log/{contact}").text
    assert f'<option value="{who}" selected>' in coordinator.get(f"/limits?person={who}").text


@ONE_KIND
def test_the_pages_say_when_a_cap_is_near_and_who_is_never_rung(line: StoppedLine, coordinator: FlaskClient) -> None:
    assert "0 of 10,000 calls" in words(coordinator.get("/limits").text)
    assert "nearly used up" not in words(coordinator.get("/").text)
    with line.database.transaction() as session:
        factories.person(session, now=NOW, name="Amélie", numbers=["+33612345678"])
        live_settings.write(session, "spend_calls_day", "5", NOW)
        for _ in range(4):
            factories.leg(session, NOW, dialled_at=NOW)
    line.live_cache._kept = None
    shown = words(coordinator.get("/limits").text)
    assert "4 of 5 calls nearly used up" in shown
    assert "Never rung, because their numbers are of other countries: Amélie (FR)." in shown
    assert "Today's calls or minutes are nearly used up." in shown
    assert "Today's calls or minutes are nearly used up." in words(coordinator.get("/").text)
