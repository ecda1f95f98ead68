"""Conferences: who is in them, when they start and end, what the product is told of it (Twilio: Conference docs)."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from phoneline.simulator.announcement import Announcement
from phoneline.simulator.leg import Leg, Progress
from phoneline.simulator.poster import NOWHERE, About, Hook
from phoneline.simulator.twiml import Conference

if TYPE_CHECKING:
    from phoneline.simulator.exchange import Exchange

LAST_LEFT = "last-participant-left"
ENDER_LEFT = "participant-with-end-conference-on-exit-left"
ENDED_BY_REST = "conference-ended-via-api"

CONVERSATION = 2
"""Audio is mixed from two participants on."""


@dataclass
class Member:
    """A leg in a room. ``left`` becomes true when it has to go on, whoever decided that."""

    leg: Leg
    spec: Conference
    joined_wall: float
    muted: bool = False
    end_on_exit: bool = False
    hold: bool = False
    hold_hook: Hook = NOWHERE
    announcement: Announcement | None = None
    left: bool = False


class Room:
    """One conference. Every method is called with the exchange's lock held.

    The first participant's callback settings hold for all (Twilio: Conference docs), so they are given at the start.
    """

    def __init__(self, exchange: "Exchange", name: str, progress: Progress) -> None:
        self._exchange = exchange
        self.name = name
        self.sid = exchange.sids.new("CF")
        self.created_wall = exchange.pace.wall()
        self.updated_wall = self.created_wall
        self.started = False
        self.ended = False
        self.reason_ended = ""
        self.ended_by = ""
        self.members: dict[str, Member] = {}
        self._progress = progress
        exchange.rooms[self.sid] = self

    @property
    def status(self) -> str:
        """The status that REST shows."""
        if self.ended:
            return "completed"
        return "in-progress" if self.started else "init"

    def legs(self) -> list[Leg]:
        """The legs in it, in order of joining."""
        return [member.leg for member in self.members.values()]

    def join(self, leg: Leg, spec: Conference) -> Member | None:
        """Let a leg in; None when the room is full or the label is taken (Twilio: 16025)."""
        if len(self.members) >= spec.max_participants:
            return None
        if spec.label and any(member.spec.label == spec.label for member in self.members.values()):
            return None
        member = Member(leg, spec, self._exchange.pace.wall(), muted=spec.muted, end_on_exit=spec.end_on_exit)
        self.members[leg.sid] = member
        leg.room = self
        self._note(leg, "conference_joined", members=len(self.members), beep=spec.beep)
        self._tell("join", "participant-join", member)
        self._start_if_ready()
        self._notify()
        return member

    def _start_if_ready(self) -> None:
        starts = any(member.spec.start_on_enter for member in self.members.values())
        if self.started or not starts or len(self.members) < CONVERSATION:
            return
        self.started = True
        self._exchange.journal.add("conference_started", conference_sid=self.sid, name=self.name)
        self._tell("start", "conference-start")

    def leave(self, leg: Leg) -> None:
        """A leg goes, by itself or because it was sent away; the room may end with it."""
        member = self._remove(leg)
        if member is None:
            return
        if member.end_on_exit:
            self.end(ENDER_LEFT, leg.sid)
        elif not self.members:
            self.end(LAST_LEFT, leg.sid)
        self._notify()

    def end(self, reason: str, ended_by: str = "") -> None:
        """End the conference; those who are left go on with their Dial's action."""
        if self.ended:
            return
        self.ended = True
        self.reason_ended = reason
        self.ended_by = ended_by
        for leg in self.legs():
            self._remove(leg)
        self._exchange.journal.add("conference_ended", conference_sid=self.sid, name=self.name, reason=reason)
        extra = {"ReasonConferenceEnded": reason} | ({"CallSidEndingConference": ended_by} if ended_by else {})
        self._tell("end", "conference-end", extra=extra)

    def _remove(self, leg: Leg) -> Member | None:
        member = self.members.pop(leg.sid, None)
        if member is None:
            return None
        member.left = True
        leg.room = None
        self._note(leg, "conference_left", members=len(self.members))
        self._tell("leave", "participant-leave", member)
        leg.notify()
        return member

    def change(self, member: Member, event: str) -> None:
        """Something about a member was changed by REST: ``mute``, ``hold`` or ``modify``."""
        self._note(member.leg, "participant_changed", event=event, muted=member.muted, hold=member.hold)
        name = {"mute": ("unmute", "mute")[member.muted], "hold": ("unhold", "hold")[member.hold]}.get(event, event)
        self._tell(event, f"participant-{name}", member)
        self._notify()

    def announce(self, hook: Hook, member: Member | None = None) -> None:
        """Let everybody who is here hear a document, or only one; its event comes at its end (Twilio: Conference)."""

        def over(announcement: Announcement) -> None:
            name = "announcement-fail" if announcement.failed else "announcement-end"
            self._tell("announcement", name, member, {"AnnounceUrl": hook.url})

        hearers = [member] if member else list(self.members.values())
        announcement = Announcement(hook, member is not None, len(hearers), over)
        for one in hearers:
            one.announcement = announcement
            self._note(one.leg, "participant_changed", event="announcement", muted=one.muted, hold=one.hold)
        self._notify()

    def _note(self, leg: Leg, kind: str, **detail: object) -> None:
        leg.note(kind, conference_sid=self.sid, name=self.name, **detail)

    def _notify(self) -> None:
        for leg in self.legs():
            leg.notify()

    def _tell(self, event: str, name: str, member: Member | None = None, extra: dict[str, str] | None = None) -> None:
        self.updated_wall = self._exchange.pace.wall()
        progress = self._progress
        if not progress.hook or event not in progress.events:
            return
        progress.sequence += 1
        params = {
            "AccountSid": self._exchange.account_sid,
            "ConferenceSid": self.sid,
            "FriendlyName": self.name,
            "SequenceNumber": str(progress.sequence),
            "StatusCallbackEvent": name,
            "Timestamp": self._exchange.pace.stamp(),
        }
        if member:
            params |= _member_params(member)
        about = member.leg.about() if member else About()
        self._exchange.callbacks.send(self.sid, progress.hook, params | (extra or {}), about)


def _member_params(member: Member) -> dict[str, str]:
    words = {True: "true", False: "false"}
    params = {
        "CallSid": member.leg.sid,
        "Coaching": "false",
        "EndConferenceOnExit": words[member.end_on_exit],
        "Hold": words[member.hold],
        "Muted": words[member.muted],
        "StartConferenceOnEnter": words[member.spec.start_on_enter],
    }
    return params | ({"ParticipantLabel": member.spec.label} if member.spec.label else {})
