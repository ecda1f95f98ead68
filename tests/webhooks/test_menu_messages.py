"""Callers' messages in the volunteers' own menu."""

from datetime import timedelta
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import func, select

from phoneline import clock, follow_ups
from phoneline.models import AccessLog, Apart, VoicemailTicket
from phoneline.prompts import catalogue
from phoneline.recurrence import instant, wall
from phoneline.states import AccessAction, FollowUp
from tests import factories
from tests.factories import WAV
from tests.webhooks.carrier import Carrier
from tests.webhooks.own_menu import AtThePhone, Member, inside, volunteer
from tests.webhooks.scenes import Scene
from tests.webhooks.test_messages import left
from tests.webhooks.test_races import at_once
from tests.webhooks.twiml import Twiml

WORDS = catalogue("en")


@pytest.fixture
def noor(scene: Scene) -> Member:
    return volunteer(scene)


@pytest.fixture
def phone(scene: Scene, carrier: Carrier, noor: Member) -> AtThePhone:
    return inside(scene, carrier, noor)


def message(scene: Scene, days: float = 0, person_id: str | None = None, **voicemail: object) -> str:
    """Left so many days ago, at this time of the day."""
    at = instant(wall(clock.now(), factories.TORONTO) - timedelta(days=days), factories.TORONTO)
    return left(scene.database, at, person_id, **voicemail)


def played(app: Flask, document: Twiml) -> list[bytes]:
    """What the carrier gets for each sound."""
    paths = [(one.text or "").partition("/under")[2] for one in document.root.iter("Play")]
    return [app.test_client().get(path).data for path in paths]


def listenings(scene: Scene) -> list[tuple[str | None, str | None, AccessAction]]:
    with scene.database.reading() as session:
        found = session.scalars(select(AccessLog).order_by(AccessLog.at))
        return [(one.contact_id, one.person_id, one.action) for one in found]


def test_4_says_how_many_wait_and_plays_the_oldest_then_one_by_one(
    app: Flask, scene: Scene, phone: AtThePhone, noor: Member
) -> None:
    new = message(scene, 1, audio=WAV + b"new")
    old = message(scene, 2, follow_up=FollowUp.URGENT)
    first = phone.press("4")
    assert first.said.startswith("2 messages are waiting. Urgent, left on ")
    assert first.said.endswith(WORDS["menu_message_keys"])
    assert played(app, first) == [WAV]
    assert first.leads_on
    second = phone.page(f"message/{old}/1", "1")
    assert second.said.startswith("Left yesterday at ")
    assert played(app, second) == [WAV + b"new"]
    over = phone.page(f"message/{new}/1", "1")
    assert (over.said, over.verbs) == (WORDS["menu_messages_over"], ["Say", "Redirect"])
    assert [one[:2] for one in listenings(scene)] == [(old, noor.id), (new, noor.id)]
    assert {action for *_, action in listenings(scene)} == {AccessAction.MESSAGE_HEARD}


def test_the_choice_is_spoken_while_a_message_waits_and_never_a_fifth(scene: Scene, phone: AtThePhone) -> None:
    assert WORDS["menu_messages"] not in phone.page("top/1").said
    assert phone.press("4").said == WORDS["menu_no_messages"]
    message(scene)
    menu = phone.page("top/1").said
    assert [
        key for key in ("menu_go_on", "menu_messages", "menu_shifts", "menu_checkins") if WORDS[key] not in menu
    ] == []
    on = phone.press("1").said
    assert WORDS["menu_messages"] in on
    assert WORDS["menu_shifts"] not in on
    assert on.count(", press ") == 4
    assert phone.press("4").said.startswith(WORDS["menu_one_message"])


def test_star_plays_it_again_and_a_wrong_key_only_says_the_keys(app: Flask, scene: Scene, phone: AtThePhone) -> None:
    this = message(scene, audio=WAV + b"this")
    message(scene, audio=WAV + b"another")
    assert played(app, phone.page(f"message/{this}/1", "*")) == [WAV + b"this"]
    wrong = phone.page(f"message/{this}/1", "5")
    assert (wrong.said, played(app, wrong)) == (WORDS["menu_message_keys"], [])
    for key, tries in (("5", 2), ("#", 1)):
        assert phone.page(f"message/{this}/{tries}", key).verbs == ["Redirect"]
    assert phone.page(f"message/{this}/1", "0").text.count("/wait/1<") == 1


def test_doubled_requests_are_one_listening_and_both_play(
    app: Flask, scene: Scene, phone: AtThePhone, noor: Member
) -> None:
    only = message(scene)
    for document in at_once([partial(phone.press, "4")] * 3):
        assert played(app, document) == [WAV]
    assert listenings(scene) == [(only, noor.id, AccessAction.MESSAGE_HEARD)]


def test_what_was_seen_to_meanwhile_is_not_played_and_the_next_one_is(
    app: Flask, scene: Scene, phone: AtThePhone
) -> None:
    this, later = message(scene, 2), message(scene, 1, audio=WAV + b"later")
    phone.press("4")
    with scene.database.transaction() as session:
        follow_ups.finish(session, this, clock.now())
    again = phone.page(f"message/{this}/1", "*")
    assert again.said.startswith(WORDS["menu_message_gone"])
    assert played(app, again) == [WAV + b"later"]
    assert played(app, phone.page(f"message/{this}/1", "1")) == [WAV + b"later"]
    assert [contact_id for contact_id, *_ in listenings(scene)] == [this, later]


@pytest.mark.parametrize("key", ["1", "*", "5", ""])
def test_nobody_hears_their_own_message_nor_of_whom_they_are_kept_apart_from(
    scene: Scene, phone: AtThePhone, noor: Member, key: str
) -> None:
    with scene.database.transaction() as session:
        sam, mika = (factories.person(session, now=clock.now()).id for _ in range(2))
        session.add(Apart(person_id=noor.id, other_id=sam, strict=True))
        session.add(Apart(person_id=mika, other_id=noor.id, strict=True))
    for contact_id in [*(message(scene, person_id=one) for one in (noor.id, sam, mika)), "no-such"]:
        document = phone.page(f"message/{contact_id}/1", key)
        assert "Play" not in document.text
        assert document.leads_on
    assert phone.press("4").said == WORDS["menu_no_messages"]
    assert listenings(scene) == []


def test_neither_at_the_door_nor_before_one_is_ready_is_anything_played(scene: Scene, carrier: Carrier) -> None:
    contact_id = message(scene)
    newcomer = inside(scene, carrier, volunteer(scene, ready=False))
    assert newcomer.press("4").said.startswith(WORDS["menu_not_ready"])
    at_the_door = AtThePhone(scene, carrier, volunteer(scene, name="Other Example").number)
    at_the_door.star()
    for phone in (newcomer, at_the_door):
        for page, key in (("key/1", "4"), (f"message/{contact_id}/1", "*"), (f"message/{contact_id}/1", "1")):
            assert "Play" not in phone.page(page, key).text
    with scene.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(VoicemailTicket)) == 0
    assert listenings(scene) == []


def test_an_address_of_one_call_plays_nothing_on_another(scene: Scene, carrier: Carrier, phone: AtThePhone) -> None:
    contact_id = message(scene)
    stranger = scene.waiting_call()
    path = f"/webhooks/menu/{phone.call.token}/message/{contact_id}/1"
    assert "Play" not in carrier.ask(path, stranger.sid, Digits="*").text
    phone.hang_up()
    assert "Play" not in phone.page(f"message/{contact_id}/1", "*").text
    assert listenings(scene) == []
