"""Which number of a contact is shown, and how it is read."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete
from structlog.testing import capture_logs

from dashboard import numbers
from phoneline.models import Person
from phoneline.states import (
    CallOutcome,
    CallState,
    ContactKind,
)
from tests import factories
from tests.dashboard.evening import NOW
from tests.dashboard.pages import StoppedLine
from tests.dashboard.test_contact import NUMBER, READ_ALOUD, looks, shown, words


def test_a_withheld_number_says_so_and_nothing_is_written_down(line: StoppedLine, coordinator: FlaskClient) -> None:
    with line.database.transaction() as session:
        call = factories.call(session, NOW, number=None, state=CallState.ENDED, outcome=CallOutcome.VOICEMAIL)
        made = factories.contact(session, NOW, call_id=call.id, kind=ContactKind.VOICEMAIL)
    with capture_logs() as logs:
        for text in (coordinator.get(f"/log/{made.id}").text, shown(coordinator, made.id)):
            assert "Withheld: their telephone did not send a number" in words(text)
            assert "Show number" not in text
            assert "tel:" not in text
    assert looks(line) == []
    assert logs == []


def test_a_call_back_to_a_withheld_number_shows_the_one_that_was_keyed_in(
    line: StoppedLine, coordinator: FlaskClient
) -> None:
    with line.database.transaction() as session:
        call = factories.call(session, NOW, number=None, state=CallState.ENDED, outcome=CallOutcome.CALLBACK)
        factories.callback(session, call, NOW, number=NUMBER)
        made = factories.contact(session, NOW, call_id=call.id, kind=ContactKind.CALLBACK)
    assert "Show number" in coordinator.get(f"/log/{made.id}").text
    assert READ_ALOUD in shown(coordinator, made.id)
    assert len(looks(line)) == 1


def test_without_a_call_it_is_the_persons_first_number(line: StoppedLine, coordinator: FlaskClient) -> None:
    with line.database.transaction() as session:
        peer = factories.person(session, now=NOW, numbers=[NUMBER, factories.number(43)])
        made = factories.contact(session, NOW, person_id=peer.id, kind=ContactKind.IN_PERSON)
    assert READ_ALOUD in shown(coordinator, made.id)
    with line.database.transaction() as session:
        session.execute(delete(Person).filter_by(id=peer.id))
    assert "There is none" in shown(coordinator, made.id)


def test_the_calls_number_comes_before_the_persons(line: StoppedLine, coordinator: FlaskClient) -> None:
    with line.database.transaction() as session:
        peer = factories.person(session, now=NOW, numbers=[factories.number(43)])
        call = factories.call(session, NOW, number=NUMBER, person_id=peer.id)
        made = factories.contact(session, NOW, person_id=peer.id, call_id=call.id)
    text = shown(coordinator, made.id)
    assert READ_ALOUD in text
    assert "0143" not in text


@pytest.mark.parametrize(
    ("number", "read"),
    [
        (NUMBER, READ_ALOUD),
        ("+33612345678", "+33 6 12 34 56 78"),
        ("+442079460123", "+44 20 7946 0123"),
        ("no number", "no number"),
    ],
)
def test_numbers_are_grouped_as_in_their_country(number: str, read: str) -> None:
    assert numbers.grouped(number) == read
