"""The simulated telephone network as a whole: what tests, the storm and the demo hold in their hands."""

import signal
import threading
import time
from collections.abc import Callable
from typing import Self

from phoneline.simulator.behaviour import Behaviour
from phoneline.simulator.exchange import Exchange
from phoneline.simulator.faults import Faults
from phoneline.simulator.handset import Handset, Kind
from phoneline.simulator.journal import Journal
from phoneline.simulator.leg import Leg
from phoneline.simulator.line_number import LineNumber
from phoneline.simulator.pace import Pace
from phoneline.simulator.rest.server import RestServer
from phoneline.simulator.texts import OptOutHandling

TWILIO_CEILING = 15.0
"""Real seconds that a webhook may take (Twilio: voice webhooks)."""


class Network:
    """One account and its line, its handsets, and a REST server on 127.0.0.1.

    ``speed`` is virtual seconds a real second. ``wall`` gives seconds since 1970 for the dates that REST and callbacks
    show. ``calls_per_second`` None: creates are never queued. ``webhook_timeout`` is in real seconds.
    """

    def __init__(  # noqa: PLR0913 -- the settings of a whole network, all by name and nearly all with defaults
        self,
        *,
        account_sid: str,
        auth_token: str,
        line_number: str,
        public_url: str,
        speed: float = 1.0,
        seed: int = 0,
        faults: Faults | None = None,
        port: int = 0,
        calls_per_second: float | None = None,
        webhook_timeout: float = TWILIO_CEILING,
        wall: Callable[[], float] = time.time,
    ) -> None:
        pace = Pace(speed, wall)
        self._exchange = Exchange(account_sid, auth_token, line_number, pace, seed, webhook_timeout)
        self._exchange.calls_per_second = calls_per_second
        self._exchange.faults = faults or Faults()
        self._exchange.line.point_at(public_url)
        self._server = RestServer(self._exchange, port)

    def start(self) -> Self:
        """Open the REST server and begin; the network itself, for convenience."""
        self._exchange.timers.start()
        self._exchange.callbacks.start()
        self._server.start()
        return self

    def stop(self) -> None:
        """End everything at once; afterwards no thread of the network is left. May be called twice."""
        self._exchange.begin_to_stop()
        self._server.stop()
        self._exchange.stop()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def api_url(self) -> str:
        """What TWILIO_API_URL has to be."""
        return self._exchange.api_url

    @property
    def account_sid(self) -> str:
        """The account."""
        return self._exchange.account_sid

    @property
    def journal(self) -> Journal:
        """Everything that happened."""
        return self._exchange.journal

    def journal_text(self) -> str:
        """Everything that happened, as a readable timeline."""
        return self._exchange.journal.text()

    @property
    def faults(self) -> Faults:
        """What goes wrong; may be changed or replaced while the network runs."""
        return self._exchange.faults

    @faults.setter
    def faults(self, faults: Faults) -> None:
        self._exchange.faults = faults

    @property
    def calls_per_second(self) -> float | None:
        """How many created calls leave a virtual second; the rest is queued. None: no limit."""
        return self._exchange.calls_per_second

    @calls_per_second.setter
    def calls_per_second(self, rate: float | None) -> None:
        self._exchange.calls_per_second = rate

    @property
    def opt_out_handling(self) -> OptOutHandling:
        """What the network does by itself with words such as STOP."""
        return self._exchange.opt_out_handling

    @opt_out_handling.setter
    def opt_out_handling(self, handling: OptOutHandling) -> None:
        self._exchange.opt_out_handling = handling

    @property
    def line(self) -> LineNumber:
        """The line's number and where its webhooks go."""
        return self._exchange.line

    @property
    def pace(self) -> Pace:
        """The network's time."""
        return self._exchange.pace

    @property
    def legs(self) -> list[Leg]:
        """All legs ever, oldest first."""
        with self._exchange.lock:
            return list(self._exchange.legs.values())

    def leg(self, sid: str) -> Leg:
        """The leg with this call SID. Raises KeyError."""
        return self._exchange.legs[sid]

    @property
    def handsets(self) -> list[Handset]:
        """All handsets, in order of making."""
        with self._exchange.lock:
            return list(self._exchange.handsets.values())

    def handset(self, number: str, label: str = "", behaviour: Behaviour | None = None, kind: Kind = "peer") -> Handset:
        """A new telephone with this number (E.164). Raises ValueError when the number is taken."""
        with self._exchange.lock:
            if number in self._exchange.handsets or number == self._exchange.line.phone_number:
                raise ValueError(f"{number} is taken")
            id_ = f"phone-{len(self._exchange.handsets) + 1}"
            handset = Handset(self._exchange, number, label, behaviour or Behaviour(), kind, id_)
            self._exchange.handsets[number] = handset
            self._exchange.journal.add("handset_made", number=number, label=handset.label)
            return handset

    def wait_quiet(self, timeout: float = 10.0) -> None:
        """Until nobody is on the telephone and every callback has been answered, for at most ``timeout`` real seconds.

        Raises TimeoutError.
        """
        for handset in self.handsets:
            handset.wait_idle(timeout)
        if not self._exchange.callbacks.wait_sent(timeout):
            raise TimeoutError("callbacks are still on their way")

    def point_line_at(self, public_url: str) -> None:
        """Have the line's webhooks go to a product at ``public_url``."""
        self._exchange.line.point_at(public_url)

    def app_errors(self) -> list[str]:
        """Every mistake of the product's, as a readable line; empty is what tests want."""
        return [event.line() for event in self.journal.of("app_error", "simulator_error")]


def serve(net: Network) -> None:
    """Run a started network until SIGTERM or SIGINT, then stop it. To be called on the main thread."""
    ended = threading.Event()
    before = {wanted: signal.signal(wanted, lambda *_: ended.set()) for wanted in (signal.SIGTERM, signal.SIGINT)}
    ended.wait()
    net.stop()
    for wanted, handler in before.items():
        signal.signal(wanted, handler)
