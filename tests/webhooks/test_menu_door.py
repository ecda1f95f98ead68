"""Into the volunteers' own menu, and who isn't let in."""

import time
from functools import partial

import pytest
from sqlalchemy import delete

from phoneline import clock, live_settings, pins
from phoneline.models import Person, PinLock, PinTry
from phoneline.prompts import catalogue
from phoneline.states import CallState, Role
from tests import factories
from tests.webhooks.carrier import CALLER, Carrier
from tests.webhooks.own_menu import PIN, AtThePhone, Member, inside, volunteer
from tests.webhooks.scenes import Scene
from tests.webhooks.test_races import at_once
from tests.words import heard as spoken

WORDS = catalogue("en")
WRONG = "000000"


@pytest.fixture
def noor(scene: Scene) -> Member:
    """Two wrong PINs lock."""
    with scene.database.transaction() as session:
        live_settings.write(session, "pin_tries", "2", clock.now())
    return volunteer(scene)


def test_from_the_own_phone_the_pin_opens_the_menu(scene: Scene, carrier: Carrier, noor: Member) -> None:
    phone = AtThePhone(scene, carrier, noor.number)
    assert phone.star().said == WORDS["menu_pin"]
    said = phone.page("pin/1", PIN).said
    assert "Hello Noor." in said
    assert WORDS["menu_off"] in said
    assert WORDS["menu_go_on"] in said
    assert phone.hang_up() == "information"


def test_from_another_phone_the_own_number_comes_first(scene: Scene, carrier: Carrier, noor: Member) -> None:
    for number in (CALLER, None):
        phone = AtThePhone(scene, carrier, number)
        assert phone.star().said == WORDS["menu_number"]
        assert phone.page("number/1", noor.number.removeprefix("+1")).said == WORDS["menu_pin"]
        assert "Hello Noor." in phone.page("pin/1", PIN).said
        assert scene.call(phone.call.id).person_id == noor.id


def test_the_words_are_the_same_for_known_and_unknown_numbers(scene: Scene, carrier: Carrier, noor: Member) -> None:
    without_pin = volunteer(scene, pin_hash=None)
    peer = volunteer(scene, Role.PEER, pin_hash=factories.quick_hash(PIN))
    heard = set()
    for number in (noor.number, without_pin.number, peer.number, "+1"):
        phone = AtThePhone(scene, carrier, CALLER)
        pin = WRONG if number == noor.number else PIN
        heard.add(
            tuple(one.said for one in (phone.star(), phone.page("number/1", number[1:]), phone.page("pin/1", pin)))
        )
        with scene.database.transaction() as session:
            session.execute(delete(PinLock))
    assert heard == {
        (WORDS["menu_number"], WORDS["menu_pin"], f"{WORDS['menu_wrong']} {WORDS['menu_number']}"),
    }


def test_caller_id_alone_opens_nothing(scene: Scene, carrier: Carrier, noor: Member) -> None:
    phone = AtThePhone(scene, carrier, noor.number)
    phone.star()
    for page in ("key/1", "top/1", "outcome/x/1"):
        assert phone.page(page, "1").said == WORDS["menu_pin"]
    assert not scene.on_shift()
    assert phone.hang_up() == "abandoned"


def test_a_caller_elsewhere_can_not_reach_the_menus_pages(scene: Scene, carrier: Carrier, noor: Member) -> None:
    call = scene.waiting_call(number=noor.number, person_id=noor.id)
    path = f"/webhooks/menu/{call.token}"
    for page in ("number/1", "pin/1", "key/1"):
        assert spoken("choices_nobody") in carrier.ask(f"{path}/{page}", call.sid, Digits=PIN).said
    assert carrier.ask(f"{path}/key/1", "CA" + "0f" * 16, Digits="1").verbs == ["Hangup"]


def test_who_lost_the_role_is_out(scene: Scene, carrier: Carrier, noor: Member) -> None:
    phone = inside(scene, carrier, noor)
    with scene.database.transaction() as session:
        person = session.get_one(Person, noor.id)
        person.roles.clear()
    assert WORDS["menu_go_on"] not in phone.page("top/1").said
    assert not scene.on_shift()


