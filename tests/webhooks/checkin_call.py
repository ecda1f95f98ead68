"""A check-in's call, from the moment it is answered."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from phoneline import clock
from phoneline.models import Attempt, Checkin
from tests.webhooks.carrier import Carrier
from tests.webhooks.scenes import CalledPeer, Scene
from tests.webhooks.twiml import Twiml

NEVER_QUIET = "00:00-00:00"
LAID_OUT = clock.now() + timedelta(hours=36)
END = "machine_end_beep"


class Call:
    """One check-in's call, from the moment it is answered."""

    def __init__(self, scene: Scene, carrier: Carrier, **plan: Any) -> None:
        self.scene, self.carrier = scene, carrier
        self.peer: CalledPeer = scene.called_peer(**({"quiet": NEVER_QUIET, "laid_out_until": LAID_OUT} | plan))

    def ask(self, page: str, key: str = "") -> Twiml:
        return self.carrier.ask(self.peer.at(page), self.peer.call.sid, Digits=key)

    def leg(self, page: str, **fields: str) -> Twiml:
        return self.carrier.ask(f"/webhooks/legs/{self.peer.leg_token}/{page}", self.peer.call.sid, **fields)

    def answered(self) -> Twiml:
        return self.leg("answered")

    def known(self) -> Twiml:
        """They have said who they are."""
        return self.ask("who-key/1", "1")

    def verdict(self, word: str = END) -> None:
        self.leg("machine", AnsweredBy=word)

    def over(self) -> None:
        self.leg("status", CallStatus="completed")

    @property
    def checkin(self) -> Checkin:
        return self.scene.checkin(self.peer.checkin_id)

    @property
    def attempt(self) -> Attempt:
        return self.scene.attempt(self.peer)

    @property
    def message_url(self) -> str:
        return f"{self.carrier.public_url}{self.peer.at('message')}"


Calling = Callable[..., Call]
