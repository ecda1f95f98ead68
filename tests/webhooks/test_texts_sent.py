"""Texts that the line sends: once, not to who wants none, and followed by the carrier's word on them."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from phoneline import clock, opt_outs, texting, texts
from phoneline.carrier import BusyError, RefusedError, UnknownError
from phoneline.db import Database, Job
from phoneline.line import Line
from phoneline.models import Person, TextOptOut, TextOut
from phoneline.states import TextPurpose, TextState
from tests import factories
from tests.webhooks.carrier import PUBLIC_URL, Carrier, Records

NUMBER = factories.number(7)
OTHER = factories.number(8)


@pytest.fixture
def person_id(database: Database) -> str:
    """Somebody with two numbers."""
    with database.transaction() as session:
        return factories.person(session, now=clock.now(), numbers=[NUMBER, OTHER]).id


def written(database: Database, to: str, purpose: TextPurpose = TextPurpose.NOTICE) -> str | None:
    """A text to a person's id or a number."""
    with database.transaction() as session:
        whom = to if to.startswith(("+", "anonymous")) else session.get_one(Person, to)
        text = texts.write_down(session, whom, purpose, "A word for you.", clock.now())
        return text.id if text else None


def row(database: Database, text_id: str | None) -> TextOut:
    with database.reading() as session:
        return session.get_one(TextOut, text_id)


def told(carrier: Carrier, text: TextOut, word: str, sid: str | None = None, **fields: str) -> None:
    sid = sid or str(text.carrier_sid)
    carrier.ask(f"/webhooks/texts/{text.token}/status", MessageSid=sid, MessageStatus=word, **fields)


def test_a_text_goes_out_after_the_commit_once(line: Line, records: Records, person_id: str) -> None:
    jobs: list[Job] = []
    line.database.send_jobs = jobs.extend
    text_id = str(written(line.database, person_id))
    assert jobs == [Job(texts.SEND, text_id)]
    for _ in range(2):
        texting.send(line, text_id)
    [sent] = records.texts
    assert (sent.number, sent.body) == (NUMBER, "A word for you.")
    text = row(line.database, text_id)
    assert sent.status_url == f"{PUBLIC_URL}/webhooks/texts/{text.token}/status"
    assert (text.state, text.carrier_sid is None) == (TextState.SENT, False)


def test_what_is_kept_of_a_text_is_encrypted(line: Line, person_id: str) -> None:
    written(line.database, person_id)
    stored = str(factories.dump(line.database)["text_out"])
    assert "A word for you" not in stored
    assert NUMBER.removeprefix("+") not in stored


@pytest.mark.parametrize("to", ["anonymous", "+266696687", "+1416", "+12345", ""])
def test_who_has_no_number_gets_no_text(database: Database, to: str) -> None:
    with database.transaction() as session:
        assert texts.write_down(session, to, TextPurpose.REPLY, "Hello.", clock.now()) is None


def test_who_wants_none_gets_none_on_any_number(line: Line, records: Records, person_id: str) -> None:
    on_its_way, as_number = written(line.database, person_id), written(line.database, NUMBER)
    with line.database.transaction() as session:
        key = line.database.lookup_hash(OTHER)
        opt_outs.opt_out(session, key, person_id, opt_outs.BY_TEXT, clock.now())
    assert written(line.database, person_id) is None
    texting.send(line, str(on_its_way))
    assert records.texts == []
    assert (row(line.database, on_its_way).state, row(line.database, on_its_way).failure) == (
        TextState.FAILED,
        "opted_out",
    )
    texting.send(line, str(as_number))
    assert [one.number for one in records.texts] == [NUMBER], "that number itself never said so"


def test_texts_come_again_once_they_are_wanted_again(line: Line, person_id: str) -> None:
    with line.database.transaction() as session:
        for number in (NUMBER, OTHER):
            opt_outs.opt_out(session, line.database.lookup_hash(number), person_id, opt_outs.BY_TEXT, clock.now())
        opt_outs.opt_in(session, line.database.lookup_hash(OTHER), person_id, clock.now())
    assert written(line.database, person_id) is not None


def test_an_opt_out_is_confirmed_all_the_same(line: Line, records: Records) -> None:
    with line.database.transaction() as session:
        opt_outs.opt_out(session, line.database.lookup_hash(NUMBER), None, opt_outs.BY_TEXT, clock.now())
    assert written(line.database, NUMBER) is None
    texting.send(line, str(written(line.database, NUMBER, TextPurpose.CONFIRMATION)))
    assert len(records.texts) == 1