def test_after_too_many_wrong_pins_the_right_one_is_not_heard(scene: Scene, carrier: Carrier, noor: Member) -> None:
    phone = AtThePhone(scene, carrier, noor.number)
    phone.star()
    for number in (1, 2):
        assert phone.page(f"pin/{number}", WRONG).said == f"{WORDS['menu_wrong']} {WORDS['menu_pin']}"
    closed = phone.page("pin/3", PIN)
    assert closed.said == WORDS["menu_closed"]
    assert closed.leads_on
    # The same kind sentence from elsewhere, where only the volunteer is locked, and for others from this phone.
    elsewhere = AtThePhone(scene, carrier, CALLER)
    elsewhere.star()
    elsewhere.page("number/1", noor.number[1:])
    assert elsewhere.page("pin/1", PIN).said == WORDS["menu_closed"]


def test_a_locked_phone_lets_nobody_in(scene: Scene, carrier: Carrier, noor: Member) -> None:
    for number in range(2):
        phone = AtThePhone(scene, carrier, CALLER)
        phone.star()
        phone.page("number/1", f"902555010{number}")
        phone.page("pin/1", WRONG)
    phone = AtThePhone(scene, carrier, CALLER)
    phone.star()
    phone.page("number/1", noor.number[1:])
    assert phone.page("pin/1", PIN).said == WORDS["menu_closed"]
    # Noor has not been tried.
    inside(scene, carrier, noor)


def test_a_right_pin_takes_the_count_back(scene: Scene, carrier: Carrier, noor: Member) -> None:
    for _ in range(2):
        phone = AtThePhone(scene, carrier, noor.number)
        phone.star()
        phone.page("pin/1", WRONG)
        assert "Hello Noor." in phone.page("pin/2", PIN).said


def test_the_same_try_twice_counts_once(scene: Scene, carrier: Carrier, noor: Member) -> None:
    phone = AtThePhone(scene, carrier, noor.number)
    phone.star()
    answers = {phone.page("pin/1", WRONG).text for _ in range(3)}
    assert len(answers) == 1
    assert "Hello Noor." in phone.page("pin/2", PIN).said
    # The carrier says it again once the door has opened.
    assert "Hello Noor." in phone.page("pin/2", PIN).said
    assert phone.hang_up() == "information"


def test_of_many_pins_at_once_no_more_are_looked_at_than_one_after_another(
    scene: Scene, carrier: Carrier, noor: Member
) -> None:
    phones = [AtThePhone(scene, carrier, None) for _ in range(8)]
    for phone in phones:
        phone.star()
        phone.page("number/1", noor.number[1:])
    said = [one.said for one in at_once([partial(phone.page, "pin/1", WRONG) for phone in phones])]
    assert said.count(WORDS["menu_closed"]) == 6
    assert scene.count(PinTry) == 2


def test_pins_are_kept_nowhere(scene: Scene, carrier: Carrier, noor: Member, capfd: pytest.CaptureFixture[str]) -> None:
    phone = AtThePhone(scene, carrier, None)
    phone.star()
    phone.page("number/1", noor.number[1:])
    phone.page("pin/1", "314159")
    phone.page("number/2", noor.number[1:])
    phone.page("pin/2", PIN)
    kept = repr(scene.dump()) + "".join(capfd.readouterr())
    assert "314159" not in kept
    assert PIN not in kept
    assert noor.number[2:] not in kept


def test_who_is_known_by_nobody_takes_as_long_as_a_volunteer() -> None:
    """Time must not tell whose number is a volunteer's."""

    def seconds(pin_hash: str | None) -> float:
        begun = time.process_time()
        assert not pins.proves(pin_hash, WRONG)
        return time.process_time() - begun

    real = pins.hashed(PIN)
    seconds(None)
    assert seconds(None) > seconds(real) / 2
    assert pins.proves(real, PIN)


def test_a_volunteer_hears_their_own_language_only_inside(scene: Scene, carrier: Carrier) -> None:
    zoe = volunteer(scene, language="fr", name="Zoé Exemple")
    phone = AtThePhone(scene, carrier, None)
    phone.star()
    assert phone.page("number/1", zoe.number[1:]).said == WORDS["menu_pin"]
    assert catalogue("fr")["menu_off"] in phone.page("pin/1", PIN).said


def test_silence_at_the_door_leads_to_a_person(scene: Scene, carrier: Carrier, noor: Member) -> None:
    scene.ringing(scene.waiting_call())
    phone = AtThePhone(scene, carrier, noor.number)
    assert phone.star().root[-1].text == f"{carrier.public_url}{phone.call.at('wait/1')}"
    carrier.ask(phone.call.at("wait/1"), phone.call.sid)
    assert phone.state is CallState.WAITING
