"""Dial with a conference: a leg waits, talks and leaves again (Twilio: Conference docs)."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from phoneline.simulator.announcement import Announcement
from phoneline.simulator.leg import LegOver, Progress, Redirected
from phoneline.simulator.poster import Hook, WebhookError
from phoneline.simulator.prompts import speak
from phoneline.simulator.room import Member, Room
from phoneline.simulator.source import Source
from phoneline.simulator.twiml import Conference, Dial, Document, Pause, Play, Redirect, Say, TwimlError

if TYPE_CHECKING:
    from phoneline.simulator.session import Session

FULL_OR_DOUBLE = 16025
"""Twilio: a participant label is taken, and the leg isn't joined."""

NOT_HERE = 12200
"""Twilio: schema warning; only prompts and Redirect may stand in a waiting document."""

BREATH = 1.0
"""Virtual seconds between two rounds of a hold document, so that an empty one doesn't spin."""


def dial_conference(session: "Session", dial: Dial, spec: Conference) -> Source | None:
    """Perform a Dial with a conference; its action afterwards, or None to go on with the next verb."""
    member = _enter(session, spec)
    if member is None:
        session.complain(FULL_OR_DOUBLE, "", "not joined: the room is full or the label taken", warning=True)
        result = {"DialCallStatus": "failed"}
    else:
        # For a conference the status is `answered`, and there is neither DialCallSid nor DialCallDuration.
        result = {"DialCallStatus": "answered"}
        try:
            _stay(session, dial, member)
        except (LegOver, Redirected):
            # Twilio requests the action even so, and throws its TwiML away (changelog: changes to Dial behaviour).
            session.tell(dial.action, dial.method, result)
            raise
    return None if dial.action is None else session.follow(dial.action, dial.method, result)


def _enter(session: "Session", spec: Conference) -> Member | None:
    exchange = session.exchange
    with exchange.lock:
        session.leg.check()
        room = exchange.open_room(spec.name)
        if room is None:
            url = session.resolve(spec.status_callback) if spec.status_callback else ""
            room = Room(exchange, spec.name, Progress(Hook(url, spec.status_method), spec.status_events))
        return room.join(session.leg, spec)


def _stay(session: "Session", dial: Dial, member: Member) -> None:
    """Be in the room until the leg leaves it, and leave it in any case."""
    leg, room = session.leg, member.leg.room
    if room is None:
        return
    leg.listen("*" if dial.hangup_on_star else "")
    try:
        Stay(session, member, room, dial.time_limit).run()
    finally:
        leg.listen("")
        with leg.changed:
            room.leave(leg)


class Stay:
    """One leg's time in one room."""

    def __init__(self, session: "Session", member: Member, room: Room, time_limit: float) -> None:
        self._session = session
        self._member = member
        self._room = room
        self._deadline = session.exchange.pace.now() + time_limit

    def run(self) -> None:
        """Until the member has to go, presses * where that counts, or the Dial's time is up."""
        self._wait_for_start()
        while not self._gone() and self._left() > 0:
            if self._on_hold():
                self._aside(self._member.hold_hook, lambda: self._gone() or not self._on_hold())
                self._session.leg.sleep(BREATH, lambda: self._gone() or not self._on_hold())
            elif self._member.announcement:
                self._hear(self._member.announcement)
            else:
                self._session.leg.sleep(self._left(), self._something_new)

    def _wait_for_start(self) -> None:
        """The waiting music plays once and is silence afterwards (Twilio: waitUrl doesn't loop here)."""
        spec = self._member.spec
        if self._room.started or spec.wait_url == "":
            return
        if spec.wait_url is None:
            self._session.leg.note("played", music=True)
        else:
            hook = Hook(self._session.resolve(spec.wait_url), spec.wait_method)
            self._aside(hook, lambda: self._room.started or self._something_new())

    def _left(self) -> float:
        return self._deadline - self._session.exchange.pace.now()

    def _gone(self) -> bool:
        return self._member.left or "*" in self._session.leg.keys

    def _on_hold(self) -> bool:
        return self._member.hold and bool(self._member.hold_hook)

    def _something_new(self) -> bool:
        return self._gone() or self._on_hold() or self._member.announcement is not None

    def _hear(self, announcement: Announcement) -> None:
        """Twilio doesn't say what it tells when it comes for a room's announcement: so as little as may be."""
        self._member.announcement = None
        hook = announcement.hook
        try:
            document = announcement.document(lambda: self._document(hook, of_leg=announcement.of_leg))
        except (WebhookError, TwimlError) as error:
            self._session.complain(error.code, hook.url, str(error))
            document = None
        following = self._perform(document, hook, self._gone) if document else None
        if following:
            self._aside(following, self._gone)
        with self._session.leg.changed:
            announcement.heard()

    def _aside(self, hook: Hook, until: Callable[[], bool]) -> None:
        """Let the leg alone hear a document of prompts; any other verb in it is skipped and told."""
        following: Hook | None = hook
        while following and not until():
            hook = following
            try:
                document = self._document(hook)
            except (WebhookError, TwimlError) as error:
                self._session.complain(error.code, hook.url, str(error))
                return
            following = self._perform(document, hook, until)

    def _document(self, hook: Hook, *, of_leg: bool = True) -> Document:
        extra = {"ConferenceSid": self._room.sid, "FriendlyName": self._room.name}
        return self._session.document(hook, extra, of_leg=of_leg)

    def _perform(self, document: Document, hook: Hook, until: Callable[[], bool]) -> Hook | None:
        """Where the document leads; None at its end, or when ``until`` holds."""
        for verb in document.verbs:
            if isinstance(verb, Say | Play | Pause):
                if speak(self._session, verb, until):
                    return None
            elif isinstance(verb, Redirect):
                return Hook(self._session.resolve(verb.url), verb.method)
            else:
                self._session.complain(NOT_HERE, hook.url, f"{type(verb).__name__} while waiting", warning=True)
        return None