def test_what_the_carrier_took_unseen_is_never_sent_again(line: Line, records: Records, carrier: Carrier) -> None:
    text_id = str(written(line.database, NUMBER))
    records.text_error = UnknownError("nobody knows")
    texting.send(line, text_id)
    records.text_error = None
    texting.send(line, text_id)
    with line.database.transaction() as session:
        texts.send_overdue(session, clock.now() + timedelta(hours=1))
    assert (row(line.database, text_id).state, records.texts) == (TextState.UNKNOWN, [])
    told(carrier, row(line.database, text_id), "delivered", "SM" + "1" * 32)
    assert row(line.database, text_id).state is TextState.DELIVERED


def test_a_carrier_that_was_not_reached_is_asked_again_for_a_while(line: Line, records: Records) -> None:
    text_id = str(written(line.database, NUMBER))
    jobs: list[Job] = []
    line.database.send_jobs = jobs.extend
    records.text_error = BusyError("away")
    texting.send(line, text_id)
    for seconds, expected in ((1, []), (30, [Job(texts.SEND, text_id)])):
        with line.database.transaction() as session:
            texts.send_overdue(session, clock.now() + timedelta(seconds=seconds))
        assert jobs == expected
    with line.database.transaction() as session:
        assert texts.begin_sending(session, text_id, clock.now() + timedelta(seconds=texts.STALE_SECONDS)) is None
    assert (row(line.database, text_id).state, row(line.database, text_id).failure) == (TextState.FAILED, "too_late")


def test_a_text_whose_process_died_is_unknown(line: Line) -> None:
    text_id = str(written(line.database, NUMBER))
    with line.database.transaction() as session:
        assert texts.begin_sending(session, text_id, clock.now())
        later = clock.now() + timedelta(seconds=texts.SENDING_SECONDS + 1)
        assert session.scalar(select(texts.is_anything_due(later)))
        texts.send_overdue(session, later)
    assert row(line.database, text_id).state is TextState.UNKNOWN


def test_the_carriers_no_is_an_opt_out(line: Line, records: Records, person_id: str) -> None:
    text_id = str(written(line.database, person_id))
    records.text_error = RefusedError("the carrier answered 400, code 21610", 21610)
    texting.send(line, text_id)
    assert row(line.database, text_id).failure == "21610"
    assert written(line.database, person_id) is None
    with line.database.reading() as session:
        assert [one.how for one in session.scalars(select(TextOptOut))] == [opt_outs.BY_CARRIER]


def test_so_is_its_no_that_comes_later(line: Line, carrier: Carrier) -> None:
    text_id = str(written(line.database, NUMBER))
    texting.send(line, text_id)
    for _ in range(2):
        told(carrier, row(line.database, text_id), "failed", ErrorCode="21610")
    assert written(line.database, NUMBER) is None


def test_a_landline_is_no_opt_out(line: Line, carrier: Carrier) -> None:
    text_id = str(written(line.database, NUMBER))
    texting.send(line, text_id)
    told(carrier, row(line.database, text_id), "undelivered", ErrorCode="30006")
    assert (row(line.database, text_id).state, row(line.database, text_id).failure) == (TextState.FAILED, "30006")
    assert written(line.database, NUMBER) is not None


@pytest.mark.parametrize("words", [("delivered", "sent"), ("sent", "delivered", "queued"), ("delivered", "failed")])
def test_the_carriers_words_may_come_in_any_order(line: Line, carrier: Carrier, words: tuple[str, ...]) -> None:
    text_id = str(written(line.database, NUMBER))
    texting.send(line, text_id)
    for word in words:
        told(carrier, row(line.database, text_id), word)
    assert row(line.database, text_id).state is TextState.DELIVERED


def test_what_the_carrier_said_before_its_answer_came_back_holds(line: Line, carrier: Carrier) -> None:
    sid = "SM" + "3" * 32
    text_id = str(written(line.database, NUMBER))
    with line.database.transaction() as session:
        assert texts.begin_sending(session, text_id, clock.now())
        assert texts.begin_sending(session, text_id, clock.now()) is None
    told(carrier, row(line.database, text_id), "delivered", sid)
    before = factories.dump(line.database)
    with line.database.transaction() as session:
        texts.sent(session, text_id, sid)
        texts.refused(session, text_id, "21610", clock.now())
        texts.not_reached(session, text_id, clock.now())
        texts.unclear(session, text_id)
        texts.send_overdue(session, clock.now() + timedelta(hours=1))
    assert factories.dump(line.database) == before


def test_a_word_on_another_text_changes_nothing(line: Line, carrier: Carrier) -> None:
    text_id = str(written(line.database, NUMBER))
    pending = row(line.database, text_id)
    before = factories.dump(line.database)
    told(carrier, pending, "delivered", "SM" + "9" * 32)
    assert factories.dump(line.database) == before, "not sent yet: nobody can know of it"
    texting.send(line, text_id)
    before = factories.dump(line.database)
    for sid in ("SM" + "9" * 32, " "):
        told(carrier, pending, "failed", sid)
    told(carrier, row(line.database, text_id), "unheard-of")
    assert factories.dump(line.database) == before
