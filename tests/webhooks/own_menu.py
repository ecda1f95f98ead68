"""Volunteers who call the line and press `*`."""

from dataclasses import dataclass
from typing import Any

from phoneline import clock
from phoneline.states import CallState, Role
from tests import factories
from tests.webhooks.carrier import Carrier
from tests.webhooks.scenes import Scene
from tests.webhooks.twiml import Twiml

PIN = "271828"


@dataclass(frozen=True)
class Member:
    id: str
    name: str
    number: str


def volunteer(scene: Scene, *roles: Role, **given: Any) -> Member:
    """A volunteer with a PIN, on no shift."""
    with scene.database.transaction() as session:
        given = {"pin_hash": factories.quick_hash(PIN), "name": "Noor Example"} | given
        who = factories.person(session, *(roles or (Role.VOLUNTEER,)), now=clock.now(), **given)
        return Member(who.id, who.first_name, who.numbers[0].number)


class AtThePhone:
    """One call to the line, from its first words on."""

    def __init__(self, scene: Scene, carrier: Carrier, number: str | None, **given: Any) -> None:
        self.scene, self.carrier = scene, carrier
        self.call = scene.waiting_call(number=number, person_id=None, state=CallState.GREETING, **given)

    def page(self, page: str, digits: str = "") -> Twiml:
        return self.carrier.ask(f"/webhooks/menu/{self.call.token}/{page}", self.call.sid, Digits=digits)

    def star(self) -> Twiml:
        return self.carrier.ask(self.call.at("menu/1"), self.call.sid, Digits="*")

    def press(self, key: str) -> Twiml:
        return self.page("key/1", key)

    @property
    def state(self) -> CallState:
        return self.scene.call(self.call.id).state

    def hang_up(self) -> str:
        """The outcome."""
        self.carrier.ask("/webhooks/voice/status", self.call.sid, CallStatus="completed")
        return str(self.scene.call(self.call.id).outcome)


def inside(scene: Scene, carrier: Carrier, who: Member, **given: Any) -> AtThePhone:
    """A volunteer who is in the menu, by their own telephone."""
    phone = AtThePhone(scene, carrier, who.number, **given)
    phone.star()
    assert who.name in phone.page("pin/1", PIN).said
    return phone
