"""A blocked caller is not put through, hears where help is, and stands on the log."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from phoneline import clock
from phoneline.db import Database
from phoneline.models import Block, Call, Offer
from phoneline.states import AttemptResult, CallOutcome, CallState, CheckinState, Role
from tests import factories, words
from tests.webhooks.carrier import CALLER, Carrier
from tests.webhooks.scenes import OnTheLine, Scene

SID = "CA" + "0b" * 16
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _on_shift(scene: Scene) -> None:
    """Somebody could be rung."""
    with scene.database.transaction() as session:
        who = factories.person(session, Role.VOLUNTEER, now=clock.now()).id
    scene.shift(who)


def block(database: Database, **given: object) -> str:
    with database.transaction() as session:
        return factories.block(session, clock.now(), **given).id


def person(database: Database, **given: object) -> str:
    with database.transaction() as session:
        return factories.person(session, now=clock.now(), **({"numbers": [CALLER]} | given)).id


def heard(language: str) -> str:
    numbers = words.heard("crisis_numbers", language)
    return f"{words.heard('blocked', language)} {numbers} {numbers}"


def this_call(scene: Scene) -> OnTheLine:
    with scene.database.reading() as session:
        row = session.scalars(select(Call).where(Call.carrier_sid == SID)).one()
        return OnTheLine(row.id, row.token, SID, row.number)


def test_a_blocked_caller_hears_a_neutral_sentence_and_the_crisis_numbers(
    carrier: Carrier, scene: Scene, database: Database
) -> None:
    block(database, number=CALLER)
    first = carrier.ask("/webhooks/voice", SID)
    assert first.said == heard("en")
    assert first.verbs[-1] == "Hangup"
    block_again = carrier.ask("/webhooks/voice", SID)
    assert block_again.text == first.text
    carrier.ask("/webhooks/voice/status", SID, CallStatus="completed")
    call = this_call(scene)
    assert scene.call(call.id).outcome is CallOutcome.BLOCKED
    assert scene.contacts(call) == [("call", "none", "none")]
    assert scene.count(Offer) == 0


@pytest.mark.parametrize(
    "page", ["wait/1", "next", "wait-key/1", "choice/1", "message", "tone", "menu/1", "stay", "left/1"]
)
def test_no_other_address_puts_a_blocked_caller_through(
    carrier: Carrier, scene: Scene, database: Database, page: str
) -> None:
    block(database, number=CALLER)
    carrier.ask("/webhooks/voice", SID)
    call = this_call(scene)
    for key in ("", "0", "1", "2"):
        answer = carrier.ask(call.at(page), SID, Digits=key)
        assert set(answer.verbs) <= {"Say", "Pause", "Hangup", "Redirect"}
    assert scene.call(call.id).state is CallState.BLOCKED
    assert (scene.count(Offer), scene.contacts(call)) == (0, [])


def test_a_blocked_person_hears_it_in_their_language_from_each_of_their_numbers(
    carrier: Carrier, database: Database
) -> None:
    second = factories.number(61)
    block(database, person_id=person(database, numbers=[CALLER, second], language="fr"))
    assert carrier.ask("/webhooks/voice", SID).said == heard("fr")
    assert carrier.ask("/webhooks/voice", "CA" + "0d" * 16, From=second).said == heard("fr")


def test_a_blocked_number_is_spoken_to_as_it_last_chose(carrier: Carrier, database: Database) -> None:
    block(database, number=CALLER, language="es")
    assert carrier.ask("/webhooks/voice", SID).said == heard("es")


def test_who_shares_a_telephone_with_a_blocked_person_is_put_through(carrier: Carrier, database: Database) -> None:
    block(database, person_id=person(database))
    person(database)
    assert "Gather" in carrier.ask("/webhooks/voice", SID).verbs


@pytest.mark.parametrize("given", [{"ends_at": -HOUR}, {"lifted_at": -HOUR}], ids=["ended", "lifted"])
def test_a_block_that_has_ended_or_was_lifted_holds_nobody_back(
    carrier: Carrier, database: Database, given: dict[str, timedelta]
) -> None:
    block(database, number=CALLER, **{name: clock.now() + apart for name, apart in given.items()})
    assert "Gather" in carrier.ask("/webhooks/voice", SID).verbs


def test_a_block_holds_until_its_end(carrier: Carrier, database: Database) -> None:
    block(database, number=CALLER, ends_at=clock.now() + HOUR)
    assert "Gather" not in carrier.ask("/webhooks/voice", SID).verbs


@pytest.mark.parametrize("caller_id", ["anonymous", "+266696687", ""])
def test_a_withheld_number_is_always_put_through(carrier: Carrier, database: Database, caller_id: str) -> None:
    block(database, number=CALLER)
    assert "Gather" in carrier.ask("/webhooks/voice", SID, From=caller_id).verbs


def test_a_call_under_way_goes_on_when_its_caller_is_blocked(
    carrier: Carrier, scene: Scene, database: Database
) -> None:
    carrier.ask("/webhooks/voice", SID)
    block(database, number=CALLER)
    assert "Gather" in carrier.ask("/webhooks/voice", SID).verbs
    assert "Gather" in carrier.ask(this_call(scene).at("wait/1"), SID).verbs


def test_a_blocked_peer_who_wants_to_talk_in_a_check_in_becomes_somebodys_task(
    carrier: Carrier, scene: Scene, database: Database
) -> None:
    peer = scene.called_peer()
    block(database, person_id=peer.person_id)
    scene.identify(peer)
    for _ in range(2):
        assert carrier.ask(peer.at("key/1"), peer.call.sid, Digits="0").said == heard("en")
    carrier.ask(f"/webhooks/legs/{peer.leg_token}/status", peer.call.sid, CallStatus="completed")
    assert scene.attempt(peer).result is AttemptResult.TALK
    assert scene.checkin(peer.checkin_id).state is CheckinState.WAITING
    assert scene.contacts(peer.call) == [("checkin", "none", "urgent")]
    assert scene.count(Offer) == 0


def test_nothing_of_a_block_stands_in_the_database_in_clear(database: Database) -> None:
    block(database, number=CALLER, reason="Threats at night")
    stored = repr(factories.dump(database)["block"])
    assert CALLER[2:] not in stored
    assert "Threats" not in stored
    with database.reading() as session:
        [kept] = session.scalars(select(Block))
        assert (kept.number, kept.reason) == (CALLER, "Threats at night")
